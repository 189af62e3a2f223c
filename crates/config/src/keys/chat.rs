//! The keys of [chat].

use turno_model::plan::ChatPlan;

use crate::key::keys;
use crate::values::{Whole, whole};
use crate::words::{Own, own};

keys! {
    /// The keys of [chat].
    CHAT: ChatKeys of ChatPlan {
        /// the origins of the pages that may show the chat: `["https://www.example"]`. turno's own page `/chat` needs none.
        /// Without `[chat]` there is no web chat ([CHAT.md](CHAT.md))
        origins: Own = own("none", ""), reload { told origins };
        /// what stands above the chat, at most 60 characters
        title: Own = own("turno's own words", ""), reload { told title };
        /// how many sessions one address may open in an hour: whole offices may have one address
        sessions: Whole = whole(60, 1..=100_000, "sessions an hour"), reload { told sessions };
        /// how many messages one session may send in a minute
        messages: Whole = whole(30, 1..=1_000, "messages a minute"), reload { told messages };
        /// answers that agents have ready, each with a short name: `["hola: Buenos días. ¿En qué le ayudo?"]`. The agent types `/hola`
        answers: Own = own("none", ""), reload { by |_, chat| ready(chat) };
    }
}

/// How ready answers are told: by their names.
fn ready(chat: &ChatPlan) -> Vec<String> {
    chat.answers.iter().map(|(name, words)| format!("{name}: {words}")).collect()
}
