//! A webhook that comes in: checked, read and kept before it is confirmed.

use turno_channels::whatsapp::{Event, What, code_in, is_signed, read};
use turno_channels::{Body, Elsewhere, Incoming, NotTaken, Reported};

use super::number::WhatsApp;

/// Bytes of a webhook: the platform says that one may have 3 MB.
pub const RAW_BYTES_MAX: usize = 3 * 1_048_576;

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// All of it is kept.
    Kept,
    /// The platform has not signed it.
    NotSigned,
    /// It is too large.
    TooLarge,
    /// It can't be read.
    Unreadable,
    /// It could not be kept: the platform brings it again.
    Later,
}

impl Received {
    /// The HTTP status that says so.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Kept => 200,
            Self::NotSigned => 401,
            Self::TooLarge => 413,
            Self::Unreadable => 400,
            Self::Later => 503,
        }
    }
}

impl WhatsApp {
    /// Takes a webhook: its header `X-Hub-Signature-256` and its bytes as they came. It blocks while the post writes.
    #[must_use]
    pub fn receive(&self, signature: Option<&str>, raw: &[u8]) -> Received {
        if raw.len() > RAW_BYTES_MAX {
            self.counts.unreadable();
            return Received::TooLarge;
        }
        if !is_signed(self.settings.app_secret.reveal().as_bytes(), raw, signature) {
            self.counts.unsigned();
            return Received::NotSigned;
        }
        let Ok(events) = read(raw, self.now()) else {
            self.counts.unreadable();
            tracing::warn!(bytes = raw.len(), "a signed webhook of WhatsApp can't be read");
            return Received::Unreadable;
        };
        let mut is_kept = true;
        for event in events {
            is_kept &= self.keep(event);
        }
        if is_kept {
            self.counts.webhooks();
            return Received::Kept;
        }
        self.counts.refused();
        Received::Later
    }

    /// Whether this is settled.
    fn keep(&self, event: Event) -> bool {
        let is_foreign = event.number.as_ref().is_some_and(|number| *number != self.settings.number_id);
        match event.what {
            What::Notice(notice) => {
                self.counts.notice(notice.kind);
                tracing::info!(about = notice.kind.name(), "WhatsApp says: {}", notice.words);
                true
            }
            // One account may have numbers that other programs serve.
            _ if is_foreign => {
                self.counts.not_taken();
                true
            }
            What::Message(incoming) => self.take(*incoming),
            What::Report(report) => {
                self.counts.reports();
                if let Reported::Failed(why) = &report.what {
                    self.counts.fails(&code_in(why).unwrap_or_default().to_string());
                }
                is_settled(self.post.report(report))
            }
            What::Named { message, external } => {
                self.post.named(message, &external);
                true
            }
            What::Moved { from, to } => {
                self.post.moved(&from, &to);
                true
            }
        }
    }

    fn take(&self, mut incoming: Incoming) -> bool {
        incoming.queue.clone_from(&self.settings.queue);
        let file = if let Some(Body::FileElsewhere { reference, name, .. }) = &incoming.body {
            Some((reference.clone(), name.clone()))
        } else {
            None
        };
        match self.post.take(incoming) {
            Ok(taken) if taken.again => self.counts.duplicates(),
            Ok(taken) => {
                self.counts.messages();
                if let Some((reference, name)) = file {
                    // If too many wait, the post knows of it.
                    let _ = self.files.try_send(Elsewhere { message: taken.message, reference, name });
                }
            }
            Err(not) => {
                self.counts.not_taken();
                return is_settled(Err(not));
            }
        }
        true
    }
}

fn is_settled(result: Result<(), NotTaken>) -> bool {
    match result {
        Ok(()) => true,
        Err(NotTaken::Never(why)) => {
            tracing::info!("something of WhatsApp is not taken: {why}");
            true
        }
        Err(NotTaken::Later(why)) => {
            tracing::warn!("something of WhatsApp can't be kept now: {why}");
            false
        }
    }
}
