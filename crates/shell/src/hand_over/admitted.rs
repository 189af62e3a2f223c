//! The running process's hand-overs: admission, who waits for the outcome, and which process serves in the end.
#![expect(
    clippy::disallowed_types,
    reason = "the lock below is between the control socket, signals and reloads"
)]

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use core::time::Duration;

use crate::disk::{FolderLock, JournalSign, Standing};
use crate::engine_thread::inbox::Inbox;
use crate::hand_over::line::{HandOverLine, Word};
use crate::hand_over::sockets::Sockets;
use crate::media::voices::Voices;
use crate::process::systemd::Systemd;

/// How long the process waits before it ends, so that all who asked for the successor learn the outcome.
const TOLD_SPAN_MAX: Duration = Duration::from_secs(2);

/// The result of a hand-over.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The successor's process.
    pub(crate) process: u32,
    /// Success, or why it does not serve, in one line.
    pub(crate) result: Result<(), String>,
    /// The old process ends when all holders have dropped this.
    pub(crate) said: Option<SyncSender<()>>,
}

/// What the running process needs for a hand-over.
pub(crate) struct Parts {
    pub(crate) sockets: Sockets,
    pub(crate) inbox: Inbox,
    pub(crate) voices: Voices,
    /// The journal's lock, if one is kept.
    pub(crate) lock: Option<Arc<FolderLock>>,
    /// The journal's folder.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) sign: JournalSign,
    pub(crate) systemd: Systemd,
}

/// The hand-overs of this process; cheap to clone.
#[derive(Clone)]
pub(crate) struct HandOvers(Arc<Inner>);

struct Inner {
    parts: Parts,
    /// Shared by the control socket, signals and reloads.
    talk: Mutex<Talk>,
}

#[derive(Default)]
struct Talk {
    under_way: Option<UnderWay>,
    /// Whether this process was asked to stop.
    is_ending: bool,
    /// The process that serves in its place.
    heir: Option<u32>,
    waiting: Vec<Sender<Outcome>>,
}

struct UnderWay {
    process: u32,
    /// The connection, as long as this side may cancel the hand-over.
    stream: Option<UnixStream>,
}

/// The process that asks.
#[derive(Clone, Debug)]
pub(crate) struct Successor {
    pub(crate) process: u32,
    /// Where it keeps its journal.
    pub(crate) folder: Option<PathBuf>,
}

impl HandOvers {
    /// No hand-over yet.
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, talk: Mutex::default() }))
    }

    /// Admits a hand-over.
    ///
    /// # Errors
    /// Why it is not possible, in one line.
    pub(crate) fn admit(&self, line: &HandOverLine, successor: &Successor) -> Result<(), String> {
        let parts = &self.0.parts;
        let Some(folder) = &parts.folder else {
            return Err(
                "it keeps no journal, so a hand-over would lose its calls; start it with --state".to_owned()
            );
        };
        let Some(other) = &successor.folder else {
            return Err(format!(
                "the successor keeps no journal; start it with --state {}",
                folder.display()
            ));
        };
        if !is_same(folder, other) {
            return Err(format!(
                "it keeps its journal in {}, the successor in {}: its calls would be lost; start it with --state {}",
                folder.display(),
                other.display(),
                folder.display()
            ));
        }
        let mut talk = self.talk();
        self.may_begin_with(&talk)?;
        if let Some(other) = &talk.under_way {
            return Err(format!(
                "another hand-over is under way (to process {}); ask again when it has ended",
                other.process
            ));
        }
        let stream = line.stream().try_clone().ok();
        talk.under_way = Some(UnderWay { process: successor.process, stream });
        Ok(())
    }

    /// Whether a hand-over is possible now.
    ///
    /// # Errors
    /// Why it is not, in one line.
    pub(crate) fn may_begin(&self) -> Result<(), String> {
        self.may_begin_with(&self.talk())
    }

    fn may_begin_with(&self, talk: &Talk) -> Result<(), String> {
        if self.0.parts.sign.standing() != Standing::Kept {
            let why = "its journal is not kept now, so a hand-over would lose its calls; mend the disk first";
            return Err(why.to_owned());
        }
        if talk.is_ending {
            return Err("it has been asked to stop, and takes no new calls".to_owned());
        }
        Ok(())
    }

    /// Whether a successor would find the calls.
    pub(crate) fn keeps_calls(&self) -> bool {
        self.0.parts.folder.is_some()
    }

    /// Receives every outcome from now on.
    pub(crate) fn outcomes(&self) -> Receiver<Outcome> {
        let (sender, outcomes) = channel();
        self.talk().waiting.push(sender);
        outcomes
    }

    /// The process to which a hand-over is under way.
    pub(crate) fn under_way(&self) -> Option<u32> {
        self.talk().under_way.as_ref().map(|it| it.process)
    }

    /// A signal has asked this process to stop: no hand-over begins any more, and one that is still being prepared is
    /// cancelled.
    pub(crate) fn is_ending(&self) {
        let mut talk = self.talk();
        talk.is_ending = true;
        if let Some(stream) = talk.under_way.as_mut().and_then(|it| it.stream.take())
            && let Ok(line) = HandOverLine::new(stream)
        {
            let _ = line.say(&Word::Refused("it has been asked to stop".to_owned()));
            line.close();
        }
    }

    /// The process that serves in place of this one.
    pub(crate) fn heir(&self) -> Option<u32> {
        self.talk().heir
    }

    /// What the running process needs for a hand-over.
    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// From here on the hand-over can't be cancelled from outside; false if this process was already asked to stop.
    pub(crate) fn commits(&self) -> bool {
        let mut talk = self.talk();
        if let Some(under_way) = &mut talk.under_way {
            under_way.stream = None;
        }
        !talk.is_ending
    }

    /// Whether this process was asked to stop.
    pub(crate) fn was_asked_to_stop(&self) -> bool {
        self.talk().is_ending
    }

    /// Notes that no hand-over is under way.
    pub(crate) fn forgets(&self) {
        self.talk().under_way = None;
    }

    fn talk(&self) -> MutexGuard<'_, Talk> {
        self.0.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports the outcome to all who wait. If the successor serves, returns after they have passed it on.
    pub(crate) fn tell(&self, process: u32, result: Result<(), String>) {
        let (said, everybody) = sync_channel(1);
        let mut talk = self.talk();
        talk.under_way = None;
        if result.is_ok() {
            talk.heir = Some(process);
        }
        let outcome = Outcome { process, result, said: Some(said) };
        talk.waiting.retain(|waiting| waiting.send(outcome.clone()).is_ok());
        // Later readers get no outcome.
        if talk.heir.is_some() {
            talk.waiting.clear();
            drop((talk, outcome));
            let _ = everybody.recv_timeout(TOLD_SPAN_MAX);
        }
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}
