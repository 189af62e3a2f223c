//! A folder of procedures with its synonyms: read as a whole or refused as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::fault::{Fault, Location, Notice, Refused};
use crate::index::{Answer, Index};
use crate::nearest::nearest;
use crate::procedure::Procedure;
use crate::reader::read_procedure;
use crate::synonyms::{Synonyms, read_synonyms};
use crate::text_file::read_text;

/// The most procedures that a folder may hold.
pub const PROCEDURES_MAX: usize = 20_000;
/// The file of synonyms in a folder of procedures.
pub const SYNONYMS_FILE: &str = "synonyms.toml";

/// All procedures of a site.
pub struct Library {
    procedures: Vec<Procedure>,
    folder: PathBuf,
    synonyms: Synonyms,
    index: Index,
}

impl Library {
    /// Reads every `*.md` of `folder`, in the order of names, and its synonyms, if there are any. `is_code` says whether the
    /// site has a wrap-up code.
    ///
    /// # Errors
    /// [`Refused`] with every fault.
    pub fn read(folder: &Path, is_code: &dyn Fn(&str) -> bool) -> Result<Self, Refused> {
        let mut faults = Vec::new();
        let mut procedures = Vec::new();
        let mut texts = BTreeMap::new();
        for file in find_files(folder).map_err(|fault| Refused { faults: vec![fault] })? {
            let read = read_text(&file).map_err(|found| vec![unreadable(&file, found)]);
            match read.and_then(|text| Ok((read_procedure(&file, &text)?, text))) {
                Ok((procedure, text)) => {
                    texts.insert(procedure.id.clone(), (file, text));
                    procedures.push(procedure);
                }
                Err(found) => faults.extend(found),
            }
        }
        // A reference to a procedure that could not be read is no dead one.
        if faults.is_empty() {
            faults = cross_check(&procedures, &texts, is_code);
        }
        let synonyms = read_site_synonyms(folder, &procedures).unwrap_or_else(|found| {
            if faults.is_empty() {
                faults = found;
            }
            Synonyms::default()
        });
        if !faults.is_empty() {
            return Err(Refused { faults });
        }
        let index = Index::new(&procedures, &synonyms).map_err(|error| Refused {
            faults: vec![unreadable(folder, format!("no index can be made: {error}"))],
        })?;
        Ok(Self { procedures, folder: folder.to_owned(), synonyms, index })
    }

    /// The same procedures with the synonyms of another file: what a change would do, before it goes live.
    ///
    /// # Errors
    /// [`Refused`] with every fault of that file.
    pub fn with_synonyms(&self, file: &Path) -> Result<Self, Refused> {
        let one = |fault| Refused { faults: vec![fault] };
        let text = read_text(file).map_err(|found| one(unreadable(file, found)))?;
        let ids: Vec<&str> = self.procedures.iter().map(|procedure| procedure.id.as_str()).collect();
        let synonyms = read_synonyms(file, &text, &ids).map_err(|faults| Refused { faults })?;
        let index = Index::new(&self.procedures, &synonyms)
            .map_err(|error| one(unreadable(file, format!("no index can be made: {error}"))))?;
        Ok(Self { procedures: self.procedures.clone(), folder: self.folder.clone(), synonyms, index })
    }

    /// The same procedures with these words added: words that mean the same, or, with a procedure, how it is asked for. Beside
    /// it what to write into [`SYNONYMS_FILE`]: the whole group, or the new phrases of the procedure.
    ///
    /// # Errors
    /// Why these words can't be added, for people.
    pub fn with_words(&self, words: &[String], procedure: Option<&str>) -> Result<(Self, String), String> {
        if let Some(id) = procedure.filter(|id| self.procedure(id).is_none()) {
            return Err(format!("there is no procedure `{id}`"));
        }
        let mut synonyms = self.synonyms.clone();
        let row = synonyms.add(words, procedure)?;
        let index = Index::new(&self.procedures, &synonyms)
            .map_err(|error| format!("no index can be made: {error}"))?;
        Ok((Self { procedures: self.procedures.clone(), folder: self.folder.clone(), synonyms, index }, row))
    }

    /// The procedures that `text` may ask for, the best first, at most `most`. It takes any text.
    #[must_use]
    pub fn search(&self, text: &str, most: usize) -> Answer {
        self.index.search(text, most)
    }

