//! The process and its operating system: threads, file descriptors, signals, systemd.

pub(crate) mod chance;
pub(crate) mod descriptors;
pub(crate) mod signals;
pub(crate) mod systemd;
pub(crate) mod threads;
