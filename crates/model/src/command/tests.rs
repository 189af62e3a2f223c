//! Tests the list of commands against its golden file.

use core::fmt::Write;

use super::feature_code::FeatureCode;
use super::refusal::Refusal;
use super::verb::Verb;
use super::*;
use crate::command::asker::Asker;
use crate::language::Language;
use crate::plan::{CODE_PROMPTS, FeatureCodes};
use crate::skill_order::SkillTo;

fn codes() -> FeatureCodes {
    let code = |digits: &str| digits.to_owned();
    FeatureCodes {
        log_in: code("*11"),
        log_out: code("*12"),
        ready: code("*13"),
        aux: code("*14"),
        end_acw: code("*15"),
        wrap_up: code("*16"),
        listen: code("*21"),
        whisper: code("*22"),
        barge: code("*23"),
        take_over: code("*24"),
        extend_acw: code("*25"),
        record: code("*17"),
        pause_recording: code("*18"),
        resume_recording: code("*19"),
        sit: code("*10"),
        survey: code("*26"),
        to_front: code("*27"),
        speak: code("*29"),
        prompts: [None; CODE_PROMPTS],
        turn_language: Language::English,
        turn_recordings: Vec::new(),
    }
}

/// One of each.
fn commands() -> Vec<Command> {
    let (who, address) = (AgentId(0), IpAddr::from([192, 0, 2, 9]));
    let number = Pii(CompactString::const_new("0991234567"));
    let from = Pii(CompactString::const_new("0991234567"));
    vec![
        Act::LogIn(who),
        Act::LogOut(who),
        Act::Ready(who),
        Act::Aux(who, 0),
        Act::AskBreak(who, 0),
        Act::EndAcw(who),
        Act::ExtendAcw(who),
        Act::WrapUp(who, CompactString::const_new("17")),
        Act::Help(who),
        Act::Return(who),
        Act::Consult(who, CompactString::const_new("1002")),
        Act::Conference(who),
        Act::Complete(who),
        Act::Back(who),
        Act::Answer(who),
        Act::Hold(who),
        Act::Resume(who),
        Act::HangUp(who),
        Act::NoMicrophone(who),
        Act::Microphone(who),
        Act::Sit(who, SeatId(1)),
        Act::Leave(who),
        Act::Enqueue(Newcomer::now(Channel::Callback, QueueId(0), from)),
        Act::Take(who),
        Act::Decline(who),
        Act::Finish(who, ContactId(7)),
        Act::Withdraw(ContactId(1)),
        Act::Observe(who, ContactId(7), Observing::Listen),
        Act::ChangeObserving(who, Observing::Whisper),
        Act::StopObserving(who),
        Act::TakeOver(who),
        Act::Move(ContactId(7), QueueId(0)),
        Act::Prioritise(ContactId(7), 5),
        Act::End(ContactId(7), None),
        Act::Pull(ContactId(7), Some(who)),
        Act::SetSkill(who, QueueId(0), SkillOrder { to: SkillTo::Level(2), span: None }),
        Act::SetQueue(QueueId(0), QueueState::Paused),
        Act::Announce(QueueId(0), PromptName(0)),
        Act::Speak(who, QueueId(0)),
        Act::EmergencyOn(Some(PromptName(0))),
        Act::EmergencyOff,
        Act::ListCaller(Listing {
            list: "vip".into(),
            number: number.clone(),
            span: Duration::from_secs(3_600),
        }),
        Act::UnlistCaller("vip".into(), number),
        Act::Record(who),
        Act::PauseRecording(who),
        Act::ResumeRecording(who),
        Act::PurgeRecordings,
        Act::TrunkResolved(TrunkId(0), Vec::new()),
        Act::Ban(address, Duration::from_secs(60)),
        Act::LiftBan(address),
        Act::Drain,
        Act::Stop,
    ]
}

/// A reason's name, without its fields.
fn name(refusal: &Refusal) -> String {
    format!("{refusal:?}").split([' ', '(']).next().unwrap_or_default().to_owned()
}

