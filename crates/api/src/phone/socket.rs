//! SIP over WebSocket (RFC 7118): who may connect, and the connection until its end.
//!
//! Browsers send cookies with a WebSocket to any site, so one with an Origin must come from a page of this host, or of an
//! origin that the plan lists. A user who has signed in as an agent needs no SIP password; everybody else proves one by digest.

use core::time::Duration;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::request::Parts;
use axum::response::Response;
use tokio::time::{Instant, interval, timeout};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;

use crate::origin::is_own_page;
use crate::phone::frames::{Heard, PONG, heard};
use crate::phone::{Ends, PhoneEnd, PhoneLine, Said};
use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;

/// The sub-protocol that a phone must ask for (RFC 7118, 4).
const SUB_PROTOCOL: &str = "sip";

/// Longest message: as over any other transport.
const MESSAGE_BYTES_MAX: usize = 65_535;

/// Buffers of one connection: there may be thousands.
const BUFFER_BYTES: usize = 4 * 1_024;

/// How often a phone is asked by a ping whether it is there, and the database whether its session has ended.
const PING_INTERVAL: Duration = Duration::from_secs(10);

/// A phone from which nothing comes for so long, not even the answer to a ping, is gone.
const SILENCE_MAX: Duration = Duration::from_secs(25);

/// How long a new connection may take to say something.
const FIRST_MESSAGE_SPAN: Duration = Duration::from_secs(30);

/// How long a connection may say nothing but keep-alives: longer than a registration lasts.
const IDLE_SPAN_MAX: Duration = Duration::from_secs(2 * 3_600);

/// How long one message may take to leave.
const SLOW_SPAN: Duration = Duration::from_secs(10);

/// A browser's phone: SIP over a WebSocket (RFC 7118). A user who has signed in as an agent registers without a SIP password.
#[utoipa::path(get, path = "/sip", tag = "desk", security(()),
    params(("Sec-WebSocket-Protocol" = String, Header, description = "`sip`")),
    responses((status = 101, description = "the connection is a WebSocket now"),
    (status = 400, body = Problem, description = "no WebSocket, or not of the sub-protocol `sip`"),
    (status = 403, body = Problem, description = "the page is of another site"),
    (status = 404, body = Problem, description = "there are no browser phones"),
    (status = 503, body = Problem, description = "too many are connected")))]
pub(crate) async fn open(
    State(api): State<Arc<Api>>,
    parts: Parts,
    who: Result<Who, Problem>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let plan = api.off(|site| site.plan()).await?;
    let Some(browser) = &plan.browser else {
        return Err(Problem::new(Kind::NotFound, "there are no browser phones: the plan has no [browser]"));
    };
    if !is_own_page(&parts.headers, &browser.origins) {
        let detail = "the page is neither of this host nor in `origins` of [browser]";
        return Err(Problem::new(Kind::NotFromPage, detail));
    }
    let upgrade = upgrade.map_err(|rejected| Problem::new(Kind::BadRequest, rejected.body_text()))?;
    let upgrade = for_sip(upgrade)?;
    let ends = parts.extensions.get::<Ends>().copied();
    let ends =
        ends.ok_or_else(|| Problem::new(Kind::Busy, "a request without an address; a fault of turno's own"))?;
    // A phone without a session proves its password by digest.
    let who = match who {
        Ok(who) => Some(who),
        Err(problem) if problem.is(Kind::NotSignedIn) => None,
        Err(problem) => return Err(problem),
    };
    let agent = who.as_ref().and_then(|who| who.principal.scope.agent.clone());
    let line = api.off(move |site| site.take_phone(ends, agent.as_deref())).await?;
    let line = line.ok_or_else(|| Problem::new(Kind::Busy, "too many phones are connected; try again"))?;
    let who = who.map(|who| (api, who));
    Ok(upgrade.on_upgrade(move |socket| Serving { who, socket }.until_over(line)))
}

