//! How much one stranger may send: a token bucket for each source address, in bounded memory.

use core::net::IpAddr;

use turno_ground::{Lookup, Moment};

/// Sources remembered at once; when full, all are forgotten together, which errs on the strangers' side for a moment
/// but never grows.
const SOURCES_MAX: usize = 16_384;

/// A burst of this many seconds' worth is let through.
const BURST_SECONDS: u64 = 2;

/// The buckets of all sources.
#[derive(Debug)]
pub(crate) struct SourceLimit {
    per_second: Option<u32>,
    buckets: Lookup<IpAddr, Bucket>,
    refused: u64,
}

#[derive(Debug)]
struct Bucket {
    micro_tokens: u64,
    at: Moment,
}

impl SourceLimit {
    pub(crate) fn new(per_second: Option<u32>) -> Self {
        Self { per_second, buckets: Lookup::new(0), refused: 0 }
    }

    pub(crate) const fn is_off(&self) -> bool {
        self.per_second.is_none()
    }

    /// Takes one token of `source`; false if it has none left.
    pub(crate) fn admit(&mut self, source: IpAddr, now: Moment) -> bool {
        let Some(per_second) = self.per_second.map(u64::from) else { return true };
        if self.buckets.len() >= SOURCES_MAX && !self.buckets.contains(&source) {
            self.buckets = Lookup::new(now.as_micros());
        }
        let full = per_second * BURST_SECONDS * 1_000_000;
        let mut bucket = self.buckets.remove(&source).unwrap_or(Bucket { micro_tokens: full, at: now });
        let passed = u64::try_from(now.since(bucket.at).as_micros()).unwrap_or(u64::MAX);
        bucket.micro_tokens = full.min(bucket.micro_tokens.saturating_add(passed.saturating_mul(per_second)));
        bucket.at = now;
        let admitted = bucket.micro_tokens >= 1_000_000;
        if admitted {
            bucket.micro_tokens -= 1_000_000;
        } else {
            self.refused += 1;
        }
        self.buckets.insert(source, bucket);
        admitted
    }

    pub(crate) const fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    #[test]
    fn a_flooding_stranger_is_cut_and_comes_back_to_its_allowance() {
        let source: IpAddr = "127.0.0.9".parse().expect("an address");
        let mut limit = SourceLimit::new(Some(10));
        let start = Moment::from_secs(100);
        assert_eq!((0..100).filter(|_| limit.admit(source, start)).count(), 20);
        assert_eq!(limit.refused(), 80);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| limit.admit(source, later)).count(), 10);
        assert!(limit.admit("127.0.0.10".parse().expect("an address"), later));
    }
}
