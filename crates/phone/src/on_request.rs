//! Handles the server's requests for the phone's calls.

use rsip::headers::{Header, UntypedHeader};
use rsip::{Method, Request};
use turno_ground::Moment;

use crate::call::{Call, Life};
use crate::calls::Calls;
use crate::client::Wish;
use crate::deadline::Deadline;
use crate::event::{CallId, PhoneEvent};
use crate::reading;
use crate::server::ServerKey;
use crate::wire::Wire;
use crate::writing;

impl Calls {
    /// Answers a request of the server.
    pub(crate) fn on_request(&mut self, wire: &mut Wire, key: ServerKey, method: Method, now: Moment) {
        match method {
            Method::Cancel => self.on_cancel(wire, key, now),
            Method::Register | Method::Publish | Method::Subscribe | Method::Message | Method::PRack => {
                wire.base.confused(format!("{method}, which we do not allow"));
                self.respond(wire, key, 405, now);
            }
            Method::Invite
            | Method::Bye
            | Method::Info
            | Method::Notify
            | Method::Options
            | Method::Refer
            | Method::Update
            | Method::Ack => self.on_fresh_request(wire, key, method, now),
        }
    }

    pub(crate) fn on_ack(&mut self, wire: &mut Wire, request: &Request, now: Moment) {
        let call = reading::call_id(&request.headers).and_then(|id| self.with_sip_id(id));
        let Some((id, call)) = call.and_then(|id| Some((id, self.at(id)?))) else {
            return wire.base.confused("ACK for no call of ours".to_owned());
        };
        let Some(unconfirmed) = call.unconfirmed.take() else { return };
        wire.base.timers.cancel(&Deadline::RepeatAnswer(id));
        wire.base.timers.cancel(&Deadline::NoAck(id));
        if unconfirmed.offers {
            match call.negotiation.answered(&request.body) {
                Ok(agreed) => self.report_media(wire, id, agreed),
                Err(error) => {
                    wire.base.confused(format!("the answer in an ACK: {error}"));
                    return self.hang_up(wire, id, now);
                }
            }
        }
        if self.see(id).is_some_and(|call| call.life == Life::Answering) {
            self.confirm(wire, id, now);
        }
    }

    fn on_cancel(&mut self, wire: &mut Wire, key: ServerKey, now: Moment) {
        let Some(invite) = wire.invite_of(key) else {
            wire.base.confused("CANCEL for no INVITE".to_owned());
            return self.respond(wire, key, 481, now);
        };
        self.respond(wire, key, 200, now);
        if let Some(id) = self.alerted_by(invite) {
            self.respond(wire, invite, 487, now);
            self.end(wire, id, PhoneEvent::Ended { call: id, by_us: false }, now);
        }
    }

    /// Handles a request that starts a dialog, belongs to one, or belongs to none.
    fn on_fresh_request(&mut self, wire: &mut Wire, key: ServerKey, method: Method, now: Moment) {
        let Some(request) = wire.request(key) else { return };
        let headers = &request.headers;
        let has_tag = reading::to(headers).and_then(reading::tag).is_some();
        let id = reading::call_id(headers).and_then(|id| self.with_sip_id(id));
        match (has_tag, id) {
            (true, Some(id)) => self.on_request_in_dialog(wire, key, id, method, now),
            (true, None) => {
                wire.base.confused(format!("{method} in a dialog that we do not know"));
                self.respond(wire, key, 481, now);
            }
            (false, Some(_)) => {
                wire.base.confused(format!("{method} without a tag for a call that we know"));
                self.respond(wire, key, 482, now);
            }
            (false, None) if method == Method::Invite => self.on_invite(wire, key, now),
            (false, None) if matches!(method, Method::Options | Method::Notify) => {
                self.respond_fully(wire, key, 200, (vec![writing::allow()], None), now);
            }
            (false, None) => {
                wire.base.confused(format!("{method} outside of a dialog"));
                self.respond(wire, key, 481, now);
            }
        }
    }

