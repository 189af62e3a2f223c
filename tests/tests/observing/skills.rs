//! A supervisor changes skills of agents while the room works.

use turno_model::{
    Asker, Command, Done, Fact, Plan, QueueId, Refusal, SkillChange, SkillChanged, SkillOrder, SkillTo,
};
use turno_tests::stage::{Desk, Stage, answering, millis, secs};

const INFO: QueueId = QueueId(0);

/// Ana serves the first queue and Bruno the second.
fn stage() -> (Stage, Desk, Desk) {
    let mut stage = Stage::with(set_skills);
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    let bruno = stage.agent("a002", answering(millis(500)));
    stage.run_for(secs(1));
    (stage, ana, bruno)
}

fn set_skills(plan: &mut Plan) {
    let (first, second) = (plan.queues[0].skill, plan.queues[1].skill);
    for (extension, skill) in [("a001", first), ("a002", second)] {
        let agent = plan.agents.iter_mut().find(|agent| agent.extension == extension);
        agent.expect("an agent").skills = vec![(skill, 1)];
    }
}

fn orders(stage: &mut Stage, agent: &str, to: SkillTo, seconds: Option<u64>) -> Result<Done, Refusal> {
    let agent = stage.who(agent);
    let order = SkillOrder { to, span: seconds.map(secs) };
    stage.ordered(Asker::Control, Command::SetSkill(agent, INFO, order), Some("a rush"))
}

fn changes(stage: &Stage) -> Vec<SkillChanged> {
    let changed =
        |fact: &Fact| if let Fact::SkillChanged(changed) = fact { Some(changed.clone()) } else { None };
    stage.facts().iter().filter_map(|(_, fact)| changed(fact)).collect()
}

#[test]
fn an_agent_who_gets_a_skill_gets_who_waits_for_it_at_once() {
    let (mut stage, ana, bruno) = stage();
    let busy = stage.call("7000", "0990000001");
    stage.talks_to(busy, ana);
    let caller = stage.call("7000", "0990000002");
    stage.run_for(secs(5));
    assert_eq!(stage.times_rung(bruno), 0);
    assert_eq!(orders(&mut stage, "a002", SkillTo::Level(3), Some(3_600)), Ok(Done::Now));
    let at_bruno = stage.talks_to(caller, bruno);
    let told = changes(&stage);
    assert_eq!((told.len(), told[0].level, told[0].queue), (1, Some(3), INFO));
    let SkillChange::Set { by: Asker::Control, why: Some(why), .. } = &told[0].change else {
        panic!("{told:?}")
    };
    assert_eq!(why, "a rush");
    stage.hangs_up(at_bruno);
    stage.hangs_up(busy);
    stage.finish();
}

#[test]
fn an_agent_who_loses_a_skill_gets_nobody_until_it_is_as_planned_again() {
    let (mut stage, ana, _) = stage();
    assert_eq!(orders(&mut stage, "a001", SkillTo::None, Some(120)), Ok(Done::Now));
    let first = stage.call("7000", "0990000001");
    stage.run_for(secs(100));
    assert_eq!(stage.times_rung(ana), 0);
    stage.run_for(secs(25));
    let at_ana = stage.talks_to(first, ana);
    let told: Vec<_> = changes(&stage).into_iter().map(|it| (it.level, it.change)).collect();
    assert_eq!(told.last(), Some(&(Some(1), SkillChange::Ended)));
    stage.hangs_up(at_ana);
    stage.run_for(secs(20));
    // The same by a command.
    assert_eq!(orders(&mut stage, "a001", SkillTo::None, Some(3_600)), Ok(Done::Now));
    let second = stage.call("7000", "0990000002");
    stage.run_for(secs(20));
    assert_eq!(stage.times_rung(ana), 1);
    assert_eq!(orders(&mut stage, "a001", SkillTo::Plan, None), Ok(Done::Now));
    let at_ana = stage.talks_to(second, ana);
    assert_eq!(orders(&mut stage, "a001", SkillTo::Plan, None), Err(Refusal::SkillAsPlanned));
    stage.hangs_up(at_ana);
    stage.finish();
}

#[test]
fn a_changed_skill_survives_a_crash_and_a_reload_and_has_its_end() {
    let (mut stage, ana, bruno) = stage();
    assert_eq!(orders(&mut stage, "a002", SkillTo::Level(1), Some(600)), Ok(Done::Now));
    assert_eq!(orders(&mut stage, "a001", SkillTo::None, Some(600)), Ok(Done::Now));
    stage.crashes(millis(300));
    let mut plan = (*stage.plan).clone();
    set_skills(&mut plan);
    stage.replans(plan);
    let told_again = changes(&stage).len() - 2;
    assert_eq!(told_again, 4, "after the start and after the reload");
    let caller = stage.call("7000", "0990000001");
    let at_bruno = stage.talks_to(caller, bruno);
    stage.hangs_up(at_bruno);
    assert_eq!(stage.times_rung(ana), 0);
    stage.run_for(secs(620));
    let caller = stage.call("7000", "0990000002");
    let at_ana = stage.talks_to(caller, ana);
    assert_eq!((stage.times_rung(ana), stage.times_rung(bruno)), (1, 1));
    stage.hangs_up(at_ana);
    stage.finish();
}

#[test]
fn a_change_without_a_span_ends_with_the_day() {
    let (mut stage, _, _) = stage();
    assert_eq!(orders(&mut stage, "a002", SkillTo::Level(1), None), Ok(Done::Now));
    let told = changes(&stage);
    let SkillChange::Set { until, .. } = &told[0].change else { panic!("{told:?}") };
    let left = until.since(stage.now());
    assert!(left > secs(0) && left <= secs(86_400), "{left:?}");
    let wall = stage.plan.hours.first().map(|hours| hours.day_and_minute(*until).1);
    assert!(wall.is_none_or(|minute| minute == 0), "midnight, not minute {wall:?}");
    stage.finish();
}

#[test]
fn what_cannot_be_is_refused() {
    let (mut stage, _, _) = stage();
    for (to, seconds, why) in [
        (SkillTo::Level(0), None, Refusal::SkillLevel),
        (SkillTo::Level(17), None, Refusal::SkillLevel),
        (SkillTo::Level(1), Some(59), Refusal::SkillSpan),
        (SkillTo::None, Some(400 * 86_400), Refusal::SkillSpan),
        (SkillTo::Plan, None, Refusal::SkillAsPlanned),
    ] {
        assert_eq!(orders(&mut stage, "a001", to, seconds), Err(why));
    }
    let agent = stage.who("a001");
    let order = SkillOrder { to: SkillTo::Level(1), span: None };
    let nowhere = Command::SetSkill(agent, QueueId(99), order);
    assert_eq!(stage.ordered(Asker::Control, nowhere, None), Err(Refusal::NoSuchQueue));
    assert!(changes(&stage).is_empty());
    stage.finish();
}
