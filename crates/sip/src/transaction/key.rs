//! Which transaction or dialog a message belongs to, as a number to look up (RFC 3261, 17.1.3, 17.2.3, 12.2.2).
//!
//! A key is two keyed hashes of 64 bits over the texts that the RFC compares, so that looking up costs no
//! allocation; without the seeds nobody can make two keys meet.

use core::hash::Hasher;
use std::hash::DefaultHasher;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Rng;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::via::Via;

/// A look-up key of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key(u64, u64);

impl Key {
    /// Letters for a tag that is the same whenever the key is the same: for responses without a transaction
    /// (RFC 3261, 8.2.7).
    pub(crate) fn tag(self) -> String {
        format!("{:016x}{:016x}", self.0, self.1)
    }

    /// A number that is the same whenever the key is the same.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}

/// Makes keys.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Keys {
    seeds: (u64, u64),
}

/// What a key is for, so that kinds never meet.
#[derive(Clone, Copy)]
enum Kind {
    Branch = 1,
    Ancient = 2,
    Merged = 3,
    Client = 4,
    Dialog = 5,
}

impl Keys {
    /// Keys under fresh seeds.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self { seeds: (rng.number(), rng.number()) }
    }

    /// The server transaction that `request` belongs to; an ACK and a CANCEL ask with `method` INVITE for the one
    /// they mean.
    pub(crate) fn server(self, request: &Message, via: &Via<'_>, method: &str) -> Key {
        match self.by_branch(via, method) {
            Some(key) => key,
            // RFC 3261, 17.2.3: a peer of RFC 2543. The To tag is left out: an ACK bears ours, its INVITE none.
            None => {
                let from = request.from().ok();
                let from_tag = from.and_then(|from| from.tag()).unwrap_or("");
                let number = request.cseq().map_or(0, |cseq| cseq.number);
                let top = request.values(Name::Via).next().unwrap_or("");
                let parts = [request.request_uri(), from_tag, request.call_id(), top, method];
                self.key(Kind::Ancient, number, &parts)
            }
        }
    }

    /// The same for a request of which no more is known than its first Via, if that has a unique branch.
    pub(crate) fn by_branch(self, via: &Via<'_>, method: &str) -> Option<Key> {
        let branch = via.unique_branch()?;
        Some(self.key(Kind::Branch, via.port.unwrap_or(0).into(), &[branch, via.host, method]))
    }

    /// The request itself, whatever way it came (RFC 3261, 8.2.2.2).
    pub(crate) fn merged(self, request: &Message) -> Key {
        let from = request.from().ok();
        let from_tag = from.and_then(|from| from.tag()).unwrap_or("");
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        self.key(Kind::Merged, number, &[from_tag, request.call_id(), request.method_name()])
    }

    /// Our transaction with `branch`.
    pub(crate) fn client(self, branch: &str, method: &str) -> Key {
        self.key(Kind::Client, 0, &[branch, method])
    }

    /// The dialog in which our tag is `local_tag`: it is ours, so it is unique without the peer's.
    pub(crate) fn dialog(self, call_id: &str, local_tag: &str) -> Key {
        self.key(Kind::Dialog, 0, &[call_id, local_tag])
    }

    fn key(self, kind: Kind, number: u32, parts: &[&str]) -> Key {
        // One stretch for the hasher: it works eight bytes at a time.
        let mut text: SmallVec<[u8; 256]> = SmallVec::new();
        text.push(kind as u8);
        text.extend_from_slice(&number.to_le_bytes());
        for part in parts {
            text.extend_from_slice(&part.len().to_le_bytes()[..4]);
            text.extend_from_slice(part.as_bytes());
        }
        let half = |seed: u64| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u64(seed);
            hasher.write(&text);
            hasher.finish()
        };
        Key(half(self.seeds.0), half(self.seeds.1))
    }
}

/// The method under which a request's server transaction is found: an ACK means its INVITE's.
pub(crate) fn transaction_method(request: &Message) -> &str {
    match request.method() {
        Method::Ack => Method::Invite.name(),
        Method::Invite
        | Method::Bye
        | Method::Cancel
        | Method::Register
        | Method::Options
        | Method::Prack
        | Method::Update
        | Method::Refer
        | Method::Notify
        | Method::Subscribe
        | Method::Info
        | Method::Message
        | Method::Publish
        | Method::Other => request.method_name(),
    }
}
