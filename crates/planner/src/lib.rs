//! Planning: expected waits, service levels and staff, by simulation without phones and by formulas.
//!
//! - [`Shape`] and [`Spans`] draw arrivals, talk times and patience, with figures of real days.
//! - [`measure`] simulates many calls with the ACD alone, the same code that routes real calls, and measures waits and
//!   service levels.
//! - [`expected`] gives Erlang's formulas for the same load, [`agents_for`] the number of agents for a target.

mod arrivals;
mod erlang;
mod queueing;

pub use arrivals::{Shape, Spans};
pub use erlang::{Expected, Load, agents_for, expected};
pub use queueing::{Measured, QueueFigures, QueueOrder, measure};
