//! The keys of [[dependency]].

use turno_model::plan::DependencyPlan;

use crate::key::keys;
use crate::words::{Own, REQUIRED, Signs, own};

keys! {
    /// The keys of [[dependency]].
    DEPENDENCY: DependencyKeys of DependencyPlan beside { name } {
        /// the name in the plan, in metrics, in traces and in reports
        name: Own = REQUIRED, reload { name };
        /// what an agent dials to consult it, or transfers a caller to
        extension: Signs = Signs { default: "", shown: "required", max: 8, of: "of 0 to 9, `*`, `#`", note: "each once" },
            reload { told extension };
        /// its number, dialled over the `trunk` of [dial_out]; `allow` and `deny` say nothing of it
        number: Signs = Signs { default: "", shown: "required", max: 20, of: "digits", note: "" },
            reload { told number };
        /// the wrap-up code that a contact gets when it is transferred there and the dependency answers
        outcome: Own = own("none: the agent gives one", "a code of [[wrap_up_code]], if there are any"),
            reload { told outcome };
    }
}
