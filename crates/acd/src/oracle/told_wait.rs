//! Checks what waiting callers are told.

use core::time::Duration;
use std::collections::BTreeMap;

use turno_model::{AgentState as S, AuxReason, ContactId};

use super::caller::{At, Caller, need};

/// Whether an agent in this state will take another contact without an act of their own.
pub(super) const fn works(state: S) -> bool {
    match state {
        S::Available | S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall => true,
        S::Aux(AuxReason::Rona) => true,
        S::LoggedOut | S::Aux(_) => false,
    }
}

/// The place is right, and the wait does not rise unless an agent has left: `left_work` counts those.
///
/// # Panics
/// With a sentence if not.
pub(super) fn judge(
    callers: &mut BTreeMap<ContactId, Caller>,
    id: ContactId,
    (position, within): (u32, Option<Duration>),
    left_work: usize,
) {
    let caller = &callers[&id];
    assert_eq!(caller.at, At::Line, "{id:?} is told a wait while it waits");
    let key = need(id, caller);
    let is_ahead = |(other_id, other): &(&ContactId, &Caller)| {
        other.queue == caller.queue && other.at == At::Line && need(**other_id, other) < key
    };
    let ahead = callers.iter().filter(is_ahead).count();
    assert_eq!(position as usize, ahead + 1, "{id:?} is told the right place");
    if let (Some(within), Some((before, left_before))) = (within, caller.told) {
        let may_rise = left_work > left_before;
        assert!(within <= before || may_rise, "{id:?} was told {before:?}, and then {within:?}");
    }
    if let (Some(within), Some(caller)) = (within, callers.get_mut(&id)) {
        caller.told = Some((within, left_work));
    }
}
