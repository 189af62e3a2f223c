//! A recording of messages and facts, to be shown.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use turno_ground::{Flow, Moment};
use turno_model::{ContactId, Fact, Plan};
use turno_trace::{CapturedMessage, ContactTrace, TextOptions, ladder};

/// How many messages and how many facts are kept; the oldest go first.
const KEPT_MAX: usize = 50_000;
/// How many contact traces are shown.
const STORIES_MAX: usize = 4;
/// How many of the last messages the ladder shows.
const DRAWN_MAX: usize = 400;

/// The last messages and facts.
#[derive(Debug, Default)]
pub struct Recording {
    captured_messages: VecDeque<CapturedMessage>,
    facts: VecDeque<(Moment, Fact)>,
}

impl Recording {
    pub(crate) fn received(&mut self, at: Moment, flow: Flow, bytes: &Bytes) {
        self.keep(CapturedMessage::received(at, flow, bytes.clone()));
    }

    pub(crate) fn sent(&mut self, at: Moment, flow: Flow, bytes: &Bytes) {
        self.keep(CapturedMessage::sent(at, flow, bytes.clone()));
    }

    pub(crate) fn happened(&mut self, at: Moment, fact: &Fact) {
        if self.facts.len() == KEPT_MAX {
            self.facts.pop_front();
        }
        self.facts.push_back((at, fact.clone()));
    }

    /// The messages, oldest first.
    pub fn captured_messages(&self) -> impl DoubleEndedIterator<Item = &CapturedMessage> {
        self.captured_messages.iter()
    }

    /// The facts, oldest first.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = &(Moment, Fact)> {
        self.facts.iter()
    }

    /// The SIP ladder of the last messages, and the traces of the last contacts.
    pub fn show(&self, plan: &Plan) -> String {
        let from = self.captured_messages.len().saturating_sub(DRAWN_MAX);
        let mut text = ladder(self.captured_messages.iter().skip(from), |_| None);
        for contact in self.last_contacts() {
            let facts = self.facts.iter().map(|(at, fact)| (*at, fact));
            let story = ContactTrace::gather(contact, facts, self.captured_messages.iter(), plan);
            text.push('\n');
            text.push_str(&story.text(&TextOptions::default()));
        }
        text
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "arrivals among all facts")]
    fn last_contacts(&self) -> BTreeSet<ContactId> {
        let arrived = self.facts.iter().rev().filter_map(|(_, fact)| match fact {
            Fact::ContactArrived { contact, .. } => Some(*contact),
            _ => None,
        });
        arrived.take(STORIES_MAX).collect()
    }

    fn keep(&mut self, captured: CapturedMessage) {
        if self.captured_messages.len() == KEPT_MAX {
            self.captured_messages.pop_front();
        }
        self.captured_messages.push_back(captured);
    }
}
