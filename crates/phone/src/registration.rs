//! Keeps the phone registered: asks, answers the challenge, refreshes in time, tries again after a failure.

use core::time::Duration;

use rsip::headers::{Header, Headers, UntypedHeader};
use rsip::{Method, Request, Response};
use turno_ground::Moment;

use crate::client::Purpose;
use crate::event::PhoneEvent;
use crate::phone::{Deadline, Phone};
use crate::reading;
use crate::writing::{self, Draft};

/// How long a phone waits after a failed registration.
const RETRY_SPAN: Duration = Duration::from_secs(30);

impl Phone {
    /// Registers now and keeps the registration fresh.
    pub fn register(&mut self, now: Moment) {
        self.registration.wanted = true;
        self.send_register(Purpose::Register, now);
    }

    /// Takes the registration back.
    pub fn unregister(&mut self, now: Moment) {
        self.registration.wanted = false;
        self.timers.cancel(&Deadline::Register);
        self.send_register(Purpose::Unregister, now);
    }

    pub(crate) fn on_register_due(&mut self, now: Moment) {
        if self.registration.wanted {
            self.send_register(Purpose::Register, now);
        }
    }

    /// The final answer to REGISTER; `None` if none came.
    pub(crate) fn on_registered(&mut self, purpose: Purpose, response: Option<&Response>, now: Moment) {
        let status = response.map_or(408, |response| response.status_code.code());
        if purpose == Purpose::Unregister {
            return match status {
                200..=299 => self.tell(PhoneEvent::Unregistered),
                _ => self.tell(PhoneEvent::RegistrationFailed(status)),
            };
        }
        if !self.registration.wanted {
            return;
        }
        match (status, response) {
            (200..=299, Some(response)) => self.on_accepted(response, now),
            (423, Some(response)) => match minimum(&response.headers) {
                Some(span) if self.registration.span != Some(span) => {
                    self.registration.span = Some(span);
                    self.send_register(Purpose::Register, now);
                }
                Some(_) | None => self.on_failed(status, now),
            },
            _ => self.on_failed(status, now),
        }
    }

    fn on_accepted(&mut self, response: &Response, now: Moment) {
        let granted = self.granted(&response.headers);
        let Some(granted) = granted else {
            self.confused("a 200 to REGISTER without our Contact and its expiry".to_owned());
            return self.on_failed(200, now);
        };
        // Four fifths leave room for a lost refresh.
        self.timers.set(Deadline::Register, now + granted * 4 / 5);
        self.tell(PhoneEvent::Registered);
    }

    fn on_failed(&mut self, status: u16, now: Moment) {
        self.timers.set(Deadline::Register, now + RETRY_SPAN);
        self.tell(PhoneEvent::RegistrationFailed(status));
    }

    /// How long the server keeps our Contact.
    fn granted(&self, headers: &Headers) -> Option<Duration> {
        let own = reading::address(&self.contact);
        let ours = reading::contacts(headers)
            .flat_map(|line| line.split(','))
            .find(|contact| reading::address(contact) == own)?;
        let header = headers.iter().find_map(|header| {
            if let Header::Expires(expires) = header { Some(expires.value()) } else { None }
        });
        let seconds: u32 = reading::parameter(ours, "expires").or(header)?.trim().parse().ok()?;
        (seconds > 0).then(|| Duration::from_secs(seconds.into()))
    }

    fn send_register(&mut self, purpose: Purpose, now: Moment) {
        self.registration.cseq += 1;
        self.ask(purpose, now, |phone, via| phone.register_request(purpose, via));
    }

    fn register_request(&self, purpose: Purpose, via: String) -> Request {
        let span = self.registration.span.unwrap_or(self.settings.expires);
        let seconds = if purpose == Purpose::Unregister { 0 } else { span.as_secs() };
        writing::request(Draft {
            method: Method::Register,
            target: &format!("sip:{}", self.settings.domain),
            via,
            routes: &[],
            from: &format!("{};tag={}", self.own, self.registration.tag),
            to: &self.own,
            call_id: &self.registration.call_id,
            cseq: self.registration.cseq,
            contact: Some(&self.contact),
            extra: vec![Header::Expires(rsip::headers::Expires::new(seconds.to_string())), writing::allow()],
            body: None,
        })
    }
}

fn minimum(headers: &Headers) -> Option<Duration> {
    let value = headers.iter().find_map(|header| {
        if let Header::MinExpires(expires) = header { Some(expires.value()) } else { None }
    })?;
    value.trim().parse().ok().map(Duration::from_secs)
}
