//! Reports, as `turno report` makes them.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use serde::Deserialize;
use turno_access::{Deed, View};
use turno_history::report::{Cell, Question, Report};
use turno_model::plan::{ReportBy, ReportFormat, ReportOf};
use turno_reports::{Form, file_name, render};
use utoipa::IntoParams;

use crate::problem::{Kind, Problem};
use crate::routes::history::read;
use crate::state::Api;
use crate::who::Who;

/// Most days of a report: ten years and a day.
const DAYS_MAX: i32 = 3_653;

/// Which report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The first day at the site, such as `2026-11-24`.
    #[param(format = Date)]
    from: String,
    /// The last day, counted in; that of `from` where it is not said.
    #[param(format = Date)]
    to: Option<String>,
    /// `line`, `queues` (if nothing is said), `agents`, `fairness`, `trunks`, `codes`, `numbers` or `callers`.
    #[param(pattern = "^(line|queues|agents|fairness|trunks|codes|numbers|callers)$")]
    of: Option<String>,
    /// `half-hour`, `hour`, `day` (if nothing is said), `week`, `month` or `whole`.
    #[param(pattern = "^(half-hour|hour|day|week|month|whole)$")]
    by: Option<String>,
    /// `json` (if nothing is said), `csv`, `html` or `xlsx`.
    #[param(pattern = "^(json|csv|html|xlsx)$")]
    format: Option<String>,
}

/// Figures by time and group. Who has some of the queues gets the report of queues, with theirs. The language of heads and pages is that of
/// `Accept-Language`.
#[utoipa::path(get, path = "/api/v1/reports", tag = "history", params(Which), responses(
    (status = 200, description = "the report", content((Vec<Object> = "application/json"), (String = "text/csv"), (String = "text/html"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 304), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no history is kept"), (status = 503, body = Problem)))]
pub(crate) async fn report(
    State(api): State<Arc<Api>>,
    who: Who,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(which) = which.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let (question, format) = asked(&which)?;
    let view = if question.of == ReportOf::Callers { View::Numbers } else { View::Reports };
    who.may(&api, &Deed::See(view), which.of.as_deref().unwrap_or("queues")).await?;
    if who.principal.scope.queues.is_some() && question.of != ReportOf::Queues {
        return Err(Problem::new(
            Kind::Denied,
            "this report is of the whole site, and you have some of the queues",
        ));
    }
    let (plan, language) = (api.site.plan(), who.language);
    let made = read(&api, move |sql| Report::read(sql, &question, &plan, language)).await?;
    let mut report = made.map_err(|failure| {
        tracing::warn!(%failure, "a report can't be made for the API");
        Problem::new(Kind::Busy, "the history can't be read now; the log has the reason. Try again")
    })?;
    let report = api.off(move |site| {
        report.name_procedures(|code| site.procedure_of_code(code));
        report
    });
    let mut report = report.await?;
    leave_own(&mut report, |queue| who.principal.sees_queue(queue));
    let form = Form::from(format);
    let rendered = api.off(move |_| (render(&report, form), file_name(&report, form))).await?;
    let (Ok(bytes), name) = rendered else {
        return Err(Problem::new(Kind::BadRequest, "a workbook can't have so many rows; ask for fewer days"));
    };
    answer(format, &name, bytes)
}

/// Rows of other queues, and all together, are not for who has some of them.
fn leave_own(report: &mut Report, sees: impl Fn(&str) -> bool) {
    let Some(place) = report.keys.iter().position(|key| *key == "queue") else { return };
    let is_own = |row: &Vec<Cell>| matches!(row.get(place), Some(Cell::Text(queue)) if sees(queue));
    let before = report.rows.len();
    report.rows.retain(is_own);
    if report.rows.len() < before {
        report.total = None;
    }
}

fn asked(which: &Which) -> Result<(Question, ReportFormat), Problem> {
    let from = day(&which.from)?;
    let to = which.to.as_deref().map_or(Ok(from), day)?;
    let days = from.until(to).map_or(-1, |span| span.get_days());
    if !(0..DAYS_MAX).contains(&days) {
        return Err(Problem::new(
            Kind::BadRequest,
            "the first day comes before the last one, at most ten years",
        ));
    }
    let question = Question {
        from,
        to,
        of: word("of", which.of.as_deref().unwrap_or("queues"), &ReportOf::WORDS)?,
        by: word("by", which.by.as_deref().unwrap_or("day"), &ReportBy::WORDS)?,
    };
    Ok((question, word("format", which.format.as_deref().unwrap_or("json"), &ReportFormat::WORDS)?))
}

fn day(text: &str) -> Result<Date, Problem> {
    let day = text.parse().ok().filter(|_| text.len() == "2026-11-24".len());
    day.ok_or_else(|| Problem::new(Kind::BadRequest, "a day is written as 2026-11-24"))
}

fn word<T: Copy>(name: &str, text: &str, words: &[(&str, T)]) -> Result<T, Problem> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Problem::new(Kind::BadRequest, format!("`{name}` is one of {}", known.join(", ")))
    })
}

fn answer(format: ReportFormat, name: &str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let (kind, is_file) = match format {
        ReportFormat::Json => ("application/json", false),
        ReportFormat::Html => ("text/html; charset=utf-8", false),
        ReportFormat::Csv => ("text/csv; charset=utf-8", true),
        ReportFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true),
    };
    let mut response = (StatusCode::OK, bytes).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if format == ReportFormat::Html {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if is_file {
        let told = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        let told = told.map_err(|_| Problem::new(Kind::Busy, "an answer can't be written"))?;
        response.headers_mut().insert(CONTENT_DISPOSITION, told);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use turno_model::Language;

    use super::*;

    #[test]
    fn who_has_some_of_the_queues_gets_their_rows_and_no_total() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let question = Question {
            from: "2026-11-24".parse().expect("a day"),
            to: "2026-11-24".parse().expect("a day"),
            of: ReportOf::Queues,
            by: ReportBy::Whole,
        };
        let mut report = Report {
            question,
            site: "site".into(),
            currency: None,
            language: Language::English,
            keys: vec!["queue", "offered"],
            heads: vec!["queue", "offered"],
            names: 1,
            rows: vec![vec![text("luae"), Cell::Count(1)], vec![text("general"), Cell::Count(2)]],
            total: Some(vec![text(""), Cell::Count(3)]),
        };
        leave_own(&mut report, |_| true);
        assert_eq!((report.rows.len(), report.total.is_some()), (2, true));
        leave_own(&mut report, |queue| queue == "luae");
        assert_eq!((report.rows.len(), report.total), (1, None));
    }
}
