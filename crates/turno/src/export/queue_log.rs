//! A day in the form of Asterisk's queue_log, from the journal's facts.

use core::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use turno_audit::{Day, FactFolder, Seen, zone_of};
use turno_model::{Plan, PlanIndex};
use turno_queue_log::{LogNames, QueueLog};

use crate::export::out::{Out, Trouble};
use crate::site_day::SiteDay;

/// Writes the lines of a day; what happened before is read for what was open then.
pub(crate) fn write(
    plan: &Arc<Plan>,
    state: Option<&Path>,
    day: SiteDay,
    out: &mut Out,
) -> Result<u64, Trouble> {
    let folder = state.ok_or_else(|| Trouble::Nothing("there is no journal: look at --state".to_owned()))?;
    let zone = zone_of(plan);
    let day = Day::of(day.date(&zone), &zone);
    let day = day.ok_or_else(|| Trouble::Nothing("that day is not in the calendar".to_owned()))?;
    let unreadable =
        |error: std::io::Error| Trouble::Other(format!("the journal's files can't be read: {error}"));
    let facts = FactFolder::new(folder);
    let oldest = facts.oldest().map_err(unreadable)?;
    let oldest =
        oldest.ok_or_else(|| Trouble::Nothing("there are no facts in the journal's folder".to_owned()))?;
    if oldest.at > day.from && !oldest.is_first {
        complain!("turno: facts of {} are gone: lines are missing", day.date);
    }
    let (mut log, mut lines, mut trouble) = (QueueLog::default(), 0, None);
    let mut names: Option<(Option<Arc<PlanIndex>>, LogNames)> = None;
    let shown = facts.each(None, &mut |seen| {
        let Seen::Fact { at, form, places, .. } = seen else {
            complain!("turno: facts are missing in the journal: lines may be missing");
            return ControlFlow::Continue(());
        };
        if at >= day.until {
            return ControlFlow::Break(());
        }
        let Ok(fact) = form.fact() else { return ControlFlow::Continue(()) };
        let known = names.take().filter(|(then, _)| then.as_ref() == places);
        let (_, names) = names.insert(
            known.unwrap_or_else(|| (places.cloned(), LogNames::new(plan, places.map(|places| &**places)))),
        );
        log.take(names, at, &fact, &mut |line| {
            if day.has(at) && trouble.is_none() {
                lines += 1;
                trouble = out.put(&format!("{line}\n")).err();
            }
        });
        if trouble.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    shown.map_err(unreadable)?;
    trouble.map_or(Ok(lines), Err)
}
