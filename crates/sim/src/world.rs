//! The world: one virtual clock, an engine, a network, phones, and the checks.

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
use crate::keyed::Keying;
use crate::lamp::Lamps;
use crate::life::Life;
use crate::media::{Recorder, Voices};
use crate::met::Met;
use crate::network::{Network, Packet};
use crate::notes::Notes;
use crate::page::Pages;
use crate::passed_on::PassedOn;
use crate::people::People;
use crate::recording::Recording;
use crate::scheduled_action::ScheduledAction;
use crate::seated::Seated;
use crate::sim_recorder::SimRecorder;
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
    /// How often a clock jumped or the engine stood still.
    pub(crate) jumps: u64,
    /// When the engine was gone or stood still.
    pub(crate) absences: Absences,
    /// The inputs that came meanwhile.
    pub(crate) held_inputs: HeldInputs,
    /// The media paths before it was killed, if they must come back.
    pub(crate) heard_at_death: Option<Voices>,
    pub(crate) network: Network,
    /// Connections, for phones that do not use datagrams.
    pub(crate) wires: Wires,
    pub(crate) ways: Ways,
    /// What becomes of agents' pages.
    pub(crate) pages: Pages,
    /// How many connections were cut.
    pub(crate) cuts: u64,
    /// Whether the present step is told that a connection is gone, and nothing else.
    pub(crate) is_told_closed: bool,
    /// The carrier that turno registers with, where the plan has one.
    pub(crate) carrier: Option<Carrier>,
    pub(crate) media: Recorder,
    pub(crate) recorder: SimRecorder,
    pub(crate) persons: People,
    /// The phone of everybody who is called back, if the plan has callbacks.
    pub(crate) citizen: Option<usize>,
    /// How the phones describe their media.
    pub(crate) habits: Habits,
    pub(crate) clients: BTreeMap<u32, SipClient>,
    pub(crate) calling: BTreeMap<ContactId, (u32, u8)>,
    /// The callers of contacts that agents have passed on, whose calls go on.
    pub(crate) passed_on: BTreeMap<ContactId, PassedOn>,
    /// Who keys in a PIN now, and what they key in.
    pub(crate) keying: Keying,
    /// The lamps of phones.
    pub(crate) lamps: Lamps,
    /// Contacts without a call.
    pub(crate) notes: Notes,
    /// How long the break lasts that an agent has asked for.
    pub(crate) breaks: BTreeMap<AgentId, Duration>,
    /// When each agent's state changed last.
    pub(crate) changed: BTreeMap<AgentId, Moment>,
    /// The desks and their owners.
    pub(crate) staff: Staff,
    /// Who sits where.
    pub(crate) seated: Seated,
    /// The site as last edited, in the order of its file.
    pub(crate) site: Plan,
    /// Whether it was ever edited.
    pub(crate) was_edited: bool,
    /// How often it was edited while the engine ran.
    pub(crate) edits: u64,
    pub(crate) agenda: Agenda,
    pub(crate) invariants: Invariants,
    pub(crate) tape: Option<Recording>,
    /// Whether agents consult colleagues and give callers back.
    pub(crate) agents_consult: bool,
    /// The last datagrams that reached the engine, for the actions that repeat or forge them.
    pub(crate) heard: VecDeque<Packet>,
    pub(crate) rng: Rng,
    pub(crate) chronicle: Chronicle,
    pub(crate) lateness: Duration,
    pub(crate) wake: Option<Moment>,
    pub(crate) commands: u64,
    pub(crate) alarms: u64,
    /// How often each thing was met.
    pub(crate) met: Met,
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

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.invariants.ledger
    }

    /// Hash of all inputs and outputs.
    pub fn hash(&self) -> u64 {
        self.chronicle.hash()
    }

    /// How many inputs and outputs there were.
    pub const fn entries(&self) -> u64 {
        self.chronicle.entries()
    }

    /// How many contacts arrived.
    pub fn contacts(&self) -> usize {
        self.invariants.outcomes.contacts()
    }

    /// The engine alone, at the end.
    pub fn into_engine(self) -> Engine {
        self.engine
    }

    /// The recording.
    pub const fn tape(&self) -> Option<&Recording> {
        self.tape.as_ref()
    }

    pub(crate) fn chronicle_of_death(&mut self) {
        self.chronicle.bytes(b'k', self.now, &[]);
    }

    pub(crate) const fn forget_wake(&mut self) {
        self.wake = None;
    }

    /// Schedules an action.
    pub(crate) fn means_to(&mut self, at: Moment, scheduled: ScheduledAction) {
        self.agenda.means(at.max(self.now), scheduled);
    }

    /// Where the audio of a person's first call arrives.
    pub(crate) fn rtp_of(&self, place: usize) -> SocketAddr {
        self.persons[place].phone.settings().rtp
    }

    /// The plan of the agent who owns this desk.
    pub(crate) fn plan_of(&self, place: usize) -> Option<&AgentPlan> {
        self.staff.plan_of(&self.plan, place)
    }

    /// The agent who owns this desk, if the plan has one.
    pub(crate) fn owner_of(&self, place: usize) -> Option<AgentId> {
        self.staff.owner_of(&self.plan, place)
    }

    /// The own desk of an agent.
    pub(crate) fn home_of(&self, agent: AgentId) -> Option<usize> {
        self.staff.home_of(&self.plan, agent)
    }

    /// The desk where an agent sits.
    pub(crate) fn desk_of(&self, agent: AgentId) -> Option<usize> {
        self.staff.desk_at(&self.plan, self.seated.seat_of(&self.plan, agent)?)
    }

    /// Who sits at this desk.
    pub(crate) fn who_sits_at(&self, place: usize) -> Option<AgentId> {
        self.seated.who_sits_at(&self.plan, self.staff.seat_at(&self.plan, place)?)
    }

    /// When somebody last sat down at this desk or left it.
    pub(crate) fn seated_since(&self, place: usize) -> Moment {
        self.staff.seat_at(&self.plan, place).map(|seat| self.seated.since(seat)).unwrap_or_default()
    }
}
