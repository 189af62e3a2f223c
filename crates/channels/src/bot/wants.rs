//! Whether words ask for a person, are angry, thank or greet: without accents, in Spanish and English.

use turno_knowledge::plain_words;

use crate::bot::settings::Settings;

/// Phrases that ask for a person.
const PERSON: &[&str] = &[
    "asesor",
    "asesora",
    "operador",
    "operadora",
    "un humano",
    "una humana",
    "ser humano",
    "con una persona",
    "persona real",
    "alguien real",
    "con alguien",
    "con un agente",
    "con una agente",
    "con un funcionario",
    "con una funcionaria",
    "con un servidor",
    "llamenme",
    "human",
    "a person",
    "real person",
    "talk to someone",
    "an agent",
    "representative",
];
/// Words that ask for a person only if nothing else is said.
const ALONE: &[&str] = &[
    "agente",
    "un agente",
    "agent",
    "persona",
    "una persona",
    "humano",
    "humana",
    "funcionario",
    "ayuda",
    "help",
];
/// Phrases of anger.
const ANGRY: &[&str] = &[
    "inutil",
    "no sirve",
    "no sirves",
    "pesimo",
    "pesima",
    "estupido",
    "estupida",
    "idiota",
    "mierda",
    "carajo",
    "verguenza",
    "harto",
    "harta",
    "ineptos",
    "no entiende nada",
    "no entiendes nada",
    "que asco",
    "los voy a denunciar",
    "useless",
    "stupid",
    "terrible service",
    "fed up",
    "ridiculous",
    "waste of time",
];
const YES: &[&str] = &[
    "si",
    "si gracias",
    "claro",
    "listo",
    "perfecto",
    "resuelto",
    "ya",
    "yes",
    "ok",
    "dale",
    "muchas gracias",
    "gracias",
];
const NO: &[&str] = &[
    "no",
    "no me sirve",
    "todavia no",
    "aun no",
    "no gracias",
    "not yet",
    "no me ayuda",
    "no es eso",
    "eso no",
    "otra cosa",
];
const GREETING: &[&str] = &[
    "hola",
    "buenos dias",
    "buenas tardes",
    "buenas noches",
    "buenas",
    "buen dia",
    "hello",
    "hi",
    "good morning",
    "good afternoon",
    "alo",
    "saludos",
];

/// What words want beside an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A person.
    Person,
    /// Nothing but to be heard: a person is angry.
    Calm,
    /// Says yes, or thanks.
    Yes,
    /// Says no.
    No,
    /// Greets, and nothing else.
    Greets,
    /// An answer.
    Answer,
}

/// Whether words ask for a procedure: not for a person, and more than a greeting, a thank or a number.
#[must_use]
pub fn is_question(words: &str, settings: &Settings) -> bool {
    words.chars().any(char::is_alphabetic) && wants(words, settings) == Wants::Answer
}

/// What these words want. Yes, no and greetings count only alone.
pub(crate) fn wants(words: &str, settings: &Settings) -> Wants {
    let said = plain_words(words);
    let polite = |word: &String| matches!(word.as_str(), "por" | "favor" | "please");
    let whole = said.iter().filter(|word| !polite(word)).cloned().collect::<Vec<_>>().join(" ");
    let own = |phrases: &[String]| phrases.iter().any(|phrase| stands_in(&plain_words(phrase), &said));
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| stands_in(&plain_words(phrase), &said));
    if any(ANGRY) || own(&settings.angry_words) {
        Wants::Calm
    } else if any(PERSON) || own(&settings.person_words) || ALONE.contains(&whole.as_str()) {
        Wants::Person
    } else if YES.contains(&whole.as_str()) {
        Wants::Yes
    } else if NO.contains(&whole.as_str()) {
        Wants::No
    } else if GREETING.contains(&whole.as_str()) {
        Wants::Greets
    } else {
        Wants::Answer
    }
}

/// Whether the words of a phrase stand in `said` one after another.
fn stands_in(phrase: &[String], said: &[String]) -> bool {
    !phrase.is_empty() && said.windows(phrase.len()).any(|part| part == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_called_by_words_and_not_by_parts_of_words() {
        let wants = |words| wants(words, &Settings::default());
        assert_eq!(wants("Quiero hablar con un ASESOR por favor"), Wants::Person);
        assert_eq!(wants("¡pésimo servicio!"), Wants::Calm);
        assert_eq!(wants("no, gracias"), Wants::No);
        assert_eq!(wants("¿Qué necesito para la LUAE?"), Wants::Answer);
        assert_eq!(wants("permiso de asesoría contable"), Wants::Answer);
        assert_eq!(wants("Buenos días"), Wants::Greets);
        assert_eq!(wants(""), Wants::Answer);
    }

    #[test]
    fn a_greeting_a_thank_and_a_number_are_no_questions() {
        let is_question = |words| is_question(words, &Settings::default());
        assert!(is_question("¿Qué necesito para la LUAE?"));
        for words in ["hola", "no, gracias", "0991234567", "quiero hablar con un asesor", "?"] {
            assert!(!is_question(words), "{words}");
        }
    }

    #[test]
    fn who_speaks_of_a_person_does_not_ask_for_one() {
        let wants = |words| wants(words, &Settings::default());
        assert_eq!(wants("bono de desarrollo humano"), Wants::Answer);
        assert_eq!(wants("queja contra un funcionario"), Wants::Answer);
        assert_eq!(wants("agente"), Wants::Person);
        assert_eq!(wants("páseme con un agente"), Wants::Person);
    }

    #[test]
    fn a_site_adds_words_of_its_own() {
        let settings = Settings { person_words: vec!["la señorita".to_owned()], ..Settings::default() };
        assert_eq!(wants("páseme con la senorita", &settings), Wants::Person);
    }
}
