//! The page as a browser reads it.

use turno_history::report::Cell;
use turno_model::plan::ReportBy;

use super::*;
use crate::text::tests::report;

#[test]
fn names_can_write_nothing_into_the_page() {
    // Bad input: a queue or a caller whose name is a tag.
    let mut report = report();
    report.site = "<script>alert(1)</script>".to_owned();
    let page = page(&report);
    assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;b&gt;&amp;") && page.contains("=luae, &quot;x&quot;"));
}

#[test]
fn the_policy_allows_nothing_but_the_pages_own_style() {
    let page = page(&report());
    let policy = page.split("content=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"));
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(policy.contains(&hash), "a browser would take no style");
    for word in ["style=", "onload", "http://", "https://", "<img", "<link", "url("] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn a_report_by_time_has_plots_that_say_what_they_show() {
    let mut report = report();
    report.question.by = ReportBy::HalfHour;
    report.keys = vec!["time", "offered", "answered", "abandoned", "service_level", "asa"];
    report.heads = vec!["tiempo", "ofrecidas", "atendidas", "abandonadas", "NS", "ASA"];
    report.rows = (0..4)
        .map(|place| {
            vec![
                Cell::Text(format!("2026-11-{:02} 0{}:00 -05:00", 23 + place % 2, 8 + place / 2)),
                Cell::Count(10),
                Cell::Count(8),
                Cell::Count(2),
                Cell::Share(Some(0.5)),
                Cell::Span(None),
            ]
        })
        .collect();
    let page = page(&report);
    assert_eq!(page.matches("<svg viewBox=\"0 0 900").count(), 3, "contacts, service level, ASA");
    assert_eq!(page.matches("<desc").count(), 3);
    assert!(
        page.contains("Contactos por día de la semana y hora") && page.contains("<th scope=\"col\">lun</th>")
    );
    assert!(page.contains("lang=\"es\""));
}

#[test]
fn a_report_without_rows_is_a_page_too() {
    let mut report = report();
    (report.rows, report.total) = (Vec::new(), None);
    let page = page(&report);
    assert!(page.contains("</html>") && !page.contains("NaN") && !page.contains("inf"));
}
