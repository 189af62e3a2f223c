//! One day: lived, reported, hashed.

use std::sync::Arc;
use std::time::Instant;

use turno_model::{Language, Plan};
use turno_sim::{DayOrder, live_day};

use crate::exit::Exit;

/// A day that somebody asked for.
pub(crate) struct Order {
    pub(crate) plan: Arc<Plan>,
    pub(crate) order: DayOrder,
    pub(crate) language: Language,
}

impl Order {
    /// Lives through it and prints the report.
    #[expect(clippy::disallowed_methods, reason = "says how long the day took")]
    pub(crate) fn run(self) -> Exit {
        let began = Instant::now();
        let lived = match live_day(self.plan, &self.order) {
            Ok(lived) => lived,
            Err(why) => {
                complain!("turno: {why}");
                return Exit::CouldNotStart;
            }
        };
        let took = began.elapsed();
        say!("{}", lived.day.table(self.language));
        let (opens, closes) = lived.span;
        let minutes = closes.since(opens).as_secs() / 60;
        let (seed, entries, took) = (self.order.seed, lived.entries, took.as_secs_f64());
        match self.language {
            Language::English => {
                say!("seed {seed}: {minutes} minutes, {entries} inputs and outputs, lived in {took:.2} s");
            }
            Language::Spanish => {
                say!(
                    "semilla {seed}: {minutes} minutos, {entries} entradas y salidas, vividos en {took:.2} s"
                );
            }
        }
        if lived.alarms > 0 {
            say!("{}: {}", self.language.say("alarms", "alarmas"), lived.alarms);
        }
        if let Some(violation) = &lived.violation {
            say!("BROKEN at {:?}: {}", violation.at, violation.what);
        }
        say!("hash {:016x}", lived.hash);
        if lived.violation.is_some() { Exit::Failed } else { Exit::Done }
    }
}
