//! A map of weekdays and hours: when contacts come. It is a table whose cells are tinted.

use std::collections::{BTreeMap, BTreeSet};

use core::fmt::Write as _;

use jiff::civil::Date;
use turno_history::report::Report;
use turno_model::Language;
use turno_model::plan::ReportBy;

use crate::page::bars::plain;
use crate::page::escape::escaped;
use crate::page::series::{number, text};
use crate::words::in_language;

/// How many tints there are.
const TINTS: f64 = 6.0;

const WEEKDAYS: [(&str, &str); 7] = [
    ("Mon", "lun"),
    ("Tue", "mar"),
    ("Wed", "mié"),
    ("Thu", "jue"),
    ("Fri", "vie"),
    ("Sat", "sáb"),
    ("Sun", "dom"),
];

/// The map, for reports by half hour or hour that have contacts: the mean of each weekday's hour.
pub(crate) fn heat_map(report: &Report) -> String {
    let key = if report.keys.contains(&"contacts") { "contacts" } else { "offered" };
    let is_short = matches!(report.question.by, ReportBy::HalfHour | ReportBy::Hour);
    if !is_short || !report.keys.contains(&key) {
        return String::new();
    }
    let mut sums: BTreeMap<(usize, String), f64> = BTreeMap::new();
    let mut days: BTreeMap<usize, BTreeSet<Date>> = BTreeMap::new();
    for row in &report.rows {
        let Some(time) = text(report, row, "time") else { continue };
        let (Some(day), Some(clock)) = (time.get(..10), time.get(11..16)) else { continue };
        let Ok(date) = day.parse::<Date>() else { continue };
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        *sums.entry((weekday, clock.to_owned())).or_default() += number(report, row, key).unwrap_or_default();
        days.entry(weekday).or_default().insert(date);
    }
    let clocks: BTreeSet<&str> = sums.keys().map(|(_, clock)| clock.as_str()).collect();
    if days.len() < 2 || clocks.len() < 2 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "few days")]
    let mean = |weekday: usize, clock: &str| {
        let count = days.get(&weekday).map_or(1, BTreeSet::len) as f64;
        sums.get(&(weekday, clock.to_owned())).map(|sum| sum / count)
    };
    let top = sums.keys().filter_map(|(weekday, clock)| mean(*weekday, clock)).fold(0.0, f64::max);
    let title =
        in_language(report.language, "Contacts by weekday and time", "Contactos por día de la semana y hora");
    let about = in_language(
        report.language,
        "The mean of all days; the stronger the colour, the more.",
        "El promedio de todos los días; cuanto más fuerte el color, más.",
    );
    let mut html = format!(
        "<figure class=\"plot heat\">\n<figcaption><h2>{title}</h2><p>{about}</p></figcaption>\n<table>\n<thead><tr><td></td>"
    );
    for weekday in days.keys() {
        let (english, spanish) = WEEKDAYS.get(*weekday).copied().unwrap_or_default();
        let name = if report.language == Language::English { english } else { spanish };
        let _ = write!(html, "<th scope=\"col\">{name}</th>");
    }
    html += "</tr></thead>\n<tbody>\n";
    for clock in clocks {
        let _ = write!(html, "<tr><th scope=\"row\">{}</th>", escaped(clock));
        for weekday in days.keys() {
            match mean(*weekday, clock) {
                None => html += "<td></td>",
                Some(mean) => {
                    let tint = if top > 0.0 { (mean / top * TINTS).ceil() } else { 0.0 };
                    let _ = write!(html, "<td class=\"h{tint:.0}\">{}</td>", plain(mean, report.language));
                }
            }
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table>\n</figure>\n"
}
