//! Recordings of talks: a file format that is encrypted and chained by hash, and the sound in it.
//!
//! This crate has no threads, clocks or files of its own: it works on [`std::io::Write`] and on bytes. The shell's
//! recorder thread drives it while people talk, and `turno recording` reads with it.
//!
//! A recording is one talk of a contact with one agent. It has one file, and one more *part* after each restart of
//! turno during the talk. A part is
//!
//! 1. a [`head`]: a line of plain text, then one of JSON that says what the recording is, with the file's own key,
//!    sealed by the site's [`key`];
//! 2. records of at most half a second of sound, each sealed with AES-256-GCM under the file's key;
//! 3. a closing record, which a part that a kill ended does not have.
//!
//! Each record continues a hash [`chain`] that begins with the head; a further part begins with the hash at which the
//! one before stopped. The last hash is in the journal's fact `RecordingEnded`. So [`verify`] finds what was altered,
//! left out, reordered or cut off, and nobody without the site's key can make a recording that the journal confirms.
//!
//! Sound comes as pieces of one speaker with a position. The [`timeline`] puts the caller on the left side and
//! everybody else on the right one, in frames of 20 ms whose number counts from the beginning of the talk; what was
//! paused, lost or never said is silence of the same length, so both sides stay aligned. [`coder`] makes Opus or A-law
//! of them, [`decoder`] linear sound, [`ogg`] and [`wav`] the files that people play.

pub mod chain;
pub mod coder;
pub mod decoder;
pub mod frame;
pub mod head;
pub mod key;
pub mod ogg;
pub mod opened;
pub mod part;
pub mod timeline;
pub mod verify;
pub mod voice;
pub mod wav;
pub mod writer;

#[cfg(test)]
mod sound_tests;
#[cfg(test)]
mod verify_tests;
