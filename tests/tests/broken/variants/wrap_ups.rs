//! Broken variants: wrap-up codes and help.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[Variant {
    fault: "after-call work ends without the wrap-up code that the queue asks for",
    file: "crates/acd/src/wrapping_up.rs",
    right: "            WrapUpCode::Owed(contact) | WrapUpCode::Overdue(contact) if agent.owes_code() => {",
    wrong: "            WrapUpCode::Owed(contact) | WrapUpCode::Overdue(contact) if !agent.owes_code() => {",
    site: SMALL,
    seeds: 60,
}];
