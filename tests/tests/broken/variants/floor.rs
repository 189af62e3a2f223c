//! Broken variants: contacts that supervisors give to agents, and skills that they change.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a caller whom a supervisor gave to an agent goes to others who are free",
        file: "crates/acd/src/pulling.rs",
        right: "        contact.reach.keep_for(Some(agent));\n        contact.given",
        wrong: "        contact.given",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "an agent who lost a skill still gets callers who need it",
        file: "crates/engine/src/skilling.rs",
        right: "        self.room.replan(self.plan.clone(), now);\n        self.check_lamps",
        wrong: "        self.check_lamps",
        site: SMALL,
        seeds: 100,
    },
];
