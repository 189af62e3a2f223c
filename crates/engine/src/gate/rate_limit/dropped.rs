//! Reason for which a message was dropped unread.

/// Reason for which a message was dropped unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Its source is banned.
    Banned,
    /// It names a scanner as its sender.
    Scanner,
    /// Its source sends too many requests.
    Requests,
    /// Its source begins too many calls.
    Calls,
    /// Its source fails too often: wrong passwords, unreadable messages.
    Failures,
}

impl Dropped {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Banned, Self::Scanner, Self::Requests, Self::Calls, Self::Failures];

    /// Its name in the metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Banned => "banned",
            Self::Scanner => "scanner",
            Self::Requests => "requests",
            Self::Calls => "calls",
            Self::Failures => "failures",
        }
    }
}
