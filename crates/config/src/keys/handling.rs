//! The keys of [[wrap_up_code]].

use turno_model::plan::WrapUpCodePlan;

use crate::key::keys;
use crate::values::{OptionalSpan, hours, none_or, secs};
use crate::words::{Own, Signs, own};

keys! {
    /// The keys of [[wrap_up_code]].
    WRAP_UP_CODE: WrapUpCodeKeys of WrapUpCodePlan beside { code } {
        /// what is dialled after the feature code `wrap_up`
        code: Signs = Signs { default: "", shown: "required", max: 8, of: "of 0 to 9", note: "each once" },
            reload { name };
        /// the procedure and its outcome, for people
        name: Own = own("the code", ""), reload { told name };
        /// the handling target of talks with this code, from the moment at which the agent gives it
        handling_target: OptionalSpan = none_or(secs(1)..=hours(4)).default_if("that of the queue"),
            reload { told handling_target };
    }
}
