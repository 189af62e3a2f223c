//! Consultations: a private word, a talk of three, the caller left to who was consulted, and every hang-up between.

use turno_media_plan::{Audio, Tone};
use turno_model::{
    AgentState, Command, ConsultEnd, Consulted, ContactOutcome, Fact, PassingChange, Refusal, TransferKind,
};
use turno_tests::stage::{Desk, Line, Stage, answering, refusing, ringing, secs};

use super::{changes, outside};

/// Ana talks to a caller; Luis is free.
struct Talk {
    stage: Stage,
    ana: Desk,
    luis: Desk,
    caller: Line,
    at_ana: Line,
}

fn talk() -> Talk {
    let mut stage = Stage::with(|plan| plan.room.consult_key = Some('#'));
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let luis = stage.agent("a002", answering(secs(1)));
    stage.run_for(secs(5));
    Talk { stage, ana, luis, caller, at_ana }
}

impl Talk {
    fn ana(&mut self, command: impl FnOnce(turno_model::AgentId) -> Command) -> Result<(), Refusal> {
        let who = self.stage.who("a001");
        self.stage.command(command(who)).map(|_| ())
    }

    fn consults(&mut self, whom: &str) -> Result<(), Refusal> {
        self.ana(|ana| Command::Consult(ana, whom.into()))
    }

    /// Ana presses these keys.
    fn keys(&mut self, keys: &str) {
        keys.chars().for_each(|key| self.stage.presses(self.at_ana, key));
        self.stage.run_for(secs(1));
    }

    /// Ana consults Luis, and they talk alone.
    fn aside(mut self) -> (Self, Line) {
        self.consults("a002").expect("Luis is free");
        let (luis, at_ana) = (self.luis, self.at_ana);
        let at_luis = self.stage.rings_at(luis);
        self.stage.until("they talk", secs(5), |stage| stage.hear_each_other(at_ana, at_luis));
        (self, at_luis)
    }

    fn whom(&self) -> Consulted {
        Consulted::Agent(self.stage.who("a002"))
    }

    fn end(&self) -> Option<ConsultEnd> {
        match changes(&self.stage).last() {
            Some(PassingChange::ConsultEnded(_, end)) => Some(*end),
            _ => None,
        }
    }

    /// The caller hears music, and neither hears nor is heard by the two.
    fn is_private(&self, at_luis: Line) -> bool {
        let (stage, caller) = (&self.stage, self.caller);
        let parties = [self.at_ana, at_luis];
        stage.hears_music(caller)
            && parties.iter().all(|it| !stage.hears_voice(caller, *it) && !stage.hears_voice(*it, caller))
    }

    fn all_hear_each_other(&self, at_luis: Line) -> bool {
        let all = [self.caller, self.at_ana, at_luis];
        all.iter().all(|one| all.iter().all(|other| one == other || self.stage.hears_voice(*one, *other)))
    }

    fn finishes(mut self) {
        self.stage.hangs_up(self.caller);
        self.stage.until("all are free", secs(60), |stage| {
            ["a001", "a002"].iter().all(|one| stage.state(one) == AgentState::Available)
        });
        self.stage.finish();
        assert_eq!(self.stage.ended(ContactOutcome::Answered), 1);
    }
}

#[test]
fn a_private_word_is_not_heard_by_the_caller() {
    let (mut talk, at_luis) = talk().aside();
    assert!(talk.is_private(at_luis));
    assert_eq!(
        changes(&talk.stage),
        [PassingChange::Consults(talk.whom()), PassingChange::ConsultBegan(talk.whom())]
    );
    assert_eq!(
        (talk.stage.state("a001"), talk.stage.state("a002")),
        (AgentState::Holding, AgentState::OtherCall)
    );
    // Longer than the longest hold: nobody is recalled, since the agent is at work on it.
    talk.stage.run_for(secs(150));
    assert_eq!(talk.stage.times_rung(talk.ana), 1);
    assert!(talk.is_private(at_luis));
    talk.ana(Command::Back).expect("Ana goes back");
    talk.stage.run_for(secs(1));
    assert!(talk.stage.is_over(at_luis) && talk.stage.hear_each_other(talk.caller, talk.at_ana));
    assert_eq!((talk.end(), talk.stage.state("a001")), (Some(ConsultEnd::Back), AgentState::Talking));
    let held = talk.stage.count(|fact| matches!(fact, Fact::Held { .. } | Fact::Resumed { .. }));
    assert_eq!(held, 2, "the word counts as one hold");
    talk.finishes();
}

