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
    Variant {
        fault: "a queue dials several citizens at once",
        file: "crates/acd/src/dialling_ahead.rs",
        right: " || self.ahead.dialled().any(|(_, other)| other == queue)",
        wrong: "",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "a citizen who asked to be called is dialled while somebody who came earlier waits on the phone",
        file: "crates/acd/src/dialling_ahead.rs",
        right: "        if self.lines.iter().any(is_earlier) {",
        wrong: "        if self.lines.iter().any(is_earlier) && queue.index() > 99 {",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "a citizen is offered to an agent while the phone still rings",
        file: "crates/engine/src/dialled_ahead.rs",
        right: "        self.legs_rung(contact, call, Party::Outside, now);\n    }\n\n    /// The dial ahead has found",
        wrong: "        self.legs_rung(contact, call, Party::Outside, now);\n        self.room.person_comes(contact, now);\n    }\n\n    /// The dial ahead has found",
        site: SMALL,
        seeds: 100,
    },
];
