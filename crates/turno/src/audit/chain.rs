//! `turno audit --chain`: the chain of hashes over days, with the facts and rows that are still there.

use std::path::Path;

use turno_audit::chain::{Checked, check};
use turno_model::Plan;
use turno_shell::HistoryPlace;

use crate::exit::Exit;

/// Checks the chain in a journal's folder, and says how it ended.
pub(crate) fn check_chain(plan: &Plan, folder: &Path, head: Option<&str>) -> Exit {
    let place = HistoryPlace::of(plan, Some(folder)).filter(HistoryPlace::is_there);
    let checked = match place.map(|place| place.store(plan)).transpose() {
        Ok(Some(mut store)) => check(folder, Some(&mut *store), head).map_err(|cannot| cannot.to_string()),
        Ok(None) => check(folder, None, head).map_err(|cannot| cannot.to_string()),
        Err(why) => Err(why),
    };
    match checked {
        Ok(checked) => said(&checked),
        Err(why) => {
            complain!("turno: the chain can't be checked: {why}");
            Exit::CouldNotCheck
        }
    }
}

fn said(checked: &Checked) -> Exit {
    for fault in &checked.faults {
        say!("{fault}");
    }
    for note in &checked.notes {
        say!("{note}");
    }
    say!(
        "checked: {} lines, the facts of {} days and stops, {} lists of rows",
        checked.lines,
        checked.days_of_facts,
        checked.lists_of_rows
    );
    say!("head  {}", checked.head);
    if checked.faults.is_empty() {
        say!("The chain is whole.");
        return Exit::Done;
    }
    Exit::Differs
}
