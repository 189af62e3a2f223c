//! A running turno: what it has, what may be asked of it, and how it ends in order.

pub(crate) mod services;
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
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::facts::FactsHub;
use crate::facts::reader::FactsReader;
use crate::facts::stream::{Begin, NoPlace};
use crate::hand_over::admitted::HandOvers;
use crate::reload::Again;
use crate::run::services::Services;

/// What is decided at the start and not by the plan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to keep what must survive a restart; `None`: nowhere.
    pub state: Option<PathBuf>,
    /// The engine's seed; `None`: drawn from the operating system.
    pub seed: Option<u64>,
    /// Whether SIGTERM and SIGINT end this turno.
    pub catch_signals: bool,
    /// Where `turno trace` asks.
    pub control: Control,
    /// Take over from a turno that answers there: its sockets, and with the journal its calls.
    pub take_over: bool,
    /// How a successor is started, where SIGHUP, SIGUSR2 and `turno reload` may begin one.
    pub again: Option<Again>,
}

/// The engine's thread died of a bug of ours.
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
    pub(crate) engine: Option<JoinHandle<()>>,
    pub(crate) facts: Arc<FactsHub>,
    /// Where the control socket is.
    pub(crate) control: Option<PathBuf>,
    pub(crate) hand_overs: Option<HandOvers>,
    pub(crate) services: Services,
}

impl Running {
    /// The plan with the addresses that were bound: a port 0 of the plan has become a real one.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The clock that every moment of this turno is told by.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Where `turno trace` can ask, if anywhere.
    pub fn control(&self) -> Option<&Path> {
        self.control.as_deref()
    }

    /// A new reader of facts; its name is a label of the metrics.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub fn facts(&self, name: &'static str, begin: Begin) -> Result<FactsReader, NoPlace> {
        FactsReader::open(Arc::clone(self.facts.stream()), name, begin)
    }

    /// The room now, from the ledger.
    pub fn snapshot(&self) -> Snapshot {
        self.facts.read(self.clock, Ledger::snapshot)
    }

    /// The day so far, from the ledger.
    pub fn day(&self) -> Day {
        self.facts.read(self.clock, Ledger::day)
    }

    /// Asks the engine for something; the answer comes by the channel.
    pub fn ask(&self, command: Command) -> Receiver<Result<Done, Refusal>> {
        let (answer, answered) = sync_channel(1);
        self.inbox.post(EngineMessage::Command(Asker::Shell, command, Some(answer)));
        answered
    }

    /// Whether the engine still works.
    pub fn is_running(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| !engine.is_finished())
    }

    /// Ends every call politely, then everything else; takes less than a second.
    ///
    /// # Errors
    /// [`EngineDied`] if the engine had died before.
    pub fn stop(self) -> Result<(), EngineDied> {
        self.inbox.post(EngineMessage::Command(Asker::Shell, Command::Stop, None));
        self.wait()
    }

    /// Waits until a signal or a command has ended it.
    ///
    /// # Errors
    /// [`EngineDied`] if a bug of ours ended it.
    pub fn wait(self) -> Result<(), EngineDied> {
        self.wait_for_heir().map(drop)
    }

    /// Waits until it has ended; the process that serves in its place, if one does.
    ///
    /// # Errors
    /// [`EngineDied`] if a bug of ours ended it.
    pub fn wait_for_heir(mut self) -> Result<Option<u32>, EngineDied> {
        self.end()
    }

    fn end(&mut self) -> Result<Option<u32>, EngineDied> {
        let ended = self.engine.take().map_or(Ok(()), |engine| engine.join().map_err(|_| EngineDied));
        // Nothing of this may hold the voices when they stop.
        let heir = self.hand_overs.take().and_then(|all| all.heir());
        self.services.stop();
        ended.map(|()| heir)
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
