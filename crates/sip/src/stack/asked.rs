//! What a stack's owner asks of it.

use bytes::Bytes;
use turno_ground::{Flow, Secret};

use crate::message::method::Method;
use crate::message::write::Extra;

/// A body with its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The Content-Type.
    pub content_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// A response.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status, 100 to 699.
    pub status: u16,
    /// The reason phrase; with none, the RFC's.
    pub reason: Option<String>,
    /// Headers beside those that the stack writes.
    pub headers: Extra,
    /// The body.
    pub body: Option<Body>,
}

impl Reply {
    /// A response with nothing but a status.
    pub fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }
}

/// A request outside sessions.
#[derive(Clone, Debug)]
pub struct OutRequest {
    /// The method.
    pub method: Method,
    /// The Request-URI.
    pub uri: String,
    /// The way it goes.
    pub flow: Flow,
    /// From, without tag.
    pub from: String,
    /// To.
    pub to: String,
    /// The Call-ID; with none, a fresh one.
    pub call_id: Option<String>,
    /// The CSeq number; with none, 1.
    pub cseq: Option<u32>,
    /// Route values.
    pub route: Vec<String>,
    /// Headers beside those that the stack writes.
    pub headers: Extra,
    /// The body.
    pub body: Option<Body>,
}

/// A call of ours.
#[derive(Clone, Debug)]
pub struct OutInvite {
    /// The Request-URI.
    pub uri: String,
    /// The way it goes.
    pub flow: Flow,
    /// From, without tag.
    pub from: String,
    /// To.
    pub to: String,
    /// The user part of our Contact.
    pub contact_user: String,
    /// Route values.
    pub route: Vec<String>,
    /// Headers beside those that the stack writes.
    pub headers: Extra,
    /// Our offer; with none the peer's 2xx offers.
    pub sdp: Option<Bytes>,
    /// User and password for 401 and 407, answered once for each nonce.
    pub credentials: Option<(String, Secret)>,
}

/// How to hang up.
#[derive(Clone, Debug)]
pub struct HangUp {
    /// The status for a peer's INVITE that is still unanswered.
    pub status: u16,
    /// The value of the Reason header (RFC 3326).
    pub reason: Option<String>,
}

impl Default for HangUp {
    fn default() -> Self {
        Self { status: 480, reason: None }
    }
}
