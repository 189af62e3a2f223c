//! Facts of a time, from those of a journal's files that have them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use core::time::Duration;

use turno_ground::Moment;
use turno_journal::{Content, Entry, HEADER_BYTES, Item, file_of_name, places_of, read};
use turno_model::{ContactId, Fact, PlanIndex};

/// How long before a contact the facts begin: who works, and who waits, is told by facts before it.
const BEFORE: Duration = Duration::from_secs(24 * 3600);

/// How long after its arrival a contact is followed; a callback or a message may wait for days.
const AFTER: Duration = Duration::from_secs(14 * 24 * 3600);

/// A stretch of facts.
#[derive(Debug, Default)]
pub struct Stretch {
    /// The facts, in order.
    pub facts: Vec<(Moment, Fact)>,
    /// The names behind their numbers, as they were at the end.
    pub index: Option<PlanIndex>,
    /// Facts before, under other names.
    pub before: Vec<(PlanIndex, Vec<(Moment, Fact)>)>,
    /// The contact whose facts must stay when names change.
    wanted: Option<ContactId>,
    /// Whether nothing more is read: the contact has ended, or the numbers mean something else behind it.
    is_over: bool,
}

/// The files of a journal's folder that have facts, by number.
#[derive(Debug)]
pub struct FactFolder {
    files: BTreeMap<u64, FactFile>,
}

#[derive(Debug)]
struct FactFile {
    path: PathBuf,
    number: u64,
    begun: Moment,
}

impl FactFolder {
    /// Looks at the heads of the files.
    ///
    /// # Errors
    /// What the system says about the folder.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut files: BTreeMap<u64, (Content, PathBuf)> = BTreeMap::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Some((content, number)) = file_of_name(&entry.file_name().to_string_lossy()) else {
                continue;
            };
            // A fact file has all facts of its segment, and is smaller.
            let is_better = content == Content::Facts || !files.contains_key(&number);
            if content != Content::Checkpoint && is_better {
                files.insert(number, (content, entry.path()));
            }
        }
        let files = files.into_iter().filter_map(|(number, (_, path))| {
            let begun = begun(&path, number)?;
            Some((number, FactFile { path, number, begun }))
        });
        Ok(Self { files: files.collect() })
    }

    /// The facts from one moment to another, and a little before and after.
    pub fn between(&self, from: Moment, to: Moment) -> Stretch {
        self.gather(from, to, None)
    }

    fn gather(&self, from: Moment, to: Moment, wanted: Option<ContactId>) -> Stretch {
        let mut stretch = Stretch { wanted, ..Stretch::default() };
        let mut files = self.files.values().peekable();
        while let Some(file) = files.next() {
            let ended = files.peek().map(|next| next.begun);
            if ended.is_none_or(|ended| ended >= from) && file.begun <= to && !stretch.is_over {
                stretch.read(file);
            }
        }
        stretch
    }

    /// The whole number of a contact, of which the last digits are given: the newest one that ends with them.
    pub fn find(&self, digits: &str) -> Option<(ContactId, Moment)> {
        let wanted: Option<u64> = digits.parse().ok();
        for file in self.files.values().rev() {
            let mut stretch = Stretch::default();
            stretch.read(file);
            let is_it = |contact: ContactId| contact.0.to_string().ends_with(digits);
            let found =
                stretch.facts.iter().rev().find(
                    |(_, fact)| matches!(fact, Fact::ContactArrived { contact, .. } if is_it(*contact)),
                );
            if let Some((at, fact)) = found {
                return fact.contact().map(|contact| (contact, *at));
            }
            // Contacts are numbered from the moment of the start, in microseconds: none comes before that.
            if wanted.is_some_and(|wanted| wanted > file.begun.as_micros()) && digits.len() >= 16 {
                return stretch.first_of(ContactId(wanted?)).map(|at| (ContactId(wanted.unwrap_or(0)), at));
            }
        }
        None
    }

    /// The facts around a contact that arrived at this moment.
    pub fn around(&self, contact: ContactId, arrived: Moment) -> Stretch {
        let mut stretch = self.gather(arrived - BEFORE, arrived + AFTER, Some(contact));
        let end = stretch.facts.iter().rposition(|(_, fact)| fact.contact() == Some(contact));
        stretch.facts.truncate(end.map_or(0, |end| end + 1));
        stretch
    }

    /// The facts up to a moment, from long enough before it.
    pub fn until(&self, at: Moment) -> Stretch {
        self.between(at - BEFORE, at)
    }
}

impl Stretch {
    fn read(&mut self, file: &FactFile) {
        let Ok(bytes) = std::fs::read(&file.path) else { return };
        for frame in &read(&bytes, file.number).frames {
            if self.is_over {
                return;
            }
            match frame.entry {
                Entry::PlanIndex(body) => self.goes_on_under(places_of(body)),
                Entry::Step(items) => self.facts.extend(items.filter_map(|item| match item {
                    Item::Fact(fact) => fact.fact().ok().map(|fact| (frame.at, fact)),
                    Item::Row { .. } | Item::Gone(_) => None,
                })),
                Entry::Books(_) | Entry::Last => {}
            }
        }
        let ends = |fact: &Fact| matches!(fact, Fact::ContactEnded { .. } | Fact::TurnedAway { .. });
        self.is_over |= self.wanted.is_some()
            && self.facts.iter().any(|(_, fact)| fact.contact() == self.wanted && ends(fact));
    }

    /// Other names: what numbers meant before is something else now, so what was read is put apart.
    fn goes_on_under(&mut self, index: Option<PlanIndex>) {
        let Some(index) = index else { return };
        if let Some(before) = self.index.take_if(|before| !is_same(before, &index)) {
            let is_known = |contact: ContactId| self.first_of(contact).is_some();
            if self.wanted.is_some_and(is_known) {
                (self.is_over, self.index) = (true, Some(before));
                return;
            }
            self.before.push((before, core::mem::take(&mut self.facts)));
        }
        self.index = Some(index);
    }

    fn first_of(&self, contact: ContactId) -> Option<Moment> {
        self.facts.iter().find(|(_, fact)| fact.contact() == Some(contact)).map(|(at, _)| *at)
    }
}

/// When a file was begun.
fn begun(path: &Path, number: u64) -> Option<Moment> {
    use std::io::Read as _;
    let mut head = Vec::with_capacity(HEADER_BYTES);
    let file = std::fs::File::open(path).ok()?;
    file.take(HEADER_BYTES as u64).read_to_end(&mut head).ok()?;
    read(&head, number).header.map(|header| header.created)
}

/// Whether all names that both have are the same.
fn is_same(then: &PlanIndex, now: &PlanIndex) -> bool {
    let lists = [
        (&then.queues, &now.queues),
        (&then.agents, &now.agents),
        (&then.trunks, &now.trunks),
        (&then.aux_reasons, &now.aux_reasons),
    ];
    lists.into_iter().all(|(then, now)| then.iter().zip(now).all(|(then, now)| then == now))
}
