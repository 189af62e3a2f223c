//! Tests every request and answer against its line, and lines that are invalid.

use core::time::Duration;
use std::fmt::Write;

use turno_ground::{Moment, Pii};
use turno_model::command::verb::Verb;
use turno_model::{
    Act, AgentState, Channel, ContactId, Done, Fact, Gap, Language, Listing, Newcomer, Observing, PlanIndex,
    Position, QueueId, QueueState, Refusal, SkillOrder, SkillTo, Spoken, TrunkId,
};
use turno_trace::{End, Entry, Numbers};

use crate::answer::Answer;
use crate::bans::BanRow;
use crate::facts::{FactsAsk, FactsBegin, PlacedFact};
use crate::listed::{AddedRow, ListedAsk, ListedRow};
use crate::opening::{BadRequest, Opening, REQUEST_BYTES_MAX};
use crate::request::{Ask, Request, TakeOver, What};
use crate::skills::SkillRow;
use crate::waiting::{BreakRow, CallbackRow};

/// A position of a reader.
const POSITION: Position = Position { run: Moment::from_micros(1_795_617_175_477_570), number: 42 };

fn acts() -> Vec<Spoken> {
    let who = || "1001".into();
    let address = [192, 0, 2, 9].into();
    let from = Pii("0991234567".into());
    vec![
        Act::LogIn(who()),
        Act::LogOut(who()),
        Act::Ready(who()),
        Act::Aux(who(), "lunch".into()),
        Act::AskBreak(who(), "lunch".into()),
        Act::EndAcw(who()),
        Act::ExtendAcw(who()),
        Act::WrapUp(who(), "17".into()),
        Act::Help(who()),
        Act::Return(who()),
        Act::Consult(who(), "1002".into()),
        Act::Conference(who()),
        Act::Complete(who()),
        Act::Back(who()),
        Act::Answer(who()),
        Act::Hold(who()),
        Act::Resume(who()),
        Act::HangUp(who()),
        Act::NoMicrophone(who()),
        Act::Microphone(who()),
        Act::Sit(who(), "1050".into()),
        Act::Leave(who()),
        Act::Enqueue(Newcomer::now(Channel::Callback, "billing".into(), from)),
        Act::Take(who()),
        Act::Decline(who()),
        Act::Finish(who(), ContactId(66_592)),
        Act::Withdraw(ContactId(66_592)),
        Act::Observe(who(), ContactId(66_592), Observing::Listen),
        Act::ChangeObserving(who(), Observing::Whisper),
        Act::ChangeObserving(who(), Observing::Barge),
        Act::StopObserving(who()),
        Act::TakeOver(who()),
        Act::Move(ContactId(66_592), "billing".into()),
        Act::Prioritise(ContactId(66_592), 5),
        Act::End(ContactId(66_592), Some("es/closed".into())),
        Act::End(ContactId(66_592), None),
        Act::Pull(ContactId(66_592), Some(who())),
        Act::Pull(ContactId(66_592), None),
        Act::SetSkill(who(), "taxes".into(), order(SkillTo::Level(2), Some(7_200))),
        Act::SetSkill(who(), "taxes".into(), order(SkillTo::None, None)),
        Act::SetSkill(who(), "taxes".into(), order(SkillTo::Plan, None)),
        Act::SetQueue("billing".into(), QueueState::Paused),
        Act::Announce("billing".into(), "es/closed".into()),
        Act::Speak(who(), "billing".into()),
        Act::EmergencyOn(Some("es/emergency".into())),
        Act::EmergencyOn(None),
        Act::EmergencyOff,
        Act::ListCaller(Listing {
            list: "vip".into(),
            number: Pii("0991234567".into()),
            span: Duration::from_secs(3_600),
        }),
        Act::UnlistCaller("vip".into(), Pii("0991234567".into())),
        Act::Record(who()),
        Act::PauseRecording(who()),
        Act::ResumeRecording(who()),
        Act::PurgeRecordings,
        Act::TrunkResolved(TrunkId(0), Vec::new()),
        Act::Ban(address, Duration::from_secs(3_600)),
        Act::LiftBan(address),
        Act::Drain,
        Act::Stop,
    ]
}

