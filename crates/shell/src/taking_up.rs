//! The engine of a new turno: the last one's, as its journal has it, or an empty one.

use std::sync::Arc;

use turno_engine::{Engine, aligned};
use turno_model::Plan;

use crate::clock::Clock;
use crate::disk::Opened;
use crate::refusal::StartRefused;

/// The plan with everything in the place under which the journal's images were written, so that everybody stays who
/// they are.
pub(crate) fn in_order_of(plan: &Arc<Plan>, opened: &Opened) -> Arc<Plan> {
    Arc::new(aligned(Plan::clone(plan), opened.images()))
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
    taken: &[u16],
) -> Result<(Engine, bool), StartRefused> {
    let (taken_up, is_taken_up) = opened.map_or((None, false), |opened| take_up(plan, opened, seed, clock));
    let mut engine = taken_up.unwrap_or_else(|| Engine::new(Arc::clone(plan), seed, clock.now()));
    engine.leave_out_ports(taken);
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
