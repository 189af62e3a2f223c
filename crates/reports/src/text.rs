//! A report as text: aligned columns, CSV, JSON.

use serde_json::{Map, Value, json};
use turno_history::report::{Cell, Report};
use turno_model::Language;

use crate::amount::shown;

/// Aligned columns for people, with all together in the last line.
pub fn as_table(report: &Report) -> String {
    let all = match report.language {
        Language::English => "all",
        Language::Spanish => "total",
    };
    let shown = |cell: &Cell| shown(cell, report.language);
    let mut lines: Vec<Vec<String>> = vec![report.heads.iter().map(|head| (*head).to_owned()).collect()];
    lines.extend(report.rows.iter().map(|row| row.iter().map(shown).collect()));
    if let Some(total) = report.total.as_ref().filter(|_| report.rows.len() > 1) {
        let mut line: Vec<String> = total.iter().map(shown).collect();
        if let Some(first) = line.first_mut().filter(|first| first.is_empty()) {
            all.clone_into(first);
        }
        lines.push(line);
    }
    let widths: Vec<usize> = (0..report.heads.len())
        .map(|column| {
            lines.iter().filter_map(|line| Some(line.get(column)?.chars().count())).max().unwrap_or(0)
        })
        .collect();
    let aligned = lines.iter().map(|line| {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column < report.names { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    aligned.collect::<Vec<_>>().join("\n")
}

/// RFC 4180, with a line of names.
pub(crate) fn as_csv(report: &Report) -> String {
    let head = report.keys.join(",");
    let rows = report.rows.iter().map(|row| row.iter().map(plain).collect::<Vec<_>>().join(","));
    core::iter::once(head).chain(rows).collect::<Vec<_>>().join("\r\n")
}

/// A list of objects.
pub(crate) fn as_json(report: &Report) -> String {
    let object = |row: &Vec<Cell>| {
        let fields = report.keys.iter().zip(row).map(|(key, cell)| ((*key).to_owned(), value(cell)));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    let rows: Vec<Value> = report.rows.iter().map(object).collect();
    serde_json::to_string_pretty(&rows).unwrap_or_default()
}

fn plain(cell: &Cell) -> String {
    match value(cell) {
        Value::String(text) => quoted(&text),
        Value::Null => String::new(),
        number @ (Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            number.to_string()
        }
    }
}

/// In quotes where a comma, a quote or a line's end needs it. A name that a spreadsheet would take for a formula gets an
/// apostrophe.
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    let needs_quotes = text.contains([',', '"', '\n', '\r']);
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(number) => json!(number),
        Cell::Share(share) => share.map_or(Value::Null, |share| json!(rounded(share, 10_000.0))),
        Cell::Span(span) => span.map_or(Value::Null, |span| json!(rounded(span.as_secs_f64(), 1_000.0))),
        Cell::Mean(mean) => mean.map_or(Value::Null, |mean| json!(rounded(mean, 1_000.0))),
        Cell::Money(amount) => json!(rounded(*amount, 10_000.0)),
    }
}

fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

#[cfg(test)]
#[path = "text_tests.rs"]
pub(crate) mod tests;
