//! The calls of a phone: looked up by Call-ID, with the requests and responses in their dialogs.

use core::time::Duration;
use std::collections::BTreeMap;

use bytes::Bytes;
use rsip::headers::Header;
use rsip::{Method, Request};
use turno_ground::{Lookup, Moment};
use turno_media_plan::sdp::Agreed;

use crate::call::{Call, Life, Unconfirmed};
use crate::client::{self, Purpose, T1, T2};
use crate::deadline::Deadline;
use crate::event::{CallId, PhoneEvent};
use crate::reading;
use crate::server::ServerKey;
use crate::wire::Wire;
use crate::writing::{self, Draft, SDP};

/// The calls of a phone.
#[derive(Debug)]
pub(crate) struct Calls {
    by_id: BTreeMap<CallId, Call>,
    by_sip_id: Lookup<String, CallId>,
}

impl Calls {
    pub(crate) fn new(seed: u64) -> Self {
        Self { by_id: BTreeMap::new(), by_sip_id: Lookup::new(seed) }
    }

    pub(crate) fn add(&mut self, id: CallId, call: Call) {
        self.by_sip_id.insert(call.sip_id.clone(), id);
        self.by_id.insert(id, call);
    }

    pub(crate) fn remove(&mut self, id: CallId) {
        if let Some(call) = self.by_id.remove(&id) {
            self.by_sip_id.remove(&call.sip_id);
        }
    }

    pub(crate) fn at(&mut self, id: CallId) -> Option<&mut Call> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn see(&self, id: CallId) -> Option<&Call> {
        self.by_id.get(&id)
    }

    /// The call with this Call-ID.
    pub(crate) fn with_sip_id(&self, sip_id: &str) -> Option<CallId> {
        self.by_sip_id.get(sip_id).copied()
    }

    /// The call that this INVITE makes ring.
    pub(crate) fn alerted_by(&self, invite: ServerKey) -> Option<CallId> {
        self.by_id.iter().find_map(|(id, call)| (call.life == Life::Alerting { invite }).then_some(*id))
    }

    /// The number of calls that are not over.
    pub(crate) fn standing(&self) -> usize {
        self.by_id.values().filter(|call| call.is_alive()).count()
    }

    /// Whether a call is confirmed and not over.
    pub(crate) fn is_talking(&self, id: CallId) -> bool {
        self.by_id.get(&id).is_some_and(|call| call.life == Life::Talking)
    }

    /// The next CSeq number of a call.
    pub(crate) fn next_cseq(&mut self, id: CallId) -> Option<u32> {
        let call = self.by_id.get_mut(&id)?;
        call.local_cseq += 1;
        Some(call.local_cseq)
    }

    /// Sends a request inside the dialog of `id`.
    pub(crate) fn ask_in_dialog(
        &mut self,
        wire: &mut Wire,
        id: CallId,
        (purpose, method): (Purpose, Method),
        (extra, body): (Vec<Header>, Option<writing::Body>),
        now: Moment,
    ) {
        if self.next_cseq(id).is_none() {
            return;
        }
        let Some(call) = self.by_id.get(&id) else { return };
        wire.ask(purpose, now, |station, via| {
            dialog_request(call, method, (station.contact(), via), extra, body)
        });
    }

    /// Answers with only a status.
    pub(crate) fn respond(&self, wire: &mut Wire, key: ServerKey, status: u16, now: Moment) {
        self.respond_fully(wire, key, status, (Vec::new(), None), now);
    }

    /// Answers with our tag of the request's call; returns the response's bytes.
    pub(crate) fn respond_fully(
        &self,
        wire: &mut Wire,
        key: ServerKey,
        status: u16,
        extra_and_body: (Vec<Header>, Option<writing::Body>),
        now: Moment,
    ) -> Option<Bytes> {
        let id = reading::call_id(&wire.request(key)?.headers).and_then(|id| self.by_sip_id.get(id));
        let tag = id.and_then(|id| self.by_id.get(id)).map(|call| call.local_tag.clone());
        wire.respond(key, (status, tag), extra_and_body, now)
    }

    /// Answers an INVITE with 200 and retransmits it until the ACK.
    pub(crate) fn respond_with_sdp(
        &mut self,
        wire: &mut Wire,
        (id, invite): (CallId, ServerKey),
        (sdp, offers): (Bytes, bool),
        now: Moment,
    ) {
        if let Some(bytes) = self.respond_fully(wire, invite, 200, (Vec::new(), Some((SDP, sdp))), now)
            && let Some(call) = self.by_id.get_mut(&id)
        {
            call.unconfirmed = Some(Unconfirmed { bytes, interval: T1, offers });
            wire.base.timers.set(Deadline::RepeatAnswer(id), now + T1);
            wire.base.timers.set(Deadline::NoAck(id), now + client::GIVE_UP);
        }
    }

