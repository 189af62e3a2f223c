//! One received packet, and the packet interval.

/// Time between two packets of a stream, in nanoseconds.
pub(super) const FRAME: u64 = 20_000_000;

/// A received packet.
pub(super) struct Heard {
    /// Its stream, from the payload; from the SSRC if the phones did not send it.
    pub(super) stream: u32,
    /// When it was sent; 0 if the phones did not send it.
    pub(super) sent: u64,
    /// When it arrived.
    pub(super) arrived: u64,
}
