//! What the start has made, of which each service takes its parts, and how a service is stopped.

use crate::clock::Clock;
use crate::control::socket;
use crate::conversations::Office;
use crate::conversations::connectors::Number;
use crate::disk::{Gate, JournalSign, PastFacts};
use crate::engine_thread::inbox::Inbox;
use crate::engine_thread::watchdog::Watchdog;
use crate::facts::FactsHub;
use crate::facts::trace_store::TraceStore;
use crate::hand_over::admitted::HandOvers;
use crate::media::voices::Voices;
use crate::net::streams::Streams;
use crate::process::signals::Caught;
use crate::process::systemd::Systemd;
use crate::recording::recorder::{Recorder, RecorderParts};
use crate::reload::Reload;
use prometheus::Registry;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::runtime::{Handle, Runtime};
use turno_ground::Transport;
use turno_model::Plan;

/// How a service is stopped.
pub(crate) enum Stop {
    /// Nothing to do: a task ends with the runtime.
    WithTasks,
    /// Its threads end because the engine has ended; join them.
    Threads(Vec<JoinHandle<()>>),
    /// Call this; it returns quickly.
    Call(Box<dyn FnOnce() + Send>),
}

/// Parts made by the start; each service takes its own parts and clones the shared ones.
pub(crate) struct Made {
    pub(crate) plan: Arc<Plan>,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    pub(crate) voices: Voices,
    pub(crate) recorder: (Recorder, Option<RecorderParts>),
    pub(crate) streams: Streams,
    pub(crate) registry: Registry,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) kept: Option<Arc<TraceStore>>,
    pub(crate) sign: JournalSign,
    pub(crate) watchdog: Watchdog,
    pub(crate) hand_overs: HandOvers,
    pub(crate) reload: Reload,
    pub(crate) systemd: Systemd,
    pub(crate) handle: Handle,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) listeners: Vec<(Transport, std::net::TcpListener)>,
    pub(crate) web: Option<std::net::TcpListener>,
    pub(crate) api: Option<std::net::TcpListener>,
    pub(crate) control: Option<socket::Listening>,
    pub(crate) socket_file: Option<socket::SocketFile>,
    pub(crate) caught: Option<Caught>,
    pub(crate) gate: Option<Gate>,
    pub(crate) disk_threads: Vec<JoinHandle<()>>,
    pub(crate) past: Option<PastFacts>,
    pub(crate) state: Option<PathBuf>,
    /// What the written channels share, once a service has asked for it; `Some(None)`: they do not work.
    pub(crate) office: Option<Option<Arc<Office>>>,
    /// WhatsApp's number, if the written channels work and the plan has one.
    pub(crate) whatsapp: Option<Number>,
    pub(crate) facts_thread: Option<JoinHandle<()>>,
}
