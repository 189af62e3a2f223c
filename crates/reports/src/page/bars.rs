//! Bars: contacts by time, and figures by name.

use core::fmt::Write as _;

use turno_history::report::Report;
use turno_model::Language;
use turno_model::plan::ReportOf;

use crate::amount::local;
use crate::page::escape::escaped;
use crate::page::scale::{LEFT, RIGHT, WIDTH, across, down, labels, plot, round_up, short};
use crate::page::series::Point;
use crate::words::in_language;

/// Columns of a plot, at most: more are put together.
const COLUMNS_MAX: usize = 180;

/// Names of a plot, at most: those with most.
const NAMES_MAX: usize = 30;

/// The height of one name's bar, with its gap.
const ROW: f64 = 24.0;

/// Where bars of names begin.
const NAME_WIDTH: f64 = 190.0;

/// Neighbours put together, so that a plot has few columns.
pub(crate) fn fewer(times: &[Point]) -> Vec<Point> {
    let together = times.len().div_ceil(COLUMNS_MAX).max(1);
    let sum = |some: &[Point]| {
        let mut all = Point::default();
        some.iter().for_each(|point| all.add(point));
        all.name = some.first().map(|point| point.name.clone()).unwrap_or_default();
        all
    };
    times.chunks(together).map(sum).collect()
}

/// Answered and abandoned contacts by time.
pub(crate) fn contacts_by_time(report: &Report, times: &[Point]) -> String {
    if !report.keys.contains(&"abandoned") {
        return String::new();
    }
    let language = report.language;
    let points = fewer(times);
    let top = round_up(points.iter().map(|point| point.offered).fold(0.0, f64::max));
    let ticks: Vec<(f64, String)> =
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, plain(share * top, language))).to_vec();
    #[expect(clippy::cast_precision_loss, reason = "a plot has few columns")]
    let wide = (WIDTH - LEFT - RIGHT) / points.len().max(1) as f64;
    let mut inside = String::new();
    for (place, point) in points.iter().enumerate() {
        let (left, width) = (across(place, points.len()) - wide * 0.4, (wide * 0.8).min(40.0));
        let left = left + (wide * 0.8 - width) / 2.0;
        let other = (point.offered - point.answered - point.abandoned).max(0.0);
        let _ = write!(
            inside,
            "<g><title>{}: {} / {} / {}</title>",
            escaped(&short(&point.name)),
            plain(point.answered, language),
            plain(point.abandoned, language),
            plain(other, language)
        );
        let mut below = 0.0;
        for (class, value) in [("answered", point.answered), ("abandoned", point.abandoned), ("other", other)]
        {
            let (bottom, upper) = (down(below / top), down((below + value) / top));
            below += value;
            if value > 0.0 {
                let _ = write!(
                    inside,
                    "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{upper:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                    bottom - upper
                );
            }
        }
        inside += "</g>\n";
    }
    inside += &labels(points.iter().map(|point| point.name.as_str()));
    let names = [
        ("answered", in_language(language, "answered", "atendidas")),
        ("abandoned", in_language(language, "abandoned", "abandonadas")),
        ("other", in_language(language, "otherwise ended", "otras")),
    ];
    let title = in_language(language, "Contacts", "Contactos");
    let most = points.iter().max_by(|one, other| one.offered.total_cmp(&other.offered));
    let about = most.map_or_else(String::new, |most| {
        let (name, offered) = (short(&most.name), plain(most.offered, language));
        match language {
            Language::English => format!("Bars of contacts by time. Most: {offered} at {name}. The table below has all values."),
            Language::Spanish => format!("Barras de contactos por tiempo. El máximo: {offered} en {name}. La tabla de abajo tiene todos los valores."),
        }
    });
    plot(title, &about, &names, &ticks, &inside)
}

/// The figure that fits names, and for agents their occupancy.
pub(crate) fn figures_by_name(report: &Report, names: &[Point]) -> String {
    let language = report.language;
    let contacts =
        |point: &Point| Some(if report.keys.contains(&"contacts") { point.contacts } else { point.offered });
    let (title, class): (&str, &str) = match report.question.of {
        ReportOf::Fairness => return String::new(),
        ReportOf::Agents => {
            (in_language(language, "Offered contacts by agent", "Contactos ofrecidos por agente"), "answered")
        }
        ReportOf::Queues => {
            (in_language(language, "Offered contacts by queue", "Contactos ofrecidos por cola"), "answered")
        }
        ReportOf::Line
        | ReportOf::Trunks
        | ReportOf::Codes
        | ReportOf::Procedures
        | ReportOf::Numbers
        | ReportOf::Callers => {
            (in_language(language, "Contacts by name", "Contactos por nombre"), "answered")
        }
    };
    let mut plots = rows(report, (title, class), names, &contacts, &|number| plain(number, language));
    let share = |share: f64| format!("{:.0} %", share * 100.0);
    if report.question.of == ReportOf::Agents {
        let title = in_language(language, "Occupancy by agent", "Ocupación por agente");
        plots += &rows(report, (title, "other"), names, &Point::occupancy, &share);
    }
    if report.question.of == ReportOf::Queues {
        let title = in_language(language, "Service level by queue", "Nivel de servicio por cola");
        plots += &rows(report, (title, "other"), names, &Point::service_level, &share);
    }
    plots
}

/// One bar for each name, the longest first.
fn rows(
    report: &Report,
    (title, class): (&str, &str),
    names: &[Point],
    value: &dyn Fn(&Point) -> Option<f64>,
    shown: &dyn Fn(f64) -> String,
) -> String {
    let mut bars: Vec<(&str, f64)> =
        names.iter().filter_map(|point| Some((point.name.as_str(), value(point)?))).collect();
    bars.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    bars.truncate(NAMES_MAX);
    let Some(top) = bars.first().map(|bar| bar.1).filter(|top| *top > 0.0) else { return String::new() };
    #[expect(clippy::cast_precision_loss, reason = "a plot has few bars")]
    let height = bars.len() as f64 * ROW + 8.0;
    let id: String = title.chars().filter(char::is_ascii_alphanumeric).collect();
    let about = in_language(
        report.language,
        "Bars by name, the longest first. The table below has all values.",
        "Barras por nombre, la más larga primero. La tabla de abajo tiene todos los valores.",
    );
    let mut svg = format!(
        "<figure class=\"plot\">\n<figcaption><h2>{title}</h2></figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"t{id} d{id}\">\
         <title id=\"t{id}\">{title}</title><desc id=\"d{id}\">{about}</desc>\n",
        title = escaped(title)
    );
    let mut y = 4.0;
    for (name, value) in bars {
        let width = (value / top) * (WIDTH - NAME_WIDTH - 80.0);
        let _ = writeln!(
            svg,
            "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{class}\" x=\"{NAME_WIDTH}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>\
             <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            NAME_WIDTH - 8.0,
            y + 14.0,
            escaped(&cut(name)),
            ROW - 6.0,
            NAME_WIDTH + width + 6.0,
            y + 14.0,
            shown(value)
        );
        y += ROW;
    }
    svg + "</svg>\n</figure>\n"
}

/// A name that fits beside its bar.
fn cut(name: &str) -> String {
    const SIGNS_MAX: usize = 26;
    if name.chars().count() <= SIGNS_MAX {
        return name.to_owned();
    }
    name.chars().take(SIGNS_MAX - 1).chain(['…']).collect()
}

/// A number with a fraction only where it has one.
pub(crate) fn plain(number: f64, language: Language) -> String {
    if (number - number.round()).abs() < 0.005 {
        format!("{number:.0}")
    } else {
        local(&format!("{number:.1}"), language)
    }
}
