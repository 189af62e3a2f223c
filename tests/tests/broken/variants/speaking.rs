//! Broken variants: supervisors who speak to those who wait.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "callers go on waiting for a speaker who is gone",
        file: "crates/engine/src/heard_in_line.rs",
        right: "                self.switchboard.play(listener, Audio::Music);\n",
        wrong: "                let _ = Audio::Music;\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who comes while somebody speaks hears music",
        file: "crates/engine/src/engine.rs",
        right: "                self.follow_speech(call, now);\n",
        wrong: "                let _ = call;\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "who speaks to a queue is offered contacts meanwhile",
        file: "crates/engine/src/live_speech.rs",
        right: "        self.occupy(speech.agent, now);\n",
        wrong: "        let _ = now;\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a caller who hears the speaker again counts again",
        file: "crates/engine/src/calls.rs",
        right: "            record.heard.push(speaker);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "after a crash nobody knows who speaks to which queue",
        file: "crates/engine/src/calls.rs",
        right: "        self.speeches.note(call, &Purpose::Arriving, &record.purpose);\n",
        wrong: "",
        site: SMALL,
        seeds: 320,
    },
];
