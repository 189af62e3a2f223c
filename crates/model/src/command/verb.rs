//! The table of acts: the name of each, and what holds for it.

use serde::{Deserialize, Serialize};

use crate::command::Act;

/// The kind of an act, without its fields. Facts contain it by its word and are kept for years: a word stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// [`Act::LogIn`].
    LogIn,
    /// [`Act::LogOut`].
    LogOut,
    /// [`Act::Ready`].
    Ready,
    /// [`Act::Aux`].
    Aux,
    /// [`Act::AskBreak`].
    AskBreak,
    /// [`Act::EndAcw`].
    EndAcw,
    /// [`Act::ExtendAcw`].
    ExtendAcw,
    /// [`Act::WrapUp`].
    WrapUp,
    /// [`Act::Help`].
    Help,
    /// [`Act::Return`].
    Return,
    /// [`Act::Consult`].
    Consult,
    /// [`Act::Conference`].
    Conference,
    /// [`Act::Complete`].
    Complete,
    /// [`Act::Back`].
    Back,
    /// [`Act::Answer`].
    Answer,
    /// [`Act::Hold`].
    Hold,
    /// [`Act::Resume`].
    Resume,
    /// [`Act::HangUp`].
    HangUp,
    /// [`Act::NoMicrophone`].
    NoMicrophone,
    /// [`Act::Microphone`].
    Microphone,
    /// [`Act::Sit`].
    Sit,
    /// [`Act::Leave`].
    Leave,
    /// [`Act::Enqueue`].
    Enqueue,
    /// [`Act::Take`].
    Take,
    /// [`Act::Decline`].
    Decline,
    /// [`Act::Finish`].
    Finish,
    /// [`Act::Withdraw`].
    Withdraw,
    /// [`Act::Observe`].
    Observe,
    /// [`Act::ChangeObserving`].
    ChangeObserving,
    /// [`Act::StopObserving`].
    StopObserving,
    /// [`Act::TakeOver`].
    TakeOver,
    /// [`Act::Move`].
    Move,
    /// [`Act::Prioritise`].
    Prioritise,
    /// [`Act::End`].
    End,
    /// [`Act::Pull`].
    Pull,
    /// [`Act::SetSkill`].
    SetSkill,
    /// [`Act::SetQueue`].
    SetQueue,
    /// [`Act::Announce`].
    Announce,
    /// [`Act::Speak`].
    Speak,
    /// [`Act::EmergencyOn`].
    EmergencyOn,
    /// [`Act::EmergencyOff`].
    EmergencyOff,
    /// [`Act::ListCaller`].
    ListCaller,
    /// [`Act::UnlistCaller`].
    UnlistCaller,
    /// [`Act::Record`].
    Record,
    /// [`Act::PauseRecording`].
    PauseRecording,
    /// [`Act::ResumeRecording`].
    ResumeRecording,
    /// [`Act::PurgeRecordings`].
    PurgeRecordings,
    /// [`Act::TrunkResolved`].
    TrunkResolved,
    /// [`Act::Ban`].
    Ban,
    /// [`Act::LiftBan`].
    LiftBan,
    /// [`Act::Drain`].
    Drain,
    /// [`Act::Stop`].
    Stop,
}

impl Verb {
    /// All of them, in the order of [`Act`].
    pub const ALL: [Self; 52] = [
        Self::LogIn,
        Self::LogOut,
        Self::Ready,
        Self::Aux,
        Self::AskBreak,
        Self::EndAcw,
        Self::ExtendAcw,
        Self::WrapUp,
        Self::Help,
        Self::Return,
        Self::Consult,
        Self::Conference,
        Self::Complete,
        Self::Back,
        Self::Answer,
        Self::Hold,
        Self::Resume,
        Self::HangUp,
        Self::NoMicrophone,
        Self::Microphone,
        Self::Sit,
        Self::Leave,
        Self::Enqueue,
        Self::Take,
        Self::Decline,
        Self::Finish,
        Self::Withdraw,
        Self::Observe,
        Self::ChangeObserving,
        Self::StopObserving,
        Self::TakeOver,
        Self::Move,
        Self::Prioritise,
        Self::End,
        Self::Pull,
        Self::SetSkill,
        Self::SetQueue,
        Self::Announce,
        Self::Speak,
        Self::EmergencyOn,
        Self::EmergencyOff,
        Self::ListCaller,
        Self::UnlistCaller,
        Self::Record,
        Self::PauseRecording,
        Self::ResumeRecording,
        Self::PurgeRecordings,
        Self::TrunkResolved,
        Self::Ban,
        Self::LiftBan,
        Self::Drain,
        Self::Stop,
    ];

