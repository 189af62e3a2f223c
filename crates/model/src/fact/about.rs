//! The contact, agent and queue of a fact.

use crate::caller_known::CallerKnown;
use crate::fact::{Fact, Party};
use crate::id::{AgentId, ContactId, QueueId};
use crate::recording::RecordingChange;
use crate::step_taken::StepTaken;
use crate::wait_told::WaitTold;

impl Fact {
    /// The contact of this fact, or the agent call, which is numbered like a contact.
    pub const fn contact(&self) -> Option<ContactId> {
        match self {
            Self::ContactArrived { contact, .. }
            | Self::LegOpened { contact, .. }
            | Self::MenuChosen { contact, .. }
            | Self::TurnedAway { contact, .. }
            | Self::Queued { contact, .. }
            | Self::Offered { contact, .. }
            | Self::OfferSettled { contact, .. }
            | Self::Connected { contact, .. }
            | Self::Held { contact, .. }
            | Self::Resumed { contact, .. }
            | Self::HoldRecalled { contact, .. }
            | Self::TargetWarned { contact, .. }
            | Self::TargetBreached { contact, .. }
            | Self::Transferred { contact, .. }
            | Self::Disconnected { contact, .. }
            | Self::ContactEnded { contact, .. }
            | Self::NumberWithheld { contact, .. }
            | Self::WrapUp { contact, .. }
            | Self::ObservingBegan { contact, .. }
            | Self::ObservingEnded { contact, .. }
            | Self::WaitTold(WaitTold { contact, .. })
            | Self::TakenOver { contact, .. }
            | Self::Reprioritised { contact, .. } => Some(*contact),
            Self::Recording { contact, .. }
            | Self::Callback(contact, _)
            | Self::CallerKnown(contact, _)
            | Self::Stepped(StepTaken { contact, .. }) => Some(*contact),
            Self::Menu(step) => Some(step.contact),
            Self::Emergency(emergency) => emergency.contact(),
            Self::LiveSpeech(speech) => speech.contact(),
            Self::Handling(handled) => Some(handled.contact),
            Self::Passing(passing) => Some(passing.contact),
            Self::Survey(survey) => Some(survey.contact),
            Self::Voicemail(voicemail) => Some(voicemail.contact),
            Self::Phone(step) => step.contact,
            Self::OwnCallDialled { call, .. } | Self::OwnCallSettled { call, .. } => Some(*call),
            Self::MediaReported(report) => report.contact,
            Self::Commanded(commanded) => commanded.contact,
            Self::Started
            | Self::AgentChanged { .. }
            | Self::AgentAsked { .. }
            | Self::TakesBeside { .. }
            | Self::Seated { .. }
            | Self::Registered { .. }
            | Self::TrunkChanged { .. }
            | Self::CallsRefused { .. }
            | Self::TrunkTold { .. }
            | Self::QueueTurned { .. }
            | Self::Break(_)
            | Self::PinEntered(_)
            | Self::CallerList(_)
            | Self::SkillChanged(_)
            | Self::Alarm { .. } => None,
        }
    }

    /// The agent of this fact.
    pub const fn agent(&self) -> Option<AgentId> {
        match self {
            Self::Offered { agent, .. }
            | Self::OfferSettled { agent, .. }
            | Self::Connected { agent, .. }
            | Self::Held { agent, .. }
            | Self::Resumed { agent, .. }
            | Self::HoldRecalled { agent, .. }
            | Self::TargetWarned { agent, .. }
            | Self::TargetBreached { agent, .. }
            | Self::Transferred { agent, .. }
            | Self::Disconnected { agent, .. }
            | Self::AgentChanged { agent, .. }
            | Self::AgentAsked { agent, .. }
            | Self::TakesBeside { agent, .. }
            | Self::Seated { agent, .. }
            | Self::WrapUp { agent, .. }
            | Self::Registered { agent, .. }
            | Self::Recording { change: RecordingChange::Began { agent, .. }, .. }
            | Self::OwnCallDialled { agent, .. } => Some(*agent),
            Self::ObservingBegan { observer, .. } | Self::ObservingEnded { observer, .. } => Some(*observer),
            Self::CallerKnown(
                _,
                CallerKnown::ServedBy { agent }
                | CallerKnown::KeptFor { agent, .. }
                | CallerKnown::KeptNoMore { agent }
                | CallerKnown::PulledTo { agent, .. }
                | CallerKnown::PulledNoMore { agent }
                | CallerKnown::DirectFor { agent, .. }
                | CallerKnown::DirectNoMore { agent },
            ) => Some(*agent),
            Self::TakenOver { to, .. } => Some(*to),
            Self::Commanded(commanded) => commanded.agent,
            Self::Handling(handled) => Some(handled.agent),
            Self::Passing(passing) => Some(passing.agent),
            Self::Survey(survey) => Some(survey.agent),
            Self::Voicemail(voicemail) => voicemail.change.agent(),
            Self::Break(step) => Some(step.agent),
            Self::SkillChanged(changed) => Some(changed.agent),
            Self::LiveSpeech(speech) => Some(speech.speaker),
            Self::PinEntered(entered) => entered.agent,
            Self::Phone(step) => step.agent,
            Self::LegOpened { party, .. } => match party {
                Party::Agent(agent) => Some(*agent),
                Party::Caller | Party::Outside => None,
            },
            Self::Started
            | Self::ContactArrived { .. }
            | Self::MenuChosen { .. }
            | Self::TurnedAway { .. }
            | Self::Queued { .. }
            | Self::ContactEnded { .. }
            | Self::TrunkChanged { .. }
            | Self::MediaReported(_)
            | Self::Alarm { .. }
            | Self::CallsRefused { .. }
            | Self::TrunkTold { .. }
            | Self::NumberWithheld { .. }
            | Self::WaitTold(_)
            | Self::Reprioritised { .. }
            | Self::QueueTurned { .. }
            | Self::Recording { .. }
            | Self::Callback(..)
            | Self::CallerKnown(..)
            | Self::CallerList(_)
            | Self::Stepped(_)
            | Self::Menu(_)
            | Self::Emergency(_)
            | Self::OwnCallSettled { .. } => None,
        }
    }

