//! A world in a box around the same engine: what the code says of itself is tried here before people try it.
//!
//! The engine takes bytes, media events, commands and the time as parameters, so everything around it can be made up.
//! A [`World`] has one virtual clock, a [`Network`] with weather, phones that speak through another parser (some prompt,
//! some silent, some that crash, move or answer twice), callers who hang up at any moment, and witnesses who look at
//! everything after every step. All chance comes from one seed, so what was found once is found again.
//!
//! - [`Scenario::draw`] makes a bad hour from a seed; [`live()`] lives through it; [`shrink()`] leaves out of one that
//!   breaks something whatever is not needed for it.
//! - [`live_day`] lives through a day of a site and gives the evening's report.

mod absences;
mod acting;
mod agenda;
mod beginning;
mod bells;
mod bend;
mod callers;
mod carrier;
mod carrying_out;
mod chronicle;
mod clocks;
mod cutting;
mod day;
mod death;
mod deed;
mod delivering;
mod described;
mod disk;
mod disk_faults;
mod doing;
mod ears;
mod edit;
mod ending;
mod engine_streams;
mod errand;
mod faults;
mod ghost;
mod guest;
mod habits;
mod letters;
mod life;
mod link;
mod living;
mod lots;
mod media;
mod moving;
mod network;
mod notes;
mod noticing;
mod observed;
mod opening;
mod outcomes;
mod patience;
mod people;
mod person;
mod place;
mod proxy;
mod reached;
mod recovering;
mod registering;
mod reloading;
mod renewal;
mod reply;
mod run;
mod running;
mod scenario;
mod seated;
mod settings;
mod settling;
mod shrink;
mod sitting;
mod spells;
mod staff;
mod standing_still;
mod supervising;
mod tape;
mod telling;
mod ways;
mod wires;
mod witness;
mod world;
mod writing;

pub use bend::Bend;
pub use day::{DayLived, DayOrder, NoDay, live_day};
pub use deed::{Arrival, Cut, Deed, Mishap, Note, Shift, Standstill, Supervision, Target, Temper, Wish};
pub use edit::Edit;
pub use habits::Habits;
pub use media::{PROMPT_SPAN, Recorder, Stream, TONE_SPAN};
pub use network::{DELAY, Network, Packet, Weather};
pub use opening::day as opening_day;
pub use outcomes::Outcomes;
pub use run::{Lived, Violation, live};
pub use scenario::Scenario;
pub use settings::WorldSettings;
pub use shrink::{Shrunk, shrink, shrink_by};
pub use tape::Tape;
pub use ways::Ways;
pub use witness::Care;
pub use world::World;
