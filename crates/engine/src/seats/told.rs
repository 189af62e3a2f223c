//! Inputs, outputs and deadlines of the seats.

use turno_ground::Flow;
use turno_model::SeatId;
use turno_sip::{Message, ServerKey};

/// Deadlines of the seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SeatDeadline {
    /// When to probe a binding by OPTIONS.
    Probe(u64),
}

/// What changed for the agent at a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatOutput {
    /// Number of phones registered at the seat now.
    Phones(SeatId, u32),
    /// Whether any of them is reachable.
    Reachable(SeatId, bool),
    /// The seat's phone could not take calls; now it is another phone, or has restarted.
    PhoneIsNew(SeatId),
}

impl SeatOutput {
    pub(crate) const fn seat(self) -> SeatId {
        match self {
            Self::Phones(seat, _) | Self::Reachable(seat, _) | Self::PhoneIsNew(seat) => seat,
        }
    }
}

/// Whether the seat's phone can take calls, as far as we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phone {
    /// It can.
    Fit,
    /// It rejected the media of the last offer.
    Unfit,
}

/// What a flow proves about the phone that a request claims to come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The phone is registered there.
    Registered,
    /// The phone is registered there, but with a password that has changed since.
    Unproven,
    /// It is not registered there.
    Elsewhere,
}

/// A REGISTER with the right password.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registering<'a> {
    pub(crate) key: ServerKey,
    pub(crate) seat: SeatId,
    pub(crate) message: &'a Message,
    pub(crate) flow: Flow,
    /// Percentage of the requested expiry that is granted.
    pub(crate) granted: u32,
    /// Whether the seat's phones could take calls until now.
    pub(crate) phone: Phone,
}
