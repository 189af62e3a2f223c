//! The world: one virtual clock for an engine, a network, phones, and those who judge, and what all that happens there needs.

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use turno_engine::Engine;
use turno_ground::{Moment, Rng};
use turno_ledger::Ledger;
use turno_model::plan::AgentPlan;
use turno_model::{AgentId, ContactId, Plan};

use crate::absences::Absences;
use crate::agenda::Agenda;
use crate::carrier::Carrier;
use crate::chronicle::Chronicle;
use crate::clocks::Clocks;
use crate::disk::Disk;
use crate::habits::Habits;
use crate::held_inputs::HeldInputs;
use crate::invariants::Invariants;
use crate::life::Life;
use crate::media::{Recorder, Voices};
use crate::network::{Network, Packet};
use crate::notes::Notes;
use crate::people::People;
use crate::recording::Recording;
use crate::scheduled_action::ScheduledAction;
use crate::seated::Seated;
use crate::sip_client::SipClient;
use crate::staff::Staff;
use crate::ways::Ways;
use crate::wires::Wires;

/// The world.
#[derive(Debug)]
pub struct World {
    pub(crate) now: Moment,
    pub(crate) plan: Arc<Plan>,
    pub(crate) engine: Engine,
    pub(crate) server: SocketAddr,
    pub(crate) life: Life,
    pub(crate) disk: Option<Disk>,
    pub(crate) clocks: Clocks,
    /// How often the engine was killed.
    pub(crate) deaths: u64,
    /// How often a clock jumped, or stood still.
    pub(crate) jumps: u64,
    /// When the engine was killed or stood still.
    pub(crate) absences: Absences,
    /// What came meanwhile.
    pub(crate) letters: HeldInputs,
    /// Who was heard where when it was killed, if that must be so again.
    pub(crate) heard_at_death: Option<Voices>,
    pub(crate) network: Network,
    /// Connections, for those who do not speak by datagrams.
    pub(crate) wires: Wires,
    pub(crate) ways: Ways,
    /// How many connections were cut.
    pub(crate) cuts: u64,
    /// Whether the present step is told that a connection is gone, and nothing else.
    pub(crate) is_told_closed: bool,
    /// The carrier that turno registers with, where the plan has one.
    pub(crate) carrier: Option<Carrier>,
    pub(crate) media: Recorder,
    pub(crate) persons: People,
    /// How their phones describe what they speak.
    pub(crate) habits: Habits,
    pub(crate) guests: BTreeMap<u32, SipClient>,
    pub(crate) calling: BTreeMap<ContactId, (u32, u8)>,
    /// Contacts without a call.
    pub(crate) notes: Notes,
    /// How long the break lasts that an agent has asked for.
    pub(crate) breaks: BTreeMap<AgentId, Duration>,
    /// When each agent's state changed last.
    pub(crate) changed: BTreeMap<AgentId, Moment>,
    /// Whose own desks there are.
    pub(crate) staff: Staff,
    /// Who sits where.
    pub(crate) seated: Seated,
    /// The site as it was written last, in whatever order.
    pub(crate) site: Plan,
    /// Whether it was ever edited.
    pub(crate) was_edited: bool,
    /// How often it was edited while the engine worked.
    pub(crate) edits: u64,
    pub(crate) agenda: Agenda,
    pub(crate) witness: Invariants,
    pub(crate) tape: Option<Recording>,
    /// The last datagrams that reached the engine, for whoever repeats or forges them.
    pub(crate) heard: VecDeque<Packet>,
    pub(crate) rng: Rng,
    pub(crate) chronicle: Chronicle,
    pub(crate) lateness: Duration,
    pub(crate) wake: Option<Moment>,
    pub(crate) commands: u64,
    pub(crate) alarms: u64,
    /// A long day: phones answer OPTIONS without reading them twice.
    pub(crate) is_long: bool,
    /// Nobody dials any more.
    pub(crate) is_closing: bool,
}

impl World {
    /// The time.
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// The books.
    pub const fn ledger(&self) -> &Ledger {
        &self.witness.ledger
    }

    /// The number that stands for everything that has happened.
    pub fn hash(&self) -> u64 {
        self.chronicle.hash()
    }

    /// How many inputs and outputs there were.
    pub const fn entries(&self) -> u64 {
        self.chronicle.entries()
    }

    /// How many contacts came.
    pub fn contacts(&self) -> usize {
        self.witness.outcomes.contacts()
    }

    /// The engine alone, at the end.
    pub fn into_engine(self) -> Engine {
        self.engine
    }

    /// What was kept for a ladder.
    pub const fn tape(&self) -> Option<&Recording> {
        self.tape.as_ref()
    }

    pub(crate) fn chronicle_of_death(&mut self) {
        self.chronicle.bytes(b'k', self.now, &[]);
    }

    pub(crate) const fn forget_wake(&mut self) {
        self.wake = None;
    }

    /// Puts something on the agenda.
    pub(crate) fn means_to(&mut self, at: Moment, errand: ScheduledAction) {
        self.agenda.means(at.max(self.now), errand);
    }

    /// Where a person's first call's voice arrives.
    pub(crate) fn rtp_of(&self, place: usize) -> SocketAddr {
        self.persons[place].phone.settings().rtp
    }

    /// What the plan has of the agent whose own desk this is.
    pub(crate) fn plan_of(&self, place: usize) -> Option<&AgentPlan> {
        self.staff.plan_of(&self.plan, place)
    }

    /// The agent whose own desk this is, if the plan knows anybody of that name.
    pub(crate) fn owner_of(&self, place: usize) -> Option<AgentId> {
        self.staff.owner_of(&self.plan, place)
    }

    /// The own desk of an agent.
    pub(crate) fn home_of(&self, agent: AgentId) -> Option<usize> {
        self.staff.home_of(&self.plan, agent)
    }

    /// At which desk an agent sits.
    pub(crate) fn desk_of(&self, agent: AgentId) -> Option<usize> {
        self.staff.desk_at(&self.plan, self.seated.seat_of(&self.plan, agent)?)
    }

    /// Who sits at this desk.
    pub(crate) fn who_sits_at(&self, place: usize) -> Option<AgentId> {
        self.seated.who_sits_at(&self.plan, self.staff.seat_at(&self.plan, place)?)
    }

    /// When somebody sat down at this desk or left it last.
    pub(crate) fn seated_since(&self, place: usize) -> Moment {
        self.staff.seat_at(&self.plan, place).map(|seat| self.seated.since(seat)).unwrap_or_default()
    }
}
