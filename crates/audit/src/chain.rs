//! A chain of hashes over days: each line has the hash of the line before, and those of a day's facts and finished rows.
//!
//! The chain is the file `days.chain` beside the journal, a line of JSON each. A line's hash is over its text up to the hash
//! itself. Who can write the file can write all of it anew, so its head, the last hash, is worth keeping elsewhere.

mod checking;
mod file;
mod keeping;
mod line;

pub use checking::{Checked, check};
pub use file::{ChainFile, Head};
pub use keeping::{ChainKeeper, Unwritten};
pub use line::{Entry, FactsMark, Line, RowsMark};
