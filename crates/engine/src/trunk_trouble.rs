//! The engine tells of what is wrong with a trunk, and judges by it whether the trunk is in service.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{Fact, TrunkId};

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::trouble::Trouble;
use crate::trunk_state::TrunkState;

impl Engine {
    /// Something is wrong with a trunk, for this reason. Told when it begins, not each time that it is found out anew.
    pub(crate) fn trunk_has(&mut self, trunk: TrunkId, trouble: Trouble, reason: String, now: Moment) {
        let Some((next, text)) = self.trunks[trunk.index()].has(trouble, reason, now) else { return };
        self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
        self.tell_of_trunk(trunk, &text, false, now);
        self.judge_trunk(trunk, now);
    }

    /// It is over, if it was there.
    pub(crate) fn trunk_is_cured(&mut self, trunk: TrunkId, trouble: Trouble, now: Moment) -> bool {
        let Some(text) = self.trunks[trunk.index()].is_cured(trouble, now) else { return false };
        self.timers.cancel(&Deadline::TrunkTrouble(trunk, trouble));
        self.tell_of_trunk(trunk, &text, true, now);
        self.judge_trunk(trunk, now);
        true
    }

    /// It still lasts.
    pub(crate) fn trunk_still_has(&mut self, trunk: TrunkId, trouble: Trouble, now: Moment) {
        let Some(state) = self.trunks.get_mut(trunk.index()) else { return };
        let Some((next, text)) = state.still_has(trouble, now) else { return };
        self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
        self.tell_of_trunk(trunk, &text, false, now);
    }

    /// After a restart what lasts is told on.
    pub(crate) fn resume_troubles(&mut self, trunk: TrunkId) {
        for trouble in [Trouble::Silent, Trouble::Unregistered] {
            if let Some(next) = self.trunks.get(trunk.index()).and_then(|state| state.is_told_next(trouble)) {
                self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
            }
        }
    }

    /// Tells whether a trunk is in service, if that has changed.
    pub(crate) fn judge_trunk(&mut self, trunk: TrunkId, now: Moment) {
        if let Some(up) = self.trunks.get(trunk.index()).and_then(TrunkState::judged) {
            self.trunks[trunk.index()].is_told(up);
            self.record(Fact::TrunkChanged { trunk, up }, now);
        }
    }

    fn tell_of_trunk(&mut self, trunk: TrunkId, text: &str, is_over: bool, now: Moment) {
        let name = self.plan.trunks.get(trunk.index()).map_or("", |plan| plan.name.as_str());
        let text = CompactString::from(format!("trunk `{name}` {text}"));
        self.record(Fact::TrunkTold { trunk, text, is_over }, now);
    }
}
