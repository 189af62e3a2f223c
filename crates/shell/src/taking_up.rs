//! What a new turno begins with: the last one's sockets, its engine as its journal has it, its talks; or nothing.

use std::path::Path;
use std::sync::Arc;

use turno_engine::{Engine, aligned};
use turno_model::Plan;

use crate::clock::Clock;
use crate::control::Control;
use crate::disk::Opened;
use crate::hand_over::{Inherited, take_over};
use crate::refusal::StartRefused;
use crate::voices::Voices;
use crate::{control, disk, ports};

/// What a turno that runs hands over, where that is asked for and one answers; and the media ports that can't be bound
/// while it runs.
///
/// # Errors
/// [`StartRefused::Control`] where it will not, [`StartRefused::Address`] and [`StartRefused::Ports`] where voices can't
/// be carried.
pub(crate) fn inherit(
    control: &Control,
    is_asked: bool,
    plan: &Plan,
) -> Result<(Inherited, Vec<u16>), StartRefused> {
    let taken = ports::taken(plan)?;
    let places = match control {
        Control::At(path) => vec![path.clone()],
        Control::Usual => control::usual_places(),
        Control::Nowhere => Vec::new(),
    };
    for place in places.iter().filter(|_| is_asked) {
        if let Some(inherited) = take_over(place)? {
            tracing::info!(sockets = inherited.len(), "took over from the turno that ran");
            return Ok((inherited, taken));
        }
    }
    ports::check_enough(plan, &taken)?;
    Ok((Inherited::default(), taken))
}

/// Carries on the talks that another turno has carried so far; the last thing before the engine begins.
pub(crate) fn go_on_with_talks(
    inherited: Inherited,
    taken: Vec<u16>,
    engine: &mut Engine,
    voices: &Voices,
    plan: &Plan,
) {
    let talks = inherited.voices();
    engine.leave_out_ports(&ports::still_taken(plan, taken, &talks));
    voices.adopt(talks);
}

/// What the journal has, and the plan with everything in the place under which it was written, so that everybody stays
/// who they are; the sounds of voices are put in the same order.
///
/// # Errors
/// [`StartRefused::System`] where the folder can't be had, [`StartRefused::Media`] where a sound can't be read.
pub(crate) fn open_journal(
    folder: Option<&Path>,
    plan: Arc<Plan>,
    voices: &Voices,
) -> Result<(Option<Opened>, Arc<Plan>), StartRefused> {
    let Some(folder) = folder else { return Ok((None, plan)) };
    let opened = disk::open(folder, &plan)?;
    let ordered = Arc::new(aligned(Plan::clone(&plan), opened.images()));
    voices.arrange(&plan, &ordered)?;
    Ok((Some(opened), ordered))
}

/// The engine, and whether it is the last turno's. Where that can't be taken up, the log says why, calls are lost, and
/// an empty engine begins: whoever calls next is served.
///
/// # Errors
/// [`StartRefused::System`] where there is no chance to mint keys from.
pub(crate) fn begin_engine(
    plan: &Arc<Plan>,
    opened: Option<&Opened>,
    seed: u64,
    clock: Clock,
) -> Result<(Engine, bool), StartRefused> {
    let (taken_up, is_taken_up) = opened.map_or((None, false), |opened| take_up(plan, opened, seed, clock));
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
