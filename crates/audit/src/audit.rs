//! An audit of a day: every figure again from the facts, compared with what stands.

use core::ops::ControlFlow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use turno_history::store::Store;
use turno_model::{Plan, Position};

use crate::cannot::Cannot;
use crate::comparing::{self, Comparing, moment_text};
use crate::day::Day;
use crate::folder::{FactFolder, Oldest};
use crate::found::Found;
use crate::plain::{Figures, HalfHours};
use crate::replay::Replay;
use crate::reported;
use crate::stored::Stored;

/// The result of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// What was compared, and what differs.
    pub found: Found,
    /// How many facts the day has, with the first and the last position; `None`: none.
    pub facts: Option<(u64, Position, Position)>,
    /// Whether the day is over in the history.
    pub is_over: bool,
    /// How many days of the ledger were found in checkpoints.
    pub kept_days: usize,
}

/// Audits a day: the facts of this folder, the history in this database, the targets of this plan.
///
/// # Errors
/// [`Cannot`]: facts are gone, or something can't be read.
pub fn audit(plan: &Arc<Plan>, folder: &Path, day: Day, store: &mut dyn Store) -> Result<Audit, Cannot> {
    let folder = FactFolder::new(folder);
    let stored = Stored::read(store, plan, &day).map_err(Cannot::database)?;
    let stored = stored.ok_or_else(|| Cannot::new("there are no facts in the history"))?;
    let oldest = folder.oldest().map_err(Cannot::journal)?;
    let oldest = oldest.ok_or_else(|| Cannot::new("there are no facts in the journal's folder"))?;
    is_there(&day, &oldest)?;
    let kept = folder.kept_books().map_err(Cannot::journal)?;
    let mut replay = Replay::new(plan, (day, stored.until), kept, oldest.is_first)?;
    let mut trouble = None;
    let shown = folder.each(None, &mut |seen| {
        replay.take(&seen).unwrap_or_else(|cannot| {
            trouble = Some(cannot);
            ControlFlow::Break(())
        })
    });
    shown.map_err(Cannot::journal)?;
    if let Some(cannot) = trouble {
        return Err(cannot);
    }
    let rows = replay.finish(stored.settled)?;
    let is_over = stored.settled >= day.until || stored.at >= day.until;
    let mut found = Found::default();
    let comparing =
        Comparing { day, stored: &stored, unknown: &replay.unknown, numbers: plan.history.numbers };
    for counted in rows.iter().filter(|rows| is_kept(plan, &stored, &day, rows.table)) {
        comparing.rows(counted, &mut found);
    }
    let has_intervals = !stored.is_past(&day, plan.history.intervals);
    if has_intervals {
        comparing.plainly(&replay.plain.queues, &replay.plain.of_agents, &mut found);
        if let Some(eve) = &replay.eve {
            comparing.with_ledger(eve, is_over, &mut found);
        }
    }
    for (kept, facts) in &replay.kept_days {
        if !replay.unknown.is_any(day.from, day.until) {
            comparing::kept(kept, facts, &mut found);
        }
    }
    if has_intervals && !replay.unknown.is_any(day.from, day.until) {
        reported::of_queues(&stored.queues, &whole_day(&day, &replay.plain.queues), &mut found);
        reported::of_agents(&stored.agents, &whole_day(&day, &replay.plain.of_agents), &mut found);
    } else {
        found
            .left_out
            .push("the reports are not compared, since not all their half hours can be counted".to_owned());
    }
    leave_out(plan, &stored, (&day, is_over), &mut found);
    Ok(Audit { found, facts: replay.of_day, is_over, kept_days: replay.kept_days.len() })
}

/// The facts from the begin of the day on must be there.
fn is_there(day: &Day, oldest: &Oldest) -> Result<(), Cannot> {
    if oldest.at <= day.from || oldest.is_first {
        return Ok(());
    }
    Err(Cannot::new(format!(
        "the facts of this day are gone, or some of them: the journal's oldest are of {} (position {}); \
         [journal] facts_days says how long they are kept",
        moment_text(oldest.at),
        oldest.before
    )))
}

/// Whether the rows of a table are still kept.
fn is_kept(plan: &Plan, stored: &Stored, day: &Day, table: &str) -> bool {
    let kept = match table {
        "agent_state" => plan.history.states,
        "interval_queue" | "interval_agent" | "interval_aux" => plan.history.intervals,
        _ => plan.history.contacts,
    };
    !stored.is_past(day, kept)
}

fn leave_out(plan: &Plan, stored: &Stored, (day, is_over): (&Day, bool), found: &mut Found) {
    if !is_over {
        found.left_out.push(format!(
            "the day is not over: it is compared up to the history's last fact, of {}",
            moment_text(stored.at)
        ));
    }
    if !stored.gaps.is_empty() {
        found.left_out.push(format!(
            "the history notes {} gaps, in which facts were missing when it was written",
            stored.gaps.len()
        ));
    }
    let classes = [
        ("contacts", plan.history.contacts),
        ("states of agents", plan.history.states),
        ("half hours", plan.history.intervals),
    ];
    for (class, kept) in classes {
        if stored.is_past(day, kept) {
            found.left_out.push(format!("{class} are no longer kept, and not compared"));
        }
    }
}

fn whole_day(day: &Day, half_hours: &HalfHours) -> BTreeMap<String, Figures> {
    let mut all: BTreeMap<String, Figures> = BTreeMap::new();
    for ((_, name), figures) in half_hours.iter().filter(|((start, _), _)| day.has(*start)) {
        let whole = all.entry(name.clone()).or_default();
        figures.iter().for_each(|(figure, number)| *whole.entry(figure).or_default() += number);
    }
    all
}
