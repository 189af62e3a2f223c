//! What a new turno begins with: what the journal has, its engine, and a place for its control socket.

use std::sync::Arc;

use turno_engine::{Engine, aligned};
use turno_model::{Plan, PlanIndex};

use crate::clock::Clock;
use crate::control::socket::{self, Control};
use crate::disk::{Home, Opened};
use crate::hand_over::successor::{DYING_SPAN_MAX, Origin};
use crate::media::voices::Voices;
use crate::refusal::StartRefused;

/// How often a journal is read that another turno writes meanwhile: it may remove a file before it is opened.
const READS_MAX: usize = 5;

/// The control socket, in its place or beside it.
pub(crate) enum ControlSocket {
    /// In its place, if there is one.
    Bound(Option<socket::Bound>),
    /// Another turno answers there so far.
    Coming(socket::Coming),
}

/// The control socket that is asked for; beside the one of a turno that runs, in its place later.
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
    /// In its place from now on.
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

/// What the journal has, and the plan with everything in the place under which it was written, so that everybody stays
/// who they are; the sounds of voices are put in the same order. Beside a turno that runs this is a rehearsal, and
/// shows that the folder can be written too.
///
/// # Errors
/// [`StartRefused::State`] where the folder can't be had, [`StartRefused::Media`] where a sound can't be read.
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

/// What the journal has at the end, when the other turno rests.
///
/// # Errors
/// [`StartRefused::State`], also where somebody has another place in the plan by now.
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

/// The engine, and whether it is the last turno's. Where that can't be taken up, the log says why, calls are lost, and
/// an empty engine begins: whoever calls next is served.
///
/// # Errors
/// [`StartRefused::System`] where there is no chance to mint keys from; [`StartRefused::System`] also where that can't be
/// taken up beside a turno that runs, which has it still.
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

/// The last turno's engine, and whether all of it is there.
fn take_up(plan: &Arc<Plan>, opened: &Opened, seed: u64, clock: Clock) -> (Option<Engine>, bool) {
    if opened.images().is_empty() {
        return (None, false);
    }
    let begin = clock.now();
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
            let images = opened.images().clone();
            let known = Engine::recover_without_calls(Arc::clone(plan), seed, images, begin);
            let known = known.inspect_err(|why| tracing::error!("registrations are lost too: {why}"));
            (known.ok(), false)
        }
    }
}

/// What SRTP's keys are minted from: never the seed, which may be known.
fn secret() -> Result<[u8; 32], StartRefused> {
    let mut secret = [0; 32];
    match rustix::rand::getrandom(&mut secret, rustix::rand::GetRandomFlags::empty()) {
        Ok(32) => Ok(secret),
        Ok(_) => {
            Err(StartRefused::System { what: "chance", error: std::io::ErrorKind::UnexpectedEof.into() })
        }
        Err(error) => Err(StartRefused::System { what: "chance", error: error.into() }),
    }
}
