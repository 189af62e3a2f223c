//! Seats: the SIP accounts of phones.

use turno_ground::Secret;

use crate::encryption::SrtpPlan;

/// A seat: a SIP account, with which one or more phones register.
#[derive(Clone, Debug)]
pub struct SeatPlan {
    /// The user part of the address of record, and the digest username.
    pub extension: String,
    /// The name for people.
    pub display: String,
    /// The password.
    pub password: Secret,
    /// The SRTP setting.
    pub srtp: SrtpPlan,
    /// Gone from the site; kept because older records name this index.
    pub is_retired: bool,
}
