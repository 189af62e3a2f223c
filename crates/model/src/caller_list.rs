//! Lists of callers' numbers that are preferred or not served.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::{Moment, Pii};

use crate::command::Why;
use crate::command::asker::Asker;

/// What a list does for its callers. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListEffect {
    /// They enter a queue with this priority, unless the queue's own is higher.
    Prefer(u8),
    /// They hear that they are not served, and the call ends.
    Refuse,
}

/// A number came to a list or left it while turno runs. Facts contain it and are kept for years: a new field goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerListed {
    /// The list's name.
    pub list: CompactString,
    /// The number, as it is dialled inside the country.
    pub number: Pii<CompactString>,
    /// What happened.
    pub change: ListChange,
}

/// What happened to a number of a list. Facts contain it: a new variant goes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListChange {
    /// It was added, or stands there with another end.
    Added {
        /// Who asked.
        by: Asker,
        /// The reason that was given.
        why: Why,
        /// When it ends.
        until: Moment,
    },
    /// It was removed.
    Removed {
        /// Who asked.
        by: Asker,
        /// The reason that was given.
        why: Why,
    },
    /// Its time was over.
    Ended,
    /// Its list left the plan.
    ListGone,
}
