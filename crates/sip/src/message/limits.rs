//! Size limits of a received message: one for each dimension that the sender controls.

/// The longest message we read, in bytes: what a UDP datagram can carry. Offsets therefore fit in 16 bits.
pub const MESSAGE_BYTES_MAX: usize = 65_535;

/// Maximum number of header lines in a message.
pub const HEADER_COUNT_MAX: usize = 128;

/// The longest header line including its folds, in bytes.
pub const HEADER_BYTES_MAX: usize = 8_192;

/// The longest URI, in bytes.
pub const URI_BYTES_MAX: usize = 2_048;

/// Maximum number of parameters read from one URI or header value.
pub const URI_PARAMS_MAX: usize = 64;

/// Maximum number of values read from one header, over all its lines and comma lists.
pub const LIST_VALUES_MAX: usize = 256;
