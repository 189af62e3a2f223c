//! What happened, in order, for ever: records to bytes and back, without a file or a clock.
//!
//! A journal is a row of segments. Each has a header and frames; a frame has a head with a check of its own, a body
//! with another, and its place in the row. So whoever reads ([`read`]) can tell a tail that was torn off by a power
//! cut from a bit that flipped and from frames that stand in the wrong order, loses no more than what is damaged, and
//! can say what that was. All that one step of the engine changed is one frame: it is there, or it is not.
//!
//! [`Fold`] keeps the last image of each thing. A checkpoint is a fold written down: the checkpoint before segment
//! N + 1 is the one before segment N with segment N folded into it, so restarts read little and old segments can go.
//!
//! [`TimeLine`] says which moment it is for whoever goes on with a journal.
//!
//! [`amiss`] tells whether what is written is what a restart would find.
//!
//! The form, byte by byte, is in `form`; a golden file holds it to what is on the disks already.

mod amiss;
mod fault;
mod fold;
mod form;
mod item;
mod names;
mod reader;
mod time_line;
mod writer;

#[cfg(test)]
mod tests;

pub use amiss::{Amiss, Mark, Thing, amiss};
pub use fault::Fault;
pub use fold::{Fold, places_of};
pub use form::{BODY_BYTES_MAX, Content, FORM, HEAD_BYTES, HEADER_BYTES, Header, Kind};
pub use item::{FactForm, Item, Items, Unreadable};
pub use names::{file_name, file_of_name};
pub use reader::{Entry, Frame, Reading, frames, read};
pub use time_line::{MachineTime, TimeLine};
pub use writer::{TooLong, Writer};
