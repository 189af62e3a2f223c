//! Supervisors who observe a talk: who hears whom, and nobody stays in a bridge.

mod helping;
mod pulling;
mod queues;
mod skills;
mod speaking;
mod steps;
mod taking_over;

use turno_media_plan::{MediaCommand, Tone};
use turno_model::{
    Act, AgentState, Command, ContactId, ContactOutcome, Done, Fact, Observing, Party, Refusal,
};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage, answering, millis, refusing, ringing, secs};

/// A caller who talks with Ana, and Eva, a free supervisor.
struct Talk {
    stage: Stage,
    caller: Line,
    at_ana: Line,
    eva: Desk,
    contact: ContactId,
}

fn talk() -> Talk {
    talk_on(Stage::new())
}

fn talk_on(mut stage: Stage) -> Talk {
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let eva = stage.agent("a003", answering(secs(1)));
    let contact = stage
        .facts()
        .iter()
        .find_map(|(_, fact)| if let Fact::Connected { contact, .. } = fact { Some(*contact) } else { None });
    Talk { stage, caller, at_ana, eva, contact: contact.expect("they talk") }
}

impl Talk {
    fn asks(&mut self, how: Observing) -> Result<Done, Refusal> {
        let who = self.stage.who("a003");
        self.stage.command(Command::Observe(who, self.contact, how))
    }

    /// Asks for Eva to listen; her phone reacts as `behaviour` says.
    fn asks_for(&mut self, behaviour: Behaviour) {
        self.stage.behaves(self.eva, behaviour);
        self.asks(Observing::Listen).expect("they talk, and Eva is free");
        assert_eq!(self.stage.state("a003"), AgentState::OtherCall);
    }

    /// Rings Eva, who answers and is then in the bridge.
    fn observes(&mut self, how: Observing) -> Line {
        let before = self.began();
        self.asks(how).expect("they talk, and Eva is free");
        self.stage.until("Eva observes", secs(5), |stage| count(stage, is_began) > before);
        self.stage.last_incoming(self.eva).expect("it rang")
    }

    fn began(&self) -> usize {
        count(&self.stage, is_began)
    }

    /// Whether Eva hears the caller, Eva hears Ana, the caller hears Eva, and Ana hears Eva.
    fn ears(&self, eva: Line) -> [bool; 4] {
        let hears = |listener, speaker| self.stage.hears_voice(listener, speaker);
        [hears(eva, self.caller), hears(eva, self.at_ana), hears(self.caller, eva), hears(self.at_ana, eva)]
    }

    /// Waits until Eva's call is over and she is free, and checks that each observation has begun and ended.
    fn eva_is_gone(&mut self, eva: Line) {
        self.stage.until("Eva is let go", secs(5), |stage| stage.is_over(eva));
        self.stage.until("Eva is free", secs(5), |stage| stage.state("a003") == AgentState::Available);
        assert_eq!(self.began(), count(&self.stage, is_ended));
    }

    fn ends(mut self) {
        self.stage.hangs_up(self.caller);
        self.stage.run_for(secs(2));
        self.stage.finish();
    }
}

fn count(stage: &Stage, is_such: fn(&Fact) -> bool) -> usize {
    stage.count(is_such)
}

const fn is_began(fact: &Fact) -> bool {
    matches!(fact, Fact::ObservingBegan { .. })
}

const fn is_ended(fact: &Fact) -> bool {
    matches!(fact, Fact::ObservingEnded { .. })
}

const HEARS_BOTH: [bool; 4] = [true, true, false, false];
const AND_THE_AGENT_HEARS: [bool; 4] = [true, true, false, true];
const ALL_HEAR_ALL: [bool; 4] = [true; 4];

