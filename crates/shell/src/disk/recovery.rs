//! Reads a journal folder at the start, before anything is written.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use turno_ground::Moment;
use turno_journal::{Content, Entry, Fault, Fold, Item, Reading, file_name, file_of_name, places_of, read};
use turno_ledger::Ledger;
use turno_model::{Plan, Position};

use crate::disk::volume::Volume;

/// Faults of one start that are logged with their text; the rest are counted.
const FAULTS_NAMED_MAX: usize = 20;

/// The journal up to a position, folded.
#[derive(Clone)]
pub(crate) struct Past {
    /// The last image of each row.
    pub(crate) fold: Fold,
    /// The figures, with the plan index under which they were recorded.
    pub(crate) ledger: Option<Ledger>,
    /// The last recorded moment.
    pub(crate) until: Moment,
    /// The number of frames.
    pub(crate) position: u64,
    /// The last fact.
    pub(crate) facts: Position,
    plan: Arc<Plan>,
}

/// The result of the recovery.
pub(crate) struct Recovered {
    pub(crate) past: Past,
    /// The number of the first segment that does not exist yet.
    pub(crate) next: u64,
    /// Descriptions of the faults, with the names of the files.
    pub(crate) faults: Vec<String>,
    /// How many more faults there were.
    pub(crate) more_faults: usize,
    /// Whether a journal existed.
    pub(crate) is_old: bool,
}

impl Past {
    /// The past of an empty journal.
    pub(crate) fn new(plan: &Arc<Plan>) -> Self {
        Self {
            fold: Fold::new(),
            ledger: None,
            until: Moment::default(),
            position: 0,
            facts: Position::default(),
            plan: Arc::clone(plan),
        }
    }

    /// Uses this plan's targets for everything folded from here on.
    pub(crate) fn move_to(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
    }

    /// Takes a file that was read. Returns the ledger's or the facts' decoding error, if there is one.
    pub(crate) fn take(&mut self, reading: &Reading<'_>) -> Option<String> {
        let mut complaint = None;
        if let Some(header) = reading.header {
            self.until = self.until.max(header.created);
        }
        let before = reading.header.map_or(self.facts, |header| header.facts);
        self.facts =
            reading.facts(before).last().map_or(self.facts, |(last, ..)| last.max(self.facts)).max(before);
        for frame in &reading.frames {
            self.until = self.until.max(frame.at);
            match frame.entry {
                Entry::Step(items) => {
                    for item in items {
                        if let Item::Fact(fact) = item {
                            match fact.fact() {
                                Ok(fact) => self.ledger(frame.at).apply(frame.at, &fact),
                                Err(unreadable) => complaint = Some(unreadable.to_string()),
                            }
                        }
                    }
                }
                Entry::PlanIndex(body) => {
                    if let Some(places) = places_of(body) {
                        let then = Ledger::at_places(&self.plan, &places, frame.at);
                        let plan = Arc::clone(then.plan());
                        match &mut self.ledger {
                            Some(ledger) => ledger.move_to(plan, frame.at),
                            None => self.ledger = Some(then),
                        }
                    }
                }
                Entry::Books(body) => match Ledger::of_form(&self.plan, body) {
                    Ok(ledger) => self.ledger = Some(ledger),
                    Err(unreadable) => complaint = Some(unreadable.to_string()),
                },
                Entry::Last => {}
            }
            self.fold.take(&frame.entry);
        }
        if let Some(position) = reading.position()
            && reading.header.is_some_and(|header| header.content == Content::Segment)
        {
            self.position = self.position.max(position);
        }
        complaint
    }

    fn ledger(&mut self, at: Moment) -> &mut Ledger {
        self.ledger.get_or_insert_with(|| Ledger::new(Arc::clone(&self.plan), at))
    }

    /// Books a fact that could not be written.
    pub(crate) fn book(&mut self, at: Moment, fact: &turno_model::Fact) {
        self.until = self.until.max(at);
        self.ledger(at).apply(at, fact);
    }
}

/// The files of the folder by content and number.
pub(crate) fn files(volume: &dyn Volume) -> io::Result<BTreeMap<(Content, u64), String>> {
    let names = volume.names()?;
    Ok(names.into_iter().filter_map(|name| Some((file_of_name(&name)?, name))).collect())
}

/// Reads the newest complete checkpoint and every segment after it.
pub(crate) fn recover(volume: &dyn Volume, plan: &Arc<Plan>) -> io::Result<Recovered> {
    let files = files(volume)?;
    let mut found = Recovered {
        past: Past::new(plan),
        next: files.keys().map(|(_, number)| number + 1).max().unwrap_or(1),
        faults: Vec::new(),
        more_faults: 0,
        is_old: !files.is_empty(),
    };
    let numbers = |wanted: Content| {
        files.keys().filter(move |(content, _)| *content == wanted).map(|(_, number)| *number)
    };
    let mut from = 0;
    let mut checkpoints: Vec<u64> = numbers(Content::Checkpoint).collect();
    while let Some(number) = checkpoints.pop() {
        let name = file_name(Content::Checkpoint, number);
        let bytes = volume.read(&name, usize::MAX)?;
        let reading = read(&bytes, number);
        found.complain(&name, &reading.faults);
        if reading.is_closed && reading.faults.is_empty() {
            let complaint = found.past.take(&reading);
            found.say(&name, complaint);
            found.past.position = reading.header.map_or(0, |header| header.first);
            from = number;
            break;
        }
        if reading.faults.is_empty() {
            found.say(&name, Some("the checkpoint is not whole; the one before it is used".to_owned()));
        }
    }
    for number in numbers(Content::Segment).filter(|number| *number >= from) {
        let name = file_name(Content::Segment, number);
        let bytes = volume.read(&name, usize::MAX)?;
        let reading = read(&bytes, number);
        found.complain(&name, &reading.faults);
        let before = found.past.position;
        if let Some(header) = reading.header
            && header.first > before
            && (from > 0 || before > 0)
        {
            let missing = header.first - before;
            found.say(&name, Some(format!("{missing} steps that should stand before it are nowhere")));
        }
        let complaint = found.past.take(&reading);
        found.say(&name, complaint);
    }
    Ok(found)
}

impl Recovered {
    fn complain(&mut self, name: &str, faults: &[Fault]) {
        for fault in faults {
            self.say(name, Some(fault.to_string()));
        }
    }

    fn say(&mut self, name: &str, complaint: Option<String>) {
        let Some(complaint) = complaint else { return };
        if self.faults.len() < FAULTS_NAMED_MAX {
            self.faults.push(format!("{name}: {complaint}"));
        } else {
            self.more_faults += 1;
        }
    }
}
