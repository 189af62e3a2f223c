//! Failures of a connector, counted by their code.

use std::collections::BTreeMap;

use tokio::sync::watch;

/// Codes that are told apart; what comes with further ones is counted together, since the other side chooses them.
const CODES_MAX: usize = 100;

/// Where failures with a code beyond [`CODES_MAX`] are counted.
const OTHERS: &str = "other";

/// The counts. They only grow.
#[derive(Debug, Default)]
pub struct Failures(watch::Sender<BTreeMap<String, u64>>);

impl Failures {
    /// One more with this code.
    pub(crate) fn add(&self, code: &str) {
        self.0.send_modify(|counts| {
            let is_known = counts.contains_key(code) || counts.len() < CODES_MAX;
            *counts.entry(if is_known { code } else { OTHERS }.to_owned()).or_default() += 1;
        });
    }

    /// The counts now.
    #[must_use]
    pub fn get(&self) -> BTreeMap<String, u64> {
        self.0.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES_MAX, Failures, OTHERS};

    #[test]
    fn a_platform_that_invents_codes_makes_no_series_without_end() {
        let failures = Failures::default();
        (0..CODES_MAX * 2).for_each(|code| failures.add(&code.to_string()));
        failures.add("7");
        let counts = failures.get();
        assert_eq!((counts.len(), counts["7"]), (CODES_MAX + 1, 2));
        assert_eq!(counts[OTHERS], CODES_MAX as u64);
    }
}
