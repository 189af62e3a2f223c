//! SIGTERM and SIGINT: the first does what the plan says of a stop, each further one is less patient.

use core::time::Duration;

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use turno_model::Command;
use turno_model::plan::OnStop;

use crate::inbox::{Inbox, Letter};
use crate::reload::Reload;
use crate::service::Service;

/// One step towards the end.
struct Step {
    words: &'static str,
    letter: Letter,
    /// When the next one follows, though nobody asks again.
    span: Option<Duration>,
}

/// What is said where nothing was looked at.
const SUCCESSOR: &str = "a successor takes over";

/// SIGHUP reads the plan again; SIGUSR2 begins a successor, whatever is otherwise: a new version of turno, say.
pub(crate) fn watch_for_changes(runtime: &Runtime, reload: Reload) {
    let entered = runtime.enter();
    let (Ok(mut changed), Ok(mut renewed)) =
        (signal(SignalKind::hangup()), signal(SignalKind::user_defined2()))
    else {
        return;
    };
    drop(entered);
    runtime.spawn(async move {
        loop {
            let is_change = tokio::select! {
                _ = changed.recv() => true,
                _ = renewed.recv() => false,
            };
            let reload = reload.clone();
            let done = tokio::task::spawn_blocking(move || {
                let tell =
                    |lines: Vec<String>| lines.iter().for_each(|line| tracing::info!("reload: {line}"));
                if is_change { reload.apply(tell) } else { reload.succeed().map(|()| SUCCESSOR.to_owned()) }
            });
            match done.await {
                Ok(Ok(line)) => tracing::info!("reload: {line}"),
                Ok(Err(lines)) => lines.iter().for_each(|line| tracing::error!("reload: {line}")),
                Err(error) => tracing::error!(%error, "reload"),
            }
        }
    });
}

/// Catches the signals from now on, until the runtime ends. When it returns, none ends the process any more.
pub(crate) fn watch(runtime: &Runtime, inbox: Inbox, on_stop: OnStop, drain_max: Duration) {
    let entered = runtime.enter();
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be caught; a stop will not be polite");
        return;
    };
    drop(entered);
    let service = Service::of_environment();
    runtime.spawn(async move {
        let mut patience = None;
        for step in steps(on_stop, drain_max) {
            let asked = async {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
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
            if let Some(span) = step.span {
                service.takes_as_long_as(span);
            }
            patience = step.span;
            inbox.send(step.letter).await;
        }
    });
}

/// What the first signal does, the second, and so on.
fn steps(on_stop: OnStop, drain_max: Duration) -> Vec<Step> {
    let end =
        || Step { words: "every call is ended", letter: Letter::Command(Command::Stop, None), span: None };
    let at_once = || Step { words: "at once", letter: Letter::Halt, span: None };
    let drain = || Step {
        words: "no new calls, until the last one has ended",
        letter: Letter::Command(Command::Drain, None),
        span: Some(drain_max),
    };
    let keep =
        || Step { words: "calls stay for the next turno on this journal", letter: Letter::Halt, span: None };
    match on_stop {
        OnStop::EndCalls => vec![end(), at_once()],
        OnStop::Drain => vec![drain(), end(), at_once()],
        OnStop::KeepCalls => vec![keep()],
    }
}
