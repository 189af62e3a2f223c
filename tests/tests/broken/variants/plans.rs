//! Broken turnos: what a changed plan does to those who work by it.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "an agent taken out of the plan and put back stays logged out",
        file: "crates/acd/src/replan.rs",
        right: "            self.agents[id.index()].has_come = false;\n",
        wrong: "            let _ = id;\n",
        site: SMALL,
        seeds: 150,
    },
    Variant {
        fault: "an agent who is back in the plan before the talk is over is logged out by it",
        file: "crates/acd/src/replan.rs",
        right: "            self.agents[id.index()].wish = None;\n",
        wrong: "            let _ = id;\n",
        site: SMALL,
        seeds: 60,
    },
];
