//! A token bucket: a rate a second, with a burst of two seconds' worth.

use turno_ground::Moment;

/// Burst size, in seconds of the rate.
const BURST_SECONDS: u64 = 2;

const WHOLE: u64 = 1_000_000;

/// Tokens left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    micro_tokens: u64,
    at: Moment,
}

impl Bucket {
    /// A full bucket.
    pub(crate) const fn full(per_second: u32, now: Moment) -> Self {
        Self { micro_tokens: per_second as u64 * BURST_SECONDS * WHOLE, at: now }
    }

    /// Takes one token; false if there is none.
    pub(crate) fn take(&mut self, per_second: u32, now: Moment) -> bool {
        let has_one = self.has_one(per_second, now);
        if has_one {
            self.micro_tokens -= WHOLE;
        }
        has_one
    }

    /// Whether there is a token.
    pub(crate) fn has_one(&mut self, per_second: u32, now: Moment) -> bool {
        let full = u64::from(per_second) * BURST_SECONDS * WHOLE;
        let passed = u64::try_from(now.since(self.at).as_micros()).unwrap_or(u64::MAX);
        let grown = passed.saturating_mul(per_second.into());
        self.micro_tokens = full.min(self.micro_tokens.saturating_add(grown));
        self.at = now;
        self.micro_tokens >= WHOLE
    }
}
