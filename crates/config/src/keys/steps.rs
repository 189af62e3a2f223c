//! The keys of [[queue.step]].

use turno_model::plan::StepPlan;

use crate::key::keys;
use crate::values::{OptionalWhole, WrittenSpan, hours, secs, written, written_span};
use crate::words::{Choice, Own, Signs, own};

/// When a step without a measure is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nobody,
    Closed,
}

const FOUND: [(&str, Found); 2] = [("nobody", Found::Nobody), ("closed", Found::Closed)];

/// What a step offers the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    Callback,
    Voicemail,
}

const OFFERED: [(&str, Offered); 2] = [("callback", Offered::Callback), ("voicemail", Offered::Voicemail)];

keys! {
    /// The keys of [[queue.step]]: one that says when, and one that says what.
    STEP: StepKeys of StepPlan {
        /// when: the contact has waited this long in the queue
        after: WrittenSpan = written_span(secs(1)..=hours(4)), reload { elsewhere };
        /// when: a longer wait is expected, on entry or whenever the wait is told
        told_over: WrittenSpan = written_span(secs(1)..=hours(4)), reload { elsewhere };
        /// when: on entry, if more contacts than this wait in the queue, the new one included
        longer_than: OptionalWhole = written("none", 0..=10_000, "contacts"), reload { elsewhere };
        /// when: `nobody` with the skill is logged in, on entry or later; or a supervisor has `closed` the queue, on entry
        when: Choice<Found> = Choice { words: &FOUND, shown: "none" }, reload { elsewhere };
        /// what: agents up to this skill level may take the contact
        level_max: OptionalWhole = written("none", 1..=16, "(1 is best)").or_word("all"), reload { elsewhere };
        /// what: agents of this queue may take the contact too: those with whom that queue begins
        also: Own = own("none", ""), reload { elsewhere };
        /// what: the contact's priority is raised by this
        priority: OptionalWhole = written("none", 1..=255, ""), reload { elsewhere };
        /// what: the contact moves to this queue, with its wait
        move_to: Own = own("none", ""), reload { elsewhere };
        /// what: the contact is connected to this outside number, by the trunk of [dial_out]; it waits on if nobody answers
        send_to: Signs = Signs { default: "", shown: "none", max: 32, of: "digits, `*`, `#`", note: "" },
            reload { elsewhere };
        /// what: this prompt is played, then the call ends
        prompt: Own = own("none", ""), reload { elsewhere };
        /// what: the caller is offered a `callback` if the queue has `callback`, and waits on; or may leave a message, which is
        /// `voicemail`, and waits on without one
        offer: Choice<Offered> = Choice { words: &OFFERED, shown: "none" }, reload { elsewhere };
        /// what: so many agents who may take the contact become ready, if they are in an `interruptible` AUX
        interrupt: OptionalWhole = written("none", 1..=20, "agents"), reload { elsewhere };
    }
}
