//! `turno audit`: a day's figures again from the journal's facts, compared with all that stands; and the chain of days.

mod chain;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use turno_audit::{Audit, Day, audit, zone_of};
use turno_model::Plan;
use turno_shell::HistoryPlace;

use crate::check::load;
use crate::exit::Exit;
use crate::site_day::SiteDay;
use crate::state::usual_folder;

/// Count a day again from the journal's facts, and compare history, report and ledger with it, row by row. 0: everything
/// agrees, 1: something differs, 2: it could not be done. For programs, so always in English.
#[derive(Args)]
pub(crate) struct AuditArgs {
    /// The day at the site, such as 2026-11-24, `today` or `yesterday`.
    #[arg(required_unless_present = "chain", conflicts_with = "chain")]
    day: Option<SiteDay>,
    /// The plan: one TOML file or a folder of them. Without it, the built-in site.
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// The same, for use with --chain.
    #[arg(long = "plan", value_name = "PATH", conflicts_with = "plan")]
    plan_too: Option<PathBuf>,
    /// The journal's folder, as it was given to `serve`.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Check the chain of hashes over days instead, with the facts and rows that are still there.
    #[arg(long)]
    chain: bool,
    /// A head of the chain that was kept elsewhere: one of its lines must have this hash.
    #[arg(long, value_name = "HASH", requires = "chain")]
    head: Option<String>,
}

impl AuditArgs {
    /// Audits, and says how it ended.
    pub(crate) fn run(self) -> Exit {
        let given = self.plan.as_deref().or(self.plan_too.as_deref());
        let Some(plan) = load(given) else { return Exit::PlanRefused };
        let plan = Arc::new(plan);
        let Some(folder) = self.state.or_else(|| usual_folder(&plan)) else {
            complain!("turno: there is no journal: look at --state");
            return Exit::CouldNotCheck;
        };
        match self.day {
            Some(day) => audit_day(&plan, &folder, day),
            None => chain::check_chain(&plan, &folder, self.head.as_deref()),
        }
    }
}

fn audit_day(plan: &Arc<Plan>, folder: &Path, day: SiteDay) -> Exit {
    let Some(place) = HistoryPlace::of(plan, Some(folder)).filter(HistoryPlace::is_there) else {
        complain!("turno: there is no history: look at [history] of the plan, and at --state");
        return Exit::CouldNotCheck;
    };
    let zone = zone_of(plan);
    let Some(day) = Day::of(day.date(&zone), &zone) else {
        complain!("turno: that day is not in the calendar");
        return Exit::CouldNotCheck;
    };
    let audited = place
        .store(plan)
        .and_then(|mut store| audit(plan, folder, day, &mut *store).map_err(|cannot| cannot.to_string()));
    match audited {
        Ok(audit) => said(day.date, &audit),
        Err(why) => {
            complain!("turno: {} can't be audited: {why}", day.date);
            Exit::CouldNotCheck
        }
    }
}

fn said(date: Date, audit: &Audit) -> Exit {
    let found = &audit.found;
    for difference in &found.differences {
        say!("{difference}");
    }
    if found.more > 0 {
        say!("and {} more", found.more);
    }
    match &audit.facts {
        Some((facts, first, last)) => say!("{date}: {facts} facts, {first} to {last}"),
        None => say!("{date}: no facts"),
    }
    say!(
        "compared: {} rows of the history, {} figures, {} days of the ledger in checkpoints",
        found.rows,
        found.figures,
        audit.kept_days
    );
    if found.unknown_rows > 0 {
        say!("not compared: {} rows whose begin is in facts that are gone", found.unknown_rows);
    }
    if found.emptied > 0 {
        say!("{} numbers of people are empty: they were forgotten, or their time is over", found.emptied);
    }
    for sentence in &found.left_out {
        say!("{sentence}");
    }
    if found.agrees() {
        say!("Everything agrees.");
        return Exit::Done;
    }
    if found.is_by_targets_alone() {
        say!(
            "Only figures by targets differ: if the plan had other targets on that day, give the plan of that day."
        );
    }
    say!("{} differences.", found.differences.len() as u64 + found.more);
    Exit::Differs
}