#[test]
fn the_caller_hears_music_and_the_agent_ringback_while_the_colleague_rings() {
    let mut talk = talk();
    talk.stage.behaves(talk.luis, ringing());
    talk.consults("a002").expect("Luis is free");
    talk.stage.run_for(secs(2));
    assert!(talk.stage.hears_music(talk.caller));
    assert_eq!(talk.stage.hears(talk.at_ana), Some(Audio::Ringback));
    assert_eq!(talk.ana(Command::Complete), Err(Refusal::NotAnswered));
    assert_eq!(talk.ana(Command::Conference), Err(Refusal::NotAnswered));
    assert_eq!(talk.consults("a002"), Err(Refusal::AlreadyConsulting));
    talk.ana(Command::Back).expect("Ana goes back");
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    assert_eq!(talk.end(), Some(ConsultEnd::Back));
    talk.finishes();
}

#[test]
fn a_warm_transfer_leaves_the_caller_to_the_colleague() {
    let (mut talk, at_luis) = talk().aside();
    talk.stage.keep_messages();
    talk.ana(Command::Complete).expect("Luis has answered");
    let caller = talk.caller;
    talk.stage.until("they talk", secs(5), |stage| stage.hear_each_other(caller, at_luis));
    talk.stage.run_for(secs(1));
    assert!(talk.stage.is_over(talk.at_ana));
    assert_eq!(
        (talk.stage.state("a001"), talk.stage.state("a002")),
        (AgentState::Acw, AgentState::OtherCall)
    );
    let attended = |fact: &Fact| matches!(fact, Fact::Transferred { kind: TransferKind::Attended, to, .. } if to == "a002");
    assert_eq!(talk.stage.count(attended), 1);
    assert_eq!(talk.end(), Some(ConsultEnd::Completed));
    let contact = talk.stage.facts().iter().find_map(|(_, fact)| fact.contact()).expect("somebody called");
    let told = format!("{:?}", talk.stage.story(contact));
    assert!(told.contains("talk alone; the caller hears music"), "{told}");
    talk.finishes();
}

#[test]
fn three_talk_together_and_the_agent_leaves_them() {
    let (mut talk, at_luis) = talk().aside();
    talk.ana(Command::Conference).expect("Luis has answered");
    talk.stage.run_for(secs(1));
    assert!(talk.all_hear_each_other(at_luis));
    assert_eq!(talk.stage.state("a001"), AgentState::Talking);
    assert_eq!(changes(&talk.stage).last(), Some(&PassingChange::Conferenced(talk.whom())));
    talk.stage.hangs_up(talk.at_ana);
    let caller = talk.caller;
    talk.stage.until("they talk on", secs(5), |stage| stage.hear_each_other(caller, at_luis));
    assert_eq!(talk.end(), Some(ConsultEnd::Completed));
    talk.finishes();
}

#[test]
fn keys_of_any_phone_consult_confer_and_complete() {
    let mut talk = talk();
    let (caller, at_ana) = (talk.caller, talk.at_ana);
    talk.keys("#002#");
    assert_eq!(talk.stage.tones(at_ana), [Tone::Refuse], "nobody has this extension");
    let registry = outside(&mut talk.stage, "0987654321", answering(secs(1)));
    talk.keys("#0987654321#");
    let there = talk.stage.rings_at(registry);
    talk.stage.until("they talk", secs(5), |stage| stage.hear_each_other(at_ana, there));
    assert!(talk.is_private(there));
    talk.keys("#1");
    assert_eq!(changes(&talk.stage).last(), Some(&PassingChange::Conferenced(Consulted::Outside)));
    assert!(talk.all_hear_each_other(there));
    talk.keys("#2");
    talk.stage.until("they talk on", secs(5), |stage| stage.hear_each_other(caller, there));
    assert!(talk.stage.is_over(at_ana));
    assert_eq!(talk.end(), Some(ConsultEnd::Completed));
    talk.finishes();
}

