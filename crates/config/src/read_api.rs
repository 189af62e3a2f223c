//! Reads [api].

use std::net::SocketAddr;

use turno_ground::Transport;
use turno_model::plan::{ApiPlan, SipPlan};

use crate::fault::FaultKind;
use crate::keys::api::API;
use crate::reading::Reading;
use crate::tables::Tables;

/// Reads [api]; `None` where it does not stand: the API is not served.
pub(crate) fn read_api(
    reading: &mut Reading<'_>,
    tables: &Tables,
    sip: &SipPlan,
    http: SocketAddr,
) -> Option<ApiPlan> {
    if !tables.has_single("api") {
        return None;
    }
    let section = tables.single(reading, "api");
    let name = API.listen.name;
    let Some(listen) = section.socket(reading, name) else {
        if !section.has(name) {
            section.missing(reading, name, "an address with a port, such as `\"127.0.0.1:8081\"`");
        }
        return None;
    };
    let is_over_tls = sip.tls.is_some();
    if !is_over_tls && !listen.ip().is_loopback() {
        let found = format!("the API would send passwords over {listen} in plain text");
        reading.fault(
            FaultKind::Conflict,
            section.place_of(name),
            found,
            "an address of loopback, or a table [tls]",
        );
    }
    let is_sip = sip.listen.iter().any(|&(transport, taken)| transport != Transport::Udp && taken == listen);
    if listen.port() != 0 && (is_sip || http == listen) {
        let other = if is_sip { "[sip]" } else { "[http]" };
        let found = format!("[api] and {other} both listen on tcp {listen}");
        reading.fault(FaultKind::Conflict, section.place_of(name), found, "another port");
    }
    Some(ApiPlan { listen, is_over_tls })
}
