//! The media plane's thread, and the ports that it may have.

pub(crate) mod ports;
pub(crate) mod voices;
