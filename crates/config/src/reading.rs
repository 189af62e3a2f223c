//! What is gathered while a plan is read: faults, notices, prompts.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use turno_model::PromptName;
use turno_model::plan::PromptPlan;

use crate::fault::{Fault, FaultKind, Notice};
use crate::nearest::nearest;
use crate::node::{Key, Node};
use crate::regular;
use crate::shipped::or_shipped;
use crate::source::{Environment, Source, SourceSpan};

/// Where a plan comes from.
pub(crate) struct Origin<'e> {
    /// The plan's files.
    pub(crate) sources: Vec<Source>,
    /// Relative paths start here.
    pub(crate) folder: PathBuf,
    /// Environment variables.
    pub(crate) environment: Environment<'e>,
}

/// One plan being read.
pub(crate) struct Reading<'e> {
    pub(crate) origin: Origin<'e>,
    pub(crate) notices: Vec<Notice>,
    /// A file could not be parsed: what others refer to may stand in it.
    pub(crate) is_partial: bool,
    faults: Vec<(SourceSpan, Fault)>,
    prompt_folder: PathBuf,
    prompts: Vec<PromptPlan>,
}

/// Names that something may be referred to by, with their places.
#[derive(Default)]
pub(crate) struct Names(Vec<(String, SourceSpan)>);

