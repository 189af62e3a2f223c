//! The history: a thread that writes facts of lasting worth as rows into a database, off the way of calls.
//!
//! It reads the stream of facts like any other reader. While the database is locked, full or gone, it waits and tries again,
//! and then catches up from the journal.

mod chaining;
#[cfg(test)]
mod cluster_tests;
mod keeper;
mod leaving_room;
pub(crate) mod opening;
mod postgres;
#[cfg(test)]
mod postgres_tests;
#[cfg(test)]
mod tests;
