//! Dialog state: what one end of a call keeps about the other (RFC 3261, 12).

use serde::{Deserialize, Serialize};

pub(crate) mod id;
pub(crate) mod reliable;
pub(crate) mod route_set;
pub(crate) mod sequence;
pub(crate) mod session_timer;
pub(crate) mod transfer;

use crate::dialog::id::Fork;
use crate::dialog::route_set::RouteSet;
use crate::dialog::sequence::Sequence;

/// Our state of a dialog.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dialog {
    /// The Call-ID.
    pub(crate) call_id: String,
    /// Our tag.
    pub(crate) local_tag: String,
    /// The peer's tag; empty while unknown, and for an RFC 2543 peer.
    pub(crate) remote_tag: String,
    /// From in our requests: our name with our tag.
    pub(crate) local: String,
    /// To in our requests: the peer's name with its tag.
    pub(crate) remote: String,
    /// The remote target: the peer's Contact, which our requests are addressed to.
    pub(crate) remote_target: String,
    /// The proxies between both ends.
    pub(crate) route_set: RouteSet,
    /// Sequence numbers of both ends.
    pub(crate) sequence: Sequence,
}

impl Dialog {
    /// Makes the fork that accepted our INVITE the other end.
    pub(crate) fn settle_on(&mut self, fork: Fork) {
        self.remote_tag = fork.tag;
        self.remote = fork.remote;
        self.remote_target = fork.target;
        self.route_set = fork.route_set;
    }

    /// A copy of this dialog with `fork`, another peer that our INVITE reached, as the other end.
    pub(crate) fn with_fork(&self, fork: &Fork) -> Self {
        let mut dialog = self.clone();
        dialog.settle_on(fork.clone());
        dialog
    }
}
