//! Broken variants: agents who sit down by PIN, and the agents' line.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "who knows an extension sits down as that agent",
        file: "crates/engine/src/sitting_down.rs",
        right: "    known.len() == keyed.len() && differing == 0\n",
        wrong: "    known.len() == keyed.len() && differing < 255\n",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "PINs are tried without end",
        file: "crates/engine/src/desks.rs",
        right: "        if self.count >= most {\n",
        wrong: "        if self.count > most + 100 {\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "an agent who dials codes on the agents' line is offered callers",
        file: "crates/engine/src/agents_line.rs",
        right: "            self.occupy(agent, now);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
];
