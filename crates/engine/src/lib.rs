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
mod dialled;
mod directory;
mod door;
mod durable;
mod elsewhere;
mod engine;
mod gate;
mod input;
mod legs;
mod lending;
mod means;
mod network;
mod on_call;
mod on_command;
mod on_sip;
mod outbox;
mod output;
mod outside;
mod own_call;
mod parts;
mod peer;
mod phone_kind;
mod ports_seen;
mod purpose;
mod recover;
mod replan;
mod seats;
mod service;
mod shielding;
mod shortage;
mod transfer;
mod trunks;
mod user;
mod wall;

pub use engine::{Engine, SipCounters};
pub use gate::fence::{BanSeen, Dropped, FenceSeen, Why};
pub use gate::overload::{Load, OverloadSeen};
pub use gate::triage::{Class, glance};
pub use gate::unshielded::{Unshielded, UnshieldedSeen};
pub use input::Input;
pub use output::{Output, Reply};
pub use ports_seen::PortsSeen;
pub use recover::Recovered;
pub use replan::aligned;