fn list() -> String {
    let mut text = String::from("command | feature code | who may ask | refused for\n");
    let codes = codes();
    let mut reasons: Vec<Refusal> = vec![Refusal::NoAnswer];
    for command in commands() {
        let verb = command.verb();
        let dialled = FeatureCode::ALL.into_iter().filter(|code| code.verb() == verb).map(|code| {
            let behind = if code.has_argument() { "..." } else { "" };
            format!("{}{behind}", code.digits(&codes))
        });
        let mut code = dialled.collect::<Vec<_>>().join(" ");
        if code.is_empty() {
            code.push('-');
        }
        let askers =
            [("phone", Asker::Phone(AgentId(0))), ("control", Asker::Control), ("shell", Asker::Shell)];
        let askers = askers.iter().filter(|(_, asker)| asker.may_ask(&command)).map(|(name, _)| *name);
        let askers = askers.collect::<Vec<_>>().join(" ");
        let why = verb.refusals();
        let names = why.iter().map(name).collect::<Vec<_>>().join(" ");
        writeln!(text, "{} | {code} | {askers} | {names}", verb.word()).expect("a string takes all");
        for one in why {
            if reasons.iter().all(|known| name(known) != name(&one)) {
                reasons.push(one);
            }
        }
    }
    reasons.sort_by_key(name);
    for one in &reasons {
        let (english, spanish) = (one.sentence(Language::English), one.sentence(Language::Spanish));
        write!(text, "\n{}\n    {english}\n    {spanish}\n", name(one)).expect("a string takes all");
    }
    text
}

#[test]
fn every_command_has_its_word_its_code_and_its_refusals_in_two_languages() {
    let written = include_str!("commands.txt");
    assert_eq!(list(), written, "the list of commands has changed:\n{}", list());
}

#[test]
fn the_table_has_each_command_once() {
    let verbs: Vec<Verb> = commands().iter().map(Act::verb).collect();
    assert_eq!(verbs, Verb::ALL);
    for verb in Verb::ALL {
        // The way of observing is changed, and help is asked for, by a key during the talk; a break in turns has the code
        // of AUX.
        let consults = matches!(verb, Verb::Consult | Verb::Conference | Verb::Complete | Verb::Back);
        let is_key = consults || matches!(verb, Verb::ChangeObserving | Verb::Help | Verb::AskBreak);
        let has_code = is_key || FeatureCode::ALL.iter().any(|code| code.verb() == verb);
        assert_eq!(verb.has_feature_code(), has_code, "{verb:?}");
        assert_eq!(Verb::ALL.iter().filter(|other| other.word() == verb.word()).count(), 1, "{verb:?}");
    }
}

#[test]
fn nobody_asks_for_a_colleague_by_a_feature_code() {
    let [own, other] = [AgentId(3), AgentId(4)];
    assert!(Asker::Phone(own).may_ask(&Command::LogOut(own)));
    assert!(!Asker::Phone(own).may_ask(&Command::LogOut(other)));
    assert!(!Asker::Phone(own).may_ask(&Command::Stop));
}

#[test]
fn the_longest_code_wins_and_what_stands_behind_it_is_kept() {
    let mut codes = codes();
    codes.log_in = "*1".to_owned();
    let dialled = |digits| FeatureCode::dialled(&codes, digits);
    assert_eq!(dialled("*1"), Some((FeatureCode::LogIn, "")));
    assert_eq!(dialled("*143"), Some((FeatureCode::Aux, "3")));
    assert_eq!(dialled("*1617"), Some((FeatureCode::WrapUp, "17")));
    assert_eq!(dialled("*221001"), Some((FeatureCode::Whisper, "1001")));
    assert_eq!(dialled("*24"), None);
    for nothing in ["*14", "*14x", "*16", "*120", "023952300", ""] {
        assert_eq!(dialled(nothing), None, "{nothing}");
    }
}
