//! Subjects, by which mails of one sender are related when nothing better does it.

use std::collections::BTreeMap;

use crate::message::ConversationId;
use crate::time::Millis;

/// How long a subject relates mails.
const RELATED_SECS: i64 = 14 * 86_400;

/// The most subjects that are remembered.
const SUBJECTS_MAX: usize = 5_000;

/// Signs that mailers put before the subject of an answer.
const PREFIXES: [&str; 12] =
    ["re", "rv", "fw", "fwd", "aw", "wg", "res", "enc", "r", "resp", "reenviar", "responder"];

/// The newest conversation of each sender and subject.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    newest: BTreeMap<(String, String), (ConversationId, Millis)>,
}

impl Subjects {
    /// Notes a conversation's mail.
    pub fn note(&mut self, sender: &str, subject: &str, conversation: ConversationId, at: Millis) {
        let base = base_of(subject);
        if base.is_empty() {
            return;
        }
        if self.newest.len() >= SUBJECTS_MAX {
            self.newest.retain(|_, (_, noted)| at.secs_since(*noted) < RELATED_SECS);
        }
        if self.newest.len() < SUBJECTS_MAX {
            self.newest.insert((sender.to_owned(), base), (conversation, at));
        }
    }

    /// The conversation that an answer with this subject continues. A subject that is no answer begins something new.
    #[must_use]
    pub fn find(&self, sender: &str, subject: &str, at: Millis) -> Option<ConversationId> {
        let base = base_of(subject);
        if base.is_empty() || base == plain(subject) {
            return None;
        }
        let (conversation, noted) = self.newest.get(&(sender.to_owned(), base))?;
        (0..RELATED_SECS).contains(&at.secs_since(*noted)).then_some(*conversation)
    }
}

/// A subject without the signs of an answer, in small letters.
#[must_use]
pub fn base_of(subject: &str) -> String {
    let mut rest = plain(subject);
    loop {
        let Some((before, after)) = rest.split_once(':') else { return rest };
        let word =
            before.trim().trim_end_matches(|sign: char| sign.is_ascii_digit() || "[]()".contains(sign));
        if !PREFIXES.contains(&word) {
            return rest;
        }
        rest = after.trim().to_owned();
    }
}

fn plain(subject: &str) -> String {
    subject.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
