//! The start of turno: alone, or beside a running turno that serves until this one can.
//!
//! Everything that can fail comes before the step that cannot be undone: taking the lock of the journal.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use prometheus::Registry;
use tokio::runtime::Runtime;
use turno_engine::Engine;
use turno_media::Identity;
use turno_media_plan::Shown;
use turno_model::Plan;

use crate::clock::Clock;
use crate::control::socket;
use crate::disk;
use crate::disk::{Around, Begun, Home, Opened};
use crate::engine_thread::closing::Closing;
use crate::engine_thread::inbox::{Inbox, InboxReader, inbox};
use crate::engine_thread::watchdog::Watchdog;
use crate::engine_thread::{EngineThread, Progress};
use crate::facts::FactsHub;
use crate::facts::readers::{Readers, read_facts};
use crate::hand_over::admitted::{HandOvers, Parts};
use crate::hand_over::sockets::Sockets;
use crate::hand_over::successor::{Fell, Origin};
use crate::media::browsers;
use crate::media::ports;
use crate::media::voices::Voices;
use crate::metrics::engine::EngineMeters;
use crate::metrics::streams::StreamMeters;
use crate::metrics::tls::TlsMeters;
use crate::net::binding::{Bound, bind};
use crate::net::receive_queue::ReceiveQueue;
use crate::net::resolve;
use crate::net::streams::Streams;
use crate::net::tls::Tls;
use crate::procedures::Procedures;
use crate::process::descriptors::Provision;
use crate::process::signals::Caught;
use crate::process::systemd::Systemd;
use crate::process::threads::thread;
use crate::process::{descriptors, signals};
use crate::recording::recorder::Recorder;
use crate::refusal::StartRefused;
use crate::reload::Reload;
use crate::reload::current_plan::CurrentPlan;
use crate::reload::hot_reload::HotReload;
use crate::run::made::Made;
use crate::run::services::Services;
use crate::run::takeover::{ControlSocket, begin_engine, know_past, make_control_socket, read_again};
use crate::run::{Options, Running};

/// Binds all addresses of the plan and starts the threads. When it returns, turno answers SIP.
///
/// # Errors
/// [`StartRefused`]: nothing of this start is left running, and a turno that ran before goes on.
pub fn start(plan: Arc<Plan>, options: Options) -> Result<Running, StartRefused> {
    let home = options.state.as_deref().map(Home::open).transpose()?;
    let mut origin = if options.take_over {
        Origin::ask(&options.control, options.state.as_deref(), home.as_ref().map(Home::lock))?
    } else {
        Origin::Alone { has_patience: false, sockets: Sockets::default() }
    };
    loop {
        let fell = match begin(Arc::clone(&plan), &options, home.as_ref(), &mut origin) {
            Ok(running) => return Ok(running),
            Err(Fell::Alone) => Fell::Alone,
            Err(Fell::Refused(refused)) => origin.fails(refused),
        };
        match fell {
            // Happens at most once: a turno that starts alone does not get `Fell::Alone`.
            Fell::Alone => origin = origin.alone(),
            Fell::Refused(refused) => return Err(refused),
        }
    }
}

fn begin(
    plan: Arc<Plan>,
    options: &Options,
    home: Option<&Home>,
    origin: &mut Origin,
) -> Result<Running, Fell> {
    let prepared = prepare(plan, options, home, origin)?;
    let built = build(prepared, options, home, origin)?;
    take_place(built, options, home, origin)
}

/// Parts that need no state of another turno.
struct Prepared {
    as_read: Arc<Plan>,
    plan: Arc<Plan>,
    inbox: Inbox,
    reader: InboxReader,
    voices: Voices,
    /// Media ports that other programs use.
    taken: Vec<u16>,
    /// Our certificate for browsers.
    identity: Option<Identity>,
    opened: Option<Opened>,
    clock: Clock,
    bound: Bound,
    socket_file: ControlSocket,
    runtime: Runtime,
    registry: Registry,
    streams: Streams,
    tls: Option<Arc<Tls>>,
    /// How many streams and connections the file descriptors allow.
    provision: Provision,
}

