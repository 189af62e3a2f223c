//! Keeps the phone registered: sends REGISTER, refreshes it in time, tries again after a failure.

use core::time::Duration;

use rsip::headers::{Header, Headers, UntypedHeader};
use rsip::{Method, Request, Response};
use turno_ground::{Moment, Rng};

use crate::client::Purpose;
use crate::deadline::Deadline;
use crate::event::PhoneEvent;
use crate::reading;
use crate::station::Station;
use crate::wire::Wire;
use crate::writing::{self, Draft};

/// How long a phone waits after a failed registration.
const RETRY_SPAN: Duration = Duration::from_secs(30);

/// The state of a phone's registration.
#[derive(Debug)]
pub(crate) struct Registration {
    call_id: String,
    tag: String,
    cseq: u32,
    wanted: bool,
    /// The lifetime to ask for, if the server named a longer one with 423.
    span: Option<Duration>,
}

impl Registration {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut token = || String::from_utf8_lossy(&rng.token::<16>()).into_owned();
        Self { call_id: token(), tag: token(), cseq: 0, wanted: false, span: None }
    }

    /// Registers now, and refreshes the registration from then on.
    pub(crate) fn register(&mut self, wire: &mut Wire, now: Moment) {
        self.wanted = true;
        self.send_register(wire, Purpose::Register, now);
    }

    /// Unregisters.
    pub(crate) fn unregister(&mut self, wire: &mut Wire, now: Moment) {
        self.wanted = false;
        wire.base.timers.cancel(&Deadline::Register);
        self.send_register(wire, Purpose::Unregister, now);
    }

    pub(crate) fn on_register_due(&mut self, wire: &mut Wire, now: Moment) {
        if self.wanted {
            self.send_register(wire, Purpose::Register, now);
        }
    }

    /// Handles the final response to REGISTER; `None` if none came.
    pub(crate) fn on_final(
        &mut self,
        wire: &mut Wire,
        purpose: Purpose,
        response: Option<&Response>,
        now: Moment,
    ) {
        let status = response.map_or(408, |response| response.status_code.code());
        if purpose == Purpose::Unregister {
            return match status {
                200..=299 => wire.base.report(PhoneEvent::Unregistered),
                _ => wire.base.report(PhoneEvent::RegistrationFailed(status)),
            };
        }
        if !self.wanted {
            return;
        }
        match (status, response) {
            (200..=299, Some(response)) => self.on_accepted(wire, response, now),
            (423, Some(response)) => match minimum(&response.headers) {
                Some(span) if self.span != Some(span) => {
                    self.span = Some(span);
                    self.send_register(wire, Purpose::Register, now);
                }
                Some(_) | None => self.on_failed(wire, status, now),
            },
            _ => self.on_failed(wire, status, now),
        }
    }

    /// The CSeq number for another try with credentials.
    pub(crate) fn next_cseq(&mut self) -> u32 {
        self.cseq += 1;
        self.cseq
    }

    /// Whether the phone should be registered.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    fn on_accepted(&mut self, wire: &mut Wire, response: &Response, now: Moment) {
        let granted = granted(wire.base.station.contact(), &response.headers);
        let Some(granted) = granted else {
            wire.base.confused("a 200 to REGISTER without our Contact and its expiry".to_owned());
            return self.on_failed(wire, 200, now);
        };
        // Four fifths leave room for a lost refresh.
        wire.base.timers.set(Deadline::Register, now + granted * 4 / 5);
        wire.base.report(PhoneEvent::Registered);
    }

    fn on_failed(&mut self, wire: &mut Wire, status: u16, now: Moment) {
        wire.base.timers.set(Deadline::Register, now + RETRY_SPAN);
        wire.base.report(PhoneEvent::RegistrationFailed(status));
    }

    fn send_register(&mut self, wire: &mut Wire, purpose: Purpose, now: Moment) {
        self.cseq += 1;
        wire.ask(purpose, now, |station, via| self.request(station, purpose, via));
    }

    fn request(&self, station: &Station, purpose: Purpose, via: String) -> Request {
        let span = self.span.unwrap_or(station.settings.expires);
        let seconds = if purpose == Purpose::Unregister { 0 } else { span.as_secs() };
        let mut extra =
            vec![Header::Expires(rsip::headers::Expires::new(seconds.to_string())), writing::allow()];
        let mut contact = station.contact().to_owned();
        if let Some((parameters, supported)) = station.registers_as() {
            contact.push_str(&parameters);
            extra.push(Header::Supported(rsip::headers::Supported::new(supported)));
        }
        writing::request(Draft {
            method: Method::Register,
            target: &format!("sip:{}", station.settings.domain),
            via,
            routes: &[],
            from: &format!("{};tag={}", station.own(), self.tag),
            to: station.own(),
            call_id: &self.call_id,
            cseq: self.cseq,
            contact: Some(&contact),
            extra,
            body: None,
        })
    }
}

/// The lifetime that the server grants our Contact.
fn granted(contact: &str, headers: &Headers) -> Option<Duration> {
    let own = reading::address(contact);
    let ours = reading::contacts(headers)
        .flat_map(|line| line.split(','))
        .find(|contact| reading::address(contact) == own)?;
    let header = headers
        .iter()
        .find_map(|header| if let Header::Expires(expires) = header { Some(expires.value()) } else { None });
    let seconds: u32 = reading::parameter(ours, "expires").or(header)?.trim().parse().ok()?;
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}

fn minimum(headers: &Headers) -> Option<Duration> {
    let value = headers.iter().find_map(|header| {
        if let Header::MinExpires(expires) = header { Some(expires.value()) } else { None }
    })?;
    value.trim().parse().ok().map(Duration::from_secs)
}
