//! The keys of [[number]] and [[menu]].

use turno_model::plan::{MenuPlan, NumberPlan};

use crate::difference_names::{choices, entry, hours, prompt, prompts, queue};
use crate::key::keys;
use crate::told::Said;
use crate::values::{Span, minutes, secs, span};
use crate::words::{Own, REQUIRED, Signs, own};

keys! {
    /// The keys of [[number]].
    NUMBER: NumberKeys of NumberPlan beside { number, entry, hours, closed, holiday } {
        /// the digits that the carrier sends; `-`, `.`, spaces, brackets and `+` are dropped on both sides
        // E.164 has 15, private ones may be longer.
        number: Signs = Signs { default: "", shown: "required", max: 32, of: "digits, `*`, `#`", note: "each once" },
            reload { name };
        /// straight to this queue
        queue: Own = own("this or `menu`", ""), reload { as "leads to" by |plan, number| entry(plan, number) };
        /// to this menu
        menu: Own = own("this or `queue`", ""), reload { with queue };
        /// when it is open
        hours: Own = own("always", ""), reload {
            by |plan, number| number.hours.map_or_else(|| Said("always".to_owned()), |it| hours(plan, it))
        };
        /// the prompt outside the hours; then the call ends
        closed: Own = own("none", ""), reload { by |plan, number| number.closed.map(|it| prompt(plan, it)) };
        /// the prompt on holidays
        holiday: Own = own("as `closed`", ""), reload { by |plan, number| number.holiday.map(|it| prompt(plan, it)) };
    }
}

keys! {
    /// The keys of [[menu]].
    MENU: MenuKeys of MenuPlan beside { name, prompts, choices, otherwise } {
        /// the name in the plan
        name: Own = REQUIRED, reload { name };
        /// played first; any key of the menu cuts them
        prompts: Own = REQUIRED, reload { by |plan, menu| prompts(plan, &menu.prompts) };
        /// silence after the prompts before `otherwise` is taken
        wait: Span = span(secs(5), secs(1)..=minutes(1)), reload { told wait };
        /// keys and queues, `{ 1 = "luae", "*" = "general" }`
        choices: Own = own("required", "0 to 9, `*`, `#`"), reload { by |plan, menu| choices(plan, menu) };
        /// the queue on silence or another key
        otherwise: Own = REQUIRED, reload { by |plan, menu| queue(plan, menu.otherwise) };
    }
}
