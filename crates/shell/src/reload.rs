//! Reload: applies a changed plan or starts a new version, and keeps every call.
//!
//! Most changes are applied in the running process, and calls go on. The rest, such as listening addresses, needs a
//! successor: it reads the plan itself and takes over the sockets, the media streams and the journal only when it can
//! serve with that plan. A change is applied as a whole or not at all, and a faulty plan changes nothing.
#![expect(clippy::disallowed_types, reason = "the lock below is between those who ask for a reload")]

pub(crate) mod current_plan;
#[cfg(test)]
mod every_key_mail;
#[cfg(test)]
mod every_key_rows;
#[cfg(test)]
mod every_key_tests;
#[cfg(test)]
mod every_queue_key_rows;
#[cfg(test)]
mod every_written_key_rows;
pub(crate) mod hot_reload;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use core::time::Duration;

use turno_model::Plan;
use turno_model::hand_over::PREPARE_SPAN_MAX;

use crate::hand_over::admitted::HandOvers;
use crate::process::threads::thread;
use crate::reload::hot_reload::HotReload;

/// How long a successor may take to ask for the hand-over; also added to its preparation span.
const BEGIN_SPAN_MAX: Duration = Duration::from_secs(30);

/// How long to wait for a successor's last message after its process has ended.
const LAST_WORD_SPAN: Duration = Duration::from_secs(1);

/// Exit code of a turno whose plan has faults.
const PLAN_REFUSED: i32 = 3;

/// How this turno was started; its successor is started in the same way.
#[derive(Clone, Debug)]
pub struct Again {
    /// Path of the plan; `None`: the built-in site.
    pub plan: Option<PathBuf>,
    /// Path of the program.
    pub program: PathBuf,
    /// Its arguments; they tell the successor to take over.
    pub arguments: Vec<OsString>,
}

/// Everything that a reload reads and changes; cheap to clone.
#[derive(Clone)]
pub(crate) struct Reload {
    again: Option<Again>,
    /// The plan in force as it was read. A reload holds the lock until it ends, so only one is applied at a time.
    read: Arc<Mutex<Arc<Plan>>>,
    hand_overs: HandOvers,
    pub(crate) in_place: HotReload,
}

/// A reload that was applied.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The outcome in one line, for people.
    pub(crate) line: String,
    /// Present if a successor serves: this turno ends when the last copy is dropped.
    pub(crate) said: Option<SyncSender<()>>,
}

/// What a reload does while another one is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waits {
    /// It is refused; the person can ask again.
    ForNobody,
    /// It waits, because a signal is sent only once.
    ForOthers,
}

/// Why a reload changed nothing, in lines for people.
#[derive(Debug)]
pub(crate) enum NotApplied {
    /// The plan or a file that it names is faulty, or this turno cannot reload.
    Plan(Vec<String>),
    /// No successor took over.
    Successor(Vec<String>),
}

impl NotApplied {
    /// The reasons, one a line.
    pub(crate) fn lines(&self) -> &[String] {
        match self {
            Self::Plan(lines) | Self::Successor(lines) => lines,
        }
    }
}

impl Reload {
    /// The reload of a turno that was started as `again` says, with `plan` as it was read.
    pub(crate) fn new(
        again: Option<Again>,
        plan: Arc<Plan>,
        hand_overs: HandOvers,
        in_place: HotReload,
    ) -> Self {
        Self { again, read: Arc::new(Mutex::new(plan)), hand_overs, in_place }
    }

    /// Reads the plan, its sounds and its certificates again, passes the differences to `tell`, one a line, and then
    /// applies them. If a successor is necessary, it is started and waited for. The log gets the same lines.
    ///
    /// # Errors
    /// [`NotApplied`]: nothing has changed.
    pub(crate) fn apply(&self, waits: Waits, tell: impl FnOnce(Vec<String>)) -> Result<Applied, NotApplied> {
        let done = self.try_to_apply(waits, |lines| {
            lines.iter().for_each(|line| tracing::info!("reload: {line}"));
            tell(lines);
        });
        self.log(&done);
        done
    }

