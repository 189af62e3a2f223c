//! The HTTP API of a running turno: what it is told, and how it is served.

pub(crate) mod past;
pub(crate) mod seat_of;
pub(crate) mod serving;
pub(crate) mod site;

/// The file of the API's users in the journal's folder.
pub const USERS: &str = "users.db";
