//! What a person does with a call: answer, refuse, hang up, hold, transfer.

use bytes::Bytes;
use rsip::Method;
use rsip::headers::Header;
use turno_ground::Moment;

use crate::call::{Life, asking};
use crate::calls::Calls;
use crate::client::{Purpose, T1, Wish};
use crate::deadline::Deadline;
use crate::event::{CallId, PhoneEvent};
use crate::wire::Wire;
use crate::writing::{self, SDP};

impl Calls {
    /// Answers a call that rings here; does nothing for any other call.
    pub(crate) fn answer(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        let Some(Life::Alerting { invite }) = self.see(id).map(|call| call.life) else { return };
        let Some(request) = wire.request(invite) else { return };
        let offered = wire.base.station.known_of(Bytes::from(request.body.clone()));
        let Some(call) = self.at(id) else { return };
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
                wire.base.timers.cancel(&Deadline::Behave(id));
                self.respond_with_sdp(wire, (id, invite), (sdp, offers), now);
                if let Some(agreed) = agreed {
                    self.report_media(wire, id, agreed);
                }
            }
            Err(error) => {
                wire.base.confused(format!("an INVITE's offer: {error}"));
                self.refuse(wire, id, 488, now);
            }
        }
    }

    /// Answers or refuses automatically, as the settings say.
    pub(crate) fn behave(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        match wire.base.station.settings.behaviour.refuse_with {
            Some(status) => self.refuse(wire, id, status, now),
            None => self.answer(wire, id, now),
        }
    }

    /// Refuses a call that rings here with `status` (300 to 699).
    pub(crate) fn refuse(&mut self, wire: &mut Wire, id: CallId, status: u16, now: Moment) {
        let Some(Life::Alerting { invite }) = self.see(id).map(|call| call.life) else { return };
        self.respond(wire, invite, status, now);
        self.end(wire, id, PhoneEvent::Ended { call: id, by_us: true }, now);
    }

    /// Ends a call in any state: by CANCEL, a refusal with 603, or BYE.
    pub(crate) fn hang_up(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        let Some(call) = self.at(id) else { return };
        match &mut call.life {
            Life::Calling { invite, provisional, hung_up } => {
                if !core::mem::replace(hung_up, true) && *provisional {
                    wire.cancel_invite(*invite, now);
                }
            }
            Life::Alerting { .. } => self.refuse(wire, id, 603, now),
            Life::Answering | Life::Talking => {
                self.ask_in_dialog(wire, id, (Purpose::Bye(id), Method::Bye), (Vec::new(), None), now);
                self.end(wire, id, PhoneEvent::Ended { call: id, by_us: true }, now);
            }
            Life::Ended => {}
        }
    }

    /// Ends a call whose 200 is never acknowledged.
    pub(crate) fn on_no_ack(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        wire.base.confused("our 200 to INVITE was never acknowledged".to_owned());
        self.hang_up(wire, id, now);
    }

    pub(crate) fn reinvite(&mut self, wire: &mut Wire, id: CallId, wish: Wish, now: Moment) {
        let Some(call) = self.at(id) else { return };
        if call.life != Life::Talking {
            return;
        }
        call.wish = Some(wish);
        if call.reinviting || call.unconfirmed.is_some() {
            wire.base.timers.set(Deadline::TryAgain(id), now + T1);
            return;
        }
        call.reinviting = true;
        let sdp = call.negotiation.offer(asking(wish == Wish::Hold));
        let parts = (vec![writing::allow()], Some((SDP, sdp)));
        self.ask_in_dialog(wire, id, (Purpose::Reinvite(id, wish), Method::Invite), parts, now);
    }

    pub(crate) fn on_try_again(&mut self, wire: &mut Wire, id: CallId, now: Moment) {
        if let Some(wish) = self.see(id).and_then(|call| call.wish) {
            self.reinvite(wire, id, wish, now);
        }
    }

    /// Sends a REFER with this Refer-To.
    pub(crate) fn refer(&mut self, wire: &mut Wire, id: CallId, to: String, now: Moment) {
        let own = wire.base.station.own().to_owned();
        let Some(call) = self.at(id) else { return };
        if call.life != Life::Talking || call.transferring {
            return;
        }
        call.transferring = true;
        let extra =
            vec![Header::Other("Refer-To".to_owned(), to), Header::Other("Referred-By".to_owned(), own)];
        self.ask_in_dialog(wire, id, (Purpose::Refer(id), Method::Refer), (extra, None), now);
    }

    /// Connects the peers of two calls: the peer of `id` replaces us in `consult` (RFC 5589, 7).
    pub(crate) fn refer_to_call(&mut self, wire: &mut Wire, id: CallId, consult: CallId, now: Moment) {
        let Some(other) = self.see(consult) else { return };
        let to = format!(
            "<{}?Replaces={}%3Bto-tag%3D{}%3Bfrom-tag%3D{}>",
            other.remote_uri(),
            other.sip_id.replace('@', "%40"),
            other.remote_tag.as_deref().unwrap_or_default(),
            other.local_tag,
        );
        self.refer(wire, id, to, now);
    }

    /// Sends a digit by INFO (`0`-`9`, `*`, `#`, `A`-`D`).
    pub(crate) fn send_digit(&mut self, wire: &mut Wire, id: CallId, digit: char, now: Moment) {
        if self.is_talking(id) {
            let body = Bytes::from(format!("Signal={digit}\r\nDuration=160\r\n"));
            let body = Some(("application/dtmf-relay", body));
            self.ask_in_dialog(wire, id, (Purpose::Info(id), Method::Info), (Vec::new(), body), now);
        }
    }
}
