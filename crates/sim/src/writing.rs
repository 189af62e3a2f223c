//! Contacts without a call: people who write or want a callback, and agents who handle them.

use core::time::Duration;

use turno_ground::Pii;
use turno_model::{AgentId, Command, ContactId, Newcomer, QueueId};

use crate::action::Note;
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

/// A command that an absent engine missed is repeated after this span.
const AGAIN: Duration = Duration::from_secs(3);

impl World {
    /// A contact without a call comes.
    pub(crate) fn writes_in(&mut self, note: Note) {
        let queues = self.plan.queues.len().max(1);
        let queue = QueueId(u32::try_from(note.queue % queues).unwrap_or(0));
        let (channel, from) = (note.channel, Pii(self.notes.sends(note).into()));
        self.command(Command::Enqueue(Newcomer::now(channel, queue, from)));
    }

    /// The agent refuses the offer.
    pub(crate) fn declines_note(&mut self, agent: AgentId) {
        if let Some(desk) = self.desk_of(agent) {
            self.persons[desk].has_said_no = true;
        }
        self.command(Command::Decline(agent));
    }

    /// The agent finishes the contact, unless it is over already.
    pub(crate) fn finishes_note(&mut self, agent: AgentId, contact: ContactId) {
        if self.invariants.outcomes.talking().get(&contact) == Some(&agent) {
            self.command(Command::Finish(agent, contact));
            self.means_to(self.now + AGAIN, ScheduledAction::Finishes(agent, contact));
        }
    }

    /// The writer withdraws, unless the contact is over already.
    pub(crate) fn withdraws_note(&mut self, contact: ContactId) {
        if self.notes.of(contact).is_some() {
            self.command(Command::Withdraw(contact));
            self.means_to(self.now + AGAIN, ScheduledAction::Withdraws(contact));
        }
    }

    /// All writers withdraw.
    pub(crate) fn all_withdraw(&mut self) {
        self.notes.open().into_iter().for_each(|contact| self.withdraws_note(contact));
    }
}
