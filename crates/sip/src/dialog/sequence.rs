//! CSeq numbers, which keep the requests of a dialog in order (RFC 3261, 12.2).

use serde::{Deserialize, Serialize};

/// CSeq numbers of both ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sequence {
    local: u32,
    remote: Option<u32>,
}

/// Error: a request's number is not above the last one's. The request gets a 500 (RFC 3261, 12.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WentBack;

impl Sequence {
    /// Our next number is one above `local`; the peer's must be above `remote`.
    pub(crate) const fn new(local: u32, remote: Option<u32>) -> Self {
        Self { local, remote }
    }

    /// Our next number.
    pub(crate) const fn next_local(&mut self) -> u32 {
        self.local += 1;
        self.local
    }

    /// Accepts any next number of the peer: another peer has taken its place.
    pub(crate) const fn forget_remote(&mut self) {
        self.remote = None;
    }

    /// Checks and keeps the number of the peer's next request.
    pub(crate) fn take_remote(&mut self, number: u32) -> Result<(), WentBack> {
        if self.remote.is_some_and(|last| number <= last) {
            return Err(WentBack);
        }
        self.remote = Some(number);
        Ok(())
    }
}
