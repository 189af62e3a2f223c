//! The hand-over between two turno processes over real sockets; `model/hand_over` has the two state tables.
//!
//! `running` is the side of the running process, with `admitted` before it; `successor` is the other side. `line` is
//! the connection between them, `sockets` are the sockets that are handed over.

pub(crate) mod admitted;
pub(crate) mod first_process;
pub(crate) mod line;
pub(crate) mod running;
pub(crate) mod sockets;
pub(crate) mod successor;
#[cfg(test)]
mod tests;
