//! The phone: its inputs and outputs, and which part handles each.

use bytes::Bytes;
use rsip::{Method, Request, Response, SipMessage};
use turno_ground::{Moment, Rng};

use crate::asking::ResponseKind;
use crate::base::Base;
use crate::calls::Calls;
use crate::client::Purpose;
use crate::deadline::Deadline;
use crate::event::PhoneEvent;
use crate::reading;
use crate::registration::Registration;
use crate::settings::PhoneSettings;
use crate::station::Station;
use crate::wire::Wire;

/// A softphone, or a caller on a trunk if it never registers.
#[derive(Debug)]
pub struct Phone {
    pub(crate) wire: Wire,
    pub(crate) registration: Registration,
    pub(crate) calls: Calls,
}

impl Phone {
    /// A phone that does nothing until one of its controls is called or a datagram comes.
    pub fn new(settings: PhoneSettings, mut rng: Rng) -> Self {
        let seed = rng.number();
        let registration = Registration::new(&mut rng);
        let base = Base::new(Station::new(settings, rng), seed);
        Self { wire: Wire::new(base, seed), registration, calls: Calls::new(seed) }
    }

    /// Handles one received UDP packet.
    pub fn handle_datagram(&mut self, bytes: &[u8], now: Moment) {
        if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return; // a keep-alive
        }
        let message = match SipMessage::try_from(bytes) {
            Ok(message) => message,
            Err(error) => return self.wire.base.confused(format!("rsip cannot read a message: {error}")),
        };
        match message {
            SipMessage::Request(request) => {
                if let Some(fault) = reading::fault(&request.headers, &request.body, true) {
                    self.wire.base.confused(format!("{} with {fault}", request.method));
                } else {
                    self.on_request(request, now);
                }
            }
            SipMessage::Response(response) => {
                if let Some(fault) = reading::fault(&response.headers, &response.body, false) {
                    self.wire.base.confused(format!("{} with {fault}", response.status_code.code()));
                } else {
                    self.on_response(&response, now);
                }
            }
        }
    }

    /// Handles the deadlines that are due.
    pub fn handle_deadlines(&mut self, now: Moment) {
        let Self { wire, registration, calls } = self;
        while let Some((_, deadline)) = wire.base.timers.pop_due(now) {
            match deadline {
                Deadline::Repeat(key) => wire.repeat(key, now),
                Deadline::GiveUp(key) => match wire.give_up(key) {
                    Some(purpose @ (Purpose::Register | Purpose::Unregister)) => {
                        registration.on_final(wire, purpose, None, now);
                    }
                    Some(purpose) => calls.on_final(wire, purpose, None, now),
                    None => {}
                },
                Deadline::RepeatRefusal(key) => wire.repeat_refusal(key, now),
                Deadline::Forget(key) => wire.forget(key),
                Deadline::RepeatAnswer(call) => calls.on_repeat_answer(wire, call, now),
                Deadline::NoAck(call) => calls.on_no_ack(wire, call, now),
                Deadline::Behave(call) => calls.behave(wire, call, now),
                Deadline::TalkedEnough(call) => calls.hang_up(wire, call, now),
                Deadline::TryAgain(call) => calls.on_try_again(wire, call, now),
                Deadline::Remove(call) => calls.remove(call),
                Deadline::Register => registration.on_register_due(wire, now),
            }
        }
    }

    /// When [`Self::handle_deadlines`] must be called next. Every other call may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        self.wire.base.timers.next_deadline()
    }

    /// The next datagram to send to [`PhoneSettings::server`], `None` until the next input.
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        self.wire.base.poll_transmit()
    }

    /// The next event, `None` until the next input.
    pub fn poll_event(&mut self) -> Option<PhoneEvent> {
        self.wire.base.poll_event()
    }

    /// The phone's settings.
    pub fn settings(&self) -> &PhoneSettings {
        &self.wire.base.station.settings
    }

    fn on_request(&mut self, request: Request, now: Moment) {
        if request.method == Method::Ack {
            if !self.wire.take_ack(&request) {
                self.calls.on_ack(&mut self.wire, &request, now);
            }
        } else if let Some((key, method)) = self.wire.take_request(request) {
            self.calls.on_request(&mut self.wire, key, method, now);
        }
    }

    fn on_response(&mut self, response: &Response, now: Moment) {
        match self.wire.take_response(response, now) {
            ResponseKind::Nothing => {}
            ResponseKind::Progress(Purpose::Invite(id)) => {
                self.calls.on_progress(&mut self.wire, id, response, now);
            }
            ResponseKind::Progress(_) => {}
            ResponseKind::Final(purpose) => self.on_final(purpose, response, now),
            ResponseKind::Challenged(key, purpose, challenge) => match self.next_cseq(purpose) {
                Some(cseq) => {
                    let next = self.wire.ask_again(key, challenge, cseq, now);
                    if let (Purpose::Invite(id), Some(next)) = (purpose, next) {
                        self.calls.asked_again(id, next);
                    }
                }
                None => self.on_final(purpose, response, now),
            },
            ResponseKind::AnsweredAgain(id, number) => {
                self.calls.acknowledge_again(&mut self.wire, id, number);
            }
        }
    }

    fn on_final(&mut self, purpose: Purpose, response: &Response, now: Moment) {
        match purpose {
            Purpose::Register | Purpose::Unregister => {
                self.registration.on_final(&mut self.wire, purpose, Some(response), now);
            }
            Purpose::Invite(_)
            | Purpose::Reinvite(..)
            | Purpose::Bye(_)
            | Purpose::Cancel
            | Purpose::Refer(_)
            | Purpose::Info(_) => self.calls.on_final(&mut self.wire, purpose, Some(response), now),
        }
    }

    /// The CSeq number to send a request again; `None` if it must not be sent again.
    fn next_cseq(&mut self, purpose: Purpose) -> Option<u32> {
        match purpose {
            Purpose::Register | Purpose::Unregister => Some(self.registration.next_cseq()),
            Purpose::Invite(id)
            | Purpose::Reinvite(id, _)
            | Purpose::Bye(id)
            | Purpose::Refer(id)
            | Purpose::Info(id) => self.calls.next_cseq(id),
            Purpose::Cancel => None,
        }
    }
}
