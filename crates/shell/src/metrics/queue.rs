//! The metrics of one queue: its contacts and offers.

use core::time::Duration;

use prometheus::{Counter, CounterVec, Histogram, HistogramVec, IntCounter, IntCounterVec, Opts, Registry};
use turno_model::plan::QueuePlan;
use turno_model::{ContactOutcome, OfferOutcome, Plan};

use crate::metrics::{counters, histograms, register};

/// Bucket limits of waits in seconds, in addition to the queues' own targets.
const WAIT_BORDERS: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1200.0];

/// Bucket limits of handling times in seconds, in addition to the queues' own targets.
const HANDLING_BORDERS: [f64; 13] =
    [15.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0, 210.0, 240.0, 300.0, 420.0, 600.0, 1200.0];

/// Bucket limits of ringing, in seconds.
const RING_BORDERS: [f64; 8] = [1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 15.0, 30.0];

const OUTCOMES: [&str; 4] = ["answered", "abandoned", "outflowed", "dequeued"];
const OFFER_OUTCOMES: [&str; 7] =
    ["accepted", "refused", "no_answer", "unreachable", "caller_left", "withdrawn", "incompatible"];
/// The series of one queue.
pub(crate) struct QueueMeters {
    wait_target: Duration,
    handling_target: Duration,
    short_abandon: Duration,
    entered: IntCounter,
    /// In the order of [`OUTCOMES`].
    ended: [(IntCounter, Histogram); 4],
    short_abandons: IntCounter,
    answered_in_target: IntCounter,
    /// In the order of [`OFFER_OUTCOMES`].
    offers: [IntCounter; 7],
    rang: Histogram,
    handling: Histogram,
    handled_in_target: IntCounter,
    warned: IntCounter,
    breached: IntCounter,
    talked: Counter,
    held: Counter,
    told: IntCounter,
    kept: IntCounter,
    missed: IntCounter,
}

impl QueueMeters {
    /// A contact entered.
    pub(crate) fn entered(&self) {
        self.entered.inc();
    }

    /// The expected wait of a contact that has just entered was computed.
    pub(crate) fn wait_told(&self) {
        self.told.inc();
    }

    /// Whether a told wait was kept is known.
    pub(crate) fn wait_ended(&self, kept: bool) {
        if kept { self.kept.inc() } else { self.missed.inc() }
    }

    /// The handling target is near.
    pub(crate) fn warned(&self) {
        self.warned.inc();
    }

    /// The handling target was passed.
    pub(crate) fn breached(&self) {
        self.breached.inc();
    }

    /// An offer ended.
    pub(crate) fn offer_settled(&self, outcome: OfferOutcome, rang: Duration) {
        self.offers[offer_place(outcome)].inc();
        self.rang.observe(rang.as_secs_f64());
    }

    /// A contact ended.
    pub(crate) fn contact_ended(&self, outcome: ContactOutcome, waited: Duration) {
        let (ended, wait) = &self.ended[outcome_place(outcome)];
        ended.inc();
        wait.observe(waited.as_secs_f64());
        match outcome {
            ContactOutcome::Answered if waited <= self.wait_target => self.answered_in_target.inc(),
            ContactOutcome::Abandoned if waited < self.short_abandon => self.short_abandons.inc(),
            ContactOutcome::Answered
            | ContactOutcome::Abandoned
            | ContactOutcome::Outflowed
            | ContactOutcome::Dequeued => {}
        }
    }

    /// An agent's part of a contact ended; `target` is that of its wrap-up code, if it has one.
    pub(crate) fn disconnected(&self, talked: Duration, held: Duration, target: Option<Duration>) {
        let handling = talked + held;
        self.handling.observe(handling.as_secs_f64());
        self.talked.inc_by(talked.as_secs_f64());
        self.held.inc_by(held.as_secs_f64());
        if handling <= target.unwrap_or(self.handling_target) {
            self.handled_in_target.inc();
        }
    }
}

/// The metrics that have a series for every queue.
pub(crate) struct QueueFamilies {
    entered: IntCounterVec,
    ended: IntCounterVec,
    wait: HistogramVec,
    short_abandons: IntCounterVec,
    answered_in_target: IntCounterVec,
    offers: IntCounterVec,
    rang: HistogramVec,
    handling: HistogramVec,
    handled_in_target: IntCounterVec,
    warned: IntCounterVec,
    breached: IntCounterVec,
    talked: CounterVec,
    held: CounterVec,
    told: IntCounterVec,
    kept: IntCounterVec,
    missed: IntCounterVec,
}

