//! What may happen in a random day.

use proptest::prelude::*;
use turno_model::{Channel, OfferOutcome, QueueState};

use crate::random_plans::{AGENTS, QUEUES};

/// A random event; numbers select among what exists.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Call { queue: u32, channel: Channel, priority: Option<u8>, waited: Option<u64> },
    Abandon(usize),
    TellWait(usize),
    Dequeue(usize),
    CallBack(usize, u64),
    NotReached(usize, u64),
    GiveUp(usize),
    DialEnds(usize, DialEnd),
    Accept(usize),
    Settle(usize, OfferOutcome),
    Hold(usize),
    Resume(usize),
    Release(usize),
    AgentLost(usize),
    GiveBack(usize),
    TransferToQueue(usize, u32),
    TransferAway(usize),
    LogIn(u32),
    LogOut(u32),
    Ready(u32),
    Aux(u32),
    AskBreak(u32, u8),
    EndAcw(u32),
    Reachable(u32, bool),
    OtherCallBegins(u32),
    OtherCallEnds(u32),
    Turn(u32, QueueState),
    Outside(usize, bool),
    Pull(usize, u32),
    PullBack(usize),
    Skill(u32, u32, Option<u8>),
    Wait(u64),
}

/// How a dial ahead ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DialEnd {
    Answered,
    Failed(u64),
    HungUp,
}

/// About as many calls as all other channels together.
fn channels() -> impl Strategy<Value = Channel> {
    prop_oneof![4 => Just(Channel::Voice), 5 => prop::sample::select(Channel::ALL.to_vec())]
}

pub(crate) fn events() -> impl Strategy<Value = Event> {
    use Event as E;
    let (any, agent, agent_too) = (0usize..8, 0..AGENTS, 0..AGENTS);
    let states = vec![QueueState::Open, QueueState::Open, QueueState::Closed, QueueState::Paused];
    let outcome = prop::sample::select(vec![
        OfferOutcome::Refused,
        OfferOutcome::NoAnswer,
        OfferOutcome::Unreachable,
        OfferOutcome::Incompatible,
        OfferOutcome::CallerLeft,
        OfferOutcome::Withdrawn,
    ]);
    let ends = prop_oneof![
        3 => Just(DialEnd::Answered),
        2 => (0u64..40).prop_map(DialEnd::Failed),
        1 => Just(DialEnd::HungUp),
    ];
    let callers = prop_oneof![
        8 => (
            0..QUEUES,
            channels(),
            prop::option::weighted(0.2, 0u8..4),
            prop::option::weighted(0.2, 0u64..60),
        )
            .prop_map(|(queue, channel, priority, waited)| E::Call { queue, channel, priority, waited }),
        1 => any.clone().prop_map(E::Abandon),
        2 => any.clone().prop_map(E::TellWait),
        1 => any.clone().prop_map(E::Dequeue),
        2 => (any.clone(), 0u64..30).prop_map(|(at, seconds)| E::CallBack(at, seconds)),
        1 => (any.clone(), 0u64..30).prop_map(|(at, seconds)| E::NotReached(at, seconds)),
        1 => any.clone().prop_map(E::GiveUp),
        2 => (any.clone(), ends).prop_map(|(at, end)| E::DialEnds(at, end)),
        8 => any.clone().prop_map(E::Accept),
        3 => (any.clone(), outcome).prop_map(|(at, outcome)| E::Settle(at, outcome)),
        1 => any.clone().prop_map(E::Hold),
        1 => any.clone().prop_map(E::Resume),
        5 => any.clone().prop_map(E::Release),
        1 => any.clone().prop_map(E::AgentLost),
        1 => any.clone().prop_map(E::GiveBack),
        1 => (any.clone(), 0..QUEUES).prop_map(|(at, queue)| E::TransferToQueue(at, queue)),
        1 => any.clone().prop_map(E::TransferAway),
        2 => (any.clone(), prop::bool::ANY).prop_map(|(at, answers)| E::Outside(at, answers)),
        3 => (any.clone(), agent.clone()).prop_map(|(at, agent)| E::Pull(at, agent)),
        1 => any.prop_map(E::PullBack),
    ];
    let agents = prop_oneof![
        4 => agent.clone().prop_map(E::LogIn),
        1 => agent.clone().prop_map(E::LogOut),
        3 => agent.clone().prop_map(E::Ready),
        1 => agent.clone().prop_map(E::Aux),
        3 => (agent.clone(), 0u8..2).prop_map(|(at, reason)| E::AskBreak(at, reason)),
        1 => agent.clone().prop_map(E::EndAcw),
        3 => (agent.clone(), prop::bool::weighted(0.8)).prop_map(|(at, is)| E::Reachable(at, is)),
        1 => agent.clone().prop_map(E::OtherCallBegins),
        2 => agent.prop_map(E::OtherCallEnds),
        1 => (agent_too, 0..QUEUES, prop::option::weighted(0.7, 1u8..4))
            .prop_map(|(at, queue, level)| E::Skill(at, queue, level)),
        1 => (0..QUEUES, prop::sample::select(states)).prop_map(|(queue, to)| E::Turn(queue, to)),
    ];
    prop_oneof![4 => callers, 3 => agents, 2 => (0u64..20).prop_map(E::Wait), 1 => (50u64..200).prop_map(E::Wait)]
}
