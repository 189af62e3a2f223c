//! What a person does with a phone.

use bytes::Bytes;
use rsip::Method;
use rsip::headers::Header;
use turno_ground::Moment;

use crate::call::{Call, Life, Unconfirmed};
use crate::client::{self, ClientKey, Purpose, T1, Wish};
use crate::event::{CallId, PhoneEvent};
use crate::phone::{Deadline, Phone, asking, escape};
use crate::settings::Identity;
use crate::writing::{self, SDP};

impl Phone {
    /// Dials `number` (digits, `*`, `#`, `+`).
    pub fn call(&mut self, number: &str, now: Moment) -> CallId {
        self.dial(None, number, true, now)
    }

    /// Dials `number` without an offer: the peer's 200 brings one, our ACK the answer.
    pub fn call_with_late_offer(&mut self, number: &str, now: Moment) -> CallId {
        self.dial(None, number, false, now)
    }

    /// Dials `number` as somebody: how a trunk brings its callers.
    pub fn call_as(&mut self, who: &Identity, number: &str, now: Moment) -> CallId {
        self.dial(Some(who), number, true, now)
    }

    /// Dials `number` as somebody without an offer.
    pub fn call_as_with_late_offer(&mut self, who: &Identity, number: &str, now: Moment) -> CallId {
        self.dial(Some(who), number, false, now)
    }

    /// Answers a call that rings here; nothing happens if it does not.
    pub fn answer(&mut self, id: CallId, now: Moment) {
        let Some(Life::Alerting { invite }) = self.calls.get(&id).map(|call| call.life) else { return };
        let Some(server) = self.servers.get(&invite) else { return };
        let offered = self.known_of(Bytes::from(server.request.body.clone()));
        let Some(call) = self.calls.get_mut(&id) else { return };
        let wanted = call.wanted();
        let offers = offered.is_empty();
        let sdp = if offers {
            Ok((call.negotiation.offer(wanted), None))
        } else {
            let answer = call.negotiation.answer(&offered, wanted, None);
            answer.map(|(sdp, agreed)| (sdp, Some(agreed)))
        };
        match sdp {
            Ok((sdp, agreed)) => {
                call.life = Life::Answering;
                self.timers.cancel(&Deadline::Behave(id));
                self.respond_with_sdp(id, invite, sdp, offers, now);
                if let Some(agreed) = agreed {
                    self.tell_media(id, agreed);
                }
            }
            Err(error) => {
                self.confused(format!("an INVITE's offer: {error}"));
                self.refuse(id, 488, now);
            }
        }
    }

    /// Refuses a call that rings here with `status` (300 to 699).
    pub fn refuse(&mut self, id: CallId, status: u16, now: Moment) {
        let Some(call) = self.calls.get(&id) else { return };
        let Life::Alerting { invite } = call.life else { return };
        self.respond(invite, status, now);
        self.end(id, PhoneEvent::Ended { call: id, by_us: true }, now);
    }

    /// Ends a call in whatever state it is: CANCEL, a refusal with 603, or BYE.
    pub fn hang_up(&mut self, id: CallId, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        match &mut call.life {
            Life::Calling { invite, provisional, hung_up } => {
                if !core::mem::replace(hung_up, true) && *provisional {
                    let invite = *invite;
                    self.send_cancel(invite, now);
                }
            }
            Life::Alerting { .. } => self.refuse(id, 603, now),
            Life::Answering | Life::Talking => {
                self.ask_in_dialog(id, Purpose::Bye(id), Method::Bye, (Vec::new(), None), now);
                self.end(id, PhoneEvent::Ended { call: id, by_us: true }, now);
            }
            Life::Ended => {}
        }
    }

    /// Puts the peer on hold.
    pub fn hold(&mut self, id: CallId, now: Moment) {
        self.reinvite(id, Wish::Hold, now);
    }

    /// Takes the peer back from hold.
    pub fn resume(&mut self, id: CallId, now: Moment) {
        self.reinvite(id, Wish::Resume, now);
    }

    /// Passes the peer on to `target` (an extension or number) without asking (RFC 5589, 6).
    pub fn blind_transfer(&mut self, id: CallId, target: &str, now: Moment) {
        let to = format!("<sip:{}@{}>", escape(target), self.settings.domain);
        self.refer(id, to, now);
    }

    /// Sends a REFER with this Refer-To, as it is written.
    pub fn refer_to(&mut self, id: CallId, refer_to: &str, now: Moment) {
        self.refer(id, refer_to.to_owned(), now);
    }

    /// Joins the peers of two calls: `call`'s peer replaces us in `consult` (RFC 5589, 7).
    pub fn attended_transfer(&mut self, id: CallId, consult: CallId, now: Moment) {
        let Some(other) = self.calls.get(&consult) else { return };
        let to = format!(
            "<{}?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
            other.remote_uri(),
            other.sip_id.replace('@', "%40"),
            other.remote_tag.as_deref().unwrap_or_default(),
            other.local_tag,
        );
        self.refer(id, to, now);
    }

