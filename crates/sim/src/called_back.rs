//! Callbacks by the facts: one for each number, one dial at a time, no more dials than the plan says, and one end.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::{CallbackChange, CallbackFailure, CallbackOffer, ContactId, ContactOutcome, Fact, Plan};

/// The most dials that a plan can ask for.
const TRIES_MAX: u8 = 10;

/// Callbacks that have not ended.
#[derive(Debug, Default)]
pub(crate) struct CalledBack {
    open: BTreeMap<ContactId, Promise>,
    put_off: BTreeSet<ContactId>,
    /// Contacts that are offered now: nobody is dialled without an agent.
    offered: BTreeSet<ContactId>,
    /// The most dials of any queue, by the plan.
    tries: u8,
    /// Whether any queue dials ahead, or did under an earlier plan.
    dials_ahead: bool,
    reached: u64,
    /// How often each outcome came.
    outcomes: BTreeMap<&'static str, u64>,
}

#[derive(Debug)]
struct Promise {
    number: String,
    attempts: u8,
    is_dialled: bool,
    /// Somebody has answered a dial ahead.
    is_picked_up: bool,
    /// A dial has failed, and the pause has not begun.
    lacks_pause: bool,
    /// Reached, given up or cancelled.
    has_ended: bool,
}

impl CalledBack {
    /// From now on no callback has more dials than this. A callback that began under another plan may have more.
    pub(crate) fn works_by(&mut self, plan: &Plan) {
        self.dials_ahead |= plan.dials_ahead();
        let tries = plan.queues.iter().filter_map(|queue| Some(queue.callback.as_ref()?.tries));
        self.tries = tries.max().unwrap_or(0).max(self.tries).min(TRIES_MAX);
    }

    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::Callback(contact, change) = fact {
            self.changes(*contact, change);
        } else if let Fact::Offered { contact, .. } = fact {
            assert!(!self.put_off.contains(contact), "{contact:?} is offered before its time");
            let lacks_pause = self.open.get(contact).is_some_and(|promise| promise.lacks_pause);
            assert!(!lacks_pause, "{contact:?} is offered again without a pause");
            self.offered.insert(*contact);
        } else if let Fact::OfferSettled { contact, .. } = fact {
            self.offered.remove(contact);
        } else if let Fact::ContactEnded { contact, outcome, .. } = fact {
            self.put_off.remove(contact);
            if let Some(promise) = self.open.remove(contact) {
                // Wound: callbacks that nobody made are counted as people who gave up.
                assert_ne!(*outcome, ContactOutcome::Abandoned, "{contact:?} waited to be called back");
                let is_right = promise.has_ended || *outcome == ContactOutcome::Dequeued;
                assert!(is_right, "{contact:?} ended as {outcome:?}, and its callback did not");
            }
        }
    }

    fn changes(&mut self, contact: ContactId, change: &CallbackChange) {
        if let Some(word) = self.word_of(contact, change) {
            *self.outcomes.entry(word).or_default() += 1;
        }
        match change {
            CallbackChange::Asked { number, .. } => {
                let twice = self.open.iter().find(|(_, it)| it.number == *number.0 && !it.has_ended);
                assert!(twice.is_none(), "{contact:?} asks for a number that {twice:?} waits for");
                let number = number.0.to_string();
                let promise = Promise {
                    number,
                    attempts: 0,
                    is_dialled: false,
                    is_picked_up: false,
                    lacks_pause: false,
                    has_ended: false,
                };
                assert!(self.open.insert(contact, promise).is_none(), "{contact:?} asked twice");
            }
            CallbackChange::PutOff { .. } => {
                let is_new = self.put_off.insert(contact);
                let promise = self.promise(contact);
                assert!(is_new || promise.lacks_pause, "{contact:?} is put off twice");
                promise.lacks_pause = false;
            }
            CallbackChange::Due => {
                assert!(self.put_off.remove(&contact), "{contact:?} was not put off");
                // Wound: an agent is offered a citizen whose phone still rings.
                let promise = self.promise(contact);
                assert!(!promise.is_dialled || promise.is_picked_up, "{contact:?} has not answered");
            }
            CallbackChange::Dialled { attempt } => self.is_dialled(contact, *attempt),
            CallbackChange::Failed(why) => {
                let is_offered = self.offered.contains(&contact);
                let promise = self.promise(contact);
                let was_dialled = core::mem::take(&mut promise.is_dialled);
                promise.lacks_pause = true;
                promise.is_picked_up = false;
                // Nothing has left: this is no try.
                promise.attempts -= u8::from(was_dialled && !is_offered && *why == CallbackFailure::NoTrunk);
                assert!(
                    was_dialled || *why == CallbackFailure::NoTrunk,
                    "{contact:?} was not dialled: {why:?}"
                );
            }
            CallbackChange::Reached => {
                let promise = self.promise(contact);
                assert!(promise.is_dialled, "{contact:?} is reached and was not dialled");
                promise.has_ended = true;
                // From now on it is a contact like any other.
                self.open.remove(&contact);
                self.reached += 1;
            }
            CallbackChange::GivenUp => {
                let promise = self.promise(contact);
                assert!(!promise.is_dialled, "{contact:?} is given up while it is dialled");
                promise.has_ended = true;
            }
            CallbackChange::CancelledByCall { .. } => self.promise(contact).has_ended = true,
            CallbackChange::PickedUp => {
                let promise = self.promise(contact);
                assert!(promise.is_dialled && !promise.is_picked_up, "{contact:?} answers no dial");
                promise.is_picked_up = true;
            }
            CallbackChange::LeftInLine | CallbackChange::LeftMessage => {
                let promise = self.promise(contact);
                assert!(promise.is_picked_up, "{contact:?} was not on the phone, and leaves");
                (promise.is_dialled, promise.has_ended) = (false, true);
            }
            CallbackChange::Offered(_) | CallbackChange::Refused(_) => {}
        }
    }

    fn word_of(&self, contact: ContactId, change: &CallbackChange) -> Option<&'static str> {
        match change {
            CallbackChange::Asked { after, .. } if after.is_zero() => Some("asked"),
            CallbackChange::Asked { .. } => Some("asked for a time"),
            CallbackChange::Dialled { .. } if self.offered.contains(&contact) => Some("dialled by an agent"),
            CallbackChange::Dialled { .. } => Some("dialled ahead"),
            CallbackChange::Failed(why) => Some(why.word()),
            CallbackChange::Reached => {
                let is_ahead = self.open.get(&contact).is_some_and(|promise| promise.is_picked_up);
                Some(if is_ahead { "reached ahead" } else { "reached by an agent" })
            }
            CallbackChange::GivenUp => Some("given up"),
            CallbackChange::CancelledByCall { .. } => Some("called again"),
            CallbackChange::LeftInLine => Some("left in line"),
            CallbackChange::LeftMessage => Some("left a message"),
            CallbackChange::Offered(CallbackOffer::Key) => Some("by the key"),
            CallbackChange::Offered(_) => Some("offered"),
            CallbackChange::Refused(_) => Some("not possible"),
            CallbackChange::PutOff { .. } | CallbackChange::Due | CallbackChange::PickedUp => None,
        }
    }

    fn is_dialled(&mut self, contact: ContactId, attempt: u8) {
        let is_ahead = self.dials_ahead && self.put_off.contains(&contact);
        assert!(is_ahead || self.offered.contains(&contact), "{contact:?} is dialled without an agent");
        let tries = self.tries;
        let promise = self.promise(contact);
        // Wound: one citizen has two calls at once.
        assert!(!promise.is_dialled, "{contact:?} is dialled twice at a time");
        assert!(!promise.has_ended, "{contact:?} is dialled after its callback ended");
        promise.attempts += 1;
        promise.is_dialled = true;
        assert_eq!(promise.attempts, attempt, "{contact:?}: dials are counted");
        assert!(attempt <= tries, "{contact:?} is dialled {attempt} times of {tries}");
    }

    fn promise(&mut self, contact: ContactId) -> &mut Promise {
        self.open.get_mut(&contact).expect("a callback was asked for")
    }

    /// Who waits to be called back.
    pub(crate) fn who_waits(&self) -> Vec<ContactId> {
        self.open.keys().copied().collect()
    }

    /// Whether somebody waits for a later moment.
    pub(crate) fn is_put_off(&self) -> bool {
        !self.put_off.is_empty()
    }

    /// How often each outcome of callbacks came, by its word.
    pub(crate) const fn outcomes(&self) -> &BTreeMap<&'static str, u64> {
        &self.outcomes
    }

    /// How many people were reached.
    pub(crate) const fn reached(&self) -> u64 {
        self.reached
    }
}
