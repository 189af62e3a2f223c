//! The one owner of all state: one input in, all its consequences out.
//!
//! [`Engine::handle`] takes bytes, media events, commands and the time; [`Engine::poll_output`] gives back facts,
//! messages to send and media commands, in the order in which the shell must carry them out: a [`Output::Record`]
//! stands ahead of what it allows.
//!
//! Where to read on: `engine` holds the parts and the loop that settles a step; `on_sip` meets the network,
//! `arrival` a caller, `own_call` an agent who dials, `on_call` what became of legs, and `carry_out` is the one place
//! where the distributor's decisions become calls. `calls` has one record for each call, `contacts` says which contact it
//! carries, and `alone` meets the contacts that no call carries.

mod admission;
mod alone;
mod arrival;
mod caller;
mod calls;
mod carry_out;
mod contacts;
mod deadline;
mod dialled;
mod door;
mod durable;
mod engine;
mod fence;
mod input;
mod legs;
mod lending;
mod liveness;
mod network;
mod on_call;
mod on_command;
mod on_sip;
mod outbox;
mod output;
mod outside;
mod overload;
mod own_call;
mod parts;
mod phone_kind;
mod ports_seen;
mod purpose;
mod reconnecting;
mod recover;
mod register;
mod replan;
mod seat;
mod service;
mod shielding;
mod shortage;
mod transfer;
mod triage;
mod trunks;
mod unshielded;
mod user;
mod wall;

pub use door::OverloadSeen;
pub use engine::{Engine, SipCounters};
pub use fence::{BanSeen, Dropped, FenceSeen, Why};
pub use input::Input;
pub use output::{Output, Reply};
pub use overload::Load;
pub use ports_seen::PortsSeen;
pub use recover::Recovered;
pub use replan::aligned;
pub use triage::{Class, glance};
pub use unshielded::{Unshielded, UnshieldedSeen};
