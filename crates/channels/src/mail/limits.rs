//! How much of one mail is looked at.

/// The deepest nesting of multiparts that is followed; what lies deeper is kept as one file.
pub const DEPTH_MAX: usize = 8;

/// The most parts of one mail that are looked at.
pub const PARTS_MAX: usize = 200;

/// The most bytes of one block of headers that are looked at.
pub(crate) const HEAD_BYTES_MAX: usize = 128 * 1024;

/// The most bytes of written words that are read out of one part before they are cut.
pub(crate) const WORDS_BYTES_MAX: usize = 1024 * 1024;

/// Limits that a site sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole mail as it travels; a larger one is named to the agent and not read.
    pub mail_bytes: usize,
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Files of one mail.
    pub files: usize,
    /// Bytes of the text that an agent reads.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { mail_bytes: 30 * 1024 * 1024, file_bytes: 15 * 1024 * 1024, files: 20, text_bytes: 64 * 1024 }
    }
}
