//! The media plane's handle, and the media ports that other programs have.

pub(crate) mod browsers;
pub(crate) mod ports;
pub(crate) mod voices;
