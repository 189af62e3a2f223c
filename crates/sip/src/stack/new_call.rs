//! A call that a peer begins (RFC 3261, 12.1.1 and 13.3.1).

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Due, Flow, Moment};

use crate::dialog::Dialog;
use crate::dialog::id::contact_uri;
use crate::dialog::reliable::Reliable;
use crate::dialog::route_set::RouteSet;
use crate::dialog::sequence::Sequence;
use crate::dialog::session_timer::TimerAnswer;
use crate::dialog::transfer::read_replaces;
use crate::message::header::Name;
use crate::message::received::Message;
use crate::message::uri::Uri;
use crate::stack::Stack;
use crate::stack::change::timer_answer;
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{Event, ServerKey, SessionId};
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::server::ServerOwner;
use crate::stack::session::{Exchange, Incoming, Peer, Phase, Session};
use crate::stack::write;
use crate::stack::write::bracketed;
use crate::transaction::key::Key;

/// The longest Expires of an INVITE that is kept to, in seconds: nobody waits in line for longer.
const INVITE_EXPIRES_MAX: u64 = 86_400;

impl Stack {
    /// The call whose place an INVITE is to take (RFC 3891, 3), if it is to.
    fn replaced_by(&self, request: &Message) -> Result<Option<SessionId>, (u16, &'static str)> {
        let mut wanted = request.values(Name::Replaces);
        let Some(first) = wanted.next() else { return Ok(None) };
        let replaces =
            read_replaces(first).filter(|_| wanted.next().is_none()).ok_or((400, "Bad Replaces"))?;
        let key = self.layer.keys.dialog(&replaces.call_id, &replaces.to_tag);
        let meant = self.sessions.of_dialog(key, &replaces.from_tag);
        let is_confirmed = meant.and_then(|id| self.sessions.get(id)).is_some_and(Session::is_confirmed);
        match meant.filter(|_| is_confirmed) {
            Some(_) if replaces.early_only => Err((486, "")),
            Some(id) => Ok(Some(id)),
            None => Err((481, "")),
        }
    }

    /// A call begins.
    pub(crate) fn on_new_call(&mut self, request: Message, key: Key, flow: Flow, now: Moment) {
        let replaces = match self.replaced_by(&request) {
            Ok(replaces) => replaces,
            Err((status, reason)) => {
                self.layer.reply_statelessly(&request, flow, status, reason, &[]);
                return;
            }
        };
        let Some(target) = contact_uri(&request).or_else(|| old_target(&request)) else {
            self.layer.reply_statelessly(&request, flow, 400, "Missing Contact", &[]);
            return;
        };
        let timer = timer_answer(&self.layer, &request);
        if let TimerAnswer::TooShort(least) = timer {
            let least = [(Name::MinSe, least.as_secs().to_string())];
            self.layer.reply_statelessly(&request, flow, 422, "", &least);
            return;
        }
        let id = SessionId(self.layer.next_number());
        let message = Box::new(request.clone());
        let server = self.layer.begin_server(key, message, flow, ServerOwner::Session(id), now);
        self.layer.reply_bare(server, 100, now);
        let offer = write::sdp_of(&request);
        let mut session = ringing(&mut self.layer, id, server, &request, flow, target, timer);
        self.layer.occupancy.occupy(flow, Occupant::Session(id));
        if let Some(seconds) = request.number(Name::Expires) {
            let span = Duration::from_secs(u64::from(seconds).min(INVITE_EXPIRES_MAX));
            session.due.set(SessionDeadline::InviteExpires, now + span);
        }
        self.sessions.insert(session);
        let message = Box::new(request);
        self.layer.events.push_back(Event::Invite { session: id, message, flow, offer, replaces });
    }
}

/// Where a peer of RFC 2543, whose INVITE need not have a Contact, is reached (RFC 4475, 3.4.1): by its From.
fn old_target(request: &Message) -> Option<String> {
    let is_old = request.top_via().is_ok_and(|via| via.unique_branch().is_none());
    request.from().ok().filter(|_| is_old).map(|from| from.uri.to_owned())
}

/// The session that a peer's INVITE begins (RFC 3261, 12.1.1).
fn ringing(
    layer: &mut Layer,
    id: SessionId,
    server: ServerKey,
    request: &Message,
    flow: Flow,
    target: String,
    timer: TimerAnswer,
) -> Session {
    let local_tag = layer.servers.get(server).map(|server| server.tag.clone()).unwrap_or_default();
    let number = request.cseq().map_or(0, |cseq| cseq.number);
    let remote_tag = request.from().ok().and_then(|from| from.tag()).unwrap_or("").to_owned();
    let uri = Uri::parse(request.request_uri()).ok();
    let contact_user = uri.and_then(|uri| uri.user).unwrap_or("").to_owned();
    let remote_sdp = write::sdp_of(request);
    let incoming = Incoming {
        server,
        cseq: number,
        has_offer: remote_sdp.is_some(),
        reliable: Reliable::new(u32::try_from(layer.rng.below(1 << 16)).unwrap_or(0)),
        next: None,
        accepting: None,
        status: 100,
        has_sent_sdp: false,
        is_settled: false,
        timer,
    };
    let dialog = Dialog {
        call_id: request.call_id().to_owned(),
        local: format!("{};tag={local_tag}", bracketed(request.header(Name::To).unwrap_or_default())),
        remote: request.header(Name::From).unwrap_or_default().to_owned(),
        remote_target: target,
        route_set: RouteSet::of_request(request),
        sequence: Sequence::new(0, Some(number)),
        remote_tag,
        local_tag,
    };
    let mut session = Session {
        id,
        phase: Phase::Ringing(Box::new(incoming)),
        key: layer.keys.dialog(&dialog.call_id, &dialog.local_tag),
        dialog,
        flow,
        contact: write::contact(layer, &contact_user, &flow),
        contact_user,
        peer: Peer { requires_100rel: request.lists(Name::Require, "100rel"), ..Peer::default() },
        exchange: Exchange::Idle,
        waiting_offer: None,
        local_sdp: None,
        remote_sdp,
        unacked: None,
        timer: None,
        credentials: None,
        referrals: SmallVec::new(),
        was_referred: false,
        is_referring: false,
        is_caller: false,
        opened_to: None,
        left: None,
        due: Due::default(),
    };
    session.learn(request);
    session
}