#[test]
fn a_supervisor_listens_whispers_and_joins_in() {
    // Wound: listening crackles, whisper and barge break bridges (Asterisk 173, 876).
    let mut talk = talk();
    let eva = talk.observes(Observing::Listen);
    assert_eq!(talk.ears(eva), HEARS_BOTH);
    let who = talk.stage.who("a003");
    for (how, ears) in [
        (Observing::Whisper, AND_THE_AGENT_HEARS),
        (Observing::Barge, ALL_HEAR_ALL),
        (Observing::Listen, HEARS_BOTH),
    ] {
        assert_eq!(talk.stage.command(Command::ChangeObserving(who, how)), Ok(Done::Now));
        assert_eq!(talk.ears(eva), ears, "{how:?}");
        assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana), "the two who talk notice nothing");
    }
    assert_eq!((talk.began(), count(&talk.stage, is_ended)), (4, 3), "another way is an end and a beginning");
    assert_eq!(talk.stage.state("a003"), AgentState::OtherCall, "an observer gets no offer");
    assert_eq!(talk.stage.command(Command::StopObserving(who)), Ok(Done::Now));
    talk.eva_is_gone(eva);
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    let opened = |fact: &Fact| matches!(fact, Fact::LegOpened { party: Party::Agent(it), .. } if *it == who);
    assert_eq!(talk.stage.count(opened), 1, "the observer's dialog is part of the contact's story");
    talk.ends();
}

#[test]
fn the_observers_go_when_there_is_nobody_to_observe_any_more() {
    type Ends = fn(&mut Talk);
    let ways: [(&str, Ends); 3] = [
        ("the caller hangs up", |talk| talk.stage.hangs_up(talk.caller)),
        ("the agent hangs up", |talk| talk.stage.hangs_up(talk.at_ana)),
        ("the caller is passed on to an outside number", |talk| {
            let address = |port: u16| std::net::SocketAddr::from(([127, 40, 0, 1], port));
            let at = (address(5060), address(40_000));
            let desk = talk.stage.phone_at("0991234568", "", at, answering(secs(1)));
            talk.stage.passes_on(talk.at_ana, "0991234568");
            talk.stage.rings_at(desk);
        }),
    ];
    for (what, ends) in ways {
        let mut talk = talk();
        let eva = talk.observes(Observing::Barge);
        ends(&mut talk);
        talk.stage.until(what, secs(5), |stage| stage.is_over(eva));
        assert_eq!(count(&talk.stage, is_ended), 1, "{what}");
        talk.ends();
    }
}

#[test]
fn an_observer_stays_with_the_caller_through_a_transfer_and_a_lost_phone() {
    // Wound: a transfer cuts the supervisor off, who then has to find the caller again.
    type Goes = fn(&mut Talk);
    let ways: [(&str, Goes); 3] = [
        ("to a queue", |talk| talk.stage.passes_on(talk.at_ana, "7001")),
        ("to a colleague", |talk| talk.stage.passes_on(talk.at_ana, "a002")),
        ("the phone is lost", |talk| talk.stage.falls_silent(talk.at_ana)),
    ];
    for (what, goes) in ways {
        let mut talk = talk();
        let eva = talk.observes(Observing::Whisper);
        let luis = talk.stage.agent("a002", answering(secs(1)));
        goes(&mut talk);
        let at_luis = talk.stage.talks_to(talk.caller, luis);
        let hears = |listener, speaker| talk.stage.hears_voice(listener, speaker);
        assert!(hears(eva, talk.caller) && hears(eva, at_luis), "{what}: Eva hears both");
        assert!(hears(at_luis, eva) && !hears(talk.caller, eva), "{what}: only the new agent hears Eva");
        assert_eq!(count(&talk.stage, is_ended), 0, "{what}");
        talk.stage.hangs_up(talk.caller);
        talk.eva_is_gone(eva);
        talk.ends();
    }
}

#[test]
fn an_observer_stays_through_a_consultation_and_the_transfer_after_it() {
    let mut talk = talk();
    let eva = talk.observes(Observing::Listen);
    let luis = talk.stage.agent("a002", answering(secs(1)));
    talk.stage.holds(talk.at_ana);
    let consults = talk.stage.dials(talk.at_ana.desk, "a002");
    let at_luis = talk.stage.talks_to(consults, luis);
    talk.stage.joins(talk.at_ana, consults);
    talk.stage.until("they are joined", secs(5), |stage| stage.hear_each_other(talk.caller, at_luis));
    assert!(talk.stage.hears_voice(eva, talk.caller) && talk.stage.hears_voice(eva, at_luis));
    talk.stage.hangs_up(at_luis);
    talk.eva_is_gone(eva);
    talk.ends();
}

