//! A caller whom an agent has passed on, and whose call goes on.

use turno_ground::Moment;

/// A caller who was passed on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassedOn {
    /// The caller, and which of their calls it is.
    pub(crate) caller: (u32, u8),
    /// Since when nobody else is in the call.
    pub(crate) alone_since: Option<Moment>,
}

impl PassedOn {
    /// This caller.
    pub(crate) const fn by(caller: (u32, u8)) -> Self {
        Self { caller, alone_since: None }
    }
}
