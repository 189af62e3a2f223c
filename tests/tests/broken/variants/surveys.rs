//! Broken variants: surveys after talks.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        fault: "an agent stays occupied until the caller has answered the survey",
        file: "crates/engine/src/surveying.rs",
        right: "                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);\n                self.room.release(contact, EndedBy::Agent, now);",
        wrong: "                self.switchboard.finish_transfer(&mut self.stack, call, asked, now);",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a caller who hangs up leaves the survey open",
        file: "crates/engine/src/ending.rs",
        right: "                let change = SurveyChange::Ended(end);\n",
        wrong: "                let change = if end == SurveyEnd::Lost { SurveyChange::Ended(end) } else { SurveyChange::Offered };\n",
        site: SMALL,
        seeds: 320,
    },
    Variant {
        fault: "a question of a survey is asked and counted again and again",
        file: "crates/engine/src/survey_stage.rs",
        right: "let next = if next { Some(Self::Asks(question + 1)) } else { None };",
        wrong: "let next = if next { Some(Self::Asks(question)) } else { None };",
        site: SMALL,
        seeds: 320,
    },
];
