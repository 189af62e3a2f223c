//! What the bot says beside the cards, in Spanish and English.

use turno_model::Language;

use crate::body::Choice;
use crate::bot::settings::Settings;
use crate::bot::why::Why;

/// The id of the choice "this helped".
pub(crate) const YES: &str = "yes";
/// The id of the choice "this did not help".
pub(crate) const NO: &str = "no";
/// The id of the choice "a person, please".
pub(crate) const PERSON: &str = "person";
/// The id of the choice "I leave a message".
pub(crate) const MESSAGE: &str = "message";
/// The id of the choice "call me back".
pub(crate) const CALLBACK: &str = "callback";
/// What stands before the name of a procedure in the id of its choice.
pub(crate) const PROCEDURE: &str = "procedure:";

/// A phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    AsksForWords,
    Which,
    Helped,
    OtherWords,
    WritesWords,
    Thanks,
    NobodyThere,
    LeavesMessage,
    LeavesNumber,
    NoNumber,
    MessageKept,
    CallbackKept,
}

/// The words of a phrase.
pub(crate) const fn say(phrase: Phrase, language: Language) -> &'static str {
    match language {
        Language::Spanish => in_spanish(phrase),
        Language::English => in_english(phrase),
    }
}

const fn in_spanish(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::AsksForWords => "¿Sobre qué trámite desea información?",
        Phrase::Which => "¿Cuál de estos trámites necesita?",
        Phrase::Helped => "¿Le sirvió esta respuesta?",
        Phrase::OtherWords => "No estoy seguro de haber entendido. ¿Me lo puede decir con otras palabras?",
        Phrase::WritesWords => "Por ahora solo puedo leer texto. Escriba su pregunta, por favor.",
        Phrase::Thanks => "¡Con mucho gusto! Si necesita algo más, escríbame.",
        Phrase::NobodyThere => "En este momento no hay asesores en línea. ¿Qué prefiere?",
        Phrase::LeavesMessage => "Escriba su mensaje. Un asesor lo leerá en el próximo horario de atención.",
        Phrase::LeavesNumber => "¿A qué número le llamamos? Escríbalo con todas sus cifras.",
        Phrase::NoNumber => "Eso no parece un número de teléfono. Escríbalo con todas sus cifras, por favor.",
        Phrase::MessageKept => "Su mensaje queda guardado. Le responderemos por este mismo medio.",
        Phrase::CallbackKept => "Le llamaremos a ese número en el próximo horario de atención.",
    }
}

const fn in_english(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::AsksForWords => "What would you like to know about?",
        Phrase::Which => "Which of these do you need?",
        Phrase::Helped => "Did this answer help?",
        Phrase::OtherWords => "I am not sure that I understood. Could you say it in other words?",
        Phrase::WritesWords => "I can only read text for now. Please write your question.",
        Phrase::Thanks => "You are welcome. Write to me if you need anything else.",
        Phrase::NobodyThere => "Nobody is on duty now. What would you prefer?",
        Phrase::LeavesMessage => {
            "Please write your message. An agent will read it when the office is open again."
        }
        Phrase::LeavesNumber => "Which number shall we call? Please write all its digits.",
        Phrase::NoNumber => "That does not look like a telephone number. Please write all its digits.",
        Phrase::MessageKept => "Your message is kept. We will answer here.",
        Phrase::CallbackKept => "We will call that number when the office is open again.",
    }
}

/// The first words of a dialogue: that no person is writing, and how to get one.
pub(crate) fn greeting(settings: &Settings, language: Language) -> String {
    let name = &settings.name;
    match language {
        Language::Spanish => {
            format!(
                "Soy el asistente automático de {name}. Escriba «asesor» cuando quiera hablar con una persona."
            )
        }
        Language::English => {
            format!("I am the automatic assistant of {name}. Write \"agent\" whenever you want a person.")
        }
    }
}

/// What a person is told who is handed over.
pub(crate) const fn hands_over(why: Why, language: Language) -> &'static str {
    match (why, language) {
        (Why::Anger, Language::Spanish) => {
            "Lamento la molestia. Le comunico con un asesor, que verá todo lo que escribió."
        }
        (Why::Anger, Language::English) => {
            "I am sorry. I am handing you to an agent, who will see all that you wrote."
        }
        (_, Language::Spanish) => {
            "Le comunico con un asesor, que verá todo lo que escribió. No necesita repetirlo."
        }
        (_, Language::English) => "I am handing you to an agent, who will see all that you wrote.",
    }
}

/// A choice with built-in words.
pub(crate) fn choice(id: &str, language: Language) -> Choice {
    let title = match (id, language) {
        (YES, Language::Spanish) => "Sí, gracias",
        (YES, Language::English) => "Yes, thank you",
        (NO, Language::Spanish) => "No",
        (NO, Language::English) => "No",
        (MESSAGE, Language::Spanish) => "Dejar un mensaje",
        (MESSAGE, Language::English) => "Leave a message",
        (CALLBACK, Language::Spanish) => "Que me llamen",
        (CALLBACK, Language::English) => "Call me back",
        (_, Language::Spanish) => "Un asesor",
        (_, Language::English) => "An agent",
    };
    Choice { id: id.to_owned(), title: title.to_owned(), detail: None }
}
