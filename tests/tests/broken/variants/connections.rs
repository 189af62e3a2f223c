//! Broken variants: connections that close and return, route sets, and ports named by Vias.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a talk ends when its phone's connection closes",
        file: "crates/sip/src/stack/streams.rs",
        right: "                Occupant::Session(_) => {}\n            }\n        }\n        self.layer.count_living",
        wrong: "                Occupant::Session(id) => {\n                    self.hang_up(id, crate::stack::asked::HangUp::default(), now);\n                }\n            }\n        }\n        self.layer.count_living",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a phone that is back by another connection never hears that its caller has left",
        file: "crates/engine/src/seats/reconnecting.rs",
        right: "            means.stack.peer_is_back(contact.source, flow);\n            if !contact.is_known {",
        wrong: "            if !contact.is_known {",
        site: SMALL,
        seeds: 400,
    },
    Variant {
        fault: "a waiting caller whose connection has closed never hears that somebody answers",
        file: "crates/sip/src/stack/way.rs",
        right: "    sent_by.filter(|_| may_be_opened(flow.transport)).map_or(flow, asked_for)\n",
        wrong: "    sent_by.filter(|_| !may_be_opened(flow.transport)).map_or(flow, asked_for)\n",
        site: SMALL,
        seeds: 380,
    },
    Variant {
        fault: "a caller who asks again by another connection is answered by the one before",
        file: "crates/sip/src/stack/client_streams.rs",
        right: "        if !is_peers || way_back == flow || !flow.transport.is_reliable() {",
        wrong: "        if is_peers || way_back == flow || !flow.transport.is_reliable() {",
        site: SMALL,
        seeds: 150,
    },
    Variant {
        fault: "a request goes to where packets come from, past the proxy of its route set",
        file: "crates/sip/src/stack/way.rs",
        right: "        Some(first) => by_route(layer, first, flow),\n        None if",
        wrong: "        Some(_) => flow,\n        None if",
        site: SMALL,
        seeds: 260,
    },
    Variant {
        fault: "a caller who asks for no rport is answered at the port that it sends from",
        file: "crates/sip/src/stack/way.rs",
        right: "    at_sent_by(via, came)\n}\n\n/// The address",
        wrong: "    came\n}\n\n/// The address",
        site: SMALL,
        seeds: 150,
    },
];
