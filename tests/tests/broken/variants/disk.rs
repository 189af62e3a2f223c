//! Broken variants: the journal, and a disk that somebody else changes.

use super::{LAB, SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a journal whose folder was taken away is still said to be kept",
        file: "crates/journal/src/amiss.rs",
        right: "    let Some(found) = found else { return Some(Amiss::Gone(thing.clone())) };",
        wrong: "    let Some(found) = found else { return None };",
        site: LAB,
        seeds: 60,
    },
    Variant {
        fault: "a folder that was put in the journal's place is taken for it",
        file: "crates/journal/src/amiss.rs",
        right: "    if (found.device, found.number) != (held.device, held.number) {",
        wrong: "    if found.device != held.device {",
        site: SMALL,
        seeds: 150,
    },
    Variant {
        fault: "a segment that was cut is taken for whole",
        file: "crates/journal/src/amiss.rs",
        right: "        Thing::File(name) if found.length < held.length => {",
        wrong: "        Thing::File(name) if found.length > held.length => {",
        site: SMALL,
        seeds: 150,
    },
];
