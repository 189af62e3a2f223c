//! Who can be reached where: the parts of the registrar (RFC 3261, 10; RFC 3327; RFC 5626).

pub(crate) mod binding;
pub(crate) mod limits;
pub(crate) mod register_request;
pub(crate) mod store;