fn order(to: SkillTo, seconds: Option<u64>) -> SkillOrder {
    SkillOrder { to, span: seconds.map(Duration::from_secs) }
}

fn requests() -> Vec<Request> {
    let ask = |what| {
        Request::Trace(Ask { what, follow: false, numbers: Numbers::Short, language: None, locale: None })
    };
    let text = str::to_owned;
    let mut all = vec![
        ask(What::List(40)),
        ask(What::Contact(text("66592"))),
        ask(What::Caller(text("4567"))),
        ask(What::Agent(text("1001"), 40)),
        ask(What::Last),
        Request::Trace(Ask {
            what: What::Next,
            follow: true,
            numbers: Numbers::Full,
            language: None,
            locale: None,
        }),
        Request::Trace(Ask {
            what: What::Last,
            follow: false,
            numbers: Numbers::Short,
            language: Some(Language::Spanish),
            locale: Some(Language::English),
        }),
        Request::Facts(FactsAsk { begin: FactsBegin::Oldest, follow: false, numbers: Numbers::Short }),
        Request::Facts(FactsAsk { begin: FactsBegin::Now, follow: true, numbers: Numbers::Full }),
        Request::Facts(FactsAsk {
            begin: FactsBegin::After(POSITION),
            follow: true,
            numbers: Numbers::Short,
        }),
        Request::Bans,
        Request::Language,
        Request::CallerLists(ListedAsk { list: Some(text("vip")), numbers: Numbers::Short }),
        Request::CallerLists(ListedAsk { list: None, numbers: Numbers::Full }),
        Request::Skills(Some(text("1001"))),
        Request::Skills(None),
        Request::Callbacks(Numbers::Short),
        Request::Breaks,
        Request::Reload,
        Request::TakeOver(TakeOver { process: 7, protocol: 2, folder: Some(text("/var/lib/turno")) }),
        Request::TakeOver(TakeOver { process: 7, protocol: 2, folder: None }),
    ];
    all.extend(acts().into_iter().map(Request::Act));
    all.push(Request::ActWithReason(Act::LogOut("1001".into()), "no phone".into()));
    all
}

fn callback() -> CallbackRow {
    CallbackRow {
        contact: 66_592,
        queue: "billing".to_owned(),
        number: "*67".to_owned(),
        why: "long-wait".to_owned(),
        step: "waits".to_owned(),
        dials: 1,
        since: 1_795_617_180_000_000,
        due: Some(1_795_617_480_000_000),
        until: None,
    }
}

fn away() -> BreakRow {
    let [agent, reason, stand] = ["1001", "lunch", "away"].map(str::to_owned);
    BreakRow { agent, reason, stand, at: Some(1_795_617_480_000_000) }
}

