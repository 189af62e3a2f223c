//! What the operating system gives this process, and what it says to it: threads, descriptors, signals, systemd.

pub(crate) mod descriptors;
pub(crate) mod signals;
pub(crate) mod systemd;
pub(crate) mod threads;
