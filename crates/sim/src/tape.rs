//! What passed and what happened, kept to be shown.

use core::fmt;
use std::collections::VecDeque;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::Moment;
use turno_model::Fact;

/// How many messages and how many facts are kept; the oldest go first.
const KEPT_MAX: usize = 50_000;

/// A message that passed.
#[derive(Clone, Debug)]
pub struct Passed {
    /// When.
    pub at: Moment,
    /// From where.
    pub from: SocketAddr,
    /// To where.
    pub to: SocketAddr,
    /// The message.
    pub bytes: Bytes,
}

/// What passed and what happened.
#[derive(Debug, Default)]
pub struct Tape {
    messages: VecDeque<Passed>,
    facts: VecDeque<(Moment, Fact)>,
}

impl Tape {
    pub(crate) fn passed(&mut self, at: Moment, (from, to): (SocketAddr, SocketAddr), bytes: &Bytes) {
        if self.messages.len() == KEPT_MAX {
            self.messages.pop_front();
        }
        self.messages.push_back(Passed { at, from, to, bytes: bytes.clone() });
    }

    pub(crate) fn happened(&mut self, at: Moment, fact: &Fact) {
        if self.facts.len() == KEPT_MAX {
            self.facts.pop_front();
        }
        self.facts.push_back((at, fact.clone()));
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Passed> {
        self.messages.iter()
    }

    /// The facts, oldest first.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = &(Moment, Fact)> {
        self.facts.iter()
    }
}

impl fmt::Display for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut facts = self.facts.iter().peekable();
        for message in &self.messages {
            while let Some((at, fact)) = facts.next_if(|(at, _)| *at <= message.at) {
                writeln!(f, "{at:?}  * {fact:?}")?;
            }
            let text = String::from_utf8_lossy(&message.bytes);
            let first = text.lines().next().unwrap_or_default();
            writeln!(f, "{:?}  {} > {}  {first}", message.at, message.from, message.to)?;
        }
        for (at, fact) in facts {
            writeln!(f, "{at:?}  * {fact:?}")?;
        }
        Ok(())
    }
}
