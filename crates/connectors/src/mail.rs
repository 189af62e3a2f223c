//! Mail: a mailbox read by IMAP, letters sent by SMTP, two threads for each mailbox.
//!
//! The reading thread gives every mail to the post and notes its place afterwards; nothing is ever deleted. The sending
//! thread settles every letter: with the server's word, or as unknown if the connection ended after the mail's last byte.

mod figures;
mod folder;
mod inbox;
mod key;
mod notes;
mod outbox;
mod planned;
mod session;
mod settings;
mod smtp;
mod stream;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use turno_channels::mail::{Restraint, Subjects};
use turno_channels::{Millis, Post};
use turno_model::Plan;

pub use figures::{Count, Figures, State};
pub use settings::{Begin, Encryption, Login, Server, Settings};
pub use wire::{Fetched, Framer, Response, Tag, TooLarge, Value};

/// What time it is, by the wall clock.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// A mailbox in use; it ends when this is dropped or stopped.
pub struct Running {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    figures: Arc<Figures>,
}

/// The file with the key of our names, in the journal's folder.
const KEY_FILE: &str = "mail.key";

/// The file with the place in the mailbox, in the journal's folder.
const NOTES_FILE: &str = "mail.json";

/// Begins to use the mailbox of a plan, with its key and its notes in `folder`; `None`: the plan has none.
///
/// # Errors
/// A file can't be read or made, in words.
pub fn start_planned(
    plan: &Plan,
    folder: &Path,
    post: Arc<dyn Post>,
    clock: Clock,
) -> Result<Option<Running>, String> {
    if plan.mail.is_none() {
        return Ok(None);
    }
    let file = folder.join(KEY_FILE);
    let key = key::key(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let settings = Settings::planned(plan, &key, folder.join(NOTES_FILE))?;
    settings.map(|settings| start(settings, post, clock)).transpose()
}

/// Begins to read a mailbox and to send its letters. Servers that are away are no error: they are tried again.
///
/// # Errors
/// The notes can't be read or an authority is no certificate, in words.
pub fn start(settings: Settings, post: Arc<dyn Post>, clock: Clock) -> Result<Running, String> {
    let config = stream::encryption(settings.authority.as_deref())?;
    let login = settings.smtp_login.clone();
    let (figures, mailbox) = (Arc::new(Figures::default()), Arc::new(settings.mailbox.clone()));
    let way = smtp::Way { server: settings.smtp.clone(), login, figures: Arc::clone(&figures) };
    let smtp = smtp::Smtp::new(way, &settings.hello, settings.authority.as_deref())?;
    let notes = notes::Notes::open(&settings.notes)?;
    let (handed, hands) = mpsc::channel();
    let (stop, stopped) = mpsc::channel();
    let outbox = outbox::Outbox {
        mailbox: Arc::clone(&mailbox),
        smtp,
        post: Arc::clone(&post),
        clock: Arc::clone(&clock),
        figures: Arc::clone(&figures),
        restraint: Restraint::default(),
        said: BTreeMap::new(),
        count: 0,
    };
    let inbox = inbox::Inbox {
        settings,
        mailbox,
        config,
        post,
        clock,
        figures: Arc::clone(&figures),
        notes,
        subjects: Subjects::default(),
        handed,
        stop: stopped,
    };
    let thread = |name: &str, run: Box<dyn FnOnce() + Send>| {
        thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|fault| fault.to_string())
    };
    let sending = thread("mail-out", Box::new(move || outbox.run(&hands)))?;
    let reading = thread("mail-in", Box::new(move || inbox.run()))?;
    Ok(Running { stop: Some(stop), threads: vec![reading, sending], figures })
}

impl Running {
    /// What it counts.
    #[must_use]
    pub const fn figures(&self) -> &Arc<Figures> {
        &self.figures
    }

    /// Ends both threads. What is under way is finished: at most one mail in each direction.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The reading thread ends without this, and the sending thread without the reading one.
        drop(self.stop.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the mailbox has died");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
