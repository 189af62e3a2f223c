//! All figures, from the facts alone.
//!
//! A [`Ledger`] gets each fact with its moment and keeps counters; every ratio is derived from them and named by its
//! variant. [`Ledger::snapshot`] is the present state, [`Ledger::day`] the report of the day, [`Ledger::books`] the
//! check that nothing was counted twice or lost. The ledger never sees the engine, so the present wallboard and last
//! year's report come from the same code. A closed contact leaves only figures: memory is bounded by the open contacts,
//! the plan, and [`INTERVALS_MAX`] intervals.

mod agent_book;
mod apply;
mod at_hand;
mod books;
mod calendar;
mod callbacks;
mod closing;
mod contact;
mod day;
mod day_table;
mod figures;
mod hand_changes;
mod handled;
mod imbalance;
mod keeping;
mod ledger;
mod line_figures;
mod queued;
mod recent;
mod roll;
mod snapshot;
mod step_figures;
mod surveyed;
mod times;
mod turned;
mod voicemail_figures;
mod voicemails;

#[cfg(test)]
mod tests;

pub use agent_book::AgentCounts;
pub use at_hand::{ConsultNow, ConsultStage, RecordingNow};
pub use calendar::{INTERVAL, INTERVALS_MAX};
pub use contact::{About, ContactStage};
pub use day::{AgentDay, Day, IntervalRow, QueueDay};
pub use day_table::DayTable;
pub use figures::{
    Aht, CallbackFigures, GenesysSwitches, OfferFigures, QueueFigures, SurveyFigures, ToldFigures,
};
pub use imbalance::Imbalance;
pub use keeping::BooksUnreadable;
pub use ledger::Ledger;
pub use line_figures::LineFigures;
pub use recent::{Lost, RECENT_SPAN, RecentFigures};
pub use snapshot::{AgentNow, ContactNow, QueueNow, Snapshot};
pub use step_figures::StepFigures;
pub use times::StateTimes;
pub use voicemail_figures::VoicemailFigures;
