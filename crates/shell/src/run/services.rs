//! Everything that works beside the engine, as one list: its name, its start, its stop, and the order of both.
//!
//! A service starts after those that stand above it in [`SERVICES`]; when the engine has ended, the services stop in reverse
//! order, each of them before what it uses. To add one is to add a line, the function that starts it and, where something of it
//! is made before the start, a field of [`Made`]. What can refuse a start (an address, a thread) is made in `run/starting`, while
//! another turno may still serve; a service that does not start here is missed in the log, and calls go on.

use std::sync::Arc;
use std::thread::JoinHandle;

use core::time::Duration;

use prometheus::Registry;
use tokio::runtime::{Handle, Runtime};
use turno_ground::Transport;
use turno_model::Plan;
use turno_model::plan::OnStop;

use crate::clock::Clock;
use crate::control::api::ControlApi;
use crate::control::socket;
use crate::disk::{Gate, JournalSign, PastFacts, Standing};
use crate::engine_thread::inbox::Inbox;
use crate::engine_thread::watchdog::Watchdog;
use crate::facts::FactsHub;
use crate::facts::remembering::remember;
use crate::facts::trace_store::TraceStore;
use crate::hand_over::admitted::HandOvers;
use crate::media::voices::Voices;
use crate::metrics::media::MediaMeters;
use crate::metrics::process::ProcessMeters;
use crate::metrics::web;
use crate::net::streams::Streams;
use crate::process::signals;
use crate::process::signals::Caught;
use crate::process::systemd::Systemd;
use crate::refusal::StartRefused;
use crate::reload::Reload;

/// How long the last bytes of streams and pages may take once the engine has ended.
const LAST_BYTES_SPAN: Duration = Duration::from_millis(50);

/// One service.
pub(crate) struct Service {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What turno lacks while it is missing, and what to do.
    without: &'static str,
    /// Lets it work; how it ends.
    start: fn(&mut Made) -> Result<Stop, StartRefused>,
}

/// How a service ends.
pub(crate) enum Stop {
    /// There is nothing to do: a task ends with the tasks' threads.
    WithTasks,
    /// By itself, since the engine has ended: its threads are waited for.
    Threads(Vec<JoinHandle<()>>),
    /// By this call, which waits for no more than a moment.
    Call(Box<dyn FnOnce() + Send>),
}

/// All of them in the order of their start. The voices come first: everybody who uses them must have let go before they end.
pub(crate) const SERVICES: [Service; 10] = [
    Service { name: "the voices", without: "no call is heard", start: voices },
    Service {
        name: "the control socket's place",
        without: "turno trace can't ask; start turno again",
        start: place,
    },
    Service { name: "the tasks", without: "nobody is reached but by UDP; start turno again", start: tasks },
    Service { name: "metrics and health", without: "nobody sees how turno is; start it again", start: pages },
    Service {
        name: "the control socket",
        without: "turno trace and turno reload are not answered; start turno again",
        start: control,
    },
    Service { name: "the signals", without: "a stop is not polite; use turno reload", start: signals },
    Service {
        name: "the journal",
        without: "its folder grows, and is not looked after; start turno again",
        start: journal,
    },
    Service {
        name: "the memory of the past",
        without: "turno trace does not know what happened before this start; read it with turno journal show",
        start: past,
    },
    Service { name: "the word to systemd", without: "systemd may end turno; start it again", start: systemd },
    Service { name: "the facts", without: "no figure is right; start turno again", start: facts },
];

/// What the start has made; each service takes what is its alone and has a copy of the rest.
pub(crate) struct Made {
    pub(crate) plan: Arc<Plan>,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    pub(crate) voices: Voices,
    pub(crate) streams: Streams,
    pub(crate) registry: Registry,
    pub(crate) facts: Arc<FactsHub>,
    pub(crate) kept: Option<Arc<TraceStore>>,
    pub(crate) sign: JournalSign,
    pub(crate) pulse: Watchdog,
    pub(crate) hand_overs: HandOvers,
    pub(crate) reload: Reload,
    pub(crate) systemd: Systemd,
    pub(crate) handle: Handle,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) listeners: Vec<(Transport, std::net::TcpListener)>,
    pub(crate) web: Option<std::net::TcpListener>,
    pub(crate) control: Option<socket::Listening>,
    pub(crate) socket_file: Option<socket::SocketFile>,
    pub(crate) caught: Option<Caught>,
    pub(crate) gate: Option<Gate>,
    pub(crate) disk_threads: Vec<JoinHandle<()>>,
    pub(crate) past: Option<PastFacts>,
    pub(crate) facts_thread: Option<JoinHandle<()>>,
}

