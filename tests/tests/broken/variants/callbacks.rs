//! Broken variants: people who are called back.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "two callbacks wait for one number",
        file: "crates/engine/src/callback_dialogue.rs",
        right: "        if self.callbacks.of_number(&number).is_some() {",
        wrong: "        if number.is_empty() {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a person who is never reached is dialled for ever",
        file: "crates/engine/src/dial_over.rs",
        right: "        if attempts >= tries {",
        wrong: "        if attempts > tries {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a person who is busy is dialled again without a pause",
        file: "crates/acd/src/presence.rs",
        right: "            Self::CalledBack { not_before } if not_before > now => Some(not_before.since(now)),",
        wrong: "            Self::CalledBack { not_before } if not_before.as_micros() == 1 => Some(not_before.since(now)),",
        site: SMALL,
        seeds: 320,
    },
];
