//! People who were sent to the issuer and have not come back.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many seconds somebody may take at the issuer.
pub(crate) const ON_THE_WAY_SPAN: u64 = 600;

/// Most people at a time: anybody may ask to be sent there.
const WAITING_MAX: usize = 1_000;

/// Somebody on the way.
#[derive(Clone, Debug)]
pub(crate) struct OnTheWay {
    /// What the browser's cookie has.
    pub(crate) browser: String,
    /// What the ID token must have.
    pub(crate) nonce: String,
    /// The secret behind the code's challenge.
    pub(crate) verifier: String,
    /// When it is over, in seconds since 1970.
    pub(crate) until: u64,
}

/// All of them, by `state`.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<String, OnTheWay>>);

impl Waiting {
    /// Somebody is sent there; false if too many are on the way.
    pub(crate) fn begin(&self, state: String, who: OnTheWay, now: u64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= WAITING_MAX {
            all.retain(|_, who| who.until > now);
        }
        let has_room = all.len() < WAITING_MAX;
        if has_room {
            all.insert(state, who);
        }
        has_room
    }

    /// Somebody comes back: each `state` once, in time, and with the browser that left.
    pub(crate) fn end(&self, state: &str, browser: &str, now: u64) -> Option<OnTheWay> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Another browser does not end what belongs to this one.
        let is_own = all.get(state).is_some_and(|who| who.browser == browser);
        let who = if is_own { all.remove(state)? } else { return None };
        (who.until > now).then_some(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(browser: &str) -> OnTheWay {
        OnTheWay { browser: browser.into(), nonce: "n".into(), verifier: "v".into(), until: 600 }
    }

    #[test]
    fn a_state_counts_once_in_time_and_for_its_browser() {
        // Wound: a stranger lets somebody come back with the stranger's code, signed in as the stranger.
        let waiting = Waiting::default();
        assert!(waiting.begin("s".into(), who("one"), 0));
        assert!(waiting.end("s", "other", 1).is_none());
        assert!(waiting.end("s", "one", 1).is_some());
        assert!(waiting.end("s", "one", 1).is_none(), "once");
        assert!(waiting.begin("late".into(), who("one"), 0));
        assert!(waiting.end("late", "one", 600).is_none());
    }

    #[test]
    fn strangers_fill_no_memory_and_room_comes_back() {
        let waiting = Waiting::default();
        for state in 0..WAITING_MAX {
            assert!(waiting.begin(state.to_string(), who("one"), 0));
        }
        assert!(!waiting.begin("more".into(), who("one"), 0));
        assert!(waiting.begin("later".into(), OnTheWay { until: 1_200, ..who("one") }, 600));
    }
}
