//! Metrics of webhooks: what arrived, what did not, what waits.

use prometheus::{IntCounterVec, IntGaugeVec, Registry};
use turno_model::plan::WebhookPlan;
use turno_webhooks::Figures;

use crate::metrics::{counters, gauges};

/// The metrics, updated by the threads of the webhooks.
#[derive(Clone)]
pub(crate) struct WebhookMeters {
    arrived: IntCounterVec,
    failed: IntCounterVec,
    given_up: IntCounterVec,
    waiting: IntGaugeVec,
    dead: IntGaugeVec,
}

impl WebhookMeters {
    /// Registers the metrics, with these webhooks.
    pub(crate) fn new(registry: &Registry, hooks: &[WebhookPlan]) -> Self {
        let counters = |name, help| counters(registry, name, help, &["webhook"]);
        let gauges = |name, help| gauges(registry, name, help, &["webhook"]);
        let meters = Self {
            arrived: counters("turno_webhook_arrived_total", "Messages that a program has confirmed."),
            failed: counters(
                "turno_webhook_failed_total",
                "Tries that failed; each message is tried again for three days.",
            ),
            given_up: counters(
                "turno_webhook_given_up_total",
                "Messages that were given up. The API lists them and sends them again.",
            ),
            waiting: gauges("turno_webhook_waiting", "Messages that wait to be sent."),
            dead: gauges("turno_webhook_dead", "Messages that were given up and are kept."),
        };
        for hook in hooks {
            let name = hook.name.as_str();
            [&meters.arrived, &meters.failed, &meters.given_up]
                .iter()
                .for_each(|it| drop(it.with_label_values(&[name])));
            meters.stands(name, Figures::default());
        }
        meters
    }

    /// Counts a message that arrived.
    pub(crate) fn arrived(&self, hook: &str) {
        self.arrived.with_label_values(&[hook]).inc();
    }

    /// Counts a try that failed.
    pub(crate) fn failed(&self, hook: &str, is_given_up: bool) {
        self.failed.with_label_values(&[hook]).inc();
        if is_given_up {
            self.given_up.with_label_values(&[hook]).inc();
        }
    }

    /// Notes what waits.
    pub(crate) fn stands(&self, hook: &str, figures: Figures) {
        self.waiting.with_label_values(&[hook]).set(i64::try_from(figures.waiting).unwrap_or(i64::MAX));
        self.dead.with_label_values(&[hook]).set(i64::try_from(figures.dead).unwrap_or(i64::MAX));
    }
}
