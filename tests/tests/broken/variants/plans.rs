//! Broken variants: effects of a changed plan or another seat on agents.

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
        right: "            self.agents[id.index()].pending_change = None;\n",
        wrong: "            let _ = id;\n",
        site: SMALL,
        seeds: 160,
    },
    Variant {
        fault: "a call rings at the own phone of an agent who sits elsewhere",
        file: "crates/engine/src/targets.rs",
        right: "        let Some(seat) = self.seating.seat_of(agent) else { return Vec::new() };\n",
        wrong: "        let Some(seat) = self.plan.agents[agent.index()].own_seat else { return Vec::new() };\n",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "after a restart everybody sits at the own seat again",
        file: "crates/engine/src/recover.rs",
        right: "            self.seating.restore(line)?;\n",
        wrong: "            let _ = line;\n",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "an agent who sits down at another seat keeps the old one as well",
        file: "crates/engine/src/seating.rs",
        right: "            self.sitters[from.index()] = None;\n",
        wrong: "            let _ = from;\n",
        site: SMALL,
        seeds: 100,
    },
];
