//! The engine thread's metrics: signalling counters, step times and lost messages.

use prometheus::local::LocalHistogram;
use prometheus::{Histogram, HistogramOpts, IntCounter, IntGauge, Registry};
use turno_engine::SipCounters;

use crate::metrics::fence::FenceMeters;
use crate::metrics::overload::OverloadMeters;
use crate::metrics::overlooked::OverlookedMeters;
use crate::metrics::ports::PortMeters;
use crate::metrics::srtp_rejections::SrtpRejectionMeters;
use crate::metrics::wall::WallMeter;
use crate::metrics::{counter, counters, gauge, register};

/// Bucket limits of the engine's step, in seconds: the goal is 15 microseconds at the median.
const STEP_BORDERS: [f64; 13] =
    [1e-6, 2e-6, 5e-6, 1e-5, 1.5e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 2.5e-2];

/// Reads one of the engine's counters.
type Reading = fn(&SipCounters) -> u64;

/// The engine thread's metrics. Steps are counted without atomics and published once a second.
pub(crate) struct EngineMeters {
    steps: LocalHistogram,
    totals: Vec<(IntCounter, Reading)>,
    levels: Vec<(IntGauge, Reading)>,
    /// Messages that could not be sent.
    pub(crate) unsent: Unsent,
    /// Overload.
    pub(crate) overload: OverloadMeters,
    /// Contacts that wait beside a free agent.
    pub(crate) overlooked: OverlookedMeters,
    /// Media ports.
    pub(crate) ports: PortMeters,
    /// Strangers and bans.
    pub(crate) fence: FenceMeters,
    /// The wall clock.
    pub(crate) wall: WallMeter,
    /// Calls rejected by the SRTP policy.
    pub(crate) srtp_rejections: SrtpRejectionMeters,
    /// Whether the emergency announcement is on.
    pub(crate) emergency: IntGauge,
    /// Numbers that commands put on lists of callers.
    pub(crate) callers_added: IntGauge,
    pub(crate) skills_changed: IntGauge,
    /// Messages to the engine that found its inbox full.
    letters_lost: IntCounter,
}

/// Messages that could not be sent, by cause.
pub(crate) struct Unsent {
    /// The system refused the datagram.
    pub(crate) refused: IntCounter,
    /// No socket of ours fits the flow.
    pub(crate) no_socket: IntCounter,
    /// The stream is closed, or its reader is too slow.
    pub(crate) stream: IntCounter,
}

impl EngineMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        let steps = HistogramOpts::new("turno_engine_step_seconds", "Time the engine took for one input.")
            .buckets(STEP_BORDERS.to_vec());
        let steps = register(registry, Histogram::with_opts(steps).expect("ascending borders"));
        let unsent =
            counters(registry, "turno_unsent_messages_total", "Messages that could not be sent.", &["cause"]);
        Self {
            steps: steps.local(),
            totals: totals(registry),
            levels: levels(registry),
            unsent: Unsent {
                refused: unsent.with_label_values(&["refused"]),
                no_socket: unsent.with_label_values(&["no_socket"]),
                stream: unsent.with_label_values(&["stream"]),
            },
            overload: OverloadMeters::new(registry),
            overlooked: OverlookedMeters::new(registry),
            ports: PortMeters::new(registry),
            fence: FenceMeters::new(registry),
            wall: WallMeter::new(registry),
            srtp_rejections: SrtpRejectionMeters::new(registry),
            emergency: gauge(
                registry,
                "turno_emergency_announcement",
                "Whether every caller hears the emergency announcement.",
            ),
            callers_added: gauge(
                registry,
                "turno_callers_on_lists",
                "Numbers that commands put on lists of callers.",
            ),
            skills_changed: gauge(
                registry,
                "turno_skill_changes",
                "Skills of agents that commands changed, which differ from the plan.",
            ),
            letters_lost: counter(
                registry,
                "turno_letters_lost_total",
                "Media events and commands that found the engine's inbox full.",
            ),
        }
    }

    /// Counts one step.
    pub(crate) fn stepped(&self, nanos: u64) {
        #[expect(clippy::cast_precision_loss, reason = "a step is far below 2^53 ns")]
        self.steps.observe(nanos as f64 * 1e-9);
    }

    /// Publishes the figures.
    pub(crate) fn publish(&self, sip: &SipCounters, letters_lost: u64) {
        self.steps.flush();
        for (total, read) in &self.totals {
            total.inc_by(read(sip).saturating_sub(total.get()));
        }
        for (level, read) in &self.levels {
            level.set(i64::try_from(read(sip)).unwrap_or(i64::MAX));
        }
        self.letters_lost.inc_by(letters_lost.saturating_sub(self.letters_lost.get()));
    }
}

fn totals(registry: &Registry) -> Vec<(IntCounter, Reading)> {
    let messages = counters(
        registry,
        "turno_sip_messages_total",
        "SIP messages, without retransmissions.",
        &["direction", "kind"],
    );
    let again =
        counters(registry, "turno_sip_retransmissions_total", "Retransmitted SIP messages.", &["direction"]);
    let malformed =
        counter(registry, "turno_sip_malformed_total", "Received messages that could not be parsed as SIP.");
    vec![
        (messages.with_label_values(&["in", "request"]), |sip| sip.requests_in),
        (messages.with_label_values(&["out", "request"]), |sip| sip.requests_out),
        (messages.with_label_values(&["in", "response"]), |sip| sip.responses_in),
        (messages.with_label_values(&["out", "response"]), |sip| sip.responses_out),
        (again.with_label_values(&["in"]), |sip| sip.retransmissions_in),
        (again.with_label_values(&["out"]), |sip| sip.retransmissions_out),
        (malformed, |sip| sip.malformed),
    ]
}

fn levels(registry: &Registry) -> Vec<(IntGauge, Reading)> {
    vec![
        (gauge(registry, "turno_sip_transactions", "Present SIP transactions."), |sip| sip.transactions),
        (gauge(registry, "turno_sip_dialogs", "Present SIP dialogs."), |sip| sip.dialogs),
        (gauge(registry, "turno_sip_subscriptions", "Lamps that phones watch."), |sip| sip.subscriptions),
        (gauge(registry, "turno_sip_registrations", "SIP contacts registered by seats."), |sip| {
            sip.registrations
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::render;

    #[test]
    fn counters_published_twice_count_once() {
        let registry = Registry::new();
        let meters = EngineMeters::new(&registry);
        let sip = SipCounters { requests_in: 7, registrations: 3, ..SipCounters::default() };
        meters.publish(&sip, 2);
        meters.publish(&sip, 2);
        meters.stepped(14_000);
        meters.publish(&SipCounters { registrations: 1, ..sip }, 2);
        let text = render(&registry.gather());
        assert!(text.contains("turno_sip_messages_total{direction=\"in\",kind=\"request\"} 7\n"), "{text}");
        assert!(text.contains("turno_sip_registrations 1\n"));
        assert!(text.contains("turno_letters_lost_total 2\n"));
        assert!(text.contains("turno_engine_step_seconds_bucket{le=\"0.000015\"} 1\n"));
        assert!(text.contains("turno_engine_step_seconds_bucket{le=\"0.00001\"} 0\n"));
    }
}
