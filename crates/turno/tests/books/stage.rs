//! A journal's folder with the facts and the history of a small day, and `turno` beside it.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use turno_ground::{Moment, Pii};
use turno_history::store::Store as _;
use turno_history::{History, Names, SqliteStore};
use turno_journal::{Content, Writer, file_name};
use turno_model::{
    AgentId, AgentState, AuxReason, Channel, ContactId, ContactOutcome, EndedBy, Fact, PlanIndex, Position,
    QueueId,
};

/// 24 November 2026, 14:29 UTC.
pub(crate) const MORNING: Moment = Moment::from_secs(1_795_530_540);

pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-books-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).expect("a folder");
        let (plan, _) = turno_config::load(&site()).expect("the plan");
        let facts = facts();
        let (first, last) = (MORNING, facts.last().expect("some").0);
        let mut writer = Writer::new(0);
        writer.facts_go_on(Position::begin(MORNING));
        writer.begin(Content::Facts, 1, first);
        writer.places(first, &PlanIndex::of(&plan)).expect("it fits");
        facts.iter().for_each(|(at, fact)| writer.facts(*at, core::iter::once(fact)).expect("it fits"));
        writer.last(last);
        fs::write(path.join(file_name(Content::Facts, 1)), writer.bytes()).expect("a file");
        let mut history = History::new(Box::new(SqliteStore::new(&path.join("history.db"), Duration::ZERO)));
        history.open().expect("it opens");
        let names = Names::new(&plan, None);
        let until = Position { run: MORNING, number: facts.len() as u64 };
        history.take(&names, &facts, until).expect("it is written");
        Self(path)
    }

    /// `turno` with these words, this plan and this folder.
    pub(crate) fn turno(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
        command.args(words).arg("--plan").arg(site()).arg("--state").arg(&self.0);
        command.output().expect("turno starts")
    }

    /// Changes the history by hand.
    pub(crate) fn by_hand(&self, text: &str) {
        let mut store = SqliteStore::new(&self.0.join("history.db"), Duration::ZERO);
        store.transaction(&mut |sql| sql.run(text, &[]).map(drop)).expect("it is changed");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab")
}

/// What it printed for programs.
pub(crate) fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it printed, and what it complained of.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// An agent sits for ten minutes; one caller is answered after 12 seconds and talks 60, another leaves after 7.
fn facts() -> Vec<(Moment, Fact)> {
    use AgentState as State;
    let (queue, agent) = (QueueId(0), AgentId(0));
    let aux = State::Aux(AuxReason::LoggedIn);
    let mut facts = Vec::new();
    let mut tell = |seconds: u64, fact| facts.push((MORNING + Duration::from_secs(seconds), fact));
    let changed = |from, to| Fact::AgentChanged { agent, from, to };
    let arrived = |contact: u64, from: &str| Fact::ContactArrived {
        contact: ContactId(contact),
        channel: Channel::Voice,
        from: Pii(from.into()),
        dialled: "1800510510".into(),
        trunk: None,
    };
    let queued = |contact: u64| Fact::Queued { contact: ContactId(contact), queue, priority: 0, position: 1 };
    let ended = |contact: u64, outcome, seconds| {
        let (by, waited) = (EndedBy::Caller, Duration::from_secs(seconds));
        Fact::ContactEnded { contact: ContactId(contact), queue, outcome, by, waited }
    };
    tell(0, Fact::Started);
    tell(1, changed(State::LoggedOut, aux));
    tell(2, changed(aux, State::Available));
    tell(10, arrived(1, "+593991234567"));
    tell(10, queued(1));
    let (contact, waited) = (ContactId(1), Duration::from_secs(12));
    tell(22, Fact::Connected { contact, agent, queue, waited });
    tell(22, changed(State::Available, State::Talking));
    let (talked, held) = (Duration::from_secs(60), Duration::ZERO);
    tell(82, Fact::Disconnected { contact, agent, queue, talked, held });
    tell(82, ended(1, ContactOutcome::Answered, 12));
    tell(82, changed(State::Talking, State::Acw));
    tell(90, changed(State::Acw, State::Available));
    tell(100, arrived(2, "=cmd|' /C calc'!A0"));
    tell(100, queued(2));
    tell(107, ended(2, ContactOutcome::Abandoned, 7));
    tell(600, changed(State::Available, State::LoggedOut));
    facts
}