#[test]
fn the_agent_hears_a_tone_where_the_plan_says_so_and_the_caller_never_does() {
    for is_told in [false, true] {
        let mut talk = talk_on(Stage::with(|plan| plan.room.observed_tone = is_told));
        let eva = talk.observes(Observing::Listen);
        assert_eq!(talk.stage.tones(talk.at_ana).contains(&Tone::Observed), is_told);
        assert!(!talk.stage.tones(talk.caller).contains(&Tone::Observed));
        assert_eq!(talk.ears(eva), HEARS_BOTH);
        talk.ends();
    }
}

#[test]
fn an_observer_who_hangs_up_or_is_lost_leaves_the_two_as_they_were() {
    for is_lost in [false, true] {
        let mut talk = talk();
        let eva = talk.observes(Observing::Whisper);
        if is_lost {
            talk.stage.falls_silent(eva)
        } else {
            talk.stage.hangs_up(eva)
        }
        talk.eva_is_gone(eva);
        assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
        talk.ends();
    }
}

#[test]
fn hold_and_its_end_do_not_part_the_observer_from_the_talk() {
    let mut talk = talk();
    let eva = talk.observes(Observing::Listen);
    talk.stage.holds(talk.at_ana);
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hears_music(talk.caller), "who only listens is no company");
    talk.stage.resumes(talk.at_ana);
    talk.stage.run_for(secs(1));
    assert_eq!(talk.ears(eva), HEARS_BOTH);
    talk.stage.holds(eva);
    talk.stage.run_for(secs(1));
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana), "an observer's hold is nobody else's");
    talk.stage.hangs_up(talk.caller);
    talk.eva_is_gone(eva);
    talk.ends();
}

#[test]
fn a_whisper_follows_the_agent_to_the_phone_that_takes_the_recall() {
    // Wound: after the hold the supervisor prompts an empty phone.
    let mut talk = talk();
    let eva = talk.observes(Observing::Whisper);
    talk.stage.holds(talk.at_ana);
    let ana = talk.at_ana.desk;
    talk.stage.until("the recall rings", secs(130), |stage| stage.times_rung(ana) == 2);
    talk.at_ana = talk.stage.talks_to(talk.caller, ana);
    assert_eq!(talk.ears(eva), AND_THE_AGENT_HEARS);
    talk.ends();
}

#[test]
fn an_observer_observes_on_when_we_are_killed_and_picked_up() {
    for (how, ears) in [(Observing::Listen, HEARS_BOTH), (Observing::Whisper, AND_THE_AGENT_HEARS)] {
        let mut stage = Stage::new();
        stage.keeps_journal();
        let mut talk = talk_on(stage);
        let eva = talk.observes(how);
        talk.stage.crashes(millis(300));
        assert_eq!(talk.ears(eva), ears);
        assert_eq!(talk.stage.state("a003"), AgentState::OtherCall);
        let who = talk.stage.who("a003");
        assert_eq!(talk.stage.command(Command::ChangeObserving(who, Observing::Barge)), Ok(Done::Now));
        assert_eq!(talk.ears(eva), ALL_HEAR_ALL);
        talk.stage.hangs_up(talk.caller);
        talk.eva_is_gone(eva);
        talk.ends();
    }
}

#[test]
fn a_phone_that_rings_for_observing_rings_on_when_we_are_killed() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let mut talk = talk_on(stage);
    talk.stage.behaves(talk.eva, ringing());
    talk.asks(Observing::Listen).expect("Eva is free");
    let eva = talk.stage.rings_at(talk.eva);
    talk.stage.crashes(millis(300));
    talk.stage.answers(eva);
    talk.stage.until("Eva observes", secs(5), |stage| count(stage, is_began) == 1);
    assert_eq!(talk.ears(eva), HEARS_BOTH);
    talk.ends();
}

