//! Signals: SIGTERM, SIGINT and SIGQUIT stop turno as the plan says, and each further one stops it faster.
//!
//! SIGHUP reloads the plan, SIGUSR2 starts a successor. Other signals that can be caught do not end turno.

use core::time::Duration;

use tokio::runtime::{Handle, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use turno_model::plan::OnStop;
use turno_model::{Asker, Command};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::hand_over::admitted::HandOvers;
use crate::process::systemd::Systemd;
use crate::rate::Ration;
use crate::reload::{Reload, Waits};

/// Signals that would end the process without an orderly stop, and are ignored. Signals for faults of the process
/// (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT) keep their default action; 32 and 33 belong to libc.
const MEANINGLESS: [(i32, &str); 9] = [
    (10, "SIGUSR1"),
    (14, "SIGALRM"),
    (16, "SIGSTKFLT"),
    (24, "SIGXCPU"),
    // Ignored, so that the write over the file size limit fails instead, and the journal reports it.
    (25, "SIGXFSZ"),
    (26, "SIGVTALRM"),
    (27, "SIGPROF"),
    (29, "SIGIO"),
    (30, "SIGPWR"),
];

/// Real-time signals that the C library leaves to programs.
const REAL_TIME: core::ops::RangeInclusive<i32> = 34..=64;

/// One step of the stop.
struct Step {
    words: &'static str,
    letter: EngineMessage,
    /// After this span the next step follows without another signal.
    span: Option<Duration>,
}

/// Signals that are caught and not yet handled.
pub(crate) struct Caught {
    stops: [Signal; 3],
    changed: Signal,
    renewed: Signal,
}

/// Ignores from now on the signals that mean nothing to turno, and logs each.
pub(crate) fn ignore_what_means_nothing(runtime: &Runtime) {
    let entered = runtime.enter();
    for (number, name) in MEANINGLESS.into_iter().chain(REAL_TIME.map(|number| (number, "real-time"))) {
        match signal(SignalKind::from_raw(number)) {
            Ok(ignored) => drop(runtime.spawn(ignore(ignored, number, name))),
            Err(error) => tracing::warn!(%error, number, "this signal cannot be ignored"),
        }
    }
    drop(entered);
}

async fn ignore(mut ignored: Signal, number: i32, name: &'static str) {
    static LINES: Ration = Ration::new();
    let clock = Clock::new();
    while ignored.recv().await.is_some() {
        if let Some(held_back) = LINES.admit(clock.now()) {
            tracing::warn!(number, name, held_back, "a signal that means nothing to turno was ignored");
        }
    }
}

/// Catches the signals that stop or change turno; they wait until they are handled. `None` after a logged error.
pub(crate) fn catch(runtime: &Runtime) -> Option<Caught> {
    let entered = runtime.enter();
    let caught = || -> std::io::Result<Caught> {
        Ok(Caught {
            stops: [
                signal(SignalKind::terminate())?,
                signal(SignalKind::interrupt())?,
                signal(SignalKind::quit())?,
            ],
            changed: signal(SignalKind::hangup())?,
            renewed: signal(SignalKind::user_defined2())?,
        })
    };
    let caught = caught().inspect_err(|error| {
        tracing::error!(%error, "signals cannot be caught; a stop will not be polite");
    });
    drop(entered);
    caught.ok()
}

/// SIGHUP reads the plan again; SIGUSR2 always starts a successor, for example of a new version of turno.
fn watch_for_changes(runtime: &Handle, (mut changed, mut renewed): (Signal, Signal), reload: Reload) {
    runtime.spawn(async move {
        loop {
            let is_change = tokio::select! {
                _ = changed.recv() => true,
                _ = renewed.recv() => false,
            };
            let reload = reload.clone();
            // The result is in the log; nobody waits for it here.
            let apply =
                move || drop(if is_change { reload.apply(Waits::ForOthers, drop) } else { reload.succeed() });
            if let Err(error) = tokio::task::spawn_blocking(apply).await {
                tracing::error!(%error, "reload");
            }
        }
    });
}

/// Handles the caught signals until the runtime ends.
pub(crate) fn watch(
    runtime: &Handle,
    caught: Caught,
    (inbox, hand_overs, reload): (Inbox, HandOvers, Reload),
    on_stop: OnStop,
    drain_max: Duration,
) {
    let Caught { stops: [mut terminate, mut interrupt, mut quit], changed, renewed } = caught;
    watch_for_changes(runtime, (changed, renewed), reload);
    let systemd = Systemd::of_environment();
    runtime.spawn(async move {
        let mut patience = None;
        for step in steps(on_stop, drain_max) {
            let asked = async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                    _ = quit.recv() => {}
                }
            };
            let is_asked = match patience {
                Some(span) => tokio::time::timeout(span, asked).await.is_ok(),
                None => {
                    asked.await;
                    true
                }
            };
            let why = if is_asked { "asked to stop" } else { "the drain has taken as long as it may" };
            tracing::info!("{why}: {}", step.words);
            hand_overs.is_ending();
            if let Some(span) = step.span {
                systemd.takes_as_long_as(span);
            }
            patience = step.span;
            inbox.send(step.letter).await;
        }
    });
}

/// The steps of a stop: the first signal starts the first step, the second the next, and so on.
fn steps(on_stop: OnStop, drain_max: Duration) -> Vec<Step> {
    let end = || Step {
        words: "every call is ended",
        letter: EngineMessage::Command(Asker::Shell, Command::Stop, None, None),
        span: None,
    };
    let at_once = || Step { words: "at once", letter: EngineMessage::Halt, span: None };
    let drain = || Step {
        words: "no new calls, until the last one has ended",
        letter: EngineMessage::Command(Asker::Shell, Command::Drain, None, None),
        span: Some(drain_max),
    };
    let keep = || Step {
        words: "calls stay for the next turno on this journal",
        letter: EngineMessage::Halt,
        span: None,
    };
    match on_stop {
        OnStop::EndCalls => vec![end(), at_once()],
        OnStop::Drain => vec![drain(), end(), at_once()],
        OnStop::KeepCalls => vec![keep()],
    }
}
