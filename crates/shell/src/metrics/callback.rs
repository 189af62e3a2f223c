//! Metrics of callbacks.

use prometheus::{IntCounter, IntCounterVec, Registry};
use turno_model::{CallbackChange, CallbackFailure, CallbackOffer, CallbackRefusal};

use crate::metrics::{counter, counters};

const OFFERED: [&str; 4] = ["waited", "long_wait", "full", "key"];
const REFUSED: [&str; 3] = ["no_number", "not_allowed", "waits"];
const ENDED: [&str; 5] = ["reached", "given_up", "cancelled", "left_in_line", "left_message"];

/// The metrics that facts update.
pub(crate) struct CallbackMeters {
    offered: IntCounterVec,
    asked: IntCounter,
    refused: IntCounterVec,
    dials: IntCounter,
    picked_up: IntCounter,
    failed: IntCounterVec,
    ended: IntCounterVec,
}

impl CallbackMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let meters = Self {
            offered: counters(
                registry,
                "turno_callbacks_offered_total",
                "Callers to whom a callback was offered, by reason; `key`: they pressed the key first.",
                &["why"],
            ),
            asked: counter(registry, "turno_callbacks_asked_total", "Callers who asked for a callback."),
            refused: counters(
                registry,
                "turno_callbacks_refused_total",
                "Callbacks that were asked for and not possible, by reason. The callers stay in line.",
                &["why"],
            ),
            dials: counter(registry, "turno_callback_dials_total", "Dials for callbacks."),
            picked_up: counter(
                registry,
                "turno_callbacks_picked_up_total",
                "Dials ahead that were answered, by a person or a machine.",
            ),
            failed: counters(
                registry,
                "turno_callback_dials_failed_total",
                "Dials for callbacks without an answer, by reason.",
                &["why"],
            ),
            ended: counters(
                registry,
                "turno_callbacks_ended_total",
                "Callbacks that ended, by outcome. None of them is an abandon.",
                &["outcome"],
            ),
        };
        OFFERED.iter().for_each(|why| drop(meters.offered.with_label_values(&[why])));
        REFUSED.iter().for_each(|why| drop(meters.refused.with_label_values(&[why])));
        CallbackFailure::ALL.iter().for_each(|why| drop(meters.failed.with_label_values(&[why.word()])));
        ENDED.iter().for_each(|outcome| drop(meters.ended.with_label_values(&[outcome])));
        meters
    }

    /// Counts what happened to a callback.
    pub(crate) fn apply(&self, change: &CallbackChange) {
        match change {
            CallbackChange::Offered(why) => {
                let word = match why {
                    CallbackOffer::Waited => OFFERED[0],
                    CallbackOffer::LongWait => OFFERED[1],
                    CallbackOffer::Full => OFFERED[2],
                    CallbackOffer::Key => OFFERED[3],
                };
                self.offered.with_label_values(&[word]).inc();
            }
            CallbackChange::Asked { .. } => self.asked.inc(),
            CallbackChange::Refused(why) => {
                let word = match why {
                    CallbackRefusal::NoNumber => REFUSED[0],
                    CallbackRefusal::NotAllowed => REFUSED[1],
                    CallbackRefusal::Waits => REFUSED[2],
                };
                self.refused.with_label_values(&[word]).inc();
            }
            CallbackChange::Dialled { .. } => self.dials.inc(),
            CallbackChange::Failed(why) => self.failed.with_label_values(&[why.word()]).inc(),
            CallbackChange::Reached => self.ended.with_label_values(&[ENDED[0]]).inc(),
            CallbackChange::GivenUp => self.ended.with_label_values(&[ENDED[1]]).inc(),
            CallbackChange::CancelledByCall { .. } => self.ended.with_label_values(&[ENDED[2]]).inc(),
            CallbackChange::LeftInLine => self.ended.with_label_values(&[ENDED[3]]).inc(),
            CallbackChange::LeftMessage => self.ended.with_label_values(&[ENDED[4]]).inc(),
            CallbackChange::PickedUp => self.picked_up.inc(),
            CallbackChange::PutOff { .. } | CallbackChange::Due => {}
        }
    }
}
