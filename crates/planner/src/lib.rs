//! Planning: expected waits, service levels and staff, by simulation without phones and by formulas.
//!
//! - [`Shape`] and [`Spans`] draw arrivals, talk times and patience, with figures of real days.
//! - [`measure`] simulates many calls with the ACD alone, the same code that routes real calls, and measures waits and
//!   service levels.
//! - [`live`] compares the waits that the ACD tells with those that callers have, on made days and on real ones.
//! - [`live_lunch`] compares lunch in turns with lunch that nobody plans, on the same days.
//! - [`mixed_day`] lives a day of all channels with the same people, in silos and in one room.
//! - [`expected`] gives Erlang's formulas for the same load, [`agents_for`] the number of agents for a target.

mod arrivals;
mod erlang;
mod mixed;
mod queueing;
mod waits;

pub use arrivals::{Shape, Spans};
pub use erlang::{Expected, Load, agents_for, expected};
pub use mixed::{ChannelFigures, MIXED, MixedLoad, Team, mixed_day};
pub use queueing::{Measured, QueueFigures, QueueOrder, measure};
pub use waits::{
    BankDay, DayCall, DayLoad, LunchDay, LunchFigures, LunchRule, Rule, Score, Shift, WaitDay,
    WaitDayFigures, bank_days, live, live_lunch, lunch_day, made_day,
};
