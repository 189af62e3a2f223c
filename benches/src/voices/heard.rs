//! One packet as it was heard, and when the next of its stream is due.

/// From one packet of a stream to the next, in nanoseconds.
pub(super) const FRAME: u64 = 20_000_000;

/// What a packet says of itself.
pub(super) struct Heard {
    /// Whose it is, by the payload; or by the SSRC if nobody of the crowd sent it.
    pub(super) stream: u32,
    /// When it was sent; 0 if nobody of the crowd sent it.
    pub(super) sent: u64,
    /// When it arrived.
    pub(super) arrived: u64,
}
