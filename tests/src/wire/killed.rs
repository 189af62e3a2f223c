//! The content of a turno's journal at the end of a test.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use turno_ground::Moment;
use turno_journal::{Content, Entry, Item, file_of_name, read};
use turno_model::Fact;

use crate::wire::server::Server;

impl Server {
    /// The journal's folder.
    pub fn state(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// The plan.
    pub fn plan(&self) -> PathBuf {
        self.folder().join("plan")
    }

    /// Every fact of the journal, in order.
    ///
    /// # Panics
    /// If it is damaged: the last step may be torn off, nothing else.
    pub fn journal(&self) -> Vec<(Moment, Fact)> {
        // A folded segment's facts have their own file; for a while both exist.
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
