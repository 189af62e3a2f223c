//! Words that nobody has written in a procedure, taken for those that were probably meant.

use crate::nearest::{edits, within_one_edit};
use crate::words;

/// A shorter word has too many neighbours.
const MISSPELT_FROM: usize = 4;
/// Words that begin alike are related if they share this many letters.
const BEGINNING: usize = 5;
/// How many words a misspelt one may stand for.
const MEANT_MAX: usize = 3;

/// The words of all procedures, as they sound.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    /// In the order of their words, which is the order of equal candidates.
    known: Vec<Known>,
}

/// One word of the procedures.
#[derive(Debug)]
struct Known {
    word: String,
    sound: Vec<u8>,
    stem: String,
    /// In how many procedures it stands.
    procedures: u32,
}

/// What a word was probably meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// Words of the procedures, the likeliest first: word and stem.
    Words(Vec<(String, String)>),
    /// A word that says nothing, misspelt.
    Nothing,
    /// No word that anybody knows.
    Unknown,
}

impl Spelling {
    /// Adds a folded word that stands in so many procedures.
    pub(crate) fn add(&mut self, word: &str, procedures: u32) {
        self.known.push(Known {
            word: word.to_owned(),
            sound: sound(word),
            stem: words::stem(word),
            procedures,
        });
    }

    /// What `word` was meant to be, which has no stem among the procedures' own.
    pub(crate) fn meant(&self, word: &str) -> Meant {
        let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
        if is_number || word.len() < MISSPELT_FROM {
            return Meant::Unknown;
        }
        let heard = sound(word);
        let is_near = |known: &&Known| {
            let is_long = known.word.len() >= MISSPELT_FROM;
            known.sound == heard || (is_long && within_one_edit(&known.sound, &heard))
        };
        let near = self.known.iter().filter(is_near);
        let mut near: Vec<_> = near.map(|known| (nearness(known, word, &heard), known)).collect();
        // `kiero` sounds like `quiero`, and is one letter from `cierro`.
        let is_exact = near.iter().any(|((is_other, ..), _)| *is_other == 0);
        let is_empty = |empty: &str| {
            let empty = sound(empty);
            empty == heard || (near.is_empty() && within_one_edit(&empty, &heard))
        };
        if !is_exact && words::empty_words().any(is_empty) {
            return Meant::Nothing;
        }
        if near.is_empty() {
            near = self.beginning_like(word);
        }
        near.sort_by(|(one, first), (other, second)| {
            one.cmp(other).then_with(|| first.word.cmp(&second.word))
        });
        let mut meant: Vec<(String, String)> = Vec::new();
        for (_, known) in near {
            if meant.len() < MEANT_MAX && !meant.iter().any(|(_, stem)| *stem == known.stem) {
                meant.push((known.word.clone(), known.stem.clone()));
            }
        }
        if meant.is_empty() { Meant::Unknown } else { Meant::Words(meant) }
    }

    /// Related words that have another ending: `discapacitado` and `discapacidad`.
    fn beginning_like(&self, word: &str) -> Vec<((usize, usize, u32), &Known)> {
        let shared = |known: &Known| {
            known.word.bytes().zip(word.bytes()).take_while(|(here, there)| here == there).count()
        };
        let related = self.known.iter().filter(|known| {
            let shared = shared(known);
            shared >= BEGINNING && shared * 3 >= word.len().max(known.word.len()) * 2
        });
        related.map(|known| ((usize::MAX - shared(known), 0, u32::MAX - known.procedures), known)).collect()
    }
}

/// The nearer, the less: another sound, other letters, a rare word.
fn nearness(known: &Known, word: &str, heard: &[u8]) -> (usize, usize, u32) {
    let is_other_sound = usize::from(known.sound != heard);
    (is_other_sound, edits(known.word.as_bytes(), word.as_bytes()), u32::MAX - known.procedures)
}

/// A word as it sounds in Ecuador: b and v, s and z and soft c, ll and y are alike, h is silent.
fn sound(word: &str) -> Vec<u8> {
    let letters = word.as_bytes();
    let mut sound: Vec<u8> = Vec::with_capacity(letters.len());
    for (at, &letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        let is_soft = matches!(next, Some(b'e' | b'i'));
        let heard = match letter {
            b'h' if at > 0 && letters[at - 1] == b'c' => b'h',
            b'h' => continue,
            b'v' | b'w' => b'b',
            b'z' => b's',
            b'c' if is_soft => b's',
            b'c' | b'q' => b'k',
            b'u' if at > 0 && letters[at - 1] == b'q' && is_soft => continue,
            b'g' if is_soft => b'j',
            b'u' if at > 0 && letters[at - 1] == b'g' && is_soft => continue,
            b'l' if next == Some(b'l') => b'y',
            b'x' if next == Some(b'c') || next == Some(b's') => b'x',
            other => other,
        };
        // A letter twice sounds like one; the second l of ll has become its y.
        let is_second = sound.last() == Some(&heard) || (letter == b'l' && at > 0 && letters[at - 1] == b'l');
        if !is_second {
            sound.push(heard);
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling() -> Spelling {
        let mut spelling = Spelling::default();
        for word in
            ["licencia", "exoneracion", "vehiculo", "predio", "patente", "discapacidad", "quebrada", "llave"]
        {
            spelling.add(word, 1);
        }
        spelling
    }

    #[test]
    fn a_citizen_who_writes_as_it_sounds_is_understood() {
        for (written, meant) in [
            ("lisensia", "licencia"),
            ("hexoneracion", "exoneracion"),
            ("beiculo", "vehiculo"),
            ("patetne", "patente"),
            ("kebrada", "quebrada"),
            ("yave", "llave"),
            ("discapacitado", "discapacidad"),
        ] {
            let Meant::Words(words) = spelling().meant(written) else {
                panic!("{written} is not understood")
            };
            assert_eq!(words[0].0, meant, "{written}");
        }
    }

    #[test]
    fn short_words_numbers_and_strange_words_are_left_alone() {
        for written in ["pre", "20", "elefante", ""] {
            assert_eq!(spelling().meant(written), Meant::Unknown, "{written}");
        }
        assert_eq!(spelling().meant("nesesito"), Meant::Nothing);
        let mut spelling = spelling();
        spelling.add("cierro", 1);
        assert_eq!(spelling.meant("kiero"), Meant::Nothing);
    }
}
