//! Builds a world: an engine, an empty disk, and a desk with a phone for every agent.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

use turno_engine::Engine;
use turno_ground::Rng;
use turno_model::Plan;

use crate::absences::Absences;
use crate::agenda::Agenda;
use crate::carrier::Carrier;
use crate::chronicle::Chronicle;
use crate::clocks::Clocks;
use crate::disk::Disk;
use crate::habits::Habits;
use crate::held_inputs::HeldInputs;
use crate::invariants::{Care, Invariants};
use crate::keyed::Keying;
use crate::lamp::Lamps;
use crate::life::Life;
use crate::media::Recorder;
use crate::met::Met;
use crate::network::Network;
use crate::notes::Notes;
use crate::page::Pages;
use crate::people::People;
use crate::person::{Person, Who};
use crate::place::agent_address;
use crate::recording::Recording;
use crate::scheduled_action::ScheduledAction;
use crate::seated::Seated;
use crate::settings::WorldSettings;
use crate::sim_recorder::SimRecorder;
use crate::staff::{SHIFT_STEP, Staff};
use crate::ways::Ways;
use crate::wires::Wires;
use crate::world::World;
use crate::{edit, place};

impl World {
    /// A world in which nothing has happened yet.
    pub fn new(settings: WorldSettings) -> Self {
        let WorldSettings { plan, seed, begin, agents, lateness, care, newcomers, .. } = settings;
        let agents = agents.min(plan.agents.len());
        let desks = edit::desks(&plan, agents, newcomers);
        let mut rng = Rng::new(seed);
        let server = plan
            .sip
            .listen
            .first()
            .map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5060)), |&(_, address)| address);
        let mut world = Self {
            now: begin,
            engine: Engine::new(plan.clone(), rng.number(), begin),
            server,
            life: Life::Lives,
            disk: settings.keeps_journal.then(|| Disk::new(begin)),
            clocks: Clocks::new(begin),
            deaths: 0,
            jumps: 0,
            absences: Absences::new(begin),
            held_inputs: HeldInputs::default(),
            heard_at_death: None,
            network: Network::new(rng.fork()),
            wires: Wires::new(seed),
            ways: Ways::default(),
            pages: Pages::default(),
            cuts: 0,
            is_told_closed: false,
            carrier: Carrier::of(&plan, seed, begin),
            media: Recorder::forgetful(),
            recorder: SimRecorder::new(seed),
            persons: People::default(),
            citizen: None,
            habits: Habits::default(),
            clients: BTreeMap::new(),
            calling: BTreeMap::new(),
            passed_on: BTreeMap::new(),
            keying: Keying::default(),
            lamps: Lamps::default(),
            notes: Notes::default(),
            breaks: BTreeMap::new(),
            changed: BTreeMap::new(),
            staff: Staff::new(desks, agents),
            seated: Seated::default(),
            site: Plan::clone(&plan),
            was_edited: false,
            edits: 0,
            agenda: Agenda::default(),
            invariants: Invariants::new(plan.clone(), care, lateness, begin),
            tape: settings.keeps_tape.then(Recording::default),
            agents_consult: settings.agents_consult,
            heard: VecDeque::new(),
            rng,
            chronicle: Chronicle::new(),
            lateness,
            wake: None,
            commands: 0,
            alarms: 0,
            met: Met::default(),
            is_long: care != Care::Every,
            is_closing: false,
            plan,
        };
        world.shows_certificate();
        if settings.keeps_journal {
            world.engine.keep_journal(begin);
        }
        world.drain();
        world.opens();
        world
    }

    /// Gives every agent a desk and schedules the shifts.
    fn opens(&mut self) {
        for agent in 0..self.staff.len() {
            let plan = &self.staff.desks()[agent].seat;
            let desk = place::desk(self.server, agent_address(agent, 0));
            let rng = self.rng.fork();
            let (user, password) = (plan.extension.clone(), plan.password.reveal().to_owned());
            let person = Person::new(Who::Agent(agent), &user, &password, &self.plan.sip.domain, desk, rng);
            self.sits_down(person);
            let at = self.now + SHIFT_STEP * u32::try_from(agent).unwrap_or(u32::MAX);
            if self.staff.works_at(agent) {
                self.means_to(at, ScheduledAction::BeginsShift(agent));
            }
        }
        self.citizen_comes();
    }
}
