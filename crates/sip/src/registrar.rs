//! The registrar: the bindings of each address of record (RFC 3261, 10; RFC 3327; RFC 5626).

pub(crate) mod binding;
pub(crate) mod limits;
pub(crate) mod register_request;
pub(crate) mod store;
