//! A supervisor gives a waiting caller to one agent.

use turno_model::command::verb::Verb;
use turno_model::{
    Act, AgentId, AgentState, Asker, CallerKnown, Command, Commanded, ContactId, Done, Fact, QueueId,
    QueueState, Refusal, Rule,
};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

/// Ana talks to the first caller, and Bruno, who lacks the skill of the queue where the second one waits, to nobody.
fn stage() -> (Stage, Desk, Desk, Line) {
    let mut stage = Stage::with(|plan| {
        let (first, second) = (plan.queues[0].skill, plan.queues[1].skill);
        let ana = plan.agents.iter().position(|agent| agent.extension == "a001").expect("Ana");
        let bruno = plan.agents.iter().position(|agent| agent.extension == "a002").expect("Bruno");
        plan.agents[ana].skills = vec![(first, 1)];
        plan.agents[bruno].skills = vec![(second, 1)];
    });
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    let bruno = stage.agent("a002", answering(millis(500)));
    stage.run_for(secs(1));
    let busy = stage.call("7000", "0990000001");
    stage.talks_to(busy, ana);
    (stage, ana, bruno, busy)
}

fn last_contact(stage: &Stage) -> ContactId {
    let queued =
        stage.facts().iter().rev().find_map(|(_, fact)| {
            if let Fact::Queued { contact, .. } = fact { Some(*contact) } else { None }
        });
    queued.expect("somebody waits")
}

fn pulls(stage: &mut Stage, contact: ContactId, agent: &str) -> Result<Done, Refusal> {
    let agent = stage.who(agent);
    stage.ordered(Asker::Control, Command::Pull(contact, Some(agent)), Some("knows the matter"))
}

fn last_offer(stage: &Stage) -> (AgentId, Rule) {
    let offered = stage.facts().iter().rev().find_map(|(_, fact)| {
        if let Fact::Offered { decision, .. } = fact { Some((decision.winner, decision.rule)) } else { None }
    });
    offered.expect("something was offered")
}

#[test]
fn a_free_agent_without_the_skill_gets_the_caller_at_once_and_the_trace_says_why() {
    let (mut stage, _, bruno, busy) = stage();
    let caller = stage.call("7000", "0990000002");
    stage.run_for(secs(3));
    assert_eq!(stage.times_rung(bruno), 0);
    let contact = last_contact(&stage);
    assert_eq!(pulls(&mut stage, contact, "a002"), Ok(Done::Now));
    let at_bruno = stage.talks_to(caller, bruno);
    assert_eq!(last_offer(&stage), (stage.who("a002"), Rule::Pulled));
    let who = stage.who("a002");
    let asked = |fact: &Fact| {
        matches!(fact, Fact::Commanded(Commanded { by: Asker::Control, why: Some(why), verb: Verb::Pull, agent, contact: about, .. })
            if why == "knows the matter" && *agent == Some(who) && *about == Some(contact))
    };
    assert_eq!(stage.count(asked), 1, "who asked for what, and why");
    let told = format!("{:?}", stage.story(contact));
    for part in ["a supervisor gave it to", "pulled: a supervisor gave it to this agent", "knows the matter"]
    {
        assert!(told.contains(part), "{part} is missing in {told}");
    }
    stage.hangs_up(at_bruno);
    stage.hangs_up(busy);
    stage.finish();
}

#[test]
fn a_busy_agent_gets_the_caller_next_also_after_a_crash_and_a_reload() {
    let (mut stage, ana, bruno, busy) = stage();
    let other = stage.call("7001", "0990000003");
    stage.talks_to(other, bruno);
    let earlier = stage.call("7001", "0990000004");
    stage.run_for(secs(2));
    let caller = stage.call("7000", "0990000005");
    stage.run_for(secs(2));
    let contact = last_contact(&stage);
    assert_eq!(pulls(&mut stage, contact, "a002"), Ok(Done::Afterwards));
    stage.crashes(millis(300));
    let plan = (*stage.plan).clone();
    stage.replans(plan);
    stage.hangs_up(busy);
    stage.run_for(secs(20));
    assert_eq!((stage.state("a001"), stage.times_rung(ana)), (AgentState::Available, 1));
    stage.hangs_up(other);
    stage.talks_to(caller, bruno);
    assert_eq!(last_offer(&stage).1, Rule::Pulled);
    stage.hangs_up(caller);
    stage.talks_to(earlier, bruno);
    stage.hangs_up(earlier);
    stage.finish();
}

#[test]
fn it_ends_when_it_is_undone_after_ten_minutes_and_when_the_agent_leaves() {
    for end in 0..3 {
        let (mut stage, ana, bruno, busy) = stage();
        let other = stage.call("7001", "0990000003");
        stage.talks_to(other, bruno);
        let caller = stage.call("7000", "0990000004");
        stage.run_for(secs(2));
        let contact = last_contact(&stage);
        assert_eq!(pulls(&mut stage, contact, "a002"), Ok(Done::Afterwards));
        stage.hangs_up(busy);
        stage.run_for(secs(20));
        assert_eq!(stage.times_rung(ana), 1);
        match end {
            0 => {
                let undo = Command::Pull(contact, None);
                assert_eq!(stage.ordered(Asker::Control, undo.clone(), None), Ok(Done::Now));
                assert_ne!(stage.ordered(Asker::Control, undo, None), Ok(Done::Now));
            }
            1 => stage.run_for(secs(600)),
            _ => {
                let bruno = stage.who("a002");
                stage.command(Command::LogOut(bruno)).expect("after the talk");
                stage.hangs_up(other);
            }
        }
        let at_ana = stage.talks_to(caller, ana);
        let over = |fact: &Fact| matches!(fact, Fact::CallerKnown(_, CallerKnown::PulledNoMore { .. }));
        assert_eq!(stage.count(over), 1);
        stage.hangs_up(at_ana);
        if end < 2 {
            stage.hangs_up(other);
        }
        stage.finish();
    }
}

#[test]
fn a_pause_does_not_stop_it_and_what_cannot_be_is_refused() {
    let (mut stage, _, bruno, busy) = stage();
    let first = QueueId(0);
    stage.ordered(Asker::Control, Act::SetQueue(first, QueueState::Paused), None).expect("a queue");
    let caller = stage.call("7000", "0990000002");
    stage.run_for(secs(2));
    let contact = last_contact(&stage);
    let gone = ContactId(1);
    assert_eq!(pulls(&mut stage, gone, "a002"), Err(Refusal::NotWaiting));
    assert_eq!(pulls(&mut stage, contact, "a003"), Err(Refusal::NotNow(AgentState::LoggedOut)));
    let nobody = Command::Pull(contact, Some(AgentId(9_999)));
    assert_eq!(stage.ordered(Asker::Control, nobody, None), Err(Refusal::NoSuchAgent));
    let undo = Command::Pull(contact, None);
    assert_eq!(stage.ordered(Asker::Control, undo, None), Err(Refusal::NotPulled));
    assert_eq!(pulls(&mut stage, contact, "a002"), Ok(Done::Now));
    let at_bruno = stage.talks_to(caller, bruno);
    assert_eq!(pulls(&mut stage, contact, "a001"), Err(Refusal::NotWaiting));
    stage.hangs_up(at_bruno);
    stage.hangs_up(busy);
    stage.finish();
}
