//! Reads a site's synonyms: words that mean the same, and how citizens ask for a procedure.

use std::collections::BTreeMap;
use std::path::Path;

use toml_span::value::ValueInner;

use crate::fault::{Fault, Location};
use crate::head::{Head, as_text};
use crate::nearest::nearest;

/// What a site says about its citizens' words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Synonyms {
    /// Words and phrases that mean the same, as they are written.
    pub(crate) same: Vec<Vec<String>>,
    /// By the `id` of a procedure: how it is asked for.
    pub(crate) asked_as: BTreeMap<String, Vec<String>>,
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
