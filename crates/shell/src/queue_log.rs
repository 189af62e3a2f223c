//! The live queue_log: a thread that writes what happens in queues into a file, in the form of Asterisk's.
//!
//! It reads the stream of facts like any other reader. Beside the file stands how far it is: the position of the last fact, the
//! length of the file then, and what was open. After a kill, what stands behind that length is cut off and written again.

mod file;
mod keeper;
pub(crate) mod opening;
#[cfg(test)]
mod tests;