    /// The procedure of this name.
    #[must_use]
    pub fn procedure(&self, id: &str) -> Option<&Procedure> {
        self.procedures
            .binary_search_by(|known| known.id.as_str().cmp(id))
            .ok()
            .map(|at| &self.procedures[at])
    }

    /// The procedure that agents mean by a wrap-up code; `None`: none, or several.
    #[must_use]
    pub fn of_code(&self, code: &str) -> Option<&Procedure> {
        let mut having = self.procedures.iter().filter(|known| known.wrap_up.as_deref() == Some(code));
        having.next().filter(|_| having.next().is_none())
    }

    /// The nearest name to one that no procedure has.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<String> {
        nearest(id, self.procedures.iter().map(|known| known.id.as_str()))
    }

    /// All of them, in the order of their names in links.
    #[must_use]
    pub fn procedures(&self) -> &[Procedure] {
        &self.procedures
    }

    /// What is old on `today`: procedures whose last day is over, and those that nobody has compared with their sources for
    /// more than `days`.
    #[must_use]
    pub fn notices(&self, today: Date, days: u32) -> Vec<Notice> {
        let mut notices = Vec::new();
        for procedure in &self.procedures {
            let mut tell = |text: String| {
                let file = self.folder.join(format!("{}.md", procedure.id));
                notices.push(Notice { at: Location::of_file(&file), text });
            };
            if let Some(last) = procedure.valid_until.filter(|_| procedure.is_expired(today)) {
                tell(format!("this procedure has expired: its last day was {last}"));
            }
            let unchecked = procedure.days_unchecked(today);
            if unchecked > days {
                tell(format!(
                    "nobody has compared this with its sources for {unchecked} days ({days} are allowed)"
                ));
            }
        }
        notices
    }
}

fn find_files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let refused = |error| unreadable(folder, format!("the folder can't be read: {error}"));
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let file = entry.map_err(refused)?.path();
        // Editors keep files and links beside the one that they work on.
        let is_hidden = file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if file.extension().is_some_and(|ending| ending == "md") && !is_hidden {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(unreadable(folder, "the folder holds no *.md".to_owned()));
    }
    if files.len() > PROCEDURES_MAX {
        return Err(unreadable(
            folder,
            format!("the folder holds {} procedures, at most {PROCEDURES_MAX}", files.len()),
        ));
    }
    // By the name without its ending, which is the order of `id`s.
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    Ok(files)
}

fn read_site_synonyms(folder: &Path, procedures: &[Procedure]) -> Result<Synonyms, Vec<Fault>> {
    let file = folder.join(SYNONYMS_FILE);
    if !file.exists() {
        return Ok(Synonyms::default());
    }
    let text = read_text(&file).map_err(|found| vec![unreadable(&file, found)])?;
    let ids: Vec<&str> = procedures.iter().map(|procedure| procedure.id.as_str()).collect();
    read_synonyms(&file, &text, &ids)
}

fn unreadable(file: &Path, found: String) -> Fault {
    Fault::new(Location::of_file(file), found, "a folder of procedures, one Markdown file each")
}

/// References to procedures that are not there, and to codes that the site does not have.
fn cross_check(
    procedures: &[Procedure],
    texts: &BTreeMap<String, (PathBuf, String)>,
    is_code: &dyn Fn(&str) -> bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for procedure in procedures {
        let (file, text) = &texts[&procedure.id];
        let place = |key: &str, word: &str| {
            let from = text.find(&format!("\n{key}")).unwrap_or(0);
            let at = text[from..].find(&format!("\"{word}\"")).map_or(from, |found| from + found);
            Location::in_text(file, text, at)
        };
        for related in &procedure.related {
            if !texts.contains_key(related) || *related == procedure.id {
                let found = format!("`related` leads to `{related}`, which is no other procedure");
                let mut fault =
                    Fault::new(place("related", related), found, "the name of another file without `.md`");
                fault.nearest = nearest(related, texts.keys().map(String::as_str));
                faults.push(fault);
            }
        }
        if let Some(code) = procedure.wrap_up.as_deref().filter(|code| !is_code(code)) {
            let found = format!("the plan has no wrap-up code `{code}`");
            faults.push(Fault::new(
                place("wrap_up", code),
                found,
                "digits, and one of [[wrap_up_code]] if there are any",
            ));
        }
    }
    faults
}
