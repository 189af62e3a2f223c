//! Our INVITE until its final response: provisionals, forks, 2xx and refusals (RFC 3261, 13.2; RFC 3262, 4).

use core::time::Duration;

use bytes::Bytes;
use smallvec::SmallVec;
use turno_ground::{Due, Flow, Moment};

use crate::dialog::Dialog;
use crate::dialog::id::{FORKS_MAX, Fork, contact_uri};
use crate::dialog::route_set::RouteSet;
use crate::dialog::sequence::Sequence;
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::asked::OutInvite;
use crate::stack::client::{ClientOwner, Confirmation, Purpose};
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{ClientKey, SessionEvent, SessionId};
use crate::stack::layer::Layer;
use crate::stack::occupancy::Occupant;
use crate::stack::session::{Exchange, GivenUp, Outgoing, Peer, Phase, SentRequest, Session, Taken};
use crate::stack::way;
use crate::stack::write;

/// How long a peer may ring between two provisionals; RFC 3261, 16.6 calls it Timer C.
pub(crate) const ANSWER_SPAN_MAX: Duration = Duration::from_secs(200);

impl Session {
    /// Calls somebody.
    pub(crate) fn call(layer: &mut Layer, id: SessionId, out: OutInvite, now: Moment) -> Self {
        let call_id = layer.token();
        let local_tag = layer.token();
        let key = layer.keys.dialog(&call_id, &local_tag);
        let dialog = Dialog {
            local: format!("{};tag={local_tag}", write::bracketed(&out.from)),
            call_id,
            local_tag,
            remote_tag: String::new(),
            remote: write::bracketed(&out.to),
            remote_target: out.uri,
            route_set: RouteSet::given(out.route),
            sequence: Sequence::default(),
        };
        let flow = match dialog.route_set.first() {
            Some(first) => way::by_route(layer, first, out.flow),
            None => out.flow,
        };
        let contact = write::contact(layer, &out.contact_user, &flow);
        let has_offer = out.sdp.is_some();
        let outgoing = |client| Outgoing {
            client,
            has_offer,
            is_cancelled: false,
            forks: SmallVec::new(),
            is_settled: false,
            is_renewed: false,
        };
        let mut session = Self {
            id,
            phase: Phase::Calling(outgoing(ClientKey(0))),
            dialog,
            key,
            flow,
            contact_user: out.contact_user,
            contact,
            peer: Peer::default(),
            exchange: Exchange::Idle,
            waiting_offer: None,
            local_sdp: out.sdp.clone(),
            remote_sdp: None,
            unacked: None,
            timer: None,
            credentials: out.credentials,
            referrals: SmallVec::new(),
            was_referred: false,
            is_referring: false,
            is_caller: true,
            opened_to: (flow.local.port() == 0).then_some(flow.remote),
            left: None,
            due: Due::default(),
        };
        let cseq = session.dialog.sequence.next_local();
        let (request, branch) = write::within(layer, &session.dialog, &flow, Method::Invite, cseq);
        let mut request = request.header(Name::Contact, &session.contact).header(Name::Allow, &layer.allow);
        // An answer in a PRACK is more than an offerless call of ours needs.
        request =
            request.header(Name::Supported, if has_offer { write::SUPPORTED } else { "timer, replaces" });
        if !layer.settings.session_expires.is_zero() {
            request = request
                .header(Name::SessionExpires, layer.settings.session_expires.as_secs())
                .header(Name::MinSe, layer.settings.min_se.as_secs());
        }
        let bytes = write::finish(request.headers(&out.headers), out.sdp.as_ref());
        let owner = ClientOwner::Session(id, Purpose::Invite);
        let client = layer.begin_client(Method::Invite, &branch, bytes, flow, owner, now);
        session.phase = Phase::Calling(outgoing(client));
        layer.occupancy.occupy(flow, Occupant::Session(id));
        session
    }

