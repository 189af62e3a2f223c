//! Who keys in a PIN now, and what they key in.

use std::collections::{BTreeMap, VecDeque};

use turno_phone::CallId;

use crate::pins::Pins;

/// One call in which PINs are keyed in.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) call: CallId,
    /// The extension that is keyed in, or known by the telephone's number.
    pub(crate) extension: String,
    /// The number of the telephone, on the agents' line.
    pub(crate) number: String,
    /// Extensions and PINs that are keyed in and not answered yet, in order.
    pub(crate) pairs: VecDeque<(String, String)>,
    /// Whether every key has reached the engine at once.
    pub(crate) is_whole: bool,
}

/// Who keys in a PIN, by the place of the phone.
#[derive(Debug, Default)]
pub(crate) struct Keying {
    pub(crate) attempts: BTreeMap<usize, Attempt>,
    pub(crate) pins: Pins,
}

impl Keying {
    /// The engine was killed, and with it what was keyed in, and how many PINs were wrong.
    pub(crate) fn is_killed(&mut self) {
        self.pins = Pins::default();
        self.attempts.values_mut().for_each(|attempt| attempt.is_whole = false);
    }

    /// Somebody presses a key in these calls of a phone. If a PIN is keyed in there, another one may be tried than was meant.
    pub(crate) fn another_key<'a, T: 'a>(
        &mut self,
        place: usize,
        mut calls: impl Iterator<Item = (&'a CallId, &'a T)>,
    ) {
        if let Some(attempt) = self.attempts.get_mut(&place)
            && calls.any(|(call, _)| *call == attempt.call)
        {
            attempt.is_whole = false;
        }
    }

    /// Whether a PIN is keyed in with this call of a phone.
    pub(crate) fn is_at(&self, place: usize, call: CallId) -> bool {
        self.attempts.get(&place).is_some_and(|attempt| attempt.call == call)
    }
}
