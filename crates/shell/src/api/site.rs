//! What the HTTP API is told of the running turno.

use std::io;
use std::sync::Arc;

use rustix::rand::{GetRandomFlags, getrandom};
use tokio::sync::watch;
use turno_api::{
    Added, Counted, DeadForm, Ends, Events, Kind, News, NoHistory, PhoneLine, Site, Sound, Verdicts,
    WebhookForm, Written,
};
use turno_connectors::whatsapp::WhatsApp;
use turno_control::{Answer, Ask, FactsBegin, Request};
use turno_ground::{Flow, Moment, Transport};
use turno_history::Failure;
use turno_history::store::Sql;
use turno_knowledge::{AnswerForm, ProcedureForm};
use turno_ledger::Snapshot;
use turno_model::{Done, Language, Plan, PlanIndex, Position, RecordingId, Refusal, Spoken};
use turno_trace::why::Why;

use crate::api::past;
use crate::api::past::Past;
use crate::api::seat_of::seat_of;
use crate::clock::wall;
use crate::control::api::ControlApi;
use crate::conversations::{Office, bot_settings};
use crate::facts::FactsHub;
use crate::facts::reader::{FactsReader, Given};
use crate::facts::stream::{Begin, NoPlace};
use crate::metrics::api::ApiMeters;
use crate::net::streams::Streams;
use crate::procedures::Procedures;

/// Name of the API's readers in the metrics.
const NAME: &str = "api";

/// The running turno.
pub(crate) struct RunningSite {
    answering: ControlApi,
    facts: Arc<FactsHub>,
    past: Past,
    procedures: Procedures,
    /// The written channels; `None`: there are none.
    office: Option<Arc<Office>>,
    /// WhatsApp's number; `None`: nobody can write there.
    whatsapp: Option<Arc<WhatsApp>>,
    meters: ApiMeters,
    /// Where browsers' phones become streams, and by which transport.
    phones: (Streams, Transport),
}

impl RunningSite {
    /// A turno that answers as the control socket does.
    pub(crate) fn new(
        (answering, facts): (ControlApi, Arc<FactsHub>),
        (past, procedures): (Past, Procedures),
        (office, whatsapp): (Option<Arc<Office>>, Option<Arc<WhatsApp>>),
        meters: ApiMeters,
        phones: (Streams, Transport),
    ) -> Self {
        Self { answering, facts, past, procedures, office, whatsapp, meters, phones }
    }
}

impl Site for RunningSite {
    fn plan(&self) -> Arc<Plan> {
        self.answering.plan()
    }

    fn snapshot(&self) -> Snapshot {
        self.facts.read(self.answering.clock, turno_ledger::Ledger::snapshot)
    }

    fn seconds(&self) -> u64 {
        wall().as_secs()
    }

    fn act(&self, user: &str, order: Spoken, why: Option<&str>) -> Result<Done, Refusal> {
        // Facts have one text for the reason: it begins with who gave it.
        let why = why.filter(|why| !why.is_empty());
        let why = why.map_or_else(|| user.to_owned(), |why| format!("{user}: {why}"));
        self.answering.obey((order, Some(why.into())))
    }

    fn ask(&self, request: Request) -> Answer {
        self.answering.tell_list(request)
    }

    fn trace(&self, ask: &Ask) -> Vec<Answer> {
        self.answering.whole_trace(ask)
    }

    fn reload(&self) -> (Vec<String>, Answer) {
        self.answering.reload_now()
    }

    fn differences(&self) -> Result<(Vec<String>, Vec<String>), String> {
        self.answering.plan_differences()
    }

    fn events(&self, begin: FactsBegin) -> Result<Box<dyn Events>, Box<Answer>> {
        let begin = match begin {
            FactsBegin::Oldest => Begin::Oldest,
            FactsBegin::Now => Begin::Now,
            FactsBegin::After(position) => Begin::After(position),
        };
        let reader = FactsReader::open(Arc::clone(self.facts.stream()), NAME, begin);
        let reader = reader.map_err(|why| {
            Box::new(match why {
                NoPlace::TooOld(oldest) => Answer::TooOld(oldest),
                NoPlace::Ahead(newest) => Answer::Ahead(newest),
                NoPlace::Unreadable(error) => {
                    Answer::Refused(format!("the journal's files can't be read: {error}"))
                }
            })
        })?;
        Ok(Box::new(Reading { reader, plan: self.answering.plan() }))
    }

