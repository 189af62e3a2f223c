//! Lines by time: the service level and the speed of answer.

use core::fmt::Write as _;
use core::time::Duration;

use turno_history::report::Report;

use crate::amount::{clock, local};
use crate::page::bars::fewer;
use crate::page::escape::escaped;
use crate::page::scale::{across, down, labels, plot, round_up, short};
use crate::page::series::Point;
use crate::words::in_language;

/// With more points than this only the line is drawn.
const DOTS_MAX: usize = 60;

/// What a line shows of a point; nothing breaks it.
type Value<'a> = &'a dyn Fn(&Point) -> Option<f64>;

/// The service level (Avaya).
pub(crate) fn service_by_time(report: &Report, times: &[Point]) -> String {
    if !report.keys.contains(&"service_level") {
        return String::new();
    }
    let title = in_language(report.language, "Service level (Avaya)", "Nivel de servicio (Avaya)");
    let ticks: Vec<(f64, String)> =
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, format!("{:.0} %", share * 100.0))).to_vec();
    let shown = |share: f64| local(&format!("{:.1} %", share * 100.0), report.language);
    line(report, (title, "line-service"), times, (&Point::service_level, 1.0), &ticks, &shown)
}

/// The average speed of answer.
pub(crate) fn answer_by_time(report: &Report, times: &[Point]) -> String {
    if !report.keys.contains(&"asa") {
        return String::new();
    }
    let title =
        in_language(report.language, "Average speed of answer (ASA)", "Velocidad media de atención (ASA)");
    let longest = fewer(times).iter().filter_map(Point::asa).fold(0.0, f64::max);
    let top = if longest > 60.0 { 60.0 * round_up(longest / 60.0) } else { round_up(longest) };
    let shown = |seconds: f64| clock(Duration::from_secs_f64(seconds.max(0.0)));
    let ticks: Vec<(f64, String)> = [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|share| {
            let whole = top * share;
            (share, if top < 10.0 { local(&format!("{whole:.1} s"), report.language) } else { shown(whole) })
        })
        .to_vec();
    line(report, (title, "line-answer"), times, (&Point::asa, top), &ticks, &shown)
}

fn line(
    report: &Report,
    (title, class): (&str, &str),
    times: &[Point],
    (value, top): (Value<'_>, f64),
    ticks: &[(f64, String)],
    shown: &dyn Fn(f64) -> String,
) -> String {
    let points = fewer(times);
    let mut path = String::new();
    let mut dots = String::new();
    // Where nothing was offered the line is broken.
    let mut begins = true;
    for (place, point) in points.iter().enumerate() {
        let Some(value) = value(point) else {
            begins = true;
            continue;
        };
        let (x, y) = (across(place, points.len()), down(value / top));
        let _ = write!(path, "{}{x:.1} {y:.1} ", if begins { "M" } else { "L" });
        begins = false;
        let name = escaped(&short(&point.name));
        let radius = if points.len() > DOTS_MAX { 1.2 } else { 3.0 };
        let _ = writeln!(
            dots,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"><title>{name}: {}</title></circle>",
            shown(value)
        );
    }
    let inside = format!(
        "<path class=\"{class}\" d=\"{}\"/>\n{dots}{}",
        path.trim_end(),
        labels(points.iter().map(|point| point.name.as_str()))
    );
    let about = in_language(
        report.language,
        "A line by time. The table below has all values.",
        "Una línea por tiempo. La tabla de abajo tiene todos los valores.",
    );
    plot(title, about, &[], ticks, &inside)
}