fn prepare(
    plan: Arc<Plan>,
    options: &Options,
    home: Option<&Home>,
    origin: &mut Origin,
) -> Result<Prepared, Fell> {
    let provision = descriptors::provide(&plan)?;
    let (inbox, reader) = inbox().map_err(|error| StartRefused::System { what: "a wake-up event", error })?;
    let runtime = runtime()?;
    if options.catch_signals {
        signals::ignore_what_means_nothing(&runtime);
    }
    // Reading the sounds takes time, so it happens before another turno pauses for this one.
    let voices = Voices::start(&plan, provision.pairs, &inbox)?;
    let as_read = Arc::clone(&plan);
    let taken = ports::taken(&plan)?;
    if origin.beside().is_none() {
        ports::check_enough(&plan, &taken)?;
    }
    let (opened, plan) = know_past(home, plan, &voices, origin)?;
    let clock = opened.as_ref().map_or_else(Clock::new, Opened::clock);
    let (bound, plan) = bind(plan, origin.sockets())?;
    let identity =
        browsers::identity(&plan, options.state.as_deref(), opened.as_ref().map(|opened| &opened.seals))?;
    let socket_file = make_control_socket(&options.control, origin)?;
    let registry = Registry::new();
    let (streams, tls) = start_streams(&plan, clock, &registry, (&runtime, &inbox))?;
    Ok(Prepared {
        as_read,
        plan,
        inbox,
        reader,
        voices,
        taken,
        identity,
        opened,
        clock,
        bound,
        socket_file,
        runtime,
        registry,
        streams,
        tls,
        provision,
    })
}

/// All parts, with the engine as recovered from the journal; not yet visible from outside.
struct Built {
    given: Prepared,
    engine: Engine,
    meters: EngineMeters,
    begun: Begun,
    readers: Readers,
    engine_thread: JoinHandle<Option<Closing>>,
    lets_engine_run: SyncSender<EngineThread>,
}

fn build(
    mut given: Prepared,
    options: &Options,
    home: Option<&Home>,
    origin: &mut Origin,
) -> Result<Built, Fell> {
    let is_beside = origin.beside().is_some();
    if let (Some(successor), Some(home)) = (origin.beside(), home) {
        successor.is_ready()?;
        given.opened = Some(read_again(home, &given.as_read, &given.plan)?);
    }
    let (plan, clock, opened) = (&given.plan, given.clock, given.opened.take());
    let meters = EngineMeters::new(&given.registry);
    given.plan.queues.iter().for_each(|queue| meters.overlooked.knows(&queue.name));
    let seed = options.seed.unwrap_or_else(|| fastrand::Rng::new().u64(..));
    let (mut engine, is_taken_up) = begin_engine(plan, opened.as_ref(), seed, clock, is_beside)?;
    if let Some(identity) = &given.identity {
        engine.show_certificates([Shown::First, Shown::Other].map(|shown| identity.fingerprint_of(shown)));
    }
    let around = Around { clock, inbox: &given.inbox, registry: &given.registry };
    let (begun, ledger) = disk::begin(opened, plan, is_taken_up, around)?;
    let readers = read_facts(&given.registry, plan, ledger, (begun.facts, begun.files.clone()))?;
    resolve::start(plan, seed, given.runtime.handle(), &given.inbox, given.tls.as_ref());
    let (lets_engine_run, may_run) = sync_channel::<EngineThread>(1);
    let engine_thread = thread("turno-engine", move || may_run.recv().ok().and_then(EngineThread::run))?;
    Ok(Built { given, engine, meters, begun, readers, engine_thread, lets_engine_run })
}

/// The step that cannot be undone: takes the voices, the lock and the control socket's path.
fn take_place(
    mut built: Built,
    options: &Options,
    home: Option<&Home>,
    origin: &mut Origin,
) -> Result<Running, Fell> {
    let talks = origin.beside().map(|successor| successor.takes_voices()).transpose()?.unwrap_or_default();
    let given = &mut built.given;
    let taken = ports::still_taken(&given.plan, core::mem::take(&mut given.taken), &talks);
    if origin.beside().is_some() {
        // Only now can the ports of the paused turno be told from those of other programs.
        ports::check_enough(&given.plan, &taken)?;
    }
    given.provision.limits(&mut built.engine, &given.streams);
    built.engine.leave_out_ports(&taken);
    given.voices.adopt(talks);
    if let Some(identity) = given.identity.take() {
        given.voices.serve_browsers(core::mem::take(&mut given.bound.browsers), identity);
    }
    let systemd = Systemd::of_environment();
    let hand_overs = HandOvers::new(Parts {
        sockets: core::mem::take(&mut given.bound.own),
        inbox: given.inbox.clone(),
        voices: given.voices.clone(),
        lock: home.map(Home::lock),
        folder: options.state.clone(),
        sign: built.begun.sign.clone(),
        systemd: systemd.clone(),
    });
    // From here on a signal ends the process only by an orderly stop.
    let caught = options.catch_signals.then(|| signals::catch(&given.runtime)).flatten();
    if let Some(successor) = origin.beside() {
        successor.takes_lock()?;
    }
    if let Some(coming) = built.begun.coming.take() {
        coming
            .take_place()
            .map_err(|error| StartRefused::Journal { what: "the journal's first file", error })?;
    }
    let socket_file = core::mem::replace(&mut given.socket_file, ControlSocket::Bound(None)).take_place()?;
    if let Some(successor) = origin.beside() {
        successor.begins();
    }
    Ok(serve(built, options, hand_overs, caught, (socket_file, systemd)))
}

