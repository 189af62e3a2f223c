//! A simulated world around the real engine: every promise of the code is tried here before people try it.
//!
//! The engine takes bytes, media events, commands and the time as parameters, so everything around it can be simulated.
//! A [`World`] has one virtual clock, a [`Network`] with faults, phones that use another SIP parser (some prompt, some
//! silent, some that crash, move or answer twice), callers who hang up at any moment, and invariants that are checked
//! after every step. All random draws come from one seed, so a failure can be repeated.
//!
//! - [`Scenario::draw`] makes a scenario from a seed; [`live()`] runs it; [`shrink()`] removes from a failing scenario
//!   everything that the failure does not need.
//! - [`live_day`] simulates a day of a site and gives its report.

mod absences;
mod acting;
mod action;
mod action_text;
mod agenda;
mod agent_deed;
mod aside;
mod beginning;
mod behaviour;
mod break_rules;
mod breaks;
mod callback_rules;
mod callbacks;
mod called_back;
mod caller_lists;
mod callers;
mod carrier;
mod carrying_out;
mod chronicle;
mod clocks;
mod consulted;
mod consulting;
mod consulting_rules;
mod crash;
mod cutting;
mod day;
mod delivering;
mod described;
mod disk;
mod disk_faults;
mod draws;
mod ears;
mod edit;
mod ending;
mod engine_streams;
mod execute;
mod faults;
mod habits;
mod held_inputs;
mod hot_desks;
mod in_emergency;
mod in_menus;
mod invariants;
mod keyed;
mod keying;
mod lamp;
mod lamp_check;
mod lamps;
mod left_alone;
mod left_messages;
mod life;
mod link;
mod listed;
mod mailbox;
mod media;
mod menu_keys;
mod met;
mod moving;
mod network;
mod notes;
mod noticing;
mod observed;
mod opening;
mod outcomes;
mod passed;
mod passed_on;
mod patience;
mod people;
mod person;
mod pin_answers;
mod pins;
mod place;
mod plan_mutation;
mod proxy;
mod reached;
mod recorded;
mod recorder_check;
mod recording;
mod recording_rules;
mod recordings;
mod recovering;
mod registering;
mod reloading;
mod remembered;
mod renewal;
mod reply;
mod ring_check;
mod run;
mod running;
mod scenario;
mod scheduled_action;
mod seated;
mod settings;
mod settling;
mod shrink;
mod sim_recorder;
mod sip_client;
mod sitting;
mod speaking;
mod spoken_to;
mod staff;
mod standing_still;
mod state_timing;
mod steered;
mod step_rules;
mod stray_call;
mod supervising;
mod surveyed;
mod surveys;
mod telephone_keys;
mod telephoned;
mod telephones;
mod telling;
mod ways;
mod wires;
mod world;
mod writing;

pub use action::{
    Action, Arrival, Cut, Mishap, Note, Shift, Standstill, StateRequest, Supervision, Target, Temper,
};
pub use agent_deed::{KeyedIn, Steering, Whom};
pub use day::{DayLived, DayOrder, NoDay, live_day};
pub use edit::Edit;
pub use habits::Habits;
pub use invariants::Care;
pub use media::{MESSAGE_SPAN, PROMPT_SPAN, Recorder, Stream, TONE_SPAN};
pub use network::{DELAY, Network, Packet, Weather};
pub use opening::day as opening_day;
pub use outcomes::Outcomes;
pub use plan_mutation::PlanMutation;
pub use recording::Recording;
pub use run::{Lived, Violation, live};
pub use scenario::Scenario;
pub use settings::WorldSettings;
pub use shrink::{Shrunk, shrink, shrink_by};
pub use ways::Ways;
pub use world::World;
