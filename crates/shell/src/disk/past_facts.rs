//! What the journal still knows of what happened before this start: for whoever traces.

use std::io;
use std::sync::{Arc, Weak};

use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, file_name, places_of, read};
use turno_model::{Fact, Plan, PlanIndex};

use crate::disk::recovery::files;
use crate::disk::volume::Volume;

/// Facts that are given at once.
const BATCH: usize = 256;

/// A file that is longer is left out, with all before it: it would take more memory than its facts are worth.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The facts of the runs before this one. The folder is not held by it.
pub(crate) struct PastFacts {
    volume: Weak<dyn Volume>,
    /// The first segment of this run.
    before: u64,
}

impl PastFacts {
    /// Of what stands in the folder before this segment.
    pub(crate) fn new(volume: &Arc<dyn Volume>, before: u64) -> Self {
        Self { volume: Arc::downgrade(volume), before }
    }

    /// Gives batches, the newest first, until `take` wants no more. Facts that were written by places at which others
    /// stand now are left out.
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
            // Between two files the folder may be given to another turno.
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

/// The facts of one segment; `None` where they are too many. Its file of facts comes first: the segment itself may go
/// at any moment, once that is there.
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

/// Whether whoever is in both stands at the same place in both.
fn is_same(then: &PlanIndex, now: &PlanIndex) -> bool {
    let lists = [
        (&then.queues, &now.queues),
        (&then.agents, &now.agents),
        (&then.trunks, &now.trunks),
        (&then.aux_reasons, &now.aux_reasons),
    ];
    lists.into_iter().all(|(then, now)| then.iter().zip(now).all(|(then, now)| then == now))
}
