//! RTP load for the media plane on one core, from many phones on the other, with bare loops as controls.
//!
//! Every packet has its stream, its number and its sending time; the kernel's timestamp gives its arrival. So loss,
//! delay and spacing are known for each packet, also if the phones read it late.

mod bare;
mod cores;
mod crowd;
mod figures;
mod heard;
mod hold;
mod relay;

pub use hold::hold;
pub use relay::relay;