    /// Sends a digit by INFO (`0`-`9`, `*`, `#`, `A`-`D`).
    pub fn send_digit_info(&mut self, id: CallId, digit: char, now: Moment) {
        if self.is_talking(id) {
            let body = Bytes::from(format!("Signal={digit}\r\nDuration=160\r\n"));
            let body = Some(("application/dtmf-relay", body));
            self.ask_in_dialog(id, Purpose::Info(id), Method::Info, (Vec::new(), body), now);
        }
    }

    pub(crate) fn reinvite(&mut self, id: CallId, wish: Wish, now: Moment) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.life != Life::Talking {
            return;
        }
        call.wish = Some(wish);
        if call.reinviting || call.unconfirmed.is_some() {
            self.timers.set(Deadline::TryAgain(id), now + T1);
            return;
        }
        call.reinviting = true;
        let sdp = call.negotiation.offer(asking(wish == Wish::Hold));
        let parts = (vec![writing::allow()], Some((SDP, sdp)));
        self.ask_in_dialog(id, Purpose::Reinvite(id, wish), Method::Invite, parts, now);
    }

    pub(crate) fn send_cancel(&mut self, invite: ClientKey, now: Moment) {
        let Some(client) = self.clients.get(&invite) else { return };
        let request = writing::beside(&client.request, Method::Cancel, None);
        let branch = client.branch.clone();
        let key = ClientKey { is_cancel: true, ..invite };
        self.start(key, branch, request, Purpose::Cancel, 0, now);
        // RFC 3261, 9.1: whatever becomes of the CANCEL, the INVITE itself is given up after 64 * T1.
        self.timers.set(Deadline::GiveUp(invite), now + client::GIVE_UP);
    }

    /// Answers an INVITE with 200 and repeats that until ACK.
    pub(crate) fn respond_with_sdp(
        &mut self,
        id: CallId,
        invite: crate::server::ServerKey,
        sdp: Bytes,
        offers: bool,
        now: Moment,
    ) {
        if let Some(bytes) = self.respond_fully(invite, 200, Vec::new(), Some((SDP, sdp)), now)
            && let Some(call) = self.calls.get_mut(&id)
        {
            call.unconfirmed = Some(Unconfirmed { bytes, interval: T1, offers });
            self.timers.set(Deadline::RepeatAnswer(id), now + T1);
            self.timers.set(Deadline::NoAck(id), now + client::GIVE_UP);
        }
    }

    fn dial(&mut self, who: Option<&Identity>, number: &str, with_offer: bool, now: Moment) -> CallId {
        let id = CallId(self.number());
        let local_tag = self.token();
        let mut extra = vec![writing::allow()];
        let own = match who {
            None => self.own.clone(),
            Some(who) => {
                let domain = &self.settings.domain;
                if let Some(asserted) = &who.asserted {
                    let value = format!("<sip:{}@{domain}>", escape(asserted));
                    extra.push(Header::Other("P-Asserted-Identity".to_owned(), value));
                }
                let name = if who.display.is_empty() { String::new() } else { quoted(&who.display) };
                format!("{name}<sip:{}@{domain}>", escape(&who.number))
            }
        };
        let lane = self.take_lane();
        let negotiation = self.negotiation(lane);
        let target = format!("sip:{}@{}", escape(number), self.settings.domain);
        let sip_id = self.token();
        let mut call = Call {
            life: Life::Ended,
            sip_id: sip_id.clone(),
            local: format!("{own};tag={local_tag}"),
            local_tag,
            remote: format!("<{target}>"),
            remote_tag: None,
            local_cseq: 1,
            remote_cseq: None,
            target,
            routes: Vec::new(),
            negotiation,
            lane,
            held: false,
            wish: None,
            reinviting: false,
            late_offer: !with_offer,
            ack: None,
            unconfirmed: None,
            transferring: false,
            peer_left: false,
        };
        let body = with_offer.then(|| call.negotiation.offer(asking(false)));
        let body = body.map(|offer| (SDP, self.known_of(offer)));
        self.by_sip_id.insert(sip_id, id);
        self.calls.insert(id, call);
        let invite = self.ask(Purpose::Invite(id), now, |phone, via| {
            phone.dialog_request(id, Method::Invite, via, extra, body)
        });
        if let Some(call) = self.calls.get_mut(&id) {
            call.life = Life::Calling { invite, provisional: false, hung_up: false };
        }
        id
    }

    fn refer(&mut self, id: CallId, to: String, now: Moment) {
        let own = self.own.clone();
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.life != Life::Talking || call.transferring {
            return;
        }
        call.transferring = true;
        let extra =
            vec![Header::Other("Refer-To".to_owned(), to), Header::Other("Referred-By".to_owned(), own)];
        self.ask_in_dialog(id, Purpose::Refer(id), Method::Refer, (extra, None), now);
    }
}

/// A display name as a quoted string, with the space before the bracket.
fn quoted(name: &str) -> String {
    format!("\"{}\" ", name.replace('\\', "\\\\").replace('"', "\\\""))
}
