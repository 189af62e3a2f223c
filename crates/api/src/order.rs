//! Orders: every command of turno as JSON, such as `{"do": "aux", "agent": "1001", "reason": "lunch"}`.

use std::net::IpAddr;

use core::time::Duration;

use compact_str::CompactString;
use serde::Deserialize;
use turno_ground::Pii;
use turno_model::{
    Channel, ContactId, Listing, Newcomer, Observing, QueueState, SkillOrder, SkillTo, Spoken,
};
use utoipa::ToSchema;

/// An extension or a name of the plan, or a number.
type Name = CompactString;

/// What turno is to do. Agents and seats are named by extension, queues, reasons and prompts by their names in the plan,
/// contacts by number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Order {
    LogIn(OfAgent),
    LogOut(OfAgent),
    Ready(OfAgent),
    Aux(OfReason),
    AskBreak(OfReason),
    EndAcw(OfAgent),
    ExtendAcw(OfAgent),
    WrapUp(OfCode),
    Help(OfAgent),
    Return(OfAgent),
    Consult(OfWhom),
    Conference(OfAgent),
    Complete(OfAgent),
    Back(OfAgent),
    Answer(OfAgent),
    Hold(OfAgent),
    Resume(OfAgent),
    HangUp(OfAgent),
    NoMicrophone(OfAgent),
    Microphone(OfAgent),
    Sit(OfSeat),
    Leave(OfAgent),
    Enqueue(OfNewcomer),
    Take(OfAgent),
    Decline(OfAgent),
    Finish(OfAgentContact),
    Withdraw(OfContact),
    Observe(OfObserver),
    ChangeObserving(OfHow),
    StopObserving(OfAgent),
    TakeOver(OfAgent),
    Move(OfMove),
    Prioritise(OfPriority),
    End(OfEnd),
    Pull(OfPull),
    SetSkill(OfSkill),
    SetQueue(OfQueue),
    Announce(OfAnnouncement),
    Speak(OfSpeaker),
    EmergencyOn(OfPrompt),
    EmergencyOff(Nothing),
    ListCaller(OfListing),
    UnlistCaller(OfUnlisting),
    Record(OfAgent),
    PauseRecording(OfAgent),
    ResumeRecording(OfAgent),
    PurgeRecordings(Nothing),
    Ban(OfBan),
    LiftBan(OfAddress),
    Drain(Nothing),
    Stop(Nothing),
}

macro_rules! fields {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty),* $(,)? })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name {
                $($(#[$meta])* pub(crate) $field: $kind,)*
            }
        )*
    };
}

