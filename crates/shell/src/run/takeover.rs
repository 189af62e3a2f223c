//! The state that a start begins with: the journal's content, the engine from it, and the control socket.

use std::sync::Arc;

use turno_engine::{Engine, aligned};
use turno_ground::Moment;
use turno_model::{Plan, PlanIndex};

use crate::clock::Clock;
use crate::control::socket::{self, Control};
use crate::disk::{Home, Opened};
use crate::hand_over::successor::{DYING_SPAN_MAX, Origin};
use crate::media::voices::Voices;
use crate::process::chance::chance;
use crate::refusal::StartRefused;

/// Attempts to read a journal that another turno writes: that turno may remove a file before this one opens it.
const READS_MAX: usize = 5;

/// The control socket, at its path or beside it.
pub(crate) enum ControlSocket {
    /// At its path; `None`: there is no control socket.
    Bound(Option<socket::Bound>),
    /// Beside its path, because another turno still answers there.
    Coming(socket::Coming),
}

/// Makes the control socket that `control` asks for; if another turno runs, beside that turno's path until later.
///
/// # Errors
/// [`StartRefused::Control`].
pub(crate) fn make_control_socket(
    control: &Control,
    origin: &mut Origin,
) -> Result<ControlSocket, StartRefused> {
    match origin.beside() {
        Some(successor) => socket::bind_beside(successor.control()).map(ControlSocket::Coming),
        None => socket::bind(control).map(ControlSocket::Bound),
    }
}

impl ControlSocket {
    /// Moves the socket to its path.
    ///
    /// # Errors
    /// [`StartRefused::Control`].
    pub(crate) fn take_place(self) -> Result<Option<socket::Bound>, StartRefused> {
        match self {
            Self::Bound(bound) => Ok(bound),
            Self::Coming(coming) => coming.take_place().map(Some),
        }
    }
}

/// Reads the journal, and orders the plan by the ids in it, so that each row keeps its id; the sounds of the voices get
/// the same order. Beside a running turno this is only a trial, which also proves that the folder can be written.
///
/// # Errors
/// [`StartRefused::State`] if the folder cannot be used, [`StartRefused::Media`] if a sound cannot be read.
pub(crate) fn know_past(
    home: Option<&Home>,
    plan: Arc<Plan>,
    voices: &Voices,
    origin: &mut Origin,
) -> Result<(Option<Opened>, Arc<Plan>), StartRefused> {
    let Some(home) = home else { return Ok((None, plan)) };
    let opened = match origin {
        Origin::Alone { has_patience, .. } => {
            home.hold(if *has_patience { DYING_SPAN_MAX } else { core::time::Duration::ZERO })?;
            home.read(&plan, false)?
        }
        Origin::Beside(_) => {
            home.prove()?;
            read_beside(home, &plan)?
        }
    };
    let ordered = Arc::new(aligned(Plan::clone(&plan), opened.images()));
    voices.arrange(&plan, &ordered)?;
    Ok((Some(opened), ordered))
}

fn read_beside(home: &Home, plan: &Arc<Plan>) -> Result<Opened, StartRefused> {
    let mut read = home.read(plan, true);
    for _ in 1..READS_MAX {
        if read.is_err() {
            read = home.read(plan, true);
        }
    }
    read
}

/// Reads the journal to its end while the other turno is paused.
///
/// # Errors
/// [`StartRefused::State`], also if the ids in the plan have changed since the first read.
pub(crate) fn read_again(home: &Home, as_read: &Arc<Plan>, plan: &Arc<Plan>) -> Result<Opened, StartRefused> {
    let opened = home.read(as_read, true)?;
    let ordered = aligned(Plan::clone(as_read), opened.images());
    if PlanIndex::of(&ordered) != PlanIndex::of(plan) {
        return Err(
            home.refused("the plan of the turno that runs was changed meanwhile; ask again".to_owned())
        );
    }
    Ok(opened)
}

/// The engine, and whether all of its state was recovered from the journal. If the journal cannot be recovered, the log
/// says why, its calls are lost, and the engine starts without them, so that new calls are served.
///
/// # Errors
/// [`StartRefused::System`] if the operating system gives no random bytes for keys, or if the journal cannot be recovered
/// while another turno runs: that turno still has the calls.
pub(crate) fn begin_engine(
    plan: &Arc<Plan>,
    opened: Option<&Opened>,
    seed: u64,
    clock: Clock,
    is_beside: bool,
) -> Result<(Engine, bool), StartRefused> {
    let (taken_up, is_taken_up) = opened.map_or((None, false), |opened| take_up(plan, opened, seed, clock));
    if is_beside && !is_taken_up && opened.is_some_and(|opened| !opened.images().is_empty()) {
        let error = std::io::Error::other("what the journal has can't be taken up, the line above says why");
        return Err(StartRefused::System { what: "a hand-over", error });
    }
    let mut engine = taken_up.unwrap_or_else(|| Engine::new(Arc::clone(plan), seed, clock.now()));
    engine.mint_keys_from(secret()?);
    if opened.is_some() {
        engine.keep_journal(clock.now());
    }
    Ok((engine, is_taken_up))
}

/// The engine from the journal, and whether all of its state was recovered.
fn take_up(plan: &Arc<Plan>, opened: &Opened, seed: u64, clock: Clock) -> (Option<Engine>, bool) {
    if opened.images().is_empty() {
        return (None, false);
    }
    let begin = clock.now();
    if let Some(shut) = opened.shut() {
        tracing::error!(
            rows = shut.rows,
            "the calls of the last turno are lost: what is secret in the journal does not open: {}",
            shut.why
        );
        return (without_calls(plan, opened, seed, begin), false);
    }
    match Engine::recover(Arc::clone(plan), seed, opened.images().clone(), begin) {
        Ok(engine) => {
            let back = engine.recovered();
            tracing::info!(
                calls = back.calls,
                waiting = back.waiting,
                talking = back.talking,
                agents = back.agents,
                registrations = back.registrations,
                took = ?clock.now().since(begin),
                "the last turno was taken up"
            );
            (Some(engine), true)
        }
        Err(illegible) => {
            tracing::error!("what the last turno had is damaged, its calls are lost: {illegible}");
            (without_calls(plan, opened, seed, begin), false)
        }
    }
}

/// The engine with registrations and all else that belongs to no call.
fn without_calls(plan: &Arc<Plan>, opened: &Opened, seed: u64, begin: Moment) -> Option<Engine> {
    let images = opened.images().clone();
    let known = Engine::recover_without_calls(Arc::clone(plan), seed, images, begin);
    known.inspect_err(|why| tracing::error!("registrations are lost too: {why}")).ok()
}

/// Random bytes for SRTP keys, from the operating system. The seed is not used, because others may know it.
fn secret() -> Result<[u8; 32], StartRefused> {
    chance().map_err(|error| StartRefused::System { what: "chance", error })
}
