//! Days by hand.
