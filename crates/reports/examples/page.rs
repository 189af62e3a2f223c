//! Writes a report of an SQLite history: `page SITE HISTORY OF BY FROM TO FORM LANGUAGE FILE`.

use std::path::Path;

use turno_history::SqliteStore;
use turno_history::report::{self, Question};
use turno_model::Language;
use turno_model::plan::{ReportBy, ReportFormat, ReportOf, Tariff};
use turno_reports::render;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [site, history, of, by, from, to, form, language, file] = words.as_slice() else {
        panic!("page SITE HISTORY OF BY FROM TO FORM LANGUAGE FILE")
    };
    let (mut plan, _) = turno_config::load(Path::new(site)).unwrap_or_else(|refused| panic!("{refused}"));
    plan.reports.tariffs.push(Tariff {
        number: None,
        currency: "USD".to_owned(),
        minute_micros: 45_000,
        first: core::time::Duration::from_secs(60),
        step: core::time::Duration::from_secs(6),
    });
    let question = Question {
        from: from.parse().expect("a day"),
        to: to.parse().expect("a day"),
        of: one_of(of, &ReportOf::WORDS),
        by: one_of(by, &ReportBy::WORDS),
    };
    let language = if language == "es" { Language::Spanish } else { Language::English };
    let mut store = SqliteStore::new(Path::new(history), core::time::Duration::from_secs(5));
    let report = report::make(&mut store, &question, &plan, language).expect("a report");
    let bytes = render(&report, one_of(form, &ReportFormat::WORDS).into()).expect("its form");
    std::fs::write(file, bytes).expect("a file");
}

fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> T {
    words.iter().find(|(word, _)| *word == text).map_or_else(|| panic!("no such word: {text}"), |(_, it)| *it)
}
