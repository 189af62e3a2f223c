//! Admission of a message before it is parsed, by its source and by the load.

use core::time::Duration;

use turno_ground::{Flow, Moment, Transport};
use turno_sip::Shedding;

use crate::gate::Gate;
use crate::gate::overload::Load;
use crate::gate::peers::{Entry, Sender};
use crate::gate::priority::{Class, classify};
use crate::gate::rate_limit::Why;

/// How long refused calls are counted before one fact reports them.
const REFUSED_TOLD_SPAN: Duration = Duration::from_secs(1);

impl Gate {
    /// Decides whether to parse, refuse or drop an unread message.
    pub(crate) fn admit(&mut self, bytes: &[u8], flow: Flow, sender: Sender, now: Moment) -> Entry {
        let (ip, transport) = (flow.remote.ip(), flow.transport);
        if sender == Sender::Stranger && !self.rate_limit.admit(ip, transport, bytes, now) {
            return Entry::Dropped;
        }
        let (class, shedding) = (classify(bytes), self.shedding(sender));
        if !self.is_worth_reading(class, sender, shedding, transport, now) {
            Entry::Dropped
        } else if shedding.calls && matches!(class, Class::Invite(_)) {
            Entry::Refused(shedding)
        } else {
            Entry::Read(shedding)
        }
    }

    /// A message could not be parsed.
    pub(crate) fn could_not_read(&mut self, flow: Flow, sender: Sender, now: Moment) {
        if sender == Sender::Stranger {
            self.rate_limit.failed(flow.remote.ip(), Why::Malformed, flow.transport.is_reliable(), now);
        }
    }

    /// Under overload, reads every message of calls under way. Registered phones and trunks are read unless they begin
    /// a call. The rest is read only as far as there is time to refuse it.
    fn is_worth_reading(
        &mut self,
        class: Class,
        sender: Sender,
        shedding: Shedding,
        transport: Transport,
        now: Moment,
    ) -> bool {
        let comes_again = !transport.is_reliable();
        match class {
            Class::Spent => false,
            Class::Running | Class::Cancel(_) => true,
            Class::Invite(_) if shedding.calls => {
                if !self.overload.has_untold() {
                    self.refused_told_at = Some(now + REFUSED_TOLD_SPAN);
                }
                self.overload.refuses_call(comes_again, now)
            }
            Class::Invite(_) => {
                self.overload.takes_call();
                true
            }
            Class::Fresh => {
                sender == Sender::Known || !shedding.others || self.overload.refuses_aloud(comes_again, now)
            }
        }
    }

    fn shedding(&self, sender: Sender) -> Shedding {
        let others = sender == Sender::Stranger;
        match self.overload.load() {
            Load::Calm => Shedding::default(),
            Load::Busy => Shedding { calls: self.overload.is_too_late() || others, others },
            Load::Over => Shedding { calls: true, others },
            Load::Drowning => Shedding { calls: true, others: true },
        }
    }
}
