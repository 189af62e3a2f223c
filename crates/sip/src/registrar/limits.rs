//! Limits on registrations: how long a binding lives, and how many a phone account may have.

use core::time::Duration;

/// What a site allows its phones to register.
#[derive(Clone, Copy, Debug)]
pub struct RegistrarLimits {
    /// The shortest lifetime of a binding; a shorter one is refused with 423.
    pub expires_min: Duration,
    /// The longest lifetime; a longer one is shortened.
    pub expires_max: Duration,
    /// The lifetime if the REGISTER names none.
    pub expires_default: Duration,
    /// Maximum number of bindings of one address of record. One more removes the binding that expires first, so that a
    /// phone that lost its memory can register.
    pub contacts_per_aor_max: usize,
    /// Whether calls are sent to the address in the Contact instead of the source of the REGISTER: for networks without
    /// NAT.
    pub contact_as_given: bool,
}
