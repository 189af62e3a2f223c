//! Runs one scenario from beginning to end, and returns the violation if there is one.

use core::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

use turno_ground::Moment;
use turno_model::Plan;

use crate::invariants::Care;
use crate::recording::Recording;
use crate::scenario::Scenario;
use crate::settings::WorldSettings;
use crate::world::World;

/// A violated check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When.
    pub at: Moment,
    /// The message of the check.
    pub what: String,
}

impl Violation {
    /// The message without its numbers: two violations of one kind have the same.
    pub fn kind(&self) -> String {
        let first = self.what.lines().next().unwrap_or_default();
        first.chars().filter(|c| !c.is_ascii_digit()).collect()
    }
}

/// The result of a scenario.
#[derive(Debug)]
pub struct Lived {
    /// Hash of all inputs and outputs.
    pub hash: u64,
    /// How many inputs and outputs.
    pub entries: u64,
    /// How many contacts arrived.
    pub contacts: usize,
    /// How many datagrams were sent, and how many of them were lost.
    pub datagrams: (u64, u64),
    /// Second answers that were acknowledged and ended.
    pub stray_calls: usize,
    /// How often the engine was killed and restarted.
    pub deaths: u64,
    /// How often a clock jumped or the engine stood still.
    pub jumps: u64,
    /// How often the site was edited while the engine ran.
    pub edits: u64,
    /// How many connections were cut.
    pub cuts: u64,
    /// How often an observation began or changed its way.
    pub observed: u64,
    /// How many talks supervisors took over.
    pub taken_over: u64,
    /// How many talks were recorded.
    pub recorded: u64,
    /// How many steps of queues were taken.
    pub stepped: usize,
    /// How many breaks in turns began, and how many turns were taken back.
    pub breaks: (u64, u64),
    /// How many people were called back and answered.
    pub called_back: u64,
    /// How often each outcome of callbacks came, by its word.
    pub callbacks: std::collections::BTreeMap<&'static str, u64>,
    /// How many questions were answered after talks.
    pub survey_answers: u64,
    /// How many messages callers left.
    pub messages: u64,
    /// How often callers were given back to their queue, private words began, and warm transfers were complete.
    pub passed_on: (u64, u64, u64),
    /// How many callers were led to the agent who served them last.
    pub known: u64,
    /// How many callers a list refused, and how many it preferred.
    pub listed: (u64, u64),
    /// How many ordinary telephones of agents were picked up, and how many of these were taken by the key.
    pub telephones: (u64, u64),
    /// How many of them stayed connected.
    pub lines: u64,
    /// How many supervisors spoke to queues, and how many callers heard them.
    pub speeches: (u64, u64),
    /// How often each thing was met, by its words: commands with what became of them, and facts.
    pub met: std::collections::BTreeMap<String, u64>,
    /// What was violated, if anything.
    pub violation: Option<Violation>,
    /// The recording, if one was asked for.
    pub tape: Option<Recording>,
}

/// Runs a scenario at a site.
pub fn live(scenario: &Scenario, plan: &Plan, keeps_tape: bool) -> Lived {
    let settings = WorldSettings {
        plan: Arc::new(scenario.changed_plan(plan)),
        seed: scenario.seed,
        begin: scenario.begin,
        agents: scenario.agents,
        lateness: scenario.lateness,
        care: Care::Every,
        keeps_tape,
        keeps_journal: true,
        newcomers: scenario.newcomers(),
        agents_consult: true,
    };
    let mut world = match caught(|| World::new(settings)) {
        Ok(world) => world,
        Err(what) => return still_born(Violation { at: scenario.begin, what }),
    };
    let outcome = caught(|| {
        world.network.weather = scenario.weather;
        world.has_habits(scenario.habits);
        world.has_ways(scenario.ways);
        let mut last = core::time::Duration::ZERO;
        for &(after, action) in &scenario.actions {
            world.schedule(after, action);
            last = last.max(after);
        }
        world.run_until(scenario.begin + last);
        world.finish();
    });
    let at = world.now();
    Lived {
        hash: world.hash(),
        entries: world.entries(),
        contacts: world.contacts(),
        datagrams: world.network.counts(),
        deaths: world.deaths,
        jumps: world.jumps,
        edits: world.edits,
        cuts: world.cuts,
        observed: world.invariants.observed.many(),
        stray_calls: world.persons.iter().map(|person| person.stray_calls.ended()).sum(),
        taken_over: world.invariants.observed.taken_over(),
        recorded: world.invariants.recorded.many(),
        stepped: world.invariants.stepped(),
        breaks: world.invariants.breaks(),
        called_back: world.invariants.called_back.reached(),
        callbacks: world.invariants.called_back.outcomes().clone(),
        survey_answers: world.invariants.surveyed.answers(),
        messages: world.invariants.left_messages.many(),
        passed_on: world.invariants.passed.counts(),
        known: world.invariants.remembered.many(),
        listed: world.invariants.listed.many(),
        telephones: world.invariants.telephones.many(),
        lines: world.invariants.telephones.opened(),
        speeches: world.invariants.spoken_to.many(),
        met: world.met.counts().clone(),
        violation: outcome.err().map(|what| Violation { at, what }),
        tape: world.tape.take(),
    }
}

fn still_born(violation: Violation) -> Lived {
    Lived {
        hash: 0,
        entries: 0,
        contacts: 0,
        datagrams: (0, 0),
        stray_calls: 0,
        deaths: 0,
        jumps: 0,
        edits: 0,
        cuts: 0,
        observed: 0,
        taken_over: 0,
        recorded: 0,
        stepped: 0,
        breaks: (0, 0),
        called_back: 0,
        callbacks: std::collections::BTreeMap::new(),
        survey_answers: 0,
        messages: 0,
        passed_on: (0, 0, 0),
        known: 0,
        listed: (0, 0),
        telephones: (0, 0),
        lines: 0,
        speeches: (0, 0),
        met: std::collections::BTreeMap::new(),
        violation: Some(violation),
        tape: None,
    }
}

thread_local! {
    static IS_LIVING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `life` and returns the message of a panic, without printing it.
pub(crate) fn caught<T>(life: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_LIVING.get() {
                before(info);
            }
        }));
    });
    let was = IS_LIVING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(life));
    IS_LIVING.set(was);
    outcome.map_err(|what| {
        let text = what.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| what.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
    })
}
