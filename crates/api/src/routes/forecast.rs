//! What the next hour brings, by the same hour of the last four weeks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use turno_access::View;
use turno_history::store::Sql;
use turno_history::{Failure, Value};
use turno_model::Plan;

use crate::problem::{Kind, Problem};
use crate::routes::history::read;
use crate::routes::sharing::{Expected, needed, share};
use crate::state::Api;
use crate::who::Who;

const HOUR: u64 = 3_600;
const WEEK: u64 = 7 * 24 * HOUR;

/// The weeks that are looked at.
const WEEKS: u64 = 4;

/// The next hour by the same hour and weekday of the last four weeks; queues without figures are left out.
#[utoipa::path(get, path = "/api/v1/forecast", tag = "history", responses(
    (status = 200, body = [Expected]), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no history is kept"), (status = 503, body = Problem)))]
pub(crate) async fn forecast(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Vec<Expected>>, Problem> {
    who.may_see(&api, View::Room).await?;
    let now = api.site.seconds();
    let plan = api.site.plan();
    let read = read(&api, move |sql| past_hours(sql, now).map(|rows| in_words(&rows, &plan))).await?;
    let mut found = read.map_err(|failure| {
        tracing::warn!(%failure, "the next hour can't be read for the API");
        Problem::new(Kind::Busy, "the history can't be read now; the log has the reason. Try again")
    })?;
    found.retain(|one| who.principal.sees_queue(&one.queue));
    Ok(Json(found))
}

/// For each queue: weeks with figures, contacts, handled talks, and milliseconds with them.
fn past_hours(sql: &mut dyn Sql, now: u64) -> Result<Vec<Vec<Value>>, Failure> {
    let mut values = Vec::new();
    let mut hours = Vec::new();
    for week in 1..=WEEKS {
        let from = now.saturating_sub(week * WEEK);
        hours.push(format!("(start_us >= ${} AND start_us < ${})", values.len() + 1, values.len() + 2));
        values.extend([from, from + HOUR].map(|at| Value::Int(i64::try_from(at * 1_000_000).unwrap_or(0))));
    }
    let text = format!(
        "SELECT queue, COUNT(DISTINCT day), CAST(SUM(entered) AS BIGINT), CAST(SUM(handled) AS BIGINT), \
         CAST(SUM(talk_ms + hold_ms + acw_ms) AS BIGINT) FROM v_interval_queue WHERE {} GROUP BY queue ORDER BY queue",
        hours.join(" OR ")
    );
    sql.rows(&text, &values)
}

fn in_words(rows: &[Vec<Value>], plan: &Plan) -> Vec<Expected> {
    let mut found: Vec<Expected> = rows.iter().filter_map(|row| one(row, plan)).collect();
    share(&mut found, plan);
    found
}

fn one(row: &[Value], plan: &Plan) -> Option<Expected> {
    let [Value::Text(queue), weeks, entered, handled, spent] = row else { return None };
    let count = |value: &Value| match value {
        Value::Int(number) => u32::try_from(*number).ok(),
        Value::Null | Value::Text(_) => None,
    };
    let spent = match spent {
        Value::Int(millis) => core::time::Duration::from_millis(u64::try_from(*millis).ok()?).as_secs_f64(),
        Value::Null | Value::Text(_) => return None,
    };
    let (weeks, entered, handled) = (count(weeks)?, count(entered)?, count(handled)?);
    let planned = plan.queues.iter().find(|planned| planned.name == **queue)?;
    if weeks == 0 || handled == 0 {
        return None;
    }
    let contacts = f64::from(entered) / f64::from(weeks);
    let handling = spent / f64::from(handled);
    let threshold = planned.wait_target.as_secs_f64();
    let agents = needed(contacts / 3_600.0, handling, threshold);
    let queue = queue.to_string();
    Some(Expected { queue, contacts, handling, agents, alone: agents, weeks: weeks.into() })
}
