//! The plans of random days: queues with their rules, limits and steps, agents with their levels, breaks in turns.

use proptest::prelude::*;
use turno_model::plan::{
    AcwPlan, AtOnce, BreakTurns, CallbackFirst, CallbackPlan, QueuePlan, RoomPlan, StepAction, StepPlan,
    StepWhen, Treatment, WrittenPlan,
};
use turno_model::{Plan, QueueId, Rule, sample};

use crate::breaks::{in_turns, turns};
use crate::stage::{FULL, NOBODY, TOO_LONG, agent, plan, queue, secs};

pub(crate) const AGENTS: u32 = 6;
pub(crate) const QUEUES: u32 = 4;

/// A step of the queue at this place. Moves lead on to later queues only, since circles are refused.
fn step(at: usize) -> impl Strategy<Value = StepPlan> {
    let later = u32::try_from(at).expect("few queues") + 1..=QUEUES;
    let when = prop_oneof![
        4 => (1u64..40).prop_map(|after| StepWhen::Waited(secs(after))),
        1 => (1u64..400).prop_map(|over| StepWhen::ToldOver(secs(over))),
        1 => (0u32..5).prop_map(StepWhen::LongerThan),
        1 => Just(StepWhen::Nobody),
        1 => Just(StepWhen::Closed),
    ];
    let action = prop_oneof![
        3 => prop::option::of(1u8..4).prop_map(StepAction::LevelMax),
        2 => (0..QUEUES).prop_map(|also| StepAction::Also(QueueId(also))),
        1 => (1u8..3).prop_map(StepAction::Raise),
        1 => later.prop_map(|to| {
            if to < QUEUES { StepAction::MoveTo(QueueId(to)) } else { StepAction::Raise(1) }
        }),
        1 => Just(StepAction::SendTo("022551234".to_owned())),
        1 => Just(StepAction::PromptAndEnd(TOO_LONG)),
    ];
    (when, action).prop_map(|(when, action)| StepPlan { when, action })
}

/// The steps of each queue, in half of the days.
fn all_steps() -> impl Strategy<Value = Vec<(Option<u8>, Vec<StepPlan>)>> {
    let of = |at: usize| (prop::option::of(1u8..3), prop::collection::vec(step(at), 0..5));
    let all: Vec<_> = (0..QUEUES as usize).map(of).collect();
    prop_oneof![Just(vec![(None, Vec::new()); QUEUES as usize]), all]
}

prop_compose! {
    fn queues()(
        steps in all_steps(),
        rules in prop::collection::vec(0usize..4, QUEUES as usize),
        skills in prop::collection::vec(0u32..3, QUEUES as usize),
        acws in prop::collection::vec(0usize..3, QUEUES as usize),
        limits in prop::collection::vec((any::<bool>(), any::<bool>(), 0u32..12), QUEUES as usize),
        (tells_wait, dials_ahead) in any::<(bool, bool)>(),
    ) -> Vec<QueuePlan> {
        (0..QUEUES as usize).map(|at| QueuePlan {
            rule: [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa][rules[at]],
            priority: u8::from(at == 1),
            acw: [AcwPlan::Timed(secs(0)), AcwPlan::Timed(secs(20)), AcwPlan::Manual][acws[at]],
            when_nobody: if limits[at].0 { Treatment::PromptAndEnd(NOBODY) } else { Treatment::Wait },
            wait_max: limits[at].1.then_some(secs(60)),
            when_waited: Treatment::PromptAndEnd(TOO_LONG),
            length_max: limits[at].2,
            when_full: Treatment::PromptAndEnd(FULL),
            announcements: tells_wait.then(sample::announcements),
            callback: dials_ahead.then(|| CallbackPlan {
                first: if at == 3 { CallbackFirst::Agent } else { CallbackFirst::Citizen },
                ahead: secs([0, 15, 100, 15][at]),
                ..sample::callback()
            }),
            level_max: steps[at].0,
            transfer_keeps_wait: at != 2,
            last_agent_wait: secs(u64::from(limits[at].2 / 2) * 8),
            steps: steps[at].1.clone(),
            ..queue(skills[at])
        }).collect()
    }
}

prop_compose! {
    pub(crate) fn plans()(
        queues in queues(),
        levels in prop::collection::vec(prop::collection::vec(0u8..4, 3), AGENTS as usize),
        acw_considered_idle in any::<bool>(),
        aux_considered_idle in any::<bool>(),
        (chats, whatsapp, emails, calls_beside) in (1u8..4, 1u8..4, 1u8..3, 0u8..3),
        (keep_for_calls, for_writers) in (0u32..4, prop::option::of(0u32..QUEUES)),
        (at_once, wait_limit) in (1u32..4, 5u64..120),
    ) -> Plan {
        let turns = BreakTurns { at_once, wait_limit: secs(wait_limit), ..turns(1) };
        let at_once = AtOnce { chats, whatsapp, emails, calls_beside };
        let agents = levels.iter().map(|levels| {
            let skills: Vec<(u32, u8)> = (0u32..).zip(levels).filter(|(_, level)| **level > 0)
                .map(|(skill, level)| (skill, *level)).collect();
            agent(&skills)
        }).collect();
        let plan = in_turns(plan(queues, agents), turns, &[(820, 850), (852, 880)]);
        let room = RoomPlan {
            acw_considered_idle, aux_considered_idle, at_once, keep_for_calls, ..RoomPlan::default()
        };
        let chat = for_writers.map(|at| plan.queues[at as usize].name.clone());
        let written = WrittenPlan { chat, ..plan.written.clone() };
        Plan { room, written, ..plan }
    }
}
