//! The gate: authentication, rate limit, overload control and SRTP rejections.

mod admitting;
pub(crate) mod overload;
mod peers;
pub(crate) mod priority;
pub(crate) mod rate_limit;
mod recognising;
pub(crate) mod srtp_rejections;

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;

use compact_str::CompactString;
use turno_ground::{Changeset, DecodeError, Flow, Moment, Rng, RowChange, Transport};
use turno_media_plan::sdp::Unacceptable;
use turno_model::{Done, Fact, Plan, Refusal, SeatId};
use turno_sip::{Authenticator, Stack};

use crate::gate::overload::{Load, Overload, OverloadSeen};
use crate::gate::rate_limit::{BanSeen, RateLimit, RateLimitSeen};
use crate::gate::srtp_rejections::{SrtpRejectionSeen, SrtpRejections, Whose};
use crate::outbox::Outbox;
use crate::parts;
use crate::peer::Peer;

pub(crate) use crate::gate::peers::{Entry, Peers, Sender};

/// Longest ban that an operator may set: a year.
const BAN_SPAN_MAX: Duration = Duration::from_secs(366 * 86_400);

/// Admission of messages and peers.
#[derive(Debug)]
pub(crate) struct Gate {
    authenticator: Authenticator,
    rate_limit: RateLimit,
    overload: Overload,
    turned_away: SrtpRejections,
    /// When the calls refused unread in about the last second are reported in one fact.
    refused_told_at: Option<Moment>,
}

impl Gate {
    /// A gate without any history.
    pub(crate) fn new(plan: &Plan, rng: &mut Rng, now: Moment) -> Self {
        Self {
            authenticator: parts::authenticator(plan, rng),
            rate_limit: RateLimit::new(&plan.fence, plan.sip.requests_per_source_max),
            overload: Overload::new(plan.fence.delay_max, now),
            turned_away: SrtpRejections::default(),
            refused_told_at: None,
        }
    }

    /// Applies a new plan.
    pub(crate) fn configure(&mut self, before: &Plan, plan: &Plan, rng: &mut Rng) {
        if before.sip.domain != plan.sip.domain || before.sip.digest != plan.sip.digest {
            self.authenticator = parts::authenticator(plan, rng);
        }
        self.rate_limit.configure(&plan.fence, plan.sip.requests_per_source_max);
        self.overload.configure(plan.fence.delay_max);
    }

    /// A message that begins something waited unread for `span`.
    pub(crate) fn waited(&mut self, span: Duration, now: Moment) {
        self.overload.waited(span, now);
    }

    /// No message waits.
    pub(crate) fn idle(&mut self, now: Moment) {
        self.overload.idle(now);
    }

    /// Percentage of the requested expiry that a registration gets. Under load it is random, so that phones which all
    /// registered at once spread out the next time.
    pub(crate) fn granted_life(&self, rng: &mut Rng) -> u32 {
        if self.overload.load() == Load::Calm { 100 } else { 50 + u32::try_from(rng.below(51)).unwrap_or(50) }
    }

    /// A call arrives in this step: notes its peer, for a possible SRTP rejection.
    pub(crate) const fn arrives(&mut self, peer: &Peer, remote: SocketAddr) {
        match peer {
            Peer::Agent(_, seat) => self.turned_away.arrives(Whose::Seat(*seat), remote),
            Peer::Trunk(trunk) => self.turned_away.arrives(Whose::Trunk(*trunk), remote),
            Peer::FreeSeat(_) | Peer::Stranger(_) => {}
        }
    }

    /// The media offer of the arriving call was rejected.
    pub(crate) fn refuses(&mut self, why: Unacceptable) {
        self.turned_away.refuses(why);
    }

    /// The arriving call is handled.
    pub(crate) const fn has_arrived(&mut self) {
        self.turned_away.has_arrived();
    }

    /// A seat's registration is rejected, because its SRTP keys would be readable.
    pub(crate) fn refuses_seat(&mut self, seat: SeatId, remote: SocketAddr) {
        self.turned_away.refuses_seat(seat, remote);
    }