impl Names {
    /// The place in the list, if it is there.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == name)
    }

    /// Adds a name that need not be written anywhere.
    pub(crate) fn push(&mut self, name: String, place: SourceSpan) {
        self.0.push((name, place));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Where the name was first written.
    pub(crate) fn place(&self, name: &str) -> Option<SourceSpan> {
        self.0.iter().find(|(known, _)| known == name).map(|&(_, place)| place)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'e> Reading<'e> {
    pub(crate) fn new(origin: Origin<'e>) -> Self {
        let prompt_folder = origin.folder.join("prompts");
        Self {
            origin,
            notices: Vec::new(),
            is_partial: false,
            faults: Vec::new(),
            prompt_folder,
            prompts: Vec::new(),
        }
    }

    /// Notes a fault.
    pub(crate) fn fault(
        &mut self,
        kind: FaultKind,
        place: SourceSpan,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> &mut Fault {
        let source = &self.origin.sources[place.file];
        let mut excerpt = source.excerpt(place);
        if kind == FaultKind::UnknownKey {
            // A misspelt password key must not show its value.
            excerpt.line = excerpt.line.split_inclusive('=').next().unwrap_or_default().trim_end().to_owned();
        }
        let fault = Fault {
            kind,
            at: source.location(place),
            found: found.into(),
            expected: expected.into(),
            nearest: None,
            first: None,
            excerpt: Some(excerpt),
        };
        self.faults.push((place, fault));
        &mut self.faults.last_mut().expect("just pushed").1
    }

    /// Notes that something stands twice.
    pub(crate) fn twice(&mut self, place: SourceSpan, first: SourceSpan, what: &str) {
        let first = self.origin.sources[first.file].location(first);
        self.fault(FaultKind::Twice, place, format!("{what} stands twice"), "each once").first = Some(first);
    }

    /// Notes a reference to nothing.
    pub(crate) fn unknown_name(&mut self, place: SourceSpan, what: &str, name: &str, known: &[&str]) {
        if self.is_partial {
            return;
        }
        let expected = if known.is_empty() {
            format!("a {what} of this plan; it has none")
        } else {
            format!("one of {}", list_words(known))
        };
        self.fault(FaultKind::UnknownName, place, format!("there is no {what} `{name}`"), expected).nearest =
            nearest(name, known.iter().copied()).map(str::to_owned);
    }

    /// Notes something that the writer may not have meant.
    pub(crate) fn notice(&mut self, place: SourceSpan, text: impl Into<String>) {
        let at = self.origin.sources[place.file].location(place);
        self.notices.push(Notice { at, text: text.into() });
    }

    /// Adds `name` unless it is there already.
    pub(crate) fn add_name(&mut self, names: &mut Names, name: &str, place: SourceSpan, what: &str) {
        match names.place(name) {
            Some(first) => self.twice(place, first, &format!("{what} `{name}`")),
            None => names.push(name.to_owned(), place),
        }
    }

    /// Says where prompts are.
    pub(crate) fn set_prompt_folder(&mut self, folder: PathBuf) {
        self.prompt_folder = folder;
    }

    /// The prompt of this name; its file must be there.
    pub(crate) fn prompt(&mut self, node: &Node, name: &str) -> PromptName {
        if let Some(at) = self.prompts.iter().position(|prompt| prompt.name == name) {
            return prompt_at(at);
        }
        let is_plain = !name.is_empty()
            && name.split('/').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            });
        let file = self.prompt_folder.join(format!("{name}.wav"));
        let file = if is_plain {
            or_shipped(file, &format!("prompts/{name}.wav"), self.origin.environment)
        } else {
            file
        };
        if is_plain {
            self.check_wav(node.place, &file, ("prompt", name), ".wav");
        } else {
            self.fault(
                FaultKind::Unintelligible,
                node.place,
                format!("`{name}` is no prompt's name"),
                "a name such as `es/welcome`: letters, digits, `_`, `-`, folders after `/`, without .wav",
            );
        }
        self.prompts.push(PromptPlan { name: name.to_owned(), file });
        prompt_at(self.prompts.len() - 1)
    }

    /// The names of all prompts until now.
    pub(crate) fn prompt_names(&self) -> impl Iterator<Item = &str> {
        self.prompts.iter().map(|prompt| prompt.name.as_str())
    }

    /// The prompt of this name, if its file is there. The name is one of turno's own or made from one of the plan.
    pub(crate) fn prompt_if_there(&mut self, name: &str) -> Option<PromptName> {
        if let Some(at) = self.prompts.iter().position(|prompt| prompt.name == name) {
            return Some(prompt_at(at));
        }
        let file = self.prompt_folder.join(format!("{name}.wav"));
        let file = or_shipped(file, &format!("prompts/{name}.wav"), self.origin.environment);
        file.is_file().then(|| {
            self.prompts.push(PromptPlan { name: name.to_owned(), file });
            prompt_at(self.prompts.len() - 1)
        })
    }

    /// The file of a prompt, if it is there, without loading it.
    pub(crate) fn sound_of(&self, name: &str) -> Option<PathBuf> {
        let file = self.prompt_folder.join(format!("{name}.wav"));
        let file = or_shipped(file, &format!("prompts/{name}.wav"), self.origin.environment);
        file.is_file().then_some(file)
    }

    /// Faults a file that is not there or is no WAV file. `left_out` is the ending that the plan does not write.
    pub(crate) fn check_wav(
        &mut self,
        place: SourceSpan,
        file: &Path,
        (what, name): (&str, &str),
        left_out: &str,
    ) {
        let mut head = [0_u8; 12];
        let read = regular::open(file).and_then(|mut opened| opened.read_exact(&mut head));
        let shown = file.display();
        match read {
            Ok(()) if head.starts_with(b"RIFF") && head.ends_with(b"WAVE") => {}
            Ok(()) => {
                let found = format!("{what} `{name}`: {shown} is no WAV file");
                self.fault(FaultKind::Audio, place, found, "a RIFF WAVE file");
            }
            Err(error) => {
                let found = format!("{what} `{name}`: {shown} can't be read: {error}");
                let near = nearest_file(file, name, left_out);
                self.fault(FaultKind::Audio, place, found, "a WAV file there").nearest = near;
            }
        }
    }

    /// Where a thing is that no file mentions: the plan's first byte.
    pub(crate) fn nowhere(&self) -> SourceSpan {
        SourceSpan::default()
    }

    /// Ends the reading: faults in the order of files and lines, notices, prompts.
    pub(crate) fn finish(mut self) -> (Vec<Fault>, Vec<Notice>, Vec<PromptPlan>) {
        self.faults.sort_by_key(|&(place, _)| (place.file, place.start));
        // A faulty default is met once for each table that it stands in for.
        self.faults.dedup_by(|(_, one), (_, other)| one == other);
        (self.faults.into_iter().map(|(_, fault)| fault).collect(), self.notices, self.prompts)
    }
}

/// A file that is there and is called nearly so, as the plan would write it.
fn nearest_file(file: &Path, name: &str, left_out: &str) -> Option<String> {
    let (folder, last) = name.rsplit_once('/').map_or(("", name), |(folder, last)| (folder, last));
    let names: Vec<String> = fs::read_dir(file.parent()?)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(left_out)?.to_owned()))
        .filter(|known| known != last)
        .collect();
    let found = nearest(last, names.iter().map(String::as_str))?;
    Some(if folder.is_empty() { found.to_owned() } else { format!("{folder}/{found}") })
}

fn prompt_at(at: usize) -> PromptName {
    PromptName(u32::try_from(at).expect("a plan has few prompts"))
}

/// Words in a row: `a`, `b`.
pub(crate) fn list_words(words: &[&str]) -> String {
    /// More than this are counted, not listed.
    const LISTED_MAX: usize = 40;
    let mut text: Vec<String> = words.iter().take(LISTED_MAX).map(|word| format!("`{word}`")).collect();
    if words.len() > LISTED_MAX {
        text.push(format!("and {} more", words.len() - LISTED_MAX));
    }
    text.join(", ")
}

/// The fields of a table, or a fault.
pub(crate) fn table_of<'n>(
    reading: &mut Reading<'_>,
    node: &'n Node,
    what: &str,
) -> Option<&'n [(Key, Node)]> {
    if let crate::node::Kind::Table(fields) = &node.kind {
        return Some(fields);
    }
    let found = format!("{what} is {}", node.kind.words());
    reading.fault(FaultKind::WrongType, node.place, found, "a table");
    None
}
