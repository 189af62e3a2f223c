//! The engine holds no more memory at the end of a day than at its start.

use core::time::Duration;
use std::sync::Arc;

use turno_engine::Engine;
use turno_ground::Moment;
use turno_sim::{Care, Scenario, World, WorldSettings};
use turno_tests::stage::plan::site;

/// Memory that a used engine may hold more than a new one: tables and heaps that have grown once and are reused.
const GROWN_BYTES_MAX: i64 = 256 * 1024;

/// Memory that is freed when the engine is dropped, in bytes.
fn held_by(engine: Engine) -> i64 {
    -allocation_counter::measure(|| drop(engine)).bytes_current
}

#[test]
fn after_hundreds_of_calls_the_engine_holds_what_it_held_before() {
    // Wound: memory grows with every call, 85 MB to 1.2 GB over 10,700 calls (Asterisk, measured).
    let plan = Arc::new(site());
    let begin = Moment::from_secs(1_795_532_400);
    let new = held_by(Engine::new(plan.clone(), 1, begin));
    let settings = WorldSettings {
        plan: plan.clone(),
        seed: 1,
        begin,
        agents: 6,
        lateness: Duration::ZERO,
        care: Care::OneIn(64),
        keeps_tape: false,
        keeps_journal: false,
        newcomers: 0,
        agents_consult: true,
    };
    let mut world = World::new(settings);
    let mut after = Duration::ZERO;
    for seed in 0..30u32 {
        let hour = Scenario::draw(u64::from(seed), &plan).with_callers_from(1_000 * seed);
        for (at, deed) in hour.actions {
            world.schedule(after + at, deed);
        }
        after += Duration::from_secs(130);
    }
    world.run_until(begin + after);
    let contacts = world.contacts();
    assert!(contacts > 300, "{contacts} contacts");
    world.finish();
    let used = held_by(world.into_engine());
    assert!(used < new + GROWN_BYTES_MAX, "{used} bytes after {contacts} contacts, {new} before");
}