    pub(crate) fn on_repeat_answer(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        let Some(unconfirmed) = self.by_id.get_mut(&id).and_then(|call| call.unconfirmed.as_mut()) else {
            return;
        };
        unconfirmed.interval = (unconfirmed.interval * 2).min(T2);
        let bytes = unconfirmed.bytes.clone();
        wire.base.timers.set(Deadline::RepeatAnswer(id), now + unconfirmed.interval);
        wire.base.transmit(bytes);
    }

    /// Acknowledges a 200 to INVITE (RFC 3261, 13.2.2.4): the same CSeq number, a new branch.
    pub(crate) fn acknowledge(
        &mut self,
        wire: &mut Wire,
        id: CallId,
        headers: &rsip::Headers,
        body: Option<writing::Body>,
    ) {
        let Some((number, _)) = reading::cseq(headers) else { return };
        let via = wire.via_of_ack();
        let Some(call) = self.by_id.get_mut(&id) else { return };
        let last = core::mem::replace(&mut call.local_cseq, number);
        let ack = dialog_request(call, Method::Ack, (wire.base.station.contact(), via), Vec::new(), body);
        let bytes = Bytes::from(ack.to_string());
        call.local_cseq = last;
        call.ack = Some((number, bytes.clone()));
        wire.base.transmit(bytes);
    }

    /// Sends our ACK of the 200 with this CSeq number again.
    pub(crate) fn acknowledge_again(&self, wire: &mut Wire, id: CallId, number: Option<u32>) {
        let ack = self.by_id.get(&id).and_then(|call| call.ack.as_ref());
        if let Some((_, bytes)) = ack.filter(|(cseq, _)| Some(*cseq) == number) {
            wire.base.transmit(bytes.clone());
        }
    }

    /// Reports the media that was agreed for a call.
    pub(crate) fn report_media(&self, wire: &mut Wire, id: CallId, agreed: Agreed) {
        let Some(call) = self.by_id.get(&id) else { return };
        let local_rtp = wire.base.station.rtp_of(call.lane);
        let Agreed { remote: remote_rtp, encoding, direction, srtp: _ } = agreed;
        wire.base.report(PhoneEvent::Media { call: id, local_rtp, remote_rtp, encoding, direction });
    }

    /// Marks a call as confirmed and reports it.
    pub(crate) fn confirm(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        let Some(call) = self.by_id.get_mut(&id) else { return };
        call.life = Life::Talking;
        let agreed = call.negotiation.agreed().copied();
        if let Some(span) = wire.base.station.settings.behaviour.talk_for {
            wire.base.timers.set(Deadline::TalkedEnough(id), now + span);
        }
        wire.base.report(PhoneEvent::Answered {
            call: id,
            remote_rtp: agreed.map(|agreed| agreed.remote),
            codec: agreed.map(|agreed| agreed.encoding.codec),
        });
    }

    /// Ends a call and reports `event`. Its dialog stays for a while so that crossing requests find it.
    pub(crate) fn end(&mut self, wire: &mut Wire, id: CallId, event: PhoneEvent, now: Moment) {
        let Some(call) = self.by_id.get_mut(&id) else { return };
        if !call.is_alive() {
            return;
        }
        call.life = Life::Ended;
        call.unconfirmed = None;
        wire.base.station.give_lane_back(call.lane);
        for deadline in [
            Deadline::RepeatAnswer(id),
            Deadline::NoAck(id),
            Deadline::Behave(id),
            Deadline::TalkedEnough(id),
            Deadline::TryAgain(id),
        ] {
            wire.base.timers.cancel(&deadline);
        }
        wire.base.timers.set(Deadline::Remove(id), now + client::GIVE_UP + Duration::from_secs(1));
        wire.base.report(event);
    }
}

/// A request inside the dialog of a call, with the call's current CSeq number.
pub(crate) fn dialog_request(
    call: &Call,
    method: Method,
    (contact, via): (&str, String),
    extra: Vec<Header>,
    body: Option<writing::Body>,
) -> Request {
    let contact = matches!(method, Method::Invite | Method::Refer).then_some(contact);
    writing::request(Draft {
        method,
        target: &call.target,
        via,
        routes: &call.routes,
        from: &call.local,
        to: &call.remote,
        call_id: &call.sip_id,
        cseq: call.local_cseq,
        contact,
        extra,
        body,
    })
}
