//! What the server asks of the phone.

use bytes::Bytes;
use rsip::headers::{Header, UntypedHeader};
use rsip::{Method, Request};
use turno_ground::Moment;

use crate::call::{Call, Life};
use crate::client::{GIVE_UP, T1, T2};
use crate::event::{CallId, PhoneEvent};
use crate::phone::{Deadline, Phone};
use crate::reading;
use crate::server::{Server, ServerKey};
use crate::writing::{self, Reply};

impl Phone {
    pub(crate) fn on_request(&mut self, request: Request, now: Moment) {
        let name = transaction_name(&request);
        let known = self.by_name.get(&name).copied();
        if request.method == Method::Ack {
            match known.and_then(|key| Some((key, self.servers.get_mut(&key)?))) {
                Some((key, server)) => {
                    server.is_acknowledged = true;
                    self.timers.cancel(&Deadline::RepeatRefusal(key));
                }
                None => self.on_ack(&request, now),
            }
            return;
        }
        if let Some(key) = known {
            let last = self.servers.get(&key).and_then(|server| server.last.clone());
            return last.into_iter().for_each(|bytes| self.transmit(bytes));
        }
        let key = ServerKey(self.number());
        let method = request.method;
        let server = Server {
            name: name.clone(),
            request,
            last: None,
            is_final: false,
            is_acknowledged: false,
            interval: T1,
        };
        self.by_name.insert(name, key);
        self.servers.insert(key, server);
        match method {
            Method::Cancel => self.on_cancel(key, now),
            Method::Register | Method::Publish | Method::Subscribe | Method::Message | Method::PRack => {
                self.confused(format!("{method}, which we do not allow"));
                self.respond(key, 405, now);
            }
            Method::Invite
            | Method::Bye
            | Method::Info
            | Method::Notify
            | Method::Options
            | Method::Refer
            | Method::Update
            | Method::Ack => self.on_fresh_request(key, method, now),
        }
    }

    /// Answers with nothing but a status.
    pub(crate) fn respond(&mut self, key: ServerKey, status: u16, now: Moment) {
        self.respond_fully(key, status, Vec::new(), None, now);
    }

    /// Answers, keeps the answer for repetitions, and gives back its bytes.
    pub(crate) fn respond_fully(
        &mut self,
        key: ServerKey,
        status: u16,
        extra: Vec<Header>,
        body: Option<writing::Body>,
        now: Moment,
    ) -> Option<Bytes> {
        let request = &self.servers.get(&key)?.request;
        let is_invite = request.method == Method::Invite;
        let tag = reading::call_id(&request.headers)
            .and_then(|id| self.by_sip_id.get(id))
            .and_then(|id| self.calls.get(id))
            .map(|call| call.local_tag.clone());
        let tag = tag.unwrap_or_else(|| String::from_utf8_lossy(&self.dice.token::<16>()).into_owned());
        let contact = (is_invite && status < 300).then_some(self.contact.as_str());
        let response = writing::response(request, &tag, Reply { status, contact, extra, body });
        let bytes = Bytes::from(response.to_string());
        self.transmit(bytes.clone());
        let server = self.servers.get_mut(&key)?;
        server.last = Some(bytes.clone());
        if status >= 200 {
            server.is_final = true;
            self.timers.set(Deadline::Forget(key), now + GIVE_UP);
            if is_invite && status >= 300 && !self.transport.is_reliable() {
                self.timers.set(Deadline::RepeatRefusal(key), now + T1);
            }
        }
        Some(bytes)
    }

    pub(crate) fn on_repeat_refusal(&mut self, key: ServerKey, now: Moment) {
        let Some(server) = self.servers.get_mut(&key) else { return };
        server.interval = (server.interval * 2).min(T2);
        self.timers.set(Deadline::RepeatRefusal(key), now + server.interval);
        if let Some(bytes) = server.last.clone() {
            self.transmit(bytes);
        }
    }

