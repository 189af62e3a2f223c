//! Metrics and log lines of contacts that wait beside an agent who is free for them: a fault of turno's own.

use core::time::Duration;

use prometheus::{IntCounterVec, IntGaugeVec, Registry};
use turno_engine::OverlookedSeen;
use turno_ground::Moment;
use turno_model::ContactId;

use crate::metrics::{counters, gauges};
use crate::rate::Ration;

/// How long a contact and a free agent may stand beside each other.
const SPAN_MAX: Duration = Duration::from_millis(200);

/// The metrics, and what was counted already.
pub(crate) struct OverlookedMeters {
    now: IntGaugeVec,
    total: IntCounterVec,
    /// Contact, agent and queue.
    counted: Vec<(ContactId, String, String)>,
    lines: Ration,
}

impl OverlookedMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry) -> Self {
        Self {
            now: gauges(
                registry,
                "turno_overlooked_contacts",
                "Contacts that have waited for over 200 ms beside an agent who is free for them: a fault of turno.",
                &["queue"],
            ),
            total: counters(
                registry,
                "turno_overlooked_total",
                "How often a contact waited for over 200 ms beside an agent who was free for it.",
                &["queue"],
            ),
            counted: Vec::new(),
            lines: Ration::new(),
        }
    }

    /// Shows a queue that has none.
    pub(crate) fn knows(&self, queue: &str) {
        self.now.with_label_values(&[queue]).set(0);
        self.total.with_label_values(&[queue]).inc_by(0);
    }

    /// What was shown before is over.
    fn is_over(&self) {
        let queues = self.counted.iter().map(|(_, _, queue)| queue);
        queues.for_each(|queue| self.now.with_label_values(&[queue.as_str()]).set(0));
    }

    /// Publishes what is seen now; what is new is counted and logged.
    pub(crate) fn publish(&mut self, seen: &[OverlookedSeen], now: Moment) {
        if seen.is_empty() && self.counted.is_empty() {
            return;
        }
        let late: Vec<&OverlookedSeen> = seen.iter().filter(|one| one.span > SPAN_MAX).collect();
        self.is_over();
        for one in &late {
            self.now.with_label_values(&[one.queue.as_str()]).inc();
            let is_known =
                self.counted.iter().any(|(contact, agent, _)| *contact == one.contact && *agent == one.agent);
            if !is_known {
                self.total.with_label_values(&[one.queue.as_str()]).inc();
                self.tell(one, now);
            }
        }
        self.counted =
            late.into_iter().map(|one| (one.contact, one.agent.clone(), one.queue.clone())).collect();
    }

    fn tell(&self, one: &OverlookedSeen, now: Moment) {
        let Some(held_back) = self.lines.admit(now) else { return };
        let (contact, agent, queue) = (one.contact.0, &one.agent, &one.queue);
        let for_ms = Duration::as_millis(&one.span);
        tracing::error!(
            contact,
            agent,
            queue,
            for_ms,
            held_back,
            "a contact waits beside an agent who is free for it: a fault of turno; please report it with the answer of \
             `turno why-not {agent} {contact}`"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::render;

    #[test]
    fn one_who_waits_beside_a_free_agent_is_counted_once_and_shown_until_it_is_over() {
        // Wounds F#1641, F#1062: the dispatch stops, and nobody is told.
        let registry = Registry::new();
        let mut meters = OverlookedMeters::new(&registry);
        meters.knows("passports");
        let one = |contact, millis| OverlookedSeen {
            contact: ContactId(contact),
            queue: "passports".to_owned(),
            agent: "1001".to_owned(),
            span: Duration::from_millis(millis),
        };
        let shows = |total: u64, now: u64| {
            let text = render(&registry.gather());
            let total = format!("turno_overlooked_total{{queue=\"passports\"}} {total}\n");
            let now = format!("turno_overlooked_contacts{{queue=\"passports\"}} {now}\n");
            assert!(text.contains(&total) && text.contains(&now), "{text}");
        };
        let at = Moment::from_secs(1);
        meters.publish(&[one(1, 200)], at);
        shows(0, 0);
        meters.publish(&[one(1, 201)], at);
        meters.publish(&[one(1, 900)], at);
        shows(1, 1);
        meters.publish(&[one(1, 1_100), one(2, 300)], at);
        shows(2, 2);
        meters.publish(&[], at);
        shows(2, 0);
    }
}
