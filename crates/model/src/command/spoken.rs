//! Translates commands with names into commands with indexes of a plan.

use crate::command::refusal::Refusal;
use crate::command::{Act, Command, Newcomer, Spoken};
use crate::id::QueueId;
use crate::plan::Plan;

impl Spoken {
    /// The same command with indexes of this plan. A retired agent or seat is found too; the engine refuses it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchAgent`], [`Refusal::NoSuchSeat`], [`Refusal::NoSuchQueue`], [`Refusal::NoSuchReason`].
    pub fn in_plan(self, plan: &Plan) -> Result<Command, Refusal> {
        let agent = |extension: &str| plan.agent_by_extension(extension).ok_or(Refusal::NoSuchAgent);
        Ok(match self {
            Act::LogIn(who) => Act::LogIn(agent(&who)?),
            Act::LogOut(who) => Act::LogOut(agent(&who)?),
            Act::Ready(who) => Act::Ready(agent(&who)?),
            Act::Aux(who, reason) => {
                let known = plan.aux_reasons.iter().position(|it| it.name == reason);
                let place = known.and_then(|place| u8::try_from(place).ok());
                Act::Aux(agent(&who)?, place.ok_or(Refusal::NoSuchReason)?)
            }
            Act::EndAcw(who) => Act::EndAcw(agent(&who)?),
            Act::WrapUp(who, code) => Act::WrapUp(agent(&who)?, code),
            Act::Sit(who, at) => {
                let seat = plan.seat_by_extension(&at).ok_or(Refusal::NoSuchSeat);
                Act::Sit(agent(&who)?, seat?)
            }
            Act::Leave(who) => Act::Leave(agent(&who)?),
            Act::Enqueue(Newcomer { channel, queue, from }) => {
                let known = plan.queues.iter().position(|it| it.name == queue);
                let queue = known.and_then(|place| u32::try_from(place).ok()).map(QueueId);
                Act::Enqueue(Newcomer { channel, queue: queue.ok_or(Refusal::NoSuchQueue)?, from })
            }
            Act::Take(who) => Act::Take(agent(&who)?),
            Act::Decline(who) => Act::Decline(agent(&who)?),
            Act::Finish(who, contact) => Act::Finish(agent(&who)?, contact),
            Act::Withdraw(contact) => Act::Withdraw(contact),
            Act::Observe(who, contact, how) => Act::Observe(agent(&who)?, contact, how),
            Act::ChangeObserving(who, how) => Act::ChangeObserving(agent(&who)?, how),
            Act::StopObserving(who) => Act::StopObserving(agent(&who)?),
            Act::TakeOver(who) => Act::TakeOver(agent(&who)?),
            Act::TrunkResolved(trunk, addresses) => Act::TrunkResolved(trunk, addresses),
            Act::Ban(address, span) => Act::Ban(address, span),
            Act::LiftBan(address) => Act::LiftBan(address),
            Act::Drain => Act::Drain,
            Act::Stop => Act::Stop,
        })
    }
}