#[test]
fn keys_that_stop_half_way_are_forgotten() {
    let mut talk = talk();
    talk.stage.presses(talk.at_ana, '#');
    talk.stage.presses(talk.at_ana, '1');
    talk.stage.run_for(secs(6));
    talk.stage.presses(talk.at_ana, '#');
    talk.stage.presses(talk.at_ana, '#');
    talk.stage.run_for(secs(1));
    assert_eq!((changes(&talk.stage), talk.stage.tones(talk.at_ana)), (vec![], vec![]));
    talk.finishes();
}

#[test]
fn a_colleague_who_does_not_answer_leaves_the_caller_with_the_agent() {
    let mut talk = talk();
    talk.stage.behaves(talk.luis, refusing(486));
    talk.consults("a002").expect("Luis is free");
    talk.stage.run_for(secs(3));
    assert_eq!(talk.end(), Some(ConsultEnd::NotReached { status: 486 }));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    assert_eq!(talk.stage.tones(talk.at_ana), [Tone::Refuse]);
    talk.finishes();
}

#[test]
fn an_agent_who_hangs_up_after_the_answer_completes_the_transfer() {
    // RFC 5589, 7: who consults may leave.
    let (mut talk, at_luis) = talk().aside();
    talk.stage.hangs_up(talk.at_ana);
    let caller = talk.caller;
    talk.stage.until("they talk", secs(5), |stage| stage.hear_each_other(caller, at_luis));
    assert_eq!(talk.end(), Some(ConsultEnd::Completed));
    talk.finishes();
}

#[test]
fn an_agent_who_hangs_up_before_the_answer_gives_the_caller_back() {
    let mut talk = talk();
    talk.stage.behaves(talk.luis, ringing());
    talk.consults("a002").expect("Luis is free");
    talk.stage.run_for(secs(1));
    talk.stage.hangs_up(talk.at_ana);
    talk.stage.run_for(secs(1));
    assert_eq!(changes(&talk.stage).last(), Some(&PassingChange::Returned));
    assert!(!talk.stage.is_over(talk.caller), "the caller is not lost");
    talk.finishes();
}

#[test]
fn a_colleague_who_hangs_up_leaves_the_two_together() {
    for is_conference in [false, true] {
        let (mut talk, at_luis) = talk().aside();
        if is_conference {
            talk.ana(Command::Conference).expect("Luis has answered");
        }
        talk.stage.hangs_up(at_luis);
        talk.stage.run_for(secs(1));
        assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
        assert_eq!((talk.end(), talk.stage.state("a001")), (Some(ConsultEnd::Left), AgentState::Talking));
        talk.finishes();
    }
}

#[test]
fn a_caller_who_hangs_up_ends_it_for_all() {
    let (mut talk, at_luis) = talk().aside();
    talk.stage.hangs_up(talk.caller);
    talk.stage.run_for(secs(1));
    assert!(talk.stage.is_over(at_luis) && talk.stage.is_over(talk.at_ana));
    assert_eq!(talk.end(), Some(ConsultEnd::TalkOver));
    talk.finishes();
}

