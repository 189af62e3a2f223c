//! Process 1 of a container after a hand-over: it only stays as parent of the serving process, until that one ends.
//!
//! A container ends with its first process. So that process stays when another turno serves: it has closed everything,
//! passes signals on, and ends with the exit code of the last turno.

use std::path::Path;
use std::process;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, WaitStatus, kill_process, pidfd_open, wait};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

use core::time::Duration;

use crate::clock::Clock;
use crate::disk::FolderLock;

/// How often a turno that is not our child is checked.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// How long before the end of a hand-over a SIGHUP may have been lost in it.
const REPEATED_SPAN_MAX: Duration = Duration::from_secs(1);

/// The exit code for turno's own failures.
const FAILED: u8 = 5;

/// Whether this process is the first of a container.
pub fn is_first_process() -> bool {
    process::id() == 1
}

/// Stays until the serving process and its successors have ended; returns the exit code of the last one.
pub fn stay_for(heir: u32, state: Option<&Path>) -> u8 {
    tracing::info!(process = heir, "process 1 stays for the turno that serves, and passes signals on to it");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(stay(heir, state)),
        Err(error) => {
            tracing::error!(%error, "process 1 cannot pass signals on");
            FAILED
        }
    }
}

/// A signal to catch, and the signal to send on.
type Passed = (Stream, Signal);

async fn stay(mut heir: u32, state: Option<&Path>) -> u8 {
    let catch = |kind, as_what| signal(kind).map(|it| (it, as_what));
    let caught = || -> std::io::Result<[Passed; 5]> {
        Ok([
            catch(SignalKind::terminate(), Signal::TERM)?,
            catch(SignalKind::interrupt(), Signal::INT)?,
            catch(SignalKind::quit(), Signal::QUIT)?,
            catch(SignalKind::hangup(), Signal::HUP)?,
            catch(SignalKind::user_defined2(), Signal::USR2)?,
        ])
    };
    let (Ok(mut passed), Ok(mut children)) = (caught(), signal(SignalKind::child())) else {
        tracing::error!("process 1 cannot catch signals");
        return FAILED;
    };
    let mut looks = tokio::time::interval(LOOK_INTERVAL);
    let mut code = 0;
    let clock = Clock::new();
    let mut changed_at = None;
    loop {
        let [(terminate, _), (interrupt, _), (quit, _), (hangup, _), (renew, _)] = &mut passed;
        let sent = tokio::select! {
            _ = terminate.recv() => Some(Signal::TERM),
            _ = interrupt.recv() => Some(Signal::INT),
            _ = quit.recv() => Some(Signal::QUIT),
            _ = hangup.recv() => Some(Signal::HUP),
            _ = renew.recv() => Some(Signal::USR2),
            _ = children.recv() => None,
            _ = looks.tick() => None,
        };
        if let (Some(sent), Some(pid)) = (sent, pid_of(addressee(heir, state))) {
            let _ = kill_process(pid, sent);
            if sent == Signal::HUP {
                changed_at = Some(clock.now());
            }
        }
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            if pid_of(heir) == Some(pid) {
                code = code_of(status);
            }
        }
        if !lives(heir) {
            match next_heir(heir, state) {
                Some(next) => {
                    tracing::info!(process = next, "process 1 stays for the next turno");
                    heir = next;
                    code = 0;
                    // A process that hands over ignores SIGHUP; a second reload changes nothing.
                    let is_recent = |at| clock.now().since(at) < REPEATED_SPAN_MAX;
                    if let (Some(pid), true) = (pid_of(heir), changed_at.take().is_some_and(is_recent)) {
                        let _ = kill_process(pid, Signal::HUP);
                    }
                }
                None => return code,
            }
        }
    }
}

/// The process that must get a signal: after a hand-over the old turno may live for a moment but ignores signals.
fn addressee(heir: u32, state: Option<&Path>) -> u32 {
    next_heir(heir, state).unwrap_or(heir)
}

/// The process that holds the journal's lock now, if it has taken over from this one.
fn next_heir(ended: u32, state: Option<&Path>) -> Option<u32> {
    let lock = FolderLock::open(state?).ok()?;
    lock.holder().filter(|holder| *holder != ended && *holder != process::id() && lives(*holder))
}

fn pid_of(process: u32) -> Option<Pid> {
    Pid::from_raw(process.cast_signed())
}

/// Whether the process runs; a zombie does not.
fn lives(process: u32) -> bool {
    let Some(handle) = pid_of(process).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()) else {
        return false;
    };
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&at_once)).is_ok_and(|ended| ended == 0)
}

/// As a shell reports it: 128 plus the number of the fatal signal.
fn code_of(status: WaitStatus) -> u8 {
    let code = status.exit_status().or_else(|| status.terminating_signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_signal_is_for_the_turno_that_has_taken_over_though_the_one_before_still_lives() {
        // Wound: the SIGTERM of `docker stop` went to the turno that had just handed over, and was lost.
        let folder = std::env::temp_dir().join(format!("turno-first-process-{}", process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder takes one");
        let mut both = [(); 2].map(|()| Command::new("sleep").arg("100").spawn().expect("a process"));
        let [old, new] = [both[0].id(), both[1].id()];
        let holds =
            |holder: u32| std::fs::write(folder.join("lock"), format!("{holder}\n")).expect("written");
        holds(old);
        assert_eq!(addressee(old, Some(&folder)), old);
        holds(new);
        assert_eq!(addressee(old, Some(&folder)), new);
        assert_eq!(addressee(old, None), old, "without a journal nobody takes over");
        both[1].kill().and_then(|()| both[1].wait()).expect("it is ours");
        assert_eq!(addressee(old, Some(&folder)), old, "a successor that has died serves nobody");
        both[0].kill().and_then(|()| both[0].wait()).expect("it is ours");
        std::fs::remove_dir_all(folder).expect("it is ours");
    }
}
