//! Cost of the journal, and time of a recovery after a kill.
//!
//!     cargo bench -p turno-benches --bench recovery

use core::time::Duration;
use std::env;
use std::hint::black_box;
use std::time::Instant;

use turno_benches::scale::{Scale, Size};
use turno_engine::Engine;
use turno_journal::{Content, Fold, Writer, read};
use turno_model::Step;

/// Calls of a round, and rounds, which alternate between with and without a journal.
const CALLS: u32 = 200;
const ROUNDS: u32 = 6;

const SMALL: Size = Size { agents: 50, queues: 1, skills: 1, waiting: 50, answered: true };
const LARGE: Size = Size { agents: 2_500, queues: 1, skills: 1, waiting: 2_500, answered: true };

fn main() {
    let quick = env::var_os("TURNO_BENCH_QUICK").is_some();
    cost(if quick { 2 } else { ROUNDS });
    recovery(SMALL);
    if !quick {
        recovery(LARGE);
    }
}

/// Plays calls from the INVITE to the end, at a site with a line. Returns the time of the engine's steps.
fn live(house: &mut Scale) -> Duration {
    let before = house.spent();
    for _ in 0..CALLS {
        house.invite(0);
        house.hang_up();
        house.pick_up();
    }
    house.spent() - before
}

fn cost(rounds: u32) {
    let (mut bare, mut kept) = (Scale::new(SMALL), Scale::new(SMALL));
    bare.fill();
    kept.fill();
    kept.keep_journal();
    let (mut without, mut with) = (Duration::ZERO, Duration::ZERO);
    let mut before = kept.written();
    for round in 0..=rounds {
        let (one, other) = (live(&mut bare), live(&mut kept));
        if round == 0 {
            // The first round is only a warm-up.
            before = kept.written();
            continue;
        }
        without += one;
        with += other;
    }
    let calls = f64::from(CALLS * rounds);
    let written = kept.written();
    let micros = |span: Duration| span.as_secs_f64() * 1e6 / calls;
    let frames = written.span.saturating_sub(before.span);
    println!("engine, a call: {:.1} us without a journal, {:.1} us with one", micros(without), micros(with));
    println!("frames, a call: {:.1} us", micros(frames));
    println!(
        "journal, a call: {:.0} bytes in {:.1} steps",
        (written.bytes - before.bytes) as f64 / calls,
        (written.steps - before.steps) as f64 / calls
    );
}

#[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
fn recovery(size: Size) {
    let mut house = Scale::new(size);
    house.fill();
    let (images, plan, now) = house.images();
    let mut writer = Writer::new(0);
    writer.begin(Content::Segment, 1, now);
    let step = Step { at: now, kept: images, ..Step::default() };
    writer.step(&step).expect("the house fits into one step");
    let bytes = writer.bytes().to_vec();
    let begin = Instant::now();
    let mut fold = Fold::new();
    for frame in &read(&bytes, 1).frames {
        fold.take(&frame.entry);
    }
    let folded = begin.elapsed();
    let engine = Engine::recover(plan, 1, fold.into_images(), now).expect("what was written can be read");
    let whole = begin.elapsed();
    let back = black_box(engine).recovered();
    println!(
        "{} calls live, {:.1} MB: read in {:.1} ms, back in {:.1} ms ({} talk, {} wait)",
        back.calls,
        bytes.len() as f64 / 1e6,
        folded.as_secs_f64() * 1e3,
        whole.as_secs_f64() * 1e3,
        back.talking,
        back.waiting
    );
}
