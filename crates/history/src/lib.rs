//! Facts of lasting worth as rows of SQL: contacts, visits, talks, offers, states of agents, half hours and more.
//!
//! A [`History`] takes facts in order and writes, in one transaction, the rows that they change and the position up to
//! which they were taken. So after a kill, a full disk or a lost connection it goes on with the next fact, and nothing is
//! counted twice or left out. What later facts need stands in the rows themselves: open contacts and present states are
//! read at the start. The figures are those of the ledger, in half hours.
//!
//! Both databases get the same statements; [`store::Dialect`] has what differs. SQLite is here, PostgreSQL in the shell,
//! since it needs a runtime.

mod agents;
mod applying;
mod book;
mod calendar;
mod changes;
#[cfg(feature = "checks")]
pub mod checks;
mod contacts;
pub mod day_rows;
mod failure;
mod figures;
mod history;
mod interval_tables;
mod keeping;
mod loading;
mod names;
mod open;
pub mod page;
pub mod person;
mod records;
pub mod report;
mod schema;
mod sqlite;
pub mod store;
mod table;
mod tables;
mod value;
mod views;
mod words;
mod writing;

pub use failure::Failure;
pub use history::{History, Written};
pub use keeping::Kept;
pub use names::Names;
pub use schema::SCHEMA_VERSION;
pub use sqlite::{MemoryStore, SqliteStore};
pub use value::Value;
pub use views::{Shown, VIEW_NAMES, VIEWS_VERSION, view_columns};
