//! Broken variants: the place and the wait that callers are told.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "the wait that a caller is told rises while no agent has left",
        file: "crates/acd/src/expected_wait.rs",
        right: "if agents < told.agents { within } else { within.min(told.last) }",
        wrong: "within",
        site: SMALL,
        seeds: 120,
    },
    Variant {
        fault: "a caller is told the place behind the own one",
        file: "crates/acd/src/expected_wait.rs",
        right: "        let position = u32::try_from(position).unwrap_or(u32::MAX);",
        wrong: "        let position = u32::try_from(position + 1).unwrap_or(u32::MAX);",
        site: SMALL,
        seeds: 60,
    },
];
