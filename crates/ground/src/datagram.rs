//! A SIP message with its flow: received, or to send.

use bytes::Bytes;

use crate::address::Flow;

/// A received message; for UDP the content of one packet.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// The flow it came on.
    pub flow: Flow,
    /// The bytes. The shell frames streams with `sip`'s framing, one message each.
    pub bytes: &'a Bytes,
}

/// A message to send.
#[derive(Clone, Debug)]
pub struct Transmit {
    /// The flow to send it on.
    pub flow: Flow,
    /// What to send.
    pub bytes: Bytes,
}
