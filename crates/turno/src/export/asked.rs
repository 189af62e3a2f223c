//! Whose rows with CMS's names are asked for, and by which time.

use clap::ValueEnum;

/// By which time.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CmsTimes {
    /// Half hours.
    HalfHour,
    /// The whole day.
    Day,
}

/// Whose rows.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CmsOf {
    /// Queues.
    Split,
    /// Agents.
    Agent,
}
