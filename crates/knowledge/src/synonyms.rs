//! Reads a site's synonyms: words that mean the same, and how citizens ask for a procedure.

use std::collections::BTreeMap;
use std::path::Path;

use toml_span::value::ValueInner;

use crate::fault::{Fault, Location};
use crate::head::{Head, as_text};
use crate::nearest::nearest;
use crate::words;

/// What a site says about its citizens' words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Synonyms {
    /// Words and phrases that mean the same, as they are written.
    pub(crate) same: Vec<Vec<String>>,
    /// By the `id` of a procedure: how it is asked for.
    pub(crate) asked_as: BTreeMap<String, Vec<String>>,
}

/// The most words that are added at once, and the longest of them in characters.
const WORDS_MAX: usize = 20;
const WORD_CHARS_MAX: usize = 100;

impl Synonyms {
    /// Adds words that mean the same, to the group that has one of them if there is one; or how a procedure is asked for.
    /// Returns the row of the file: the whole group, or the new phrases of the procedure.
    ///
    /// # Errors
    /// Why these words can't be added, for people.
    pub(crate) fn add(&mut self, added: &[String], procedure: Option<&str>) -> Result<String, String> {
        let added: Vec<String> = added.iter().map(|word| word.trim().to_owned()).collect();
        let least = if procedure.is_some() { 1 } else { 2 };
        if !(least..=WORDS_MAX).contains(&added.len()) {
            return Err(format!("there must be {least} to {WORDS_MAX} words or phrases"));
        }
        for word in &added {
            let is_odd = |sign: char| sign.is_control() || matches!(sign, '"' | '\\');
            if word.chars().count() > WORD_CHARS_MAX || word.chars().any(is_odd) {
                return Err(format!(
                    "a phrase has at most {WORD_CHARS_MAX} characters, no quotes and no backslash"
                ));
            }
            if stems(word).is_empty() {
                return Err(format!("`{word}` has no word that a search looks for"));
            }
        }
        let Some(id) = procedure else { return Ok(self.add_same(added)) };
        let phrases = self.asked_as.entry(id.to_owned()).or_default();
        let before = phrases.len();
        for word in added {
            if phrases.iter().all(|known| stems(known) != stems(&word)) {
                phrases.push(word);
            }
        }
        match phrases.get(before..) {
            Some(new @ [_, ..]) => Ok(format!("{id} = {}", list(new))),
            _ => Err(format!("`{id}` is asked for in these words already")),
        }
    }

    fn add_same(&mut self, added: Vec<String>) -> String {
        let has = |group: &[String], word: &String| group.iter().any(|known| stems(known) == stems(word));
        let known = self.same.iter().position(|group| added.iter().any(|word| has(group, word)));
        // A word of two groups counts in the first: those that the new words join become one.
        let place = known.unwrap_or(self.same.len());
        let later = self.same.split_off(place);
        let (joined, others): (Vec<_>, Vec<_>) =
            later.into_iter().partition(|group| added.iter().any(|word| has(group, word)));
        let mut whole: Vec<String> = Vec::new();
        for word in joined.into_iter().flatten().chain(added) {
            if !has(&whole, &word) {
                whole.push(word);
            }
        }
        let row = list(&whole);
        self.same.push(whole);
        self.same.extend(others);
        row
    }
}

fn stems(phrase: &str) -> Vec<String> {
    words::meaningful(phrase).iter().map(|word| words::stem(word)).collect()
}

