//! `turno history`: how far the history is, one person's data, and a day as Parquet.

mod parquet;
mod person;
mod trouble;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use turno_history::store::{Store, number};
use turno_shell::HistoryPlace;

use crate::check::load;
use crate::exit::Exit;
use crate::history::trouble::Trouble;
use crate::state::usual_folder;

/// The history: how far it is, one person's data, a day as Parquet. The plan says where it is; turno may run meanwhile.
#[derive(Args)]
pub(crate) struct HistoryArgs {
    #[command(subcommand)]
    action: Action,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH", global = true)]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR", global = true)]
    state: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// How far it is, how much is in it, and which facts are missing.
    Status,
    /// Everything about the contacts of a number, as lines of JSON. It is noted in the history, without the number.
    Export {
        /// The number, as it stands in `caller`.
        #[arg(long)]
        number: String,
        /// Why it is asked for.
        #[arg(long, default_value = "asked for")]
        why: String,
    },
    /// Delete a number wherever it stands in the history. Its contacts stay, without it. It is noted, without the number.
    Forget {
        /// The number, as it stands in `caller`.
        #[arg(long)]
        number: String,
        /// Why it is deleted.
        #[arg(long)]
        why: String,
    },
    /// Write a day as Parquet, a file for each view.
    Parquet {
        /// The day at the site, such as 2026-11-24.
        day: String,
        /// The folder; it is made.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
}

impl HistoryArgs {
    /// Does it, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let state = self.state.or_else(|| usual_folder(&plan));
        let Some(place) = HistoryPlace::of(&plan, state.as_deref()).filter(HistoryPlace::is_there) else {
            complain!("turno: there is no history: look at [history] of the plan, and at --state");
            return Exit::NothingThere;
        };
        let mut store = match place.store(&plan) {
            Ok(store) => store,
            Err(why) => {
                complain!("turno: {why}");
                return Exit::CouldNotStart;
            }
        };
        let done = match self.action {
            Action::Status => status(&mut *store),
            Action::Export { number, why } => person::export_rows(&mut *store, &number, why),
            Action::Forget { number, why } => person::forget_number(&mut *store, &number, why),
            Action::Parquet { day, to } => parquet::write_day(&mut *store, &day, &to),
        };
        match done {
            Ok(exit) => exit,
            Err(Trouble::Database(failure)) => {
                complain!("turno: {failure}");
                Exit::CouldNotStart
            }
            Err(Trouble::File(why)) => {
                complain!("turno: {why}");
                Exit::CouldNotStart
            }
        }
    }
}

const COUNTED: [&str; 11] = [
    "contact",
    "visit",
    "talk",
    "offer",
    "agent_state",
    "survey",
    "callback",
    "recording",
    "interval_queue",
    "interval_agent",
    "history_audit",
];

fn status(store: &mut dyn Store) -> Result<Exit, Trouble> {
    let mut lines = Vec::new();
    store.transaction(&mut |sql| {
        lines.clear();
        for row in sql.rows("SELECT site, run_us, number, at_us FROM history_position", &[])? {
            let [site, run, fact, at] = row.as_slice() else { continue };
            let at = at.int().and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
            lines.push(format!("site       {}", site.text().unwrap_or_default()));
            lines.push(format!("position   {}-{}", run.int().unwrap_or(0), fact.int().unwrap_or(0)));
            lines.push(format!("last fact  {}", at.map_or_else(|| "none".to_owned(), |at| at.to_string())));
        }
        for table in COUNTED {
            let rows = number(sql, &format!("SELECT count(*) FROM {table}"), &[])?.unwrap_or(0);
            lines.push(format!("{table:<15} {rows:>12} rows"));
        }
        for row in sql.rows("SELECT after_run_us, after_number, until_run_us, until_number FROM gap", &[])? {
            let of = |place: usize| row.get(place).and_then(turno_history::Value::int).unwrap_or(0);
            lines.push(format!("missing    the facts after {}-{} up to {}-{}", of(0), of(1), of(2), of(3)));
        }
        Ok(())
    })?;
    for line in lines {
        say!("{line}");
    }
    Ok(Exit::Done)
}
