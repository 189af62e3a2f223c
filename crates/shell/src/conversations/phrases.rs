//! What turno itself says to a person who writes.

use turno_model::Language;

/// One sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// The person has been silent for long.
    AreYouThere,
    /// It is closed since the person is silent.
    Closed,
    /// The agent was silent: another one goes on.
    GivenBack,
    /// The contact ended without an agent.
    Nobody,
}

/// Its words.
pub(crate) const fn words(phrase: Phrase, language: Language) -> &'static str {
    match (phrase, language) {
        (Phrase::AreYouThere, Language::Spanish) => "¿Sigue ahí? Escríbanos si todavía necesita ayuda.",
        (Phrase::AreYouThere, Language::English) => {
            "Are you still there? Write to us if you still need help."
        }
        (Phrase::Closed, Language::Spanish) => {
            "Cerramos esta conversación porque no hemos vuelto a leerle. Si escribe de nuevo, la retomamos."
        }
        (Phrase::Closed, Language::English) => {
            "We close this conversation, as we have not read from you. Write again and we go on with it."
        }
        (Phrase::GivenBack, Language::Spanish) => {
            "Disculpe la demora. Le atenderá el siguiente asesor libre; no pierde su turno."
        }
        (Phrase::GivenBack, Language::English) => {
            "Sorry for the delay. The next free agent will help you; you keep your place."
        }
        (Phrase::Nobody, Language::Spanish) => {
            "Ahora nadie pudo atenderle. Su mensaje queda guardado; escriba de nuevo cuando quiera."
        }
        (Phrase::Nobody, Language::English) => {
            "Nobody could help you now. Your message is kept; write again whenever you like."
        }
    }
}

/// The language of a code such as `es-EC`.
pub(crate) fn language(code: Option<&str>, site: Option<Language>) -> Language {
    match code.and_then(|code| code.get(..2)) {
        Some("es") => Language::Spanish,
        Some("en") => Language::English,
        Some(_) | None => site.unwrap_or_default(),
    }
}