    /// Bans an address by an operator's command.
    ///
    /// # Errors
    /// [`Refusal::BanSpan`], [`Refusal::TrunkAddress`], [`Refusal::NeverBanned`].
    pub(crate) fn ban(
        &mut self,
        address: IpAddr,
        span: Duration,
        peers: &Peers<'_>,
        now: Moment,
    ) -> Result<Done, Refusal> {
        if span.is_zero() || span > BAN_SPAN_MAX {
            return Err(Refusal::BanSpan);
        }
        // Checked as TLS, so that a trunk identified by its certificate counts as a trunk too.
        let remote = SocketAddr::new(address, 0);
        let flow = Flow { transport: Transport::Tls, local: remote, remote };
        if let Some(trunk) = peers.trunks.at(flow, peers.plan) {
            let trunk = CompactString::from(&peers.plan.trunks[trunk.index()].name);
            return Err(Refusal::TrunkAddress { address, trunk });
        }
        self.rate_limit.ban(address, span, now)
    }

    /// Lifts the ban of a source.
    ///
    /// # Errors
    /// [`Refusal::NotBanned`].
    pub(crate) fn lift(&mut self, address: IpAddr, now: Moment) -> Result<Done, Refusal> {
        self.rate_limit.lift(address, now)
    }

    /// Reports the calls refused unread, if it is due. One fact covers a second, so that strangers can cause neither
    /// many facts nor large ones.
    pub(crate) fn handle_deadlines(&mut self, outbox: &mut Outbox, now: Moment) {
        if self.refused_told_at.take_if(|at| *at <= now).is_none() {
            return;
        }
        let calls = self.overload.take_untold();
        if calls > 0 {
            outbox.record(Fact::CallsRefused { calls }, now);
        }
    }

    /// The earliest deadline.
    pub(crate) const fn next_deadline(&self) -> Option<Moment> {
        self.refused_told_at
    }

    /// Load level and counters of refused work.
    pub(crate) fn overload_seen(&self, stack: &Stack) -> OverloadSeen {
        let counters = stack.counters();
        OverloadSeen {
            load: self.overload.load(),
            delay: self.overload.smoothed(),
            episodes: self.overload.episodes(),
            calls: counters.shed_calls,
            others: counters.shed_others,
            unanswered: self.overload.unanswered(),
        }
    }

    /// Whether an address is banned.
    pub(crate) fn is_banned(&self, address: IpAddr, now: Moment) -> bool {
        self.rate_limit.is_banned(address, now)
    }

    /// Sources banned now, the ban that ends last first.
    pub(crate) fn bans(&self, now: Moment) -> Vec<BanSeen> {
        self.rate_limit.bans(now)
    }

    /// Counters of the rate limit and its bans.
    pub(crate) fn rate_limit_seen(&self) -> RateLimitSeen {
        self.rate_limit.seen()
    }

    /// Number of SRTP rejections by reason.
    pub(crate) const fn srtp_rejections(&self) -> [u64; 4] {
        self.turned_away.totals()
    }

    /// The most recent SRTP rejections with seat or trunk, oldest first.
    pub(crate) fn last_srtp_rejections(&self, plan: &Plan) -> Vec<SrtpRejectionSeen> {
        let name = |whose: Whose| match whose {
            Whose::Seat(seat) => format!("seat {}", plan.seats[seat.index()].extension),
            Whose::Trunk(trunk) => format!("trunk {}", plan.trunks[trunk.index()].name),
        };
        let seen = |(whose, remote, why)| SrtpRejectionSeen { who: name(whose), remote, why };
        self.turned_away.last().map(seen).collect()
    }

    /// Writes the changed bans into the changeset.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.rate_limit.write_down(changes, table);
    }

    /// Marks every ban as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.rate_limit.note_all();
    }

    /// Restores a ban from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.rate_limit.restore(line)
    }
}
