//! Digest authentication, both sides (RFC 7616, RFC 8760, RFC 3261, 22).

pub(crate) mod answer;
pub(crate) mod authenticator;
pub(crate) mod challenge;
pub(crate) mod credentials;
pub(crate) mod digest;
pub(crate) mod fields;
pub(crate) mod nonce;