    pub(crate) fn on_forget(&mut self, key: ServerKey) {
        let Some(server) = self.servers.remove(&key) else { return };
        self.by_name.remove(&server.name);
        self.timers.cancel(&Deadline::RepeatRefusal(key));
        let code = server.last.as_deref().and_then(|bytes| bytes.get(8..9));
        let refused = server.request.method == Method::Invite && code.is_some_and(|code| code > &b"2"[..]);
        if refused && !server.is_acknowledged {
            self.confused("our refusal of an INVITE was never acknowledged".to_owned());
        }
    }

    pub(crate) fn on_repeat_answer(&mut self, id: CallId, now: Moment) {
        let Some(unconfirmed) = self.calls.get_mut(&id).and_then(|call| call.unconfirmed.as_mut()) else {
            return;
        };
        unconfirmed.interval = (unconfirmed.interval * 2).min(T2);
        let bytes = unconfirmed.bytes.clone();
        self.timers.set(Deadline::RepeatAnswer(id), now + unconfirmed.interval);
        self.transmit(bytes);
    }

    pub(crate) fn on_no_ack(&mut self, id: CallId, now: Moment) {
        self.confused("our 200 to INVITE was never acknowledged".to_owned());
        self.hang_up(id, now);
    }

    pub(crate) fn on_behave(&mut self, id: CallId, now: Moment) {
        match self.settings.behaviour.refuse_with {
            Some(status) => self.refuse(id, status, now),
            None => self.answer(id, now),
        }
    }

    fn on_ack(&mut self, request: &Request, now: Moment) {
        let call = reading::call_id(&request.headers).and_then(|id| self.by_sip_id.get(id)).copied();
        let Some((id, call)) = call.and_then(|id| Some((id, self.calls.get_mut(&id)?))) else {
            return self.confused("ACK for no call of ours".to_owned());
        };
        let Some(unconfirmed) = call.unconfirmed.take() else { return };
        self.timers.cancel(&Deadline::RepeatAnswer(id));
        self.timers.cancel(&Deadline::NoAck(id));
        if unconfirmed.offers {
            match call.negotiation.answered(&request.body) {
                Ok(agreed) => self.tell_media(id, agreed),
                Err(error) => {
                    self.confused(format!("the answer in an ACK: {error}"));
                    return self.hang_up(id, now);
                }
            }
        }
        if self.calls.get(&id).is_some_and(|call| call.life == Life::Answering) {
            self.confirm(id, now);
        }
    }

    fn on_cancel(&mut self, key: ServerKey, now: Moment) {
        let Some(server) = self.servers.get(&key) else { return };
        let name = format!("{} INVITE", server.name.trim_end_matches(" CANCEL"));
        let Some(invite) = self.by_name.get(&name).copied() else {
            self.confused("CANCEL for no INVITE".to_owned());
            return self.respond(key, 481, now);
        };
        self.respond(key, 200, now);
        let id =
            self.calls.iter().find_map(|(id, call)| (call.life == Life::Alerting { invite }).then_some(*id));
        if let Some(id) = id {
            self.respond(invite, 487, now);
            self.end(id, PhoneEvent::Ended { call: id, by_us: false }, now);
        }
    }

    /// A request that starts or stands in a dialog, or stands alone.
    fn on_fresh_request(&mut self, key: ServerKey, method: Method, now: Moment) {
        let Some(server) = self.servers.get(&key) else { return };
        let headers = &server.request.headers;
        let has_tag = reading::to(headers).and_then(reading::tag).is_some();
        let id = reading::call_id(headers).and_then(|id| self.by_sip_id.get(id)).copied();
        match (has_tag, id) {
            (true, Some(id)) => self.on_request_in_dialog(key, id, method, now),
            (true, None) => {
                self.confused(format!("{method} in a dialog that we do not know"));
                self.respond(key, 481, now);
            }
            (false, Some(_)) => {
                self.confused(format!("{method} without a tag for a call that we know"));
                self.respond(key, 482, now);
            }
            (false, None) if method == Method::Invite => self.on_invite(key, now),
            (false, None) if matches!(method, Method::Options | Method::Notify) => {
                self.respond_fully(key, 200, vec![writing::allow()], None, now);
            }
            (false, None) => {
                self.confused(format!("{method} outside of a dialog"));
                self.respond(key, 481, now);
            }
        }
    }

