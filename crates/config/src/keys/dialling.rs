//! The keys of what agents dial: [dial_out] and [feature_codes].

use turno_model::Language;
use turno_model::plan::{DialOut, FeatureCodes};

use crate::difference_names::{spoken, trunk};
use crate::key::keys;
use crate::keys::site::LANGUAGES;
use crate::words::{Choice, Own, Signs, own};

keys! {
    /// The keys of [dial_out].
    DIAL_OUT: DialOutKeys of DialOut beside { trunk } {
        /// patterns: digits, `X` for any digit, a last `.` for any more
        allow: Own = own("`[]`: nothing", ""), reload { told allow };
        /// patterns of the same kind that must not be dialled all the same, such as `["00.", "0900."]` below an `allow` of
        /// `["0."]`. Of all patterns that fit, the one with the most digits before its first `X` or `.` decides; a tie is a
        /// refusal
        deny: Own = own("`[]`", ""), reload { told deny };
        /// the trunk that these calls take; it has a `host`
        trunk: Own = own("none", ""), reload { by |plan, dial_out| dial_out.trunk.and_then(|it| trunk(plan, it)) };
    }
}

const fn code(default: &'static str) -> Signs {
    Signs { default, shown: "", max: 8, of: "of 0 to 9, `*`, `#`", note: "" }
}

keys! {
    /// The keys of [feature_codes].
    FEATURE_CODES: FeatureCodeKeys of FeatureCodes beside { prompts, turn_recordings } {
        /// log in, and be ready; no code begins another
        log_in: Signs = code("*11"), reload { told log_in };
        /// log out
        log_out: Signs = code("*12"), reload { told log_out };
        /// ready
        ready: Signs = code("*13"), reload { told ready };
        /// not ready, followed by a reason's digit
        aux: Signs = code("*14"), reload { told aux };
        /// end after-call work
        end_acw: Signs = code("*15"), reload { told end_acw };
        /// wrap-up, followed by the code
        wrap_up: Signs = code("*16"), reload { told wrap_up };
        /// listen to an agent's talk, followed by the agent's extension; for agents with `supervises`. During the talk the keys
        /// 1, 2, 3 and 4 of the observer's phone mean listen, whisper, join and take over
        listen: Signs = code("*21"), reload { told listen };
        /// listen, and talk to the agent alone, followed by the extension
        whisper: Signs = code("*22"), reload { told whisper };
        /// join an agent's talk, followed by the extension
        barge: Signs = code("*23"), reload { told barge };
        /// take over an agent's talk, followed by the extension
        take_over: Signs = code("*24"), reload { told take_over };
        /// make timed after-call work longer, once, by its span; confirmed by a tone
        extend_acw: Signs = code("*25"), reload { told extend_acw };
        /// record the present talk
        record: Signs = code("*17"), reload { told record };
        /// pause the recording of the present talk
        pause_recording: Signs = code("*18"), reload { told pause_recording };
        /// let the recording go on
        resume_recording: Signs = code("*19"), reload { told resume_recording };
        /// the agent transfers the caller to it: the survey of the queue begins
        survey: Signs = code("*26"), reload { told survey };
        /// sit down at this phone: turno asks for the extension and the PIN, each with `#` behind it. Works at every phone of the site,
        /// also where nobody sits
        sit: Signs = code("*10"), reload { told sit };
        /// the agent gives the caller back to the queue, where the caller waits in the place of the arrival, ahead of all who came
        /// later. The agent dials it, or transfers the caller to it
        to_front: Signs = code("*27"), reload { told to_front };
        /// speak live to all callers who wait in a queue, followed by a number that leads to the queue; for agents with
        /// `supervises`
        speak: Signs = code("*29"), reload { told speak };
        /// the language in which an agent is told when their turn for a break comes, from the recordings in its folder `say`
        language: Choice<Language> = Choice { words: &LANGUAGES, shown: "that of the site, else `en`" },
            reload { told turn_language };
        /// the table `[feature_codes.prompts]`
        prompts: Own = own("a tone for each", ""), reload { elsewhere };
    }
}

keys! {
    /// The keys of [feature_codes.prompts], in the order of `FeatureCodes::prompts`.
    CODE_PROMPTS: CodePromptKeys of FeatureCodes {
        /// after logging in
        log_in: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 0) };
        /// after logging out
        log_out: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 1) };
        /// after becoming ready
        ready: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 2) };
        /// after going into AUX
        aux: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 3) };
        /// after ending after-call work
        end_acw: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 4) };
        /// after a wrap-up code
        wrap_up: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 5) };
        /// when the talk is recorded
        record: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 6) };
        /// when the recording is paused
        pause_recording: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 7) };
        /// when it goes on
        resume_recording: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 8) };
        /// when what is dialled behind a code is not valid, such as the digit of a reason that the plan does not have
        refused: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 9) };
        /// when a valid code can't be carried out now, such as a wrap-up code before the first call
        not_now: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 10) };
        /// who sits down is asked for their extension
        sit_extension: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 11) };
        /// who sits down is asked for their PIN
        sit_pin: Own = own("a tone", ""), reload { by |plan, codes| spoken(plan, codes, 12) };
    }
}
