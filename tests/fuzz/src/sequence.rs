//! Whole sequences of messages, commands, media events and hours, done to an engine.
//!
//! The bytes are read by `script` as steps of nine peers: four agents, three callers, a carrier and a stranger. Each
//! `peer` writes its messages with our own writer and keeps its dialogs as a phone would, badly if it is told to. The
//! `world` carries messages at once, lets time pass deadline by deadline, and judges after every step: the engine's
//! own invariants, the `rules` of the facts, the ports of the `plane`. The `ending` then lets everybody go, in one of
//! four ways, and asks that nothing be left.

mod dialog;
mod ending;
mod peer;
mod plane;
mod rules;
mod script;
mod words;
mod world;

use crate::raw::Raw;
use crate::sequence::world::World;

/// Does all that the bytes say, judges, and ends the day.
pub fn sequence(bytes: &[u8]) {
    play(bytes, false);
}

/// The same, and every step and message printed: what a finding looks like to people.
pub fn tell(bytes: &[u8]) {
    play(bytes, true);
}

fn play(bytes: &[u8], aloud: bool) {
    let mut raw = Raw::new(bytes);
    let how = raw.byte();
    let mut world = World::new(u64::from(how >> 2), aloud);
    script::play(&mut world, &mut raw);
    ending::end(&mut world, how & 3);
}
