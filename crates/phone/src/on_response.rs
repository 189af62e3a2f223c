//! What comes back to the phone's own requests.

use core::time::Duration;

use bytes::Bytes;
use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::{Method, Response};
use turno_ground::Moment;

use crate::call::Life;
use crate::client::{self, ClientKey, GIVE_UP, Phase, Purpose, T2, T4, Wish};
use crate::digest::Challenge;
use crate::event::{CallId, PhoneEvent};
use crate::phone::{Deadline, Phone, asking};
use crate::reading;
use crate::writing::{self, SDP};

/// How often a phone answers challenges for one request: once, and once more if the nonce was stale.
const CHALLENGES_MAX: u8 = 2;

impl Phone {
    /// Whether a request of ours has no final response yet.
    pub fn waits_for_answers(&self) -> bool {
        self.clients.values().any(|client| client.phase != Phase::Completed)
    }

    pub(crate) fn on_response(&mut self, response: Response, now: Moment) {
        let status = response.status_code.code();
        let Some(key) = self.client_of(&response) else {
            return self.confused(format!("{status} to nothing that we asked"));
        };
        let Some(client) = self.clients.get_mut(&key) else {
            return self.confused(format!("{status} to nothing that we asked"));
        };
        let purpose = client.purpose;
        if status < 200 {
            if client.phase == Phase::Completed {
                return;
            }
            client.phase = Phase::Proceeding;
            if client.is_invite() {
                self.timers.cancel(&Deadline::Repeat(key));
                self.timers.cancel(&Deadline::GiveUp(key));
                self.on_provisional(purpose, &response, now);
            } else {
                client.interval = T2;
            }
            return;
        }
        if client.phase == Phase::Completed {
            return self.on_repeated_final(key, &response);
        }
        client.phase = Phase::Completed;
        let is_invite = client.is_invite();
        if is_invite && status >= 300 {
            let ack = writing::beside(&client.request, Method::Ack, reading::to(&response.headers));
            let bytes = Bytes::from(ack.to_string());
            client.ack = Some(bytes.clone());
            self.transmit(bytes);
        }
        self.timers.cancel(&Deadline::Repeat(key));
        self.timers.set(Deadline::GiveUp(key), now + if is_invite { GIVE_UP } else { T4 });
        if matches!(status, 401 | 407) && self.on_challenge(key, &response, now) {
            return;
        }
        self.on_final(purpose, Some(&response), now);
    }

    pub(crate) fn on_repeat(&mut self, key: ClientKey, now: Moment) {
        let Some(client) = self.clients.get_mut(&key) else { return };
        client.interval *= 2;
        if !client.is_invite() {
            client.interval = client.interval.min(T2);
        }
        let bytes = client.bytes.clone();
        self.timers.set(Deadline::Repeat(key), now + client.interval);
        self.transmit(bytes);
    }

    pub(crate) fn on_give_up(&mut self, key: ClientKey, now: Moment) {
        self.timers.cancel(&Deadline::Repeat(key));
        let Some(client) = self.clients.remove(&key) else { return };
        match client.phase {
            Phase::Completed => {}
            Phase::Trying | Phase::Proceeding => self.on_final(client.purpose, None, now),
        }
    }

    pub(crate) fn on_try_again(&mut self, id: CallId, now: Moment) {
        if let Some(wish) = self.calls.get(&id).and_then(|call| call.wish) {
            self.reinvite(id, wish, now);
        }
    }

    /// The request that a response answers: by our branch and the method in CSeq (RFC 3261, 17.1.3).
    fn client_of(&self, response: &Response) -> Option<ClientKey> {
        // The typed reading meets the server's Via with rsip's own grammar.
        let line = reading::via(&response.headers)?;
        let via = rsip::headers::Via::new(line).typed().ok()?;
        let branch = via.branch()?.to_string();
        let (_, method) = reading::cseq(&response.headers)?;
        let key = ClientKey { number: client::number_of(&branch)?, is_cancel: method == Method::Cancel };
        let client = self.clients.get(&key)?;
        (client.branch == branch && client.request.method == method).then_some(key)
    }

