//! The room's record of one agent.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{AgentState, AuxReason, Channels, ContactId};

use crate::clocks::Clocks;
use crate::in_hand::InHand;

/// A pending request: made during a contact or call, applied afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PendingChange {
    LogOut,
    Aux(u8),
    /// Not requested: the agent was removed from the plan. An agent who returns to the plan before it applies stays.
    Leave,
    /// Not requested: the agent missed an offer beside other contacts, and cools down after those.
    CoolDown,
    /// Not requested: the agent's phone could not take an offer beside other contacts.
    Unfit,
}

impl PendingChange {
    /// The AUX reason that the fact `AgentAsked` gives for it; `None`: log-out.
    pub(crate) const fn aux(self) -> Option<AuxReason> {
        match self {
            Self::LogOut | Self::Leave => None,
            Self::Aux(reason) => Some(AuxReason::Planned(reason)),
            Self::CoolDown => Some(AuxReason::Rona),
            Self::Unfit => Some(AuxReason::Incompatible),
        }
    }
}

/// The state under a cover, to which the agent returns. The cover is a call of the agent's own, or a lost phone or microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CoveredState {
    Available,
    Aux(AuxReason),
    Acw,
}

impl CoveredState {
    /// A state that can be covered. A lost phone or microphone is a cover itself.
    pub(crate) const fn of(state: AgentState) -> Option<Self> {
        match state {
            AgentState::Available => Some(Self::Available),
            AgentState::Acw => Some(Self::Acw),
            AgentState::Aux(AuxReason::Unreachable | AuxReason::Microphone) => None,
            AgentState::Aux(reason) => Some(Self::Aux(reason)),
            AgentState::LoggedOut
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::OtherCall => None,
        }
    }
}

/// The wrap-up code of an agent's last contact, and whether after-call work waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WrapUpCode {
    /// None was given, and nothing waits for one.
    None,
    /// This contact has one.
    Given(ContactId),
    /// After-call work can't end before this contact has one.
    Owed(ContactId),
    /// After-call work would be over by its span, and ends as soon as this contact has one.
    Overdue(ContactId),
}

/// Whether the present after-call work can be made longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Extension {
    /// There is no timed after-call work.
    None,
    /// By this span, once.
    Possible(Duration),
    /// It has been.
    Used,
}

/// One agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) state: AgentState,
    pub(crate) is_reachable: bool,
    /// Whether the agent has logged in since they were added to the plan: an automatic log-in happens once.
    pub(crate) has_come: bool,
    pub(crate) pending_change: Option<PendingChange>,
    /// Whether the agent has a call of their own, also beside a contact or while logged out.
    pub(crate) is_on_other_call: bool,
    /// AUX that was requested during the contact and follows manual after-call work.
    pub(crate) aux_after_acw: Option<u8>,
    /// Used only in `OtherCall`, `Aux(Unreachable)` and `Aux(Microphone)`.
    pub(crate) covered: CoveredState,
    /// Since when the agent could have had an offer.
    pub(crate) free_since: Moment,
    pub(crate) clocks: Clocks,
    pub(crate) in_hand: InHand,
    /// Channels of contacts that the agent can take beside the present ones, as last recorded.
    pub(crate) takes_beside: Channels,
    /// The contact for a wrap-up code: the present one, or the last.
    pub(crate) last_contact: Option<ContactId>,
    pub(crate) wrap_up_code: WrapUpCode,
    pub(crate) extension: Extension,
    /// Whether the page that is the agent's phone has no microphone.
    #[serde(default)]
    pub(crate) lacks_microphone: bool,
}

impl Agent {
    /// A new agent, logged out and unreachable.
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            state: AgentState::LoggedOut,
            is_reachable: false,
            has_come: false,
            pending_change: None,
            is_on_other_call: false,
            aux_after_acw: None,
            covered: CoveredState::Available,
            free_since: now,
            clocks: Clocks::default(),
            in_hand: InHand::default(),
            takes_beside: Channels::NONE,
            last_contact: None,
            wrap_up_code: WrapUpCode::None,
            extension: Extension::None,
            lacks_microphone: false,
        }
    }

    /// Whether requests must wait: the agent has contacts, or a call of their own.
    pub(crate) fn is_engaged(&self) -> bool {
        !self.in_hand.is_empty() || self.state == AgentState::OtherCall
    }

    /// Whether the agent could talk: the phone is there, and so is its microphone.
    pub(crate) const fn can_talk(&self) -> bool {
        self.is_reachable && !self.lacks_microphone
    }

    /// The AUX reason that covers the state of an agent who can't talk.
    pub(crate) const fn cover(&self) -> AuxReason {
        if self.is_reachable { AuxReason::Microphone } else { AuxReason::Unreachable }
    }

    /// Whether after-call work waits for a wrap-up code.
    pub(crate) fn owes_code(&self) -> bool {
        let is_owed = matches!(self.wrap_up_code, WrapUpCode::Owed(_) | WrapUpCode::Overdue(_));
        is_owed && self.base_state() == Some(CoveredState::Acw)
    }

    /// The state under the cover, or the present state if there is none.
    pub(crate) const fn base_state(&self) -> Option<CoveredState> {
        match self.state {
            AgentState::OtherCall | AgentState::Aux(AuxReason::Unreachable | AuxReason::Microphone) => {
                Some(self.covered)
            }
            AgentState::LoggedOut
            | AgentState::Available
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Acw
            | AgentState::Aux(_) => CoveredState::of(self.state),
        }
    }
}
