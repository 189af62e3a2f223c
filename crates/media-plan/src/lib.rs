//! What the brain asks of the media plane, and what SDP lets it ask.
//!
//! The engine never sees a packet. It allocates ports, negotiates by [`sdp`], and sends [`MediaCommand`]s; the media
//! plane answers with [`MediaEvent`]s. A *stream* is one RTP conversation with one peer, a
//! *bridge* is where several hear each other.

pub mod audio;
pub mod bridge;
pub mod codec;
pub mod command;
pub mod encoding;
pub mod event;
pub mod sdp;
pub mod srtp;
pub mod stream;

pub use audio::{Audio, PromptId, Tone};
pub use bridge::{Announcement, Audience, BridgeId, MEMBERS_MAX, Manner, Member, Party, Role, hears};
pub use codec::Codec;
pub use command::MediaCommand;
pub use encoding::{Encoding, Heard, Named};
pub use event::{MediaEvent, StreamFailure, StreamReport, Want};
pub use srtp::{KeyMint, MasterKey, Protection, SrtpPolicy, Suite};
pub use stream::{Direction, RESTING_PORTS_MAX, STREAMS_MAX, StreamId};
