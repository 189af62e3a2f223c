//! A recorded call, so that an engine can be brought to the moment before any of its steps.

use turno_engine::{Engine, Output};
use turno_ground::Moment;

use crate::stage::{Stage, new_engine};
use crate::told::Told;

/// Calls before the measured one, so that no table grows in it.
const CALLS_BEFORE: usize = 8;

/// The engine before one step.
pub struct Before {
    /// The engine, without pending outputs.
    pub engine: Engine,
    /// Its next input.
    pub told: Told,
    /// The moment of that input.
    pub now: Moment,
}

impl Before {
    /// Runs the step and drains the outputs.
    pub fn step(mut self) -> Self {
        self.engine.handle(self.told.input(), self.now);
        drain(&mut self.engine);
        self
    }
}

/// The engine before the `nth` message that begins with `with`, in the last of several calls, or for REGISTER in the
/// first registrations.
///
/// # Panics
/// If there is no such message: then there is nothing to measure.
pub fn before(agents: u16, with: &str, nth: usize) -> Before {
    let mut stage = Stage::recorded(agents);
    let registered = stage.recording().len();
    let mut begin = registered;
    for _ in 0..=CALLS_BEFORE {
        begin = stage.recording().len();
        stage.call();
    }
    let told = stage.recording();
    let from = if with == "REGISTER" { registered / 2 } else { begin };
    let mut hits = (from..told.len()).filter(|at| told[*at].1.begins(with));
    let place = hits.nth(nth).expect("the call has such a message");
    let (mut engine, _) = new_engine();
    drain(&mut engine);
    let told = told.to_vec();
    for (now, told) in &told[..place] {
        engine.handle(told.input(), *now);
        drain(&mut engine);
    }
    let (now, next) = told[place].clone();
    drop((stage, told));
    sweep();
    Before { engine, told: next, now }
}

/// Makes the allocator merge the memory that the phones freed, so that the measured step need not do it.
fn sweep() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 16)));
}

fn drain(engine: &mut Engine) {
    while !matches!(std::hint::black_box(engine.poll_output()), Output::Idle(_)) {}
}
