//! How much one address or one session may ask for: buckets of tokens that fill with time.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

/// Buckets that are remembered; full ones are forgotten first, and when none is full everybody new waits.
const BUCKETS_MAX: usize = 20_000;

/// Streams that one session may have at once: a page that comes again before its old connection is known to be gone.
const STREAMS_MAX: u32 = 4;

/// Chats that are followed at once, of all sessions together.
const FOLLOWERS_MAX: usize = 4_000;

/// Files that are received at once: each is in memory until it is kept.
const UPLOADS_MAX: usize = 8;

/// What people who write may ask for.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Chats that an address opens.
    pub(crate) sessions: Buckets,
    /// Messages of a session.
    pub(crate) messages: Buckets,
    /// Everything else of a session.
    pub(crate) others: Buckets,
    pub(crate) streams: Streams,
    pub(crate) followers: Arc<Semaphore>,
    pub(crate) uploads: Arc<Semaphore>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: Buckets::default(),
            messages: Buckets::default(),
            others: Buckets::default(),
            streams: Streams::default(),
            followers: Arc::new(Semaphore::new(FOLLOWERS_MAX)),
            uploads: Arc::new(Semaphore::new(UPLOADS_MAX)),
        }
    }
}

/// Buckets of one kind.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<BTreeMap<String, Bucket>>);

/// What is left, in thousandths, at a second.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: u64,
    at: u64,
}

impl Buckets {
    /// Takes one from the bucket of this name, which holds so many and fills in so many seconds.
    ///
    /// # Errors
    /// In how many seconds there will be one.
    pub(crate) fn take(&self, name: &str, (most, span): (u32, u64), now: u64) -> Result<(), u64> {
        let full = u64::from(most) * 1_000;
        let filled = |bucket: Bucket| {
            let came = now.saturating_sub(bucket.at).saturating_mul(full) / span.max(1);
            bucket.left.saturating_add(came).min(full)
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= BUCKETS_MAX && !all.contains_key(name) {
            all.retain(|_, bucket| filled(*bucket) < full);
            if all.len() >= BUCKETS_MAX {
                return Err(1);
            }
        }
        let left = all.get(name).map_or(full, |bucket| filled(*bucket));
        if left < 1_000 {
            // The bucket stays as it is, so that what came in parts of a second is not lost.
            return Err((1_000 - left).saturating_mul(span).div_ceil(full.max(1)).max(1));
        }
        all.insert(name.to_owned(), Bucket { left: left - 1_000, at: now });
        Ok(())
    }
}

/// How many streams each session has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<BTreeMap<String, u32>>>);

/// One of them; its place is free again when it is dropped.
pub(crate) struct Stream {
    all: Streams,
    session: String,
}

impl Streams {
    /// A place for one more; `None`: the session has enough.
    pub(crate) fn open(&self, session: &str) -> Option<Stream> {
        let mut all = self.locked();
        let count = all.entry(session.to_owned()).or_default();
        if *count >= STREAMS_MAX {
            return None;
        }
        *count += 1;
        Some(Stream { all: self.clone(), session: session.to_owned() })
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut all = self.all.locked();
        if let Some(count) = all.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS_MAX, Buckets, STREAMS_MAX, Streams};

    #[test]
    fn a_bucket_gives_what_it_holds_and_fills_again() {
        let buckets = Buckets::default();
        let limit = (60, 3_600);
        for _ in 0..60 {
            assert_eq!(buckets.take("192.0.2.1", limit, 1_000), Ok(()));
        }
        assert_eq!(buckets.take("192.0.2.1", limit, 1_000), Err(60));
        assert_eq!(buckets.take("192.0.2.2", limit, 1_000), Ok(()), "another address");
        assert!(buckets.take("192.0.2.1", limit, 1_059).is_err());
        assert_eq!(buckets.take("192.0.2.1", limit, 1_060), Ok(()));
        assert_eq!(buckets.take("192.0.2.1", limit, 900), Err(60), "a clock that goes back gives nothing");
    }

    #[test]
    fn names_do_not_fill_the_memory() {
        let buckets = Buckets::default();
        for name in 0..BUCKETS_MAX {
            assert_eq!(buckets.take(&name.to_string(), (2, 10), 1), Ok(()));
        }
        assert_eq!(buckets.take("one more", (2, 10), 1), Err(1));
        assert_eq!(buckets.take("0", (2, 10), 1), Ok(()), "who is known goes on");
        assert_eq!(buckets.take("one more", (2, 10), 11), Ok(()), "full ones are forgotten");
    }

    #[test]
    fn a_session_has_few_streams() {
        let streams = Streams::default();
        let open: Vec<_> = (0..STREAMS_MAX).map(|_| streams.open("a").expect("a place")).collect();
        assert!(streams.open("a").is_none() && streams.open("b").is_some());
        drop(open);
        assert!(streams.open("a").is_some());
        assert!(streams.locked().is_empty(), "who is gone is forgotten");
    }
}
