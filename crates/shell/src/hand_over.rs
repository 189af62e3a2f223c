//! A hand-over on real sockets: the two tables of `model/hand_over` with a connection between them.
//!
//! `running` is the side of the turno that runs, with `admitted` before it; `successor` is the other one, `line` what they
//! say to each other, `sockets` what is handed over.

pub(crate) mod admitted;
pub(crate) mod first_process;
pub(crate) mod line;
pub(crate) mod running;
pub(crate) mod sockets;
pub(crate) mod successor;
#[cfg(test)]
mod tests;