    /// A response to our INVITE came.
    pub(crate) fn on_invite_response(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        response: Box<Message>,
        now: Moment,
    ) -> Taken {
        let status = response.status().unwrap_or_default();
        let is_ours = match &self.phase {
            Phase::Calling(outgoing) | Phase::Cancelling(outgoing, _) => outgoing.client == asked.key,
            Phase::Ringing(_)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => false,
        };
        if !is_ours {
            return if (200..300).contains(&status) { Taken::Unwanted } else { Taken::Yes };
        }
        match status {
            ..200 => self.on_provisional(layer, asked, status, &response, now),
            200..300 => self.on_accepted(layer, asked, response, now),
            300.. => self.on_refused(layer, asked, status, Some(response), now),
        }
        Taken::Yes
    }

    fn on_provisional(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        status: u16,
        response: &Message,
        now: Moment,
    ) {
        let outgoing = match &mut self.phase {
            Phase::Calling(outgoing) => outgoing,
            Phase::Cancelling(..) => {
                self.cancel_invite(layer, now);
                return;
            }
            Phase::Ringing(_)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => return,
        };
        self.due.set(SessionDeadline::AnswerLong, now + ANSWER_SPAN_MAX);
        let heard = Fork::of(response);
        if status == 100 {
            return;
        }
        let known = outgoing.forks.iter().position(|fork| fork.tag == heard.tag);
        let place = match known {
            Some(place) => place,
            None if outgoing.forks.len() < FORKS_MAX => {
                outgoing.forks.push(heard);
                outgoing.forks.len() - 1
            }
            None => return,
        };
        if !self.take_reliable(layer, asked, place, response, now) {
            return;
        }
        self.learn(response);
        let sdp = write::sdp_of(response);
        if sdp.is_some() {
            self.remote_sdp.clone_from(&sdp);
        }
        layer.tell(self.id, SessionEvent::Progress { status, sdp });
        self.offer_what_waits(layer, now);
    }

    /// Confirms a provisional that wants it. False for one that came before, or too early (RFC 3262, 4).
    fn take_reliable(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        place: usize,
        response: &Message,
        now: Moment,
    ) -> bool {
        if !response.lists(Name::Require, "100rel") {
            return true;
        }
        let Some(rseq) = response.number(Name::RSeq) else { return true };
        let Phase::Calling(outgoing) = &mut self.phase else { return false };
        let fork = &mut outgoing.forks[place];
        if fork.last_rseq.is_some_and(|last| rseq != last.wrapping_add(1)) {
            return false;
        }
        fork.last_rseq = Some(rseq);
        if let Some(target) = contact_uri(response) {
            fork.target = target;
        }
        outgoing.is_settled |= outgoing.has_offer && write::sdp_of(response).is_some();
        let dialog = self.dialog.with_fork(&outgoing.forks[place]);
        let invite = Message::scan(&asked.request).expect("what we wrote can be read");
        let number = invite.cseq().map_or(1, |cseq| cseq.number);
        let cseq = self.dialog.sequence.next_local();
        let flow = way::of_request(layer, &dialog, self.flow);
        let (request, branch) = write::within(layer, &dialog, &flow, Method::Prack, cseq);
        let bytes = request.header(Name::RAck, format_args!("{rseq} {number} INVITE")).finish();
        let owner = ClientOwner::Session(self.id, Purpose::Prack);
        layer.begin_client(Method::Prack, &branch, bytes, flow, owner, now);
        true
    }

