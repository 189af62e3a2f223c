//! SIP messages: reading in place, checking and writing.

pub(crate) mod check;
pub(crate) mod cseq;
pub(crate) mod diversion;
pub(crate) mod header;
pub(crate) mod limits;
pub(crate) mod line;
pub(crate) mod malformed;
pub(crate) mod method;
pub(crate) mod name_addr;
pub(crate) mod outline;
pub(crate) mod params;
pub(crate) mod reason;
pub(crate) mod received;
pub(crate) mod scan;
pub(crate) mod uri;
pub(crate) mod via;
pub(crate) mod write;
