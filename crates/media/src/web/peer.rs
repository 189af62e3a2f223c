//! One browser: its credentials, its addresses, its handshake, and which of our packets the journal covers.

use std::net::SocketAddr;

use turno_ground::Moment;
use turno_media_plan::{Fingerprint, IceCredentials, Protection};

use crate::web::dtls::Handshake;

/// Addresses of one browser that are known at a time: those of its networks.
const ADDRESSES_MAX: usize = 4;

/// Packets that one row of the journal covers: 20 seconds of voice.
const PACKETS_AHEAD: u64 = 1_024;

/// Reports that it covers: five minutes.
const REPORTS_AHEAD: u32 = 64;

/// The state of a browser's stream beside the stream itself.
pub(crate) struct WebPeer {
    /// Our credentials.
    pub(crate) ours: IceCredentials,
    /// Those before ICE began anew, until a check with the new ones has come.
    pub(crate) earlier: Option<IceCredentials>,
    /// The certificate that it must show.
    pub(crate) fingerprint: Fingerprint,
    /// The handshake; it ends a while after it has succeeded, since the last flight may have to be repeated.
    pub(crate) handshake: Option<Handshake>,
    /// When the handshake is over, with keys or without.
    pub(crate) handshake_until: Option<Moment>,
    /// The keys, with the certificate under which they were agreed.
    pub(crate) keys: Option<(Fingerprint, Protection)>,
    /// Whether only a new handshake is of use: one of an earlier process can't be gone on with.
    pub(crate) awaits_hello: bool,
    /// Whether the engine was told so.
    pub(crate) is_cut_off: bool,
    /// When a good check came, or was first expected (RFC 7675).
    pub(crate) checked_at: Moment,
    addresses: [Option<Address>; ADDRESSES_MAX],
    remote: Option<SocketAddr>,
    is_nominated: bool,
    /// Whether we may send: false after the checks have ended.
    has_consent: bool,
    /// No packet of this index or above may be sent; the same for reports.
    limits: (u64, u32),
    /// What the journal was asked to cover.
    asked: (u64, u32),
}

#[derive(Clone, Copy, Debug)]
struct Address {
    at: SocketAddr,
    checked_at: Moment,
}

impl WebPeer {
    pub(crate) fn new(ours: IceCredentials, fingerprint: Fingerprint, now: Moment) -> Self {
        Self {
            ours,
            earlier: None,
            fingerprint,
            handshake: None,
            handshake_until: None,
            keys: None,
            awaits_hello: false,
            is_cut_off: false,
            checked_at: now,
            addresses: [None; ADDRESSES_MAX],
            remote: None,
            is_nominated: false,
            has_consent: true,
            limits: (0, 0),
            asked: (0, 0),
        }
    }

    /// The password for a fragment of ours.
    pub(crate) fn password(&self, ufrag: &str) -> Option<&str> {
        let known = core::iter::once(&self.ours).chain(&self.earlier).find(|it| it.ufrag == ufrag)?;
        Some(&known.password)
    }

    /// A good check came. Returns whether our packets go to another address now, and an address that was forgotten.
    pub(crate) fn checked(
        &mut self,
        at: SocketAddr,
        nominates: bool,
        now: Moment,
    ) -> (bool, Option<SocketAddr>) {
        self.checked_at = now;
        self.has_consent = true;
        let address = Address { at, checked_at: now };
        let known = self.addresses.iter().position(|known| known.is_some_and(|known| known.at == at));
        let place = known.or_else(|| self.addresses.iter().position(Option::is_none)).unwrap_or_else(|| {
            let age =
                |place: &usize| self.addresses[*place].map(|it| (Some(it.at) == self.remote, it.checked_at));
            (0..ADDRESSES_MAX).min_by_key(age).unwrap_or(0)
        });
        let before = self.addresses[place].replace(address).map(|it| it.at).filter(|before| *before != at);
        let moves = self.remote != Some(at) && (nominates || !self.is_nominated && self.remote.is_none());
        self.is_nominated |= nominates;
        if moves {
            self.remote = Some(at);
        }
        (moves, before)
    }

    /// Voice with a right tag came from a checked address. A browser sends from the address that it has chosen, so ours
    /// goes there, even if it has not told us in a check. Returns whether that is another one than before.
    pub(crate) fn heard_from(&mut self, at: SocketAddr) -> bool {
        let checked_at = |at: SocketAddr| {
            self.addresses.iter().flatten().find(|known| known.at == at).map(|known| known.checked_at)
        };
        let is_newer = checked_at(at) > self.remote.and_then(checked_at);
        let moves = self.remote != Some(at) && is_newer;
        if moves {
            self.remote = Some(at);
        }
        moves
    }

    /// Takes the address from before a restart. It must be checked like any other.
    pub(crate) fn continue_from(&mut self, remote: SocketAddr, limits: (u64, u32), now: Moment) {
        self.addresses[0] = Some(Address { at: remote, checked_at: now });
        self.remote = Some(remote);
        self.is_nominated = true;
        self.limits = limits;
        self.asked = limits;
    }

    /// New keys: nothing is sent before the journal has them.
    pub(crate) fn begins(&mut self, keys: Protection) {
        self.keys = Some((self.fingerprint.clone(), keys));
        self.limits = (0, 0);
        self.asked = (0, 0);
    }

    /// When the last good check from this address came.
    pub(crate) fn checked_from(&self, at: SocketAddr) -> Option<Moment> {
        self.addresses.iter().flatten().find(|known| known.at == at).map(|known| known.checked_at)
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.addresses.iter().flatten().map(|known| known.at)
    }

    /// Where our packets go; `None` before the first check, and while there is no consent.
    pub(crate) fn remote(&self) -> Option<SocketAddr> {
        self.remote.filter(|_| self.has_consent)
    }

    /// The checks have ended: nothing is sent before the next one.
    pub(crate) const fn loses_consent(&mut self) {
        self.has_consent = false;
    }

    /// What the journal should cover, for packets and reports that come `next`; `None` if it covers enough.
    pub(crate) fn wants(&mut self, next: (u64, u32)) -> Option<(u64, u32)> {
        let has_packets = next.0 + PACKETS_AHEAD / 2 <= self.asked.0;
        let has_reports = next.1 + REPORTS_AHEAD / 2 <= self.asked.1;
        if self.keys.is_none() || (has_packets && has_reports) {
            return None;
        }
        self.asked = (next.0 + PACKETS_AHEAD, next.1 + REPORTS_AHEAD);
        Some(self.asked)
    }

    /// What the journal was asked to cover last.
    pub(crate) const fn asked(&self) -> (u64, u32) {
        self.asked
    }

    /// The journal covers this much.
    pub(crate) fn kept(&mut self, limits: (u64, u32)) {
        // Of an answer to an earlier question, or of earlier keys, nothing more than was asked for.
        let limits = (limits.0.min(self.asked.0), limits.1.min(self.asked.1));
        self.limits = (self.limits.0.max(limits.0), self.limits.1.max(limits.1));
    }

    /// What the journal covers.
    pub(crate) const fn limits(&self) -> (u64, u32) {
        self.limits
    }
}