    /// What a reload would change now, and which of it needs a successor; nothing is changed.
    ///
    /// # Errors
    /// [`NotApplied::Plan`].
    pub(crate) fn differences(&self) -> Result<(Vec<String>, Vec<String>), NotApplied> {
        let again = self.again()?;
        let loaded = again.plan.as_deref().map_or_else(turno_config::built_in, turno_config::load);
        let (plan, _) = loaded.map_err(|refused| NotApplied::Plan(lines(&refused.to_string())))?;
        let read = Arc::clone(&*self.hold(Waits::ForNobody)?);
        Ok((turno_config::differences(&read, &plan), turno_config::needs_start(&read, &plan)))
    }

    /// Starts a successor with the program and the plan that are on the disk now, and waits until it serves.
    ///
    /// # Errors
    /// [`NotApplied`]: this turno goes on serving.
    pub(crate) fn succeed(&self) -> Result<Applied, NotApplied> {
        tracing::info!("reload: a successor is begun");
        let done = self.hold(Waits::ForOthers).and_then(|_held| self.begin(&self.again()?, &[]));
        self.log(&done);
        done
    }

    /// Locks out other reloads.
    fn hold(&self, waits: Waits) -> Result<MutexGuard<'_, Arc<Plan>>, NotApplied> {
        let held = match self.read.try_lock() {
            Err(TryLockError::WouldBlock) if waits == Waits::ForNobody => {
                let why = "another reload is under way; ask again when it has ended";
                return Err(NotApplied::Successor(lines(why)));
            }
            Err(TryLockError::WouldBlock) => self.read.lock().unwrap_or_else(PoisonError::into_inner),
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Ok(held) => held,
        };
        Ok(held)
    }

    fn log(&self, done: &Result<Applied, NotApplied>) {
        match done {
            Ok(applied) => tracing::info!("reload: {}", applied.line),
            Err(why) => why.lines().iter().for_each(|line| tracing::error!("reload: {line}")),
        }
    }

    fn try_to_apply(&self, waits: Waits, tell: impl FnOnce(Vec<String>)) -> Result<Applied, NotApplied> {
        let plan_refused = |why: &str| NotApplied::Plan(lines(why));
        let again = self.again()?;
        let mut read = self.hold(waits)?;
        if let Some(process) = self.hand_overs.under_way() {
            let why = format!("a hand-over is under way (to process {process}); ask again when it has ended");
            return Err(NotApplied::Successor(lines(&why)));
        }
        let loaded = again.plan.as_deref().map_or_else(turno_config::built_in, turno_config::load);
        let (plan, _) = loaded.map_err(|refused| plan_refused(&refused.to_string()))?;
        let mut differences = turno_config::differences(&read, &plan);
        if differences.is_empty() {
            self.in_place.refresh().map_err(|why| plan_refused(&why))?;
            return Ok(in_place(
                "the plan is unchanged; sounds, certificates and procedures were read again",
            ));
        }
        let rest = turno_config::needs_start(&read, &plan);
        if rest.is_empty() {
            self.in_place.judge_certificates().map_err(|why| plan_refused(&why))?;
            tell(differences);
            let skills = self.in_place.apply(plan.clone()).map_err(|why| plan_refused(&why))?;
            self.in_place.renew_certificates();
            *read = Arc::new(plan);
            return Ok(in_place(&applied(skills)));
        }
        differences.push(format!("a successor takes over for this: {}", rest.join("; ")));
        tell(differences);
        self.begin(&again, &rest)
    }

    fn again(&self) -> Result<Again, NotApplied> {
        let why = "this turno is not a service: start it again";
        self.again.clone().ok_or_else(|| NotApplied::Plan(lines(why)))
    }

    /// Starts a successor and waits until it serves or has failed.
    fn begin(&self, again: &Again, rest: &[String]) -> Result<Applied, NotApplied> {
        let refused = |why: String| NotApplied::Successor(lines(&why));
        if !self.hand_overs.keeps_calls() {
            let why =
                "this turno keeps no journal, so a successor would lose its calls: start it with --state";
            return Err(NotApplied::Successor(lines(why).into_iter().chain(rest.iter().cloned()).collect()));
        }
        // A successor's request has the same check; made here too, its result reaches the person who asked.
        let cannot =
            |why| refused(format!("no successor can take over from this turno: {why}\nit goes on as it was"));
        self.hand_overs.may_begin().map_err(cannot)?;
        let (tell, told) = channel();
        let outcomes = self.hand_overs.outcomes();
        let process = begin(again, tell.clone()).map_err(refused)?;
        let passing = move || {
            while let Ok(outcome) = outcomes.recv() {
                if outcome.process == process {
                    let _ = tell.send(News::Outcome(outcome.result, outcome.said));
                    return;
                }
            }
        };
        thread("turno-outcome", passing).map_err(|error| refused(error.to_string()))?;
        let mut news = told.recv_timeout(BEGIN_SPAN_MAX);
        if news.is_err() && self.hand_overs.under_way().is_some() {
            news = told.recv_timeout(PREPARE_SPAN_MAX + BEGIN_SPAN_MAX);
        }
        if matches!(news, Ok(News::Ended(_))) {
            // Its last message may still be on the way.
            news = told.recv_timeout(LAST_WORD_SPAN).or(news);
        }
        match news {
            Ok(News::Outcome(Ok(()), said)) => {
                Ok(Applied { line: format!("the successor serves, as process {process}"), said })
            }
            Ok(News::Outcome(Err(why), _)) => {
                Err(refused(format!("the successor did not take over: {why}\nthis turno goes on as it was")))
            }
            Ok(News::Ended(status)) if status.code() == Some(PLAN_REFUSED) => Err(NotApplied::Plan(lines(
                "the successor found faults in the plan, see its lines in the log; this turno goes on as it was",
            ))),
            Ok(News::Ended(status)) => Err(refused(format!(
                "the successor did not take over ({status}), its own lines in the log say why; this turno goes on as it was"
            ))),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                end(process);
                Err(refused(format!(
                    "the successor (process {process}) said nothing in time and was ended; this turno goes on as it was"
                )))
            }
        }
    }
}

