//! Programs that we did not write call through a running turno: SIPp and baresip.

mod agents;
mod callers;
mod days;
mod encrypted;
mod quito;
mod traces;
mod voices;
