//! How large each part of a message may be: every dimension a stranger controls has its bound here.

/// The longest message we read, in bytes: what a UDP datagram can carry, so that offsets fit 16 bits.
pub const MESSAGE_BYTES_MAX: usize = 65_535;

/// The most header lines in a message.
pub const HEADER_COUNT_MAX: usize = 128;

/// The longest header line with its folds, in bytes.
pub const HEADER_BYTES_MAX: usize = 8_192;

/// The longest URI, in bytes.
pub const URI_BYTES_MAX: usize = 2_048;

/// The most parameters read of one URI or header value.
pub const URI_PARAMS_MAX: usize = 64;

/// The most values read of one header, over all its lines and comma lists.
pub const LIST_VALUES_MAX: usize = 256;