fields! {
    /// No further field.
    Nothing {}
    /// An agent.
    OfAgent {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
    }
    /// An agent and a reason of AUX.
    OfReason {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// The reason's name.
        #[schema(value_type = String)] reason: Name,
    }
    /// An agent and a wrap-up code.
    OfCode {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// The code.
        #[schema(value_type = String)] code: Name,
    }
    /// An agent, and whom they consult.
    OfWhom {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// A colleague's extension, a queue, a dependency or a number.
        #[schema(value_type = String)] whom: Name,
    }
    /// An agent and a seat.
    OfSeat {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// The seat's extension.
        #[schema(value_type = String)] seat: Name,
    }
    /// A contact without a call.
    OfNewcomer {
        /// How it comes.
        channel: Silent,
        /// The queue.
        #[schema(value_type = String)] queue: Name,
        /// Who it is, such as a number or an address.
        #[schema(value_type = String, min_length = 1, max_length = 200)] from: Name,
    }
    /// An agent and a contact.
    OfAgentContact {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// The contact's number.
        contact: u64,
    }
    /// A contact.
    OfContact {
        /// The contact's number.
        contact: u64,
    }
    /// An observer, a contact and the way of observing.
    OfObserver {
        /// The observer's extension.
        #[schema(value_type = String)] agent: Name,
        /// The contact's number.
        contact: u64,
        /// The way.
        how: How,
    }
    /// An observer and another way of observing.
    OfHow {
        /// The observer's extension.
        #[schema(value_type = String)] agent: Name,
        /// The way.
        how: How,
    }
    /// A contact and another queue.
    OfMove {
        /// The contact's number.
        contact: u64,
        /// The queue.
        #[schema(value_type = String)] queue: Name,
    }
    /// A contact and its priority.
    OfPriority {
        /// The contact's number.
        contact: u64,
        /// 0 is normal, higher is served first.
        priority: u8,
    }
    /// A contact, and what its caller hears first.
    OfEnd {
        /// The contact's number.
        contact: u64,
        /// A prompt of the plan.
        #[serde(default)] #[schema(value_type = Option<String>)] prompt: Option<Name>,
    }
    /// A contact and the agent to whom it is given; without an agent everybody may take it again.
    OfPull {
        /// The contact's number.
        contact: u64,
        /// The extension.
        #[serde(default)] #[schema(value_type = Option<String>)] agent: Option<Name>,
    }
    /// An agent's skill for a queue.
    OfSkill {
        /// The extension.
        #[schema(value_type = String)] agent: Name,
        /// The queue.
        #[schema(value_type = String)] queue: Name,
        /// What becomes of it: a level from 1 (best) to 16, 0 for none; without it as the plan says.
        #[serde(default)] #[schema(maximum = 16)] level: Option<u8>,
        /// For how many seconds; without it to the end of the site's day.
        #[serde(default)] #[schema(maximum = 2_592_000)] seconds: Option<u32>,
    }
    /// A queue and its state.
    OfQueue {
        /// The queue.
        #[schema(value_type = String)] queue: Name,
        /// The state.
        state: State,
    }
    /// A queue and a prompt.
    OfAnnouncement {
        /// The queue.
        #[schema(value_type = String)] queue: Name,
        /// A prompt of the plan.
        #[schema(value_type = String)] prompt: Name,
    }
    /// A queue and who speaks to its callers.
    OfSpeaker {
        /// The speaker's extension.
        #[schema(value_type = String)] agent: Name,
        /// The queue.
        #[schema(value_type = String)] queue: Name,
    }
    /// A prompt, or that of the plan.
    OfPrompt {
        /// A prompt of the plan.
        #[serde(default)] #[schema(value_type = Option<String>)] prompt: Option<Name>,
    }
    /// A number for a list of callers.
    OfListing {
        /// The list's name.
        #[schema(value_type = String)] list: Name,
        /// The number.
        #[schema(value_type = String)] number: Name,
        /// For how many seconds.
        #[schema(minimum = 1, maximum = 315_360_000)] seconds: u32,
    }
    /// A number of a list of callers.
    OfUnlisting {
        /// The list's name.
        #[schema(value_type = String)] list: Name,
        /// The number.
        #[schema(value_type = String)] number: Name,
    }
    /// An address and a span.
    OfBan {
        /// The address.
        #[schema(value_type = String)] address: IpAddr,
        /// For how many seconds.
        #[schema(minimum = 1, maximum = 31_536_000)] seconds: u32,
    }
    /// An address.
    OfAddress {
        /// The address.
        #[schema(value_type = String)] address: IpAddr,
    }
}

/// A channel without a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Silent {
    Chat,
    WhatsApp,
    Email,
    Callback,
}

/// A way of observing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum How {
    /// Nobody hears the observer.
    Listen,
    /// Only the agent hears the observer.
    Whisper,
    /// Both hear the observer.
    Barge,
}

/// The state of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Contacts come in and are offered.
    Open,
    /// Contacts come in and wait.
    Paused,
    /// No contact comes in.
    Closed,
}

impl From<How> for Observing {
    fn from(how: How) -> Self {
        match how {
            How::Listen => Self::Listen,
            How::Whisper => Self::Whisper,
            How::Barge => Self::Barge,
        }
    }
}

impl From<State> for QueueState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Paused => Self::Paused,
            State::Closed => Self::Closed,
        }
    }
}

impl From<Silent> for Channel {
    fn from(silent: Silent) -> Self {
        match silent {
            Silent::Chat => Self::Chat,
            Silent::WhatsApp => Self::WhatsApp,
            Silent::Email => Self::Email,
            Silent::Callback => Self::Callback,
        }
    }
}

/// A level from 1, 0 for none; without one as the plan says.
fn skill_of(level: Option<u8>) -> SkillTo {
    level.map_or(SkillTo::Plan, |level| if level == 0 { SkillTo::None } else { SkillTo::Level(level) })
}