#[test]
fn an_agent_consults_a_queue_or_a_number_outside() {
    let mut talk = talk();
    let citizen = outside(&mut talk.stage, "0987654321", answering(secs(1)));
    talk.consults("0987654321").expect("the rules allow the number");
    let there = talk.stage.rings_at(citizen);
    let at_ana = talk.at_ana;
    talk.stage.until("they talk", secs(5), |stage| stage.hear_each_other(at_ana, there));
    assert_eq!(changes(&talk.stage).last(), Some(&PassingChange::ConsultBegan(Consulted::Outside)));
    talk.ana(Command::Back).expect("Ana goes back");
    talk.stage.run_for(secs(1));
    talk.consults("taxes").expect("Luis is free in that queue");
    assert_eq!(changes(&talk.stage).last(), Some(&PassingChange::Consults(talk.whom())));
    talk.finishes();
}

#[test]
fn who_is_busy_or_unknown_is_not_consulted_and_the_talk_goes_on() {
    let mut talk = talk();
    for whom in ["a001", "a009", "nobody", "0012345", ""] {
        assert_eq!(talk.consults(whom), Err(Refusal::NobodyToConsult), "{whom}");
    }
    assert_eq!(talk.ana(Command::Back), Err(Refusal::NotConsulting));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    assert_eq!(changes(&talk.stage), []);
    talk.finishes();
}

#[test]
fn a_transfer_by_the_phone_waits_for_the_end_of_the_consultation() {
    let (mut talk, at_luis) = talk().aside();
    talk.stage.passes_on(talk.at_ana, "7001");
    talk.stage.run_for(secs(1));
    assert_eq!(talk.stage.transfer_result(talk.at_ana), Some(491));
    assert!(talk.is_private(at_luis));
    talk.finishes();
}

#[test]
fn a_private_word_and_a_talk_of_three_survive_a_crash() {
    let (mut talk, at_luis) = talk().aside();
    talk.stage.crashes(secs(1));
    talk.stage.run_for(secs(1));
    assert!(talk.is_private(at_luis), "the caller hears nothing of it after the crash either");
    talk.ana(Command::Conference).expect("Luis has answered");
    talk.stage.run_for(secs(1));
    talk.stage.crashes(secs(1));
    talk.stage.run_for(secs(1));
    assert!(talk.all_hear_each_other(at_luis));
    talk.ana(Command::Complete).expect("Luis is there");
    let caller = talk.caller;
    talk.stage.until("they talk on", secs(5), |stage| stage.hear_each_other(caller, at_luis));
    talk.finishes();
}

#[test]
fn a_caller_hears_music_during_a_private_word_whatever_the_agents_phone_holds() {
    let (mut talk, at_luis) = talk().aside();
    talk.stage.holds(talk.at_ana);
    talk.stage.run_for(secs(1));
    talk.stage.resumes(talk.at_ana);
    talk.stage.run_for(secs(1));
    assert!(talk.is_private(at_luis));
    talk.ana(Command::Back).expect("Ana goes back");
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    talk.finishes();
}

#[test]
fn an_agent_who_is_lost_during_a_private_word_leaves_the_caller_in_line() {
    // Wound: the line of the office is cut, and the caller stands nowhere.
    let (mut talk, _) = talk().aside();
    let mut plan = (*talk.stage.plan).clone();
    plan.media.inactivity = Some(secs(30));
    talk.stage.replans(plan);
    talk.stage.falls_silent(talk.at_ana);
    let (caller, luis) = (talk.caller, talk.luis);
    talk.stage.until("the caller waits again", secs(120), |stage| {
        stage.count(|fact| matches!(fact, Fact::Queued { .. })) == 2
    });
    talk.stage.talks_to(caller, luis);
    talk.stage.hangs_up(caller);
    talk.stage.run_for(secs(60));
    talk.stage.finish();
}

#[test]
fn an_agent_who_is_taken_from_the_plan_can_end_the_private_word() {
    let (mut talk, _) = talk().aside();
    let who = talk.stage.who("a001");
    let mut plan = (*talk.stage.plan).clone();
    plan.retain_agents(|agent| agent.extension != "a001");
    talk.stage.replans(plan);
    assert_eq!(talk.stage.command(Command::Back(who)).map(|_| ()), Ok(()));
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    talk.stage.hangs_up(talk.caller);
    talk.stage.run_for(secs(60));
    talk.stage.finish();
}
