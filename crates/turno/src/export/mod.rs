//! `turno export`: what other programs read: a queue_log, rows with Avaya CMS's names, contacts and states as CSV.

mod asked;
mod cms;
mod csv;
mod out;
mod queue_log;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use turno_audit::zone_of;
use turno_history::store::Store;
use turno_model::Plan;
use turno_shell::HistoryPlace;

use crate::check::load;
use crate::exit::Exit;
use crate::export::asked::{CmsOf, CmsTimes};
use crate::export::out::{Out, Trouble};
use crate::site_day::SiteDay;
use crate::state::usual_folder;

/// What other programs read: Asterisk's queue_log from the journal's facts, and CSV from the history; turno may run meanwhile.
#[derive(Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    what: What,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(long, value_name = "PATH", global = true)]
    plan: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR", global = true)]
    state: Option<PathBuf>,
    /// The file; it is replaced when everything is written. Without it, standard output.
    #[arg(long, value_name = "FILE", global = true)]
    to: Option<PathBuf>,
}

#[derive(Subcommand)]
enum What {
    /// What happened in queues, in the form of Asterisk's queue_log.
    QueueLog {
        /// The day at the site, such as 2026-11-24, `today` or `yesterday`.
        day: SiteDay,
    },
    /// Rows with the names of Avaya CMS, as CSV.
    Cms {
        /// The day at the site, such as 2026-11-24, `today` or `yesterday`.
        day: SiteDay,
        /// By which time.
        #[arg(long, value_enum, default_value_t = CmsTimes::HalfHour)]
        by: CmsTimes,
        /// Whose rows.
        #[arg(long, value_enum, default_value_t = CmsOf::Split)]
        of: CmsOf,
    },
    /// Contacts by their arrival, as CSV.
    Contacts(Days),
    /// States of agents by their begin, as CSV.
    AgentStates(Days),
}

/// One day, or several.
#[derive(Args)]
struct Days {
    /// One day at the site, such as 2026-11-24, `today` or `yesterday`.
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    day: Option<SiteDay>,
    /// The first day.
    #[arg(long, requires = "until")]
    from: Option<SiteDay>,
    /// The last day.
    #[arg(long, requires = "from")]
    until: Option<SiteDay>,
}

impl Days {
    fn of(&self, plan: &Plan) -> (Date, Date) {
        let zone = zone_of(plan);
        let from = self.day.or(self.from).unwrap_or(SiteDay::Today).date(&zone);
        (from, self.day.or(self.until).unwrap_or(SiteDay::Today).date(&zone))
    }
}

impl ExportArgs {
    /// Exports, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let Some(plan) = load(self.plan.as_deref()) else { return Exit::PlanRefused };
        let plan = Arc::new(plan);
        let state = self.state.or_else(|| usual_folder(&plan));
        let mut out = match Out::new(self.to.as_deref()) {
            Ok(out) => out,
            Err(trouble) => return trouble.said(),
        };
        let done =
            write(&self.what, &plan, state.as_deref(), &mut out).and_then(|rows| out.finish().map(|()| rows));
        match done {
            Ok(0) => {
                complain!("turno: there is nothing of these days");
                Exit::NothingThere
            }
            Ok(_) => Exit::Done,
            Err(trouble) => trouble.said(),
        }
    }
}

/// Writes what is asked for; returns how many rows or lines there are.
fn write(what: &What, plan: &Arc<Plan>, state: Option<&Path>, out: &mut Out) -> Result<u64, Trouble> {
    match what {
        What::QueueLog { day } => queue_log::write(plan, state, *day, out),
        What::Cms { day, by, of } => {
            let day = day.date(&zone_of(plan));
            cms::write(&mut *store(plan, state)?, plan, (day, *by, *of), out)
        }
        What::Contacts(days) => rows::contacts(&mut *store(plan, state)?, plan, days.of(plan), out),
        What::AgentStates(days) => rows::agent_states(&mut *store(plan, state)?, plan, days.of(plan), out),
    }
}

fn store(plan: &Plan, state: Option<&Path>) -> Result<Box<dyn Store + Send>, Trouble> {
    let place = HistoryPlace::of(plan, state).filter(HistoryPlace::is_there);
    let place = place.ok_or_else(|| {
        Trouble::Nothing("there is no history: look at [history] of the plan, and at --state".to_owned())
    })?;
    place.store(plan).map_err(Trouble::Other)
}
