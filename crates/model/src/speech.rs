//! Sentences with numbers, put together from recorded parts: places in line, waits, times of day, digits.
//!
//! The parts of a language are played one after another. Each has a name such as `say/n21f`, a text, and a recording
//! of this name in the language's folder of prompts. Numbers have parts of their own, which all sentences share.

mod english;
mod numbers;
mod spanish;
#[cfg(test)]
mod tests;
mod told;

use core::time::Duration;

use compact_str::CompactString;

use crate::id::PromptName;
use crate::language::Language;

pub use told::{TOLD_MINUTES_MAX, told_minutes};

/// Something that is spoken from recorded parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// The place in line, from 1.
    Place(u32),
    /// The wait until the call is answered.
    Wait(Duration),
    /// The time of day of a promised callback: minutes since midnight.
    CallAt(u16),
    /// The time of day at which an agent's turn for a break comes: minutes since midnight.
    TurnAt(u16),
    /// The time of day at which a message came: minutes since midnight.
    MessageAt(u16),
    /// Digits one by one, such as a number keyed in that is read back. Other characters are not spoken.
    Digits(CompactString),
}

/// The parts in the order in which they are played: names of recordings in the language's folder, without the ending.
///
/// ```
/// use turno_model::Language;
/// use turno_model::speech::{Spoken, parts};
///
/// let said = parts(Language::Spanish, &Spoken::Place(22));
/// assert_eq!(said, ["say/there_are", "say/n21f", "say/people_before"]);
/// ```
pub fn parts(language: Language, spoken: &Spoken) -> Vec<&'static str> {
    match (language, spoken) {
        (Language::English, Spoken::Place(place)) => english::place(*place),
        (Language::Spanish, Spoken::Place(place)) => spanish::place(*place),
        (Language::English, Spoken::Wait(wait)) => english::wait(told_minutes(*wait)),
        (Language::Spanish, Spoken::Wait(wait)) => spanish::wait(told_minutes(*wait)),
        (Language::English, Spoken::CallAt(minute)) => english::call_at(*minute),
        (Language::Spanish, Spoken::CallAt(minute)) => spanish::call_at(*minute),
        (Language::English, Spoken::TurnAt(minute)) => english::turn_at(*minute),
        (Language::Spanish, Spoken::TurnAt(minute)) => spanish::turn_at(*minute),
        (Language::English, Spoken::MessageAt(minute)) => english::message_at(*minute),
        (Language::Spanish, Spoken::MessageAt(minute)) => spanish::message_at(*minute),
        (Language::English | Language::Spanish, Spoken::Digits(digits)) => numbers::digits(digits),
    }
}

/// Every recording that [`parts`] may name in this language, with its text.
pub const fn recordings(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English => english::RECORDINGS,
        Language::Spanish => spanish::RECORDINGS,
    }
}

/// The prompts of a sentence, from those of all recordings in the order of [`recordings`].
pub fn prompts_of(language: Language, all: &[PromptName], spoken: &Spoken) -> Vec<PromptName> {
    let known = recordings(language);
    let place = |part: &str| known.iter().position(|(name, _)| *name == part);
    let parts = parts(language, spoken);
    parts.into_iter().filter_map(|part| all.get(place(part)?).copied()).collect()
}

/// The sentence as text: the texts of its parts.
///
/// ```
/// use core::time::Duration;
/// use turno_model::Language;
/// use turno_model::speech::{Spoken, text};
///
/// let wait = Spoken::Wait(Duration::from_secs(200));
/// assert_eq!(text(Language::English, &wait), "Your call will be answered in about four minutes.");
/// ```
pub fn text(language: Language, spoken: &Spoken) -> String {
    joined(language, &parts(language, spoken))
}

/// The texts of these parts as one text.
fn joined(language: Language, parts: &[&str]) -> String {
    let mut said = String::new();
    let mut before = None;
    for &part in parts {
        if let Some(before) = before {
            said.push_str(match language {
                Language::English => english::joint(before, part),
                Language::Spanish => " ",
            });
        }
        let recording = recordings(language).iter().find(|(name, _)| *name == part);
        said.push_str(recording.map_or(part, |(_, text)| text));
        before = Some(part);
    }
    said
}
