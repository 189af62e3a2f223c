//! Shrinks a failing scenario to a smaller one with the same violation.

use core::time::Duration;

use turno_model::Plan;

use crate::habits::Habits;
use crate::network::Weather;
use crate::run::{Violation, live};
use crate::scenario::Scenario;
use crate::ways::Ways;

/// The result of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest scenario found.
    pub scenario: Scenario,
    /// Its violation.
    pub violation: Violation,
    /// How many scenarios were tried.
    pub trials: u32,
}

/// Removes from a scenario everything that `violation` does not need, in at most this many trials.
pub fn shrink(scenario: &Scenario, violation: &Violation, plan: &Plan, trials_max: u32) -> Shrunk {
    shrink_by(scenario, violation, trials_max, |scenario| live(scenario, plan, false).violation)
}

/// The same; `breaks` gives the violation of a scenario.
pub fn shrink_by(
    scenario: &Scenario,
    violation: &Violation,
    trials_max: u32,
    breaks: impl Fn(&Scenario) -> Option<Violation>,
) -> Shrunk {
    let mut search = Search {
        breaks,
        kind: violation.kind(),
        best: Shrunk { scenario: scenario.clone(), violation: violation.clone(), trials: 0 },
        trials_max,
    };
    loop {
        let before = search.best.scenario.clone();
        search.fewer(|scenario| &mut scenario.actions);
        search.fewer(|scenario| &mut scenario.mutations);
        search.with(|scenario| scenario.weather = Weather::default());
        search.with(|scenario| scenario.lateness = Duration::ZERO);
        search.with(|scenario| scenario.habits = Habits::default());
        search.with(|scenario| scenario.ways = Ways::default());
        for agents in 1..search.best.scenario.agents {
            search.with(|scenario| scenario.agents = scenario.agents.min(agents));
        }
        if search.best.scenario == before || search.is_over() {
            return search.best;
        }
    }
}

struct Search<B> {
    breaks: B,
    kind: String,
    best: Shrunk,
    trials_max: u32,
}

impl<B: Fn(&Scenario) -> Option<Violation>> Search<B> {
    const fn is_over(&self) -> bool {
        self.best.trials >= self.trials_max
    }

    /// Tries a change of the best scenario; keeps it if the violation is of the same kind.
    fn with(&mut self, change: impl FnOnce(&mut Scenario)) -> bool {
        let mut scenario = self.best.scenario.clone();
        change(&mut scenario);
        if scenario == self.best.scenario || self.is_over() {
            return false;
        }
        self.best.trials += 1;
        match (self.breaks)(&scenario) {
            Some(violation) if violation.kind() == self.kind => {
                self.best.scenario = scenario;
                self.best.violation = violation;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Removes parts of a list: halves first, single entries last.
    fn fewer<T>(&mut self, list: impl Fn(&mut Scenario) -> &mut Vec<T>) {
        let mut part = list(&mut self.best.scenario).len().div_ceil(2);
        while part > 0 {
            let mut from = 0;
            while from < list(&mut self.best.scenario).len() && !self.is_over() {
                let is_needed = !self.with(|scenario| {
                    let list = list(scenario);
                    let end = (from + part).min(list.len());
                    list.drain(from..end);
                });
                if is_needed {
                    from += part;
                }
            }
            part = if part == 1 { 0 } else { part.div_ceil(2) };
        }
    }
}
