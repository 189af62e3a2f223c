//! A load of callers and agents on two sockets: like SIPp, but with less CPU time than turno needs.
//!
//! The agents register through the rsip phones of `turno-phone`; the calls are written from templates, so that one core
//! is enough for them and turno has the other. All figures are seen from outside: the kernel's timestamps give the
//! arrival of a message, and the rules (one contact an agent, first come first served) are checked on the wire.

mod agent;
mod caller;
mod figures;
pub(crate) mod process;
mod register;
mod run;
pub(crate) mod text;
pub(crate) mod wire;

pub use run::{Load, Plan, echo};
