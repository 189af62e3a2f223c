//! A running turno: everything bound, started in order, and ended in order.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use core::time::Duration;

use prometheus::Registry;
use tokio::runtime::Runtime;
use turno_ledger::{Day, Ledger, Snapshot};
use turno_model::plan::OnStop;
use turno_model::{Command, Plan};

use crate::answering::Answering;
use crate::binding::{Bound, bind};
use crate::clock::Clock;
use crate::control::{Control, Door};
use crate::disk::{Around, JournalSign, Opened, Standing};
use crate::engine_thread::{EngineThread, Progress};
use crate::facts::{Batch, FactsHub};
use crate::hand_over::Estate;
use crate::in_force::InForce;
use crate::in_place::InPlace;
use crate::inbox::{Inbox, Letter, inbox};
use crate::intake::Intake;
use crate::metrics::engine::EngineMeters;
use crate::metrics::media::MediaMeters;
use crate::metrics::process::ProcessMeters;
use crate::metrics::streams::StreamMeters;
use crate::metrics::tls::TlsMeters;
use crate::pulse::Pulse;
use crate::readers::read_facts;
use crate::refusal::StartRefused;
use crate::reload::{Again, Reload};
use crate::service::Service;
use crate::streams::Streams;
use crate::taking_up::{begin_engine, go_on_with_talks, inherit, open_journal};
use crate::threads::thread;
use crate::tls::Tls;
use crate::voices::Voices;
use crate::web::Pages;
use crate::{control, disk, resolve, signals, web};

/// How long the last bytes of streams and pages may take once the engine has ended.
const LAST_BYTES_SPAN: Duration = Duration::from_millis(50);

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
    plan: Arc<Plan>,
    clock: Clock,
    inbox: Inbox,
    engine: Option<JoinHandle<()>>,
    facts: Arc<FactsHub>,
    facts_thread: Option<JoinHandle<()>>,
    disk_threads: Vec<JoinHandle<()>>,
    runtime: Option<Runtime>,
    voices: Option<Voices>,
    streams: Streams,
    /// The control socket's file, to be taken away at the end.
    control: Option<Door>,
    /// What another turno takes over at the end, if one waits for it.
    estate: Estate,
    service: Service,
}

/// Binds everything that the plan asks for and starts the threads. When it returns, SIP is answered.
///
/// # Errors
/// [`StartRefused`], with nothing left running.
pub fn start(plan: Arc<Plan>, options: Options) -> Result<Running, StartRefused> {
    raise_descriptor_limit();
    let (inbox, reader) = inbox().map_err(|error| StartRefused::System { what: "a wake-up event", error })?;
    // Voices take their time: they are ready before another turno stops for this one.
    let voices = Voices::start(&plan, &inbox)?;
    let estate = Estate::new(options.state.is_some());
    let as_read = Arc::clone(&plan);
    let (mut inherited, taken) = inherit(&options.control, options.take_over, &plan)?;
    let (opened, plan) = open_journal(options.state.as_deref(), plan, &voices)?;
    let clock = opened.as_ref().map_or_else(Clock::new, Opened::clock);
    let (Bound { udp, streams: listeners, web: pages_listener }, plan) = bind(plan, &mut inherited, &estate)?;
    let (door, control) = control::bind(&options.control)?.map(|it| (it.listener, it.door)).unzip();
    let runtime = runtime()?;
    let registry = Registry::new();
    let (streams, tls) = start_streams(&plan, clock, &registry, (&runtime, &inbox))?;
    let meters = EngineMeters::new(&registry);
    let seed = options.seed.unwrap_or_else(|| fastrand::Rng::new().u64(..));
    let (mut engine, is_taken_up) = begin_engine(&plan, opened.as_ref(), seed, clock)?;
    let begun =
        disk::begin(opened, &plan, is_taken_up, Around { clock, inbox: &inbox, registry: &registry })?;
    let readers = read_facts(&registry, &plan, begun.ledger)?;
    let pulse = Pulse::new(clock.now());
    resolve::start(&plan, seed, runtime.handle(), &inbox, tls.as_ref());
    go_on_with_talks(inherited, taken, &mut engine, &voices, &plan);
    let engine = EngineThread {
        engine,
        clock,
        intake: Intake::new(udp.len(), clock.now()),
        udp,
        inbox: reader,
        own_inbox: inbox.clone(),
        streams: streams.clone(),
        voices: voices.clone(),
        facts: readers.handed,
        journal: begun.journal,
        gathering: readers.gathering,
        meters,
        pulse: pulse.clone(),
        progress: Progress::default(),
    };
    let engine = thread("turno-engine", move || engine.run())?;
    let pages = new_pages(registry, &voices, &readers.hub, clock, &pulse, &begun.sign, &plan);
    listeners.into_iter().for_each(|(transport, listener)| streams.listen(transport, listener));
    runtime.spawn(web::serve(pages_listener, Arc::new(pages)));
    let in_place = InPlace {
        in_force: InForce::new(&plan),
        facts: Arc::clone(&readers.hub),
        voices: voices.clone(),
        inbox: inbox.clone(),
        clock,
        tls,
    };
    let reload = Reload::new(options.again, as_read, options.state.is_some(), in_place);
    let answering = Answering::new(readers.kept, &estate, reload.clone());
    door.map(|door| runtime.spawn(control::serve(door, Arc::new(answering))));
    watch_signals(options.catch_signals, &runtime, &inbox, (&plan, &begun.sign), reload);
    let service = tell_systemd(&runtime, pulse, clock, &plan);
    Ok(Running {
        plan,
        clock,
        inbox,
        engine: Some(engine),
        facts: readers.hub,
        facts_thread: Some(readers.thread),
        disk_threads: begun.threads,
        runtime: Some(runtime),
        voices: Some(voices),
        streams,
        control,
        estate,
        service,
    })
}

