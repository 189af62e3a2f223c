//! Types between the engine and the media plane, and SDP negotiation.
//!
//! The engine never sees a packet. It allocates ports, negotiates with [`sdp`], and sends [`MediaCommand`]s; the media
//! plane answers with [`MediaEvent`]s. A *stream* is one RTP session with one peer. A *bridge* connects several members
//! that hear each other.

pub mod audio;
pub mod bridge;
pub mod codec;
pub mod command;
pub mod encoding;
pub mod event;
pub mod sdp;
pub mod srtp;
pub mod stream;
pub mod webrtc;

pub use audio::{Audio, PromptId, SoundId, Tone};
pub use bridge::{Announcement, Audience, BridgeId, MEMBERS_MAX, Manner, Member, Party, Role, hears};
pub use codec::Codec;
pub use command::MediaCommand;
pub use encoding::{Encoding, Heard, Named};
pub use event::{Answerer, MediaEvent, StreamFailure, StreamReport, Want};
pub use srtp::{KeyMint, MasterKey, Protection, SrtpPolicy, Suite};
pub use stream::{Direction, RESTING_PORTS_MAX, SPEAKERS_MAX, STREAMS_MAX, StreamId};
pub use webrtc::{DtlsRole, Fingerprint, Hash, IceCredentials, Insecure, Shown, WebState, WebTerms};
