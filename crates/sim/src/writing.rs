//! Contacts without a call: people who write or want to be called back, and what agents do with them at their desks.

#![expect(clippy::wildcard_enum_match_arm, reason = "few facts are about contacts without a call")]

use core::time::Duration;

use turno_ground::Pii;
use turno_model::{AgentId, Command, ContactId, Fact, Newcomer, QueueId};

use crate::deed::{Note, Temper};
use crate::errand::Errand;
use crate::world::World;

/// What an engine that was gone did not hear is said again after this span.
const AGAIN: Duration = Duration::from_secs(3);

impl World {
    /// Somebody comes without a call.
    pub(crate) fn writes_in(&mut self, note: Note) {
        let queues = self.plan.queues.len().max(1);
        let queue = QueueId(u32::try_from(note.queue % queues).unwrap_or(0));
        let (channel, from) = (note.channel, Pii(self.notes.sends(note).into()));
        self.command(Command::Enqueue(Newcomer { channel, queue, from }));
    }

    /// What an agent or the writer hears of a fact.
    pub(crate) fn notices_notes(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, from, .. } => {
                let Some(note) = self.notes.arrives(*contact, &from.0) else { return };
                if let Some(patience) = note.patience {
                    self.means_to(self.now + patience, Errand::Withdraws(*contact));
                }
            }
            Fact::Offered { contact, agent, .. } if self.notes.of(*contact).is_some() => {
                self.meets_note(*agent);
            }
            Fact::Connected { contact, agent, .. } => {
                if let Some(note) = self.notes.of(*contact) {
                    self.means_to(self.now + note.work, Errand::Finishes(*agent, *contact));
                }
            }
            Fact::ContactEnded { contact, .. } => self.notes.ends(*contact),
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

    /// The agent says no to what is offered.
    pub(crate) fn declines_note(&mut self, agent: AgentId) {
        if let Some(desk) = self.desk_of(agent) {
            self.persons[desk].has_said_no = true;
        }
        self.command(Command::Decline(agent));
    }

    /// The agent is done with it, unless it is over already.
    pub(crate) fn finishes_note(&mut self, agent: AgentId, contact: ContactId) {
        if self.witness.outcomes.talking().get(&contact) == Some(&agent) {
            self.command(Command::Finish(agent, contact));
            self.means_to(self.now + AGAIN, Errand::Finishes(agent, contact));
        }
    }

    /// The writer withdraws, unless it is over already.
    pub(crate) fn withdraws_note(&mut self, contact: ContactId) {
        if self.notes.of(contact).is_some() {
            self.command(Command::Withdraw(contact));
            self.means_to(self.now + AGAIN, Errand::Withdraws(contact));
        }
    }

    /// Nobody who wrote wants anything any more.
    pub(crate) fn all_withdraw(&mut self) {
        self.notes.open().into_iter().for_each(|contact| self.withdraws_note(contact));
    }
}
