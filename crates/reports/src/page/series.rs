//! Figures of a report added up by time or by name: counts in sum, ratios by their weights.

use std::collections::BTreeMap;

use turno_history::report::{Cell, Report};

/// Figures of one time or name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Point {
    /// Its time or name.
    pub(crate) name: String,
    pub(crate) offered: f64,
    pub(crate) answered: f64,
    pub(crate) abandoned: f64,
    pub(crate) contacts: f64,
    /// In time of the offered ones, and its weight.
    in_time: f64,
    /// Waits of answered ones in seconds, in sum.
    waited: f64,
    occupied: f64,
    ready: f64,
}

impl Point {
    /// The service level (Avaya).
    pub(crate) fn service_level(&self) -> Option<f64> {
        (self.offered > 0.0).then(|| self.in_time / self.offered)
    }

    /// The average speed of answer in seconds.
    pub(crate) fn asa(&self) -> Option<f64> {
        (self.answered > 0.0).then(|| self.waited / self.answered)
    }

    /// The occupancy.
    pub(crate) fn occupancy(&self) -> Option<f64> {
        (self.ready > 0.0).then(|| self.occupied / self.ready)
    }

    /// Adds another one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.contacts += other.contacts;
        self.in_time += other.in_time;
        self.waited += other.waited;
        self.occupied += other.occupied;
        self.ready += other.ready;
    }
}

/// The value of a column in a row as a number: seconds, a share, a count.
pub(crate) fn number(report: &Report, row: &[Cell], key: &str) -> Option<f64> {
    let place = report.keys.iter().position(|known| *known == key)?;
    match row.get(place)? {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        Cell::Count(count) => Some(*count as f64),
        Cell::Share(share) | Cell::Mean(share) => *share,
        Cell::Span(span) => span.map(|span| span.as_secs_f64()),
        Cell::Money(amount) => Some(*amount),
        Cell::Text(_) => None,
    }
}

/// The text of a column in a row.
pub(crate) fn text<'a>(report: &Report, row: &'a [Cell], key: &str) -> Option<&'a str> {
    let place = report.keys.iter().position(|known| *known == key)?;
    match row.get(place)? {
        Cell::Text(text) => Some(text),
        Cell::Count(_) | Cell::Share(_) | Cell::Span(_) | Cell::Mean(_) | Cell::Money(_) => None,
    }
}

/// Each time in the order of the rows; nothing where the report has none.
pub(crate) fn by_time(report: &Report) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for row in &report.rows {
        let Some(time) = text(report, row, "time") else { return Vec::new() };
        let point = point(report, row, time);
        match points.last_mut() {
            Some(last) if last.name == time => last.add(&point),
            Some(_) | None => points.push(point),
        }
    }
    points
}

/// Each name; nothing where the report has none.
pub(crate) fn by_name(report: &Report) -> Vec<Point> {
    let mut points: BTreeMap<&str, Point> = BTreeMap::new();
    let Some(key) =
        report.keys.get(..report.names).and_then(|keys| keys.last()).filter(|key| **key != "time")
    else {
        return Vec::new();
    };
    for row in &report.rows {
        let Some(name) = text(report, row, key) else { continue };
        let point = point(report, row, name);
        points.entry(name).and_modify(|sum| sum.add(&point)).or_insert(point);
    }
    points.into_values().collect()
}

fn point(report: &Report, row: &[Cell], name: &str) -> Point {
    let of = |key: &str| number(report, row, key).unwrap_or_default();
    let (offered, answered) = (of("offered"), of("answered"));
    let ready = of("staffed") - of("aux");
    Point {
        name: name.to_owned(),
        offered,
        answered,
        abandoned: of("abandoned"),
        contacts: of("contacts"),
        in_time: of("service_level") * offered,
        waited: of("asa") * answered,
        occupied: of("occupancy") * ready,
        ready,
    }
}
