//! The forms of a report.

use core::time::Duration;

use serde_json::{Map, Value, json};
use turno_history::report::{Cell, Report};
use turno_model::Language;

/// Aligned columns for people, with all together in the last line.
pub(crate) fn as_table(report: &Report, language: Language) -> String {
    let all = match language {
        Language::English => "all",
        Language::Spanish => "total",
    };
    let mut lines: Vec<Vec<String>> = vec![report.heads.iter().map(|head| (*head).to_owned()).collect()];
    lines.extend(report.rows.iter().map(|row| row.iter().map(shown).collect()));
    if let Some(total) = report.total.as_ref().filter(|_| report.rows.len() > 1) {
        let mut line: Vec<String> = total.iter().map(shown).collect();
        if let Some(first) = line.first_mut().filter(|first| first.is_empty()) {
            all.clone_into(first);
        }
        lines.push(line);
    }
    let is_text =
        |column: usize| report.rows.iter().any(|row| matches!(row.get(column), Some(Cell::Text(_))));
    let widths: Vec<usize> = (0..report.heads.len())
        .map(|column| {
            lines.iter().filter_map(|line| Some(line.get(column)?.chars().count())).max().unwrap_or(0)
        })
        .collect();
    let aligned = lines.iter().map(|line| {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if is_text(column) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
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

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Count(number) => number.to_string(),
        Cell::Share(share) => share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0)),
        Cell::Span(span) => span.map_or_else(|| "-".to_owned(), clock),
        Cell::Mean(mean) => mean.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.2}")),
    }
}

/// `0:07`, `3:05`, `8:40:00`.
fn clock(span: Duration) -> String {
    let seconds = (span + Duration::from_millis(500)).as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
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
    }
}

fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let row = |name: &str, offered, share, span: u64| {
            vec![
                Cell::Text(name.to_owned()),
                Cell::Count(offered),
                Cell::Share(share),
                Cell::Span(Some(Duration::from_secs(span))),
                Cell::Mean(None),
            ]
        };
        Report {
            keys: vec!["queue", "offered", "service_level", "asa", "survey"],
            heads: vec!["cola", "ofrecidas", "nivel de servicio", "espera media", "encuesta"],
            rows: vec![row("=luae, \"x\"", 17, Some(0.764_705), 8), row("general", 1, None, 31_207)],
            total: Some(row("", 18, Some(0.7), 9)),
        }
    }

    #[test]
    fn people_read_aligned_columns_and_all_together() {
        let lines: Vec<String> = as_table(&report(), Language::Spanish).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "cola        ofrecidas  nivel de servicio  espera media  encuesta");
        assert_eq!(lines[1], "=luae, \"x\"         17             76.5 %          0:08         -");
        assert_eq!(lines[2], "general             1                  -       8:40:07         -");
        assert_eq!(lines[3], "total              18             70.0 %          0:09         -");
    }

    #[test]
    fn programs_read_csv_that_no_spreadsheet_takes_for_a_formula_and_json() {
        let csv: Vec<String> = as_csv(&report()).split("\r\n").map(str::to_owned).collect();
        assert_eq!(csv[0], "queue,offered,service_level,asa,survey");
        assert_eq!(csv[1], "\"'=luae, \"\"x\"\"\",17,0.7647,8.0,");
        assert_eq!(csv[2], "general,1,,31207.0,");
        let json: Value = serde_json::from_str(&as_json(&report())).expect("JSON");
        assert_eq!(
            json[1],
            json!({ "queue": "general", "offered": 1, "service_level": null, "asa": 31207.0, "survey": null })
        );
    }
}