    /// Its word on the control socket, which is also its serialised name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LogIn => "log-in",
            Self::LogOut => "log-out",
            Self::Ready => "ready",
            Self::Aux => "aux",
            Self::AskBreak => "ask-break",
            Self::EndAcw => "end-acw",
            Self::ExtendAcw => "extend-acw",
            Self::WrapUp => "wrap-up",
            Self::Help => "help",
            Self::Return => "return",
            Self::Consult => "consult",
            Self::Conference => "conference",
            Self::Complete => "complete",
            Self::Back => "back",
            Self::Answer => "answer",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::HangUp => "hang-up",
            Self::NoMicrophone => "no-microphone",
            Self::Microphone => "microphone",
            Self::Sit => "sit",
            Self::Leave => "leave",
            Self::Enqueue => "enqueue",
            Self::Take => "take",
            Self::Decline => "decline",
            Self::Finish => "finish",
            Self::Withdraw => "withdraw",
            Self::Observe => "observe",
            Self::ChangeObserving => "change-observing",
            Self::StopObserving => "stop-observing",
            Self::TakeOver => "take-over",
            Self::Move => "move",
            Self::Prioritise => "prioritise",
            Self::End => "end",
            Self::Pull => "pull",
            Self::SetSkill => "set-skill",
            Self::SetQueue => "set-queue",
            Self::Announce => "announce",
            Self::Speak => "speak",
            Self::EmergencyOn => "emergency-on",
            Self::EmergencyOff => "emergency-off",
            Self::ListCaller => "list-caller",
            Self::UnlistCaller => "unlist-caller",
            Self::Record => "record",
            Self::PauseRecording => "pause-recording",
            Self::ResumeRecording => "resume-recording",
            Self::PurgeRecordings => "purge-recordings",
            Self::TrunkResolved => "trunk-resolved",
            Self::Ban => "ban",
            Self::LiftBan => "lift-ban",
            Self::Drain => "drain",
            Self::Stop => "stop",
        }
    }

    /// Whether an agent can dial it: a feature code, or a key in a talk or while observing.
    pub const fn has_feature_code(self) -> bool {
        match self {
            Self::LogIn | Self::LogOut | Self::Ready | Self::Aux | Self::EndAcw | Self::WrapUp => true,
            Self::ExtendAcw | Self::Help | Self::Return | Self::AskBreak => true,
            Self::Consult | Self::Conference | Self::Complete | Self::Back => true,
            Self::Record | Self::PauseRecording | Self::ResumeRecording => true,
            Self::PurgeRecordings => false,
            // Who has the phone at hand needs no order to it.
            Self::Answer | Self::Hold | Self::Resume | Self::HangUp => false,
            Self::NoMicrophone | Self::Microphone => false,
            Self::Sit | Self::Leave => false,
            Self::Enqueue | Self::Take | Self::Decline | Self::Finish | Self::Withdraw => false,
            Self::Observe | Self::ChangeObserving | Self::TakeOver | Self::Speak => true,
            Self::StopObserving => false,
            Self::Move | Self::Prioritise | Self::End | Self::Pull | Self::SetQueue | Self::Announce => false,
            Self::EmergencyOn | Self::EmergencyOff => false,
            Self::ListCaller | Self::UnlistCaller | Self::SetSkill => false,
            Self::TrunkResolved | Self::Ban | Self::LiftBan | Self::Drain | Self::Stop => false,
        }
    }

    /// Whether the fact `Commanded` records it when a person asks for it over the control socket. What an agent does with the
    /// own contacts without a call has facts of its own.
    pub const fn is_recorded(self) -> bool {
        match self {
            Self::LogIn | Self::LogOut | Self::Ready | Self::Aux | Self::EndAcw | Self::WrapUp => true,
            Self::ExtendAcw | Self::Help | Self::Return | Self::AskBreak => true,
            Self::Consult | Self::Conference | Self::Complete | Self::Back => true,
            Self::Answer | Self::Hold | Self::Resume | Self::HangUp => true,
            Self::NoMicrophone | Self::Microphone => true,
            Self::Sit | Self::Leave => true,
            Self::Observe | Self::ChangeObserving | Self::StopObserving | Self::TakeOver => true,
            Self::Speak => true,
            Self::Move | Self::Prioritise | Self::End | Self::Pull | Self::SetQueue | Self::Announce => true,
            Self::EmergencyOn | Self::EmergencyOff => true,
            Self::ListCaller | Self::UnlistCaller | Self::SetSkill => true,
            Self::Ban | Self::LiftBan | Self::Drain | Self::Stop => true,
            Self::Enqueue | Self::Take | Self::Decline | Self::Finish | Self::Withdraw => false,
            Self::Record | Self::PauseRecording | Self::ResumeRecording | Self::PurgeRecordings => true,
            Self::TrunkResolved => false,
        }
    }

    /// Whether an agent who was removed from the plan may do it: end what they have, but begin nothing.
    pub const fn is_end(self) -> bool {
        match self {
            Self::Decline | Self::Finish | Self::StopObserving => true,
            // The talk goes on, and what is said in it may be private.
            Self::PauseRecording => true,
            Self::Record | Self::ResumeRecording | Self::PurgeRecordings => false,
            Self::LogIn | Self::LogOut | Self::Ready | Self::Aux | Self::EndAcw | Self::WrapUp => false,
            // Nobody stays with a caller whom they can't leave.
            Self::Return | Self::Complete | Self::Back | Self::Resume | Self::HangUp => true,
            Self::Answer | Self::Hold | Self::NoMicrophone | Self::Microphone => false,
            Self::ExtendAcw | Self::Help | Self::AskBreak | Self::Consult | Self::Conference => false,
            Self::Sit | Self::Leave | Self::Enqueue | Self::Take | Self::Withdraw => false,
            Self::Observe | Self::ChangeObserving | Self::TakeOver | Self::Speak => false,
            Self::Move | Self::Prioritise | Self::End | Self::Pull | Self::SetQueue | Self::Announce => false,
            Self::EmergencyOn | Self::EmergencyOff => false,
            Self::ListCaller | Self::UnlistCaller | Self::SetSkill => false,
            Self::TrunkResolved | Self::Ban | Self::LiftBan | Self::Drain | Self::Stop => false,
        }
    }
}