#[test]
fn an_observer_who_does_not_answer_observes_nothing_and_is_free_again() {
    type Fails = fn(&mut Talk);
    let ways: [(&str, Fails); 5] = [
        ("busy", |talk| talk.asks_for(refusing(486))),
        ("no answer", |talk| talk.asks_for(ringing())),
        ("the talk is over first", |talk| {
            talk.asks_for(ringing());
            talk.stage.rings_at(talk.eva);
            talk.stage.hangs_up(talk.caller);
        }),
        ("it is taken back", |talk| {
            talk.asks_for(ringing());
            talk.stage.rings_at(talk.eva);
            let who = talk.stage.who("a003");
            assert_eq!(talk.stage.command(Command::StopObserving(who)), Ok(Done::Now));
        }),
        ("no port can be opened", |talk| {
            talk.stage.takes_ports(1);
            talk.asks_for(answering(secs(1)));
        }),
    ];
    for (what, fails) in ways {
        let mut talk = talk();
        fails(&mut talk);
        talk.stage.until(what, secs(200), |stage| stage.state("a003") == AgentState::Available);
        assert_eq!(talk.began(), 0, "{what}");
        talk.ends();
    }
}

#[test]
fn what_can_not_be_observed_is_refused_with_its_reason() {
    let mut talk = talk();
    let [who, ana] = [talk.stage.who("a003"), talk.stage.who("a001")];
    let contact = talk.contact;
    let asks = |talk: &mut Talk, who| talk.stage.command(Act::Observe(who, contact, Observing::Listen));
    assert_eq!(talk.stage.command(Act::StopObserving(who)), Err(Refusal::NotObserving));
    assert_eq!(talk.stage.command(Act::ChangeObserving(who, Observing::Barge)), Err(Refusal::NotObserving));
    assert_eq!(asks(&mut talk, ana), Err(Refusal::ObserverIsBusy), "nobody observes themselves");
    let nobody = Act::Observe(who, ContactId(contact.0 + 1_000), Observing::Listen);
    assert_eq!(talk.stage.command(nobody), Err(Refusal::NobodyTalks));
    let away = talk.stage.who("a009");
    assert_eq!(asks(&mut talk, away), Err(Refusal::ObserverHasNoPhone));
    talk.observes(Observing::Listen);
    assert_eq!(asks(&mut talk, who), Err(Refusal::AlreadyObserving));
    for extension in ["a004", "a005"] {
        talk.stage.agent(extension, answering(secs(1)));
        let who = talk.stage.who(extension);
        assert_eq!(asks(&mut talk, who), Ok(Done::Now));
    }
    talk.stage.until("three observe", secs(5), |stage| count(stage, is_began) == 3);
    talk.stage.agent("a006", answering(secs(1)));
    let fourth = talk.stage.who("a006");
    assert_eq!(asks(&mut talk, fourth), Err(Refusal::TooManyObservers));
    talk.stage.hangs_up(talk.caller);
    talk.stage.run_for(secs(2));
    assert_eq!(count(&talk.stage, is_ended), 3);
    assert_eq!(asks(&mut talk, fourth), Err(Refusal::NobodyTalks));
    talk.ends();
}

#[test]
fn a_stop_lets_the_observers_go_too() {
    let mut talk = talk();
    let eva = talk.observes(Observing::Listen);
    talk.stage.command(Command::Stop).expect("it may be asked");
    talk.stage.until("it ends", secs(5), |stage| stage.is_stopped());
    assert!(talk.stage.is_over(eva));
    assert_eq!(talk.stage.ended(ContactOutcome::Answered), 1);
    assert_eq!(count(&talk.stage, is_ended), 1);
    talk.ends();
}

#[test]
fn who_talks_is_told_to_the_media_plane_no_more_often_for_being_observable() {
    // A talk without observers needs one bridge and no other media command.
    let talk = talk();
    let history = talk.stage.media_history();
    let bridges = history.iter().filter(|(_, it)| matches!(it, MediaCommand::Bridge { .. })).count();
    assert_eq!(bridges, 1);
    talk.ends();
}