    fn on_invite(&mut self, wire: &mut Wire, key: ServerKey, now: Moment) {
        let Some(request) = wire.request(key).cloned() else { return };
        let headers = &request.headers;
        let (Some(from), Some(to), Some(sip_id), Some((cseq, _))) =
            (reading::from(headers), reading::to(headers), reading::call_id(headers), reading::cseq(headers))
        else {
            return;
        };
        let Some(target) = reading::contact(headers) else {
            wire.base.confused("INVITE without Contact".to_owned());
            return self.respond(wire, key, 400, now);
        };
        if self.standing() >= wire.base.station.settings.behaviour.calls_max {
            return self.respond(wire, key, 486, now);
        }
        let is_savp = reading::offers_savp(&request.body);
        if wire.base.station.settings.behaviour.savp_alone && !is_savp {
            return self.respond(wire, key, 488, now);
        }
        let id = CallId(wire.base.station.number());
        let local_tag = wire.base.station.token();
        let lane = wire.base.station.take_lane();
        let negotiation = wire.base.station.negotiation(lane);
        let call = Call {
            sip_id: sip_id.to_owned(),
            local: format!("{to};tag={local_tag}"),
            local_tag,
            remote: from.to_owned(),
            remote_tag: reading::tag(from).map(str::to_owned),
            remote_cseq: Some(cseq),
            target: target.to_owned(),
            routes: reading::record_routes(headers),
            ..Call::new(Life::Alerting { invite: key }, negotiation, lane)
        };
        self.add(id, call);
        wire.base.report(PhoneEvent::Incoming {
            call: id,
            caller: reading::user(reading::address(from)),
            display: reading::display(from),
            asserted: reading::other(headers, "P-Asserted-Identity")
                .map(|value| reading::user(reading::address(value))),
        });
        let behaviour = &wire.base.station.settings.behaviour;
        let delay = behaviour.answer_after.or(behaviour.refuse_with.map(|_| core::time::Duration::ZERO));
        if behaviour.refuse_with.is_none() || delay.is_some_and(|delay| !delay.is_zero()) {
            let says = if behaviour.takes_orders { vec![writing::allow_talk()] } else { Vec::new() };
            self.respond_fully(wire, key, 180, (says, None), now);
        }
        match delay {
            Some(delay) if delay.is_zero() => self.behave(wire, id, now),
            Some(delay) => wire.base.timers.set(Deadline::Behave(id), now + delay),
            None => {}
        }
    }

    fn on_request_in_dialog(
        &mut self,
        wire: &mut Wire,
        key: ServerKey,
        id: CallId,
        method: Method,
        now: Moment,
    ) {
        let (Some(request), Some(call)) = (wire.request(key), self.at(id)) else { return };
        let headers = &request.headers;
        let tag = |value: Option<&str>| value.and_then(reading::tag).map(str::to_owned);
        if tag(reading::to(headers)).as_ref() != Some(&call.local_tag)
            || call.remote_tag.is_some() && tag(reading::from(headers)) != call.remote_tag
        {
            wire.base.confused(format!("{method} with tags of another dialog"));
            return self.respond(wire, key, 481, now);
        }
        let number = reading::cseq(headers).map_or(0, |(number, _)| number);
        if call.remote_cseq.is_some_and(|last| number <= last) {
            wire.base.confused(format!("{method} whose CSeq went back to {number}"));
            return self.respond(wire, key, 500, now);
        }
        call.remote_cseq = Some(number);
        if matches!(method, Method::Invite | Method::Update)
            && let Some(target) = reading::contact(headers)
        {
            call.target = target.to_owned();
        }
        if method == Method::Bye {
            call.peer_left = true;
            self.respond(wire, key, 200, now);
            return self.end(wire, id, PhoneEvent::Ended { call: id, by_us: false }, now);
        }
        if !call.is_alive() {
            return self.respond(wire, key, 481, now);
        }
        match method {
            Method::Invite => self.on_reinvite(wire, key, id, now),
            Method::Update => self.on_update(wire, key, id, now),
            Method::Notify => self.on_notify(wire, key, id, now),
            Method::Refer => self.respond(wire, key, 603, now),
            Method::Options | Method::Info => {
                self.respond_fully(wire, key, 200, (vec![writing::allow()], None), now);
            }
            Method::Bye
            | Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Publish
            | Method::Subscribe
            | Method::Message
            | Method::PRack => self.respond(wire, key, 405, now),
        }
    }

