//! SIP without sockets: bytes in, events and bytes out.
//!
//! A [`Message`] is scanned in place: it keeps the received bytes and an index of where its headers lie, so what
//! nobody touches can go out again byte for byte. [`check_request`] says what RFC 3261 wants refused before
//! anybody acts on a request; [`Request`] and [`Response`] write what we say ourselves. Where bytes come in
//! streams, a [`Framer`] cuts them into messages.

mod framing;
mod message;

pub use framing::{Framed, Framer};
pub use message::check::{Refusal, SUPPORTED_EXTENSIONS, check_request, check_response};
pub use message::cseq::CSeq;
pub use message::header::Name;
pub use message::limits::{
    HEADER_BYTES_MAX, HEADER_COUNT_MAX, LIST_VALUES_MAX, MESSAGE_BYTES_MAX, URI_BYTES_MAX, URI_PARAMS_MAX,
};
pub use message::malformed::Malformed;
pub use message::method::Method;
pub use message::name_addr::NameAddr;
pub use message::params::{Params, unquote};
pub use message::reason::reason_phrase;
pub use message::received::Message;
pub use message::uri::Uri;
pub use message::via::Via;
pub use message::write::{Extra, Request, Response};
