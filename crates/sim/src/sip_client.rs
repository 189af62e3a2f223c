//! A caller's own life: dials, presses, waits as long as patience lasts, talks, hangs up, dials again.

use turno_ground::Moment;
use turno_model::ContactId;
use turno_phone::CallId;

use crate::action::Arrival;

/// Where a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientState {
    /// Has dialled, and hears a greeting, a menu or nothing yet.
    Dialled,
    /// Stands in line.
    Waits,
    /// Talks to an agent, or has talked to one.
    Served,
    /// Has hung up, was refused or sent away.
    Gone,
}

/// One caller.
#[derive(Debug)]
pub(crate) struct SipClient {
    pub(crate) arrival: Arrival,
    /// Whose phone it is, by place among all persons.
    pub(crate) person: usize,
    pub(crate) call: Option<CallId>,
    pub(crate) stage: ClientState,
    /// Which attempt this is, from 1: errands of earlier ones mean nothing any more.
    pub(crate) attempt: u8,
    /// What this attempt came to, by turno's account. A repeated INVITE may come to another.
    pub(crate) contact: Option<ContactId>,
    /// Since when an agent talks to this caller, at this attempt.
    pub(crate) served_since: Option<Moment>,
    /// Since when this attempt is over by what turno says.
    pub(crate) over_since: Option<Moment>,
}

/// Something that a caller means to do later.
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

    /// Whether an intent of that attempt still means something.
    pub(crate) fn still_means(&self, intent: Intent, attempt: u8) -> bool {
        self.attempt == attempt
            && match intent {
                Intent::Press => self.stage == ClientState::Dialled,
                Intent::GiveUp => self.stage == ClientState::Waits,
                Intent::EndTalk => self.stage == ClientState::Served,
            }
    }

    /// When the caller dials again after having gone without being served.
    pub(crate) fn dials_again(&self, now: Moment) -> Option<Moment> {
        let (times, span) = self.arrival.redials;
        (self.attempt <= times).then(|| now + span)
    }

    /// The number in From: who calls, and which attempt it is.
    pub(crate) fn number(&self) -> String {
        format!("0{:06}{:03}", self.arrival.caller, self.attempt)
    }
}

/// The caller and the attempt in a number that may have got a country before it.
pub(crate) fn who_called(number: &str) -> Option<(u32, u8)> {
    let digits = number.get(number.len().checked_sub(9)?..)?;
    Some((digits.get(..6)?.parse().ok()?, digits.get(6..)?.parse().ok()?))
}
