//! SIGTERM and SIGINT: the first does what the plan says of a stop, each further one is less patient.

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use turno_model::Command;
use turno_model::plan::OnStop;

use crate::inbox::{Inbox, Letter};
use crate::reload::Reload;

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
                if is_change { reload.apply() } else { reload.succeed().map(|()| Vec::new()) }
            });
            match done.await {
                Ok(Ok(lines)) => lines.iter().for_each(|line| tracing::info!("reload: {line}")),
                Ok(Err(lines)) => lines.iter().for_each(|line| tracing::error!("reload: {line}")),
                Err(error) => tracing::error!(%error, "reload"),
            }
        }
    });
}

/// Catches the signals from now on, until the runtime ends. When it returns, none ends the process any more.
pub(crate) fn watch(runtime: &Runtime, inbox: Inbox, on_stop: OnStop) {
    let entered = runtime.enter();
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be caught; a stop will not be polite");
        return;
    };
    drop(entered);
    runtime.spawn(async move {
        for (words, letter) in steps(on_stop) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("asked to stop: {words}");
            inbox.send(letter).await;
        }
    });
}

/// What the first signal does, the second, and so on.
fn steps(on_stop: OnStop) -> Vec<(&'static str, Letter)> {
    let end = || ("every call is ended", Letter::Command(Command::Stop, None));
    let at_once = || ("at once", Letter::Halt);
    match on_stop {
        OnStop::EndCalls => vec![end(), at_once()],
        OnStop::Drain => {
            let drain = Letter::Command(Command::Drain, None);
            vec![("no new calls, until the last one has ended", drain), end(), at_once()]
        }
        OnStop::KeepCalls => vec![("calls stay for the next turno on this journal", Letter::Halt)],
    }
}
