//! The disk beside a simulated engine: what was written down stands there when everything else is gone.

use std::collections::BTreeMap;

use bytes::Bytes;
use turno_model::{Name, Step};

/// The last image of each thing.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    images: BTreeMap<Name, Bytes>,
    steps: u64,
}

impl Disk {
    /// Writes one step down.
    pub(crate) fn write(&mut self, step: &Step) {
        for name in &step.gone {
            self.images.remove(name);
        }
        for kept in &step.kept {
            self.images.insert(kept.name, kept.form.clone());
        }
        self.steps += 1;
    }

    /// What is there.
    pub(crate) const fn images(&self) -> &BTreeMap<Name, Bytes> {
        &self.images
    }
}
