//! Who is let in at all: before a message is read, its source is looked at, and how much work there is.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use compact_str::CompactString;
use turno_ground::{Datagram, Flow, Moment, Transport};
use turno_model::{Done, Fact, Refusal};
use turno_sip::{Message, Shedding};

use crate::deadline::Deadline;
use crate::engine::Engine;
use crate::fence::{BanSeen, FenceSeen, Why};
use crate::overload::Load;
use crate::triage::{Class, glance};
use crate::user::user_of;

/// How long refused calls are counted before one fact tells of them all.
const REFUSED_TOLD_SPAN: Duration = Duration::from_secs(1);

/// The longest ban by hand: a year.
const BAN_SPAN_MAX: Duration = Duration::from_secs(366 * 86_400);

/// What is seen of overload from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverloadSeen {
    /// How much is refused now.
    pub load: Load,
    /// How long messages lay unread of late.
    pub delay: Duration,
    /// How often new calls began to be refused.
    pub episodes: u64,
    /// New calls refused, copies included.
    pub calls: u64,
    /// Other requests refused, copies included.
    pub others: u64,
    /// What was dropped because not even refusing it found time.
    pub unanswered: u64,
}

impl Engine {
    /// Told by the shell ahead of a message that begins something: how long it lay unread.
    pub fn waited(&mut self, span: Duration, now: Moment) {
        self.overload.waited(span, now);
    }

    /// Told by the shell when nothing lies unread.
    pub fn idle(&mut self, now: Moment) {
        self.overload.idle(now);
    }

    /// How much work there is, and what was refused for it.
    pub fn overload_seen(&self) -> OverloadSeen {
        let counters = self.stack.counters();
        OverloadSeen {
            load: self.overload.load(),
            delay: self.overload.smoothed(),
            episodes: self.overload.episodes(),
            calls: counters.shed_calls,
            others: counters.shed_others,
            unanswered: self.overload.unanswered(),
        }
    }

    pub(crate) fn take_in(&mut self, datagram: Datagram<'_>, now: Moment) {
        let flow = datagram.flow;
        let (ip, transport) = (flow.remote.ip(), flow.transport);
        let is_known = self.is_known(&flow);
        if !is_known && !self.fence.admit(ip, transport, datagram.bytes, now) {
            return;
        }
        let (class, shedding) = (glance(datagram.bytes), self.shedding(is_known));
        if !self.is_worth_reading(class, is_known, shedding, transport, now) {
            return;
        }
        let is_refused = shedding.calls && matches!(class, Class::Invite(_));
        if is_refused && self.stack.turn_away(datagram.bytes, flow, now) {
            return;
        }
        self.stack.shed(shedding);
        let malformed = self.stack.counters().malformed;
        self.stack.handle_datagram(datagram, now);
        if !is_known && self.stack.counters().malformed > malformed {
            self.fence.failed(ip, Why::Malformed, transport.is_reliable(), now);
        }
    }

    /// A stranger failed; `was_there`: at the address that it came from, not only in its name.
    pub(crate) fn failed(&mut self, flow: Flow, why: Why, was_there: bool, now: Moment) {
        if !self.is_known(&flow) {
            self.fence.failed(flow.remote.ip(), why, was_there, now);
        }
    }

    /// A stranger on a stream asks without credentials in the name of nobody here: one does so by mistake, many look
    /// for names.
    pub(crate) fn tries_extension(&mut self, message: &Message, flow: Flow, is_bare: bool, now: Moment) {
        let claimed = message.from().ok().and_then(|from| user_of(from.uri));
        let is_ours = claimed.is_some_and(|user| self.extensions.contains(user.as_str()));
        if is_bare && !is_ours && flow.transport.is_reliable() {
            self.failed(flow, Why::Extensions, true, now);
        }
    }

    /// Takes the plan's limits.
    pub(crate) fn configure_door(&mut self) {
        self.fence.configure(&self.plan.fence, self.plan.sip.requests_per_source_max);
        self.overload.configure(self.plan.fence.delay_max);
    }

    /// Who is shut out now, the one whose ban ends last first.
    pub fn bans(&self, now: Moment) -> Vec<BanSeen> {
        self.fence.bans(now)
    }

    /// What the fence has done.
    pub fn fence_seen(&self) -> FenceSeen {
        self.fence.seen()
    }

    /// Shuts an address out by hand.
    ///
    /// # Errors
    /// [`Refusal::BanSpan`], [`Refusal::TrunkAddress`], [`Refusal::NeverBanned`].
    pub(crate) fn ban(&mut self, address: IpAddr, span: Duration, now: Moment) -> Result<Done, Refusal> {
        if span.is_zero() || span > BAN_SPAN_MAX {
            return Err(Refusal::BanSpan);
        }
        // By TLS, so that a trunk which must show a certificate counts as one too.
        let remote = SocketAddr::new(address, 0);
        let flow = Flow { transport: Transport::Tls, local: remote, remote };
        if let Some(trunk) = self.trunks.at(flow, &self.plan) {
            let trunk = CompactString::from(&self.plan.trunks[trunk.index()].name);
            return Err(Refusal::TrunkAddress { address, trunk });
        }
        self.fence.ban(address, span, now)
    }

    /// In a storm: what belongs to calls always, registered phones and trunks unless they begin a call, and of the rest as
    /// much as can be refused.
    fn is_worth_reading(
        &mut self,
        class: Class,
        is_known: bool,
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
                    self.timers.set(Deadline::RefusedCalls, now + REFUSED_TOLD_SPAN);
                }
                self.overload.refuses_call(comes_again, now)
            }
            Class::Invite(_) => {
                self.overload.takes_call();
                true
            }
            Class::Fresh => is_known || !shedding.others || self.overload.refuses_aloud(comes_again, now),
        }
    }

    /// One fact for all of a second: strangers can make neither many facts nor large ones.
    pub(crate) fn tell_refused_calls(&mut self, now: Moment) {
        let calls = self.overload.take_untold();
        if calls > 0 {
            self.outbox.record(Fact::CallsRefused { calls }, now);
        }
    }

    fn shedding(&self, is_known: bool) -> Shedding {
        match self.overload.load() {
            Load::Calm => Shedding::default(),
            Load::Busy => Shedding { calls: self.overload.is_too_late() || !is_known, others: !is_known },
            Load::Over => Shedding { calls: true, others: !is_known },
            Load::Drowning => Shedding { calls: true, others: true },
        }
    }

    /// Whether a trunk or a registered phone is at the other end.
    fn is_known(&self, flow: &Flow) -> bool {
        self.registrar.owner_of_flow(flow).is_some() || self.trunks.at(*flow, &self.plan).is_some()
    }

    /// How much of the life that a registration asks for is granted, in hundredths: phones that all came back at once
    /// come back one by one the next time.
    pub(crate) fn granted_life(&mut self) -> u32 {
        if self.overload.load() == Load::Calm {
            100
        } else {
            50 + u32::try_from(self.dice.below(51)).unwrap_or(50)
        }
    }
}
