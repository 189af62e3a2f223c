//! Contacts without a call: people who write or want to be called back, and what agents do with them at their desks.

#![expect(clippy::wildcard_enum_match_arm, reason = "few facts are about contacts without a call")]

use core::time::Duration;
use std::collections::BTreeMap;

use turno_ground::Pii;
use turno_model::{AgentId, Channel, Command, ContactId, Fact, Newcomer, QueueId};

use crate::deed::{Note, Temper};
use crate::errand::Errand;
use crate::world::World;

/// What an engine that was gone did not hear is said again after this span.
const AGAIN: Duration = Duration::from_secs(3);

/// Everything that was written.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    sent: Vec<Note>,
    /// Those that have arrived and are not over.
    open: BTreeMap<ContactId, Note>,
}

impl World {
    /// Somebody comes without a call.
    pub(crate) fn writes_in(&mut self, note: Note) {
        let queues = self.plan.queues.len().max(1);
        let queue = QueueId(u32::try_from(note.queue % queues).unwrap_or(0));
        let from = Pii(format!("note {}", self.notes.sent.len()).into());
        self.notes.sent.push(note);
        self.command(Command::Enqueue(Newcomer { channel: Channel::Callback, queue, from }));
    }

    /// What an agent or the writer hears of a fact.
    pub(crate) fn notices_notes(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, from, .. } => {
                let number = from.0.strip_prefix("note ").and_then(|number| number.parse::<usize>().ok());
                let Some(&note) = number.and_then(|number| self.notes.sent.get(number)) else { return };
                self.notes.open.insert(*contact, note);
                if let Some(patience) = note.patience {
                    self.means_to(self.now + patience, Errand::Withdraws(*contact));
                }
            }
            Fact::Offered { contact, agent, .. } if self.notes.open.contains_key(contact) => {
                self.meets_note(*agent);
            }
            Fact::Connected { contact, agent, .. } => {
                if let Some(note) = self.notes.open.get(contact) {
                    self.means_to(self.now + note.work, Errand::Finishes(*agent, *contact));
                }
            }
            Fact::ContactEnded { contact, .. } => {
                self.notes.open.remove(contact);
            }
            _ => {}
        }
    }

    /// An agent meets it as the agent's phone meets calls.
    fn meets_note(&mut self, agent: AgentId) {
        let Some(desk) = self.desk_of(agent) else { return };
        match self.persons[desk].temper {
            Temper::Prompt(after) | Temper::Twice(after) => {
                self.means_to(self.now + after, Errand::Takes(agent));
            }
            Temper::Refusing(_) => self.means_to(self.now, Errand::Declines(agent)),
            Temper::Slow | Temper::Silent => {}
        }
    }

    /// The agent is done with it, unless it is over already.
    pub(crate) fn finishes_note(&mut self, agent: AgentId, contact: ContactId) {
        if self.witness.outcomes.talking().get(&contact) == Some(&agent) {
            self.command(Command::Finish(agent));
            self.means_to(self.now + AGAIN, Errand::Finishes(agent, contact));
        }
    }

    /// Whoever wrote wants nothing any more, unless it is over already.
    pub(crate) fn withdraws_note(&mut self, contact: ContactId) {
        if self.notes.open.contains_key(&contact) {
            self.command(Command::Withdraw(contact));
            self.means_to(self.now + AGAIN, Errand::Withdraws(contact));
        }
    }

    /// Nobody who wrote wants anything any more.
    pub(crate) fn all_withdraw(&mut self) {
        let open: Vec<ContactId> = self.notes.open.keys().copied().collect();
        open.into_iter().for_each(|contact| self.withdraws_note(contact));
    }
}
