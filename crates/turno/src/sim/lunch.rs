//! Lunch in turns beside lunch that nobody plans, on the same days.

use turno_model::{Language, Plan};
use turno_planner::{LunchFigures, LunchRule, live_lunch, lunch_day};

use crate::exit::Exit;

/// A trial that somebody asked for.
pub(crate) struct LunchTrial<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) seed: u64,
    pub(crate) days: u64,
    pub(crate) calls: usize,
    pub(crate) language: Language,
}

impl LunchTrial<'_> {
    /// Made days with each rule, and a table of what came of them.
    pub(crate) fn run(&self) -> Exit {
        let mut sums = [LunchFigures::default(); LunchRule::ALL.len()];
        for (seed, day) in (self.seed..).zip(0..self.days) {
            let made = match lunch_day(self.plan, self.calls, seed) {
                Ok(made) => made,
                Err(why) => {
                    complain!("turno: --lunch: {why}");
                    return Exit::CouldNotStart;
                }
            };
            for (sum, rule) in sums.iter_mut().zip(LunchRule::ALL) {
                sum.add(&live_lunch(&made, rule));
            }
            let done = day + 1;
            if done.is_multiple_of(25) && done < self.days {
                complain!("{done} {} {}", self.language.say("days of", "días de"), self.days);
            }
        }
        say!("{}", self.language.say(ABOUT, ABOUT_SPANISH));
        say!("{}", self.language.say(HEAD, HEAD_SPANISH));
        for (sum, rule) in sums.iter().zip(LunchRule::ALL) {
            say!("{}", row(self.name(rule), sum));
        }
        Exit::Done
    }

    const fn name(&self, rule: LunchRule) -> &'static str {
        match rule {
            LunchRule::Unplanned => self.language.say("unplanned", "sin plan"),
            LunchRule::Together => self.language.say("together", "juntos"),
            LunchRule::InTurns => self.language.say("in turns", "por turnos"),
        }
    }
}

const ABOUT: &str = "The lunch hours of the same days: agents who leave when they like, spread or near the middle, and agents \
                     who ask for their turn.";
const ABOUT_SPANISH: &str = "Las horas de almuerzo de los mismos días: agentes que salen cuando quieren, repartidos o hacia la \
                             mitad, y agentes que piden su turno.";
const HEAD: &str =
    "lunch          callers  in time  answered     wait  lunch inside  overstays  away at most";
const HEAD_SPANISH: &str =
    "almuerzo     personas  a tiempo  atendidas   espera  almuerzo dentro  demoras  fuera a la vez";

fn row(name: &str, it: &LunchFigures) -> String {
    let share = |part: u64, all: u64| format!("{:.1} %", 100.0 * part as f64 / all.max(1) as f64);
    format!(
        "{name:<12}{:>10}{:>9}{:>10}{:>7.1} s{:>14}{:>11}{:>14}",
        it.callers,
        share(it.in_target, it.callers),
        share(it.answered, it.callers),
        it.waited / it.answered.max(1) as f64,
        share(it.inside, it.agents),
        it.overstays,
        it.away_most,
    )
}