    /// Sends the request again with credentials; false if that makes no sense.
    fn on_challenge(&mut self, key: ClientKey, response: &Response, now: Moment) -> bool {
        let Some(client) = self.clients.get(&key) else { return false };
        let Some(challenge) = Challenge::read(&response.headers) else {
            self.confused("a challenge that MD5 cannot answer".to_owned());
            return false;
        };
        let tried = client.answered_challenges;
        if tried >= CHALLENGES_MAX || tried == 1 && !challenge.stale {
            self.challenge = None;
            return false;
        }
        let mut request = client.request.clone();
        let purpose = client.purpose;
        let cseq = match purpose {
            Purpose::Register | Purpose::Unregister => {
                self.registration.cseq += 1;
                self.registration.cseq
            }
            Purpose::Invite(id)
            | Purpose::Reinvite(id, _)
            | Purpose::Bye(id)
            | Purpose::Refer(id)
            | Purpose::Info(id) => {
                let Some(call) = self.calls.get_mut(&id) else { return false };
                call.local_cseq += 1;
                call.local_cseq
            }
            Purpose::Cancel => return false,
        };
        let challenge = self.challenge.insert(challenge);
        let user = (self.settings.user.as_str(), self.settings.password.reveal());
        let (method, uri) = (request.method.to_string(), request.uri.to_string());
        let credentials = challenge.answer(user, (&method, &uri), &mut self.dice);
        let next = ClientKey { number: self.number(), is_cancel: false };
        let branch = client::branch(next.number, &self.dice.token::<16>());
        request = writing::again(&request, self.via(&branch), cseq, credentials);
        self.start(next, branch, request, purpose, tried + 1, now);
        if let Purpose::Invite(id) = purpose
            && let Some(call) = self.calls.get_mut(&id)
            && let Life::Calling { invite, provisional, .. } = &mut call.life
        {
            *invite = next;
            *provisional = false;
        }
        true
    }

    fn on_repeated_final(&mut self, key: ClientKey, response: &Response) {
        let Some(client) = self.clients.get(&key) else { return };
        let number = reading::cseq(&response.headers).map(|(number, _)| number);
        let again = match client.purpose {
            Purpose::Invite(id) | Purpose::Reinvite(id, _) if client.ack.is_none() => {
                let ack = self.calls.get(&id).and_then(|call| call.ack.as_ref());
                ack.filter(|(cseq, _)| Some(*cseq) == number).map(|(_, bytes)| bytes.clone())
            }
            Purpose::Invite(_)
            | Purpose::Reinvite(..)
            | Purpose::Register
            | Purpose::Unregister
            | Purpose::Bye(_)
            | Purpose::Cancel
            | Purpose::Refer(_)
            | Purpose::Info(_) => client.ack.clone(),
        };
        again.into_iter().for_each(|bytes| self.transmit(bytes));
    }

    fn on_provisional(&mut self, purpose: Purpose, response: &Response, now: Moment) {
        let Purpose::Invite(id) = purpose else { return };
        let status = response.status_code.code();
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Life::Calling { invite, provisional, hung_up } = &mut call.life else { return };
        let (invite, first, hung_up) = (*invite, !core::mem::replace(provisional, true), *hung_up);
        let tag = reading::to(&response.headers).and_then(reading::tag).map(str::to_owned);
        if status > 100 {
            call.remote_tag.clone_from(&tag);
        }
        if first && hung_up {
            self.send_cancel(invite, now);
        }
        if status == 100 {
            return;
        }
        if tag.is_none() {
            self.confused(format!("{status} without a tag in To"));
        }
        self.tell(PhoneEvent::Ringing { call: id, status });
        if !response.body.is_empty()
            && let Some(call) = self.calls.get_mut(&id)
            && !call.late_offer
        {
            match call.negotiation.answered(&response.body) {
                Ok(agreed) => self.tell_media(id, agreed),
                Err(error) => self.confused(format!("the answer in {status}: {error}")),
            }
        }
    }

    fn on_final(&mut self, purpose: Purpose, response: Option<&Response>, now: Moment) {
        let status = response.map_or(408, |response| response.status_code.code());
        match purpose {
            Purpose::Register | Purpose::Unregister => self.on_registered(purpose, response, now),
            Purpose::Invite(id) => match response {
                Some(response) if status < 300 => self.on_answered(id, response, now),
                Some(_) | None => self.on_refused(id, status, now),
            },
            Purpose::Reinvite(id, wish) => self.on_reinvited(id, wish, status, response, now),
            Purpose::Bye(id) => {
                let crossed = self.calls.get(&id).is_none_or(|call| call.peer_left);
                if status >= 300 && !(status == 481 && crossed) {
                    self.confused(format!("{status} to BYE"));
                }
            }
            // 481 means that the INVITE was answered on the way.
            Purpose::Cancel if matches!(status, 200..=299 | 481) => {}
            Purpose::Cancel => self.confused(format!("{status} to CANCEL")),
            Purpose::Refer(id) => {
                let Some(call) = self.calls.get_mut(&id) else { return };
                if status >= 300 && core::mem::take(&mut call.transferring) {
                    self.tell(PhoneEvent::TransferResult { call: id, status });
                }
            }
            Purpose::Info(id) => {
                let alive = self.calls.get(&id).is_some_and(crate::call::Call::is_alive);
                if status >= 300 && alive {
                    self.confused(format!("{status} to INFO"));
                }
            }
        }
    }

    fn on_refused(&mut self, id: CallId, status: u16, now: Moment) {
        let hung_up =
            self.calls.get(&id).is_some_and(|call| matches!(call.life, Life::Calling { hung_up: true, .. }));
        let event = if hung_up {
            PhoneEvent::Ended { call: id, by_us: true }
        } else {
            PhoneEvent::Refused { call: id, status }
        };
        self.end(id, event, now);
    }

