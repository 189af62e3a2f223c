//! A report as people and programs read it.

use core::time::Duration;

use turno_history::report::{Cell, Question, Report};
use turno_model::plan::{ReportBy, ReportOf};

use super::*;

/// Two queues, one with a name that a spreadsheet would calculate and a page would show as a tag.
pub(crate) fn report() -> Report {
    let row = |name: &str, offered, share, span: u64| {
        vec![
            Cell::Text(name.to_owned()),
            Cell::Count(offered),
            Cell::Share(share),
            Cell::Span(Some(Duration::from_secs(span))),
            Cell::Mean(None),
        ]
    };
    let day = jiff::civil::date(2026, 11, 23);
    Report {
        question: Question { from: day, to: day, of: ReportOf::Queues, by: ReportBy::Whole },
        site: "quito".to_owned(),
        currency: None,
        language: Language::Spanish,
        keys: vec!["queue", "offered", "service_level", "asa", "survey"],
        heads: vec!["cola", "ofrecidas", "nivel de servicio", "espera media", "encuesta"],
        names: 1,
        rows: vec![row("=luae, \"x\"", 17, Some(0.764_705), 8), row("<b>&", 1, None, 31_207)],
        total: Some(row("", 18, Some(0.7), 9)),
    }
}

#[test]
fn people_read_aligned_columns_and_all_together() {
    let lines: Vec<String> = as_table(&report()).lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "cola        ofrecidas  nivel de servicio  espera media  encuesta");
    assert_eq!(lines[1], "=luae, \"x\"         17             76,5 %          0:08         -");
    assert_eq!(lines[2], "<b>&                1                  -       8:40:07         -");
    assert_eq!(lines[3], "total              18             70,0 %          0:09         -");
}

#[test]
fn programs_read_csv_that_no_spreadsheet_takes_for_a_formula_and_json() {
    let csv: Vec<String> = as_csv(&report()).split("\r\n").map(str::to_owned).collect();
    assert_eq!(csv[0], "queue,offered,service_level,asa,survey");
    assert_eq!(csv[1], "\"'=luae, \"\"x\"\"\",17,0.7647,8.0,");
    assert_eq!(csv[2], "<b>&,1,,31207.0,");
    let json: Value = serde_json::from_str(&as_json(&report())).expect("JSON");
    assert_eq!(
        json[1],
        json!({ "queue": "<b>&", "offered": 1, "service_level": null, "asa": 31207.0, "survey": null })
    );
}
