//! The recorder: a thread beside the media thread that encodes, encrypts and writes what recorders hear.
//!
//! The engine's orders come through a bounded queue, the sound through the media plane's tape. Nothing here can delay a
//! voice or the engine: a full queue loses sound of recordings, which is counted and noted, and a disk that fails ends
//! recordings, each with its fact.

pub(crate) mod gauges;
mod messages;
pub(crate) mod open_file;
pub(crate) mod purging;
pub(crate) mod recorder;
pub(crate) mod shelf;
pub(crate) mod working;

#[cfg(test)]
mod tests;
