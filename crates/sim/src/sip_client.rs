//! A caller: dials, presses keys, waits while the patience lasts, talks, hangs up, dials again.

use turno_ground::Moment;
use turno_model::ContactId;
use turno_phone::CallId;

use crate::action::Arrival;

/// A caller's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientState {
    /// Has dialled, and hears a greeting, a menu or nothing yet.
    Dialled,
    /// Waits in line.
    Waits,
    /// Talks to an agent, or has talked to one.
    Served,
    /// Has hung up, or was refused or released.
    Gone,
}

/// One caller.
#[derive(Debug)]
pub(crate) struct SipClient {
    pub(crate) arrival: Arrival,
    /// The phone, by index among all persons.
    pub(crate) person: usize,
    pub(crate) call: Option<CallId>,
    pub(crate) stage: ClientState,
    /// The number of this attempt, from 1. Intents of earlier attempts do nothing.
    pub(crate) attempt: u8,
    /// The contact of this attempt, by turno's facts. A repeated INVITE may have another.
    pub(crate) contact: Option<ContactId>,
    /// Since when an agent talks to this caller, in this attempt.
    pub(crate) served_since: Option<Moment>,
    /// Since when this attempt is over, by the facts.
    pub(crate) over_since: Option<Moment>,
}

/// What a caller plans to do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// To press the key of the menu.
    Press,
    /// To give up.
    GiveUp,
    /// To end the talk.
    EndTalk,
}

impl SipClient {
    pub(crate) const fn new(arrival: Arrival, person: usize) -> Self {
        Self {
            arrival,
            person,
            call: None,
            stage: ClientState::Gone,
            attempt: 0,
            contact: None,
            served_since: None,
            over_since: None,
        }
    }

    /// Whether an intent of that attempt still applies.
    pub(crate) fn still_means(&self, intent: Intent, attempt: u8) -> bool {
        self.attempt == attempt
            && match intent {
                Intent::Press => self.stage == ClientState::Dialled,
                Intent::GiveUp => self.stage == ClientState::Waits,
                Intent::EndTalk => self.stage == ClientState::Served,
            }
    }

    /// When the caller dials again after an attempt that was not served.
    pub(crate) fn dials_again(&self, now: Moment) -> Option<Moment> {
        let (times, span) = self.arrival.redials;
        (self.attempt <= times).then(|| now + span)
    }

    /// The number in From: the caller and the attempt.
    pub(crate) fn number(&self) -> String {
        format!("0{:06}{:03}", self.arrival.caller, self.attempt)
    }

    /// The number that the carrier asserts: of every second caller one that stays the same when they call again.
    pub(crate) fn asserted(&self) -> String {
        if self.calls_again_when_served() { format!("0{:06}000", self.arrival.caller) } else { self.number() }
    }

    /// Whether this caller has one number, and may call again after a talk. Those who withhold the number are others.
    pub(crate) const fn calls_again_when_served(&self) -> bool {
        !self.arrival.caller.is_multiple_of(2)
    }
}

/// The caller and the attempt of a number, which may have a country code in front; none if the number is not of one attempt.
pub(crate) fn who_called(number: &str) -> Option<(u32, u8)> {
    let digits = number.get(number.len().checked_sub(9)?..)?;
    let attempt = digits.get(6..)?.parse().ok().filter(|attempt| *attempt > 0)?;
    Some((digits.get(..6)?.parse().ok()?, attempt))
}
