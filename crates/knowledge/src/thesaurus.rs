//! Words and phrases that mean the same, made into one.

use std::collections::BTreeMap;

use crate::words;

/// The groups of a site, ready to be found in a list of stems.
#[derive(Debug, Default)]
pub(crate) struct Thesaurus {
    /// By the first stem: the whole phrase and its group, the longest phrase first.
    by_first: BTreeMap<String, Vec<(Vec<String>, usize)>>,
    /// Every folded word of the groups.
    words: Vec<String>,
}

impl Thesaurus {
    /// The thesaurus of these groups. A phrase that stands in two groups is in the first of them.
    pub(crate) fn new(groups: &[Vec<String>]) -> Self {
        let mut thesaurus = Self::default();
        for (group, members) in groups.iter().enumerate() {
            for member in members {
                let meaningful = words::meaningful(member);
                let stems: Vec<String> = meaningful.iter().map(|word| words::stem(word)).collect();
                thesaurus.words.extend(meaningful);
                let Some(first) = stems.first().cloned() else { continue };
                let phrases = thesaurus.by_first.entry(first).or_default();
                if !phrases.iter().any(|(known, _)| *known == stems) {
                    phrases.push((stems, group));
                }
            }
        }
        for phrases in thesaurus.by_first.values_mut() {
            phrases.sort_by_key(|(stems, _)| core::cmp::Reverse(stems.len()));
        }
        thesaurus
    }

    /// Every folded word of the groups.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// The group whose phrase `stems` begin with, and how many of them the phrase takes.
    pub(crate) fn begins(&self, stems: &[&str]) -> Option<(String, usize)> {
        let phrases = self.by_first.get(*stems.first()?)?;
        let is_here = |phrase: &[String]| {
            phrase.len() <= stems.len() && phrase.iter().zip(stems).all(|(here, there)| here == there)
        };
        let (phrase, group) = phrases.iter().find(|(phrase, _)| is_here(phrase))?;
        Some((group_term(*group), phrase.len()))
    }

    /// The terms of a list of stems: each phrase of a group becomes that group.
    pub(crate) fn terms(&self, stems: &[String]) -> Vec<String> {
        let borrowed: Vec<&str> = stems.iter().map(String::as_str).collect();
        let mut terms = Vec::new();
        let mut at = 0;
        while at < borrowed.len() {
            let (term, taken) = self.begins(&borrowed[at..]).unwrap_or_else(|| (borrowed[at].to_owned(), 1));
            terms.push(term);
            at += taken;
        }
        terms
    }
}

/// No word has letters and digits, so no word is mistaken for a group.
fn group_term(group: usize) -> String {
    format!("g{group}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_its_words_are_used_up() {
        let groups = [
            ["carro", "vehículo"].map(str::to_owned).to_vec(),
            ["tercera edad", "adulto mayor"].map(str::to_owned).to_vec(),
        ];
        let thesaurus = Thesaurus::new(&groups);
        let terms = |text: &str| {
            thesaurus.terms(&words::meaningful(text).iter().map(|word| words::stem(word)).collect::<Vec<_>>())
        };
        assert_eq!(terms("carros de la tercera edad"), terms("vehículo de adultos mayores"));
        assert_eq!(terms("tercera cita"), ["tercer", "cit"]);
    }
}