impl Order {
    /// The command with names.
    pub(crate) fn spoken(self) -> Spoken {
        let seconds = |many: u32| Duration::from_secs(u64::from(many));
        match self {
            Self::LogIn(it) => Spoken::LogIn(it.agent),
            Self::LogOut(it) => Spoken::LogOut(it.agent),
            Self::Ready(it) => Spoken::Ready(it.agent),
            Self::Aux(it) => Spoken::Aux(it.agent, it.reason),
            Self::AskBreak(it) => Spoken::AskBreak(it.agent, it.reason),
            Self::EndAcw(it) => Spoken::EndAcw(it.agent),
            Self::ExtendAcw(it) => Spoken::ExtendAcw(it.agent),
            Self::WrapUp(it) => Spoken::WrapUp(it.agent, it.code),
            Self::Help(it) => Spoken::Help(it.agent),
            Self::Return(it) => Spoken::Return(it.agent),
            Self::Consult(it) => Spoken::Consult(it.agent, it.whom),
            Self::Conference(it) => Spoken::Conference(it.agent),
            Self::Complete(it) => Spoken::Complete(it.agent),
            Self::Back(it) => Spoken::Back(it.agent),
            Self::Answer(it) => Spoken::Answer(it.agent),
            Self::Hold(it) => Spoken::Hold(it.agent),
            Self::Resume(it) => Spoken::Resume(it.agent),
            Self::HangUp(it) => Spoken::HangUp(it.agent),
            Self::NoMicrophone(it) => Spoken::NoMicrophone(it.agent),
            Self::Microphone(it) => Spoken::Microphone(it.agent),
            Self::Sit(it) => Spoken::Sit(it.agent, it.seat),
            Self::Leave(it) => Spoken::Leave(it.agent),
            Self::Enqueue(it) => {
                let OfNewcomer { channel, queue, from } = it;
                Spoken::Enqueue(Newcomer::now(channel.into(), queue, Pii(from)))
            }
            Self::Take(it) => Spoken::Take(it.agent),
            Self::Decline(it) => Spoken::Decline(it.agent),
            Self::Finish(it) => Spoken::Finish(it.agent, ContactId(it.contact)),
            Self::Withdraw(it) => Spoken::Withdraw(ContactId(it.contact)),
            Self::Observe(it) => Spoken::Observe(it.agent, ContactId(it.contact), it.how.into()),
            Self::ChangeObserving(it) => Spoken::ChangeObserving(it.agent, it.how.into()),
            Self::StopObserving(it) => Spoken::StopObserving(it.agent),
            Self::TakeOver(it) => Spoken::TakeOver(it.agent),
            Self::Move(it) => Spoken::Move(ContactId(it.contact), it.queue),
            Self::Prioritise(it) => Spoken::Prioritise(ContactId(it.contact), it.priority),
            Self::End(it) => Spoken::End(ContactId(it.contact), it.prompt),
            Self::Pull(it) => Spoken::Pull(ContactId(it.contact), it.agent),
            Self::SetSkill(it) => {
                let order = SkillOrder { to: skill_of(it.level), span: it.seconds.map(seconds) };
                Spoken::SetSkill(it.agent, it.queue, order)
            }
            Self::SetQueue(it) => Spoken::SetQueue(it.queue, it.state.into()),
            Self::Announce(it) => Spoken::Announce(it.queue, it.prompt),
            Self::Speak(it) => Spoken::Speak(it.agent, it.queue),
            Self::EmergencyOn(it) => Spoken::EmergencyOn(it.prompt),
            Self::EmergencyOff(Nothing {}) => Spoken::EmergencyOff,
            Self::ListCaller(it) => Spoken::ListCaller(Listing {
                list: it.list,
                number: Pii(it.number),
                span: seconds(it.seconds),
            }),
            Self::UnlistCaller(it) => Spoken::UnlistCaller(it.list, Pii(it.number)),
            Self::Record(it) => Spoken::Record(it.agent),
            Self::PauseRecording(it) => Spoken::PauseRecording(it.agent),
            Self::ResumeRecording(it) => Spoken::ResumeRecording(it.agent),
            Self::PurgeRecordings(Nothing {}) => Spoken::PurgeRecordings,
            Self::Ban(it) => Spoken::Ban(it.address, seconds(it.seconds)),
            Self::LiftBan(it) => Spoken::LiftBan(it.address),
            Self::Drain(Nothing {}) => Spoken::Drain,
            Self::Stop(Nothing {}) => Spoken::Stop,
        }
    }
}
