//! Metrics of the rate limit and the bans, and a log line for each new ban.

use prometheus::{IntCounter, IntGauge, Registry};
use turno_engine::{BanSeen, Dropped, RateLimitSeen, Why};

use crate::metrics::{counters, gauge};

/// Most log lines about new bans in one second.
const LINES_MAX: usize = 5;

/// The metrics of the rate limit and the bans.
pub(crate) struct FenceMeters {
    dropped: [IntCounter; 5],
    banned: [IntCounter; 5],
    bans: IntGauge,
}

impl FenceMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let dropped = counters(
            registry,
            "turno_fence_dropped_total",
            "Strangers' messages dropped without parsing, by reason.",
            &["reason"],
        );
        let banned = counters(registry, "turno_fence_banned_total", "New bans, by reason.", &["why"]);
        Self {
            dropped: Dropped::ALL.map(|reason| dropped.with_label_values(&[reason.word()])),
            banned: Why::ALL.map(|why| banned.with_label_values(&[why.word()])),
            bans: gauge(registry, "turno_fence_bans", "Sources that are banned now."),
        }
    }

    /// Publishes the figures. True if a source was banned since the last time.
    pub(crate) fn publish(&self, seen: &RateLimitSeen) -> bool {
        let mut is_news = false;
        for (counter, total) in self.dropped.iter().zip(seen.dropped) {
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        for (counter, total) in self.banned.iter().zip(seen.banned) {
            is_news |= total > counter.get();
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        is_news
    }

    /// Publishes the number of bans, and logs those of the last second.
    pub(crate) fn list(&self, bans: &[BanSeen], now: turno_ground::Moment) {
        self.bans.set(i64::try_from(bans.len()).unwrap_or(i64::MAX));
        let is_new = |ban: &&BanSeen| now.since(ban.since).as_millis() <= 1_100;
        for ban in bans.iter().filter(is_new).take(LINES_MAX) {
            let (source, why, strikes) = (&ban.source, ban.why.word(), ban.strikes);
            let seconds = ban.until.since(now).as_secs();
            tracing::warn!(%source, why, strikes, seconds, "a source is shut out; turno bans list shows all");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::render;

    #[test]
    fn what_the_fence_does_is_counted_by_reason() {
        let registry = Registry::new();
        let meters = FenceMeters::new(&registry);
        let seen = RateLimitSeen { dropped: [1, 2, 3, 4, 5], banned: [0, 1, 0, 0, 0], remembered: 1 };
        assert!(meters.publish(&seen));
        assert!(!meters.publish(&seen));
        let text = render(&registry.gather());
        assert!(text.contains("turno_fence_dropped_total{reason=\"scanner\"} 2\n"), "{text}");
        assert!(text.contains("turno_fence_banned_total{why=\"passwords\"} 1\n"), "{text}");
    }
}
