//! Every number, from the facts alone.
//!
//! A [`Ledger`] is told each fact with its moment and keeps raw counters; every ratio is derived from them and named
//! by its variant. [`Ledger::snapshot`] is the room now, [`Ledger::day`] the day so far as a report,
//! [`Ledger::books`] the proof that nothing was counted twice or lost. It never sees the engine, so the wallboard of
//! now and the report of last year are one code. A closed contact leaves figures only: memory is bounded by the open
//! contacts, the plan, and [`INTERVALS_MAX`] intervals.

mod agent_book;
mod apply;
mod books;
mod calendar;
mod closing;
mod contact;
mod day;
mod day_table;
mod figures;
mod imbalance;
mod keeping;
mod ledger;
mod line_figures;
mod roll;
mod snapshot;
mod times;

#[cfg(test)]
mod tests;

pub use agent_book::AgentCounts;
pub use calendar::{INTERVAL, INTERVALS_MAX};
pub use contact::ContactStage;
pub use day::{AgentDay, Day, IntervalRow, QueueDay};
pub use day_table::{DayTable, Language};
pub use figures::{Aht, GenesysSwitches, OfferFigures, QueueFigures};
pub use imbalance::Imbalance;
pub use keeping::BooksUnreadable;
pub use ledger::Ledger;
pub use line_figures::LineFigures;
pub use snapshot::{AgentNow, ContactNow, QueueNow, Snapshot};
pub use times::StateTimes;
