//! What a room keeps of one agent.

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{AgentState, AuxReason, Channels, ContactId};

use crate::clocks::Clocks;
use crate::hands::Hands;

/// What was asked for during a contact or call, and is done afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Wish {
    LogOut,
    Aux(u8),
    /// Nobody asked: the agent is gone from the site. Who is back before it is done stays.
    Leave,
    /// Nobody asked: the agent missed an offer beside other contacts, and cools down after those.
    CoolDown,
    /// Nobody asked: the agent's phone could not take an offer beside other contacts.
    Unfit,
}

/// What a call of the agent's own, or a lost line, covers up and leaves behind when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Beneath {
    Available,
    Aux(AuxReason),
    Acw,
}

impl Beneath {
    /// A state that can be covered up; a lost line is itself a cover.
    pub(crate) const fn of(state: AgentState) -> Option<Self> {
        match state {
            AgentState::Available => Some(Self::Available),
            AgentState::Acw => Some(Self::Acw),
            AgentState::Aux(AuxReason::Unreachable) => None,
            AgentState::Aux(reason) => Some(Self::Aux(reason)),
            AgentState::LoggedOut
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::OtherCall => None,
        }
    }
}

/// One agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) state: AgentState,
    pub(crate) is_reachable: bool,
    /// Whether they have logged in since they came to the site: an automatic log-in happens once.
    pub(crate) has_come: bool,
    pub(crate) wish: Option<Wish>,
    /// Whether a call of the agent's own is under way, also beside a contact or while logged out.
    pub(crate) is_on_other_call: bool,
    /// AUX that was asked for during the contact and comes after manual after-call work.
    pub(crate) aux_after_acw: Option<u8>,
    /// Means something in `OtherCall` and `Aux(Unreachable)` only.
    pub(crate) beneath: Beneath,
    /// From when the agent could have had an offer.
    pub(crate) free_since: Moment,
    pub(crate) clocks: Clocks,
    pub(crate) hands: Hands,
    /// What there is room for beside it, as the facts say.
    pub(crate) takes_beside: Channels,
    /// The contact that a wrap-up code is for: the present one, or the last.
    pub(crate) last_contact: Option<ContactId>,
}

impl Agent {
    /// Logged out and unreachable.
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            state: AgentState::LoggedOut,
            is_reachable: false,
            has_come: false,
            wish: None,
            is_on_other_call: false,
            aux_after_acw: None,
            beneath: Beneath::Available,
            free_since: now,
            clocks: Clocks::default(),
            hands: Hands::default(),
            takes_beside: Channels::NONE,
            last_contact: None,
        }
    }

    /// Whether what is asked for comes afterwards: there is something in hand, or a call of the agent's own.
    pub(crate) fn is_engaged(&self) -> bool {
        !self.hands.is_empty() || self.state == AgentState::OtherCall
    }

    /// What the agent is at, were it not for a call of the agent's own or a lost line.
    pub(crate) const fn at_bottom(&self) -> Option<Beneath> {
        match self.state {
            AgentState::OtherCall | AgentState::Aux(AuxReason::Unreachable) => Some(self.beneath),
            AgentState::LoggedOut
            | AgentState::Available
            | AgentState::Ringing
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Acw
            | AgentState::Aux(_) => Beneath::of(self.state),
        }
    }
}
