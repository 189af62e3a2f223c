//! Broken variants: breaks in turns.

use super::{REGISTERED, SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "one agent more than may be away at once goes on a break",
        file: "crates/acd/src/breaks/timetable.rs",
        right: "all(|away| *away < self.at_once)",
        wrong: "all(|away| *away <= self.at_once)",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a killed turno forgets whose turn for a break comes when",
        file: "crates/acd/src/durable.rs",
        right: "        self.breaks.write_down(changes, code(RoomForm::Break));\n",
        wrong: "",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a turn that comes during a call is taken back after two minutes",
        file: "crates/acd/src/breaks/turning.rs",
        right: "        if self.agents[key.agent.index()].is_engaged() {\n            return self.goes_afterwards(key, now);\n        }\n        self.record_break(key, BreakChange::TakenBack);",
        wrong: "        self.record_break(key, BreakChange::TakenBack);",
        site: REGISTERED,
        seeds: 370,
    },
];
