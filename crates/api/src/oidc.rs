//! Sign-in by OpenID Connect: the authorization code with PKCE (RFC 6749, RFC 7636).
//!
//! turno keeps who is on the way for ten minutes, bound to the browser by a cookie. What the issuer says counts only if its
//! signature, issuer, audience, time and nonce are right. Groups become a role: the highest that is named.

mod claims;
mod issuer;
mod waiting;

#[cfg(test)]
pub(crate) use claims::tests as claims_tests;

pub(crate) use claims::mapped;
pub(crate) use issuer::{Issuer, NotProved};
pub(crate) use waiting::{ON_THE_WAY_SPAN, OnTheWay, Waiting};
