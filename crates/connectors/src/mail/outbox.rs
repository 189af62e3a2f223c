//! The thread that sends: letters of the post, and acknowledgements that the other thread hands over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use turno_channels::mail::{Mailbox, Outgoing, Quoted, Restraint};
use turno_channels::{Letter, Outcome, Post};
use turno_model::Channel;

use crate::mail::Clock;
use crate::mail::figures::Figures;
use crate::mail::smtp::Smtp;

/// How long the thread waits for the post before it looks around.
const WAIT_SPAN: Duration = Duration::from_millis(250);

/// After how many waits without a letter the connection is closed.
const IDLE_WAITS: u32 = 80;

/// The most mails whose words are remembered for quotations, and the most bytes of each.
const QUOTES_MAX: usize = 500;
const QUOTE_BYTES_MAX: usize = 4 * 1024;

/// What the reading thread hands over.
pub(crate) enum Handed {
    /// A mail to send once, or never.
    Acknowledgement(Outgoing),
    /// What somebody wrote, by its Message-ID.
    Said(String, Quoted),
}

/// The thread that sends.
pub(crate) struct Outbox {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) smtp: Smtp,
    pub(crate) post: Arc<dyn Post>,
    pub(crate) clock: Clock,
    pub(crate) figures: Arc<Figures>,
    pub(crate) restraint: Restraint,
    pub(crate) said: BTreeMap<String, (u64, Quoted)>,
    pub(crate) count: u64,
}

impl Outbox {
    /// Sends until the other end of `handed` is gone.
    pub(crate) fn run(mut self, handed: &Receiver<Handed>) {
        let mut idle = 0;
        loop {
            match handed.try_recv() {
                Ok(Handed::Acknowledgement(mail)) => {
                    self.acknowledge(&mail);
                    continue;
                }
                Ok(Handed::Said(id, quoted)) => {
                    self.remember(id, quoted);
                    continue;
                }
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {}
            }
            if let Some(letter) = self.post.next(Channel::Email) {
                idle = 0;
                let outcome = self.send(&letter);
                self.count(&outcome);
                self.post.settle(letter.message, outcome);
                continue;
            }
            idle += 1;
            if idle == IDLE_WAITS {
                self.smtp.close();
            }
            self.post.wait(Channel::Email, WAIT_SPAN);
        }
        self.smtp.close();
    }

    fn send(&mut self, letter: &Letter) -> Outcome {
        let now = (self.clock)();
        if letter.is_automatic && letter.tries == 0 && !self.restraint.answer(letter.address.key(), now) {
            let why = "too many automatic mails to this address today: a program may be answering";
            return Outcome::Failed { why: why.to_owned() };
        }
        let quoted = letter.earlier.iter().rev().find_map(|id| self.said.get(id)).map(|(_, quoted)| quoted);
        match self.mailbox.write(letter, quoted, now) {
            Ok(mail) => self.smtp.deliver(&mail, letter.tries),
            Err(why) => Outcome::Failed { why },
        }
    }

    fn acknowledge(&mut self, mail: &Outgoing) {
        match self.smtp.deliver(mail, 0) {
            Outcome::Sent { .. } => self.figures.acknowledged.add(),
            Outcome::Later { why, .. } | Outcome::Failed { why } | Outcome::Unknown { why } => {
                tracing::warn!(why, "an acknowledgement did not leave, and is not tried again");
            }
        }
    }

    fn count(&self, outcome: &Outcome) {
        let figures = &self.figures;
        match outcome {
            Outcome::Sent { .. } => figures.sent.add(),
            Outcome::Later { after_secs, why } => {
                figures.later.add();
                tracing::warn!(why, after_secs, "a mail is tried again later");
            }
            Outcome::Failed { why } => {
                figures.failed.add();
                tracing::info!(why, "a mail can't leave");
            }
            Outcome::Unknown { why } => {
                figures.unknown.add();
                tracing::warn!(why, "nobody knows whether a mail has left; it is not sent again");
            }
        }
    }

    fn remember(&mut self, id: String, mut quoted: Quoted) {
        let end =
            (0..=quoted.text.len().min(QUOTE_BYTES_MAX)).rev().find(|at| quoted.text.is_char_boundary(*at));
        quoted.text.truncate(end.unwrap_or_default());
        self.count += 1;
        self.said.insert(id, (self.count, quoted));
        if self.said.len() > QUOTES_MAX {
            let oldest = self.count.saturating_sub(u64::try_from(QUOTES_MAX / 2).unwrap_or_default());
            self.said.retain(|_, (count, _)| *count > oldest);
        }
    }
}
