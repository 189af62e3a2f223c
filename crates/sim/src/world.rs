//! The world: one virtual clock for an engine, a network, phones, and those who judge.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use turno_engine::{Engine, Input};
use turno_ground::{Dice, Moment};
use turno_ledger::Ledger;
use turno_media_plan::MediaEvent;
use turno_model::plan::AgentPlan;
use turno_model::{AgentId, Asker, Command, ContactId, Plan};
use turno_phone::Phone;

use crate::carrier::Carrier;
use crate::chronicle::Chronicle;
use crate::clocks::Clocks;
use crate::disk::Disk;
use crate::edit;
use crate::errand::{Errand, who_asks};
use crate::guest::Guest;
use crate::habits::Habits;
use crate::letters::{Letter, Letters};
use crate::life::Life;
use crate::media::{Recorder, Voices};
use crate::network::{Network, Packet};
use crate::notes::Notes;
use crate::person::Person;
use crate::settings::WorldSettings;
use crate::tape::Tape;
use crate::ways::Ways;
use crate::wires::Wires;
use crate::witness::{Care, Witness};

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
    /// When the engine was killed or stood still, and for how long.
    pub(crate) absences: Vec<(Moment, Duration)>,
    /// By the engine's time, when the last of these began.
    pub(crate) stood_still_at: Moment,
    /// What came meanwhile.
    pub(crate) letters: Letters,
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
    pub(crate) persons: Vec<Person>,
    /// How their phones describe what they speak.
    pub(crate) habits: Habits,
    pub(crate) by_address: BTreeMap<SocketAddr, usize>,
    pub(crate) guests: BTreeMap<u32, Guest>,
    pub(crate) calling: BTreeMap<ContactId, (u32, u8)>,
    /// Contacts without a call.
    pub(crate) notes: Notes,
    /// How long the break lasts that an agent has asked for.
    pub(crate) breaks: BTreeMap<AgentId, Duration>,
    /// When each agent's state changed last.
    pub(crate) changed: BTreeMap<AgentId, Moment>,
    /// How many desks there are.
    pub(crate) agents: usize,
    /// Who sits at them, or may come.
    pub(crate) desks: Vec<AgentPlan>,
    /// Who of them works here now.
    pub(crate) is_staff: Vec<bool>,
    /// Who of them may be logged out: they asked for it since they came to the site, or a death has left it unsure.
    pub(crate) may_be_out: Vec<bool>,
    /// The site as it was written last, in whatever order.
    pub(crate) site: Plan,
    /// Whether it was ever edited.
    pub(crate) was_edited: bool,
    /// How often it was edited while the engine worked.
    pub(crate) edits: u64,
    pub(crate) agenda: BTreeMap<(Moment, u64), Errand>,
    pub(crate) witness: Witness,
    pub(crate) tape: Option<Tape>,
    /// The last datagrams that reached the engine, for whoever repeats or forges them.
    pub(crate) heard: VecDeque<Packet>,
    pub(crate) dice: Dice,
    pub(crate) due: BTreeSet<(Moment, usize)>,
    pub(crate) chronicle: Chronicle,
    pub(crate) lateness: Duration,
    pub(crate) wake: Option<Moment>,
    errands: u64,
    commands: u64,
    pub(crate) alarms: u64,
    /// A long day: phones answer OPTIONS without reading them twice.
    pub(crate) is_long: bool,
    /// Nobody dials any more.
    pub(crate) is_closing: bool,
}

