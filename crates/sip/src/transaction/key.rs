//! Keys to look up the transaction or dialog of a message (RFC 3261, 17.1.3, 17.2.3, 12.2.2).
//!
//! A key is two seeded 64-bit hashes over the texts that the RFC compares, so that a lookup needs no allocation.
//! Without the seeds nobody can construct two messages with the same key.

use core::hash::Hasher;
use std::hash::DefaultHasher;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use turno_ground::Rng;

use crate::message::header::Name;
use crate::message::method::Method;
use crate::message::received::Message;
use crate::message::via::Via;

/// A lookup key of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key(u64, u64);

impl Key {
    /// A tag derived from the key, so that equal keys give equal tags: for responses without a transaction (RFC 3261,
    /// 8.2.7).
    pub(crate) fn tag(self) -> String {
        format!("{:016x}{:016x}", self.0, self.1)
    }

    /// A number derived from the key.
    pub(crate) const fn number(self) -> u64 {
        self.0
    }
}

/// Makes keys.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Keys {
    seeds: (u64, u64),
}

/// What a key is for. It is part of the hash, so that keys of different kinds differ.
#[derive(Clone, Copy)]
enum Kind {
    Branch = 1,
    Rfc2543 = 2,
    Merged = 3,
    Client = 4,
    Dialog = 5,
}

impl Keys {
    /// Keys with new random seeds.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self { seeds: (rng.number(), rng.number()) }
    }

    /// The server transaction that `request` belongs to. For an ACK or a CANCEL, pass INVITE as `method` to find the
    /// transaction it refers to.
    pub(crate) fn server(self, request: &Message, via: &Via<'_>, method: &str) -> Key {
        match self.by_branch(via, method) {
            Some(key) => key,
            // RFC 3261, 17.2.3: an RFC 2543 peer. The To tag is left out: an ACK has ours, its INVITE has none.
            None => {
                let from = request.from().ok();
                let from_tag = from.and_then(|from| from.tag()).unwrap_or("");
                let number = request.cseq().map_or(0, |cseq| cseq.number);
                let top = request.values(Name::Via).next().unwrap_or("");
                let parts = [request.request_uri(), from_tag, request.call_id(), top, method];
                self.key(Kind::Rfc2543, number, &parts)
            }
        }
    }

    /// The same from the first Via alone, if it has a unique branch.
    pub(crate) fn by_branch(self, via: &Via<'_>, method: &str) -> Option<Key> {
        let branch = via.unique_branch()?;
        Some(self.key(Kind::Branch, via.port.unwrap_or(0).into(), &[branch, via.host, method]))
    }

    /// The request itself, independent of the path it took: finds merged requests (RFC 3261, 8.2.2.2).
    pub(crate) fn merged(self, request: &Message) -> Key {
        let from = request.from().ok();
        let from_tag = from.and_then(|from| from.tag()).unwrap_or("");
        let number = request.cseq().map_or(0, |cseq| cseq.number);
        self.key(Kind::Merged, number, &[from_tag, request.call_id(), request.method_name()])
    }

    /// Our client transaction with `branch`.
    pub(crate) fn client(self, branch: &str, method: &str) -> Key {
        self.key(Kind::Client, 0, &[branch, method])
    }

    /// The dialog in which our tag is `local_tag`. Our tag is unique, so the peer's is not needed.
    pub(crate) fn dialog(self, call_id: &str, local_tag: &str) -> Key {
        self.key(Kind::Dialog, 0, &[call_id, local_tag])
    }

    fn key(self, kind: Kind, number: u32, parts: &[&str]) -> Key {
        // One slice for the hasher: it works on eight bytes at a time.
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

/// The method in the key of a request's server transaction; INVITE for an ACK.
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
