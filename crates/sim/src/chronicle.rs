//! A running hash of all inputs and outputs: the same seed must give the same hash.

use core::fmt::{Debug, Write as _};

use serde::Serialize;
use sha2::{Digest, Sha256};
use turno_ground::Moment;

/// A hash over everything that went into the engine and came out of it.
#[derive(Clone)]
pub(crate) struct Chronicle {
    hasher: Sha256,
    text: String,
    form: Vec<u8>,
    entries: u64,
}

impl Chronicle {
    pub(crate) fn new() -> Self {
        Self { hasher: Sha256::new(), text: String::new(), form: Vec::new(), entries: 0 }
    }

    /// Adds raw bytes.
    pub(crate) fn bytes(&mut self, kind: u8, at: Moment, bytes: &[u8]) {
        self.head(kind, at, bytes.len());
        self.hasher.update(bytes);
    }

    /// Adds a frequent value in the encoding that the journal has for facts, which is ten times cheaper than its text.
    pub(crate) fn form(&mut self, kind: u8, at: Moment, what: &impl Serialize) {
        let mut form = core::mem::take(&mut self.form);
        form.clear();
        rmp_serde::encode::write(&mut form, what).expect("what is told can be written to memory");
        self.bytes(kind, at, &form);
        self.form = form;
    }

    /// Adds any other value by its debug text.
    pub(crate) fn shown(&mut self, kind: u8, at: Moment, what: &impl Debug) {
        let mut text = core::mem::take(&mut self.text);
        text.clear();
        write!(text, "{what:?}").expect("a String takes all text");
        self.bytes(kind, at, text.as_bytes());
        self.text = text;
    }

    /// How many inputs and outputs were added.
    pub(crate) const fn entries(&self) -> u64 {
        self.entries
    }

    /// The first 64 bits of the SHA-256.
    pub(crate) fn hash(&self) -> u64 {
        let whole = self.hasher.clone().finalize();
        whole.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
    }

    fn head(&mut self, kind: u8, at: Moment, length: usize) {
        self.entries += 1;
        self.hasher.update([kind]);
        self.hasher.update(at.as_micros().to_be_bytes());
        self.hasher.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }
}

impl Debug for Chronicle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Chronicle({} entries)", self.entries)
    }
}
