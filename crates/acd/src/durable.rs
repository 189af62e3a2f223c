//! What outlives us: agents and contacts written down after each step, and put in their places again after a crash.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use turno_ground::{Change, Illegible, Line, Moment, Sheet};
use turno_model::{AgentId, AgentState, ContactId, OfferId, Plan};

use crate::agent::Agent;
use crate::contact::{Contact, Stage};
use crate::deadline::Deadline;
use crate::offer::Offer;
use crate::room::Room;

/// Which of a room's things a form is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomForm {
    /// One agent.
    Agent,
    /// One contact.
    Contact,
}

#[derive(Serialize)]
struct AgentWritten<'a> {
    agent: &'a Agent,
    cool_down_over: Option<Moment>,
    acw_over: Option<Moment>,
}

#[derive(Deserialize)]
struct AgentRead {
    agent: Agent,
    cool_down_over: Option<Moment>,
    acw_over: Option<Moment>,
}

#[derive(Serialize)]
struct ContactWritten<'a> {
    contact: &'a Contact,
    wait_over: Option<Moment>,
    ring_over: Option<Moment>,
    hold_over: Option<Moment>,
    warning: Option<Moment>,
    breach: Option<Moment>,
}

#[derive(Deserialize)]
struct ContactRead {
    contact: Contact,
    wait_over: Option<Moment>,
    ring_over: Option<Moment>,
    hold_over: Option<Moment>,
    warning: Option<Moment>,
    breach: Option<Moment>,
}

impl Room {
    /// Writes down what has changed since the last time; `code` says whose each form is.
    pub fn write_down(&mut self, sheet: &mut Sheet, code: impl Fn(RoomForm) -> u8) {
        let timers = &self.timers;
        let owner = code(RoomForm::Agent);
        self.agents.write_down(|place, agent| {
            let Ok(id) = u32::try_from(place).map(AgentId) else { return };
            let cool_down_over = timers.at(&Deadline::CoolDownOver(id));
            let acw_over = timers.at(&Deadline::AcwOver(id));
            sheet.keep(owner, u64::from(id.0), &AgentWritten { agent, cool_down_over, acw_over });
        });
        let owner = code(RoomForm::Contact);
        self.contacts.write_down(|id, change| match change {
            Change::Is(contact) => {
                let offer = if let Stage::Ringing(ring) = &contact.stage { Some(ring.offer) } else { None };
                let written = ContactWritten {
                    contact,
                    wait_over: timers.at(&Deadline::WaitOver(id)),
                    ring_over: offer.and_then(|offer| timers.at(&Deadline::RingOver(offer))),
                    hold_over: timers.at(&Deadline::HoldOver(id)),
                    warning: timers.at(&Deadline::HandlingWarning(id)),
                    breach: timers.at(&Deadline::HandlingBreach(id)),
                };
                sheet.keep(owner, id.0, &written);
                true
            }
            Change::Gone => {
                sheet.strike(owner, id.0);
                false
            }
        });
    }

    /// Makes the next [`Room::write_down`] write everything.
    pub fn note_all(&mut self) {
        self.agents.note_all();
        self.contacts.note_all();
    }

    /// The room that wrote `forms`, as it was, with the tokens of its offers. The other arguments are those of
    /// [`Room::new`]. Offers are numbered on from the clock.
    ///
    /// # Errors
    /// [`Illegible`] if a form is not one of ours, or names what the plan does not have.
    pub fn recover<'a>(
        plan: Arc<Plan>,
        seed: u64,
        forms: impl Iterator<Item = (RoomForm, &'a Line)>,
        now: Moment,
    ) -> Result<(Self, Vec<Offer>), Illegible> {
        let mut room = Self::new(plan, seed, now);
        // Offers that were settled have left no trace; by the clock none is numbered twice.
        room.last_offer = OfferId(now.as_micros());
        let mut offers = Vec::new();
        for (form, line) in forms {
            match form {
                RoomForm::Agent => room.restore_agent(line)?,
                RoomForm::Contact => offers.extend(room.restore_contact(line)?),
            }
        }
        Ok((room, offers))
    }

    /// Whether agents and contacts fit each other, and each contact lives elsewhere too; or the sentence that says what is
    /// not so.
    ///
    /// # Errors
    /// That sentence.
    pub fn is_whole(&self, lives: impl Fn(ContactId) -> bool) -> Result<(), String> {
        let mut held = 0;
        for (id, contact) in self.contacts.iter() {
            let agent = match &contact.stage {
                Stage::Waiting => None,
                Stage::Ringing(ring) => Some((ring.agent, AgentState::Ringing)),
                Stage::With(agent, _) => Some((*agent, AgentState::Talking)),
            };
            let fits = agent.is_none_or(|(agent, state)| {
                self.agents.get(agent.index()).is_some_and(|agent| {
                    let is_at_it = agent.state == state
                        || state == AgentState::Talking && agent.state == AgentState::Holding;
                    agent.capacity.contact() == Some(*id) && is_at_it
                })
            });
            held += usize::from(agent.is_some());
            if !fits || !lives(*id) {
                return Err(format!("{id:?} does not fit its agent or its call"));
            }
        }
        let busy = self.agents.iter().filter(|agent| agent.state.has_contact()).count();
        if busy == held { Ok(()) } else { Err(format!("{busy} agents have {held} contacts")) }
    }

    fn restore_agent(&mut self, line: &Line) -> Result<(), Illegible> {
        let read: AgentRead = line.read()?;
        let place = usize::try_from(line.key).ok().filter(|place| *place < self.agents.len());
        let place = place.ok_or_else(|| unknown(line, "the plan has no such agent"))?;
        let id = AgentId(u32::try_from(line.key).unwrap_or(u32::MAX));
        if let Some(at) = read.cool_down_over {
            self.timers.set(Deadline::CoolDownOver(id), at);
        }
        if let Some(at) = read.acw_over {
            self.timers.set(Deadline::AcwOver(id), at);
        }
        let (state, standing) = (read.agent.state, read.agent.clocks.standing());
        self.staffing.turn(id, AgentState::LoggedOut, state, standing);
        self.agents.restore(place, read.agent);
        Ok(())
    }

    fn restore_contact(&mut self, line: &Line) -> Result<Option<Offer>, Illegible> {
        let read: ContactRead = line.read()?;
        let (id, contact) = (ContactId(line.key), read.contact);
        let queue = contact.queue;
        let plan = self.plan.queues.get(queue.index());
        let ring = plan.map(|plan| plan.ring).ok_or_else(|| unknown(line, "the plan has no such queue"))?;
        for (deadline, at) in [
            (Deadline::WaitOver(id), read.wait_over),
            (Deadline::HoldOver(id), read.hold_over),
            (Deadline::HandlingWarning(id), read.warning),
            (Deadline::HandlingBreach(id), read.breach),
        ] {
            if let Some(at) = at {
                self.timers.set(deadline, at);
            }
        }
        let offer = match &contact.stage {
            Stage::Waiting => {
                self.lines[queue.index()].insert(contact.place(id));
                None
            }
            Stage::Ringing(held_out) => {
                self.ringing[queue.index()] += 1;
                if let Some(at) = read.ring_over {
                    self.timers.set(Deadline::RingOver(held_out.offer), at);
                }
                Some(Offer { id: held_out.offer, contact: id, agent: held_out.agent, queue, ring })
            }
            Stage::With(..) => None,
        };
        self.contacts.restore(id, contact);
        Ok(offer)
    }
}

fn unknown(line: &Line, why: &str) -> Illegible {
    Illegible { owner: line.owner, key: line.key, why: why.to_owned() }
}