impl QueueFamilies {
    /// Registers the metrics. The bucket limits of waits and handling times are those of this plan until the process
    /// ends.
    pub(crate) fn new(registry: &Registry, plan: &Plan) -> Self {
        let family = |name, help| counters(registry, name, help, &["queue"]);
        let by_outcome = |name, help| counters(registry, name, help, &["queue", "outcome"]);
        let waits = plan.queues.iter().flat_map(|queue| [queue.wait_target, queue.short_abandon]);
        let marks = plan.queues.iter().flat_map(|queue| {
            [queue.handling_target, queue.handling_target.saturating_sub(queue.handling_warning)]
        });
        Self {
            entered: family(
                "turno_queue_entered_total",
                "Contacts that entered the queue, also by transfer.",
            ),
            ended: by_outcome(
                "turno_contacts_total",
                "Contacts that entered a queue and ended, by their one outcome; their sum is offered.",
            ),
            wait: histograms(
                registry,
                "turno_wait_seconds",
                "Time from entering the queue to the answer or the end, booked when the contact ends.",
                &["queue", "outcome"],
                borders(&WAIT_BORDERS, waits),
            ),
            short_abandons: family(
                "turno_short_abandons_total",
                "Contacts abandoned within the short-abandon span.",
            ),
            answered_in_target: family(
                "turno_answered_in_target_total",
                "Contacts answered within the wait target.",
            ),
            offers: by_outcome("turno_offers_total", "Offers to agents, by how they ended."),
            rang: histograms(
                registry,
                "turno_ring_seconds",
                "How long offers rang.",
                &["queue"],
                RING_BORDERS.to_vec(),
            ),
            handling: histograms(
                registry,
                "turno_handling_seconds",
                "Talk and hold of an agent's part of a contact.",
                &["queue"],
                borders(&HANDLING_BORDERS, marks),
            ),
            handled_in_target: family(
                "turno_handled_in_target_total",
                "Agents' parts of contacts that ended within the handling target.",
            ),
            warned: family("turno_handling_warned_total", "Contacts that came near the handling target."),
            breached: family("turno_handling_breached_total", "Contacts that passed the handling target."),
            talked: seconds(registry, "turno_talk_seconds_total", "Time talking."),
            held: seconds(registry, "turno_hold_seconds_total", "Time on hold."),
            told: family(
                "turno_waits_told_total",
                "Contacts whose expected wait was computed when they entered; 0 if the plan tells no waits.",
            ),
            kept: family("turno_waits_kept_total", "Of these, contacts answered within that wait."),
            missed: family(
                "turno_waits_missed_total",
                "Of these, contacts answered later, or abandoned after that wait.",
            ),
        }
    }

    /// A queue's series; they start at 0 unless the queue had series before.
    pub(crate) fn of(&self, queue: &QueuePlan) -> QueueMeters {
        let name = queue.name.as_str();
        QueueMeters {
            wait_target: queue.wait_target,
            handling_target: queue.handling_target,
            short_abandon: queue.short_abandon,
            entered: self.entered.with_label_values(&[name]),
            ended: OUTCOMES.map(|outcome| {
                (
                    self.ended.with_label_values(&[name, outcome]),
                    self.wait.with_label_values(&[name, outcome]),
                )
            }),
            short_abandons: self.short_abandons.with_label_values(&[name]),
            answered_in_target: self.answered_in_target.with_label_values(&[name]),
            offers: OFFER_OUTCOMES.map(|outcome| self.offers.with_label_values(&[name, outcome])),
            rang: self.rang.with_label_values(&[name]),
            handling: self.handling.with_label_values(&[name]),
            handled_in_target: self.handled_in_target.with_label_values(&[name]),
            warned: self.warned.with_label_values(&[name]),
            breached: self.breached.with_label_values(&[name]),
            talked: self.talked.with_label_values(&[name]),
            held: self.held.with_label_values(&[name]),
            told: self.told.with_label_values(&[name]),
            kept: self.kept.with_label_values(&[name]),
            missed: self.missed.with_label_values(&[name]),
        }
    }
}

fn seconds(registry: &Registry, name: &str, help: &str) -> CounterVec {
    register(registry, CounterVec::new(Opts::new(name, help), &["queue"]).expect("valid names"))
}

/// The usual limits and the plan's own, ascending, without duplicates.
fn borders(usual: &[f64], own: impl Iterator<Item = Duration>) -> Vec<f64> {
    let mut borders: Vec<f64> =
        own.map(|span| span.as_secs_f64()).filter(|&span| span > 0.0).chain(usual.iter().copied()).collect();
    borders.sort_by(f64::total_cmp);
    borders.dedup();
    borders
}

const fn outcome_place(outcome: ContactOutcome) -> usize {
    match outcome {
        ContactOutcome::Answered => 0,
        ContactOutcome::Abandoned => 1,
        ContactOutcome::Outflowed => 2,
        ContactOutcome::Dequeued => 3,
    }
}

const fn offer_place(outcome: OfferOutcome) -> usize {
    match outcome {
        OfferOutcome::Accepted => 0,
        OfferOutcome::Refused => 1,
        OfferOutcome::NoAnswer => 2,
        OfferOutcome::Unreachable => 3,
        OfferOutcome::CallerLeft => 4,
        OfferOutcome::Withdrawn => 5,
        OfferOutcome::Incompatible => 6,
    }
}
