//! The hash chain of a recording: each record's bytes continue the hash before them.

use sha2::{Digest, Sha256};

/// A place in the chain: SHA-256 over everything before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// The beginning of a part's chain: the hash of its head, which has the link of the part before.
    pub fn of_head(head: &[u8]) -> Self {
        Self(Sha256::new().chain_update(b"turno recording").chain_update(head).finalize().into())
    }

    /// The next link, after a record.
    #[must_use]
    pub fn after(self, record: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(record).finalize().into())
    }
}
