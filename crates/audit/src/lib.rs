//! Counts a day again from the journal's facts, compares it with what stands, and keeps a chain of hashes over days.
//!
//! [`audit()`] reads the facts of a journal's folder and counts them three times: by the history's own code in a database
//! in memory, by the ledger, and plainly (`plain`), with no code of either. All three are compared with the rows of the
//! history, with what a report says of them, and with the figures that checkpoints keep.
//!
//! A day that is over gets a line in the [`chain`], with hashes of its facts and of its finished rows.

mod audit;
mod books;
mod cannot;
pub mod chain;
mod comparing;
mod day;
mod folder;
mod found;
mod plain;
mod replay;
mod reported;
mod stored;
mod unknown;

pub use audit::{Audit, audit};
pub use cannot::Cannot;
pub use day::{Day, zone_of};
pub use folder::{FactFolder, KeptBooks, Oldest, Seen};
pub use found::{Difference, Found};