/// Everything of connections but their listeners.
fn start_streams(
    plan: &Plan,
    clock: Clock,
    registry: &Registry,
    (runtime, inbox): (&Runtime, &Inbox),
) -> Result<(Streams, Option<Arc<Tls>>), StartRefused> {
    let meters = TlsMeters::new(registry);
    let start = |tls| Tls::new(tls, plan, clock, meters).map(Arc::new);
    let tls = plan.sip.tls.as_ref().map(start).transpose().map_err(StartRefused::Tls)?;
    if let Some(tls) = &tls {
        runtime.spawn(Arc::clone(tls).watch());
    }
    let limit_sources = plan.sip.requests_per_source_max.is_some();
    let meters = StreamMeters::new(registry);
    let streams =
        Streams::new(runtime.handle().clone(), inbox.clone(), clock, meters, limit_sources, tls.clone());
    Ok((streams, tls))
}

fn new_pages(
    registry: Registry,
    voices: &Voices,
    facts: &Arc<FactsHub>,
    clock: Clock,
    pulse: &Pulse,
    journal: &JournalSign,
    plan: &Plan,
) -> Pages {
    Pages {
        process: ProcessMeters::new(&registry, clock.set_at()),
        media: MediaMeters::new(&registry),
        voices: voices.clone(),
        facts: Arc::clone(facts),
        registry,
        clock,
        pulse: pulse.clone(),
        journal: journal.clone(),
        site: plan.site.clone(),
    }
}

fn tell_systemd(runtime: &Runtime, pulse: Pulse, clock: Clock, plan: &Plan) -> Service {
    let service = Service::of_environment();
    service.watch(runtime.handle(), pulse, clock);
    service.is_ready(&plan.site);
    service
}

fn watch_signals(
    is_asked: bool,
    runtime: &Runtime,
    inbox: &Inbox,
    (plan, sign): (&Plan, &JournalSign),
    reload: Reload,
) {
    if !is_asked {
        return;
    }
    // Calls can be kept only where something is kept.
    let on_stop = match plan.journal.on_stop {
        OnStop::KeepCalls if sign.standing() == Standing::Off => OnStop::EndCalls,
        on_stop @ (OnStop::EndCalls | OnStop::Drain | OnStop::KeepCalls) => on_stop,
    };
    signals::watch(runtime, inbox.clone(), on_stop, plan.journal.drain_max);
    signals::watch_for_changes(runtime, reload);
}

fn runtime() -> Result<Runtime, StartRefused> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("turno-streams")
        .enable_all()
        .build()
        .map_err(|error| StartRefused::System { what: "a thread", error })
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
        self.control.as_ref().map(|door| door.path.as_path())
    }

    /// Every fact from now on, in batches. A reader that lets a thousand batches lie is dropped.
    pub fn subscribe(&self) -> Receiver<Batch> {
        self.facts.subscribe()
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
    pub fn ask(&self, command: Command) -> Receiver<Result<(), String>> {
        let (answer, answered) = sync_channel(1);
        self.inbox.post(Letter::Command(command, Some(answer)));
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
        self.inbox.post(Letter::Command(Command::Stop, None));
        self.wait()
    }

    /// Waits until a signal or a command has ended it.
    ///
    /// # Errors
    /// [`EngineDied`] if a bug of ours ended it.
    pub fn wait(mut self) -> Result<(), EngineDied> {
        self.end()
    }

    fn end(&mut self) -> Result<(), EngineDied> {
        let ended = self.engine.take().map_or(Ok(()), |engine| engine.join().map_err(|_| EngineDied));
        if let Some(facts) = self.facts_thread.take() {
            let _ = facts.join();
        }
        if !self.estate.has_heir() {
            self.service.is_stopping();
        }
        for thread in self.disk_threads.drain(..) {
            let _ = thread.join();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.block_on(self.streams.finish(LAST_BYTES_SPAN));
            runtime.shutdown_timeout(LAST_BYTES_SPAN);
        }
        self.control = None;
        if let Some(voices) = self.voices.take() {
            self.estate.hand_over(&self.service, &voices);
            voices.stop();
        }
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.engine.is_some() {
            self.inbox.post(Letter::Halt);
            let _ = self.end();
        }
    }
}

/// Each call has four media sockets, and a login shell's usual limit is 1024 descriptors.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        tracing::warn!(%error, "the limit of open descriptors stays as it is");
    }
}

impl core::fmt::Debug for Running {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Running").field("site", &self.plan.site).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
