//! Voices for the media plane on one core from a crowd on the other, with bare loops as controls in the same run.
//!
//! Every packet of the crowd carries its stream, its number and the time at which it was sent; the kernel's stamp tells
//! when it came back. So loss, delay and spacing are known for each packet, however late the crowd reads it.

mod bare;
mod cores;
mod crowd;
mod figures;
mod heard;
mod hold;
mod relay;

pub use hold::hold;
pub use relay::relay;
