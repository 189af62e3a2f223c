//! Settings of the engine's parts, derived from the plan.

use core::net::IpAddr;
use core::time::Duration;

use turno_calls::{MediaSettings, WebAddress};
use turno_ground::{Rng, Transport};
use turno_media_plan::Codec;
use turno_model::Plan;
use turno_model::plan::DigestAlgorithm;
use turno_sip::{Algorithm, Authenticator, Method, Registrar, RegistrarLimits, StackSettings};

/// How long a nonce may be used before it is stale.
const NONCE_SPAN: Duration = Duration::from_secs(300);

pub(crate) fn stack_settings(plan: &Plan) -> StackSettings {
    let addresses = plan
        .sip
        .listen
        .iter()
        .map(|&(transport, mut address)| {
            if let Some(ip) = plan.sip.advertised.filter(|ip| ip.is_ipv4() == address.is_ipv4()) {
                address.set_ip(ip);
            }
            (transport, address)
        })
        .collect();
    StackSettings {
        user_agent: format!("turno/{}", env!("CARGO_PKG_VERSION")),
        addresses,
        session_expires: plan.sip.session_expires,
        min_se: plan.sip.min_se,
        contact_as_given: plan.sip.contact_as_given,
        force_rport: plan.sip.force_rport,
        allow: allowed(),
        ..StackSettings::default()
    }
}

/// The methods that we support; others get 405.
pub(crate) fn allowed() -> Vec<Method> {
    StackSettings::default().allow.into_iter().filter(|method| *method != Method::Message).collect()
}

pub(crate) fn media_settings(plan: &Plan) -> MediaSettings {
    let codecs = plan
        .media
        .codecs
        .iter()
        .filter_map(|name| Codec::ALL.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name)))
        .collect();
    MediaSettings {
        bind: plan.media.bind,
        bind_other: plan.media.bind_other,
        advertised: [plan.media.advertised.or(plan.sip.advertised), plan.media.advertised_other],
        ports: plan.media.ports,
        codecs,
        opus: plan.media.codecs.iter().any(|name| name.eq_ignore_ascii_case("OPUS")),
        web: plan.browser.as_ref().map(|browser| WebAddress {
            port: browser.port,
            bind: browser.bind,
            bind_other: browser.bind_other,
            advertised: [browser.advertised.or(plan.sip.advertised), browser.advertised_other],
        }),
    }
}

pub(crate) fn registrar(plan: &Plan) -> Registrar {
    Registrar::new(registrar_limits(plan))
}

pub(crate) fn registrar_limits(plan: &Plan) -> RegistrarLimits {
    let (expires_min, expires_max, expires_default) = plan.sip.expires;
    RegistrarLimits {
        expires_min,
        expires_max,
        expires_default,
        contacts_per_aor_max: plan.sip.contacts_per_seat_max as usize,
        contact_as_given: plan.sip.contact_as_given,
    }
}

pub(crate) fn authenticator(plan: &Plan, rng: &mut Rng) -> Authenticator {
    let algorithms = plan
        .sip
        .digest
        .iter()
        .map(|algorithm| match algorithm {
            DigestAlgorithm::Md5 => Algorithm::Md5,
            DigestAlgorithm::Sha256 => Algorithm::Sha256,
        })
        .collect();
    Authenticator::new(&plan.sip.domain, algorithms, NONCE_SPAN, rng)
}

/// Our bound address for `transport`, of the IP family of `peer`.
pub(crate) fn local_for(plan: &Plan, transport: Transport, peer: IpAddr) -> Option<core::net::SocketAddr> {
    let fits = |&&(listen, address): &&(Transport, core::net::SocketAddr)| {
        listen == transport && address.is_ipv4() == peer.is_ipv4()
    };
    plan.sip.listen.iter().find(fits).map(|&(_, address)| address)
}
