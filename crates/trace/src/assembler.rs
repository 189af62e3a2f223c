//! Joins facts and messages to the entries of one contact, as they come or all at once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

use turno_ground::Moment;
use turno_model::{
    AgentCall, AgentCallOutcome, CallbackChange, ContactId, Fact, Language, Party, Plan, WITHHELD,
};

use crate::captured_message::{CapturedMessage, Way};
use crate::column::{Column, Kind};
use crate::decode::decode;
use crate::entry::{Entry, Head, Message, Note, Tone};
use crate::names::Names;
use crate::reasons::States;
use crate::redaction::{Numbers, Redaction};
use crate::safe;
use crate::sentence::sentence;

/// Messages and sentences of one story: a caller who is offered all day long, or whose trunk repeats itself for ever.
const LINES_MAX: usize = 5_000;

/// Dialogs of one contact that are followed.
const LEGS_MAX: usize = 512;

/// Messages of one dialog by which a retransmission is known.
const SEEN_MAX: usize = 256;

/// Tells one contact.
#[derive(Debug)]
pub struct Assembler<'p> {
    contact: ContactId,
    names: Names<'p>,
    redaction: Redaction,
    states: States,
    legs: Vec<Leg>,
    columns: Vec<(Option<Party>, Option<SocketAddr>)>,
    lines: usize,
    has_head: bool,
    over_at: Option<Moment>,
    reports: usize,
}

#[derive(Debug)]
struct Leg {
    call_id: Vec<u8>,
    party: Party,
    column: Option<usize>,
    /// Hashes of what passed, to know it again.
    seen: Vec<u64>,
}

