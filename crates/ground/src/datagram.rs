//! Bytes with their path: one SIP message in, one SIP message out.

use bytes::Bytes;

use crate::address::Flow;

/// A received message, or for UDP whatever arrived in one packet.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// The path it came by.
    pub flow: Flow,
    /// What arrived. Streams are framed by the shell with `sip`'s framing, one message each.
    pub bytes: &'a Bytes,
}

/// A message to send.
#[derive(Clone, Debug)]
pub struct Transmit {
    /// The path it takes.
    pub flow: Flow,
    /// What to send.
    pub bytes: Bytes,
}
