//! Hand-overs of the turno that runs: who may have one, who waits for its outcome, who serves in the end.
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

/// How long the end waits until whoever asked for the successor has been told of it.
const TOLD_SPAN_MAX: Duration = Duration::from_secs(2);

/// How a hand-over ended.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The successor's process.
    pub(crate) process: u32,
    /// Or why it does not serve, in one line.
    pub(crate) result: Result<(), String>,
    /// The old turno ends when nobody has this any more.
    pub(crate) said: Option<SyncSender<()>>,
}

/// What the running turno has for a hand-over.
pub(crate) struct Parts {
    pub(crate) sockets: Sockets,
    pub(crate) inbox: Inbox,
    pub(crate) voices: Voices,
    /// The lock of the journal, if one is kept.
    pub(crate) lock: Option<Arc<FolderLock>>,
    /// Where the journal is.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) sign: JournalSign,
    pub(crate) systemd: Systemd,
}

/// Hand-overs of this turno; cheap to clone.
#[derive(Clone)]
pub(crate) struct HandOvers(Arc<Inner>);

struct Inner {
    parts: Parts,
    /// Between the control socket, signals and reloads.
    talk: Mutex<Talk>,
}

#[derive(Default)]
struct Talk {
    under_way: Option<UnderWay>,
    /// Whether this turno was asked to stop.
    is_ending: bool,
    /// Who serves in its place.
    heir: Option<u32>,
    waiting: Vec<Sender<Outcome>>,
}

struct UnderWay {
    process: u32,
    /// The connection, as long as the hand-over may be broken off from here.
    stream: Option<UnixStream>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Successor {
    pub(crate) process: u32,
    /// Where it keeps its journal.
    pub(crate) folder: Option<PathBuf>,
}

impl HandOvers {
    /// None yet.
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, talk: Mutex::default() }))
    }

    /// Lets a hand-over begin.
    ///
    /// # Errors
    /// Why it may not, in one line.
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

    /// Whether this turno would let anybody follow it now.
    ///
    /// # Errors
    /// Why it would not, in one line.
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

    /// Every outcome from now on.
    pub(crate) fn outcomes(&self) -> Receiver<Outcome> {
        let (sender, outcomes) = channel();
        self.talk().waiting.push(sender);
        outcomes
    }

    /// The process to which a hand-over is under way.
    pub(crate) fn under_way(&self) -> Option<u32> {
        self.talk().under_way.as_ref().map(|it| it.process)
    }

    /// A signal has asked this turno to stop: no hand-over begins any more, and one that is only being prepared ends.
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

    /// Who serves in place of this turno.
    pub(crate) fn heir(&self) -> Option<u32> {
        self.talk().heir
    }

    /// What the running turno has.
    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// From here on the hand-over is not broken off from outside; false where this turno was asked to stop already.
    pub(crate) fn commits(&self) -> bool {
        let mut talk = self.talk();
        if let Some(under_way) = &mut talk.under_way {
            under_way.stream = None;
        }
        !talk.is_ending
    }

    /// Whether this turno was asked to stop.
    pub(crate) fn was_asked_to_stop(&self) -> bool {
        self.talk().is_ending
    }

    /// None is under way after all.
    pub(crate) fn forgets(&self) {
        self.talk().under_way = None;
    }

    fn talk(&self) -> MutexGuard<'_, Talk> {
        self.0.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody who waits. Where the successor serves, returns when they have said so.
    pub(crate) fn tell(&self, process: u32, result: Result<(), String>) {
        let (said, everybody) = sync_channel(1);
        let mut talk = self.talk();
        talk.under_way = None;
        if result.is_ok() {
            talk.heir = Some(process);
        }
        let outcome = Outcome { process, result, said: Some(said) };
        talk.waiting.retain(|waiting| waiting.send(outcome.clone()).is_ok());
        // Whoever reads an outcome later finds none.
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
