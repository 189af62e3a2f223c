//! What is wrong with a trunk is told, and whether it is in service is judged by it.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{Fact, TrunkId};

use crate::means::Means;
use crate::trunks::Trunks;
use crate::trunks::deadline::TrunkDeadline;
use crate::trunks::state::TrunkState;
use crate::trunks::trouble::Trouble;

impl Trunks {
    /// Something is wrong with a trunk, for this reason. Told when it begins, not each time that it is found out anew.
    pub(super) fn has(
        &mut self,
        trunk: TrunkId,
        trouble: Trouble,
        reason: String,
        means: &mut Means<'_>,
        now: Moment,
    ) {
        let Some((next, text)) = self.states[trunk.index()].has(trouble, reason, now) else { return };
        self.timers.set(TrunkDeadline::Trouble(trunk, trouble), next);
        tell(trunk, &text, false, means, now);
        self.judge(trunk, means, now);
    }

    /// It is over, if it was there.
    pub(super) fn is_cured(
        &mut self,
        trunk: TrunkId,
        trouble: Trouble,
        means: &mut Means<'_>,
        now: Moment,
    ) -> bool {
        let Some(text) = self.states[trunk.index()].is_cured(trouble, now) else { return false };
        self.timers.cancel(&TrunkDeadline::Trouble(trunk, trouble));
        tell(trunk, &text, true, means, now);
        self.judge(trunk, means, now);
        true
    }

    /// It still lasts.
    pub(super) fn still_has(&mut self, trunk: TrunkId, trouble: Trouble, means: &mut Means<'_>, now: Moment) {
        let Some(state) = self.states.get_mut(trunk.index()) else { return };
        let Some((next, text)) = state.still_has(trouble, now) else { return };
        self.timers.set(TrunkDeadline::Trouble(trunk, trouble), next);
        tell(trunk, &text, false, means, now);
    }

    /// After a restart what lasts is told on.
    pub(super) fn resume_troubles(&mut self, trunk: TrunkId) {
        for trouble in [Trouble::Silent, Trouble::Unregistered] {
            if let Some(next) = self.states.get(trunk.index()).and_then(|state| state.is_told_next(trouble)) {
                self.timers.set(TrunkDeadline::Trouble(trunk, trouble), next);
            }
        }
    }

    /// Tells whether a trunk is in service, if that has changed.
    pub(super) fn judge(&mut self, trunk: TrunkId, means: &mut Means<'_>, now: Moment) {
        if let Some(up) = self.states.get(trunk.index()).and_then(TrunkState::judged) {
            self.states[trunk.index()].is_told(up);
            means.outbox.record(Fact::TrunkChanged { trunk, up }, now);
        }
    }
}

fn tell(trunk: TrunkId, text: &str, is_over: bool, means: &mut Means<'_>, now: Moment) {
    let name = means.plan.trunks.get(trunk.index()).map_or("", |plan| plan.name.as_str());
    let text = CompactString::from(format!("trunk `{name}` {text}"));
    means.outbox.record(Fact::TrunkTold { trunk, text, is_over }, now);
}
