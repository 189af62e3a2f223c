//! The successor's side of a hand-over: it prepares everything beside the running process, and serves once it holds the
//! lock.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use turno_control::{HAND_OVER_PROTOCOL, Request, TakeOver};
use turno_media::PortPair;
use turno_model::hand_over::{NewAction, NewEvent, NewState, WORD_SPAN_MAX};

use crate::control::socket::{Control, usual_places};
use crate::disk::FolderLock;
use crate::hand_over::line::{HandOverLine, NoWord, Word};
use crate::hand_over::sockets::{Sockets, pairs};
use crate::refusal::StartRefused;

/// How long a turno process that no longer answers may take until it is dead and its descriptors are closed.
pub(crate) const DYING_SPAN_MAX: Duration = Duration::from_secs(3);

/// Why a start does not continue as it was begun.
#[derive(Debug)]
pub(crate) enum Fell {
    /// The old process is dead and this one holds the lock: it starts from the journal.
    Alone,
    /// It does not start.
    Refused(StartRefused),
}

impl From<StartRefused> for Fell {
    fn from(refused: StartRefused) -> Self {
        Self::Refused(refused)
    }
}

/// How a new process begins.
pub(crate) enum Origin {
    /// No other process serves; it may have the sockets of one that died during a hand-over.
    Alone {
        /// Whether to wait for another process that may be ending.
        has_patience: bool,
        /// The sockets of that process.
        sockets: Sockets,
    },
    /// Another process serves.
    Beside(Successor),
}

/// A successor beside the running process.
pub(crate) struct Successor {
    state: NewState,
    line: HandOverLine,
    sockets: Sockets,
    control: PathBuf,
    lock: Option<Arc<FolderLock>>,
    heard: Option<Word>,
    why: String,
}

impl Origin {
    /// Asks the running process, if one answers, for a hand-over.
    ///
    /// # Errors
    /// [`StartRefused::Control`] if it refuses.
    pub(crate) fn ask(
        control: &Control,
        folder: Option<&Path>,
        lock: Option<Arc<FolderLock>>,
    ) -> Result<Self, StartRefused> {
        let places = match control {
            Control::At(path) => vec![path.clone()],
            Control::Usual => usual_places(),
            Control::Nowhere => Vec::new(),
        };
        for place in places {
            let Ok(stream) = UnixStream::connect(&place) else { continue };
            let line = HandOverLine::new(stream).map_err(|error| StartRefused::System {
                what: "a connection to the turno that runs",
                error,
            })?;
            let mut successor = Successor {
                state: NewState::Asking,
                line,
                sockets: Sockets::default(),
                control: place,
                lock: lock.clone(),
                heard: None,
                why: String::new(),
            };
            return match successor.asks(folder) {
                Ok(()) => Ok(Self::Beside(successor)),
                Err(Fell::Alone) => Ok(Self::Alone { has_patience: true, sockets: Sockets::default() }),
                Err(Fell::Refused(refused)) => Err(refused),
            };
        }
        Ok(Self::Alone { has_patience: true, sockets: Sockets::default() })
    }

    /// The sockets on which another turno process listens or listened.
    pub(crate) const fn sockets(&self) -> &Sockets {
        match self {
            Self::Alone { sockets, .. } => sockets,
            Self::Beside(successor) => &successor.sockets,
        }
    }

    /// The successor, if another process serves.
    pub(crate) const fn beside(&mut self) -> Option<&mut Successor> {
        match self {
            Self::Alone { .. } => None,
            Self::Beside(successor) => Some(successor),
        }
    }

    /// Continues without the old process, which is dead.
    pub(crate) fn alone(self) -> Self {
        let sockets = match self {
            Self::Alone { sockets, .. } => sockets,
            Self::Beside(successor) => successor.sockets,
        };
        Self::Alone { has_patience: true, sockets }
    }

    /// Reports a failure of the start.
    pub(crate) fn fails(&mut self, refused: StartRefused) -> Fell {
        match self {
            Self::Alone { .. } => Fell::Refused(refused),
            Self::Beside(successor) => successor.fails(refused),
        }
    }
}