/// An upgrade to SIP, with the limits of a phone's connection.
///
/// # Errors
/// It does not ask for the sub-protocol `sip`.
pub fn for_sip(upgrade: WebSocketUpgrade) -> Result<WebSocketUpgrade, Problem> {
    let upgrade = upgrade
        .protocols([SUB_PROTOCOL])
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MESSAGE_BYTES_MAX)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX);
    if upgrade.selected_protocol().is_none() {
        let detail = "the WebSocket must ask for the sub-protocol `sip` (RFC 7118, 4)";
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    Ok(upgrade)
}

/// Serves the connection of a phone for which nobody has signed in, until it is over.
pub async fn serve_phone(socket: WebSocket, line: PhoneLine) {
    Serving { who: None, socket }.until_over(line).await;
}

/// A connection that is served.
struct Serving {
    /// Who has signed in, for as long as that lasts.
    who: Option<(Arc<Api>, Who)>,
    socket: WebSocket,
}

impl Serving {
    async fn until_over(mut self, mut line: PhoneLine) {
        let end = self.serve(&mut line).await;
        let close = match end {
            PhoneEnd::Ours => Some((close_code::AWAY, "turno ends; come again")),
            PhoneEnd::Idle => Some((close_code::POLICY, "nothing was heard")),
            PhoneEnd::Malformed => Some((close_code::PROTOCOL, "this is no SIP over WebSocket")),
            PhoneEnd::Phone | PhoneEnd::Slow => None,
        };
        let _ = line.says.send(Said::Over(end)).await;
        drop(line);
        if let Some((code, reason)) = close {
            let frame = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
            let _ = timeout(SLOW_SPAN, self.socket.send(frame)).await;
        }
    }

    async fn serve(&mut self, line: &mut PhoneLine) -> PhoneEnd {
        let mut ping = interval(PING_INTERVAL);
        let (mut heard_at, mut patience) = (Instant::now(), Instant::now() + FIRST_MESSAGE_SPAN);
        loop {
            let message = tokio::select! {
                told = line.told.recv() => match told {
                    Some(bytes) => framed(bytes),
                    None => return PhoneEnd::Ours,
                },
                said = self.socket.recv() => {
                    let bytes = match said {
                        Some(Ok(Message::Text(text))) => Bytes::from(text),
                        Some(Ok(Message::Binary(bytes))) => bytes,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                            heard_at = Instant::now();
                            continue;
                        }
                        Some(Ok(Message::Close(_))) | None => return PhoneEnd::Phone,
                        Some(Err(error)) => return end_of(error),
                    };
                    heard_at = Instant::now();
                    match heard(bytes) {
                        Heard::Message(message) => {
                            patience = heard_at + IDLE_SPAN_MAX;
                            if line.says.send(Said::Message(message)).await.is_err() {
                                return PhoneEnd::Ours;
                            }
                            continue;
                        }
                        Heard::Ping => Message::Text(PONG.into()),
                        Heard::Nothing => continue,
                    }
                },
                () = line.cut.notified() => return PhoneEnd::Slow,
                now = ping.tick() => {
                    if now > patience || now.duration_since(heard_at) > SILENCE_MAX {
                        return PhoneEnd::Idle;
                    }
                    self.look(line).await;
                    Message::Ping(Bytes::new())
                }
            };
            match timeout(SLOW_SPAN, self.socket.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return PhoneEnd::Phone,
                Err(_) => return PhoneEnd::Slow,
            }
        }
    }

    /// Tells the site when the session has ended. A database that does not answer ends none.
    async fn look(&mut self, line: &PhoneLine) {
        if let Some((api, who)) = &self.who
            && who.is_known(api).await == Some(false)
        {
            self.who = None;
            let _ = line.says.send(Said::SignedOut).await;
        }
    }
}

/// A SIP message as text, as browsers like it; as bytes if it is none.
fn framed(bytes: Bytes) -> Message {
    match axum::extract::ws::Utf8Bytes::try_from(bytes.clone()) {
        Ok(text) => Message::Text(text),
        Err(_) => Message::Binary(bytes),
    }
}

fn end_of(error: axum::Error) -> PhoneEnd {
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => PhoneEnd::Phone,
        Some(Error::Protocol(_) | Error::Capacity(_) | Error::Utf8(_)) => PhoneEnd::Malformed,
        Some(_) | None => PhoneEnd::Phone,
    }
}
