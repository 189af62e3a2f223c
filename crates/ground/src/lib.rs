//! Time, random numbers and addresses as data, for code without I/O.
//!
//! Nothing here reads a clock, draws true randomness or opens a socket. The shell gives the time as a [`Moment`], seeds
//! the [`Rng`], and passes in [`Datagram`]s; the state machines above return [`Transmit`]s.

mod address;
mod changeset;
mod datagram;
mod due;
mod moment;
mod network;
mod redact;
mod rng;
mod table;
mod timed;
mod timers;
mod tracked;
mod wall_clock;

pub use address::{Flow, Transport, is_for_documentation};
pub use changeset::{Changeset, DecodeError, RowChange};
pub use datagram::{Datagram, Transmit};
pub use due::{Dated, Due, HasDue};
pub use moment::Moment;
pub use network::is_within;
pub use redact::{Pii, Secret};
pub use rng::Rng;
pub use table::Lookup;
pub use timed::{Timed, TimedEntry, TimedTable};
pub use timers::Timers;
pub use tracked::{Change, Tracked, TrackedMap, TrackedRow};
pub use wall_clock::WallClock;
