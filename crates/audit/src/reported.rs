//! Compares what a report says of a day with the plainly counted figures.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_history::report::{Cell, Report};

use crate::found::Found;
use crate::plain::Figures;

/// A figure of a report by plainly counted sums: in thousandths of a share, in milliseconds, or a number.
type Formula = fn(&dyn Fn(&str) -> i64) -> Option<i64>;

/// Shares are compared to this part of one.
const SHARES: i64 = 1_000_000;

const QUEUES: [(&str, Formula); 15] = [
    ("offered", |of| Some(offered(of))),
    ("answered", |of| Some(of("answered"))),
    ("abandoned", |of| Some(of("abandoned"))),
    ("abandoned_short", |of| Some(of("abandoned_short"))),
    ("outflowed", |of| Some(of("outflowed"))),
    ("dequeued", |of| Some(of("dequeued"))),
    ("service_level", |of| share(of("answered_in_target"), offered(of))),
    ("service_level_net", |of| share(of("answered_in_target"), offered(of) - of("abandoned_short"))),
    ("service_level_genesys", |of| share(of("answered_in_target"), of("answered") + of("abandoned"))),
    ("service_level_asterisk", |of| share(of("answered_in_target"), of("answered"))),
    ("abandon_rate", |of| share(of("abandoned"), offered(of))),
    ("asa", |of| of("answer_wait_us").checked_div(of("answered"))),
    ("aht", |of| (of("talk_us") + of("hold_us") + of("acw_us")).checked_div(of("handled"))),
    ("talk", |of| of("talk_us").checked_div(of("handled"))),
    ("rona", |of| Some(of("offers_no_answer"))),
];

const AGENTS: [(&str, Formula); 10] = [
    ("staffed", |of| Some(staffed(of))),
    ("available", |of| Some(of("available_us"))),
    ("talking", |of| Some(of("talking_us"))),
    ("holding", |of| Some(of("holding_us"))),
    ("in_acw", |of| Some(of("acw_us"))),
    ("aux", |of| Some(of("aux_us"))),
    ("occupancy", |of| share(occupied(of), staffed(of) - of("aux_us"))),
    ("offered", |of| Some(of("offered"))),
    ("answered", |of| Some(of("answered"))),
    ("rona", |of| Some(of("missed"))),
];

/// The report of queues.
pub(crate) fn of_queues(report: &Report, counted: &BTreeMap<String, Figures>, found: &mut Found) {
    compare(("report of queues", "queue"), report, (counted, &QUEUES), found);
}

/// The report of agents.
pub(crate) fn of_agents(report: &Report, counted: &BTreeMap<String, Figures>, found: &mut Found) {
    compare(("report of agents", "agent"), report, (counted, &AGENTS), found);
}

fn compare(
    (place, whose): (&str, &str),
    report: &Report,
    (counted, formulas): (&BTreeMap<String, Figures>, &[(&str, Formula)]),
    found: &mut Found,
) {
    let column = |key: &str| report.keys.iter().position(|known| *known == key);
    let Some(names) = column(whose) else { return };
    let nothing = Figures::new();
    let mut reported = Vec::new();
    for row in &report.rows {
        let Some(Cell::Text(name)) = row.get(names) else { continue };
        reported.push(name.clone());
        let sums = counted.get(name).unwrap_or(&nothing);
        for (key, formula) in formulas {
            let Some(stands) = column(key).and_then(|place| row.get(place)) else {
                found.differ(place, name, key, ["no such column".to_owned(), "a figure".to_owned()]);
                continue;
            };
            let says = formula(&|figure| sums.get(figure).copied().unwrap_or(0));
            found.figures += 1;
            if !is_same(stands, says) {
                found.differ(
                    place,
                    name,
                    key,
                    [cell(stands), says.map_or("nothing".to_owned(), |it| it.to_string())],
                );
            }
        }
    }
    for name in counted.keys().filter(|name| !reported.contains(name)) {
        found.differ(place, name, "", ["it is not in the report".to_owned(), "it is".to_owned()]);
    }
}

fn is_same(stands: &Cell, says: Option<i64>) -> bool {
    number(stands).is_none_or(|stands| match (stands, says) {
        (Some(stands), Some(says)) => (stands - says).abs() <= 1,
        (stands, says) => stands == says,
    })
}

/// A cell as a number, if it is one.
fn number(cell: &Cell) -> Option<Option<i64>> {
    Some(match cell {
        Cell::Count(count) => Some(*count),
        Cell::Share(part) => part.map(millionths),
        Cell::Span(span) => span.map(micros),
        Cell::Text(_) | Cell::Mean(_) | Cell::Money(_) => return None,
    })
}

fn cell(cell: &Cell) -> String {
    number(cell).flatten().map_or("nothing".to_owned(), |it| it.to_string())
}

#[expect(clippy::cast_possible_truncation, reason = "a share is between 0 and 1")]
fn millionths(part: f64) -> i64 {
    (part * 1e6).round() as i64
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * SHARES * 2 + whole) / (whole * 2))
}

fn offered(of: &dyn Fn(&str) -> i64) -> i64 {
    of("answered") + of("abandoned") + of("outflowed") + of("dequeued")
}

fn occupied(of: &dyn Fn(&str) -> i64) -> i64 {
    of("ringing_us") + of("talking_us") + of("holding_us") + of("acw_us")
}

fn staffed(of: &dyn Fn(&str) -> i64) -> i64 {
    occupied(of) + of("available_us") + of("other_call_us") + of("aux_us")
}
