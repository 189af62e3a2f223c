//! How long and how often a phone may register.

use core::time::Duration;

/// What a site allows phones to ask for.
#[derive(Clone, Copy, Debug)]
pub struct RegistrarLimits {
    /// The shortest life of a binding; less is refused with 423.
    pub expires_min: Duration,
    /// The longest life; more is cut.
    pub expires_max: Duration,
    /// The life of a binding that asks for none.
    pub expires_default: Duration,
    /// The most bindings of one address of record. One more pushes out the one that ends first, so that a phone
    /// that lost its memory gets in.
    pub contacts_per_aor_max: usize,
    /// Whether to send to the address in the Contact, not to where the REGISTER came from: for networks without
    /// NAT.
    pub contact_as_given: bool,
}
