//! A chat over a WebSocket. Browsers can't give it a header, so its first message has the secret and the cursor; then the page
//! sends deeds, and is told updates and what came of each deed.

use core::time::Duration;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, interval, timeout};

use crate::chat::deeds::{Deed, obey};
use crate::chat::secret::{Chatter, plan_of};
use crate::chat::telling::{Following, SLOW_SPAN};
use crate::origin::is_own_page;
use crate::problem::{Kind, Problem};
use crate::state::Api;

/// Longest message of a page: 4,096 characters, all of them escaped.
const CLIENT_BYTES_MAX: usize = 32 * 1_024;

/// How long a page may take to say who it is, and to answer a ping.
const FIRST_SPAN: Duration = Duration::from_secs(10);
const PING_INTERVAL: Duration = Duration::from_secs(15);
const SILENCE_MAX: Duration = Duration::from_secs(40);

/// What a page says first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hello {
    token: String,
    #[serde(default)]
    after: i64,
}

/// A web chat over a WebSocket. The page says `{"token", "after"}` first, then deeds as `POST /chat/deeds` takes them; it is told
/// `{"update"}`, `{"kept", "client"}` and `{"problem", "client"}`.
#[utoipa::path(get, path = "/chat/socket", tag = "chat", security(()), responses(
    (status = 101, description = "the connection is a WebSocket now"),
    (status = 400, body = Problem, description = "no WebSocket"), (status = 403, body = Problem, description = "the page is of another site"),
    (status = 404, body = Problem, description = "there is no web chat"), (status = 503, body = Problem, description = "too many are connected")))]
pub(crate) async fn open(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let plan = api.off(plan_of).await??;
    if !is_own_page(&headers, &plan.origins) {
        return Err(Problem::new(
            Kind::NotFromPage,
            "the page is neither of this host nor in `origins` of [chat]",
        ));
    }
    let upgrade = upgrade.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    // Who has not said who they are yet takes a place too, so that nobody fills the machine with silent connections.
    let place = Arc::clone(&api.chat.followers).try_acquire_owned();
    let place = place.map_err(|_| Problem::new(Kind::Busy, "too many are connected; try again"))?;
    let upgrade = upgrade.max_message_size(CLIENT_BYTES_MAX).max_frame_size(CLIENT_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |mut socket| async move {
        let first = timeout(FIRST_SPAN, hello(&api, &mut socket)).await;
        drop(place);
        match first {
            Ok(Ok(following)) => serve(api, socket, following).await,
            Ok(Err(problem)) => refuse(socket, &problem).await,
            Err(_) => {}
        }
    }))
}

/// Who it is.
async fn hello(api: &Arc<Api>, socket: &mut WebSocket) -> Result<(Chatter, Following), Problem> {
    let text = loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => break text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => {
                return Err(Problem::new(Kind::BadRequest, "the first message is `{\"token\", \"after\"}`"));
            }
        }
    };
    let Hello { token, after } = serde_json::from_str(&text)
        .map_err(|_| Problem::new(Kind::BadRequest, "the first message is `{\"token\", \"after\"}`"))?;
    let chatter = Chatter::known(api, &token).await?;
    let following = Following::open(Arc::clone(api), chatter.clone(), after)?;
    Ok((chatter, following))
}

async fn serve(api: Arc<Api>, mut socket: WebSocket, (chatter, following): (Chatter, Following)) {
    let mut updates = following.begin();
    let mut ping = interval(PING_INTERVAL);
    let mut heard_at = Instant::now();
    loop {
        let message = tokio::select! {
            update = updates.recv() => match update {
                Some(update) => Message::Text(format!("{{\"update\":{update}}}").into()),
                None => break,
            },
            said = socket.recv() => {
                heard_at = Instant::now();
                match said {
                    Some(Ok(Message::Text(text))) => Message::Text(answer(&api, &chatter, &text).await.into()),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return,
                }
            },
            now = ping.tick() => {
                if now.duration_since(heard_at) > SILENCE_MAX {
                    return;
                }
                Message::Ping(Vec::new().into())
            }
        };
        match timeout(SLOW_SPAN, socket.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
    close(socket, close_code::AWAY, "come again after your last message").await;
}

/// What came of a deed.
async fn answer(api: &Api, chatter: &Chatter, text: &Utf8Bytes) -> String {
    let deed: Result<Deed, _> = serde_json::from_str(text);
    let (client, came) = match deed {
        Ok(deed) => {
            let client = deed.client().map(str::to_owned);
            // A plan that was read again may have no chat, or other limits.
            let plan = api.off(plan_of).await.and_then(|plan| plan);
            let came = match plan {
                Ok(plan) => obey(api, chatter, &plan, deed).await,
                Err(problem) => Err(problem),
            };
            (client, came)
        }
        Err(error) => (None, Err(Problem::new(Kind::BadRequest, error.to_string()))),
    };
    match came {
        Ok(kept) => json!({ "kept": kept, "client": client }).to_string(),
        Err(problem) => json!({ "problem": problem, "client": client }).to_string(),
    }
}

async fn refuse(mut socket: WebSocket, problem: &Problem) {
    let text = json!({ "problem": problem, "client": null }).to_string();
    let _ = timeout(SLOW_SPAN, socket.send(Message::Text(text.into()))).await;
    close(socket, close_code::POLICY, "this chat is not known").await;
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let _ = timeout(SLOW_SPAN, socket.send(Message::Close(Some(frame)))).await;
}
