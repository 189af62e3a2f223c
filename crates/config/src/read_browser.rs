//! Reads [browser].

use std::net::SocketAddr;

use turno_ground::Transport;
use turno_model::plan::{BrowserPlan, MediaPlan, SipPlan};

use crate::fault::FaultKind;
use crate::keys::browser::BROWSER;
use crate::read_media::ips_of;
use crate::reading::Reading;
use crate::section::Section;
use crate::tables::Tables;

/// Reads [browser]; `None` where it does not stand: there are no browser phones.
pub(crate) fn read_browser(
    reading: &mut Reading<'_>,
    tables: &Tables,
    (sip, media): (&SipPlan, &MediaPlan),
    has_api: bool,
) -> Option<BrowserPlan> {
    if !tables.has_single("browser") {
        return None;
    }
    let section = tables.single(reading, "browser");
    if !has_api && !reading.is_partial {
        let found = "browsers would sign in at an API that is not served";
        reading.fault(FaultKind::Conflict, section.place_of(BROWSER.port.name), found, "a table [api]");
    }
    let bound = ips_of(reading, section, BROWSER.bind.name);
    let (bind, bind_other) = match bound.first() {
        Some(&bind) => (bind, bound.get(1).copied()),
        None => (media.bind, media.bind_other),
    };
    let shown = ips_of(reading, section, BROWSER.advertised.name);
    let (advertised, advertised_other) = match shown.first() {
        Some(&shown_first) => (Some(shown_first), shown.get(1).copied()),
        None => (media.advertised, media.advertised_other),
    };
    let port = u16::try_from(BROWSER.port.read(reading, section)).unwrap_or_default();
    let binds = [Some(bind), bind_other];
    let addresses = binds.into_iter().flatten().map(|ip| SocketAddr::new(ip, port));
    refuse_taken(reading, section, (sip, media), &addresses.collect::<Vec<_>>());
    let origins = read_origins(reading, section, BROWSER.origins.name);
    Some(BrowserPlan { port, bind, bind_other, advertised, advertised_other, origins })
}

/// The port must be nobody else's.
fn refuse_taken(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    (sip, media): (&SipPlan, &MediaPlan),
    addresses: &[SocketAddr],
) {
    let (first, last) = media.ports;
    let place = section.place_of(BROWSER.port.name);
    for address in addresses {
        let port = address.port();
        if (first..=last).contains(&port) {
            let found = format!("port {port} is among the `ports` {first} to {last} of [media]");
            reading.fault(FaultKind::Conflict, place, found, "a port outside them");
            return;
        }
        if sip.listen.contains(&(Transport::Udp, *address)) {
            let found = format!("[sip] and [browser] both listen on udp {address}");
            reading.fault(FaultKind::Conflict, place, found, "another port");
        }
    }
}

/// The origins of other pages, as browsers write them: scheme, host, and the port if it is not the scheme's own.
pub(crate) fn read_origins(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for (text, node) in section.texts(reading, key) {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_origin =
            host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ']));
        if is_origin {
            origins.push(text.to_ascii_lowercase());
        } else {
            let found = format!("`{key}` has `{text}`");
            let expected = "scheme and host as browsers write them, such as `https://crm.example`";
            reading.fault(FaultKind::Unintelligible, node.place, found, expected);
        }
    }
    origins
}
