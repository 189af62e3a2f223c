//! Keeping a session alive, and asking again with what the peer asked for (RFC 4028; RFC 3261, 22.2).

use core::time::Duration;

use turno_ground::Moment;

use crate::auth::answer::{ChallengeAnswer, answer_response};
use crate::auth::credentials::{Account, Challenged};
use crate::dialog::session_timer::{Refresher, SessionTimer, TimerAnswer, min_se_of};
use crate::message::header::Name;
use crate::message::received::Message;
use crate::stack::client::Tries;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::ClientKey;
use crate::stack::layer::Layer;
use crate::stack::session::{SentRequest, Session};
use crate::stack::way;
use crate::stack::write;

/// How often one request is made again at most: a proxy and a registrar that ask, a nonce of each that was stale, and a
/// session that was too short.
const TRIES_MAX: u8 = 5;

/// How long a refresh waits that finds another exchange under way, or is refused.
pub(crate) const BUSY_SPAN: Duration = Duration::from_secs(4);

impl Session {
    /// Starts the session timer that our response named, or stops it.
    pub(crate) fn start_timer(&mut self, timer: TimerAnswer, now: Moment) {
        let timer = match timer {
            TimerAnswer::With { timer, .. } => Some(timer),
            TimerAnswer::Without | TimerAnswer::TooShort(_) => None,
        };
        self.run_timer(timer, now);
    }

    /// Starts the session timer that the peer's 2xx named. A peer that names none knows no session timers; then we
    /// refresh alone, or one that is gone would never be missed (RFC 4028, 4: one side is enough).
    pub(crate) fn start_timer_agreed(&mut self, layer: &mut Layer, response: &Message, now: Moment) {
        let (wanted, least) = (layer.settings.session_expires, layer.settings.min_se);
        let alone = SessionTimer { span: wanted, refresher: Refresher::Us };
        let agreed = SessionTimer::of_response(response)
            .or((!wanted.is_zero()).then_some(alone))
            .map(|timer| SessionTimer { span: timer.span.max(least), ..timer });
        self.run_timer(agreed, now);
    }

    fn run_timer(&mut self, timer: Option<SessionTimer>, now: Moment) {
        self.timer = timer;
        self.due.cancel(SessionDeadline::Refresh);
        match timer {
            Some(timer) => {
                self.due.set(SessionDeadline::Expire, now + timer.expires_after());
                if timer.refresher == Refresher::Us {
                    self.due.set(SessionDeadline::Refresh, now + timer.refresh_after());
                }
            }
            None => {
                self.due.cancel(SessionDeadline::Expire);
            }
        }
    }

    /// Makes a refused request again if the refusal says what was missing: credentials, or a longer session.
    pub(crate) fn try_again(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        response: &Message,
        now: Moment,
    ) -> Option<ClientKey> {
        if asked.tries.count >= TRIES_MAX {
            return None;
        }
        let request = Message::scan(&asked.request).expect("what we wrote can be read");
        let mut tries = Tries { count: asked.tries.count + 1, ..asked.tries };
        let changes = match response.status()? {
            401 | 407 => {
                tries.has_credentials = true;
                self.credentials_for(layer, asked, &request, response)?
            }
            // RFC 4028, 7.3.
            422 => {
                let least = min_se_of(response)?;
                let span = layer.settings.session_expires.max(least).as_secs();
                let refresher = self.timer.map_or_else(
                    || span.to_string(),
                    |timer| SessionTimer { span: Duration::from_secs(span), ..timer }.in_request(),
                );
                vec![(Name::SessionExpires, refresher), (Name::MinSe, least.as_secs().to_string())]
            }
            _ => return None,
        };
        let cseq = self.dialog.sequence.next_local();
        let flow = if self.dialog.remote_tag.is_empty() {
            self.flow
        } else {
            way::of_request(layer, &self.dialog, self.flow)
        };
        let (bytes, branch) = write::revised(layer, &request, &flow, cseq, &changes);
        let client = layer.begin_client(request.method(), &branch, bytes, flow, asked.owner, now);
        if let Some(client) = layer.clients.get_mut(client) {
            client.tries = tries;
        }
        Some(client)
    }

    /// The headers that answer a challenge to a request of this session.
    fn credentials_for(
        &self,
        layer: &mut Layer,
        asked: &SentRequest,
        request: &Message,
        response: &Message,
    ) -> Option<Vec<(Name, String)>> {
        let (username, password) = self.credentials.as_ref()?;
        let carried = [Name::Authorization, Name::ProxyAuthorization]
            .into_iter()
            .flat_map(|name| request.values(name).map(move |value| (name, value.to_owned())));
        let challenged = Challenged {
            method: request.method_name(),
            uri: request.request_uri(),
            body: &request.body(),
            credentials: &carried.collect::<Vec<_>>(),
            has_answered: asked.tries.has_credentials,
        };
        match answer_response(response, &challenged, Account { username, password }, &mut layer.rng) {
            ChallengeAnswer::Credentials(headers) => Some(headers),
            ChallengeAnswer::Refused | ChallengeAnswer::NotUnderstood => None,
        }
    }
}
