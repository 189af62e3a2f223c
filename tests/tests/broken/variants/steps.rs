//! Broken variants: the steps of queues.

use super::{REGISTERED, SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a contact goes to an agent beyond its level",
        file: "crates/acd/src/staffing.rs",
        right: "find(|(has, level)| has == skill && level <= worst)?;",
        wrong: "find(|(has, _)| has == skill && *worst > 0)?;",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "a step is taken late",
        file: "crates/acd/src/lining_up.rs",
        right: "            contact.set(ContactDeadline::StepDue, at);\n",
        wrong: "            contact.set(ContactDeadline::StepDue, at + core::time::Duration::from_secs(2));\n",
        site: SMALL,
        seeds: 60,
    },
    Variant {
        fault: "the steps that a contact has taken are forgotten by a crash",
        file: "crates/acd/src/durable.rs",
        right: "        let mut contact: Dated<ContactDeadline, Contact> = line.read()?;\n",
        wrong: "        let mut contact: Dated<ContactDeadline, Contact> = line.read()?;\n        contact.steps_taken = 0;\n",
        site: SMALL,
        seeds: 120,
    },
    Variant {
        fault: "a caller whose outside number does not answer is in no line",
        file: "crates/engine/src/sending.rs",
        right: "        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));\n        self.room.not_sent(contact, now);\n",
        wrong: "        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));\n        let _ = (contact, now);\n",
        site: REGISTERED,
        seeds: 120,
    },
    Variant {
        fault: "a contact that a step moves loses its place by arrival",
        file: "crates/acd/src/stepping.rs",
        right: "            contact.told = None;\n",
        wrong: "            contact.told = None;\n            contact.waiting_since = now;\n",
        site: SMALL,
        seeds: 120,
    },
    Variant {
        fault: "an agent in a break that is not to be interrupted is called back",
        file: "crates/acd/src/staffing.rs",
        right: "            if is_interruptible {\n",
        wrong: "            if is_interruptible || is_away {\n",
        site: SMALL,
        seeds: 120,
    },
];