impl Successor {
    fn asks(&mut self, folder: Option<&Path>) -> Result<(), Fell> {
        let real = folder.map(|path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
        let request = Request::TakeOver(TakeOver {
            process: std::process::id(),
            protocol: HAND_OVER_PROTOCOL,
            folder: real.map(|path| path.to_string_lossy().into_owned()),
        });
        if let Err(error) = self.line.stream().write_all(request.lines().as_bytes()) {
            self.why = error.to_string();
            return self.step(NewEvent::Lost);
        }
        self.waits()?;
        tracing::info!(sockets = self.sockets.len(), "preparing beside the turno that runs");
        Ok(())
    }

    /// The running process's control socket.
    pub(crate) fn control(&self) -> &Path {
        &self.control
    }

    /// Reports that everything is prepared: the old process pauses, and the journal may be read when this returns.
    ///
    /// # Errors
    /// [`Fell`].
    pub(crate) fn is_ready(&mut self) -> Result<(), Fell> {
        self.step(NewEvent::Done)?;
        self.waits()
    }

    /// Takes the media ports, once the engine is ready; no media is sent from now on.
    ///
    /// # Errors
    /// [`Fell`].
    pub(crate) fn takes_voices(&mut self) -> Result<Vec<PortPair>, Fell> {
        self.step(NewEvent::Done)?;
        let heard = self.hears();
        // The lock is taken only after the ports have been received.
        match (heard, self.heard.take()) {
            (NewEvent::Voices, Some(Word::Voices(ports))) => Ok(pairs(ports)),
            (event, _) => {
                self.step(event)?;
                Err(self.refusal().into())
            }
        }
    }

    /// Takes the lock: from here on the old process can't continue.
    ///
    /// # Errors
    /// [`Fell`] if the old process continues.
    pub(crate) fn takes_lock(&mut self) -> Result<(), Fell> {
        self.step(NewEvent::Voices)
    }

    /// Reports that this process serves from now on.
    pub(crate) fn begins(&self) {
        if let Err(error) = self.line.say(&Word::Begun) {
            tracing::debug!(%error, "the old turno has already ended");
        }
    }

    fn fails(&mut self, refused: StartRefused) -> Fell {
        // If the old process has died meanwhile, this one must start from the journal.
        if let Err(NoWord::Lost(why)) = self.line.hear(Duration::ZERO)
            && let Err(Fell::Alone) = self.loses(why)
        {
            return Fell::Alone;
        }
        if let Some(lock) = self.lock.as_ref().filter(|_| self.state.serves()) {
            lock.give_free();
        }
        let _ = self.line.say(&Word::Refused(refused.to_string()));
        self.line.close();
        Fell::Refused(refused)
    }

    fn loses(&mut self, why: String) -> Result<(), Fell> {
        self.why = why;
        if self.state.after(NewEvent::Lost).is_ok() { self.step(NewEvent::Lost) } else { Ok(()) }
    }

    /// Waits for the next message, and does what the table says.
    fn waits(&mut self) -> Result<(), Fell> {
        let event = self.hears();
        if let Some(Word::Offer(sockets)) = self.heard.take() {
            self.sockets = Sockets::new(sockets);
        }
        self.step(event)
    }

    fn hears(&mut self) -> NewEvent {
        let span = self.state.span().unwrap_or(WORD_SPAN_MAX);
        match self.line.hear(span) {
            Ok(word @ Word::Offer(_)) => {
                self.heard = Some(word);
                NewEvent::Offer
            }
            Ok(word @ Word::Voices(_)) => {
                self.heard = Some(word);
                NewEvent::Voices
            }
            Ok(Word::GoOn) => NewEvent::GoOn,
            Ok(Word::Refused(why)) => {
                self.why = why;
                NewEvent::Refused
            }
            Ok(Word::Ready | Word::WantsVoices | Word::Begun) => {
                self.why = "it speaks out of turn".to_owned();
                NewEvent::Refused
            }
            Err(NoWord::Lost(why)) => {
                self.why = why;
                NewEvent::Lost
            }
            Err(NoWord::Late) => {
                self.why = format!("it has said nothing for {span:?}");
                NewEvent::TimeOut
            }
        }
    }

    fn step(&mut self, event: NewEvent) -> Result<(), Fell> {
        let mut event = event;
        loop {
            let Ok((state, action)) = self.state.after(event) else {
                if self.why.is_empty() {
                    self.why = format!("it speaks out of turn ({event:?})");
                }
                return Err(self.refusal().into());
            };
            tracing::debug!(?event, ?state, ?action, "hand-over");
            self.state = state;
            match action {
                NewAction::Prepare | NewAction::Read | NewAction::Serve => return Ok(()),
                NewAction::SayReady => return self.says(&Word::Ready),
                NewAction::AskVoices => return self.says(&Word::WantsVoices),
                NewAction::TakeLock => {
                    event = if self.has_lock() { NewEvent::LockTaken } else { NewEvent::LockHeld };
                }
                NewAction::StartAlone => {
                    tracing::warn!(
                        why = self.why,
                        "the turno that ran is gone: this one starts from its journal"
                    );
                    return Err(Fell::Alone);
                }
                NewAction::Fail => return Err(self.refusal().into()),
            }
        }
    }

    fn says(&mut self, word: &Word) -> Result<(), Fell> {
        match self.line.say(word) {
            Ok(()) => Ok(()),
            // A refusal received before the end says why, so it is read first.
            Err(error) => match self.line.hear(Duration::ZERO) {
                Ok(Word::Refused(why)) => {
                    self.why = why;
                    self.step(NewEvent::Refused)
                }
                Ok(_) | Err(_) => {
                    self.why = error.to_string();
                    self.step(NewEvent::Lost)
                }
            },
        }
    }

    /// Takes the lock. If the connection to the old process was lost, waits for its end.
    fn has_lock(&self) -> bool {
        let Some(lock) = &self.lock else { return true };
        let span = if self.state == NewState::Orphaned { DYING_SPAN_MAX } else { Duration::ZERO };
        lock.take_within(span).unwrap_or(false)
    }

    fn refusal(&self) -> StartRefused {
        let why = if self.why.is_empty() { "it goes on itself" } else { self.why.as_str() };
        StartRefused::HandOver { path: self.control.clone(), why: why.to_owned() }
    }
}