impl<Agent, Seat, Queue, Reason, Prompt> Act<Agent, Seat, Queue, Reason, Prompt> {
    /// The kind of this act.
    pub const fn verb(&self) -> Verb {
        match self {
            Self::LogIn(_) => Verb::LogIn,
            Self::LogOut(_) => Verb::LogOut,
            Self::Ready(_) => Verb::Ready,
            Self::Aux(..) => Verb::Aux,
            Self::AskBreak(..) => Verb::AskBreak,
            Self::EndAcw(_) => Verb::EndAcw,
            Self::ExtendAcw(_) => Verb::ExtendAcw,
            Self::WrapUp(..) => Verb::WrapUp,
            Self::Help(_) => Verb::Help,
            Self::Return(_) => Verb::Return,
            Self::Consult(..) => Verb::Consult,
            Self::Conference(_) => Verb::Conference,
            Self::Complete(_) => Verb::Complete,
            Self::Back(_) => Verb::Back,
            Self::Answer(_) => Verb::Answer,
            Self::Hold(_) => Verb::Hold,
            Self::Resume(_) => Verb::Resume,
            Self::HangUp(_) => Verb::HangUp,
            Self::NoMicrophone(_) => Verb::NoMicrophone,
            Self::Microphone(_) => Verb::Microphone,
            Self::Sit(..) => Verb::Sit,
            Self::Leave(_) => Verb::Leave,
            Self::Enqueue(_) => Verb::Enqueue,
            Self::Take(_) => Verb::Take,
            Self::Decline(_) => Verb::Decline,
            Self::Finish(..) => Verb::Finish,
            Self::Withdraw(_) => Verb::Withdraw,
            Self::Observe(..) => Verb::Observe,
            Self::ChangeObserving(..) => Verb::ChangeObserving,
            Self::StopObserving(_) => Verb::StopObserving,
            Self::TakeOver(_) => Verb::TakeOver,
            Self::Move(..) => Verb::Move,
            Self::Prioritise(..) => Verb::Prioritise,
            Self::End(..) => Verb::End,
            Self::Pull(..) => Verb::Pull,
            Self::SetSkill(..) => Verb::SetSkill,
            Self::SetQueue(..) => Verb::SetQueue,
            Self::Announce(..) => Verb::Announce,
            Self::Speak(..) => Verb::Speak,
            Self::EmergencyOn(_) => Verb::EmergencyOn,
            Self::EmergencyOff => Verb::EmergencyOff,
            Self::ListCaller(_) => Verb::ListCaller,
            Self::UnlistCaller(..) => Verb::UnlistCaller,
            Self::Record(_) => Verb::Record,
            Self::PauseRecording(_) => Verb::PauseRecording,
            Self::ResumeRecording(_) => Verb::ResumeRecording,
            Self::PurgeRecordings => Verb::PurgeRecordings,
            Self::TrunkResolved(..) => Verb::TrunkResolved,
            Self::Ban(..) => Verb::Ban,
            Self::LiftBan(_) => Verb::LiftBan,
            Self::Drain => Verb::Drain,
            Self::Stop => Verb::Stop,
        }
    }
}
