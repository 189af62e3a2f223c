//! The web chat: what people who write, and have no user, may do.
//!
//! A chat is opened by [`sessions`], which gives a secret of 256 bits; its SHA-256 is the session's public name, and all that
//! turno keeps. Each request carries the secret in `Authorization: Bearer`, the page without script in a cookie. What one
//! address and one session may ask for is limited ([`limits`]).

pub(crate) mod deeds;
pub(crate) mod files;
pub(crate) mod framed;
pub(crate) mod limits;
pub(crate) mod plain;
pub(crate) mod plain_page;
pub(crate) mod plain_words;
pub(crate) mod secret;
pub(crate) mod sessions;
pub(crate) mod socket;
pub(crate) mod telling;