fn answers() -> Vec<Answer> {
    let text = str::to_owned;
    let queued = Fact::Queued { contact: ContactId(66_592), queue: QueueId(0), priority: 0, position: 1 };
    let ban = BanRow {
        source: text("192.0.2.9"),
        why: text("passwords"),
        strikes: 2,
        dropped: 1_234,
        seconds_left: 599,
    };
    let listed = |added| ListedRow { list: text("vip"), does: text("prefer 5"), number: text("*67"), added };
    let added =
        AddedRow { by: text("control"), why: Some(text("a doctor")), seconds_ago: 60, seconds_left: 7_200 };
    let skill = |changed| SkillRow {
        agent: text("1001"),
        queue: text("taxes"),
        level: Some(2),
        planned: None,
        changed,
    };
    let mut all = vec![
        Answer::Rows(Vec::new()),
        Answer::Differences(vec![text("queue hold: ring 15s -> 17s")]),
        Answer::Applied(text("applied; calls and connections go on")),
        Answer::Bans(vec![ban]),
        Answer::CallerLists(vec![listed(None), listed(Some(added.clone()))]),
        Answer::Skills(vec![skill(None), skill(Some(added))]),
        Answer::Callbacks(vec![callback()]),
        Answer::Breaks(vec![away()]),
        Answer::Done(Done::Now),
        Answer::Done(Done::Afterwards),
        Answer::Done(Done::Queued(ContactId(66_592))),
        Answer::Done(Done::TurnAt(760)),
        Answer::NotDone(Refusal::NotNow(AgentState::LoggedOut)),
        Answer::NotDone(Refusal::NoAnswer),
        Answer::Entry(Entry::End(End { is_over: true, missing: None })),
        Answer::Fact(PlacedFact::new(
            POSITION.plus(1),
            Moment::from_secs(1_795_617_180),
            &queued,
            Numbers::Short,
        )),
        Answer::Names(PlanIndex { site: text("a"), queues: vec![text("billing")], ..PlanIndex::default() }),
        Answer::Missing(Gap { after: POSITION, until: POSITION.plus(8), facts: Some(8) }),
        Answer::Missing(Gap { after: Position::default(), until: POSITION, facts: None }),
        Answer::UpTo(POSITION),
        Answer::TooOld(POSITION),
        Answer::Ahead(POSITION),
        Answer::Waiting,
        Answer::LostPlace,
        Answer::Refused(text("ask again")),
        Answer::Busy(text("too many are asking")),
        Answer::Language(Some(Language::Spanish)),
        Answer::Language(None),
        Answer::NoSuccessor(text("no journal is kept")),
    ];
    for refusal in Verb::ALL.into_iter().flat_map(Verb::refusals) {
        let answer = Answer::NotDone(refusal);
        if !all.contains(&answer) {
            all.push(answer);
        }
    }
    all
}

#[test]
fn every_request_and_answer_stands_on_its_line_as_it_is_written_down() {
    let mut text = Opening::line();
    for request in requests() {
        writeln!(text, "? {}", request.json()).expect("a string takes all");
    }
    for answer in answers() {
        writeln!(text, "! {}", answer.json()).expect("a string takes all");
    }
    assert_eq!(text, include_str!("lines.txt"), "a change of these lines is a new version:\n{text}");
}

#[test]
fn what_was_said_is_what_is_read() {
    for request in requests() {
        let lines = request.lines();
        let (opening, line) = lines.split_at(lines.find('\n').expect("two lines") + 1);
        assert_eq!(Opening::read(opening.as_bytes()), Ok(Opening));
        assert_eq!(Request::read(line.as_bytes()), Ok(request));
    }
    for answer in answers() {
        assert_eq!(Answer::read(answer.json().as_bytes()), Some(answer));
    }
}

#[test]
fn a_command_is_called_on_the_line_as_in_the_list() {
    for act in acts() {
        let json = Request::Act(act.clone()).json();
        assert!(json.contains(&format!("\"{}\"", act.verb().word())), "{json}");
    }
    let mut verbs: Vec<Verb> = acts().iter().map(Act::verb).collect();
    verbs.dedup();
    assert_eq!(verbs, Verb::ALL);
}

#[test]
fn lines_that_are_none_are_told_apart() {
    let long = vec![b'x'; REQUEST_BYTES_MAX];
    let old = br#"{"what":"last","follow":false,"numbers":"short"}"#;
    let old_successor = br#"{"what":{"take_over":{"process":7,"protocol":2,"folder":null}}}"#;
    for (line, bad) in [
        (&b"GET / HTTP/1.1\r\n"[..], BadRequest::Stranger),
        (b"turno-control", BadRequest::Stranger),
        (b"turno-control one\n", BadRequest::Stranger),
        (b"turno-control 7\xff\n", BadRequest::Stranger),
        (b"", BadRequest::Stranger),
        (b"turno-control 9\n", BadRequest::OtherVersion(9)),
        (&long, BadRequest::TooLong),
        (old, BadRequest::Older),
        (old_successor, BadRequest::OtherHandOver),
    ] {
        assert_eq!(Opening::read(line), Err(bad.clone()), "{}", String::from_utf8_lossy(line));
        assert!(!bad.to_string().contains('\n'), "{bad}");
    }
    assert_eq!(Request::read(&long), Err(BadRequest::TooLong));
    assert!(matches!(Request::read(b"{\"fly\":1}\n"), Err(BadRequest::NoRequest(_))));
    assert!(matches!(Request::read(b""), Err(BadRequest::NoRequest(_))));
}