    fn on_invite(&mut self, key: ServerKey, now: Moment) {
        let Some(request) = self.servers.get(&key).map(|server| server.request.clone()) else { return };
        let headers = &request.headers;
        let (Some(from), Some(to), Some(sip_id), Some((cseq, _))) =
            (reading::from(headers), reading::to(headers), reading::call_id(headers), reading::cseq(headers))
        else {
            return;
        };
        let Some(target) = reading::contact(headers) else {
            self.confused("INVITE without Contact".to_owned());
            return self.respond(key, 400, now);
        };
        if self.calls_standing() >= self.settings.behaviour.calls_max {
            return self.respond(key, 486, now);
        }
        let is_savp = reading::offers_savp(&request.body);
        if self.settings.behaviour.savp_alone && !is_savp {
            return self.respond(key, 488, now);
        }
        let id = CallId(self.number());
        let local_tag = self.token();
        let lane = self.take_lane();
        let negotiation = self.negotiation(lane);
        let call = Call {
            life: Life::Alerting { invite: key },
            sip_id: sip_id.to_owned(),
            local: format!("{to};tag={local_tag}"),
            local_tag,
            remote: from.to_owned(),
            remote_tag: reading::tag(from).map(str::to_owned),
            local_cseq: 0,
            remote_cseq: Some(cseq),
            target: target.to_owned(),
            routes: reading::record_routes(headers),
            negotiation,
            lane,
            held: false,
            wish: None,
            reinviting: false,
            late_offer: false,
            ack: None,
            unconfirmed: None,
            transferring: false,
            peer_left: false,
        };
        self.by_sip_id.insert(sip_id.to_owned(), id);
        self.calls.insert(id, call);
        self.tell(PhoneEvent::Incoming {
            call: id,
            caller: reading::user(reading::address(from)),
            display: reading::display(from),
            asserted: reading::other(headers, "P-Asserted-Identity")
                .map(|value| reading::user(reading::address(value))),
        });
        let behaviour = &self.settings.behaviour;
        let delay = behaviour.answer_after.or(behaviour.refuse_with.map(|_| core::time::Duration::ZERO));
        if behaviour.refuse_with.is_none() || delay.is_some_and(|delay| !delay.is_zero()) {
            self.respond(key, 180, now);
        }
        match delay {
            Some(delay) if delay.is_zero() => self.on_behave(id, now),
            Some(delay) => self.timers.set(Deadline::Behave(id), now + delay),
            None => {}
        }
    }

    fn on_request_in_dialog(&mut self, key: ServerKey, id: CallId, method: Method, now: Moment) {
        let (Some(server), Some(call)) = (self.servers.get(&key), self.calls.get_mut(&id)) else { return };
        let headers = &server.request.headers;
        let tag = |value: Option<&str>| value.and_then(reading::tag).map(str::to_owned);
        if tag(reading::to(headers)).as_ref() != Some(&call.local_tag)
            || call.remote_tag.is_some() && tag(reading::from(headers)) != call.remote_tag
        {
            self.confused(format!("{method} with tags of another dialog"));
            return self.respond(key, 481, now);
        }
        let number = reading::cseq(headers).map_or(0, |(number, _)| number);
        if call.remote_cseq.is_some_and(|last| number <= last) {
            self.confused(format!("{method} whose CSeq went back to {number}"));
            return self.respond(key, 500, now);
        }
        call.remote_cseq = Some(number);
        if matches!(method, Method::Invite | Method::Update)
            && let Some(target) = reading::contact(headers)
        {
            call.target = target.to_owned();
        }
        if method == Method::Bye {
            call.peer_left = true;
            self.respond(key, 200, now);
            return self.end(id, PhoneEvent::Ended { call: id, by_us: false }, now);
        }
        if !call.is_alive() {
            return self.respond(key, 481, now);
        }
        match method {
            Method::Invite => self.on_reinvite(key, id, now),
            Method::Update => self.on_update(key, id, now),
            Method::Notify => self.on_notify(key, id, now),
            Method::Refer => self.respond(key, 603, now),
            Method::Options | Method::Info => {
                self.respond_fully(key, 200, vec![writing::allow()], None, now);
            }
            Method::Bye
            | Method::Ack
            | Method::Cancel
            | Method::Register
            | Method::Publish
            | Method::Subscribe
            | Method::Message
            | Method::PRack => self.respond(key, 405, now),
        }
    }

