//! Handles the responses to requests of the phone's calls.

use core::time::Duration;

use rsip::Response;
use turno_ground::Moment;

use crate::call::{Call, Life, asking};
use crate::calls::Calls;
use crate::client::{ClientKey, Purpose, Wish};
use crate::deadline::Deadline;
use crate::event::{CallId, PhoneEvent};
use crate::reading;
use crate::wire::Wire;
use crate::writing::SDP;

impl Calls {
    pub(crate) fn on_progress(&mut self, wire: &mut Wire, id: CallId, response: &Response, now: Moment) {
        let status = response.status_code.code();
        let Some(call) = self.at(id) else { return };
        let Life::Calling { invite, provisional, hung_up } = &mut call.life else { return };
        let (invite, first, hung_up) = (*invite, !core::mem::replace(provisional, true), *hung_up);
        let tag = reading::to(&response.headers).and_then(reading::tag).map(str::to_owned);
        if status > 100 {
            call.remote_tag.clone_from(&tag);
        }
        if first && hung_up {
            wire.cancel_invite(invite, now);
        }
        if status == 100 {
            return;
        }
        if tag.is_none() {
            wire.base.confused(format!("{status} without a tag in To"));
        }
        wire.base.report(PhoneEvent::Ringing { call: id, status });
        if !response.body.is_empty()
            && let Some(call) = self.at(id)
            && !call.late_offer
        {
            match call.negotiation.answered(&response.body) {
                Ok(agreed) => self.report_media(wire, id, agreed),
                Err(error) => wire.base.confused(format!("the answer in {status}: {error}")),
            }
        }
    }

    /// Call this when the INVITE of a call was sent again, with credentials.
    pub(crate) fn asked_again(&mut self, id: CallId, next: ClientKey) {
        if let Some(call) = self.at(id)
            && let Life::Calling { invite, provisional, .. } = &mut call.life
        {
            *invite = next;
            *provisional = false;
        }
    }

    /// Handles the final response to a request of a call; `None` if none came.
    pub(crate) fn on_final(
        &mut self,
        wire: &mut Wire,
        purpose: Purpose,
        response: Option<&Response>,
        now: Moment,
    ) {
        let status = response.map_or(408, |response| response.status_code.code());
        match purpose {
            Purpose::Register | Purpose::Unregister => {}
            Purpose::Invite(id) => match response {
                Some(response) if status < 300 => self.on_answered(wire, id, response, now),
                Some(_) | None => self.on_refused(wire, id, status, now),
            },
            Purpose::Reinvite(id, wish) => self.on_reinvited(wire, id, wish, status, response, now),
            Purpose::Bye(id) => {
                let crossed = self.see(id).is_none_or(|call| call.peer_left);
                if status >= 300 && !(status == 481 && crossed) {
                    wire.base.confused(format!("{status} to BYE"));
                }
            }
            // 481 means that the INVITE was answered in the meantime.
            Purpose::Cancel if matches!(status, 200..=299 | 481) => {}
            Purpose::Cancel => wire.base.confused(format!("{status} to CANCEL")),
            Purpose::Refer(id) => {
                let Some(call) = self.at(id) else { return };
                if status >= 300 && core::mem::take(&mut call.transferring) {
                    wire.base.report(PhoneEvent::TransferResult { call: id, status });
                }
            }
            Purpose::Info(id) => {
                let alive = self.see(id).is_some_and(Call::is_alive);
                if status >= 300 && alive {
                    wire.base.confused(format!("{status} to INFO"));
                }
            }
        }
    }

    fn on_refused(&mut self, wire: &mut Wire, id: CallId, status: u16, now: Moment) {
        let hung_up =
            self.see(id).is_some_and(|call| matches!(call.life, Life::Calling { hung_up: true, .. }));
        let event = if hung_up {
            PhoneEvent::Ended { call: id, by_us: true }
        } else {
            PhoneEvent::Refused { call: id, status }
        };
        self.end(wire, id, event, now);
    }

    fn on_answered(&mut self, wire: &mut Wire, id: CallId, response: &Response, now: Moment) {
        let Some(call) = self.at(id) else { return };
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
        if call.late_offer && wire.base.station.settings.behaviour.answers_no_late_offer && !hung_up {
            self.acknowledge(wire, id, headers, None);
            return self.confirm(wire, id, now);
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
        self.acknowledge(wire, id, headers, body);
        if tag.is_none() || target.is_none() {
            wire.base.confused("a 200 to INVITE without a tag in To or without Contact".to_owned());
        }
        if hung_up {
            // Answered before our CANCEL arrived: a BYE ends the call (RFC 3261, 15).
            if let Some(call) = self.at(id) {
                call.life = Life::Talking;
            }
            return self.hang_up(wire, id, now);
        }
        match agreed {
            Ok(agreed) => {
                self.report_media(wire, id, agreed);
                self.confirm(wire, id, now);
            }
            Err(error) => {
                wire.base.confused(format!("the SDP of a 200 to INVITE: {error}"));
                self.confirm(wire, id, now);
                self.hang_up(wire, id, now);
            }
        }
    }

    fn on_reinvited(
        &mut self,
        wire: &mut Wire,
        id: CallId,
        wish: Wish,
        status: u16,
        response: Option<&Response>,
        now: Moment,
    ) {
        let Some(call) = self.at(id) else { return };
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
                self.acknowledge(wire, id, &response.headers, None);
                match answer {
                    Ok(agreed) => self.report_media(wire, id, agreed),
                    Err(error) => wire.base.confused(format!("the answer to a re-INVITE: {error}")),
                }
                wire.base.report(match wish {
                    Wish::Hold => PhoneEvent::Held { call: id },
                    Wish::Resume => PhoneEvent::Resumed { call: id },
                });
            }
            Some(_) if status == 491 && call.is_alive() => {
                // RFC 3261, 14.1: up to 2 s, in steps of 10 ms. The owner of the Call-ID would wait longer, but a
                // phone that always yields to the server is enough to end the glare.
                let delay = Duration::from_millis(10 * wire.base.station.rng.below(200));
                wire.base.timers.set(Deadline::TryAgain(id), now + delay);
            }
            Some(_) | None => {
                call.wish = None;
                let alive = call.is_alive();
                wire.base.report(PhoneEvent::HoldRefused { call: id, status });
                // RFC 3261, 14.1: the dialog is gone if the peer does not know it or does not answer.
                if matches!(status, 408 | 481) && alive {
                    self.hang_up(wire, id, now);
                }
            }
        }
    }
}
