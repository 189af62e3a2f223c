//! Who is to be called back and who takes a break, for people who look.

use core::time::Duration;

use compact_str::CompactString;
use turno_acd::BreakSeen;
use turno_ground::{Moment, Pii};
use turno_model::{CallbackOffer, ContactId, QueueId};

use crate::callback_stage::CallbackStage;
use crate::callbacks::CallbackDeadline;
use crate::engine::Engine;

/// How far a callback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackStep {
    /// It waits, in line or for its time.
    Waits,
    /// The phone of the agent who got it rings.
    AgentRings,
    /// The person's phone rings.
    PersonRings,
    /// Somebody has answered, and it is not clear yet who.
    Greeted,
    /// The person is on the phone and stands in line.
    InLine,
}

/// A callback that was promised and has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackSeen {
    /// The contact.
    pub contact: ContactId,
    /// Its queue.
    pub queue: QueueId,
    /// The number as it is dialled.
    pub number: Pii<CompactString>,
    /// Why it was offered.
    pub why: CallbackOffer,
    /// How far it is.
    pub step: CallbackStep,
    /// How often the person was dialled.
    pub dials: u8,
    /// Since when the contact waits, which decides its place.
    pub since: Moment,
    /// Nobody is offered it before.
    pub due: Option<Moment>,
    /// When it ends if nobody was reached.
    pub until: Option<Moment>,
}

impl Engine {
    /// Every callback that was promised and has not ended, in the order of the contacts.
    pub fn callbacks_seen(&self) -> Vec<CallbackSeen> {
        let mut contacts = self.callbacks.keys();
        contacts.sort_unstable();
        let seen = contacts.into_iter().filter_map(|contact| {
            let callback = self.callbacks.get(contact)?;
            let step = match callback.stage {
                CallbackStage::Confirms | CallbackStage::Keys(_) | CallbackStage::Chooses => return None,
                CallbackStage::Waits => CallbackStep::Waits,
                CallbackStage::AgentRings(_) => CallbackStep::AgentRings,
                CallbackStage::PersonRings { .. } | CallbackStage::RingsAhead { .. } => {
                    CallbackStep::PersonRings
                }
                CallbackStage::Greeted(_) => CallbackStep::Greeted,
                CallbackStage::InLine => CallbackStep::InLine,
            };
            Some(CallbackSeen {
                contact,
                queue: self.room.queue_of(contact)?,
                number: Pii(CompactString::from(&callback.number)),
                why: callback.why,
                step,
                dials: callback.attempts,
                since: self.room.waiting_since(contact)?,
                due: self.room.not_before(contact),
                until: self.callbacks.at(contact, CallbackDeadline::Over),
            })
        });
        seen.collect()
    }

    /// How long a contact that waits in line will probably still wait, as callers are told; `None`: nobody knows.
    pub fn expected_wait(&self, contact: ContactId, now: Moment) -> Option<Duration> {
        self.room.expected_wait(contact, now)
    }

    /// Every break in turns that is not over.
    pub fn breaks_seen(&self) -> Vec<BreakSeen> {
        self.room.breaks_seen()
    }
}
