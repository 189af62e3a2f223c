//! Broken variants: people who are called back.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
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
