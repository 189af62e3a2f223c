//! `turno why` and `turno why-not` as a person uses them: from a journal's facts, and of an older contact from the history.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use turno_ground::{Moment, Pii};
use turno_history::{History, Names, SqliteStore};
use turno_journal::{Content, Writer, file_name};
use turno_model::{
    AgentId, AgentState as S, AuxReason, Channel, ContactId, ContactOutcome, EndedBy, Fact, PlanIndex,
    Position, QueueId,
};

/// 24 November 2026, 14:29 UTC.
const MORNING: Moment = Moment::from_secs(1_795_530_540);
/// Two months before.
const SEPTEMBER: Moment = Moment::from_secs(1_795_530_540 - 60 * 86_400);

struct Folder(PathBuf);

impl Folder {
    /// A journal with a caller of today, and a history with one of September too.
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-why-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        let (plan, _) = turno_config::load(&site()).expect("the plan");
        let store = SqliteStore::new(&path.join("history.db"), Duration::from_secs(1));
        let mut history = History::new(Box::new(store));
        history.open().expect("it opens");
        let old = facts(SEPTEMBER);
        let until = Position { run: SEPTEMBER, number: old.len() as u64 };
        history.take(&Names::new(&plan, None), &old, until).expect("it is written");
        let mut writer = Writer::new(0);
        writer.facts_go_on(Position::begin(MORNING));
        writer.begin(Content::Segment, 1, MORNING);
        writer.places(MORNING, &PlanIndex::of(&plan)).expect("a short list");
        for (at, fact) in facts(MORNING) {
            writer.facts(at, [fact].iter()).expect("a short fact");
        }
        fs::write(path.join(file_name(Content::Segment, 1)), writer.bytes()).expect("it is written");
        // An hour later the plan has the agents in another order, so that their numbers mean somebody else.
        let (later, mut index) = (MORNING + Duration::from_secs(3_600), PlanIndex::of(&plan));
        index.agents.reverse();
        writer.clear();
        writer.begin(Content::Segment, 2, later);
        writer.places(later, &index).expect("a short list");
        writer.facts(later, [Fact::Started].iter()).expect("a short fact");
        fs::write(path.join(file_name(Content::Segment, 2)), writer.bytes()).expect("it is written");
        Self(path)
    }

    fn turno(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
        command.args(words).arg("--plan").arg(site()).arg("--state").arg(&self.0);
        command.output().expect("turno starts")
    }

    /// What it prints, if it ends well.
    fn told(&self, words: &[&str]) -> String {
        let output = self.turno(words);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn contact(begin: Moment) -> ContactId {
    ContactId(begin.as_micros() + 1)
}

/// A caller who gives up while the only agent is on a break.
fn facts(begin: Moment) -> Vec<(Moment, Fact)> {
    let (queue, id) = (QueueId(0), contact(begin));
    let mut facts = Vec::new();
    let mut tell = |seconds: u64, fact| facts.push((begin + Duration::from_secs(seconds), fact));
    let (off, aux) = (S::LoggedOut, S::Aux(AuxReason::Planned(0)));
    tell(0, Fact::AgentChanged { agent: AgentId(0), from: off, to: aux });
    let from = Pii("0991234567".into());
    let dialled = "1800510510".into();
    tell(10, Fact::ContactArrived { contact: id, channel: Channel::Voice, from, dialled, trunk: None });
    tell(10, Fact::Queued { contact: id, queue, priority: 0, position: 1 });
    let (outcome, by, waited) = (ContactOutcome::Abandoned, EndedBy::Caller, Duration::from_secs(37));
    tell(47, Fact::ContactEnded { contact: id, queue, outcome, by, waited });
    facts
}

#[test]
fn a_caller_of_today_is_told_with_what_held_the_call_up() {
    let folder = Folder::new("today");
    let number = contact(MORNING).0.to_string();
    let told = folder.told(&["why", &number, "--language", "es"]);
    for part in [
        "Su llamada llegó el martes 24 de noviembre de 2026",
        "no había nadie libre",
        "usted colgó, después de 37 segundos",
    ] {
        assert!(told.contains(part), "no `{part}` in {told}");
    }
    assert!(!told.contains("1234567"), "a number is told: {told}");
    let by_end = folder.told(&["why", &number[number.len() - 6..], "--language", "es"]);
    assert_eq!(by_end, told, "the last digits are enough");
    let list = folder.told(&["why", "--number", "0991234567", "--day", "2026-11-24"]);
    assert!(list.contains(&number) && !list.contains("1234567"), "{list}");
    let json = folder.told(&["why", &number, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("one object");
    assert_eq!(json["sentences"][0]["kind"], "arrived");
    assert_eq!(json["contact"].to_string(), number);
}

#[test]
fn an_agent_is_told_why_nothing_came() {
    let folder = Folder::new("agent");
    let number = contact(MORNING).0.to_string();
    let (plan, _) = turno_config::load(&site()).expect("the plan");
    let agent = plan.agents[0].extension.as_str();
    let told = folder.told(&["why-not", agent, &number, "--language", "en"]);
    assert!(told.contains("was away (") && told.contains(&plan.agents[0].display), "{told}");
    let told = folder.told(&[
        "why-not",
        agent,
        "--at",
        "2026-11-24T14:35:00",
        "--language",
        "en",
        "--agents-by",
        "number",
    ]);
    assert!(told.contains(&format!("Agent {agent} was away (")), "{told}");
    let nobody = folder.turno(&["why-not", "nobody", &number]);
    assert_eq!(nobody.status.code(), Some(6), "{}", said(&nobody));
}

#[test]
fn a_caller_of_september_is_told_from_the_history_and_it_says_what_is_gone() {
    let folder = Folder::new("september");
    let number = contact(SEPTEMBER).0.to_string();
    let told = folder.told(&["why", &number, "--language", "en"]);
    for part in ["25 September 2026", "before anybody had answered, by the caller", "are not kept any more"] {
        assert!(told.contains(part), "no `{part}` in {told}");
    }
    let list = folder.told(&["why", "--number", "0991234567", "--day", "2026-09-25"]);
    assert!(list.contains(&number) && !list.contains("1234567"), "{list}");
    let not = folder.turno(&["why-not", "1001", &number]);
    assert_eq!(not.status.code(), Some(6), "{}", said(&not));
    let unknown = folder.turno(&["why", "17", "--language", "es"]);
    assert!(
        unknown.status.code() == Some(6) && said(&unknown).contains("no está en los hechos"),
        "{}",
        said(&unknown)
    );
}
