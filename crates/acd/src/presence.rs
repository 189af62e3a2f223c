//! Where the person of a contact is: there, or to be called back.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;

/// Where the person of a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Presence {
    /// At the contact: on the call, or writing.
    Here,
    /// Called back by an agent, at this moment or later.
    CalledBack {
        /// Nobody is offered the contact before.
        not_before: Moment,
    },
    /// On the phone, since our call ahead was answered; nobody sends them away for the wait.
    Reached,
}

impl Presence {
    /// Whether the person must be called back.
    pub(crate) const fn is_called_back(self) -> bool {
        matches!(self, Self::CalledBack { .. })
    }

    /// Whether the person is or was called back, and has not talked to an agent since.
    pub(crate) const fn was_called_back(self) -> bool {
        matches!(self, Self::CalledBack { .. } | Self::Reached)
    }

    /// How long nobody is offered the contact.
    pub(crate) fn put_off(self, now: Moment) -> Option<Duration> {
        match self {
            Self::CalledBack { not_before } if not_before > now => Some(not_before.since(now)),
            Self::CalledBack { .. } | Self::Here | Self::Reached => None,
        }
    }
}
