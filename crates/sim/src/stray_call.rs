//! The second branch of a fork: a 200 to the same INVITE with another tag, and what the engine must do about it.
//!
//! RFC 3261, 13.2.2.4: each 2xx makes a dialog of its own. Whoever wants only the first must acknowledge the second too
//! and end it by BYE.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;

use crate::reply::{self, line};

/// What became of one ghost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// Its 200 is on its way, or was lost.
    Answering,
    /// It was acknowledged: now it stands until BYE.
    Acknowledged,
    /// It was ended.
    Ended,
}

/// All ghosts of one phone, by their tags.
#[derive(Debug, Default)]
pub(crate) struct Ghosts {
    /// The tags of the answers that have a ghost.
    followed: BTreeSet<String>,
    lives: BTreeMap<String, Life>,
    transmits: VecDeque<Bytes>,
}

const MARK: &str = "ghost-";

impl Ghosts {
    /// Lets a ghost follow an answer to an INVITE, once for each tag.
    pub(crate) fn follow(&mut self, bytes: &Bytes) {
        if !bytes.starts_with(b"SIP/2.0 200 ") {
            return;
        }
        let Ok(text) = core::str::from_utf8(bytes) else { return };
        let is_invite = line(text, "CSeq").is_some_and(|cseq| cseq.ends_with("INVITE"));
        let Some(tag) = line(text, "To").and_then(tag_of).filter(|_| is_invite) else { return };
        if self.followed.insert(tag.to_owned()) {
            let ghost = format!("{MARK}{tag}");
            let answer = text.replace(&format!(";tag={tag}"), &format!(";tag={ghost}"));
            self.lives.insert(ghost, Life::Answering);
            self.transmits.push_back(Bytes::from(answer));
        }
    }

    /// Takes what is for a ghost; false if it is not.
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

    /// The first ghost that was acknowledged and never ended.
    pub(crate) fn left_over(&self) -> Option<&str> {
        self.lives.iter().find(|(_, life)| **life == Life::Acknowledged).map(|(tag, _)| tag.as_str())
    }

    /// How many ghosts were acknowledged and ended, as they must be.
    pub(crate) fn laid(&self) -> usize {
        self.lives.values().filter(|life| **life == Life::Ended).count()
    }
}

fn tag_of(value: &str) -> Option<&str> {
    let rest = value.rsplit_once(";tag=")?.1;
    Some(rest.split(';').next().unwrap_or(rest).trim())
}
