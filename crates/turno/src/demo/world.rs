//! The thread on which the simulated people live.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use turno_ground::{Rng, Secret};
use turno_model::Plan;
use turno_shell::Clock;

use crate::demo::agent::{Agent, Codes};
use crate::demo::callers::Callers;
use crate::demo::handset::{Door, Handset, Owner};
use crate::demo::news::NewsSender;
use crate::demo::site;
use crate::demo::speed::Speed;

/// Calls that the trunk's line may carry at once.
const TRUNK_CALLS_MAX: usize = 1_000;

/// What the people need to know.
pub(crate) struct Setting<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) server: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) speed: Speed,
    pub(crate) calls_per_hour: f64,
    /// How many of the first agents sit before a browser.
    pub(crate) browsers: usize,
    pub(crate) seed: u64,
    pub(crate) news: NewsSender,
    /// Set when a signal asks to end.
    pub(crate) stop: Arc<AtomicBool>,
    /// The extension of the agent whom nobody plays.
    pub(crate) onlooker: Option<&'a str>,
}

/// The running people.
#[derive(Debug)]
pub(crate) struct World {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl World {
    /// Lets them begin.
    ///
    /// # Errors
    /// No socket, no thread, or a plan without a number to dial.
    pub(crate) fn begin(setting: &Setting<'_>) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().context("no tokio runtime")?;
        let (stop, stopped) = watch::channel(false);
        let mut people = JoinSet::new();
        {
            let _inside = runtime.enter();
            let (agents, callers) = populate(setting)?;
            for agent in agents {
                people.spawn_on(agent.work(stopped.clone()), runtime.handle());
            }
            people.spawn_on(callers.live(stopped), runtime.handle());
        }
        runtime.spawn(watch_signals(Arc::clone(&setting.stop)));
        let live = async move { while people.join_next().await.is_some() {} };
        let thread = std::thread::Builder::new()
            .name("demo-people".to_owned())
            .spawn(move || runtime.block_on(live))
            .context("no thread for the simulated people")?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Lets everybody hang up and go home.
    pub(crate) fn end(mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn populate(setting: &Setting<'_>) -> Result<(Vec<Agent>, Callers)> {
    let Setting { plan, server, clock, speed, .. } = *setting;
    let mut rng = Rng::new(setting.seed);
    let (hellos, heard) = mpsc::unbounded_channel();
    let web = plan.api.as_ref().map(|api| Door::Web(api.listen)).filter(|_| plan.browser.is_some());
    let mut handset = |user: &str, password: Secret, address: Ipv4Addr, (door, calls_max)| {
        let owner =
            Owner { user: user.to_owned(), password, domain: plan.sip.domain.clone(), address, calls_max };
        Handset::new(owner, door, rng.fork(), clock, setting.news.clone())
            .with_context(|| format!("a simulated phone cannot be bound to {address}"))
    };
    let mut agents = Vec::new();
    for (number, agent) in plan.agents.iter().enumerate() {
        let codes = Codes {
            log_in: (!agent.auto_login).then(|| plan.feature_codes.log_in.clone()),
            ready: plan.feature_codes.ready.clone(),
            breaks: plan
                .aux_reasons
                .iter()
                .map(|reason| format!("{}{}", plan.feature_codes.aux, reason.digit))
                .collect(),
        };
        if setting.onlooker == Some(agent.extension.as_str()) {
            continue;
        }
        let Some(own) = agent.own_seat.and_then(|own| plan.seats.get(own.index())) else { continue };
        let line = match web {
            // A page has one talk at a time.
            Some(web) if number < setting.browsers => (web, 1),
            Some(_) | None => (Door::Sip(server), 2),
        };
        let handset = handset(&own.extension, own.password.clone(), site::seat(number), line)?;
        agents.push(Agent { number, handset, codes, speed, hellos: hellos.clone() });
    }
    let number =
        site::main_number(plan).context("the plan has no number that callers could dial")?.number.clone();
    let callers = Callers {
        handset: handset("trunk", Secret::default(), site::trunk(), (Door::Sip(server), TRUNK_CALLS_MAX))?,
        speed,
        number,
        keys: site::keys(plan),
        calls_per_hour: setting.calls_per_hour,
        hellos: heard,
    };
    Ok((agents, callers))
}

/// Ctrl-C in a plain log, and the signal that service managers send.
async fn watch_signals(stop: Arc<AtomicBool>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    stop.store(true, Ordering::Relaxed);
}
