//! What the API needs of turno.

use std::io;
use std::sync::Arc;

use tokio::sync::watch;
use turno_access::RANDOM_BYTES;
use turno_channels::bot::Verdict;
use turno_control::{Answer, Ask, FactsBegin, Request};
use turno_ground::Moment;
use turno_history::Failure;
use turno_history::store::Sql;
use turno_knowledge::{AnswerForm, ProcedureForm};
use turno_ledger::Snapshot;
use turno_model::{Done, Fact, Gap, Language, Plan, PlanIndex, Position, RecordingId, Refusal, Spoken};
use turno_trace::why::Why;

use crate::hooks::{DeadForm, WebhookForm};
use crate::phone::{Ends, PhoneLine};
use crate::problem::Kind;
use crate::written::Written;

/// The turno that the API belongs to. Its methods block, so they are called off the runtime's threads.
pub trait Site: Send + Sync + 'static {
    /// The plan in force.
    fn plan(&self) -> Arc<Plan>;

    /// The live room.
    fn snapshot(&self) -> Snapshot;

    /// Seconds since 1970 (UTC) by the wall clock.
    fn seconds(&self) -> u64;

    /// Lets the engine do something for this user, for this reason.
    ///
    /// # Errors
    /// The engine's [`Refusal`].
    fn act(&self, user: &str, order: Spoken, why: Option<&str>) -> Result<Done, Refusal>;

    /// Answers a request that has one answer, as the control socket does.
    fn ask(&self, request: Request) -> Answer;

    /// The trace of a contact: its entries, or one refusal.
    fn trace(&self, ask: &Ask) -> Vec<Answer>;

    /// Reads the plan again: the lines that say what differs, and the outcome.
    fn reload(&self) -> (Vec<String>, Answer);

    /// What a reload would change now, a line each, and those lines that need a successor; nothing is changed.
    ///
    /// # Errors
    /// Why the plan can't be read, for people.
    fn differences(&self) -> Result<(Vec<String>, Vec<String>), String>;

    /// A reader of facts.
    ///
    /// # Errors
    /// [`Answer::TooOld`], [`Answer::Ahead`], [`Answer::Refused`].
    fn events(&self, begin: FactsBegin) -> Result<Box<dyn Events>, Box<Answer>>;

    /// Reads the history in one transaction.
    ///
    /// # Errors
    /// [`NoHistory`].
    fn read_history(
        &self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), NoHistory>;

    /// The sound of a recording that began at this moment; `None`: it is not kept.
    ///
    /// # Errors
    /// Why it can't be opened, for the log.
    fn sound(&self, recording: RecordingId, began: Moment) -> Result<Option<Sound>, String>;

    /// How the webhooks of the plan stand.
    ///
    /// # Errors
    /// Why their queue can't be read, for the log.
    fn webhooks(&self) -> Result<Vec<WebhookForm>, String>;

    /// Messages of a webhook that were given up, after this number, at most so many; `None`: no such webhook.
    ///
    /// # Errors
    /// As [`Site::webhooks`].
    fn dead_messages(&self, name: &str, after: i64, most: u32) -> Result<Option<Vec<DeadForm>>, String>;

    /// Sends messages again that were given up, one or all, and says how many; `None`: no such webhook.
    ///
    /// # Errors
    /// As [`Site::webhooks`].
    fn send_again(&self, name: &str, number: Option<i64>) -> Result<Option<u64>, String>;

    /// Why a contact waited; `None` if its facts are not kept.
    fn why(&self, contact: u64, language: Language) -> Option<Why>;

    /// Why the agent with this extension did not get a contact, or gets nothing now; `None` if that is not known.
    fn why_not(&self, extension: &str, contact: Option<u64>, language: Language) -> Option<Why>;

    /// Takes on a browser's phone, whose person has signed in as the agent with this extension; `None`: there is no room.
    fn take_phone(&self, ends: Ends, agent: Option<&str>) -> Option<PhoneLine>;

    /// The extension of the seat where this agent sits.
    ///
    /// # Errors
    /// [`Kind::NotFound`]: the plan has no such agent; [`Kind::Refused`]: at no seat; [`Kind::NotAnswered`].
    fn seat_of(&self, agent: &str) -> Result<String, Kind>;

    /// The procedures that a citizen's words may ask for, at most so many; `None`: the plan has no procedures.
    fn search_procedures(&self, question: &str, most: usize) -> Option<AnswerForm>;

    /// The procedure of this name; `None`: there is no such procedure.
    fn procedure(&self, id: &str) -> Option<ProcedureForm>;

    /// The name of the procedure that agents mean by a wrap-up code; `None`: none, or several.
    fn procedure_of_code(&self, code: &str) -> Option<String>;

    /// What the bot makes of each of these questions, with these words added if there are some; `None`: the plan has no
    /// procedures.
    fn verdicts(&self, questions: &[String], added: Option<&Added>) -> Option<Verdicts>;

    /// The keeper of conversations; `None`: the plan has no written channels.
    fn written(&self) -> Option<Arc<dyn Written>> {
        None
    }

    /// What WhatsApp's platform is answered when it asks whether this address expects its webhooks, by the names and values of its
    /// query; `None`: it does not, or the word is wrong.
    fn whatsapp_challenge(&self, _query: &[(String, String)]) -> Option<String> {
        None
    }

    /// Takes a webhook of WhatsApp, with its signature and its bytes as they came: the HTTP status that says what became of it;
    /// `None`: nobody can write there.
    fn whatsapp_hook(&self, _signature: Option<&str>, _raw: &[u8]) -> Option<u16> {
        None
    }

    /// Counts something for the metrics.
    fn count(&self, what: Counted);

    /// Fresh random bytes.
    ///
    /// # Errors
    /// The system has none.
    fn random(&self) -> io::Result<[u8; RANDOM_BYTES]>;
}

/// Why the history can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoHistory {
    /// None is kept.
    Off,
    /// The database.
    Failed(Failure),
}

/// Words that are tried before they are added to the synonyms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Words and phrases: they mean the same, or are how the procedure is asked for.
    pub words: Vec<String>,
    /// The procedure.
    pub procedure: Option<String>,
}

/// What the bot makes of questions, and what to write into the synonyms' file; or why the words can't be added, for
/// people. A question that asks for no procedure, such as a greeting, has no verdict.
pub type Verdicts = Result<(Vec<Option<Verdict>>, String), String>;

/// A recording, decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The bytes of a WAV file.
    pub wav: Vec<u8>,
    /// The last hash of its chain, in hexadecimal.
    pub hash: String,
}

/// Something that the metrics count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// A request that was answered with this status.
    Answered(u16),
    /// A reader of events that took nothing for too long, and was cut.
    SlowReader,
}

/// A fact with its position and moment.
pub type Placed = (Position, Moment, Fact);

/// What a reader of facts gets next.
#[derive(Debug)]
pub enum News {
    /// Facts, and the names behind their indexes.
    Facts(Vec<Placed>, Box<PlanIndex>),
    /// Facts that are lost.
    Missing(Gap),
}

/// A reader of facts with its own position.
pub trait Events: Send {
    /// The next facts; `None` if there are none yet. It may read a file.
    ///
    /// # Errors
    /// The journal's files can't be read; the position is unchanged.
    fn read(&mut self) -> io::Result<Option<News>>;

    /// Up to where it has read.
    fn place(&self) -> Position;

    /// Changes whenever there are new facts.
    fn newest(&self) -> watch::Receiver<Position>;
}
