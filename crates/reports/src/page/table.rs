//! The tables of the page: a block of columns each, with the times and names before them.

use core::fmt::Write as _;

use turno_history::report::{Cell, Report};
use turno_model::Language;
use turno_model::plan::ReportOf;

use crate::amount::{has_value, shown};
use crate::page::blocks::{BLOCKS, Block};
use crate::page::escape::escaped;
use crate::words::in_language;

/// Rows of a table, at most: a page with more is read by nobody.
const ROWS_MAX: usize = 2_000;

/// Every table that has anything to show.
pub(crate) fn tables(report: &Report) -> String {
    let more = report.rows.len().saturating_sub(ROWS_MAX);
    let note = (more > 0).then(|| match report.language {
        Language::English => {
            format!("<p class=\"note\">The first {ROWS_MAX} rows; {more} more are in CSV, JSON and the workbook.</p>\n")
        }
        Language::Spanish => {
            format!("<p class=\"note\">Las primeras {ROWS_MAX} filas; hay {more} más en CSV, JSON y el libro de cálculo.</p>\n")
        }
    });
    let blocks = BLOCKS.iter().filter_map(|block| table(report, block));
    note.into_iter().chain(blocks).collect()
}

/// A block's table; `None` if all its values are nothing.
fn table(report: &Report, (english, spanish, keys): &Block) -> Option<String> {
    let is_of_agents = report.question.of == ReportOf::Agents;
    // Offers of agents have a block of their own.
    let keys = keys.iter().filter(|key| !is_of_agents || !is_elsewhere(english, key));
    let columns: Vec<usize> =
        keys.filter_map(|key| report.keys.iter().position(|known| known == key)).collect();
    let is_something = |row: &Vec<Cell>| columns.iter().any(|column| row.get(*column).is_some_and(has_value));
    if !report.rows.iter().any(is_something) || (*english == "Offers" && !is_of_agents) {
        return None;
    }
    let title = in_language(report.language, english, spanish);
    let mut html = format!("<section class=\"figures\">\n<h2>{title}</h2>\n<table>\n<thead><tr>");
    let names = report.heads.iter().take(report.names);
    let figures = columns.iter().filter_map(|column| report.heads.get(*column));
    for head in names {
        let _ = write!(html, "<th scope=\"col\" class=\"name\">{}</th>", escaped(head));
    }
    for head in figures {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escaped(head));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in report.rows.iter().take(ROWS_MAX) {
        html += &line(report, row, &columns, None);
    }
    html += "</tbody>\n";
    if let Some(total) = report.total.as_ref().filter(|_| report.rows.len() > 1) {
        let all = in_language(report.language, "all", "total");
        let _ = write!(html, "<tfoot>\n{}</tfoot>\n", line(report, total, &columns, Some(all)));
    }
    Some(html + "</table>\n</section>\n")
}

/// Columns that agents have in another block.
fn is_elsewhere(block: &str, key: &str) -> bool {
    match key {
        "offered" | "answered" => block != "Offers",
        "occupancy" => block != "Time of agents",
        _ => false,
    }
}

fn line(report: &Report, row: &[Cell], columns: &[usize], all: Option<&str>) -> String {
    let mut html = "<tr>".to_owned();
    for (place, cell) in row.iter().take(report.names).enumerate() {
        let text = all.filter(|_| place == 0).map_or_else(|| shown(cell, report.language), str::to_owned);
        let _ = write!(html, "<th scope=\"row\">{}</th>", escaped(&text));
    }
    for cell in columns.iter().filter_map(|column| row.get(*column)) {
        let _ = write!(html, "<td>{}</td>", escaped(&shown(cell, report.language)));
    }
    html + "</tr>\n"
}
