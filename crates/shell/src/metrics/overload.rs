//! Metrics of overload, and log lines at the start and the end of an episode.

use core::time::Duration;

use prometheus::{Gauge, IntCounter, IntGauge, Registry};
use turno_engine::{Load, OverloadSeen};

use crate::metrics::{counter, counters, gauge, register};

/// The metrics of overload.
pub(crate) struct OverloadMeters {
    level: IntGauge,
    delay: Gauge,
    episodes: IntCounter,
    calls: IntCounter,
    others: IntCounter,
    unanswered: IntCounter,
    /// Datagrams that were dropped because the queue in front of the engine was full.
    pub(crate) dropped: IntCounter,
    told: Told,
}

/// What was logged.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    episodes: u64,
    refused_before: u64,
    is_episode: bool,
}

impl OverloadMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let refused = counters(
            registry,
            "turno_overload_refused_total",
            "Requests refused with 503 because messages waited too long, or dropped because there were too many to refuse; includes retransmissions.",
            &["kind"],
        );
        let delay = Gauge::new(
            "turno_overload_delay_seconds",
            "How long new requests waited before they were handled, smoothed.",
        )
        .expect("a name and a sentence");
        Self {
            level: gauge(
                registry,
                "turno_overload_level",
                "What is refused. 0: nothing; 1: strangers, new registrations and new calls that waited too long; 2: all new calls; 3: everything except running calls.",
            ),
            delay: register(registry, delay),
            episodes: counter(
                registry,
                "turno_overload_episodes_total",
                "How often turno began to refuse new calls.",
            ),
            calls: refused.with_label_values(&["call"]),
            others: refused.with_label_values(&["other"]),
            unanswered: refused.with_label_values(&["unanswered"]),
            dropped: counter(
                registry,
                "turno_overload_dropped_total",
                "Datagrams dropped because too many were waiting.",
            ),
            told: Told::default(),
        }
    }

    /// Publishes the figures and logs changes.
    pub(crate) fn publish(&mut self, seen: &OverloadSeen) {
        self.level.set(match seen.load {
            Load::Calm => 0,
            Load::Busy => 1,
            Load::Over => 2,
            Load::Drowning => 3,
        });
        self.delay.set(seen.delay.as_secs_f64());
        for (counter, total) in [
            (&self.episodes, seen.episodes),
            (&self.calls, seen.calls),
            (&self.others, seen.others),
            (&self.unanswered, seen.unanswered),
        ] {
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        self.tell(seen);
    }

    fn tell(&mut self, seen: &OverloadSeen) {
        let refused = seen.calls + seen.others + seen.unanswered;
        if seen.episodes > self.told.episodes && !self.told.is_episode {
            let delay_ms = Duration::as_millis(&seen.delay);
            tracing::warn!(delay_ms, "overload: new calls are refused with 503 for now");
            self.told.is_episode = true;
        }
        self.told.episodes = seen.episodes;
        if self.told.is_episode && seen.load == Load::Calm {
            let refused = refused - self.told.refused_before;
            tracing::warn!(refused, "the overload is over: new calls are accepted");
            self.told =
                Told { refused_before: refused + self.told.refused_before, is_episode: false, ..self.told };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::render;

    #[test]
    fn an_episode_is_told_once_and_counted_once() {
        let registry = Registry::new();
        let mut meters = OverloadMeters::new(&registry);
        let seen = OverloadSeen {
            load: Load::Over,
            delay: Duration::from_millis(75),
            episodes: 1,
            calls: 40,
            others: 2,
            unanswered: 0,
        };
        meters.publish(&seen);
        meters.publish(&seen);
        assert!(meters.told.is_episode);
        let text = render(&registry.gather());
        for line in [
            "turno_overload_level 2\n",
            "turno_overload_delay_seconds 0.075\n",
            "turno_overload_episodes_total 1\n",
            "turno_overload_refused_total{kind=\"call\"} 40\n",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        meters.publish(&OverloadSeen { load: Load::Calm, delay: Duration::ZERO, ..seen });
        assert!(!meters.told.is_episode);
        assert!(render(&registry.gather()).contains("turno_overload_level 0\n"));
    }
}
