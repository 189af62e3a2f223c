//! The number of a citizen in a fact, for all who show facts.

use compact_str::CompactString;
use turno_ground::Pii;

use crate::callback::CallbackChange;
use crate::caller_known::CallerKnown;
use crate::caller_list::CallerListed;
use crate::fact::Fact;

impl Fact {
    /// The citizen's number in this fact; a fact has one at most.
    #[expect(clippy::too_many_lines, reason = "one line for each kind of fact")]
    pub const fn number(&self) -> Option<&Pii<CompactString>> {
        match self {
            Self::ContactArrived { from: number, .. }
            | Self::NumberWithheld { number, .. }
            | Self::OwnCallDialled { dialled: number, .. }
            | Self::Callback(_, CallbackChange::Asked { number, .. })
            | Self::CallerKnown(
                _,
                CallerKnown::Claims { number } | CallerKnown::Diverted { from: number, .. },
            )
            | Self::CallerList(CallerListed { number, .. }) => Some(number),
            Self::Started
            | Self::LegOpened { .. }
            | Self::MenuChosen { .. }
            | Self::TurnedAway { .. }
            | Self::Queued { .. }
            | Self::Offered { .. }
            | Self::OfferSettled { .. }
            | Self::Connected { .. }
            | Self::Held { .. }
            | Self::Resumed { .. }
            | Self::HoldRecalled { .. }
            | Self::TargetWarned { .. }
            | Self::TargetBreached { .. }
            | Self::Transferred { .. }
            | Self::Disconnected { .. }
            | Self::ContactEnded { .. }
            | Self::AgentChanged { .. }
            | Self::AgentAsked { .. }
            | Self::WrapUp { .. }
            | Self::Registered { .. }
            | Self::TrunkChanged { .. }
            | Self::MediaReported { .. }
            | Self::Alarm { .. }
            | Self::CallsRefused { .. }
            | Self::TrunkTold { .. }
            | Self::OwnCallSettled { .. }
            | Self::TakesBeside { .. }
            | Self::Seated { .. }
            | Self::ObservingBegan { .. }
            | Self::ObservingEnded { .. }
            | Self::WaitTold(_)
            | Self::TakenOver { .. }
            | Self::Reprioritised { .. }
            | Self::QueueTurned { .. }
            | Self::Commanded(_)
            | Self::Recording { .. }
            | Self::Handling(_)
            | Self::Passing(_)
            | Self::Menu(_)
            | Self::Emergency(_)
            | Self::Survey(_)
            | Self::SkillChanged(_)
            | Self::LiveSpeech(_)
            | Self::PinEntered(_)
            | Self::Phone(_)
            | Self::Voicemail(_)
            | Self::Stepped(_)
            | Self::Break(_)
            | Self::Callback(..)
            | Self::CallerKnown(
                _,
                CallerKnown::ServedBy { .. }
                | CallerKnown::Listed { .. }
                | CallerKnown::KeptFor { .. }
                | CallerKnown::KeptNoMore { .. }
                | CallerKnown::PulledTo { .. }
                | CallerKnown::PulledNoMore { .. }
                | CallerKnown::DirectFor { .. }
                | CallerKnown::DirectNoMore { .. },
            ) => None,
        }
    }

    /// Whether this number must not be shown to anybody who asks for numbers.
    pub const fn is_number_withheld(&self) -> bool {
        matches!(self, Self::NumberWithheld { .. })
    }
}
