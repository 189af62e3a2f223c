//! Reports by schedule: a thread that writes them into a folder, off the way of calls.

mod list;
mod scheduler;
#[cfg(test)]
mod tests;
mod writing;

pub(crate) use scheduler::start;
