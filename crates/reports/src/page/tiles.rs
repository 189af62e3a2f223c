//! The figures that people look at first.

use turno_history::report::Report;

use crate::amount::{has_value, shown};
use crate::page::escape::escaped;
use crate::words::in_language;

/// Their keys, in order; a report shows those that it has.
const KEYS: [&str; 14] = [
    "contacts",
    "offered",
    "answered",
    "abandon_rate",
    "service_level",
    "asa",
    "aht",
    "within_target",
    "occupancy",
    "adherence",
    "staffed",
    "survey",
    "cost_wait",
    "cost",
];

/// One tile for each figure of all rows together.
pub(crate) fn tiles(report: &Report) -> String {
    let Some(total) = &report.total else { return String::new() };
    let tile = |key: &&str| {
        let place = report.keys.iter().position(|known| known == key)?;
        let (head, cell) = (report.heads.get(place)?, total.get(place)?);
        let unit = report.currency.as_deref().filter(|_| key.starts_with("cost"));
        let unit = unit.map_or_else(String::new, |unit| format!(" <small>{}</small>", escaped(unit)));
        let value = escaped(&shown(cell, report.language));
        has_value(cell).then(|| format!("<div><dt>{}</dt><dd>{value}{unit}</dd></div>\n", escaped(head)))
    };
    let tiles: String = KEYS.iter().filter_map(tile).collect();
    let label = in_language(report.language, "All together", "En total");
    format!("<dl class=\"tiles\" aria-label=\"{label}\">\n{tiles}</dl>\n")
}
