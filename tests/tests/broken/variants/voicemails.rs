//! Broken variants: messages of callers.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "an agent's phone rings for a caller who is leaving a message",
        file: "crates/acd/src/voicemail.rs",
        right: "            self.stop_waiting(id);\n            self.speaks(id);\n            self.tell",
        wrong: "            self.tell",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a message that nobody has heard to its end is gone with the agent's hang-up",
        file: "crates/engine/src/message_left.rs",
        right: "        if message.is_over {",
        wrong: "        if message.agent.is_some() {",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a message whose files are deleted is offered for ever",
        file: "crates/engine/src/recording.rs",
        right: "                    self.message_expires(message, now);",
        wrong: "                    let _ = message;",
        site: SMALL,
        seeds: 320,
    },
];
