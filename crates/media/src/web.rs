//! Browsers: all of them on one UDP port, by ICE-lite (RFC 8445), DTLS-SRTP (RFC 5764) and one flow for voice and
//! reports (RFC 5761).
//!
//! The first byte of a datagram says what it is (RFC 7983). A check of ICE names its stream and is signed; the address
//! of a good one is taken for the browser's from then on, so a laptop that changes its network goes on at once. DTLS and
//! voice are taken only from such an address, and everything else is dropped without an answer: a stranger costs a
//! lookup, no memory and no packet.

mod consent;
mod demux;
mod dtls;
mod identity;
mod marks;
mod peer;
mod stun;
mod table;
mod terms;
#[cfg(test)]
mod tests;

pub use identity::{Identity, Unusable};
pub(crate) use peer::WebPeer;
pub use stun::check;
pub(crate) use table::WebTable;
