//! Broken variants: agents on ordinary telephones.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[Variant {
    fault: "the mailbox of an agent's mobile phone gets the caller, since nobody has to press 1",
    file: "crates/calls/src/ring.rs",
    right: "                let is_asked = leg.confirmation.is_some();",
    wrong: "                let is_asked = leg.confirmation.is_some() && leg.came_in;",
    site: SMALL,
    seeds: 100,
}];
