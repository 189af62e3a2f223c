//! What the shell tells and asks of the gate, and the way of each message through it.

use core::time::Duration;

use turno_ground::{Datagram, Moment};

use crate::engine::Engine;
use crate::gate::Entry;
use crate::gate::overload::OverloadSeen;
use crate::gate::rate_limit::{BanSeen, FenceSeen};
use crate::gate::srtp_rejections::SrtpRejectionSeen;

impl Engine {
    /// Told by the shell ahead of a message that begins something: how long it lay unread.
    pub fn waited(&mut self, span: Duration, now: Moment) {
        self.gate.waited(span, now);
    }

    /// Told by the shell when nothing lies unread.
    pub fn idle(&mut self, now: Moment) {
        self.gate.idle(now);
    }

    /// How much work there is, and what was refused for it.
    pub fn overload_seen(&self) -> OverloadSeen {
        self.gate.overload_seen(&self.stack)
    }

    /// Who is shut out now, the one whose ban ends last first.
    pub fn bans(&self, now: Moment) -> Vec<BanSeen> {
        self.gate.bans(now)
    }

    /// What the fence has done.
    pub fn fence_seen(&self) -> FenceSeen {
        self.gate.fence_seen()
    }

    /// How many calls and registrations the plan's word on encryption has turned away, in the order of
    /// [`SrtpRejection::ALL`](crate::gate::srtp_rejections::SrtpRejection::ALL).
    pub const fn srtp_rejections(&self) -> [u64; 4] {
        self.gate.srtp_rejections()
    }

    /// The last of them by name, in order; a few at most.
    pub fn last_srtp_rejections(&self) -> Vec<SrtpRejectionSeen> {
        self.gate.last_srtp_rejections(&self.plan)
    }

    pub(crate) fn take_in(&mut self, datagram: Datagram<'_>, now: Moment) {
        let flow = datagram.flow;
        let (gate, peers) = self.gate();
        let sender = peers.sender(&flow);
        let shedding = match gate.admit(datagram.bytes, flow, sender, now) {
            Entry::Dropped => return,
            Entry::Refused(_) if self.stack.turn_away(datagram.bytes, flow, now) => return,
            Entry::Refused(shedding) | Entry::Read(shedding) => shedding,
        };
        self.stack.shed(shedding);
        let malformed = self.stack.counters().malformed;
        self.stack.handle_datagram(datagram, now);
        if self.stack.counters().malformed > malformed {
            self.gate.could_not_read(flow, sender, now);
        }
    }
}