    fn on_reinvite(&mut self, key: ServerKey, id: CallId, now: Moment) {
        let (Some(server), Some(call)) = (self.servers.get(&key), self.calls.get_mut(&id)) else { return };
        if call.reinviting {
            return self.respond(key, 491, now);
        }
        if call.life != Life::Talking || call.unconfirmed.is_some() {
            let retry = vec![Header::RetryAfter(rsip::headers::RetryAfter::new("1"))];
            self.respond_fully(key, 500, retry, None, now);
            return;
        }
        if server.request.body.is_empty() {
            let sdp = call.negotiation.offer(call.wanted());
            return self.respond_with_sdp(id, key, sdp, true, now);
        }
        match call.negotiation.answer(&server.request.body, call.wanted(), None) {
            Ok((sdp, agreed)) => {
                self.respond_with_sdp(id, key, sdp, false, now);
                self.tell_media(id, agreed);
            }
            Err(error) => {
                self.confused(format!("a re-INVITE's offer: {error}"));
                self.respond(key, 488, now);
            }
        }
    }

    fn on_update(&mut self, key: ServerKey, id: CallId, now: Moment) {
        let (Some(server), Some(call)) = (self.servers.get(&key), self.calls.get_mut(&id)) else { return };
        if server.request.body.is_empty() {
            return self.respond(key, 200, now);
        }
        if call.reinviting || call.unconfirmed.is_some() {
            return self.respond(key, 491, now);
        }
        match call.negotiation.answer(&server.request.body, call.wanted(), None) {
            Ok((sdp, agreed)) => {
                self.respond_fully(key, 200, Vec::new(), Some((writing::SDP, sdp)), now);
                self.tell_media(id, agreed);
            }
            Err(error) => {
                self.confused(format!("an UPDATE's offer: {error}"));
                self.respond(key, 488, now);
            }
        }
    }

    /// NOTIFY in a call tells how a transfer goes (RFC 3515, 2.4.5).
    fn on_notify(&mut self, key: ServerKey, id: CallId, now: Moment) {
        let Some(server) = self.servers.get(&key) else { return };
        let line = String::from_utf8_lossy(&server.request.body);
        let status = line
            .strip_prefix("SIP/2.0 ")
            .and_then(|rest| rest.split([' ', '\r', '\n']).next())
            .and_then(|status| status.parse::<u16>().ok());
        self.respond(key, 200, now);
        let Some(status) = status else {
            return self.confused("NOTIFY in a call without a fragment of SIP".to_owned());
        };
        let Some(call) = self.calls.get_mut(&id) else { return };
        if status < 200 || !core::mem::take(&mut call.transferring) {
            return;
        }
        self.tell(PhoneEvent::TransferResult { call: id, status });
        if status < 300 {
            self.hang_up(id, now);
        }
    }
}

/// What tells a request from all others (RFC 3261, 17.2.3): branch, sent-by, and the method, where ACK is INVITE's.
fn transaction_name(request: &Request) -> String {
    let via = reading::via(&request.headers).unwrap_or_default();
    let branch = reading::parameter(via, "branch").unwrap_or_default();
    let sent_by = via.split(';').next().and_then(|start| start.split_whitespace().nth(1)).unwrap_or_default();
    let method = if request.method == Method::Ack { Method::Invite } else { request.method };
    format!("{sent_by} {branch} {method}")
}