    /// The queue of this fact.
    pub const fn queue(&self) -> Option<QueueId> {
        match self {
            Self::Queued { queue, .. }
            | Self::Offered { queue, .. }
            | Self::OfferSettled { queue, .. }
            | Self::Connected { queue, .. }
            | Self::Disconnected { queue, .. }
            | Self::Recording { change: RecordingChange::Began { queue, .. }, .. }
            | Self::ContactEnded { queue, .. }
            | Self::WaitTold(WaitTold { queue, .. })
            | Self::TakenOver { queue, .. }
            | Self::Reprioritised { queue, .. }
            | Self::Stepped(StepTaken { queue, .. })
            | Self::QueueTurned { queue, .. } => Some(*queue),
            Self::Commanded(commanded) => commanded.queue,
            Self::Survey(survey) => Some(survey.queue),
            Self::SkillChanged(changed) => Some(changed.queue),
            Self::LiveSpeech(speech) => Some(speech.queue),
            Self::Voicemail(voicemail) => Some(voicemail.queue),
            Self::Recording { change: RecordingChange::MessageBegan { queue, .. }, .. } => Some(*queue),
            Self::Started
            | Self::ContactArrived { .. }
            | Self::LegOpened { .. }
            | Self::MenuChosen { .. }
            | Self::TurnedAway { .. }
            | Self::Held { .. }
            | Self::Resumed { .. }
            | Self::HoldRecalled { .. }
            | Self::TargetWarned { .. }
            | Self::TargetBreached { .. }
            | Self::Transferred { .. }
            | Self::AgentChanged { .. }
            | Self::AgentAsked { .. }
            | Self::TakesBeside { .. }
            | Self::Seated { .. }
            | Self::WrapUp { .. }
            | Self::Registered { .. }
            | Self::TrunkChanged { .. }
            | Self::MediaReported(_)
            | Self::Alarm { .. }
            | Self::CallsRefused { .. }
            | Self::TrunkTold { .. }
            | Self::NumberWithheld { .. }
            | Self::OwnCallDialled { .. }
            | Self::OwnCallSettled { .. }
            | Self::ObservingBegan { .. }
            | Self::ObservingEnded { .. }
            | Self::Break(_)
            | Self::Recording { .. }
            | Self::Callback(..)
            | Self::Menu(_)
            | Self::Emergency(_)
            | Self::CallerKnown(..)
            | Self::PinEntered(_)
            | Self::Phone(_)
            | Self::Passing(_)
            | Self::CallerList(_)
            | Self::Handling(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::OfferOutcome;
    use crate::id::OfferId;
    use core::time::Duration;

    #[test]
    fn a_fact_says_whom_it_is_about() {
        let (contact, agent, queue) = (ContactId(7), AgentId(3), QueueId(2));
        let settled = Fact::OfferSettled {
            offer: OfferId(1),
            contact,
            agent,
            queue,
            outcome: OfferOutcome::Accepted,
            rang: Duration::ZERO,
        };
        let about = |fact: &Fact| (fact.contact(), fact.agent(), fact.queue());
        assert_eq!(about(&settled), (Some(contact), Some(agent), Some(queue)));
        let leg = |party| Fact::LegOpened { contact, party, call_id: "c".into() };
        assert_eq!(about(&leg(Party::Agent(agent))), (Some(contact), Some(agent), None));
        assert_eq!(about(&leg(Party::Caller)), (Some(contact), None, None));
        assert_eq!(about(&Fact::Started), (None, None, None));
    }
}
