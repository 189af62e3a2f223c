//! Registers the agents of a load with the phones of `turno-phone`.

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::{Moment, Rng, Secret};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, Phone, PhoneEvent, PhoneSettings};

use crate::load::agent::AGENTS_RTP;
use crate::load::wire::{Wire, local, nanos};

/// How long one registration may take.
const SPAN_MAX: Duration = Duration::from_secs(5);

/// Registers `a001` and so on, one after another.
///
/// # Errors
/// A sentence about the first agent that could not register.
pub(super) fn register(count: u16, wire: &mut Wire, server: SocketAddr) -> Result<(), String> {
    (1..=count).try_for_each(|number| register_one(number, wire, server))
}

fn register_one(number: u16, wire: &mut Wire, server: SocketAddr) -> Result<(), String> {
    let user = format!("a{number:03}");
    let settings = PhoneSettings {
        user: user.clone(),
        password: Secret::new("lab".to_owned()),
        domain: "turno".to_owned(),
        server,
        local: local(5080),
        rtp: local(AGENTS_RTP),
        codecs: vec![Codec::Pcma],
        expires: Duration::from_secs(3_600),
        behaviour: Behaviour::default(),
    };
    let mut phone = Phone::new(settings, Rng::new(nanos()));
    let begin = Moment::from_micros(nanos() / 1_000);
    phone.register(begin);
    loop {
        let now = Moment::from_micros(nanos() / 1_000);
        while let Some(bytes) = phone.poll_transmit() {
            wire.send(&bytes);
        }
        while let Some((_, bytes)) = wire.receive() {
            phone.handle_datagram(&bytes, now);
        }
        while let Some(event) = phone.poll_event() {
            if event == PhoneEvent::Registered {
                return Ok(());
            }
            eprintln!("{user}: {event:?}");
        }
        if now.since(begin) > SPAN_MAX {
            return Err(format!(
                "{user} could not register with {server}: does turno serve the lab plan there?"
            ));
        }
    }
}
