//! The keys of [[caller_list]].

use turno_model::ListEffect;
use turno_model::plan::CallerListPlan;

use crate::difference_names::prompt;
use crate::key::keys;
use crate::told::Said;
use crate::values::{Whole, whole};
use crate::words::{Choice, Own, REQUIRED, own};

/// What a list may do, as the plan has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Prefer,
    Refuse,
}

const DOES: [(&str, Does); 2] = [("prefer", Does::Prefer), ("refuse", Does::Refuse)];

keys! {
    /// The keys of [[caller_list]].
    CALLER_LIST: CallerListKeys of CallerListPlan beside { name, effect, prompt } {
        /// the name, for commands and reports
        name: Own = REQUIRED, reload { name };
        /// numbers, and patterns as in `allow` of [dial_out]; `turno ctl caller` adds and removes others
        numbers: Own = own("`[]`", ""), reload { told numbers };
        /// `prefer`: its callers enter a queue with `priority`; `refuse`: they hear `prompt` and the call ends
        r#do: Choice<Does> = Choice { words: &DOES, shown: "required" }, reload { by |_, list| does(list.effect) };
        /// the priority in every queue, for `prefer`; a queue's own counts if it is higher
        priority: Whole = whole(1, 0..=255, "(higher is served first)"), reload { by |_, list| priority(list.effect) };
        /// what callers hear, for `refuse`
        prompt: Own = own("turno's `not_served`, in the site's language", ""),
            reload { by |plan, list| list.prompt.map(|it| prompt(plan, it)) };
    }
}

fn does(effect: ListEffect) -> Said {
    let word = match effect {
        ListEffect::Prefer(_) => "prefer",
        ListEffect::Refuse => "refuse",
    };
    Said(word.to_owned())
}

const fn priority(effect: ListEffect) -> Option<u32> {
    match effect {
        ListEffect::Prefer(priority) => Some(priority as u32),
        ListEffect::Refuse => None,
    }
}
