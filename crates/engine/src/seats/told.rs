//! What the seats wait for, what they are told, and what follows for others.

use turno_ground::Flow;
use turno_model::SeatId;
use turno_sip::{Message, ServerKey};

/// A reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SeatDeadline {
    /// When a registered phone is to be asked by OPTIONS whether it is there.
    Probe(u64),
}

/// What follows for the agent who sits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatOutput {
    /// How many phones are registered at the seat now.
    Phones(SeatId, u32),
    /// Whether any of them answers.
    Reachable(SeatId, bool),
    /// The seat, whose phone could not take calls, has another phone or one that was started anew.
    PhoneIsNew(SeatId),
}

impl SeatOutput {
    /// The seat that it is about.
    pub(crate) const fn seat(self) -> SeatId {
        match self {
            Self::Phones(seat, _) | Self::Reachable(seat, _) | Self::PhoneIsNew(seat) => seat,
        }
    }
}

/// Whether the seat's phone can take calls, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phone {
    /// It can.
    Fit,
    /// It could not take the last offer.
    Unfit,
}

/// What a flow says of whoever claims to be a seat's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The phone is registered there.
    Registered,
    /// The same, but by a password that has changed since.
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
    /// How much of the life that it asks for is granted, in hundredths.
    pub(crate) granted: u32,
    /// What is known of the phones before it.
    pub(crate) phone: Phone,
}
