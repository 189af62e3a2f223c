//! Checks what waiting callers are told.

use core::time::Duration;

use turno_model::{AgentState as S, AuxReason, ContactId};

use super::{At, Oracle, need};

/// Whether an agent in this state will take another contact without an act of their own.
pub(super) const fn works(state: S) -> bool {
    match state {
        S::Available | S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall => true,
        S::Aux(AuxReason::Rona) => true,
        S::LoggedOut | S::Aux(_) => false,
    }
}

impl Oracle {
    /// The place is right, and the wait does not rise unless an agent has left.
    pub(super) fn judge_told(&mut self, id: ContactId, position: u32, within: Option<Duration>) {
        let caller = &self.callers[&id];
        assert_eq!(caller.at, At::Line, "{id:?} is told a wait while it waits");
        let key = need(id, caller);
        let is_ahead = |(other_id, other): &(&ContactId, &super::Caller)| {
            other.queue == caller.queue && other.at == At::Line && need(**other_id, other) < key
        };
        let ahead = self.callers.iter().filter(is_ahead).count();
        assert_eq!(position as usize, ahead + 1, "{id:?} is told the right place");
        if let (Some(within), Some((before, left_work))) = (within, caller.told) {
            let may_rise = self.left_work > left_work;
            assert!(within <= before || may_rise, "{id:?} was told {before:?}, and then {within:?}");
        }
        let left_work = self.left_work;
        if let (Some(within), Some(caller)) = (within, self.callers.get_mut(&id)) {
            caller.told = Some((within, left_work));
        }
    }
}
