//! The second branch of a fork: a 200 to the same INVITE with another tag.
//!
//! RFC 3261, 13.2.2.4: each 2xx makes a dialog of its own. A caller that wants only the first must acknowledge the
//! second too and end it by BYE.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;

use crate::reply::{self, line};

/// The state of one stray call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// Its 200 is on its way, or was lost.
    Answering,
    /// It was acknowledged and stays until BYE.
    Acknowledged,
    /// It was ended.
    Ended,
}

/// All stray calls of one phone, by their tags.
#[derive(Debug, Default)]
pub(crate) struct StrayCalls {
    /// The tags of the answers that have a stray call.
    followed: BTreeSet<String>,
    lives: BTreeMap<String, Life>,
    transmits: VecDeque<Bytes>,
}

const MARK: &str = "ghost-";

impl StrayCalls {
    /// Adds a stray call after an answer to an INVITE, once for each tag.
    pub(crate) fn follow(&mut self, bytes: &Bytes) {
        if !bytes.starts_with(b"SIP/2.0 200 ") {
            return;
        }
        let Ok(text) = core::str::from_utf8(bytes) else { return };
        let is_invite = line(text, "CSeq").is_some_and(|cseq| cseq.ends_with("INVITE"));
        let Some(tag) = line(text, "To").and_then(tag_of).filter(|_| is_invite) else { return };
        if self.followed.insert(tag.to_owned()) {
            let stray = format!("{MARK}{tag}");
            let answer = text.replace(&format!(";tag={tag}"), &format!(";tag={stray}"));
            self.lives.insert(stray, Life::Answering);
            self.transmits.push_back(Bytes::from(answer));
        }
    }

    /// Takes a message for a stray call; false if it is for none.
    pub(crate) fn receives(&mut self, bytes: &Bytes) -> bool {
        if self.lives.is_empty() || bytes.starts_with(b"SIP/2.0") {
            return false;
        }
        let Ok(text) = core::str::from_utf8(bytes) else { return false };
        let Some(life) = line(text, "To").and_then(tag_of).and_then(|tag| self.lives.get_mut(tag)) else {
            return false;
        };
        if text.starts_with("ACK ") {
            if *life == Life::Answering {
                *life = Life::Acknowledged;
            }
            return true;
        }
        let status = if text.starts_with("BYE ") { "200 OK" } else { "481 Gone" };
        *life = Life::Ended;
        self.transmits.push_back(reply::to(text, status));
        true
    }

    pub(crate) fn poll_transmit(&mut self) -> Option<Bytes> {
        self.transmits.pop_front()
    }

    /// The first stray call that was acknowledged and never ended.
    pub(crate) fn left_over(&self) -> Option<&str> {
        self.lives.iter().find(|(_, life)| **life == Life::Acknowledged).map(|(tag, _)| tag.as_str())
    }

    /// How many stray calls were ended, as they must be.
    pub(crate) fn ended(&self) -> usize {
        self.lives.values().filter(|life| **life == Life::Ended).count()
    }
}

fn tag_of(value: &str) -> Option<&str> {
    let rest = value.rsplit_once(";tag=")?.1;
    Some(rest.split(';').next().unwrap_or(rest).trim())
}