    fn read_history(
        &self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), NoHistory> {
        self.past.read_history(work)
    }

    fn sound(&self, recording: RecordingId, began: Moment) -> Result<Option<Sound>, String> {
        match &self.answering.plan().recording {
            Some(plan) => past::sound(plan, recording, began),
            None => Ok(None),
        }
    }

    fn webhooks(&self) -> Result<Vec<WebhookForm>, String> {
        self.past.webhooks()
    }

    fn dead_messages(&self, name: &str, after: i64, most: u32) -> Result<Option<Vec<DeadForm>>, String> {
        self.past.dead_messages(name, after, most)
    }

    fn send_again(&self, name: &str, number: Option<i64>) -> Result<Option<u64>, String> {
        self.past.send_again(name, number, self.answering.clock.now())
    }

    fn why(&self, contact: u64, language: Language) -> Option<Why> {
        self.past.why(contact, (&self.answering.plan(), language))
    }

    fn why_not(&self, extension: &str, contact: Option<u64>, language: Language) -> Option<Why> {
        let now = self.answering.clock.now();
        self.past.why_not(extension, contact, now, (&self.answering.plan(), language))
    }

    fn take_phone(&self, ends: Ends, agent: Option<&str>) -> Option<PhoneLine> {
        let (streams, transport) = &self.phones;
        let flow = Flow { transport: *transport, local: ends.local, remote: ends.remote };
        let agent = agent.and_then(|extension| self.answering.plan().agent_by_extension(extension));
        streams.take_web_socket(flow, agent)
    }

    fn seat_of(&self, agent: &str) -> Result<String, Kind> {
        seat_of(agent, &self.answering.plan(), &self.answering.inbox)
    }

    fn search_procedures(&self, question: &str, most: usize) -> Option<AnswerForm> {
        self.procedures.search(question, most)
    }

    fn procedure(&self, id: &str) -> Option<ProcedureForm> {
        self.procedures.procedure(id)
    }

    fn verdicts(&self, questions: &[String], added: Option<&Added>) -> Option<Verdicts> {
        let added = added.map(|added| (added.words.as_slice(), added.procedure.as_deref()));
        self.procedures.verdicts(questions, added, &bot_settings(&self.answering.plan().written.bot))
    }

    fn written(&self) -> Option<Arc<dyn Written>> {
        self.office.clone().map(|office| -> Arc<dyn Written> { office })
    }

    fn whatsapp_challenge(&self, query: &[(String, String)]) -> Option<String> {
        self.whatsapp.as_ref()?.challenge(query.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn whatsapp_hook(&self, signature: Option<&str>, raw: &[u8]) -> Option<u16> {
        Some(self.whatsapp.as_ref()?.receive(signature, raw).status())
    }

    fn procedure_of_code(&self, code: &str) -> Option<String> {
        self.procedures.of_code(code)
    }

    fn count(&self, what: Counted) {
        self.meters.count(what);
    }

    fn random(&self) -> io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        let filled = getrandom(&mut bytes, GetRandomFlags::empty())?;
        // Up to 256 bytes come whole (getrandom(2)).
        if filled == bytes.len() { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

struct Reading {
    reader: FactsReader,
    plan: Arc<Plan>,
}

impl Events for Reading {
    fn read(&mut self) -> io::Result<Option<News>> {
        Ok(self.reader.read()?.map(|given| match given {
            Given::Facts(batch) => {
                let names = batch
                    .places()
                    .map_or_else(|| PlanIndex::of(&self.plan), |places| PlanIndex::clone(places));
                let facts = batch.placed().map(|(position, at, fact)| (position, at, fact.clone()));
                News::Facts(facts.collect(), Box::new(names))
            }
            Given::Missing(gap) => News::Missing(gap),
        }))
    }

    fn place(&self) -> Position {
        self.reader.place()
    }

    fn newest(&self) -> watch::Receiver<Position> {
        self.reader.newest()
    }
}
