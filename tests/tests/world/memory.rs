//! The engine holds no more memory at the end of a day than at its start.

use core::time::Duration;
use std::sync::Arc;

use turno_engine::Engine;
use turno_ground::Moment;
use turno_sim::{Care, Scenario, World, WorldSettings};
use turno_tests::stage::plan::site;

/// Memory that a used engine may hold more than a new one: tables and heaps that have grown once, in the busiest minute, and
/// are reused.
const GROWN_BYTES_MAX: i64 = 768 * 1024;

/// The same after twice as many contacts: hardly anything, since what has grown is reused.
const GROWN_LATER_BYTES_MAX: i64 = 96 * 1024;

/// Memory that is freed when the engine is dropped, in bytes.
fn held_by(engine: Engine) -> i64 {
    -allocation_counter::measure(|| drop(engine)).bytes_current
}

/// How many contacts so many bad hours bring, and what the engine holds afterwards.
fn held_after(hours: u32) -> (usize, i64) {
    let plan = Arc::new(site());
    let begin = Moment::from_secs(1_795_532_400);
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
    for seed in 0..hours {
        let hour = Scenario::draw(u64::from(seed), &plan).with_callers_from(1_000 * seed);
        for (at, deed) in hour.actions {
            world.schedule(after + at, deed);
        }
        after += Duration::from_secs(130);
    }
    world.run_until(begin + after);
    let contacts = world.contacts();
    world.finish();
    (contacts, held_by(world.into_engine()))
}

#[test]
fn after_hundreds_of_calls_the_engine_holds_what_it_held_before() {
    // Wound: memory grows with every call, 85 MB to 1.2 GB over 10,700 calls (Asterisk, measured).
    let plan = Arc::new(site());
    let new = held_by(Engine::new(plan.clone(), 1, Moment::from_secs(1_795_532_400)));
    let (contacts, used) = held_after(40);
    assert!(contacts > 300, "{contacts} contacts");
    assert!(used < new + GROWN_BYTES_MAX, "{used} bytes after {contacts} contacts, {new} before");
    let (more, later) = held_after(80);
    println!("{new} bytes at first, {used} after {contacts} contacts, {later} after {more}");
    assert!(more > contacts + 300, "{more} contacts");
    assert!(
        later < used + GROWN_LATER_BYTES_MAX,
        "{later} bytes after {more} contacts, {used} after {contacts}"
    );
}
