//! The places where the whole house is tried.
//!
//! On the [`wire`] a real turno serves on a loopback address of its own, and programs that others wrote call through
//! it: SIPp and baresip.

pub mod wire;
