//! Reads the fuzzer's bytes one choice at a time.

/// The remaining bytes of the fuzzer. When none remain, every choice is 0, so that any bytes are valid.
#[derive(Clone, Debug)]
pub(crate) struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// Starts with all of `bytes`.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// The next number of two bytes.
    pub(crate) fn number(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// One of `things`; `None` only if there are none.
    pub(crate) fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let choice = usize::from(self.byte());
        things.get(choice.checked_rem(things.len())?)
    }

    /// The next `length` bytes, or fewer if fewer remain.
    pub(crate) fn some(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// All remaining bytes.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        self.some(usize::MAX)
    }

    /// Whether no bytes remain.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
