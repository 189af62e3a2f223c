//! The plan's tables, gathered from its files.

use crate::fault::FaultKind;
use crate::nearest::nearest;
use crate::node::{Kind, Node, grow};
use crate::reading::{Reading, list_words};
use crate::section::Section;
use crate::sections::{Stands, TABLES, table};
use crate::source::SourceSpan;

/// All tables of all files, in the order of files and lines.
#[derive(Default)]
pub(crate) struct Tables {
    single: Vec<(&'static str, SourceSpan, Node)>,
    many: Vec<(&'static str, Node)>,
}

impl Tables {
    /// Parses every file; what can't be parsed or is unknown is a fault.
    pub(crate) fn gather(reading: &mut Reading<'_>) -> Self {
        let mut tables = Self::default();
        for file in 0..reading.origin.sources.len() {
            let text = reading.origin.sources[file].text.clone();
            match toml_span::parse(&text) {
                Ok(value) => tables.take(reading, grow(value, file)),
                Err(error) => {
                    reading.is_partial = true;
                    syntax_fault(reading, file, &error);
                }
            }
        }
        tables
    }

    /// The table of this name, or an empty one.
    pub(crate) fn single<'n>(&'n self, reading: &mut Reading<'_>, name: &str) -> Section<'n> {
        let table = table(name);
        match self.single.iter().find(|(known, _, _)| *known == name) {
            Some((_, _, node)) => Section::new(reading, node, table.title, &table.keys()),
            None => Section::absent(table.title, reading.nowhere()),
        }
    }

    /// Whether the table stands anywhere.
    pub(crate) fn has_single(&self, name: &str) -> bool {
        self.single.iter().any(|(known, _, _)| *known == name)
    }

    /// Every table of this name.
    pub(crate) fn many<'n>(&'n self, reading: &mut Reading<'_>, name: &str) -> Vec<Section<'n>> {
        let table = table(name);
        let keys = table.keys();
        let nodes = self.many.iter().filter(|(known, _)| *known == name);
        nodes.map(|(_, node)| Section::new(reading, node, table.title, &keys)).collect()
    }

    fn take(&mut self, reading: &mut Reading<'_>, root: Node) {
        let Kind::Table(fields) = root.kind else { return };
        for (key, node) in fields {
            if let Some(name) = names(Stands::Once).find(|name| *name == key.name) {
                match self.single.iter().find(|(known, _, _)| *known == name) {
                    Some(&(_, first, _)) => reading.twice(key.place, first, &format!("[{name}]")),
                    None => self.single.push((name, key.place, node)),
                }
            } else if let Some(name) = names(Stands::Often).find(|name| *name == key.name) {
                match node.kind {
                    Kind::List(items) => self.many.extend(items.into_iter().map(|item| (name, item))),
                    Kind::Table(_) => {
                        let found = format!("[{name}] stands in single brackets");
                        reading.fault(FaultKind::WrongType, key.place, found, format!("[[{name}]]"));
                    }
                    Kind::Text(_) | Kind::Whole(_) | Kind::Real | Kind::Flag(_) => {
                        let found = format!("`{name}` is {}", node.kind.words());
                        reading.fault(FaultKind::WrongType, key.place, found, format!("tables [[{name}]]"));
                    }
                }
            } else {
                let known: Vec<&str> = names(Stands::Once).chain(names(Stands::Often)).collect();
                let found = format!("unknown table or key `{}`", key.name);
                let expected = format!("one of the tables {}", list_words(&known));
                reading.fault(FaultKind::UnknownKey, key.place, found, expected).nearest =
                    nearest(&key.name, known.iter().copied()).map(str::to_owned);
            }
        }
    }
}

fn names(stands: Stands) -> impl Iterator<Item = &'static str> {
    TABLES.iter().filter(move |table| table.stands == stands).map(|table| table.name)
}

fn syntax_fault(reading: &mut Reading<'_>, file: usize, error: &toml_span::Error) {
    use toml_span::ErrorKind as E;
    let at = |span: toml_span::Span| SourceSpan { file, start: span.start, end: span.end };
    let place = at(error.span);
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's own list; only two kinds have a twin")]
    match &error.kind {
        E::DuplicateTable { name, first } => reading.twice(place, at(*first), &format!("[{name}]")),
        E::DuplicateKey { key, first } => reading.twice(place, at(*first), &format!("`{key}`")),
        kind => {
            let found = match kind {
                E::UnquotedString => "this is no TOML value".to_owned(),
                _ => format!("this is not TOML: {error}"),
            };
            reading.fault(FaultKind::Syntax, place, found, "TOML: `key = \"text\"`, `[table]`, `[[table]]`");
        }
    }
}