    fn on_answered(&mut self, id: CallId, response: &Response, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Life::Calling { hung_up, .. } = call.life else { return };
        let headers = &response.headers;
        let to = reading::to(headers).unwrap_or_default();
        let tag = reading::tag(to).map(str::to_owned);
        let target = reading::contact(headers).map(str::to_owned);
        call.remote = to.to_owned();
        call.remote_tag = tag.clone();
        call.routes = reading::record_routes(headers);
        call.routes.reverse();
        if let Some(target) = &target {
            call.target.clone_from(target);
        }
        if call.late_offer && self.settings.behaviour.answers_no_late_offer && !hung_up {
            self.acknowledge(id, headers, None);
            return self.confirm(id, now);
        }
        let body = if call.late_offer {
            let answer = call.negotiation.answer(&response.body, asking(false), None);
            answer.map(|(sdp, agreed)| (Some((SDP, sdp)), agreed))
        } else if let Some(agreed) = call.negotiation.agreed().filter(|_| response.body.is_empty()) {
            Ok((None, *agreed)) // the answer came early, in a provisional response
        } else {
            call.negotiation.answered(&response.body).map(|agreed| (None, agreed))
        };
        let (body, agreed) = match body {
            Ok((body, agreed)) => (body, Ok(agreed)),
            Err(error) => (None, Err(error)),
        };
        self.acknowledge(id, headers, body);
        if tag.is_none() || target.is_none() {
            self.confused("a 200 to INVITE without a tag in To or without Contact".to_owned());
        }
        if hung_up {
            // Answered while our CANCEL was on its way: it becomes a BYE (RFC 3261, 15).
            if let Some(call) = self.calls.get_mut(&id) {
                call.life = Life::Talking;
            }
            return self.hang_up(id, now);
        }
        match agreed {
            Ok(agreed) => {
                self.tell_media(id, agreed);
                self.confirm(id, now);
            }
            Err(error) => {
                self.confused(format!("the SDP of a 200 to INVITE: {error}"));
                self.confirm(id, now);
                self.hang_up(id, now);
            }
        }
    }

    /// Acknowledges a 200 to INVITE (RFC 3261, 13.2.2.4): same CSeq number, same credentials, a branch of its own.
    fn acknowledge(&mut self, id: CallId, headers: &rsip::Headers, body: Option<writing::Body>) {
        let Some((number, _)) = reading::cseq(headers) else { return };
        // ACK is a transaction of its own that nothing answers: no request of ours has the number 0.
        let branch = client::branch(0, &self.dice.token::<16>());
        let via = self.via(&branch);
        let Some(call) = self.calls.get_mut(&id) else { return };
        let last = core::mem::replace(&mut call.local_cseq, number);
        let ack = self.dialog_request(id, Method::Ack, via, Vec::new(), body);
        let bytes = Bytes::from(ack.to_string());
        if let Some(call) = self.calls.get_mut(&id) {
            call.local_cseq = last;
            call.ack = Some((number, bytes.clone()));
        }
        self.transmit(bytes);
    }

    fn on_reinvited(
        &mut self,
        id: CallId,
        wish: Wish,
        status: u16,
        response: Option<&Response>,
        now: Moment,
    ) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.reinviting = false;
        match response {
            Some(response) if status < 300 => {
                if let Some(target) = reading::contact(&response.headers) {
                    call.target = target.to_owned();
                }
                let answer = call.negotiation.answered(&response.body);
                if call.wish == Some(wish) {
                    call.wish = None;
                }
                call.held = wish == Wish::Hold;
                self.acknowledge(id, &response.headers, None);
                match answer {
                    Ok(agreed) => self.tell_media(id, agreed),
                    Err(error) => self.confused(format!("the answer to a re-INVITE: {error}")),
                }
                self.tell(match wish {
                    Wish::Hold => PhoneEvent::Held { call: id },
                    Wish::Resume => PhoneEvent::Resumed { call: id },
                });
            }
            Some(_) if status == 491 && call.is_alive() => {
                // RFC 3261, 14.1: up to 2 s, in steps of 10 ms. The owner of the Call-ID would wait longer, but a
                // phone that always yields to the server is enough to end the glare.
                let delay = Duration::from_millis(10 * self.dice.below(200));
                self.timers.set(Deadline::TryAgain(id), now + delay);
            }
            Some(_) | None => {
                call.wish = None;
                let alive = call.is_alive();
                self.tell(PhoneEvent::HoldRefused { call: id, status });
                // RFC 3261, 14.1: the dialog is gone if the peer does not know it or does not answer.
                if matches!(status, 408 | 481) && alive {
                    self.hang_up(id, now);
                }
            }
        }
    }
}