/// The services that work.
#[derive(Default)]
pub(crate) struct Services(Vec<(&'static str, Stop)>);

impl Services {
    /// Lets all of them work, in order.
    pub(crate) fn start(mut made: Made) -> Self {
        let mut working = Vec::with_capacity(SERVICES.len());
        for Service { name, without, start } in SERVICES {
            match start(&mut made) {
                Ok(stop) => working.push((name, stop)),
                Err(refused) => {
                    tracing::error!(service = name, "{name} did not start, so {without}: {refused}");
                }
            }
        }
        Self(working)
    }

    /// Stops all of them, in reverse order, now that the engine has ended.
    pub(crate) fn stop(&mut self) {
        while let Some((name, stop)) = self.0.pop() {
            match stop {
                Stop::WithTasks => {}
                Stop::Threads(threads) => {
                    // Each of them, before anything is said.
                    let died = threads.into_iter().map(JoinHandle::join).filter(Result::is_err).count();
                    if died > 0 {
                        tracing::error!(
                            service = name,
                            "{name} had died of a fault of turno's own; please report the lines of the panic"
                        );
                    }
                }
                Stop::Call(stop) => stop(),
            }
        }
    }
}

fn voices(made: &mut Made) -> Result<Stop, StartRefused> {
    // They have worked since they were made: they take their time.
    let voices = made.voices.clone();
    Ok(Stop::Call(Box::new(move || voices.stop())))
}

/// The socket's file goes after the last answer.
fn place(made: &mut Made) -> Result<Stop, StartRefused> {
    let socket_file = made.socket_file.take();
    Ok(Stop::Call(Box::new(move || drop(socket_file))))
}

/// Connections, and everything else that is a task: none outlives this.
fn tasks(made: &mut Made) -> Result<Stop, StartRefused> {
    let (runtime, streams) = (made.runtime.take(), made.streams.clone());
    core::mem::take(&mut made.listeners)
        .into_iter()
        .for_each(|(transport, listener)| streams.listen(transport, listener));
    Ok(Stop::Call(Box::new(move || {
        if let Some(runtime) = runtime {
            runtime.block_on(streams.finish(LAST_BYTES_SPAN));
            runtime.shutdown_timeout(LAST_BYTES_SPAN);
        }
    })))
}

fn pages(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(listener) = made.web.take() {
        let pages = web::Pages {
            process: ProcessMeters::new(&made.registry, made.clock.set_at()),
            media: MediaMeters::new(&made.registry),
            voices: made.voices.clone(),
            facts: Arc::clone(&made.facts),
            registry: made.registry.clone(),
            clock: made.clock,
            pulse: made.pulse.clone(),
            journal: made.sign.clone(),
            site: made.plan.site.clone(),
        };
        made.handle.spawn(web::serve(listener, Arc::new(pages)));
    }
    Ok(Stop::WithTasks)
}

fn control(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(listening) = made.control.take() {
        let answering = ControlApi::new(made.kept.clone(), &made.hand_overs, made.reload.clone());
        made.handle.spawn(socket::serve(listening, Arc::new(answering)));
    }
    Ok(Stop::WithTasks)
}

fn signals(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(caught) = made.caught.take() {
        let asked = (made.inbox.clone(), made.hand_overs.clone(), made.reload.clone());
        let on_stop = on_stop(&made.plan, &made.sign);
        signals::watch(&made.handle, caught, asked, on_stop, made.plan.journal.drain_max);
    }
    Ok(Stop::WithTasks)
}

/// The disk's threads are there; here they begin.
fn journal(made: &mut Made) -> Result<Stop, StartRefused> {
    if let Some(gate) = made.gate.take() {
        let _ = gate.send(());
    }
    Ok(Stop::Threads(core::mem::take(&mut made.disk_threads)))
}

fn past(made: &mut Made) -> Result<Stop, StartRefused> {
    let begun = remember(made.past.take(), made.kept.clone(), &made.plan)?;
    Ok(Stop::Threads(begun.into_iter().collect()))
}

/// Who has handed over says nothing at its end: systemd looks at the one that serves.
fn systemd(made: &mut Made) -> Result<Stop, StartRefused> {
    let (systemd, hand_overs) = (made.systemd.clone(), made.hand_overs.clone());
    systemd.watch(&made.handle, made.pulse.clone(), made.clock);
    systemd.is_ready(&made.plan.site);
    Ok(Stop::Call(Box::new(move || {
        if hand_overs.heir().is_none() {
            systemd.is_stopping();
        }
    })))
}

/// Their thread reads since it was made; it ends when the engine has let go of its end.
fn facts(made: &mut Made) -> Result<Stop, StartRefused> {
    Ok(Stop::Threads(made.facts_thread.take().into_iter().collect()))
}

/// Calls can be kept at a stop only where something is kept.
fn on_stop(plan: &Plan, sign: &JournalSign) -> OnStop {
    match plan.journal.on_stop {
        OnStop::KeepCalls if sign.standing() == Standing::Off => OnStop::EndCalls,
        on_stop @ (OnStop::EndCalls | OnStop::Drain | OnStop::KeepCalls) => on_stop,
    }
}

#[cfg(test)]
#[path = "services_tests.rs"]
mod tests;
