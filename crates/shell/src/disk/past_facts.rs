//! Facts of earlier runs from the journal's files, for traces.

use std::io;
use std::sync::{Arc, Weak};

use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, file_name, places_of, read};
use turno_model::{Fact, Plan, PlanIndex};

use crate::disk::recovery::files;
use crate::disk::volume::Volume;

/// Facts in one batch.
const BATCH: usize = 256;

/// A longer file ends the search: it would take more memory than its facts are worth.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The facts of earlier runs. It does not keep the folder open.
pub(crate) struct PastFacts {
    volume: Weak<dyn Volume>,
    /// The first segment of this run.
    before: u64,
}

impl PastFacts {
    /// Facts in the folder from before this segment.
    pub(crate) fn new(volume: &Arc<dyn Volume>, before: u64) -> Self {
        Self { volume: Arc::downgrade(volume), before }
    }

    /// Gives batches to `take`, the newest first, until it returns false. Facts recorded under an index that now means
    /// something else are skipped.
    pub(crate) fn each(
        &self,
        plan: &Plan,
        mut take: impl FnMut(Vec<(Moment, Fact)>) -> bool,
    ) -> io::Result<()> {
        let names = PlanIndex::of(plan);
        let Some(volume) = self.volume.upgrade() else { return Ok(()) };
        let files = files(&*volume)?;
        drop(volume);
        let numbers =
            files.keys().filter(|(content, number)| *content != Content::Checkpoint && *number < self.before);
        let mut numbers: Vec<u64> = numbers.map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers.into_iter().rev() {
            // Between two files the folder may be handed over to another turno process.
            let Some(volume) = self.volume.upgrade() else { return Ok(()) };
            let Some(facts) = facts_of(&*volume, number, &names)? else { return Ok(()) };
            drop(volume);
            let mut rest = facts;
            while !rest.is_empty() {
                let batch = rest.split_off(rest.len().saturating_sub(BATCH));
                if !take(batch) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The facts of one segment; `None` if the file is too long. Its fact file is tried first, because the segment is
/// removed once that exists.
fn facts_of(volume: &dyn Volume, number: u64, names: &PlanIndex) -> io::Result<Option<Vec<(Moment, Fact)>>> {
    let mut bytes = Vec::new();
    for content in [Content::Facts, Content::Segment, Content::Facts] {
        let name = file_name(content, number);
        if volume.mark(&name)?.is_some_and(|mark| content == Content::Facts && mark.length > FILE_BYTES_MAX) {
            return Ok(None);
        }
        match volume.read(&name, usize::MAX) {
            Ok(found) => {
                bytes = found;
                break;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let (mut facts, mut fits) = (Vec::new(), true);
    for frame in &read(&bytes, number).frames {
        match frame.entry {
            Entry::PlanIndex(body) => fits = places_of(body).is_some_and(|then| is_same(&then, names)),
            Entry::Step(items) if fits => facts.extend(items.filter_map(|item| match item {
                Item::Fact(fact) => fact.fact().ok().map(|fact| (frame.at, fact)),
                Item::Row { .. } | Item::Gone(_) => None,
            })),
            Entry::Step(_) | Entry::Books(_) | Entry::Last => {}
        }
    }
    Ok(Some(facts))
}

/// Whether all entries that both have are the same.
fn is_same(then: &PlanIndex, now: &PlanIndex) -> bool {
    let lists = [
        (&then.queues, &now.queues),
        (&then.agents, &now.agents),
        (&then.trunks, &now.trunks),
        (&then.aux_reasons, &now.aux_reasons),
    ];
    lists.into_iter().all(|(then, now)| then.iter().zip(now).all(|(then, now)| then == now))
}
