//! The history: rows of its views, in pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json_};
use turno_access::{Deed, View};
use turno_history::page::{NUMBER_COLUMNS, NoPage, Page, PageAsk, page};
use turno_history::store::Sql;
use turno_history::{Failure, Value};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Kind, Problem};
use crate::site::NoHistory;
use crate::state::Api;
use crate::who::Who;

/// Rows of a page where nobody says how many.
const PAGE: u32 = 100;

/// Most rows of a page.
const PAGE_MAX: u32 = 1_000;

/// Longest cursor.
const CURSOR_CHARS_MAX: usize = 1_024;

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The first day at the site, such as `2026-11-24`.
    #[param(format = Date)]
    from: Option<String>,
    /// The last day, counted in.
    #[param(format = Date)]
    to: Option<String>,
    /// Only rows of this queue.
    queue: Option<String>,
    /// Only rows of this agent, by the name in the plan.
    agent: Option<String>,
    /// Only rows of this contact.
    contact: Option<i64>,
    /// The `next` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
    /// The latest rows first.
    latest: Option<bool>,
    /// How many rows, 100 where it is not said.
    #[param(minimum = 1, maximum = 1_000)]
    most: Option<u32>,
}

/// A page of rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Rows {
    /// The rows: each column of the view with its value. Names that end in `_us` are microseconds since 1970 (UTC), in `_ms`
    /// milliseconds.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Json_>>,
    /// The `after` of the next page, if there is one.
    next: Option<String>,
}

/// Rows of a view of the history, such as `v_contact` or `v_interval_queue`. Readers see the half hours, supervisors all views, and who
/// has some of the queues those views that have a queue.
#[utoipa::path(get, path = "/api/v1/history/{view}", tag = "history",
    params(("view" = String, Path, description = "the view's name"), Which), responses(
    (status = 200, body = Rows), (status = 304), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem, description = "no such view, or no history is kept"),
    (status = 503, body = Problem)))]
pub(crate) async fn rows(
    State(api): State<Arc<Api>>,
    who: Who,
    view: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Rows>, Problem> {
    let Path(view) = view.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let Query(which) = which.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    who.may(&api, &Deed::See(right_for(&view)), &view).await?;
    let ask = asked(view, which, who.principal.scope.queues.clone())?;
    let is_latest_first = ask.is_latest_first;
    let sees_numbers = who.principal.may(&Deed::See(View::Numbers)).is_ok();
    let read = read(&api, move |sql| page(sql, &ask)).await?;
    let Page { columns, rows, next } = read.map_err(problem)?;
    let rows = rows.into_iter().map(|row| {
        let cells = columns.iter().zip(row);
        cells.map(|(column, value)| (column.name.clone(), shown(&column.name, value, sees_numbers))).collect()
    });
    Ok(Json(Rows { rows: rows.collect(), next: next.map(|next| cursor_of(&next, is_latest_first)) }))
}

/// Reads the history off the runtime's threads.
pub(crate) async fn read<T: Send + 'static>(
    api: &Api,
    mut work: impl FnMut(&mut dyn Sql) -> T + Send + 'static,
) -> Result<T, Problem> {
    let read = api.in_turn(move |site| {
        let mut found = None;
        let done = site.read_history(&mut |sql| {
            found = Some(work(sql));
            Ok(())
        });
        done.map(|()| found)
    });
    match read.await? {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(failed(&Failure::Gone("nothing was read".to_owned()))),
        Err(NoHistory::Off) => {
            Err(Problem::new(Kind::NotFound, "no history is kept here: [history] of the plan"))
        }
        Err(NoHistory::Failed(failure)) => Err(failed(&failure)),
    }
}

fn failed(failure: &Failure) -> Problem {
    tracing::warn!(%failure, "the history can't be read for the API");
    Problem::new(Kind::Busy, "the history can't be read now; the log has the reason. Try again")
}

fn problem(why: NoPage) -> Problem {
    match why {
        NoPage::NoView => Problem::new(Kind::NotFound, "there is no such view; HISTORY.md lists them"),
        NoPage::NoColumn(name) if name == "queue" => Problem::new(
            Kind::Denied,
            "this view is of the whole site, and you have some of the queues; or it has no queue to ask by",
        ),
        NoPage::NoColumn(name) => {
            Problem::new(Kind::BadRequest, format!("this view has no `{name}`, so it can't be asked by it"))
        }
        NoPage::NotAfter => Problem::new(Kind::BadRequest, "`after` is the `next` of a page of this view"),
        NoPage::Failed(failure) => failed(&failure),
    }
}

