//! Scales, labels and the frame of a plot.

use core::fmt::Write as _;

use crate::page::escape::escaped;

/// The area of a plot, in its own units.
pub(crate) const WIDTH: f64 = 900.0;
pub(crate) const HEIGHT: f64 = 220.0;
pub(crate) const LEFT: f64 = 56.0;
pub(crate) const RIGHT: f64 = 12.0;
pub(crate) const TOP: f64 = 14.0;
pub(crate) const BOTTOM: f64 = 34.0;

/// Labels below a plot, at most.
const LABELS_MAX: usize = 9;

/// The least round number that is not below this: 1, 2 or 5 times a power of ten.
pub(crate) fn round_up(number: f64) -> f64 {
    if number <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(number.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|it| *it >= number).unwrap_or(10.0 * power)
}

/// A place from left to right, for the middle of one of `count` columns.
#[expect(clippy::cast_precision_loss, reason = "a plot has few columns")]
pub(crate) fn across(place: usize, count: usize) -> f64 {
    LEFT + (place as f64 + 0.5) * (WIDTH - LEFT - RIGHT) / count.max(1) as f64
}

/// A place from top to bottom, for a share of the largest value.
pub(crate) fn down(share: f64) -> f64 {
    TOP + (1.0 - share.clamp(0.0, 1.0)) * (HEIGHT - TOP - BOTTOM)
}

/// A plot with its title, a text for those who do not see it, and lines across at four values.
pub(crate) fn plot(
    title: &str,
    about: &str,
    legend: &[(&str, &str)],
    ticks: &[(f64, String)],
    inside: &str,
) -> String {
    let id: String = title.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut svg = format!(
        "<figure class=\"plot\">\n<figcaption><h2>{title}</h2>{}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"t{id} d{id}\">\
         <title id=\"t{id}\">{title}</title><desc id=\"d{id}\">{about}</desc>\n",
        legend_of(legend),
        title = escaped(title),
        about = escaped(about)
    );
    for (share, label) in ticks {
        let (y, right) = (down(*share), WIDTH - RIGHT);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            y + 4.0,
            escaped(label)
        );
    }
    svg + inside + "</svg>\n</figure>\n"
}

fn legend_of(legend: &[(&str, &str)]) -> String {
    let item = |(class, name): &(&str, &str)| {
        format!(
            "<li><svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg>{}</li>",
            escaped(name)
        )
    };
    if legend.is_empty() {
        return String::new();
    }
    format!("<ul class=\"legend\">{}</ul>", legend.iter().map(item).collect::<String>())
}

/// Some of the names below the columns.
pub(crate) fn labels<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    let every = count.div_ceil(LABELS_MAX).max(1);
    let label = |(place, name): (usize, &str)| {
        format!(
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
            across(place, count),
            HEIGHT - BOTTOM + 18.0,
            escaped(&short(name))
        )
    };
    names.enumerate().filter(|(place, _)| place % every == 0).map(label).collect()
}

/// A time without its year and its distance to UTC.
pub(crate) fn short(name: &str) -> String {
    let without = name.get(..16).filter(|_| name.len() > 16).unwrap_or(name);
    match without.get(5..) {
        Some(rest) if without.len() >= 10 => rest.to_owned(),
        Some(_) | None => without.to_owned(),
    }
}
