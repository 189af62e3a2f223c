//! The journal's form: records to bytes and back, without a file or a clock.
//!
//! A journal is a sequence of segments. Each has a header and frames; a frame has a head with a check of its own, a
//! body with another check, and its place in the file. So [`read`] can tell a tail that a power cut tore off from a
//! flipped bit and from frames in the wrong order, loses no more than what is damaged, and reports what that was.
//! Everything that one step of the engine changed is one frame: it is there as a whole or not at all.
//!
//! [`Fold`] keeps the last row of each key. A checkpoint is a fold that was written: the checkpoint before segment N +
//! 1 is the one before segment N with segment N folded into it. So a restart reads little, and old segments can be
//! deleted.
//!
//! [`Sealer`] seals rows with secrets as they are written, and [`Opener`] opens them: who copies the files has no keys of calls.
//!
//! [`TimeLine`] gives the present moment to a turno that continues a journal.
//!
//! [`amiss`] tells whether a restart would find what is written.
//!
//! The form, byte by byte, is in `form`; a golden file keeps it compatible with existing journals.

mod amiss;
mod fault;
mod fold;
mod form;
mod item;
mod names;
mod reader;
mod seal;
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
pub use seal::{
    NoKeys, Opener, SALT_BYTES, SEAL_KEY_BYTES, SealKeys, Sealer, Unopened, has_secrets, is_sealed,
};
pub use time_line::{MachineTime, TimeLine};
pub use writer::{TooLong, Writer};
