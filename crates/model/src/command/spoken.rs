//! Translates commands with names into commands with indexes of a plan.

use crate::command::refusal::Refusal;
use crate::command::{Act, Command, Newcomer, Spoken};
use crate::id::{PromptName, QueueId};
use crate::plan::Plan;

impl Spoken {
    /// The same command with indexes of this plan. A retired agent or seat is found too; the engine refuses it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchAgent`], [`Refusal::NoSuchSeat`], [`Refusal::NoSuchQueue`], [`Refusal::NoSuchReason`],
    /// [`Refusal::NoSuchPrompt`].
    pub fn in_plan(self, plan: &Plan) -> Result<Command, Refusal> {
        let agent = |extension: &str| plan.agent_by_extension(extension).ok_or(Refusal::NoSuchAgent);
        Ok(match self {
            Act::LogIn(who) => Act::LogIn(agent(&who)?),
            Act::LogOut(who) => Act::LogOut(agent(&who)?),
            Act::Ready(who) => Act::Ready(agent(&who)?),
            Act::Aux(who, reason) => Act::Aux(agent(&who)?, reason_of(plan, &reason)?),
            Act::AskBreak(who, reason) => Act::AskBreak(agent(&who)?, reason_of(plan, &reason)?),
            Act::EndAcw(who) => Act::EndAcw(agent(&who)?),
            Act::ExtendAcw(who) => Act::ExtendAcw(agent(&who)?),
            Act::Help(who) => Act::Help(agent(&who)?),
            Act::Return(who) => Act::Return(agent(&who)?),
            Act::Consult(who, whom) => Act::Consult(agent(&who)?, whom),
            Act::Conference(who) => Act::Conference(agent(&who)?),
            Act::Complete(who) => Act::Complete(agent(&who)?),
            Act::Back(who) => Act::Back(agent(&who)?),
            Act::Answer(who) => Act::Answer(agent(&who)?),
            Act::Hold(who) => Act::Hold(agent(&who)?),
            Act::Resume(who) => Act::Resume(agent(&who)?),
            Act::HangUp(who) => Act::HangUp(agent(&who)?),
            Act::NoMicrophone(who) => Act::NoMicrophone(agent(&who)?),
            Act::Microphone(who) => Act::Microphone(agent(&who)?),
            Act::WrapUp(who, code) => Act::WrapUp(agent(&who)?, code),
            Act::Sit(who, at) => {
                let seat = plan.seat_by_extension(&at).ok_or(Refusal::NoSuchSeat);
                Act::Sit(agent(&who)?, seat?)
            }
            Act::Leave(who) => Act::Leave(agent(&who)?),
            Act::Enqueue(Newcomer { channel, queue, from, since, prefer, is_theirs, key }) => {
                // Who is no agent any more can't be preferred, and that is no reason to refuse a person.
                let prefer = prefer.and_then(|who| plan.agent_by_extension(&who));
                let queue = queue_of(plan, &queue)?;
                Act::Enqueue(Newcomer { channel, queue, from, since, prefer, is_theirs, key })
            }
            Act::Take(who) => Act::Take(agent(&who)?),
            Act::Decline(who) => Act::Decline(agent(&who)?),
            Act::Finish(who, contact) => Act::Finish(agent(&who)?, contact),
            Act::Withdraw(contact) => Act::Withdraw(contact),
            Act::Observe(who, contact, how) => Act::Observe(agent(&who)?, contact, how),
            Act::ChangeObserving(who, how) => Act::ChangeObserving(agent(&who)?, how),
            Act::StopObserving(who) => Act::StopObserving(agent(&who)?),
            Act::TakeOver(who) => Act::TakeOver(agent(&who)?),
            Act::Move(contact, to) => Act::Move(contact, queue_of(plan, &to)?),
            Act::Prioritise(contact, priority) => Act::Prioritise(contact, priority),
            Act::End(contact, prompt) => {
                Act::End(contact, prompt.map(|name| prompt_of(plan, &name)).transpose()?)
            }
            Act::Pull(contact, who) => Act::Pull(contact, who.map(|who| agent(&who)).transpose()?),
            Act::SetSkill(who, queue, order) => Act::SetSkill(agent(&who)?, queue_of(plan, &queue)?, order),
            Act::SetQueue(queue, state) => Act::SetQueue(queue_of(plan, &queue)?, state),
            Act::Announce(queue, prompt) => Act::Announce(queue_of(plan, &queue)?, prompt_of(plan, &prompt)?),
            Act::Speak(who, queue) => Act::Speak(agent(&who)?, queue_of(plan, &queue)?),
            Act::EmergencyOn(prompt) => {
                Act::EmergencyOn(prompt.map(|name| prompt_of(plan, &name)).transpose()?)
            }
            Act::EmergencyOff => Act::EmergencyOff,
            Act::ListCaller(listing) => Act::ListCaller(listing),
            Act::UnlistCaller(list, number) => Act::UnlistCaller(list, number),
            Act::Record(who) => Act::Record(agent(&who)?),
            Act::PauseRecording(who) => Act::PauseRecording(agent(&who)?),
            Act::ResumeRecording(who) => Act::ResumeRecording(agent(&who)?),
            Act::PurgeRecordings => Act::PurgeRecordings,
            Act::TrunkResolved(trunk, addresses) => Act::TrunkResolved(trunk, addresses),
            Act::Ban(address, span) => Act::Ban(address, span),
            Act::LiftBan(address) => Act::LiftBan(address),
            Act::Drain => Act::Drain,
            Act::Stop => Act::Stop,
        })
    }
}

fn reason_of(plan: &Plan, name: &str) -> Result<u8, Refusal> {
    let known = plan.aux_reasons.iter().position(|it| it.name == name);
    known.and_then(|place| u8::try_from(place).ok()).ok_or(Refusal::NoSuchReason)
}

fn queue_of(plan: &Plan, name: &str) -> Result<QueueId, Refusal> {
    let known = plan.queues.iter().position(|it| it.name == name);
    known.and_then(|place| u32::try_from(place).ok()).map(QueueId).ok_or(Refusal::NoSuchQueue)
}

fn prompt_of(plan: &Plan, name: &str) -> Result<PromptName, Refusal> {
    let known = plan.prompts.iter().position(|it| it.name == name);
    known.and_then(|place| u32::try_from(place).ok()).map(PromptName).ok_or(Refusal::NoSuchPrompt)
}
