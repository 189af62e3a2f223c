//! The keys of [[agent]], [[seat_range]] and [[aux_reason]], and those of passwords.

use turno_ground::Secret;
use turno_model::plan::{AgentPlan, AuxReasonPlan};

use crate::difference_names::skills;
use crate::key::keys;
use crate::values::{OptionalWhole, whole_range, written};
use crate::words::{Flag, Levels, OFF, Own, REQUIRED, own};

keys! {
    /// The keys of [[agent]] and [[seat_range]].
    AGENT: AgentKeys of AgentPlan
    // Nobody is retired in a plan that was read, and the own seat is made of the same table.
    beside { name, skills, own_seat, is_retired } {
        /// (agent) the name in the plan and in metrics
        name: Own = REQUIRED, reload { name }, only "agent";
        /// (range) the first extension, such as `a001`
        from: Own = REQUIRED, reload { name }, only "seat_range";
        /// (range) the last extension, such as `a200`
        to: Own = REQUIRED, reload { name }, only "seat_range";
        /// the person's name, for people; `{extension}` stands for the extension in a range
        display: Own = own("the name", ""), reload { told display };
        /// (agent) user part of the seat's address of record, and its digest username
        extension: Own = own("the name", ""), reload { told extension }, only "agent";
        /// skills with levels, `{ luae = 1, general = 2 }`
        skills: Levels = Levels(whole_range(1..=16, "(1 is best)")), reload { by |plan, agent| skills(plan, agent) };
        /// logged in and available as soon as the seat registers
        auto_login: Flag = OFF, reload { told auto_login };
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
    AUX_REASON: AuxReasonKeys of AuxReasonPlan beside { name } {
        /// the name in the plan and in metrics
        name: Own = REQUIRED, reload { name };
        /// the key dialled after the AUX code
        digit: OptionalWhole = written("required", 0..=9, "(one key)").and("each once"), reload { told digit };
    }
}
