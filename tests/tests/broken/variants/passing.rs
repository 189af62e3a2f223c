//! Broken variants: agents who give callers back, and consultations.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "a colleague who is consulted is offered contacts meanwhile",
        file: "crates/engine/src/consulting.rs",
        right: "            self.occupy(colleague, now);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the caller stays outside when all three should talk",
        file: "crates/engine/src/consulting.rs",
        right: "        self.switchboard.come_together(call);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a consultation is forgotten by a crash",
        file: "crates/engine/src/durable.rs",
        right: "        self.consultations.write_down(changes, Table::Consultation.code());\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a caller who is given back has nobody in the queue to be offered to",
        file: "crates/engine/src/giving_back.rs",
        right: "        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "the citizen hears what is said of them aside",
        file: "crates/calls/src/aside.rs",
        right: "        call.is_aside = true;\n        let b_leg",
        wrong: "        let b_leg",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "a caller whom a dependency has taken has no outcome",
        file: "crates/engine/src/dependencies.rs",
        right: "            let _ = self.room.wrap_up(about.1, CompactString::from(&outcome), now);\n",
        wrong: "",
        site: SMALL,
        seeds: 100,
    },
    Variant {
        fault: "an agent who hangs up before the colleague answers drops the caller",
        file: "crates/engine/src/consult_stage.rs",
        right: "            (Self::Rings(_), E::AgentGone) => M::GivenBack,\n",
        wrong: "            (Self::Rings(_), E::AgentGone) => M::Over(ConsultEnd::TalkOver),\n",
        site: SMALL,
        seeds: 320,
    },
];