/// Half hours are reports; the rest is about contacts.
fn right_for(view: &str) -> View {
    match view {
        "v_interval_queue" | "v_interval_agent" | "v_interval_aux" => View::Reports,
        "v_recording" => View::Recordings,
        _ => View::Contacts,
    }
}

fn asked(view: String, which: Which, queues: Option<Vec<String>>) -> Result<PageAsk, Problem> {
    let Which { from, to, queue, agent, contact, after, latest, most } = which;
    for day in [&from, &to].into_iter().flatten() {
        if day.parse::<jiff::civil::Date>().is_err() || day.len() != "2026-11-24".len() {
            return Err(Problem::new(Kind::BadRequest, "a day is written as 2026-11-24"));
        }
    }
    let most = most.unwrap_or(PAGE);
    if most == 0 || most > PAGE_MAX {
        return Err(Problem::new(Kind::BadRequest, format!("a page has 1 to {PAGE_MAX} rows")));
    }
    let mut only = Vec::new();
    if let Some(queue) = queue {
        only.push((turno_history::page::queue_column(&view).unwrap_or("queue"), Value::Text(queue)));
    }
    only.extend(agent.map(|agent| ("agent", Value::Text(agent))));
    only.extend(contact.map(|contact| ("contact", Value::Int(contact))));
    let is_latest_first = latest.unwrap_or(false);
    let after = match after {
        None => None,
        Some(text) => {
            let (after, was_latest_first) = values_of(&text)
                .ok_or_else(|| Problem::new(Kind::BadRequest, "`after` is the `next` of a page"))?;
            if was_latest_first != is_latest_first {
                return Err(Problem::new(Kind::BadRequest, "`after` is of the other order"));
            }
            Some(after)
        }
    };
    Ok(PageAsk { view, from, to, only, queues, after, is_latest_first, most })
}

fn shown(name: &str, value: Value, sees_numbers: bool) -> Json_ {
    match value {
        Value::Null => Json_::Null,
        Value::Int(number) => number.into(),
        Value::Text(text) if !sees_numbers && NUMBER_COLUMNS.contains(&name) => {
            let skipped = text.chars().count().saturating_sub(2);
            format!("*{}", text.chars().skip(skipped).collect::<String>()).into()
        }
        Value::Text(text) => text.into(),
    }
}

/// A cursor: the order, and the values that the next page comes after.
fn cursor_of(values: &[Value], is_latest_first: bool) -> String {
    let values = values.iter().map(|value| match value {
        Value::Null => Json_::Null,
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    });
    let all: Vec<Json_> = core::iter::once(Json_::from(is_latest_first)).chain(values).collect();
    URL_SAFE_NO_PAD.encode(Json_::from(all).to_string())
}

fn values_of(cursor: &str) -> Option<(Vec<Value>, bool)> {
    if cursor.len() > CURSOR_CHARS_MAX {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let all: Vec<Json_> = serde_json::from_slice(&bytes).ok()?;
    let (order, values) = all.split_first()?;
    let values = values.iter().map(|value| match value {
        Json_::String(text) => Some(Value::Text(text.clone())),
        Json_::Number(number) => number.as_i64().map(Value::Int),
        Json_::Null | Json_::Bool(_) | Json_::Array(_) | Json_::Object(_) => None,
    });
    Some((values.collect::<Option<_>>()?, order.as_bool()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_a_foreign_one_is_none() {
        let values = vec![Value::Int(7), Value::Text("luae".into())];
        assert_eq!(values_of(&cursor_of(&values, true)), Some((values, true)));
        for foreign in ["", "x", "bnVsbA", "W10", "WzEsMl0", "W3RydWUsW11d", &"W".repeat(2_000)] {
            assert_eq!(values_of(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_number_is_cut_for_who_may_not_see_it() {
        assert_eq!(shown("caller", Value::Text("0991234567".into()), false), "*67");
        assert_eq!(shown("caller", Value::Text("0991234567".into()), true), "0991234567");
        assert_eq!(shown("number", Value::Int(4), false), 4);
    }
}
