//! At which point the engine is killed.

/// The point of a step at which the engine is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// Before anything of the step is written.
    BeforeWriting,
    /// While the step is written: this many bytes of it are on the disk.
    Writing(u16),
    /// After the step is written, before anything is sent.
    AfterWriting,
    /// After this many of its messages and commands were sent.
    Sending(u8),
}
