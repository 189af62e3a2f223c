//! The keys of [[number]] and [[menu]].

use turno_model::plan::{MenuPlan, NumberPlan};

use crate::difference_names::{card, choices, entry, hours, prompt, prompts, queue};
use crate::key::keys;
use crate::told::Said;
use crate::values::{Span, Whole, minutes, secs, span, whole};
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
        /// the extension of an agent whose own number this is, beside a `queue`: who calls waits for the agent first, as
        /// `direct_wait` of [room] says, and then for everybody
        agent: Own = own("none", ""), reload { with queue };
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
    MENU: MenuKeys of MenuPlan beside { name, prompts, choices, wrong, person, otherwise, card } {
        /// the name in the plan
        name: Own = REQUIRED, reload { name };
        /// played first; any key cuts them
        prompts: Own = REQUIRED, reload { by |plan, menu| prompts(plan, &menu.prompts) };
        /// the procedure whose card is read before the prompts, by its name in [knowledge]
        /// ([MENUS.md](MENUS.md#cards-of-procedures))
        procedure: Own = own("none", "the name of a card's file without `.md`"), reload { by |plan, menu| card(plan, menu) };
        /// played after the card where it can be sent to the caller by WhatsApp
        offer: Own = own("none", ""), reload { by |plan, menu| menu.card.as_ref().and_then(|it| it.offer).map(|it| prompt(plan, it)) };
        /// played when it was sent
        sent: Own = own("none", ""), reload { by |plan, menu| menu.card.as_ref().and_then(|it| it.sent).map(|it| prompt(plan, it)) };
        /// silence after the prompts before the menu is played again, or `otherwise` is taken
        wait: Span = span(secs(5), secs(1)..=minutes(1)), reload { told wait };
        /// keys and what they do: a queue's name; `"menu NAME"`; prompts that are read, `["es/portal"]`, after which the menu
        /// is played again; `"back"` to the menu before; `"repeat"`; `"send"`, which sends the card of `procedure`; or
        /// `"language en"`, which turno speaks to the caller from then on. `{ 1 = "luae", 2 = "menu taxes", "*" = "back" }`
        choices: Own = own("required", "0 to 9, `*`, `#`"), reload { by |plan, menu| choices(plan, menu) };
        /// how often the menu is played again after silence, before `otherwise` is taken
        repeats: Whole = whole(1, 0..=9, "times"), reload { told repeats };
        /// played after an unlisted key, before the menu is played again
        wrong: Own = own("none", ""), reload { by |plan, menu| menu.wrong.map(|it| prompt(plan, it)) };
        /// how many unlisted keys are answered with the menu again; the next one leads to `otherwise`
        wrong_max: Whole = whole(2, 0..=9, "keys"), reload { told wrong_max };
        /// the queue that the key 0 leads to, also while prompts are read, unless `choices` list it
        person: Own = own("as `otherwise`", ""), reload { by |plan, menu| menu.person.map(|it| queue(plan, it)) };
        /// the queue after the last silence or unlisted key, and after the longest stay in menus
        otherwise: Own = REQUIRED, reload { by |plan, menu| queue(plan, menu.otherwise) };
    }
}
