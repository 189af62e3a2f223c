//! A phone of ours with the settings that all tests on real sockets share.

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::{Rng, Secret};
use turno_media_plan::Codec;
use turno_phone::{Behaviour, Phone, PhoneSettings};

/// A phone's first RTP port. Each phone has its own SIP port, from which its RTP port follows.
const RTP_BELOW_SIP: u16 = 20_000;

/// The phone of `user` at this address.
pub(crate) fn phone(server: SocketAddr, user: &str, local: SocketAddr, behaviour: Behaviour) -> Phone {
    let settings = PhoneSettings {
        user: user.to_owned(),
        password: Secret::new("lab"),
        domain: "turno".to_owned(),
        server,
        local,
        rtp: SocketAddr::new(local.ip(), (local.port() - RTP_BELOW_SIP) & !1),
        codecs: vec![Codec::Pcma],
        expires: Duration::from_secs(300),
        behaviour,
    };
    Phone::new(settings, Rng::new(u64::from(local.port())))
}