/// A list of texts as TOML has it.
fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// Reads them.
///
/// # Errors
/// Every fault.
pub(crate) fn read_synonyms(file: &Path, text: &str, ids: &[&str]) -> Result<Synonyms, Vec<Fault>> {
    let mut head = Head::new(file, text, (0, text.len())).map_err(|fault| vec![fault])?;
    let mut synonyms = Synonyms::default();
    let mut faults = Vec::new();
    if let Some((value, at)) = head.take("same") {
        synonyms.same = read_groups(&mut head, value, at);
    }
    if let Some((value, at)) = head.take("asked_as") {
        let expected = "a table of lists: `[asked_as]` and `luae = [\"permiso del local\"]`";
        let ValueInner::Table(table) = value else {
            head.wrong::<()>(at, "`asked_as` is no table", expected);
            return Err(head.finish());
        };
        for (key, mut value) in table {
            let place = Location::in_text(file, text, key.span.start);
            if !ids.contains(&key.name.as_ref()) {
                let found = format!("there is no procedure `{}`", key.name);
                let mut fault = Fault::new(place, found, "the name of a file without `.md`");
                fault.nearest = nearest(&key.name, ids.iter().copied());
                faults.push(fault);
                continue;
            }
            match texts(value.take()) {
                Some(phrases) => {
                    synonyms.asked_as.insert(key.name.into_owned(), phrases);
                }
                None => {
                    faults.push(Fault::new(place, format!("`{}` is no list of texts", key.name), expected))
                }
            }
        }
    }
    faults.extend(head.finish());
    if faults.is_empty() { Ok(synonyms) } else { Err(faults) }
}

/// Lists of words that mean the same.
fn read_groups(head: &mut Head<'_>, value: ValueInner<'_>, at: usize) -> Vec<Vec<String>> {
    let expected = "lists of words: `same = [[\"carro\", \"vehículo\"]]`";
    let ValueInner::Array(groups) = value else {
        head.wrong::<()>(at, "`same` is no list", expected);
        return Vec::new();
    };
    let mut read = Vec::new();
    for mut group in groups {
        match texts(group.take()).filter(|words| words.len() >= 2) {
            Some(words) => read.push(words),
            None => {
                head.wrong::<()>(group.span.start, "this group is no list of two words or more", expected);
            }
        }
    }
    read
}

fn texts(value: ValueInner<'_>) -> Option<Vec<String>> {
    let ValueInner::Array(items) = value else { return None };
    items.into_iter().map(as_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_new_word_joins_the_group_that_has_one_of_the_words_and_groups_that_it_joins_become_one() {
        let mut synonyms = Synonyms {
            same: vec![
                words(&["carro", "vehículo"]),
                words(&["basura", "desechos"]),
                words(&["auto", "coche"]),
            ],
            ..Synonyms::default()
        };
        let row = synonyms.add(&words(&["carros", "auto", "nave"]), None);
        assert_eq!(row.as_deref(), Ok(r#"["carro", "vehículo", "auto", "coche", "nave"]"#));
        assert_eq!(synonyms.same.len(), 2);
        assert_eq!(synonyms.same[1], words(&["basura", "desechos"]));
        assert_eq!(synonyms.add(&words(&["luz", "foco"]), None).as_deref(), Ok(r#"["luz", "foco"]"#));
        assert_eq!(synonyms.same.len(), 3);
    }

    #[test]
    fn a_procedure_is_asked_for_in_one_more_way_and_odd_words_are_refused() {
        let mut synonyms = Synonyms::default();
        let row = synonyms.add(&words(&["permiso del local", " permisos del local "]), Some("luae"));
        assert_eq!(row.as_deref(), Ok(r#"luae = ["permiso del local"]"#));
        assert!(synonyms.add(&words(&["permisos del local"]), Some("luae")).is_err(), "it is known");
        let row = synonyms.add(&words(&["permiso del local", "papeles del local"]), Some("luae"));
        assert_eq!(row.as_deref(), Ok(r#"luae = ["papeles del local"]"#));
        assert_eq!(synonyms.asked_as["luae"].len(), 2);
        for odd in [&["uno"][..], &[], &["a\"", "b"], &["a\\", "b"], &["?", "b"]] {
            assert!(synonyms.add(&words(odd), None).is_err(), "{odd:?}");
        }
    }
}