impl World {
    /// A world in which nobody has done anything yet.
    pub fn new(settings: WorldSettings) -> Self {
        let WorldSettings { plan, seed, begin, agents, lateness, care, keeps_tape, keeps_journal, newcomers } =
            settings;
        let agents = agents.min(plan.agents.len());
        let desks = edit::desks(&plan, agents, newcomers);
        let mut dice = Dice::new(seed);
        let server = plan
            .sip
            .listen
            .first()
            .map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5060)), |&(_, address)| address);
        let mut world = Self {
            now: begin,
            engine: Engine::new(plan.clone(), dice.number(), begin),
            server,
            life: Life::Lives,
            disk: keeps_journal.then(|| Disk::new(begin)),
            clocks: Clocks::new(begin),
            deaths: 0,
            jumps: 0,
            absences: Vec::new(),
            stood_still_at: begin,
            letters: Letters::default(),
            heard_at_death: None,
            network: Network::new(dice.fork()),
            wires: Wires::new(seed),
            ways: Ways::default(),
            cuts: 0,
            is_told_closed: false,
            carrier: Carrier::of(&plan, seed, begin),
            media: Recorder::forgetful(),
            persons: Vec::new(),
            habits: Habits::default(),
            by_address: BTreeMap::new(),
            guests: BTreeMap::new(),
            calling: BTreeMap::new(),
            notes: Notes::default(),
            breaks: BTreeMap::new(),
            changed: BTreeMap::new(),
            agents: desks.len(),
            is_staff: (0..desks.len()).map(|place| place < agents).collect(),
            may_be_out: vec![false; desks.len()],
            desks,
            site: Plan::clone(&plan),
            was_edited: false,
            edits: 0,
            agenda: BTreeMap::new(),
            witness: Witness::new(plan.clone(), care, lateness, begin),
            tape: keeps_tape.then(Tape::default),
            heard: VecDeque::new(),
            dice,
            due: BTreeSet::new(),
            chronicle: Chronicle::new(),
            lateness,
            wake: None,
            errands: 0,
            commands: 0,
            alarms: 0,
            is_long: care != Care::Every,
            is_closing: false,
            plan,
        };
        if keeps_journal {
            world.engine.keep_journal(begin);
        }
        world.drain();
        world.opens();
        world
    }

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
    pub const fn tape(&self) -> Option<&Tape> {
        self.tape.as_ref()
    }

    /// Lets time pass until `end`.
    ///
    /// # Panics
    /// With a sentence if something is true that must never be.
    pub fn run_until(&mut self, end: Moment) {
        while self.step(end) {}
        self.now = self.now.max(end);
    }

    pub(crate) fn run_for(&mut self, span: Duration) {
        self.run_until(self.now + span);
    }

    pub(crate) fn chronicle_of_death(&mut self) {
        self.chronicle.bytes(b'k', self.now, &[]);
    }

    pub(crate) const fn forget_wake(&mut self) {
        self.wake = None;
    }

    /// Puts something on the agenda.
    pub(crate) fn means_to(&mut self, at: Moment, errand: Errand) {
        self.errands += 1;
        self.agenda.insert((at.max(self.now), self.errands), errand);
    }

    /// Does the next thing that is due by `end`; false if nothing is.
    fn step(&mut self, end: Moment) -> bool {
        let next = [
            self.wake,
            self.network.next(),
            self.wires.next(),
            self.media.next(self.now),
            self.due.first().map(|&(at, _)| at),
            self.agenda.keys().next().map(|&(at, _)| at),
        ];
        let Some(at) = next.into_iter().flatten().min().filter(|at| *at <= end) else { return false };
        self.now = self.now.max(at);
        if let Some(packet) = self.network.arrived(self.now) {
            self.deliver(packet);
        } else if let Some(passing) = self.wires.arrived(self.now) {
            self.passes(passing);
        } else if let Some(event) = self.media.due(self.now) {
            self.tell_media(event);
        } else if let Some(&(_, person)) = self.due.first().filter(|&&(at, _)| at <= self.now) {
            self.act(person, Phone::handle_deadlines);
        } else if let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let errand = entry.remove();
            self.goes_on(errand);
        } else {
            self.chronicle.bytes(b'w', self.now, &[]);
            self.tell(Input::Wake);
        }
        true
    }

    pub(crate) fn tell_media(&mut self, event: MediaEvent) {
        if self.is_kept_back(|| Letter::Media(event.clone())) {
            return;
        }
        self.chronicle.form(b'm', self.now, &event);
        let is_own_failure = matches!(event, MediaEvent::Failed { .. } | MediaEvent::NotReserved { .. });
        self.witness.patience.is_own_failure(is_own_failure);
        self.tell(Input::Media(event));
        self.witness.patience.is_own_failure(false);
    }

    pub(crate) fn command(&mut self, command: Command) {
        if self.is_kept_back(|| Letter::Command(command.clone())) {
            return;
        }
        self.chronicle.shown(b'c', self.now, &command);
        if let Some(agent) = who_asks(&command) {
            self.witness.asks(agent, self.clocks.told(self.now));
        }
        self.commands += 1;
        self.tell(Input::Command(self.commands, Asker::Shell, command));
    }

    pub(crate) fn tell(&mut self, input: Input<'_>) {
        self.lets(|engine, now| engine.handle(input, now));
    }

    /// Lets the engine do something, and looks at everything afterwards.
    pub(crate) fn lets(&mut self, act: impl FnOnce(&mut Engine, Moment)) {
        match self.life {
            Life::Lives => {}
            Life::Doomed(death, down, whole) => return self.dies_over(act, death, (down, whole)),
            Life::StandsStill(_) | Life::Dead(_) => return,
        }
        let now = self.clocks.told(self.now);
        act(&mut self.engine, now);
        self.drain();
        self.witness.looks(&self.engine, now);
        if !self.is_long {
            self.check_bells();
            self.check_unanswered();
            self.check_reached();
        }
        let will_wake = self.wake.is_some() || self.is_long;
        assert!(will_wake || self.engine.is_quiet(), "something is open and nothing is due");
    }
}
