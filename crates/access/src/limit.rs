//! Limits and spans, in one place.

/// Longest name of a user or a token.
pub const NAME_CHARS_MAX: usize = 64;

/// Shortest password: length protects more than signs of many kinds (NIST SP 800-63B, 5.1.1.2).
pub const PASSWORD_CHARS_MIN: usize = 12;

/// Longest password: hashing a longer one would be work that a stranger can order.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// Sessions of one user; a new one ends the oldest.
pub const SESSIONS_MAX: u32 = 8;

/// A session ends after so many seconds without a request: longer than a lunch, shorter than a night.
pub const SESSION_IDLE: u64 = 2 * 3_600;

/// A session ends after so many seconds in any case: a shift.
pub const SESSION_SPAN: u64 = 12 * 3_600;
