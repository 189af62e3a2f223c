//! Broken variants: media ports that run out or can't be opened.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a port that can't be opened for want of descriptors counts as the agent's refusal",
        file: "crates/engine/src/on_call.rs",
        right: "                    self.settle_offer(call, OfferOutcome::Withdrawn, now);\n                    self.own_call_lacks_port(call, now);\n                }\n            }\n            CallEvent::PortsScarce",
        wrong: "                    self.settle_offer(call, OfferOutcome::Unreachable, now);\n                    self.own_call_lacks_port(call, now);\n                }\n            }\n            CallEvent::PortsScarce",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "nobody is served when media ports are free again",
        file: "crates/engine/src/ports.rs",
        right: "        self.room.serve(free, now);\n        true",
        wrong: "        let _ = now;\n        false",
        site: SMALL,
        seeds: 60,
    },
];
