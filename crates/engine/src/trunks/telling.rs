//! Reports what is wrong with a trunk, and whether it is in service.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{Fact, TrunkId};

use crate::means::Means;
use crate::trunks::Trunks;
use crate::trunks::deadline::TrunkDeadline;
use crate::trunks::state::TrunkState;
use crate::trunks::trouble::Trouble;

impl Trunks {
    /// A trouble was found on a trunk. It is reported when it begins, not at each check.
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

    /// Ends a trouble. True if it existed.
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

    /// A trouble lasts: reports it again.
    pub(super) fn still_has(&mut self, trunk: TrunkId, trouble: Trouble, means: &mut Means<'_>, now: Moment) {
        let Some(state) = self.states.get_mut(trunk.index()) else { return };
        let Some((next, text)) = state.still_has(trouble, now) else { return };
        self.timers.set(TrunkDeadline::Trouble(trunk, trouble), next);
        tell(trunk, &text, false, means, now);
    }

    /// Continues the reports about lasting troubles after a restart.
    pub(super) fn resume_troubles(&mut self, trunk: TrunkId) {
        for trouble in [Trouble::Silent, Trouble::Unregistered] {
            if let Some(next) = self.states.get(trunk.index()).and_then(|state| state.is_told_next(trouble)) {
                self.timers.set(TrunkDeadline::Trouble(trunk, trouble), next);
            }
        }
    }

    /// Records whether a trunk is in service, if that changed.
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