/// News of a successor.
enum News {
    Outcome(Result<(), String>, Option<SyncSender<()>>),
    Ended(ExitStatus),
}

/// Kills a successor that no longer makes progress, so that it cannot take over later.
fn end(process: u32) {
    let pid = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

/// What an applied plan changes, and what differs from it.
fn applied(skills: usize) -> String {
    let applied = "applied; calls and connections go on";
    match skills {
        0 => applied.to_owned(),
        1 => format!("{applied}; 1 skill of an agent differs from the plan: see `turno ctl skill`"),
        many => format!("{applied}; {many} skills of agents differ from the plan: see `turno ctl skill`"),
    }
}

fn in_place(line: &str) -> Applied {
    Applied { line: line.to_owned(), said: None }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Starts a successor and returns its process id.
fn begin(again: &Again, tell: Sender<News>) -> Result<u32, String> {
    let refused = |error: std::io::Error| {
        format!("{} cannot be started: {error}; this turno goes on", again.program.display())
    };
    let mut command = Command::new(&again.program);
    command.args(&again.arguments).stdin(Stdio::null());
    // The successor becomes the main process: systemd's watchdog span applies to it too.
    command.env_remove("WATCHDOG_PID");
    let mut successor = command.spawn().map_err(refused)?;
    let process = successor.id();
    let waiting = move || {
        if let Ok(status) = successor.wait() {
            let _ = tell.send(News::Ended(status));
        }
    };
    thread("turno-successor", waiting).map_err(|refused| refused.to_string())?;
    Ok(process)
}
