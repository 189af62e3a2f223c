//! `turno sim`: a day of a site in a moment, and bad hours by the thousand.

mod bad_hours;
mod day;
mod erlang;
mod lunch;
mod mixed;
mod waits;

use core::time::Duration;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use turno_planner::{Shape, Spans};

use crate::check::load;
use crate::exit::Exit;
use crate::language::Wanted;
use crate::sim::bad_hours::BadHours;
use crate::sim::day::Order;
use crate::sim::lunch::LunchTrial;
use crate::sim::mixed::MixedTrial;
use crate::sim::waits::Trial;

/// Live through a day of a site in a moment, or through hours in which everything goes wrong.
///
/// The same seed gives the same, to the byte: the last line is `hash` and 16 hexadecimal digits over everything that
/// went into the engine and came out of it.
#[derive(Args)]
pub(crate) struct Sim {
    /// A plan: one TOML file or a folder of them. Without it, the built-in site.
    path: Option<PathBuf>,
    /// All chance comes from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Callers of the day.
    #[arg(long, default_value_t = 1500)]
    calls: usize,
    /// How many of the plan's agents work; all if not said.
    #[arg(long)]
    agents: Option<usize>,
    /// When callers come: `bank` (an office day), `flat`, or a file with lines such as `08:30,0.043`.
    #[arg(long, default_value = "bank")]
    shape: String,
    /// How long a caller talks on average, in seconds; lognormal, as in real centres.
    #[arg(long, default_value_t = 160.0, value_parser = seconds)]
    talk: f64,
    /// How long a caller waits on average before giving up, in seconds.
    #[arg(long, default_value_t = 300.0, value_parser = seconds)]
    patience: f64,
    #[command(flatten)]
    language: Wanted,
    /// Instead of a day, the bad hour of this seed: the network loses, phones crash, callers hang up at any moment.
    #[arg(long)]
    faults: bool,
    /// Instead of a day, so many bad hours from this seed on.
    #[arg(long, value_name = "COUNT", conflicts_with = "faults")]
    seeds: Option<u64>,
    /// Bad hours for so many seconds; 0 goes on until Ctrl-C.
    #[arg(long = "for", value_name = "SECONDS", conflicts_with_all = ["faults", "seeds"])]
    span: Option<u64>,
    /// Instead of a day, hold the distributor against Erlang's formulas, with so many calls for each load.
    #[arg(long, value_name = "CALLS", num_args = 0..=1, default_missing_value = "1000000",
          conflicts_with_all = ["faults", "seeds", "span"])]
    erlang: Option<u64>,
    /// Hold the waits that callers are told against those that they have, on `--seeds` days of normal, heavy and
    /// short-staffed load (10 if not said), beside the rules of other products. Ends with `coverage` and the share of
    /// callers who were answered within what turno told them; the aim is 0.80.
    #[arg(long, conflicts_with_all = ["faults", "span", "erlang"])]
    expected_wait: bool,
    /// With --expected-wait: the days of a real centre instead, from a table in the form of the data set 'Anonymous Bank'
    /// (CSV, or CSV packed by gzip).
    #[arg(long, value_name = "FILE", requires = "expected_wait", conflicts_with = "seeds")]
    days: Option<PathBuf>,
    /// Compare lunch in turns with lunch that nobody plans, on `--seeds` days (10 if not said): callers answered in time in
    /// the lunch hours, and how many agents had lunch within them.
    #[arg(long, conflicts_with_all = ["faults", "span", "erlang", "expected_wait"])]
    lunch: bool,
    /// Compare calls, chats, WhatsApp and e-mails in silos and in one room with the same people, on `--seeds` days (10 if not
    /// said): how many were answered in time on each channel.
    #[arg(long, conflicts_with_all = ["faults", "span", "erlang", "expected_wait", "lunch"])]
    mixed: bool,
    /// Print every message and fact of the bad hour, also when nothing is broken.
    #[arg(long, requires = "faults")]
    ladder: bool,
}

/// How talks spread around their mean: a bank's of 1999 (docs/TESTING.md has the source).
const TALK_SIGMA: f64 = 0.98;

impl Sim {
    /// Lives through it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.path.as_deref()) else { return Exit::PlanRefused };
        let plan = Arc::new(plan);
        if let Some(calls) = self.erlang {
            return erlang::print(&plan, self.seed, calls);
        }
        if self.expected_wait {
            let (days, calls) = (self.seeds.unwrap_or(10), self.calls);
            let language = self.language.of(&plan);
            let trial = Trial { plan: &plan, seed: self.seed, days, calls, language };
            return self.days.as_deref().map_or_else(|| trial.made(), |file| trial.real(file));
        }
        if self.lunch {
            let (days, calls) = (self.seeds.unwrap_or(10), self.calls);
            let language = self.language.of(&plan);
            return LunchTrial { plan: &plan, seed: self.seed, days, calls, language }.run();
        }
        if self.mixed {
            let (days, language) = (self.seeds.unwrap_or(10), self.language.of(&plan));
            return MixedTrial { plan: &plan, seed: self.seed, days, language }.run();
        }
        let place = self.path.as_ref().map_or_else(String::new, |path| format!(" {}", path.display()));
        if self.faults || self.seeds.is_some() || self.span.is_some() {
            let hours = BadHours { plan, place, seed: self.seed };
            return match (self.seeds, self.span) {
                (Some(count), _) => hours.many(Some(count), None),
                (None, Some(0)) => hours.many(None, None),
                (None, Some(span)) => hours.many(None, Some(Duration::from_secs(span))),
                (None, None) => hours.one(self.ladder),
            };
        }
        let shape = match shape(&self.shape) {
            Ok(shape) => shape,
            Err(why) => {
                complain!("turno: {why}");
                return Exit::CouldNotStart;
            }
        };
        let order = turno_sim::DayOrder {
            seed: self.seed,
            calls: self.calls,
            agents: self.agents.unwrap_or(usize::MAX),
            shape,
            talk: Spans::LogNormal(Duration::from_secs_f64(self.talk), TALK_SIGMA),
            patience: Spans::Observed(Duration::from_secs_f64(self.patience)),
            keeps_tape: false,
        };
        let language = self.language.of(&plan);
        Order { plan, order, language }.run()
    }
}

fn shape(name: &str) -> Result<Shape, String> {
    match name {
        "bank" => Ok(Shape::bank()),
        "flat" => Ok(Shape::flat()),
        file => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                format!("--shape {file}: can't be read ({error}); say `bank`, `flat`, or a file")
            })?;
            Shape::parse(&text).map_err(|why| format!("--shape {file}: {why}"))
        }
    }
}

/// Seconds above zero, up to a day.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(seconds),
        Ok(_) | Err(_) => Err("seconds above 0, up to 86400".to_owned()),
    }
}