/// The rest, which cannot fail: the engine runs, and the services start.
fn serve(
    built: Built,
    options: &Options,
    hand_overs: HandOvers,
    caught: Option<Caught>,
    (socket_file, systemd): (Option<socket::Bound>, Systemd),
) -> Running {
    let Built { given, engine, meters, begun, readers, engine_thread, lets_engine_run } = built;
    let Prepared {
        as_read, plan, inbox, reader, voices, clock, bound, runtime, registry, streams, tls, ..
    } = given;
    let watchdog = Watchdog::new(clock.now());
    let (recorder, recorder_parts) = Recorder::new(plan.recording.as_ref(), &inbox);
    let engine = EngineThread {
        engine,
        clock,
        receive_queue: ReceiveQueue::new(bound.udp.len(), clock.now()),
        udp: bound.udp,
        inbox: reader,
        own_inbox: inbox.clone(),
        streams: streams.clone(),
        voices: voices.clone(),
        recorder: recorder.clone(),
        facts: readers.handed,
        journal: begun.journal,
        gathering: readers.gathering,
        meters,
        watchdog: watchdog.clone(),
        left_out: Arc::clone(readers.hub.left_out()),
        progress: Progress::begin(begun.facts),
    };
    let _ = lets_engine_run.send(engine);
    let in_place = hot_reload((&plan, &readers.hub), (&voices, &inbox), (clock, tls));
    let (control, socket_file) = socket_file.map(|it| (it.listener, it.socket_file)).unzip();
    let control_path = socket_file.as_ref().map(|socket_file: &socket::SocketFile| socket_file.path.clone());
    let services = Services::start(Made {
        plan: Arc::clone(&plan),
        clock,
        inbox: inbox.clone(),
        voices,
        recorder: (recorder, recorder_parts),
        streams,
        registry,
        facts: Arc::clone(&readers.hub),
        kept: readers.kept,
        sign: begun.sign,
        watchdog,
        hand_overs: hand_overs.clone(),
        reload: Reload::new(options.again.clone(), as_read, hand_overs.clone(), in_place),
        systemd,
        handle: runtime.handle().clone(),
        runtime: Some(runtime),
        listeners: bound.streams,
        web: Some(bound.web),
        api: bound.api,
        control,
        socket_file,
        caught,
        gate: begun.gate,
        disk_threads: begun.threads,
        past: begun.past,
        state: options.state.clone(),
        office: None,
        whatsapp: None,
        facts_thread: Some(readers.thread),
    });
    Running {
        plan,
        clock,
        inbox,
        engine: Some(engine_thread),
        facts: readers.hub,
        control: control_path,
        hand_overs: Some(hand_overs),
        services,
    }
}

fn hot_reload(
    (plan, facts): (&Arc<Plan>, &Arc<FactsHub>),
    (voices, inbox): (&Voices, &Inbox),
    (clock, tls): (Clock, Option<Arc<Tls>>),
) -> HotReload {
    let in_force = CurrentPlan::new(plan);
    HotReload {
        in_force,
        facts: Arc::clone(facts),
        voices: voices.clone(),
        inbox: inbox.clone(),
        clock,
        tls,
        procedures: Procedures::default(),
    }
}

/// The streams and TLS, without their listeners.
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

fn runtime() -> Result<Runtime, StartRefused> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("turno-streams")
        .enable_all()
        .build()
        .map_err(|error| StartRefused::System { what: "the threads of the tasks", error })
}

#[cfg(test)]
#[path = "starting_tests.rs"]
mod tests;
