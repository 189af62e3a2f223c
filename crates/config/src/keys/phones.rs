//! The keys of agents on an ordinary telephone: in [[agent]], and in [room].

use turno_ground::Pii;
use turno_model::plan::{OutsidePhone, PhoneLine, PhonesPlan};

use crate::difference_names::prompt;
use crate::key::keys;
use crate::told::Said;
use crate::words::{Flag, ON, Own, Signs, Word, own, word};

const LINES: [(&str, PhoneLine); 2] = [("each_call", PhoneLine::EachCall), ("held", PhoneLine::Held)];

/// The ordinary telephone of an agent who has one.
pub(crate) type Outside = Option<OutsidePhone>;

keys! {
    /// The keys of an agent's ordinary telephone.
    OUTSIDE_PHONE: OutsidePhoneKeys of Outside {
        /// the agent's ordinary telephone, as it is dialled over the trunk of `[dial_out]`, which has a `host`; `allow` and `deny` do
        /// not apply. It is rung when no phone is registered where the agent sits. `phone` is `"none"` then, unless something
        /// else is written ([Agents on a telephone](PHONES.md))
        phone_number: Signs = Signs { default: "", shown: "none", max: 20, of: "digits", note: "each once" },
            reload { by |_, phone| phone.as_ref().map(|it| Pii(it.number.0.clone())) }, only "agent";
        /// who picks up must press 1 before a caller is connected. Without it, callers may get to a machine
        press_one: Flag = ON, reload { by |_, phone| phone.as_ref().map(|it| it.press_one) }, only "agent";
        /// `each_call`: the telephone is dialled for each call. `held`: it is dialled when the agent becomes ready, and stays connected
        phone_line: Word<PhoneLine> = word(&LINES, PhoneLine::EachCall),
            reload { by |_, phone| phone.as_ref().map(|it| line(it.line)) }, only "agent";
    }
}

keys! {
    /// The keys of [room] for agents on an ordinary telephone.
    PHONES: PhonesKeys of PhonesPlan {
        /// a number of the site that no `[[number]]` has: who calls it keys in an agent's extension and PIN, and then feature codes.
        /// A call from an agent's `phone_number` is asked for the PIN alone
        agents_line: Signs = Signs { default: "", shown: "none", max: 32, of: "digits", note: "" },
            reload { told agents_line };
        /// what an agent hears who picks up an ordinary telephone, again and again
        press_one_prompt: Own = own("agents/press_one, in the language of the feature codes", ""), reload {
            by |plan, phones| phones.press_one.map(|it| prompt(plan, it))
        };
    }
}

fn line(line: PhoneLine) -> Said {
    let word = LINES.iter().find(|(_, known)| *known == line).map_or("", |(word, _)| word);
    Said(word.to_owned())
}
