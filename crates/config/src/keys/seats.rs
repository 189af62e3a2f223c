//! The keys of [[agent]], [[seat_range]], [[seat]] and [[aux_reason]], and those of passwords.

use turno_ground::Secret;
use turno_model::plan::{AgentPlan, AuxReasonPlan, SeatPlan};

use crate::difference_names::{hours as hours_named, phone, skills};
use crate::key::keys;
use crate::values::{OptionalWhole, Span, Whole, hours, minutes, secs, span, whole, whole_range, written};
use crate::words::{Flag, Levels, OFF, Own, REQUIRED, Word, own, word};

/// Whether an agent has a phone of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phone {
    /// One.
    Own,
    /// None.
    None,
}

const PHONES: [(&str, Phone); 2] = [("own", Phone::Own), ("none", Phone::None)];

keys! {
    /// The keys of [[agent]] and [[seat_range]].
    AGENT: AgentKeys of AgentPlan
    // Nobody is retired in a plan that was read, and the own seat is made of the same table.
    beside { name, skills, own_seat, pin, outside, is_retired } {
        /// (agent) the name in the plan and in metrics
        name: Own = REQUIRED, reload { name }, only "agent";
        /// (range) the first extension, such as `a001`
        from: Own = REQUIRED, reload { name }, only "seat_range";
        /// (range) the last extension, such as `a200`
        to: Own = REQUIRED, reload { name }, only "seat_range";
        /// the person's name, for people; `{extension}` stands for the extension in a range
        display: Own = own("the name", ""), reload { told display };
        /// (agent) the number by which the agent is dialled and named, wherever they sit; user part of the own phone's address
        /// of record, and its digest username
        extension: Own = own("the name", ""), reload { told extension }, only "agent";
        /// (agent) `"own"`: there is a phone of the agent's own, which registers with the extension and the password, and the
        /// agent sits there unless something else is asked for. `"none"`: there is none, and the agent sits down at a
        /// `[[seat]]`, or at a phone that its agent has left
        phone: Word<Phone> = word(&PHONES, Phone::Own), reload { by |_, agent| phone(agent) }, only "agent";
        /// skills with levels, `{ luae = 1, general = 2 }`
        skills: Levels = Levels(whole_range(1..=16, "(1 is best)")), reload { by |plan, agent| skills(plan, agent) };
        /// logged in and available as soon as a phone registers where the agent sits
        auto_login: Flag = OFF, reload { told auto_login };
        /// may observe the talks of other agents, speak in them and take them over: from the own phone by a feature code, and
        /// by `turno ctl`
        supervises: Flag = OFF, reload { told supervises };
        /// may be rung for help by agents in a talk, for queues whose skill this agent has
        helps: Flag = OFF, reload { told helps };
        /// every talk is recorded, except those of queues that never are
        recorded: Flag = OFF, reload { told is_recorded };
    }
}

keys! {
    /// The keys by which an agent's PIN is given.
    PIN: PinKeys of Password {
        /// 4 to 12 digits by which the agent sits down at any phone ([`[feature_codes] sit`](#feature_codes-dialled-by-agents)); the
        /// extension must consist of digits then. Without one the agent can't
        pin: Own = own("none", ""), reload { secret };
        /// the environment variable that holds it; where it is not set, the agent has no PIN
        pin_env: Own = own("", ""), reload { with pin };
        /// the file that holds it and nothing else
        pin_file: Own = own("", ""), reload { with pin };
    }
}

keys! {
    /// The keys of [[seat]].
    SEAT: SeatKeys of SeatPlan
    // Nothing is retired in a plan that was read.
    beside { extension, password, srtp, is_retired } {
        /// user part of the phone's address of record, and its digest username; no agent has the same
        extension: Own = REQUIRED, reload { name };
        /// what people call the place
        display: Own = own("the extension", ""), reload { told display };
    }
}

/// A password, where there is one.
pub(crate) type Password = Option<Secret>;

keys! {
    /// The keys by which a password is given.
    PASSWORD: PasswordKeys of Password {
        /// the seat's password
        password: Own = own("", ""), reload { secret };
        /// the environment variable that holds it
        password_env: Own = own("", ""), reload { with password };
        /// the file that holds it and nothing else
        password_file: Own = own("", ""), reload { with password };
    }
}

keys! {
    /// The key of a password that everybody knows: good on loopback only.
    DEFAULT_PASSWORD: DefaultPasswordKeys of Password {
        /// a password that everybody may know, taken where `password_env` is not set or no other key is given. Works only
        /// while every address of `[sip] listen` is a loopback address; otherwise turno refuses to start
        default_password: Own = own("", ""), reload { elsewhere };
    }
}

keys! {
    /// The keys of [[aux_reason]].
    AUX_REASON: AuxReasonKeys of AuxReasonPlan beside { name, turns } {
        /// the name in the plan and in metrics
        name: Own = REQUIRED, reload { name };
        /// the key dialled after the AUX code
        digit: OptionalWhole = written("required", 0..=9, "(one key)").and("each once"), reload { told digit };
        /// the [[hours]] in which agents take turns for this break; it begins and ends within them
        hours: Own = own("none: agents go when they like", ""), reload {
            by |plan, reason| reason.turns.map(|turns| hours_named(plan, turns.hours))
        };
        /// in turns: how long the break is
        span: Span = span(minutes(30), minutes(1)..=hours(4)), reload { by |_, reason| reason.turns.map(|turns| turns.span) };
        /// in turns: how many agents may be on this break at once
        at_once: Whole = whole(2, 1..=10_000, "agents"), reload { by |_, reason| reason.turns.map(|turns| turns.at_once) };
        /// in turns: an agent who asks goes at once if a new caller would be told at most this wait without the agent
        wait_limit: Span = span(minutes(1), secs(5)..=hours(1)),
            reload { by |_, reason| reason.turns.map(|turns| turns.wait_limit) };
        /// in turns: a turn that is not taken up within this is taken back
        unused: Span = span(minutes(2), secs(10)..=hours(1)), reload { by |_, reason| reason.turns.map(|turns| turns.unused) };
        /// a step of a queue with `interrupt` may make agents ready who are in it; not together with `hours`
        interruptible: Flag = OFF, reload { told is_interruptible };
    }
}
