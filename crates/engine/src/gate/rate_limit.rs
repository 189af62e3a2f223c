//! Rate limit of strangers: requests and calls per source, and bans.
//!
//! A UDP packet may have a forged source, so it is only counted and dropped. A ban needs proof that the source itself
//! was here: a stream, or the answer to a challenge sent to it. Registered phones (recognised by their flow) and trunks
//! are not limited. All tables are bounded.

mod ban_list;
pub(crate) mod bucket;
mod dropped;
mod scanner;
mod source;
mod sources;

use core::net::IpAddr;
use core::time::Duration;

use turno_ground::{Changeset, DecodeError, Moment, RowChange, Transport, is_within};
use turno_model::{Done, FencePlan, Refusal};

use crate::gate::priority::{Class, classify};
use crate::gate::rate_limit::ban_list::BanList;
use crate::gate::rate_limit::scanner::is_scanner;
use crate::gate::rate_limit::source::Source;
use crate::gate::rate_limit::sources::{Limits, Sources};

pub use crate::gate::rate_limit::ban_list::{BanSeen, Why};
pub use crate::gate::rate_limit::dropped::Dropped;

/// Counters of the rate limit and its bans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimitSeen {
    /// Messages dropped unread, in the order of [`Dropped::ALL`].
    pub dropped: [u64; 5],
    /// Bans begun, in the order of [`Why::ALL`].
    pub banned: [u64; 5],
    /// Sources banned now, or banned earlier and still remembered.
    pub remembered: u64,
}

/// The limits, the known sources and the bans.
#[derive(Debug)]
pub(crate) struct RateLimit {
    offences_max: Option<u32>,
    never_ban: Vec<(IpAddr, u8)>,
    window: Duration,
    sources: Sources,
    bans: BanList,
    seen: RateLimitSeen,
}

impl RateLimit {
    /// A rate limit without any history.
    pub(crate) fn new(plan: &FencePlan, requests_per_source_max: Option<u32>) -> Self {
        let limits = Limits { requests: requests_per_source_max, calls: plan.calls_per_source_max };
        Self {
            offences_max: plan.offences_max,
            never_ban: plan.never_ban.clone(),
            window: plan.ban,
            sources: Sources::new(limits),
            bans: BanList::new(plan.ban, plan.ban_max),
            seen: RateLimitSeen::default(),
        }
    }

    /// Applies new limits. Bans stay, except for sources that may no longer be banned.
    pub(crate) fn configure(&mut self, plan: &FencePlan, requests_per_source_max: Option<u32>) {
        self.offences_max = plan.offences_max;
        self.never_ban.clone_from(&plan.never_ban);
        self.window = plan.ban;
        let never = &self.never_ban;
        let is_exempt = |from| never.iter().any(|&(network, bits)| is_within(from, network, bits));
        self.bans.configure(plan.ban, plan.ban_max, is_exempt);
        self.sources
            .configure(Limits { requests: requests_per_source_max, calls: plan.calls_per_source_max });
    }

    /// Whether a stranger's message is read.
    pub(crate) fn admit(&mut self, from: IpAddr, transport: Transport, bytes: &[u8], now: Moment) -> bool {
        match self.fault(from, transport, bytes, now) {
            None => true,
            Some(dropped) => {
                self.seen.dropped[dropped as usize] += 1;
                false
            }
        }
    }

    fn fault(&mut self, from: IpAddr, transport: Transport, bytes: &[u8], now: Moment) -> Option<Dropped> {
        let source = Source::of(from);
        if self.bans.drops(source, now) {
            return Some(Dropped::Banned);
        }
        if is_scanner(bytes) {
            if transport.is_reliable() {
                self.offend(from, Why::Scanner, now);
            }
            return Some(Dropped::Scanner);
        }
        let begins_call = matches!(classify(bytes), Class::Invite(_));
        self.sources.admit(source, begins_call, now).err()
    }

    /// A stranger failed. `is_proven`: the source itself was here.
    pub(crate) fn failed(&mut self, from: IpAddr, why: Why, is_proven: bool, now: Moment) {
        self.sources.failed(Source::of(from), now);
        if is_proven {
            self.offend(from, why, now);
        }
    }

    fn offend(&mut self, from: IpAddr, why: Why, now: Moment) {
        let Some(most) = self.offences_max else { return };
        if self.is_exempt(from) {
            return;
        }
        let source = Source::of(from);
        // One message suffices from a source that names itself a scanner and was here.
        let is_clear = matches!(why, Why::Scanner);
        if self.sources.offend(source, self.window, now) >= most || is_clear {
            self.ban_for(source, why, None, now);
        }
    }

    /// Bans a source by an operator's command.
    ///
    /// # Errors
    /// [`Refusal::NeverBanned`].
    pub(crate) fn ban(&mut self, from: IpAddr, span: Duration, now: Moment) -> Result<Done, Refusal> {
        if self.is_exempt(from) {
            return Err(Refusal::NeverBanned(from));
        }
        self.ban_for(Source::of(from), Why::Operator, Some(span), now);
        Ok(Done::Now)
    }

    fn ban_for(&mut self, source: Source, why: Why, span: Option<Duration>, now: Moment) {
        self.seen.banned[why as usize] += 1;
        self.sources.forgive(source);
        self.bans.ban(source, why, span, now);
    }

    /// Lifts the ban of a source and forgets its offences.
    ///
    /// # Errors
    /// [`Refusal::NotBanned`].
    pub(crate) fn lift(&mut self, from: IpAddr, now: Moment) -> Result<Done, Refusal> {
        let source = Source::of(from);
        self.sources.forgive(source);
        if self.bans.lift(source, now) {
            Ok(Done::Now)
        } else {
            Err(Refusal::NotBanned { source: source.to_string().into() })
        }
    }

    /// Writes the changed bans into the changeset. Counters of strangers are not written: strangers could make the
    /// journal grow.
    pub(crate) fn write_down(&mut self, changes: &mut Changeset, table: u8) {
        self.bans.write_down(changes, table);
    }

    /// Marks every ban as changed, so that the next [`Self::write_down`] writes all.
    pub(crate) fn note_all(&mut self) {
        self.bans.note_all();
    }

    /// Restores a ban from its row.
    ///
    /// # Errors
    /// [`DecodeError`] if the row can't be read.
    pub(crate) fn restore(&mut self, line: &RowChange) -> Result<(), DecodeError> {
        self.bans.restore(line)
    }

    /// Whether an address is banned.
    pub(crate) fn is_banned(&self, address: IpAddr, now: Moment) -> bool {
        self.bans.holds(Source::of(address), now)
    }

    /// Sources banned now, the ban that ends last first.
    pub(crate) fn bans(&self, now: Moment) -> Vec<BanSeen> {
        self.bans.list(now)
    }

    pub(crate) fn seen(&self) -> RateLimitSeen {
        RateLimitSeen { remembered: self.bans.len() as u64, ..self.seen }
    }

    fn is_exempt(&self, from: IpAddr) -> bool {
        self.never_ban.iter().any(|&(network, bits)| is_within(from, network, bits))
    }
}

#[cfg(test)]
mod tests;
