//! Writes agents and contacts after each step, and recovers the room after a crash.

use std::sync::Arc;

use turno_ground::{Change, Changeset, Dated, DecodeError, Moment, RowChange};
use turno_model::{AgentId, AgentState, Channel, ContactId, OfferId, Plan, QueueId, QueueState};

use crate::agent::Agent;
use crate::contact::{Contact, ContactStage};
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::expected_wait::learned::QueueWaits;
use crate::offer::Offer;
use crate::room::Room;

/// Kinds of rows of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomForm {
    /// One agent.
    Agent,
    /// One contact.
    Contact,
    /// What is learned about the waits of one queue.
    Waits,
    /// The state of one queue that is not open.
    QueueState,
    /// One agent's break in turns.
    Break,
}

impl Room {
    /// Writes the changed rows into the changeset; `code` gives the table of each kind.
    pub fn write_down(&mut self, changes: &mut Changeset, code: impl Fn(RoomForm) -> u8) {
        let table = code(RoomForm::Agent);
        self.agents.write_down(|place, agent| changes.keep(table, place as u64, agent));
        let table = code(RoomForm::Contact);
        self.contacts.write_down(|id, change| match change {
            Change::Is(contact) => {
                changes.keep(table, id.0, contact);
                true
            }
            Change::Gone => {
                changes.delete(table, id.0);
                false
            }
        });
        let table = code(RoomForm::QueueState);
        self.states.write_down(|queue, change| match change {
            Change::Is(state) => {
                changes.keep(table, u64::from(queue.0), state);
                true
            }
            Change::Gone => {
                changes.delete(table, u64::from(queue.0));
                false
            }
        });
        self.breaks.write_down(changes, code(RoomForm::Break));
        if let Some(learned) = &mut self.learned {
            let table = code(RoomForm::Waits);
            learned.queues.write_down(|place, waits| changes.keep(table, place as u64, waits));
        }
    }

    /// Marks every row as changed, so that the next [`Room::write_down`] writes all.
    pub fn note_all(&mut self) {
        self.agents.note_all();
        self.contacts.note_all();
        self.states.note_all();
        self.breaks.note_all();
        if let Some(learned) = &mut self.learned {
            learned.queues.note_all();
        }
    }

    /// Recovers the room that wrote these rows, with the tokens of its offers. New offer ids continue from the clock.
    ///
    /// # Errors
    /// [`DecodeError`] if a row can't be read, or names what the plan does not have.
    pub fn recover<'a>(
        plan: Arc<Plan>,
        forms: impl Iterator<Item = (RoomForm, &'a RowChange)>,
        now: Moment,
    ) -> Result<(Self, Vec<Offer>), DecodeError> {
        let mut room = Self::new(plan, now);
        // Settled offers leave no row; ids from the clock are never used twice.
        room.last_offer = OfferId(now.as_micros());
        // No call is offered before `apply_plan_changes`, which follows when the number of free ports is known.
        room.ports_free(0);
        let mut offers = Vec::new();
        for (form, line) in forms {
            match form {
                RoomForm::Agent => room.restore_agent(line)?,
                RoomForm::Contact => offers.extend(room.restore_contact(line, now)?),
                RoomForm::Waits => room.restore_waits(line)?,
                RoomForm::QueueState => room.restore_queue_state(line)?,
                RoomForm::Break => room.breaks.restore(line, room.agents.len())?,
            }
        }
        Ok((room, offers))
    }

    /// Whether agents and contacts agree, and each contact exists in the owner too, as its channel requires.
    ///
    /// # Errors
    /// A sentence that says what does not agree.
    pub fn is_whole(&self, lives: impl Fn(ContactId, Channel) -> bool) -> Result<(), String> {
        let mut held = 0;
        for (id, contact) in self.contacts.iter() {
            let agent = match &contact.stage {
                ContactStage::Waiting | ContactStage::PutOff => None,
                ContactStage::Sending(_) | ContactStage::Speaking => None,
                ContactStage::ToDial | ContactStage::Dialled => None,
                ContactStage::Ringing(ring) => Some((ring.agent, true)),
                ContactStage::With(agent, _) => Some((*agent, false)),
            };
            let fits = agent.is_none_or(|(agent, is_offered)| {
                self.agents.get(agent.index()).is_some_and(|agent| {
                    agent.in_hand.has(*id) && (agent.in_hand.offered() == Some(*id)) == is_offered
                })
            });
            held += usize::from(agent.is_some());
            if !fits || !lives(*id, contact.channel) {
                return Err(format!("{id:?} does not fit its agent or its call"));
            }
        }
        for (at, agent) in self.agents.iter().enumerate() {
            let shows = agent.state == AgentState::Acw || agent.in_hand.shown() == Some(agent.state);
            if shows == agent.in_hand.is_empty() && agent.state != AgentState::Acw {
                return Err(format!("agent {at} is {:?} with {} contacts", agent.state, agent.in_hand.len()));
            }
        }
        let in_hand: usize = self.agents.iter().map(|agent| agent.in_hand.len()).sum();
        if in_hand == held { Ok(()) } else { Err(format!("the agents have {in_hand} of {held} contacts")) }
    }

