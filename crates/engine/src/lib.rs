//! The one owner of all state: one input in, all its consequences out.
//!
//! [`Engine::handle`] takes bytes, media events, commands and the time; [`Engine::poll_output`] gives back facts,
//! messages to send and media commands, in the order in which the shell must carry them out: a [`Output::Record`]
//! stands ahead of what it allows.
//!
//! Where to read on: `engine` has the loop that settles a step. Its parts own their fields: `gate` says who is let in,
//! `seats` knows the phones, `seating` who sits at which, `trunks` the carriers, `calls` has one record for each call, `contacts` says which
//! contact it carries, `outbox` holds what goes out. Between them route `on_sip`, which meets the network, `arrival` and
//! `queueing` a caller, `own_call` an agent who dials, `on_call` what became of legs, `alone` the contacts that no call
//! carries, and `carry_out`, the one place where the distributor's decisions become calls.

mod admission_control;
mod agent_call;
mod agent_calls;
mod alone;
mod arrival;
mod call_purpose;
mod caller;
mod calls;
mod carrier;
mod carry_out;
mod contacts;
mod dialled;
mod directory;
mod durable;
mod elsewhere;
mod ending;
mod engine;
mod gate;
mod identify_peer;
mod input;
mod legs;
mod lending;
mod means;
mod nat;
mod observers;
mod observing;
mod occupation;
mod on_call;
mod on_command;
mod on_sip;
mod outbox;
mod output;
mod parts;
mod peer;
mod phone_kind;
mod ports;
mod ports_seen;
mod prompts;
mod queueing;
mod recover;
mod replan;
mod seating;
mod seats;
mod service;
mod shortage;
mod sitting;
mod srtp_policy;
mod targets;
mod transfer;
mod trunks;
mod user;
mod wall_clock;
mod whole;

pub use engine::{Engine, SipCounters};
pub use gate::overload::{Load, OverloadSeen};
pub use gate::priority::{Class, classify};
pub use gate::rate_limit::{BanSeen, Dropped, FenceSeen, Why};
pub use gate::srtp_rejections::{SrtpRejection, SrtpRejectionSeen};
pub use input::Input;
pub use output::{Output, Reply};
pub use ports_seen::PortsSeen;
pub use recover::Recovered;
pub use replan::aligned;
