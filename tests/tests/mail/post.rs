//! A keeper of conversations in memory.
#![expect(clippy::disallowed_types, reason = "several threads use one post; nothing of turno does")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use turno_channels::{
    Address, Body, ConversationId, Incoming, Letter, MessageId, NotTaken, Outcome, Post, Report, Taken,
};
use turno_model::Channel;

/// What it holds.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) taken: Vec<(Incoming, Taken)>,
    pub(crate) again: usize,
    pub(crate) reports: Vec<Report>,
    pub(crate) settled: Vec<(MessageId, Outcome)>,
    letters: VecDeque<Letter>,
    known: BTreeMap<String, Taken>,
    open: BTreeMap<String, ConversationId>,
    count: i64,
    /// Whether it says 'later' to everything.
    pub(crate) is_full: bool,
    /// Whether it answers everything by itself, as a careless bot would.
    pub(crate) is_careless: bool,
}

#[derive(Default)]
pub(crate) struct Shelf {
    held: Mutex<Held>,
    bell: Condvar,
}

impl Shelf {
    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no test dies with it")
    }

    /// Waits until so many mails have come, and gives the last.
    pub(crate) fn mail(&self, count: usize) -> (Incoming, Taken) {
        crate::until(&format!("mail {count} comes"), || self.held().taken.len() >= count);
        self.held().taken[count - 1].clone()
    }

    /// Puts a letter of an agent on its way.
    pub(crate) fn write(
        &self,
        to: &str,
        conversation: ConversationId,
        text: &str,
        earlier: Vec<String>,
    ) -> MessageId {
        let mut held = self.held();
        held.count += 1;
        let message = MessageId(held.count);
        held.letters.push_back(letter(message, conversation, to, text, earlier));
        drop(held);
        self.bell.notify_all();
        message
    }

    /// Waits for what became of a letter.
    pub(crate) fn outcome(&self, message: MessageId) -> Outcome {
        let find = || {
            self.held()
                .settled
                .iter()
                .find(|(settled, _)| *settled == message)
                .map(|(_, outcome)| outcome.clone())
        };
        crate::until("the letter is settled", || find().is_some());
        find().expect("it was seen")
    }
}

pub(crate) fn letter(
    message: MessageId,
    conversation: ConversationId,
    to: &str,
    text: &str,
    earlier: Vec<String>,
) -> Letter {
    Letter {
        message,
        conversation,
        address: Address::Mail(to.to_owned()),
        body: Body::Text { text: text.to_owned() },
        file: None,
        subject: Some("luz".to_owned()),
        earlier,
        person_wrote: None,
        tries: 0,
        is_automatic: false,
    }
}

impl Post for Shelf {
    fn take(&self, incoming: Incoming) -> Result<Taken, NotTaken> {
        let mut held = self.held();
        if held.is_full {
            return Err(NotTaken::Later("the disk is full".to_owned()));
        }
        if let Some(taken) = held.known.get(&incoming.external).copied() {
            held.again += 1;
            return Ok(Taken { again: true, ..taken });
        }
        held.count += 1;
        let message = MessageId(held.count);
        let key = incoming.address.key().to_owned();
        let open = incoming.conversation.or_else(|| held.open.get(&key).copied());
        let conversation = open.unwrap_or(ConversationId(message.0));
        held.open.insert(key.clone(), conversation);
        let taken = Taken { conversation, message, again: false };
        held.known.insert(incoming.external.clone(), taken);
        if held.is_careless {
            held.count += 1;
            let message = MessageId(held.count);
            let mut answer =
                letter(message, conversation, &key, "Soy un bot.", vec![incoming.external.clone()]);
            answer.is_automatic = true;
            held.letters.push_back(answer);
        }
        held.taken.push((incoming, taken));
        Ok(taken)
    }

    fn report(&self, report: Report) -> Result<(), NotTaken> {
        self.held().reports.push(report);
        Ok(())
    }

    fn next(&self, _channel: Channel) -> Option<Letter> {
        self.held().letters.pop_front()
    }

    fn settle(&self, message: MessageId, outcome: Outcome) {
        self.held().settled.push((message, outcome));
    }

    fn wait(&self, _channel: Channel, most: Duration) {
        let held = self.held();
        if held.letters.is_empty() {
            drop(self.bell.wait_timeout(held, most).expect("no test dies with it"));
        }
    }
}