enum Heard<'a> {
    Fact(&'a Fact),
    CapturedMessage(usize, &'a CapturedMessage),
}

impl<'p> Assembler<'p> {
    /// A teller who knows the names of `plan`, speaks its language, and knows nothing of the contact yet.
    pub const fn new(contact: ContactId, plan: &'p Plan, numbers: Numbers) -> Self {
        Self {
            contact,
            names: Names::of(plan),
            redaction: Redaction::new(numbers),
            states: States::new(),
            legs: Vec::new(),
            columns: Vec::new(),
            lines: 0,
            has_head: false,
            over_at: None,
            reports: 0,
        }
    }

    /// What it tells in.
    pub(crate) const fn language(&self) -> Language {
        self.names.language
    }

    /// Takes what happened next, of whatever contact, each sort in its order, and tells what belongs to this one.
    pub fn hear<'a>(
        &mut self,
        facts: impl Iterator<Item = (Moment, &'a Fact)>,
        captured_messages: impl Iterator<Item = &'a CapturedMessage>,
    ) -> Vec<Entry> {
        let mut heard: Vec<(Moment, u8, Heard<'a>)> = Vec::new();
        let mut entries = Vec::new();
        for (at, fact) in facts {
            let is_ours = fact.contact() == Some(self.contact);
            if is_ours {
                self.learn(fact);
                self.begin(at, fact, &mut entries);
                self.begin_own(at, fact, &mut entries);
            }
            if is_ours || matches!(fact, Fact::AgentChanged { .. } | Fact::Started) {
                heard.push((at, 1, Heard::Fact(fact)));
            }
        }
        for captured in captured_messages {
            let Some(leg) = self.leg_of(captured) else { continue };
            if captured.way == Way::In
                && self.legs[leg].party == Party::Caller
                && captured.bytes.starts_with(b"INVITE ")
            {
                self.learn_caller(&captured.bytes);
            }
            // In one step a message comes in, facts are recorded, and then messages go out.
            let rank = if captured.way == Way::In { 0 } else { 2 };
            heard.push((captured.at, rank, Heard::CapturedMessage(leg, captured)));
        }
        heard.sort_by_key(|&(at, rank, _)| (at, rank));
        for (at, _, what) in heard {
            match what {
                Heard::Fact(fact) => self.tell_fact(at, fact, &mut entries),
                Heard::CapturedMessage(leg, captured) => self.tell_passage(leg, captured, &mut entries),
            }
        }
        entries
    }

    /// When the contact ended, if it has.
    pub const fn over_at(&self) -> Option<Moment> {
        self.over_at
    }

    /// Whether the contact has ended and every leg has brought its last figures.
    pub const fn is_complete(&self) -> bool {
        self.over_at.is_some() && self.reports >= self.legs.len()
    }

    /// Whether the story has a first line: facts of its arrival were heard.
    pub const fn has_begun(&self) -> bool {
        self.has_head
    }

    /// Whether a line more would be one too many.
    pub const fn is_full(&self) -> bool {
        self.lines >= LINES_MAX
    }

    fn learn_leg(&mut self, party: Party, call_id: &str) {
        let call_id = call_id.as_bytes().to_vec();
        if self.legs.len() < LEGS_MAX && !self.legs.iter().any(|leg| leg.call_id == call_id) {
            self.legs.push(Leg { call_id, party, column: None, seen: Vec::new() });
        }
    }

    fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { from, .. } if from.0 == WITHHELD => self.redaction.withhold(),
            Fact::ContactArrived { from, .. } if self.names.is_extension(&from.0) => {}
            Fact::ContactArrived { from, .. } => self.redaction.learn_number(&from.0),
            // Whom an agent calls outside is a citizen's number as a caller's is.
            Fact::OwnCallDialled { dialled, what: AgentCall::Outside, .. } => {
                self.redaction.learn_number(&dialled.0);
            }
            Fact::CallerKnown(..) | Fact::Callback(_, CallbackChange::Asked { .. }) => {
                let number = fact.number().filter(|number| number.0 != WITHHELD);
                number.into_iter().for_each(|number| self.redaction.learn_number(&number.0));
            }
            Fact::Phone(step) => self.redaction.learn_telephone(self.names.plan, step.agent),
            Fact::LegOpened { party, call_id, .. } => self.learn_leg(*party, call_id),
            Fact::TurnedAway { .. }
            | Fact::ContactEnded { .. }
            | Fact::MediaReported(_)
            | Fact::Started
            | Fact::CallsRefused { .. }
            | Fact::TrunkTold { .. }
            | Fact::NumberWithheld { .. }
            | Fact::OwnCallDialled { .. }
            | Fact::OwnCallSettled { .. }
            | Fact::MenuChosen { .. }
            | Fact::Menu(_)
            | Fact::Emergency(_)
            | Fact::PinEntered(_)
            | Fact::Queued { .. }
            | Fact::Offered { .. }
            | Fact::OfferSettled { .. }
            | Fact::Connected { .. }
            | Fact::Held { .. }
            | Fact::Resumed { .. }
            | Fact::HoldRecalled { .. }
            | Fact::TargetWarned { .. }
            | Fact::TargetBreached { .. }
            | Fact::Transferred { .. }
            | Fact::Disconnected { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentAsked { .. }
            | Fact::TakesBeside { .. }
            | Fact::WaitTold(_)
            | Fact::Seated { .. }
            | Fact::ObservingBegan { .. }
            | Fact::ObservingEnded { .. }
            | Fact::Reprioritised { .. }
            | Fact::QueueTurned { .. }
            | Fact::Break(_)
            | Fact::CallerList(_)
            | Fact::SkillChanged(_)
            | Fact::LiveSpeech(_)
            | Fact::Commanded(_)
            | Fact::Handling(_)
            | Fact::Passing(_)
            | Fact::TakenOver { .. }
            | Fact::Recording { .. }
            | Fact::Callback(..)
            | Fact::Survey(_)
            | Fact::Voicemail(_)
            | Fact::Stepped(_)
            | Fact::WrapUp { .. }
            | Fact::Registered { .. }
            | Fact::TrunkChanged { .. }
            | Fact::Alarm { .. } => {}
        }
    }

    fn learn_caller(&mut self, invite: &[u8]) {
        // An agent who tries the line out is no citizen, and an extension would be hidden in every line.
        let from = crate::raw::header(invite, "from", Some(b'f')).unwrap_or_default();
        let from = String::from_utf8_lossy(from);
        let is_seat =
            self.names.plan.seats.iter().any(|seat| from.contains(&format!(":{}@", seat.extension)));
        if !is_seat {
            self.redaction.learn_caller(invite, &self.names.plan.numbers);
        }
    }

    fn leg_of(&self, captured: &CapturedMessage) -> Option<usize> {
        if self.legs.is_empty() {
            return None;
        }
        let call_id = crate::raw::call_id(&captured.bytes)?;
        self.legs.iter().position(|leg| leg.call_id == call_id)
    }

    fn tell_fact(&mut self, at: Moment, fact: &Fact, entries: &mut Vec<Entry>) {
        if let &Fact::AgentChanged { agent, to, .. } = fact {
            self.states.insert(agent, to);
            return;
        }
        if matches!(fact, Fact::Started) {
            if self.lines > 0 && self.over_at.is_none() {
                // What a contact has lived through that was there before a restart or a hand-over.
                let text = say!(
                    self.names.language,
                    "turno goes on here with what its journal had; messages from before are not kept",
                    "turno continúa aquí con lo que tenía su diario; los mensajes anteriores no se conservan"
                );
                self.note(at, Tone::Plain, text, Vec::new(), entries);
            }
            return;
        }
        let is_own_over =
            matches!(fact, Fact::OwnCallSettled { outcome, .. } if *outcome != AgentCallOutcome::Answered);
        if is_own_over || matches!(fact, Fact::TurnedAway { .. } | Fact::ContactEnded { .. }) {
            self.over_at = Some(at);
        }
        if matches!(fact, Fact::MediaReported(_)) {
            self.reports += 1;
        }
        if let Some((tone, text, reasons)) = sentence(fact, self.names, &self.states) {
            self.note(at, tone, text, reasons, entries);
        }
    }

    /// The first line, ahead of the message that brought the contact.
    fn begin(&mut self, at: Moment, fact: &Fact, entries: &mut Vec<Entry>) {
        if let Fact::ContactArrived { from, dialled, .. } = fact {
            self.has_head = true;
            entries.push(Entry::Head(Head {
                contact: self.contact.0,
                site: safe::line(&self.names.plan.site),
                began: at.as_micros(),
                clock: self.names.clock(at),
                caller: if self.names.is_extension(&from.0) {
                    from.0.to_string()
                } else {
                    self.redaction.number(&from.0)
                },
                dialled: safe::line(dialled),
                language: self.names.language,
            }));
        }
    }

    /// The same of a call that an agent dialled.
    fn begin_own(&mut self, at: Moment, fact: &Fact, entries: &mut Vec<Entry>) {
        if let Fact::OwnCallDialled { agent, dialled, what, .. } = fact {
            self.has_head = true;
            entries.push(Entry::Head(Head {
                contact: self.contact.0,
                site: safe::line(&self.names.plan.site),
                began: at.as_micros(),
                clock: self.names.clock(at),
                caller: self.names.extension(*agent),
                dialled: match what {
                    AgentCall::Outside => self.redaction.number(&dialled.0),
                    AgentCall::FeatureCode | AgentCall::Colleague(_) | AgentCall::FreeSeat(_) => {
                        safe::line(&dialled.0)
                    }
                },
                language: self.names.language,
            }));
        }
    }

    fn note(&mut self, at: Moment, tone: Tone, text: String, reasons: Vec<String>, entries: &mut Vec<Entry>) {
        if !self.is_full() {
            self.lines += 1;
            entries.push(Entry::Note(Note { at: at.as_micros(), tone, text, reasons }));
        }
    }

    fn tell_passage(&mut self, leg: usize, captured: &CapturedMessage, entries: &mut Vec<Entry>) {
        if self.is_full() {
            return;
        }
        let column = self.column_of(leg, captured, entries);
        let mut hasher = DefaultHasher::new();
        (captured.way == Way::In, &captured.bytes[..]).hash(&mut hasher);
        let hash = hasher.finish();
        let seen = &mut self.legs[leg].seen;
        let again = seen.contains(&hash);
        if !again && seen.len() < SEEN_MAX {
            seen.push(hash);
        }
        self.lines += 1;
        entries.push(Entry::Message(message(captured, column, again, &self.redaction)));
    }

    /// The column of a leg: one for the caller, one for each phone of an agent.
    fn column_of(&mut self, leg: usize, captured: &CapturedMessage, entries: &mut Vec<Entry>) -> usize {
        if let Some(column) = self.legs[leg].column {
            return column;
        }
        let party = self.legs[leg].party;
        let remote = captured.flow.remote;
        let is_same = |&(known, address): &(Option<Party>, Option<SocketAddr>)| {
            known == Some(party) && (party == Party::Caller || address == Some(remote))
        };
        let column = self.columns.iter().position(is_same).unwrap_or_else(|| {
            let before = self.columns.iter().filter(|(known, _)| *known == Some(party)).count();
            let (kind, mut name) = match party {
                Party::Caller => (Kind::Caller, say!(self.names.language, "caller", "quien llama")),
                Party::Agent(agent) => (Kind::Agent, self.names.agent(agent)),
                Party::Outside => (Kind::Outside, say!(self.names.language, "outside", "exterior")),
            };
            if before > 0 {
                name = format!("{name} #{}", before + 1);
            }
            self.appear(
                Some(party),
                Some(remote),
                Column { kind, name, address: remote.to_string() },
                entries,
            )
        });
        if !self.columns.iter().any(|(party, _)| party.is_none()) {
            let address = self.names.address().unwrap_or(captured.flow.local).to_string();
            self.appear(None, None, Column { kind: Kind::Turno, name: "turno".to_owned(), address }, entries);
        }
        self.legs[leg].column = Some(column);
        column
    }

    fn appear(
        &mut self,
        party: Option<Party>,
        remote: Option<SocketAddr>,
        column: Column,
        entries: &mut Vec<Entry>,
    ) -> usize {
        self.columns.push((party, remote));
        entries.push(Entry::Column(column));
        self.columns.len() - 1
    }
}

/// A passage in words.
pub(crate) fn message(
    captured: &CapturedMessage,
    column: usize,
    again: bool,
    redaction: &Redaction,
) -> Message {
    let decoded = decode(&captured.bytes);
    Message {
        at: captured.at.as_micros(),
        column,
        inward: captured.way == Way::In,
        title: redaction.text(&decoded.title),
        cseq: redaction.text(&decoded.cseq),
        detail: redaction.text(&decoded.detail),
        again,
        transport: captured.transport().via_name().to_owned(),
        from: captured.from().to_string(),
        to: captured.to().to_string(),
        text: redaction.message(&captured.bytes),
    }
}
