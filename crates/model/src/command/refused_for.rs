//! Why the engine may refuse each act.

use std::net::{IpAddr, Ipv4Addr};

use compact_str::CompactString;

use crate::agent_state::AgentState;
use crate::command::refusal::Refusal;
use crate::command::verb::Verb;

impl Verb {
    /// Every reason for which the engine may refuse it, with example fields.
    pub fn refusals(self) -> Vec<Refusal> {
        use Refusal as R;
        let not_now = || R::NotNow(AgentState::LoggedOut);
        let own = match self {
            Self::LogIn | Self::LogOut => vec![R::NoSuchAgent, not_now()],
            Self::Ready | Self::EndAcw => vec![R::NoSuchAgent, R::NeedsCode, not_now()],
            Self::ExtendAcw => vec![R::NoSuchAgent, R::AlreadyExtended, not_now()],
            Self::Aux => vec![R::NoSuchAgent, R::NoSuchReason, not_now()],
            Self::AskBreak => {
                vec![R::NoSuchAgent, R::NoSuchReason, not_now(), R::NoBreakNow, R::NoTurnLeft]
            }
            Self::WrapUp => vec![R::NoSuchAgent, R::NothingToWrapUp, R::NoSuchCode],
            Self::Help => vec![R::NoSuchAgent, R::NoTalk, R::AlreadyHelped, R::NoExpert],
            Self::Return => vec![R::NoSuchAgent, R::NoTalk, R::PassedOn],
            Self::Consult => consult_refusals(),
            Self::Conference | Self::Complete => {
                vec![R::NoSuchAgent, R::NotConsulting, R::NotAnswered]
            }
            Self::Back => vec![R::NoSuchAgent, R::NotConsulting],
            Self::Answer => vec![R::NoSuchAgent, R::NothingRings, R::AtThePhone],
            Self::Hold => vec![R::NoSuchAgent, R::NoTalk, R::AlreadyConsulting],
            Self::Resume => vec![R::NoSuchAgent, R::NoTalk, R::AtThePhone],
            Self::HangUp => vec![R::NoSuchAgent, R::NoTalk],
            Self::NoMicrophone | Self::Microphone => vec![R::NoSuchAgent],
            Self::Sit => {
                let by = CompactString::const_new("1002");
                vec![R::NoSuchAgent, R::NoSuchSeat, R::SeatTaken { by }, R::AgentBusy]
            }
            Self::Leave => vec![R::NoSuchAgent, R::SitsNowhere, R::AgentBusy],
            Self::Enqueue => vec![R::NeedsCall, R::Ending, R::NoSuchQueue, R::QueueClosed],
            Self::Take | Self::Decline => vec![R::NoSuchAgent, R::NoOffer],
            Self::Finish => vec![R::NoSuchAgent, R::NotInHand],
            Self::Withdraw => vec![R::NoSuchContact],
            Self::Observe => observe_refusals(),
            Self::ChangeObserving | Self::StopObserving => vec![R::NoSuchAgent, R::NotObserving],
            Self::TakeOver => {
                vec![R::NoSuchAgent, R::NotObserving, R::NobodyTalks, R::PassedOn, R::ObserverIsBusy]
            }
            Self::Move => vec![R::NotWaiting, R::NoSuchQueue, R::QueueClosed],
            Self::Prioritise => vec![R::NotWaiting],
            Self::End => vec![R::NotWaiting, R::NoSuchPrompt],
            Self::Pull => vec![R::NotWaiting, R::NotPulled, R::NoSuchAgent, not_now()],
            Self::SetSkill => {
                vec![R::NoSuchAgent, R::NoSuchQueue, R::SkillLevel, R::SkillSpan, R::SkillAsPlanned]
            }
            Self::SetQueue => vec![R::NoSuchQueue],
            Self::Announce => vec![R::NoSuchQueue, R::NoSuchPrompt],
            Self::Speak => speech_refusals(),
            Self::EmergencyOn => vec![R::NoSuchPrompt],
            Self::ListCaller => vec![R::NoSuchList, R::NoNumber, R::ListSpan, R::ListsFull],
            Self::UnlistCaller => vec![R::NoSuchList, R::NoNumber, R::NotListed],
            Self::Record => vec![R::NoSuchAgent, R::NoRecorder, R::NoTalk, R::NeverRecorded, R::BridgeFull],
            Self::PauseRecording => vec![R::NoSuchAgent, R::NotRecorded],
            Self::ResumeRecording => vec![R::NoSuchAgent, R::NotRecorded, R::BridgeFull],
            Self::PurgeRecordings => vec![R::NoRecorder],
            Self::Ban => ban_refusals(),
            Self::LiftBan => vec![R::NotBanned { source: CompactString::const_new("192.0.2.9") }],
            Self::EmergencyOff | Self::TrunkResolved | Self::Drain | Self::Stop => Vec::new(),
        };
        core::iter::once(R::NotForAsker).chain(own).collect()
    }

    /// Whether the engine may refuse it for this reason.
    pub fn may_be_refused_for(self, refusal: &Refusal) -> bool {
        let kind = core::mem::discriminant(refusal);
        self.refusals().iter().any(|known| core::mem::discriminant(known) == kind)
    }
}

fn consult_refusals() -> Vec<Refusal> {
    use Refusal as R;
    vec![R::NoSuchAgent, R::NoTalk, R::PassedOn, R::AlreadyConsulting, R::NobodyToConsult, R::NoPort]
}

fn observe_refusals() -> Vec<Refusal> {
    use Refusal as R;
    let who = [R::NoSuchAgent, R::NotSupervisor, R::NobodyTalks, R::AlreadyObserving];
    let means = [R::ObserverIsBusy, R::TooManyObservers, R::ObserverHasNoPhone, R::NoPort];
    who.into_iter().chain(means).collect()
}

fn ban_refusals() -> Vec<Refusal> {
    let (address, trunk) = (IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9)), CompactString::const_new("carrier"));
    vec![Refusal::BanSpan, Refusal::TrunkAddress { address, trunk }, Refusal::NeverBanned(address)]
}

fn speech_refusals() -> Vec<Refusal> {
    let by = CompactString::const_new("1005");
    vec![
        Refusal::NoSuchAgent,
        Refusal::NoSuchQueue,
        Refusal::MayNotSpeak,
        Refusal::SpokenTo { by },
        Refusal::AgentBusy,
        Refusal::TooManySpeak,
        Refusal::NoPhone,
        Refusal::NoPort,
    ]
}
