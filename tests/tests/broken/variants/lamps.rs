//! Broken variants: lamps of phones.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a lamp does not follow its agent",
        file: "crates/engine/src/watching.rs",
        right: "            self.lamps.is_stale(Watched::Agent(*agent));\n",
        wrong: "            let _ = agent;\n",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "a phone is not told of messages that come",
        file: "crates/engine/src/watching.rs",
        right: "                self.lamps.messages_are_stale();\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "lamps are forgotten by a crash",
        file: "crates/engine/src/durable.rs",
        right: "        self.lamps.write_down(changes, Table::Lamp.code());\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
];