    fn on_accepted(&mut self, layer: &mut Layer, asked: &SentRequest, response: Box<Message>, now: Moment) {
        let (outgoing, given_up) = match core::mem::replace(&mut self.phase, Phase::Confirmed) {
            Phase::Calling(outgoing) => (outgoing, None),
            Phase::Cancelling(outgoing, why) => (outgoing, Some(why)),
            Phase::Ringing(_)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => {
                unreachable!("an INVITE of ours without final response is calling or cancelling")
            }
        };
        let Outgoing { has_offer, forks, is_renewed, .. } = outgoing;
        self.due.cancel(SessionDeadline::AnswerLong);
        self.due.cancel(SessionDeadline::CancelUnheard);
        let mut fork = Fork::of(&response);
        if fork.target.is_empty() {
            let early = forks.iter().find(|early| early.tag == fork.tag && !early.target.is_empty());
            fork.target =
                early.map_or_else(|| self.dialog.remote_target.clone(), |early| early.target.clone());
        }
        let tag = fork.tag.clone();
        if forks.len() > 1 {
            self.dialog.sequence.forget_remote();
        }
        self.dialog.settle_on(fork);
        self.learn(&response);
        let sdp = write::sdp_of(&response).filter(|_| !is_renewed);
        let is_held = !has_offer && sdp.is_some() && given_up.is_none();
        let ack = (!is_held).then(|| self.acknowledge(layer, &asked.request, None));
        if let Some(client) = layer.clients.get_mut(asked.key) {
            client.acks.push(Confirmation { tag, ack });
        }
        match given_up {
            Some(GivenUp::HungUp(reason)) => self.leave(layer, reason.as_deref(), now),
            Some(GivenUp::TooLong) => {
                self.leave_behind(layer, None, now);
                self.close(layer, now);
                layer.tell(self.id, SessionEvent::Refused { status: 408, message: None });
            }
            None => {
                if is_held {
                    self.phase = Phase::Answering(asked.key);
                }
                if sdp.is_some() {
                    self.remote_sdp.clone_from(&sdp);
                }
                self.start_timer_agreed(layer, &response, now);
                // An answer in a provisional need not be repeated in the 2xx: the owner has it already.
                layer.tell(self.id, SessionEvent::Accepted { sdp, message: response });
                self.offer_what_waits(layer, now);
            }
        }
    }

    /// Sends the ACK of a 2xx to the INVITE `request`.
    pub(crate) fn acknowledge(
        &mut self,
        layer: &mut Layer,
        request: &Bytes,
        sdp: Option<&Bytes>,
    ) -> (Flow, Bytes) {
        let invite = Message::scan(request).expect("what we wrote can be read");
        let flow = way::of_ack(layer, &self.dialog, self.flow);
        let ack = write::ack_of_success(layer, &self.dialog, &flow, &invite, sdp);
        layer.transmit(flow, ack.clone());
        (flow, ack)
    }

    /// Sends the ACK that waited for our answer.
    pub(crate) fn answer_in_ack(&mut self, layer: &mut Layer, sdp: Option<&Bytes>, now: Moment) {
        let Phase::Answering(client) = self.phase else { return };
        self.phase = Phase::Confirmed;
        let Some(request) = layer.clients.get(client).map(|client| client.request.clone()) else {
            // Its 64*T1 are over: the peer has hung up, or will.
            return;
        };
        let ack = self.acknowledge(layer, &request, sdp);
        if let Some(client) = layer.clients.get_mut(client)
            && let Some(waiting) = client.acks.iter_mut().find(|one| one.tag == self.dialog.remote_tag)
        {
            waiting.ack = Some(ack);
        }
        if sdp.is_some() {
            self.local_sdp = sdp.cloned();
        }
        self.offer_what_waits(layer, now);
    }

    /// Our INVITE failed.
    pub(crate) fn on_refused(
        &mut self,
        layer: &mut Layer,
        asked: &SentRequest,
        status: u16,
        response: Option<Box<Message>>,
        now: Moment,
    ) {
        let has_given_up = matches!(self.phase, Phase::Cancelling(..));
        if !has_given_up
            && let Some(response) = response.as_deref()
            && let Some(client) = self.try_again(layer, asked, response, now)
        {
            if let Phase::Calling(outgoing) = &mut self.phase {
                outgoing.client = client;
                outgoing.forks.clear();
            }
            self.due.cancel(SessionDeadline::AnswerLong);
            return;
        }
        self.end_of_invite(layer, status, response, now);
    }
}
