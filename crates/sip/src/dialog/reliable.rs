//! Reliable provisional responses, on the side that sends them (RFC 3262).

use core::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The reliable provisionals of one INVITE: at most one waits for its PRACK.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Reliable {
    last_rseq: u32,
    pending: Option<Pending>,
}

/// A reliable provisional that waits for its PRACK.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// Its RSeq.
    pub(crate) rseq: u32,
    /// What was sent.
    pub(crate) bytes: Bytes,
    /// The interval before its next retransmission.
    pub(crate) interval: Duration,
    /// Whether it carries SDP: then a 2xx must wait for its PRACK (RFC 3262, 3).
    pub(crate) has_sdp: bool,
}

impl Reliable {
    /// The first RSeq will be one above `before`.
    pub(crate) const fn new(before: u32) -> Self {
        Self { last_rseq: before, pending: None }
    }

    /// The RSeq of the next reliable provisional.
    pub(crate) const fn next_rseq(&mut self) -> u32 {
        self.last_rseq += 1;
        self.last_rseq
    }

    /// Remembers what was sent.
    pub(crate) fn sent(&mut self, pending: Pending) {
        self.pending = Some(pending);
    }

    /// The provisional that waits for its PRACK.
    pub(crate) const fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// The same, to change its interval.
    pub(crate) const fn pending_mut(&mut self) -> Option<&mut Pending> {
        self.pending.as_mut()
    }

    /// Handles a PRACK for `rseq`. `None` if no provisional with this RSeq waits.
    pub(crate) fn confirm(&mut self, rseq: u32) -> Option<Pending> {
        if self.pending.as_ref().is_some_and(|pending| pending.rseq == rseq) {
            self.pending.take()
        } else {
            None
        }
    }
}

/// The RSeq and CSeq numbers of a RAck value, if its method is INVITE (RFC 3262, 7.2).
pub(crate) fn read_rack(value: &str) -> Option<(u32, u32)> {
    let mut parts = value.split_ascii_whitespace();
    let rseq = parts.next()?.parse().ok()?;
    let cseq = parts.next()?.parse().ok()?;
    (parts.next()? == "INVITE").then_some((rseq, cseq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prack_confirms_only_what_waits() {
        // RFC 3262, 3: any other PRACK gets a 481.
        let mut reliable = Reliable::new(6);
        let rseq = reliable.next_rseq();
        assert_eq!(rseq, 7);
        let pending = Pending { rseq, bytes: Bytes::new(), interval: Duration::ZERO, has_sdp: true };
        reliable.sent(pending);
        assert!(reliable.confirm(6).is_none());
        assert!(reliable.confirm(7).is_some());
        assert!(reliable.confirm(7).is_none());
    }

    #[test]
    fn a_rack_names_an_invite() {
        // RFC 3262, 7.2.
        assert_eq!(read_rack("776656 1 INVITE"), Some((776_656, 1)));
        assert_eq!(read_rack("776656 1 UPDATE"), None);
        assert_eq!(read_rack("776656"), None);
    }
}
