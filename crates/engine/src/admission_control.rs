//! Entry of SIP messages: admission by the gate, then the SIP stack.

use core::net::IpAddr;
use core::time::Duration;

use turno_ground::{Datagram, Moment};

use crate::engine::Engine;
use crate::gate::overload::OverloadSeen;
use crate::gate::rate_limit::{BanSeen, RateLimitSeen};
use crate::gate::srtp_rejections::SrtpRejectionSeen;
use crate::gate::{Entry, Sender};

impl Engine {
    /// The shell reports how long a message that begins something waited in the receive queue.
    pub fn waited(&mut self, span: Duration, now: Moment) {
        self.gate.waited(span, now);
    }

    /// The shell reports that its receive queue is empty.
    pub fn idle(&mut self, now: Moment) {
        self.gate.idle(now);
    }

    /// Load level and counters of refused work.
    pub fn overload_seen(&self) -> OverloadSeen {
        self.gate.overload_seen(&self.stack)
    }

    /// Whether an address is banned.
    pub fn is_banned(&self, address: IpAddr, now: Moment) -> bool {
        self.gate.is_banned(address, now)
    }

    /// Sources banned now, the ban that ends last first.
    pub fn bans(&self, now: Moment) -> Vec<BanSeen> {
        self.gate.bans(now)
    }

    /// Counters of the rate limit and its bans.
    pub fn rate_limit_seen(&self) -> RateLimitSeen {
        self.gate.rate_limit_seen()
    }

    /// Calls and registrations rejected by the SRTP policy, counted in the order of
    /// [`SrtpRejection::ALL`](crate::gate::srtp_rejections::SrtpRejection::ALL).
    pub const fn srtp_rejections(&self) -> [u64; 4] {
        self.gate.srtp_rejections()
    }

    /// The most recent rejections with seat or trunk, oldest first.
    pub fn last_srtp_rejections(&self) -> Vec<SrtpRejectionSeen> {
        self.gate.last_srtp_rejections(&self.plan)
    }

    pub(crate) fn take_in(&mut self, datagram: Datagram<'_>, now: Moment) {
        let flow = datagram.flow;
        let mut sender = self.gate().1.sender(&flow);
        // The phone of an agent who has left the plan fails at its password until its address is banned, and may still be
        // in a talk.
        if sender == Sender::Stranger
            && self.gate.is_banned(flow.remote.ip(), now)
            && self.stack.is_of_a_call(datagram.bytes)
        {
            sender = Sender::Known;
        }
        let shedding = match self.gate.admit(datagram.bytes, flow, sender, now) {
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
