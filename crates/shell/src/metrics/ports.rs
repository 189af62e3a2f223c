//! Metrics of media ports, and log lines when they run short and when that ends.

use prometheus::{IntCounter, IntGauge, Registry};
use turno_engine::PortsSeen;

use crate::metrics::{counters, gauge};

/// The metrics of media ports.
pub(crate) struct PortMeters {
    in_use: IntGauge,
    most: IntGauge,
    offers_held: IntGauge,
    failed_own: IntCounter,
    failed_taken: IntCounter,
    told: Told,
}

/// What was logged.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    is_wanting: bool,
    holds_offers: bool,
}

impl PortMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let failed = counters(
            registry,
            "turno_media_ports_failed_total",
            "Media ports that could not be opened: `own` because our own resources such as descriptors ran out, `taken` because another program has them.",
            &["cause"],
        );
        Self {
            in_use: gauge(
                registry,
                "turno_media_ports_in_use",
                "Pairs of media ports in use: two for each call.",
            ),
            most: gauge(
                registry,
                "turno_media_ports_limit",
                "Limit of media port pairs in use: those of the plan, or fewer if there are not enough descriptors.",
            ),
            offers_held: gauge(
                registry,
                "turno_media_offers_held",
                "1 while a contact and an agent wait because no media port is free for the offer.",
            ),
            failed_own: failed.with_label_values(&["own"]),
            failed_taken: failed.with_label_values(&["taken"]),
            told: Told::default(),
        }
    }

    /// Publishes the figures and logs changes.
    pub(crate) fn publish(&mut self, seen: &PortsSeen) {
        let level = |figure: usize| i64::try_from(figure).unwrap_or(i64::MAX);
        self.in_use.set(level(seen.in_use));
        self.most.set(level(seen.most));
        self.offers_held.set(i64::from(seen.holds_offers));
        self.failed_own.inc_by(seen.failed_own.saturating_sub(self.failed_own.get()));
        self.failed_taken.inc_by(seen.failed_taken.saturating_sub(self.failed_taken.get()));
        self.tell(seen);
    }

    fn tell(&mut self, seen: &PortsSeen) {
        let now = Told { is_wanting: seen.want.is_some(), holds_offers: seen.holds_offers };
        let (in_use, most) = (seen.in_use, seen.most);
        if now.holds_offers && !self.told.holds_offers {
            let helps = if seen.is_short_of_descriptors {
                "raise LimitNOFILE or `ulimit -n`"
            } else {
                "widen [media] ports"
            };
            tracing::warn!(
                in_use,
                most,
                "callers wait and agents are free: no media port is free for an offer; {helps}"
            );
        }
        if self.told.is_wanting && !now.is_wanting {
            tracing::warn!("no media port has failed for half a minute: new calls are taken as before");
        }
        self.told = now;
    }
}
