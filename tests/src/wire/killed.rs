//! What the journal of a turno says in the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, file_of_name, read};
use turno_model::Fact;

use crate::wire::server::Server;

impl Server {
    /// Where its journal is.
    pub fn state(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// Where its plan is.
    pub fn plan(&self) -> PathBuf {
        self.folder().join("plan")
    }

    /// Every fact in the journal, in order.
    ///
    /// # Panics
    /// If something in it is damaged: the last step may be torn off, nothing else.
    pub fn journal(&self) -> Vec<(Moment, Fact)> {
        // A segment's facts have a file of their own as soon as it is folded; for a while both are there.
        let mut files: BTreeMap<u64, String> = BTreeMap::new();
        for name in fs::read_dir(self.state())
            .expect("the journal can be read")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        {
            match file_of_name(&name) {
                Some((Content::Facts, number)) => drop(files.insert(number, name)),
                Some((Content::Segment, number)) => drop(files.entry(number).or_insert(name)),
                Some((Content::Checkpoint, _)) | None => {}
            }
        }
        let mut facts = Vec::new();
        for (number, name) in files {
            let bytes = fs::read(self.state().join(&name)).expect("the journal can be read");
            let reading = read(&bytes, number);
            assert!(reading.faults.len() <= 1, "{name}: {:?}", reading.faults);
            for frame in &reading.frames {
                let Entry::Step(items) = frame.entry else { continue };
                for item in items {
                    if let Item::Fact(fact) = item {
                        facts.push((frame.at, fact.fact().expect("what this turno wrote can be read")));
                    }
                }
            }
        }
        facts
    }
}
