//! The engine tells of what is wrong with a trunk, and judges by it whether the trunk is in service.

use compact_str::CompactString;
use turno_ground::Moment;
use turno_model::{Fact, TrunkId};

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::trouble::{Lasting, Trouble, span_in_words};
use crate::trunk_state::Unproved;

impl Engine {
    /// Something is wrong with a trunk, for this reason. Told when it begins, not each time that it is found out anew.
    pub(crate) fn trunk_has(&mut self, trunk: TrunkId, trouble: Trouble, reason: String, now: Moment) {
        let known = self.trunks[trunk.index()].troubles.of(trouble);
        if let Some(known) = known {
            known.reason = reason;
            return;
        }
        let lasting = Lasting { since: now, reason, told: 0 };
        let (next, text) = (lasting.next(), format!("{}: {}", trouble.begins(), lasting.reason));
        *known = Some(lasting);
        self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
        self.tell_of_trunk(trunk, &text, false, now);
        self.judge_trunk(trunk, now);
    }

    /// It is over, if it was there.
    pub(crate) fn trunk_is_cured(&mut self, trunk: TrunkId, trouble: Trouble, now: Moment) -> bool {
        let Some(lasted) = self.trunks[trunk.index()].troubles.of(trouble).take() else { return false };
        self.timers.cancel(&Deadline::TrunkTrouble(trunk, trouble));
        let text = format!("{} after {}", trouble.ends(), span_in_words(now.since(lasted.since)));
        self.tell_of_trunk(trunk, &text, true, now);
        self.judge_trunk(trunk, now);
        true
    }

    /// It still lasts.
    pub(crate) fn trunk_still_has(&mut self, trunk: TrunkId, trouble: Trouble, now: Moment) {
        let Some(state) = self.trunks.get_mut(trunk.index()) else { return };
        let Some(lasting) = state.troubles.of(trouble) else { return };
        lasting.told += 1;
        let (next, span) = (lasting.next(), span_in_words(now.since(lasting.since)));
        let text = format!("{} for {span}: {}", trouble.lasts(), lasting.reason);
        self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
        self.tell_of_trunk(trunk, &text, false, now);
    }

    /// After a restart what lasts is told on.
    pub(crate) fn resume_troubles(&mut self, trunk: TrunkId) {
        for trouble in [Trouble::Silent, Trouble::Unregistered] {
            if let Some(lasting) = self.trunks[trunk.index()].troubles.of(trouble) {
                let next = lasting.next();
                self.timers.set(Deadline::TrunkTrouble(trunk, trouble), next);
            }
        }
    }

    /// A trunk is in service as long as nothing is wrong with it, and what is looked after was once right.
    pub(crate) fn judge_trunk(&mut self, trunk: TrunkId, now: Moment) {
        let Unproved { answer, registration } = self.trunks[trunk.index()].unproved;
        let up = self.trunks[trunk.index()].troubles.is_none();
        if up && (answer || registration) {
            return;
        }
        if self.trunks[trunk.index()].told_up != Some(up) {
            self.trunks[trunk.index()].told_up = Some(up);
            self.record(Fact::TrunkChanged { trunk, up }, now);
        }
    }

    fn tell_of_trunk(&mut self, trunk: TrunkId, text: &str, is_over: bool, now: Moment) {
        let name = self.plan.trunks.get(trunk.index()).map_or("", |plan| plan.name.as_str());
        let text = CompactString::from(format!("trunk `{name}` {text}"));
        self.record(Fact::TrunkTold { trunk, text, is_over }, now);
    }
}
