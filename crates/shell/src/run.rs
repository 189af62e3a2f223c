//! A running turno: its parts, its queries and its orderly end.

pub(crate) mod made;
mod readers;
mod services;
pub(crate) mod starting;
pub(crate) mod takeover;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use turno_ledger::{Day, Ledger, Snapshot};
use turno_model::{Asker, Command, Done, Plan, Refusal};

use crate::clock::Clock;
use crate::control::socket::Control;
use crate::engine_thread::closing::Closing;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::facts::FactsHub;
use crate::facts::reader::FactsReader;
use crate::facts::stream::{Begin, NoPlace};
use crate::hand_over::admitted::HandOvers;
use crate::reload::Again;
use crate::run::services::Services;

/// Options of a start that are not in the plan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder for the journal, which survives a restart; `None`: no journal.
    pub state: Option<PathBuf>,
    /// The engine's seed; `None`: drawn from the operating system.
    pub seed: Option<u64>,
    /// Whether signals (SIGTERM, SIGINT and others) are caught and stop or reload this turno.
    pub catch_signals: bool,
    /// Where the control socket is, which `turno trace` and other commands use.
    pub control: Control,
    /// Take over from a turno that answers on the control socket: its sockets and, with the journal, its calls.
    pub take_over: bool,
    /// How a successor is started by SIGHUP, SIGUSR2 and `turno reload`; `None`: none can be started.
    pub again: Option<Again>,
}

/// The engine's thread died of a bug in turno.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineDied;

impl core::fmt::Display for EngineDied {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the engine's thread ended by a fault of turno's own; please report the lines above")
    }
}

impl core::error::Error for EngineDied {}

/// A running turno.
pub struct Running {
    pub(crate) plan: Arc<Plan>,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    pub(crate) engine: Option<JoinHandle<Option<Closing>>>,
    pub(crate) facts: Arc<FactsHub>,
    /// Path of the control socket.
    pub(crate) control: Option<PathBuf>,
    pub(crate) hand_overs: Option<HandOvers>,
    pub(crate) services: Services,
}

impl Running {
    /// The plan with the addresses that were bound: each port 0 is replaced by the real port.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The clock of this turno; all its moments come from it.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Path of the control socket, if there is one.
    pub fn control(&self) -> Option<&Path> {
        self.control.as_deref()
    }

    /// A new reader of facts; its name becomes a label in the metrics.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub fn facts(&self, name: &'static str, begin: Begin) -> Result<FactsReader, NoPlace> {
        FactsReader::open(Arc::clone(self.facts.stream()), name, begin)
    }

    /// The present state of contacts, agents and queues, from the ledger.
    pub fn snapshot(&self) -> Snapshot {
        self.facts.read(self.clock, Ledger::snapshot)
    }

    /// The figures of the present day, from the ledger.
    pub fn day(&self) -> Day {
        self.facts.read(self.clock, Ledger::day)
    }

    /// Sends the engine a command; the answer comes through the channel.
    pub fn ask(&self, command: Command) -> Receiver<Result<Done, Refusal>> {
        let (answer, answered) = sync_channel(1);
        self.inbox.post(EngineMessage::Command(Asker::Shell, command, None, Some(answer)));
        answered
    }

    /// Whether the engine's thread is running.
    pub fn is_running(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| !engine.is_finished())
    }

    /// Ends every call with a BYE or a final response, then everything else; takes a second and a half at most, unless a disk
    /// does not answer.
    ///
    /// # Errors
    /// [`EngineDied`] if the engine's thread had died before.
    pub fn stop(self) -> Result<(), EngineDied> {
        self.inbox.post(EngineMessage::Command(Asker::Shell, Command::Stop, None, None));
        self.wait()
    }

    /// Waits until a signal or a command has ended this turno.
    ///
    /// # Errors
    /// [`EngineDied`] if a bug ended it.
    pub fn wait(self) -> Result<(), EngineDied> {
        self.wait_for_heir().map(drop)
    }

    /// Waits until this turno has ended. Returns the process id of its successor, if there is one.
    ///
    /// # Errors
    /// [`EngineDied`] if a bug ended it.
    pub fn wait_for_heir(mut self) -> Result<Option<u32>, EngineDied> {
        self.end()
    }

    fn end(&mut self) -> Result<Option<u32>, EngineDied> {
        let ended = self.engine.take().map_or(Ok(None), |engine| engine.join().map_err(|_| EngineDied));
        // The hand-overs hold the media threads: drop them before those stop.
        let heir = self.hand_overs.take().and_then(|all| all.heir());
        self.services.stop();
        if let Ok(Some(closing)) = &ended {
            tracing::info!("{}", closing.line(self.clock.now().since(closing.began)));
        }
        ended.map(|_| heir)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.engine.is_some() {
            self.inbox.post(EngineMessage::Halt);
            let _ = self.end();
        }
    }
}

impl core::fmt::Debug for Running {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Running").field("site", &self.plan.site).finish_non_exhaustive()
    }
}
