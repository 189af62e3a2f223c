//! What the seats wait for, what they are told, and what follows for others.

use turno_ground::Flow;
use turno_model::AgentId;
use turno_sip::{Message, ServerKey};

/// A reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SeatDeadline {
    /// When a registered phone is to be asked by OPTIONS whether it is there.
    Probe(u64),
}

/// What follows for the distributor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatOutput {
    /// Whether any phone of the agent's answers.
    Reachable(AgentId, bool),
    /// The agent, whose phone could not take calls, has another phone or has started it anew.
    PhoneIsNew(AgentId),
}

/// Whether the agent's phone can take calls, as far as is known.
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
    pub(crate) agent: AgentId,
    pub(crate) message: &'a Message,
    pub(crate) flow: Flow,
    /// How much of the life that it asks for is granted, in hundredths.
    pub(crate) granted: u32,
    /// What is known of the phones before it.
    pub(crate) phone: Phone,
}
