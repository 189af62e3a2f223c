//! An agent in a talk asks for help, and an expert comes into the talk.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one fact among all")]

use turno_media_plan::Tone;
use turno_model::{
    AgentId, AgentState, Asker, Command, Fact, Handled, HandlingChange, Observing, Plan, Refusal,
};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage, answering, refusing, ringing, secs};

/// A caller who talks with Ana in queue info; Bruno and Eva help.
struct Talk {
    stage: Stage,
    caller: Line,
    at_ana: Line,
    bruno: Desk,
    eva: Desk,
}

fn talk(change: impl FnOnce(&mut Plan)) -> Talk {
    let mut stage = Stage::with(|plan| {
        plan.room.help_key = Some('*');
        plan.agents.iter_mut().skip(1).for_each(|agent| agent.helps = true);
        change(plan);
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let bruno = stage.agent("a002", answering(secs(1)));
    stage.run_for(secs(1));
    let eva = stage.agent("a003", answering(secs(1)));
    Talk { stage, caller, at_ana, bruno, eva }
}

impl Talk {
    fn presses(&mut self) {
        self.stage.presses(self.at_ana, '*');
        self.stage.run_for(secs(1));
    }

    fn changes(&self) -> Vec<HandlingChange> {
        let change = |fact: &Fact| match fact {
            Fact::Handling(Handled { agent: AgentId(0), change, .. }) => Some(*change),
            _ => None,
        };
        self.stage.facts().iter().filter_map(|(_, fact)| change(fact)).collect()
    }

    fn came(&self) -> bool {
        matches!(self.changes().last(), Some(HandlingChange::HelpCame { .. }))
    }

    fn ends(mut self) {
        self.stage.hangs_up(self.caller);
        self.stage.run_for(secs(2));
        assert_eq!(self.stage.state("a002"), AgentState::Available);
        assert_eq!(self.stage.state("a003"), AgentState::Available);
        self.stage.finish();
    }
}

fn expert(of: &Stage, extension: &str) -> AgentId {
    of.who(extension)
}

#[test]
fn one_key_brings_an_expert_who_whispers() {
    let mut talk = talk(|_| {});
    talk.presses();
    assert_eq!(talk.stage.tones(talk.at_ana), [Tone::Confirm]);
    talk.stage.until("Bruno comes, the longest idle", secs(5), |stage| stage.times_rung(talk.bruno) == 1);
    talk.stage.run_for(secs(2));
    let bruno = expert(&talk.stage, "a002");
    let expected = [
        HandlingChange::HelpAsked,
        HandlingChange::HelpRings { expert: bruno },
        HandlingChange::HelpCame { expert: bruno },
    ];
    assert_eq!(talk.changes(), expected);
    let at_bruno = talk.stage.last_incoming(talk.bruno).expect("it rang");
    assert!(talk.stage.hears_voice(at_bruno, talk.caller));
    assert!(talk.stage.hears_voice(talk.at_ana, at_bruno), "he whispers to Ana");
    assert!(!talk.stage.hears_voice(talk.caller, at_bruno));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    // The helper may speak to both: a key, as for every observer.
    talk.stage.presses(at_bruno, '3');
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hears_voice(talk.caller, at_bruno));
    // A second request is refused, and heard to be.
    talk.presses();
    assert_eq!(talk.stage.tones(talk.at_ana), [Tone::Confirm, Tone::Refuse]);
    let ana = expert(&talk.stage, "a001");
    assert_eq!(talk.stage.command(Command::Help(ana)), Err(Refusal::AlreadyHelped));
    let by_ana = |fact: &Fact| {
        let by = Asker::Phone(AgentId(0));
        matches!(fact, Fact::ObservingBegan { by: it, how: Observing::Whisper, .. } if *it == by)
    };
    assert_eq!(talk.stage.count(by_ana), 1);
    talk.ends();
}

#[test]
fn the_queue_may_say_that_helpers_talk_to_both() {
    let mut talk = talk(|plan| plan.queues.iter_mut().for_each(|queue| queue.help_as = Observing::Barge));
    talk.presses();
    talk.stage.run_for(secs(2));
    let at_bruno = talk.stage.last_incoming(talk.bruno).expect("it rang");
    assert!(talk.stage.hears_voice(talk.caller, at_bruno));
    talk.ends();
}

#[test]
fn the_next_expert_is_rung_when_one_does_not_come() {
    for behaviour in [refusing(486), refusing(603), ringing(), Behaviour::refusing(480)] {
        let mut talk = talk(|_| {});
        talk.stage.behaves(talk.bruno, behaviour);
        talk.presses();
        talk.stage.until("Eva comes", secs(30), |stage| stage.times_rung(talk.eva) == 1);
        talk.stage.run_for(secs(2));
        assert!(talk.came(), "{:?}", talk.changes());
        assert_eq!(talk.stage.state("a002"), AgentState::Available, "nobody is punished for being busy");
        talk.ends();
    }
}

#[test]
fn where_no_expert_comes_the_agent_hears_it_and_the_talk_goes_on() {
    let mut talk = talk(|_| {});
    talk.stage.behaves(talk.bruno, refusing(486));
    talk.stage.behaves(talk.eva, refusing(486));
    talk.presses();
    talk.stage.run_for(secs(3));
    assert_eq!(talk.changes().last(), Some(&HandlingChange::NoHelp));
    assert_eq!((talk.stage.times_rung(talk.bruno), talk.stage.times_rung(talk.eva)), (1, 1));
    assert_eq!(talk.stage.tones(talk.at_ana), [Tone::Confirm, Tone::Refuse]);
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    talk.ends();

    let mut talk = self::talk(|plan| plan.agents.iter_mut().for_each(|agent| agent.helps = false));
    talk.presses();
    assert_eq!(talk.changes(), [HandlingChange::HelpAsked, HandlingChange::NoHelp]);
    let ana = expert(&talk.stage, "a001");
    assert_eq!(talk.stage.command(Command::Help(ana)), Err(Refusal::NoExpert));
    talk.ends();
}

#[test]
fn the_caller_may_leave_while_an_expert_is_rung() {
    let mut talk = talk(|_| {});
    talk.stage.behaves(talk.bruno, ringing());
    talk.presses();
    talk.stage.hangs_up(talk.caller);
    talk.stage.run_for(secs(2));
    assert!(!talk.changes().contains(&HandlingChange::NoHelp), "nobody misses the help");
    assert_eq!(talk.stage.times_rung(talk.eva), 0);
    assert_eq!(talk.stage.state("a002"), AgentState::Available);
    talk.stage.finish();
}

#[test]
fn a_crash_while_an_expert_is_rung_loses_neither_talk_nor_expert() {
    let mut talk = talk(|_| {});
    talk.stage.keeps_journal();
    talk.stage.behaves(talk.bruno, ringing());
    talk.presses();
    talk.stage.crashes(secs(1));
    talk.stage.until("Eva comes after Bruno", secs(40), |stage| stage.times_rung(talk.eva) == 1);
    talk.stage.run_for(secs(2));
    assert!(talk.came());
    talk.ends();
}

#[test]
fn a_key_asks_for_help_in_a_talk_alone() {
    let mut talk = talk(|_| {});
    talk.stage.presses(talk.caller, '*');
    talk.stage.run_for(secs(1));
    assert!(talk.changes().is_empty(), "the caller's key is the caller's");
    let bruno = expert(&talk.stage, "a002");
    assert_eq!(talk.stage.command(Command::Help(bruno)), Err(Refusal::NoTalk));
    talk.ends();
}
