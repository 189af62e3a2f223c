//! Broken variants: agents' phones in browsers, their sessions, desks and voice.

use super::{LAB, SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "packets to a browser go out that no row of the journal covers, and their numbers are used again after a kill",
        file: "crates/calls/src/legs/web.rs",
        right: "        leg.web = Some(state);\n        self.command(MediaCommand::Kept",
        wrong: "        leg.web.get_or_insert(state);\n        self.command(MediaCommand::Kept",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "the keys of a browser's voice are forgotten in a restart",
        file: "crates/calls/src/leg.rs",
        right: "WebTerms { kept: self.web.clone(), ..self.negotiation.web_terms()? };",
        wrong: "WebTerms { kept: None, ..self.negotiation.web_terms()? };",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "an agent's page takes the talk of another agent by Replaces",
        file: "crates/engine/src/taking_back.rs",
        right: "agent.filter(|_| seat.is_some() && seat == theirs) else {",
        wrong: "agent.filter(|_| seat.is_some() && theirs.is_some()) else {",
        site: SMALL,
        seeds: 200,
    },
    Variant {
        fault: "an agent whose session has ended is still rung",
        file: "crates/engine/src/seats/registering.rs",
        right: "            for uri in uris {\n                if let Some(change) = self.registrar.remove(&aor, &uri) {",
        wrong: "            for uri in uris.into_iter().skip(1) {\n                if let Some(change) = self.registrar.remove(&aor, &uri) {",
        site: LAB,
        seeds: 300,
    },
    Variant {
        fault: "a page that is back by another WebSocket gets no call any more",
        file: "crates/engine/src/seats/reconnecting.rs",
        right: "            return self.instance == fresh.instance;",
        wrong: "            return self.instance != fresh.instance;",
        site: SMALL,
        seeds: 200,
    },
    Variant {
        fault: "turno tries to connect to a page",
        file: "crates/sip/src/stack/way.rs",
        right: "        Transport::Tcp | Transport::Tls => true,\n        Transport::Udp | Transport::Ws | Transport::Wss => false,",
        wrong: "        Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => true,\n        Transport::Udp => false,",
        site: SMALL,
        seeds: 300,
    },
];
