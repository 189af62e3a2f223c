//! SIP transport: sockets, streams, TLS, name resolution, and the queues for received messages.
//!
//! `udp` and `streams` are the sockets, `places` limits the streams, `connection` serves one, `tls` does the handshakes,
//! `web_sockets` are the streams of browsers; `priority_queue` and `receive_queue` hold received messages until the engine
//! thread handles them; `resolve` resolves trunk names.

pub(crate) mod binding;
pub(crate) mod connection;
pub(crate) mod places;
pub(crate) mod priority_queue;
pub(crate) mod receive_queue;
pub(crate) mod resolve;
pub(crate) mod streams;
pub(crate) mod tls;
pub(crate) mod udp;
pub(crate) mod web_sockets;
