//! From a text to its words: lower case, no accents, no words without meaning of their own, stems.

use core::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

/// How many words of a question count; the rest is not looked at.
pub(crate) const QUESTION_WORDS_MAX: usize = 48;
/// A longer word is cut.
const WORD_LENGTH_MAX: usize = 32;
/// Shorter words have no endings that could be cut off.
const STEMMED_FROM: usize = 4;

/// Words that say nothing about which procedure is meant: articles, prepositions, pronouns, forms of "to be", "to have",
/// "to want", "to do" and "to go", greetings and fillers. Without accents.
static EMPTY_WORDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("empty_words.txt").split_ascii_whitespace().collect());

thread_local! {
    // Snowball's Spanish takes microseconds a word, and the words of procedures come again and again.
    static STEMS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// How many stems a thread keeps.
const STEMS_KEPT_MAX: usize = 50_000;

/// Lower case and without accents: what is left is ASCII, and all else becomes a space.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' | 'ª' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' | 'º' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other if other.is_ascii_alphanumeric() => other,
        _ => ' ',
    }
}

/// The words of a text in its order, folded; letters and digits are apart, so that `LMU20` and `LMU 20` are alike.
pub(crate) fn split(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = Vec::new();
    for part in folded.split_ascii_whitespace() {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            words.push(rest[..end.min(WORD_LENGTH_MAX)].to_owned());
            rest = &rest[end..];
        }
    }
    words
}

/// The words of a text in its order: lower case, without accents, letters and digits apart.
#[must_use]
pub fn plain_words(text: &str) -> Vec<String> {
    split(text)
}

/// The stems of the words that mean something, each once, sorted: what two questions have in common.
#[must_use]
pub fn meaning(text: &str) -> Vec<String> {
    let stems: BTreeSet<String> = meaningful(text).iter().map(|word| stem(word)).collect();
    stems.into_iter().collect()
}

/// The words of a text that mean something; all of them, where none would be left.
pub(crate) fn meaningful(text: &str) -> Vec<String> {
    let words = split(text);
    let kept: Vec<String> = words.iter().filter(|word| !is_empty(word)).cloned().collect();
    if kept.is_empty() { words } else { kept }
}

/// Whether a word says nothing about which procedure is meant.
pub(crate) fn is_empty(word: &str) -> bool {
    (word.len() == 1 && !word.starts_with(|letter: char| letter.is_ascii_digit()))
        || EMPTY_WORDS.contains(word)
}

/// The words without meaning that are long enough to be misspelt.
pub(crate) fn empty_words() -> impl Iterator<Item = &'static str> {
    EMPTY_WORDS.iter().copied().filter(|word| word.len() >= 5)
}

/// The stem of a folded word.
pub(crate) fn stem(word: &str) -> String {
    if word.len() < STEMMED_FROM || word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return word.to_owned();
    }
    STEMS.with_borrow_mut(|stems| {
        if let Some(known) = stems.get(word) {
            return known.clone();
        }
        let accented = with_accent(word);
        let stem = fold(&Stemmer::create(Algorithm::Spanish).stem(&accented));
        if stems.len() < STEMS_KEPT_MAX {
            stems.insert(word.to_owned(), stem.clone());
        }
        stem
    })
}

/// Snowball knows the ending of `exoneración` only with its accent, and citizens leave it out.
fn with_accent(word: &str) -> String {
    let short = ["cion", "sion"].into_iter().any(|ending| word.ends_with(ending));
    if short { format!("{}ón", &word[..word.len() - 2]) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_number_make_no_difference() {
        for (one, other) in [
            ("Exoneración", "exoneraciones"),
            ("PREDIOS", "predio"),
            ("matrícula", "matriculas"),
            ("año", "ano"),
            ("inscripcion", "inscripciones"),
        ] {
            let stems = |text: &str| split(text).iter().map(|word| stem(word)).collect::<Vec<_>>();
            assert_eq!(stems(one), stems(other), "{one} {other}");
        }
    }

    #[test]
    fn letters_and_digits_are_apart_and_everything_else_is_a_space() {
        assert_eq!(split("LMU20, 1.5 por mil; «QR»\0"), ["lmu", "20", "1", "5", "por", "mil", "qr"]);
        assert_eq!(split("ß™漢字"), Vec::<String>::new());
    }

    #[test]
    fn a_question_of_empty_words_keeps_them() {
        assert_eq!(meaningful("¿Cómo hago para pagar?"), ["pagar"]);
        assert_eq!(meaningful("y eso como es"), ["y", "eso", "como", "es"]);
    }
}
