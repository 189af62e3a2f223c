//! An INVITE of ours that we no longer want: CANCEL, and the 2xx that come all the same (RFC 3261, 9.1, 13.2.2.4).

use turno_ground::{Flow, Moment};

use crate::dialog::Dialog;
use crate::dialog::id::{FORKS_MAX, Fork};
use crate::dialog::sequence::Sequence;
use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::stack::client::{ClientOwner, Confirmation};
use crate::stack::deadline::SessionDeadline;
use crate::stack::event::{EndedBy, SessionEvent};
use crate::stack::layer::Layer;
use crate::stack::session::{Exchange, GivenUp, Phase, SentRequest, Session};
use crate::stack::way;
use crate::stack::write;

impl Session {
    /// Our INVITE is over without a call.
    pub(crate) fn end_of_invite(
        &mut self,
        layer: &mut Layer,
        status: u16,
        message: Option<Box<Message>>,
        now: Moment,
    ) {
        let event = match &self.phase {
            Phase::Calling(_) => SessionEvent::Refused { status, message },
            Phase::Cancelling(_, GivenUp::HungUp(_)) => SessionEvent::Ended { by: EndedBy::Us, reason: None },
            Phase::Cancelling(_, GivenUp::TooLong) => SessionEvent::Refused { status: 408, message: None },
            Phase::Ringing(_)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over => return,
        };
        self.close(layer, now);
        layer.tell(self.id, event);
    }

    /// Takes our INVITE back as soon as that may be done: after a provisional (RFC 3261, 9.1).
    pub(crate) fn cancel_invite(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Cancelling(outgoing, why) = &mut self.phase else { return };
        let Some(client) = layer.clients.get(outgoing.client) else { return };
        if outgoing.is_cancelled || client.is_unheard() {
            return;
        }
        outgoing.is_cancelled = true;
        let reason = match why {
            GivenUp::HungUp(reason) => reason.clone(),
            GivenUp::TooLong => None,
        };
        let (mut flow, request) = (client.flow, client.request.clone());
        if let Some(remote) = self.opened_to.filter(|_| layer.occupancy.is_lost(&flow)) {
            flow = way::asked_for(Flow { remote, ..flow });
        }
        let invite = Message::scan(&request).expect("what we wrote can be read");
        let branch =
            invite.top_via().ok().and_then(|via| via.branch().map(str::to_owned)).unwrap_or_default();
        let cancel = write::cancel(&invite, reason.as_deref());
        layer.begin_client(Method::Cancel, &branch, cancel, flow, ClientOwner::Nobody, now);
        self.due.cancel(SessionDeadline::AnswerLong);
        self.due.set(SessionDeadline::CancelUnheard, now + layer.clock.given_up());
    }

    /// The peer has rung too long, or has been busy too long with a change of ours.
    pub(crate) fn on_answer_long(&mut self, layer: &mut Layer, now: Moment) {
        match self.exchange {
            _ if matches!(self.phase, Phase::Calling(_)) => self.give_up(layer, GivenUp::TooLong, now),
            Exchange::Ours { client, .. } => {
                layer.end_client(client);
                self.exchange = Exchange::Idle;
                self.lose(layer, 408, now);
            }
            Exchange::Idle | Exchange::Later { .. } | Exchange::Theirs { .. } | Exchange::InSuccess => {}
        }
    }

    /// No longer wants our INVITE.
    pub(crate) fn give_up(&mut self, layer: &mut Layer, why: GivenUp, now: Moment) {
        match core::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Calling(outgoing) => {
                self.phase = Phase::Cancelling(outgoing, why);
                self.cancel_invite(layer, now);
            }
            phase @ (Phase::Ringing(_)
            | Phase::Cancelling(..)
            | Phase::Answering(_)
            | Phase::Unconfirmed(_)
            | Phase::Confirmed
            | Phase::Leaving
            | Phase::Over) => self.phase = phase,
        }
    }

    /// Nobody answers a cancelled INVITE.
    pub(crate) fn on_cancel_unheard(&mut self, layer: &mut Layer, now: Moment) {
        let Phase::Cancelling(outgoing, _) = &self.phase else { return };
        layer.end_client(outgoing.client);
        self.end_of_invite(layer, 408, None, now);
    }
}

/// A 2xx that no session wants: another fork's, or one that crossed the end. It gets ACK and BYE
/// (RFC 3261, 13.2.2.4).
pub(crate) fn turn_away(layer: &mut Layer, asked: &SentRequest, response: &Message, now: Moment) {
    let Some((mut dialog, flow)) = acknowledge(layer, asked, response) else { return };
    let number = dialog.sequence.next_local();
    let (request, branch) = write::within(layer, &dialog, &flow, Method::Bye, number);
    let bye = request.finish();
    layer.begin_client(Method::Bye, &branch, bye, flow, ClientOwner::Nobody, now);
}

/// A 2xx to a change of a call that is over meanwhile: the BYE is on its way, and the ACK must be too.
pub(crate) fn acknowledge_late(layer: &mut Layer, asked: &SentRequest, response: &Message) {
    let is_invite = Message::scan(&asked.request).is_ok_and(|request| request.method() == Method::Invite);
    if is_invite {
        let _ = acknowledge(layer, asked, response);
    }
}

/// Acknowledges a 2xx without a session. The dialog that it made, and the way to it, unless there were too many.
fn acknowledge(layer: &mut Layer, asked: &SentRequest, response: &Message) -> Option<(Dialog, Flow)> {
    let invite = Message::scan(&asked.request).expect("what we wrote can be read");
    let mut fork = Fork::of(response);
    if fork.target.is_empty() {
        invite.request_uri().clone_into(&mut fork.target);
    }
    let number = invite.cseq().map_or(1, |cseq| cseq.number);
    let dialog = Dialog {
        call_id: invite.call_id().to_owned(),
        local_tag: String::new(),
        remote_tag: fork.tag,
        local: invite.header(Name::From).unwrap_or_default().to_owned(),
        remote: fork.remote,
        remote_target: fork.target,
        route_set: fork.route_set,
        sequence: Sequence::new(number, None),
    };
    let flow = way::of_ack(layer, &dialog, asked.flow);
    let ack = write::ack_of_success(layer, &dialog, &flow, &invite, None);
    layer.transmit(flow, ack.clone());
    let client = layer.clients.get_mut(asked.key)?;
    if client.acks.len() > FORKS_MAX {
        return None;
    }
    client.acks.push(Confirmation { tag: dialog.remote_tag.clone(), ack: Some((flow, ack)) });
    Some((dialog, flow))
}
