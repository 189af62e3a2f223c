//! What a phone knows of its registration.

use core::time::Duration;

use turno_ground::Dice;

/// What a phone knows of its registration.
#[derive(Debug)]
pub(crate) struct Registration {
    pub(crate) call_id: String,
    pub(crate) tag: String,
    pub(crate) cseq: u32,
    pub(crate) wanted: bool,
    /// The span asked for; longer than the settings' if the server said 423.
    pub(crate) span: Option<Duration>,
}

impl Registration {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let mut token = || String::from_utf8_lossy(&dice.token::<16>()).into_owned();
        Self { call_id: token(), tag: token(), cseq: 0, wanted: false, span: None }
    }
}
