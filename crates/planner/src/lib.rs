//! A room without telephones: what may be said of waits, service levels and staff before anybody calls.
//!
//! - [`Shape`] and [`Spans`] draw arrivals, talks and patience, by the figures of real days.
//! - [`measure`] takes the distributor alone, the very one that routes calls, and measures waits and service levels over
//!   many calls.
//! - [`expected`] says what Erlang's formulas make of the same load, [`agents_for`] how many agents a target takes.

mod arrivals;
mod erlang;
mod queueing;

pub use arrivals::{Shape, Spans};
pub use erlang::{Expected, Load, agents_for, expected};
pub use queueing::{Measured, QueueFigures, QueueOrder, measure};
