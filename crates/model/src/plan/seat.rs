//! Seats: the SIP accounts of phones.

use turno_ground::Secret;

use crate::encryption::SrtpPlan;

/// A seat: the SIP account of one phone, or of as many as may register with it.
#[derive(Clone, Debug)]
pub struct SeatPlan {
    /// The user part of the address of record, and the digest username.
    pub extension: String,
    /// What people call it.
    pub display: String,
    /// The password.
    pub password: Secret,
    /// Whether its voices are encrypted.
    pub srtp: SrtpPlan,
    /// Gone from the site, and here only because what is written of the past names the place.
    pub is_retired: bool,
}
