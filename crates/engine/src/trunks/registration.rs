//! States of our registration with a carrier, as one table (RFC 3261, 10.2).
//!
//! ```text
//! Idle -> Asking -> Registered -> Asking (renewal) -> ...
//!            |                        |
//!            +------> Failing <-------+       every failure is tried again, sooner or later
//! Registered or Asking -> Leaving -> Gone      turno ends for good
//! ```

use serde::{Deserialize, Serialize};

/// State of a registration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Registration {
    /// No REGISTER was sent yet.
    #[default]
    Idle,
    /// A REGISTER is under way.
    Asking,
    /// The carrier has our Contact.
    Registered,
    /// The carrier refused or did not answer; the next try has a deadline.
    Failing,
    /// A REGISTER that removes our Contact is under way.
    Leaving,
    /// The carrier no longer has our Contact; no further REGISTER is sent.
    Gone,
}

/// Event of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A deadline: to begin, to renew, or to try again.
    Due,
    /// A 200 that lists our Contact.
    Listed,
    /// A 200 that does not list our Contact: the carrier has no binding of ours.
    NotListed,
    /// 401 or 407 with a challenge that we can answer.
    Challenged,
    /// 423 with a longer expiry than we asked for.
    TooBrief,
    /// No answer, a connection that failed, or 5xx: this server failed, and others were not tried yet.
    Unavailable,
    /// The same from the last server.
    NobodyAvailable,
    /// Any other refusal, such as a wrong password: trying again soon changes nothing.
    Refused,
    /// The connection that we registered on closed.
    ConnectionClosed,
    /// turno ends for good.
    Stop,
}

/// Next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing.
    Nothing,
    /// Begin a round: REGISTER to the first address.
    Ask,
    /// Send the same REGISTER again, with what the carrier asked for.
    AskAgain,
    /// Send REGISTER to the next address.
    AskElsewhere,
    /// Renew before the expiry.
    RenewLater,
    /// Begin the next round after a short pause.
    RetrySoon,
    /// Begin the next round after a long pause.
    RetryLate,
    /// Register again as soon as the shortest pause allows.
    AskSoon,
    /// Send the REGISTER that removes our Contact.
    Leave,
}

impl Registration {
    /// The next state and action, for each cell of the table.
    pub(crate) const fn after(self, heard: Heard) -> (Self, Next) {
        use Registration::{Asking, Failing, Gone, Idle, Leaving, Registered};
        match (self, heard) {
            (Idle | Registered | Failing, Heard::Due) => (Asking, Next::Ask),
            (Asking, Heard::Listed) => (Registered, Next::RenewLater),
            (Asking, Heard::NotListed) => (Failing, Next::RetrySoon),
            (Asking, Heard::Challenged | Heard::TooBrief) => (Asking, Next::AskAgain),
            (Asking, Heard::Unavailable) => (Asking, Next::AskElsewhere),
            (Asking, Heard::NobodyAvailable) => (Failing, Next::RetrySoon),
            (Asking, Heard::Refused) => (Failing, Next::RetryLate),
            (Registered, Heard::ConnectionClosed) => (Registered, Next::AskSoon),
            (Asking | Registered, Heard::Stop) => (Leaving, Next::Leave),
            (Idle | Failing, Heard::Stop) => (Gone, Next::Nothing),
            (Leaving, Heard::Challenged) => (Leaving, Next::AskAgain),
            (
                Leaving,
                Heard::Listed
                | Heard::NotListed
                | Heard::TooBrief
                | Heard::Unavailable
                | Heard::NobodyAvailable
                | Heard::Refused,
            ) => (Gone, Next::Nothing),
            // A REGISTER under way ends on its own; responses to an earlier one come too late.
            (Asking, Heard::Due | Heard::ConnectionClosed)
            | (
                Idle | Registered | Failing,
                Heard::Listed
                | Heard::NotListed
                | Heard::Challenged
                | Heard::TooBrief
                | Heard::Unavailable
                | Heard::NobodyAvailable
                | Heard::Refused,
            )
            | (Idle | Failing, Heard::ConnectionClosed)
            | (Leaving, Heard::Due | Heard::ConnectionClosed | Heard::Stop)
            | (
                Gone,
                Heard::Due
                | Heard::Listed
                | Heard::NotListed
                | Heard::Challenged
                | Heard::TooBrief
                | Heard::Unavailable
                | Heard::NobodyAvailable
                | Heard::Refused
                | Heard::ConnectionClosed
                | Heard::Stop,
            ) => (self, Next::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Write as _;

    use super::{Heard, Registration};

    #[test]
    fn every_cell_of_the_registration_is_as_written_down() {
        // RFC 3261, 10.2 and 10.2.4 to 10.2.8.
        use Registration as S;
        let states = [S::Idle, S::Asking, S::Registered, S::Failing, S::Leaving, S::Gone];
        let events = [
            Heard::Due,
            Heard::Listed,
            Heard::NotListed,
            Heard::Challenged,
            Heard::TooBrief,
            Heard::Unavailable,
            Heard::NobodyAvailable,
            Heard::Refused,
            Heard::ConnectionClosed,
            Heard::Stop,
        ];
        let mut text = String::new();
        for state in states {
            for heard in events {
                let (next, action) = state.after(heard);
                writeln!(text, "{state:?} x {heard:?} -> {next:?} {action:?}").unwrap();
            }
        }
        assert_eq!(
            text,
            include_str!("registration.txt"),
            "the table in registration.txt is another:\n{text}"
        );
    }
}
