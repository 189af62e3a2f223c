//! SIP without sockets: bytes in, events and bytes out.
//!
//! A [`Message`] is read in place: it keeps the received bytes and an index of its headers, so unchanged parts go out
//! again byte for byte. [`check_request`] finds what RFC 3261 requires a server to refuse before it handles a request;
//! [`Request`] and [`Response`] build our own messages. A [`Framer`] cuts a byte stream into messages. An
//! [`Authenticator`] does digest authentication, a [`Registrar`] keeps the bindings of each address of record.
//!
//! A [`Stack`] owns transactions and dialogs. Received messages and calls of the application go in, [`Event`]s and
//! bytes to send come out, and `next_deadline` says when it must be told the time. The four transactions are state
//! tables. A session is an INVITE, ours or the peer's, and the dialog it creates; each session ends with exactly one
//! event.

mod auth;
mod dialog;
mod framing;
mod message;
mod registrar;
mod stack;
mod transaction;

pub use auth::answer::{ChallengeAnswer, answer_challenge, answer_response, carry_on, take_next_nonce};
pub use auth::authenticator::{Authenticator, Verdict};
pub use auth::credentials::{Account, Challenged};
pub use auth::digest::Algorithm;
pub use dialog::transfer::{ReferId, Replaces};
pub use framing::{Framed, Framer};
pub use message::check::{Refusal, SUPPORTED_EXTENSIONS, check_request, check_response};
pub use message::cseq::CSeq;
pub use message::diversion::{DIVERSIONS_MAX, Diversion};
pub use message::header::Name;
pub use message::limits::{
    HEADER_BYTES_MAX, HEADER_COUNT_MAX, LIST_VALUES_MAX, MESSAGE_BYTES_MAX, URI_BYTES_MAX, URI_PARAMS_MAX,
};
pub use message::line::{HeaderValue, Line};
pub use message::malformed::Malformed;
pub use message::method::Method;
pub use message::name_addr::NameAddr;
pub use message::params::{Params, unquote};
pub use message::reason::reason_phrase;
pub use message::received::Message;
pub use message::uri::Uri;
pub use message::via::Via;
pub use message::write::{Extra, Request, Response};
pub use registrar::binding::{Binding, BindingChange, BindingChangeKind, instance_in};
pub use registrar::limits::RegistrarLimits;
pub use registrar::store::{Registered, Registrar};
pub use stack::Stack;
pub use stack::asked::{Body, HangUp, OutInvite, OutRequest, Reply};
pub use stack::counters::{Counters, METHOD_COUNT};
pub use stack::durable::StackForm;
pub use stack::event::{
    ClientKey, EndedBy, Event, ServerKey, SessionEvent, SessionId, SubscriptionEvent, SubscriptionId,
};
pub use stack::settings::StackSettings;
pub use stack::shedding::{Shedding, is_turned_away};
pub use stack::subscribing::{SUBSCRIPTION_MAX, SUBSCRIPTION_MIN};
pub use stack::subscription::SubscriptionEnd;
