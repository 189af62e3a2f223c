//! Recordings: their sound. The list of them is the view `v_recording` of the history.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use turno_access::{Deed, Outcome, View};
use turno_history::Value;
use turno_history::page::{PageAsk, page};
use turno_model::RecordingId;

use crate::byte_range;
use crate::problem::{Kind, Problem};
use crate::routes::history::read;
use crate::site::Sound;
use crate::state::Api;
use crate::who::Who;

/// The sound of a recording as WAV: the caller on the left side, the agent on the right one. A part of it by `Range`. Who hears what
/// is in the audit log, once for each beginning.
#[utoipa::path(get, path = "/api/v1/recordings/{recording}/sound", tag = "recordings",
    params(("recording" = u64, Path, description = "the recording's number"),
        ("Range" = Option<String>, Header, description = "the bytes that are wanted, such as `bytes=0-65535`")),
    responses((status = 200, content_type = "audio/wav", body = [u8]),
    (status = 206, content_type = "audio/wav", body = [u8], description = "the bytes that `Range` asks for"),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "no such recording, or it is not kept any more"),
    (status = 416, description = "the sound does not have these bytes"), (status = 503, body = Problem)))]
pub(crate) async fn sound(
    State(api): State<Arc<Api>>,
    who: Who,
    headers: HeaderMap,
    recording: Result<Path<u64>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(number) = recording.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let target = format!("recording {number}");
    who.may(&api, &Deed::See(View::Recordings), &target).await?;
    let missing = || Problem::new(Kind::NotFound, "there is no such recording, or it is not kept any more");
    let Ok(number) = i64::try_from(number) else { return Err(missing()) };
    let ask = PageAsk {
        view: "v_recording".to_owned(),
        only: vec![("recording", Value::Int(number))],
        queues: who.principal.scope.queues.clone(),
        most: 1,
        ..PageAsk::default()
    };
    let found = read(&api, move |sql| page(sql, &ask)).await?;
    let found = found.map_err(|_| Problem::new(Kind::Busy, "the history can't be read now; try again"))?;
    let place = found.columns.iter().position(|column| column.name == "began_us");
    let began = found.rows.first().zip(place).and_then(|(row, place)| row.get(place)?.moment());
    let began = began.ok_or_else(missing)?;
    let id = RecordingId(number.unsigned_abs());
    let sound = api.in_turn(move |site| site.sound(id, began)).await?;
    let sound = sound.map_err(|why| {
        tracing::warn!(recording = number, "a recording can't be opened: {why}");
        Problem::new(Kind::NotFound, "this recording can't be opened; the log has the reason")
    })?;
    let Sound { wav, hash } = sound.ok_or_else(missing)?;
    // A player asks for many parts: what begins at the beginning is noted.
    let range = headers.get("range").and_then(|value| value.to_str().ok());
    if range.is_none_or(|range| range.starts_with("bytes=0-")) {
        who.note(&api, ("hear recording", &target), (Outcome::Done, "")).await;
    }
    Ok(byte_range::answer(&headers, "audio/wav", &format!("\"{hash}\""), wav))
}
