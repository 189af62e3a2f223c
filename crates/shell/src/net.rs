//! SIP's way in and out: sockets, streams, TLS, names, and what came and is not taken up.
//!
//! `udp` and `streams` are the sockets, `connection` one stream's life, `tls` its shelter; `staging` and `intake` hold what
//! was received until the engine's thread takes it up; `resolve` finds carriers.

pub(crate) mod binding;
pub(crate) mod connection;
pub(crate) mod priority_queue;
pub(crate) mod receive_queue;
pub(crate) mod resolve;
pub(crate) mod streams;
pub(crate) mod tls;
pub(crate) mod udp;
