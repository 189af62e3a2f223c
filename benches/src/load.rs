//! A load of callers and agents on two sockets: what a room of SIPp's does, lighter than what it measures.
//!
//! The agents register through the rsip phones of `turno-phone`; the calls are written from templates, so that one core
//! carries them while turno has the other. What is reported was seen from outside: the kernel's own stamps tell when a
//! message arrived, and the rules (one contact an agent, first come first served) are checked on the wire.

mod agent;
mod caller;
mod figures;
pub(crate) mod process;
mod register;
mod run;
pub(crate) mod text;
pub(crate) mod wire;

pub use run::{Load, Plan, echo};