    fn on_reinvite(&mut self, wire: &mut Wire, key: ServerKey, id: CallId, now: Moment) {
        let (Some(request), Some(call)) = (wire.request(key), self.at(id)) else { return };
        if call.reinviting {
            return self.respond(wire, key, 491, now);
        }
        if call.life != Life::Talking || call.unconfirmed.is_some() {
            let retry = vec![Header::RetryAfter(rsip::headers::RetryAfter::new("1"))];
            self.respond_fully(wire, key, 500, (retry, None), now);
            return;
        }
        if request.body.is_empty() {
            let sdp = call.negotiation.offer(call.wanted());
            return self.respond_with_sdp(wire, (id, key), (sdp, true), now);
        }
        match call.negotiation.answer(&request.body, call.wanted(), None) {
            Ok((sdp, agreed)) => {
                self.respond_with_sdp(wire, (id, key), (sdp, false), now);
                self.report_media(wire, id, agreed);
            }
            Err(error) => {
                wire.base.confused(format!("a re-INVITE's offer: {error}"));
                self.respond(wire, key, 488, now);
            }
        }
    }

    fn on_update(&mut self, wire: &mut Wire, key: ServerKey, id: CallId, now: Moment) {
        let (Some(request), Some(call)) = (wire.request(key), self.at(id)) else { return };
        if request.body.is_empty() {
            return self.respond(wire, key, 200, now);
        }
        if call.reinviting || call.unconfirmed.is_some() {
            return self.respond(wire, key, 491, now);
        }
        match call.negotiation.answer(&request.body, call.wanted(), None) {
            Ok((sdp, agreed)) => {
                self.respond_fully(wire, key, 200, (Vec::new(), Some((writing::SDP, sdp))), now);
                self.report_media(wire, id, agreed);
            }
            Err(error) => {
                wire.base.confused(format!("an UPDATE's offer: {error}"));
                self.respond(wire, key, 488, now);
            }
        }
    }

    /// Handles a NOTIFY in a call, which reports the progress of a transfer (RFC 3515, 2.4.5).
    fn on_notify(&mut self, wire: &mut Wire, key: ServerKey, id: CallId, now: Moment) {
        let Some(request) = wire.request(key) else { return };
        if reading::is_event(&request.headers, "talk") {
            return self.on_talk(wire, key, id, now);
        }
        let line = String::from_utf8_lossy(&request.body);
        let status = line
            .strip_prefix("SIP/2.0 ")
            .and_then(|rest| rest.split([' ', '\r', '\n']).next())
            .and_then(|status| status.parse::<u16>().ok());
        self.respond(wire, key, 200, now);
        let Some(status) = status else {
            return wire.base.confused("NOTIFY in a call without a fragment of SIP".to_owned());
        };
        let Some(call) = self.at(id) else { return };
        if status < 200 || !core::mem::take(&mut call.transferring) {
            return;
        }
        wire.base.report(PhoneEvent::TransferResult { call: id, status });
        if status < 300 {
            self.hang_up(wire, id, now);
        }
    }

    /// The server tells the phone to answer, or to take the call back from hold.
    fn on_talk(&mut self, wire: &mut Wire, key: ServerKey, id: CallId, now: Moment) {
        if !wire.base.station.settings.behaviour.takes_orders {
            wire.base.confused("NOTIFY of talk, which we do not allow".to_owned());
            return self.respond(wire, key, 489, now);
        }
        self.respond(wire, key, 200, now);
        match self.see(id).map(|call| call.life) {
            Some(Life::Alerting { .. }) => self.answer(wire, id, now),
            Some(Life::Talking) => self.reinvite(wire, id, Wish::Resume, now),
            Some(Life::Calling { .. } | Life::Answering | Life::Ended) | None => {}
        }
    }
}