    fn restore_agent(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let agent: Dated<AgentDeadline, Agent> = line.read()?;
        let place = usize::try_from(line.key).ok().filter(|place| *place < self.agents.len());
        let place = place.ok_or_else(|| unknown(line, "the plan has no such agent"))?;
        let id = AgentId(u32::try_from(line.key).unwrap_or(u32::MAX));
        self.staffing.turn(id, AgentState::LoggedOut, agent.state, agent.clocks.standing());
        self.agents.restore(place, agent);
        self.staffing.stands_beside(id, self.beside(id));
        Ok(())
    }

    fn restore_queue_state(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let state: QueueState = line.read()?;
        let place = usize::try_from(line.key).ok().filter(|place| *place < self.plan.queues.len());
        let place = place.ok_or_else(|| unknown(line, "the plan has no such queue"))?;
        let queue = QueueId(u32::try_from(place).unwrap_or(u32::MAX));
        self.lines.pause(queue, state == QueueState::Paused);
        self.states.restore(queue, state);
        Ok(())
    }

    /// What a plan that told waits has learned is forgotten if the present one tells none.
    fn restore_waits(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        let waits: QueueWaits = line.read()?;
        let Some(learned) = &mut self.learned else { return Ok(()) };
        let place = usize::try_from(line.key).ok().filter(|place| *place < learned.queues.len());
        learned.queues.restore(place.ok_or_else(|| unknown(line, "the plan has no such queue"))?, waits);
        Ok(())
    }

    fn restore_contact(&mut self, line: &RowChange, now: Moment) -> Result<Option<Offer>, DecodeError> {
        let mut contact: Dated<ContactDeadline, Contact> = line.read()?;
        let id = ContactId(line.key);
        let queue = contact.queue;
        let plan = self.plan.queues.get(queue.index());
        let ring = plan.map(|plan| plan.ring).ok_or_else(|| unknown(line, "the plan has no such queue"))?;
        if contact.reach.also().iter().any(|other| other.index() >= self.plan.queues.len()) {
            return Err(unknown(line, "the plan has no such queue"));
        }
        if contact.reach.kept_for().is_some_and(|agent| agent.index() >= self.agents.len()) {
            return Err(unknown(line, "the plan has no such agent"));
        }
        let offer = match &contact.stage {
            ContactStage::Waiting => {
                // No agent was free for it before: what the plan or the end of a changed skill makes possible now is not late.
                contact.free_since = now;
                let in_line = self.line_for(queue, &contact.reach);
                self.lines[in_line].insert(contact.channel, contact.place(id));
                if let Some(agent) = contact.reach.kept_for() {
                    self.kept.insert(agent, queue, contact.place(id));
                }
                None
            }
            ContactStage::Ringing(pending) => {
                self.ringing[queue.index()] += 1;
                Some(Offer { id: pending.offer, contact: id, agent: pending.agent, queue, ring })
            }
            ContactStage::ToDial => {
                self.ahead.insert(queue, contact.place(id), Moment::from_micros(0));
                None
            }
            ContactStage::Dialled => {
                self.ahead.restore_dialled(queue, id);
                None
            }
            ContactStage::PutOff | ContactStage::With(..) => None,
            ContactStage::Sending(_) | ContactStage::Speaking => None,
        };
        self.contacts.restore(id, contact);
        Ok(offer)
    }
}

fn unknown(line: &RowChange, why: &str) -> DecodeError {
    DecodeError { table: line.table, key: line.key, why: why.to_owned() }
}
