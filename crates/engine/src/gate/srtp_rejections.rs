//! Calls rejected by the SRTP policy: counters and recent examples.

use std::collections::VecDeque;
use std::net::SocketAddr;

use turno_media_plan::sdp::Unacceptable;
use turno_model::{SeatId, TrunkId};

/// Number of recent rejections kept with seat or trunk; older ones are only counted.
const KEPT_MAX: usize = 5;

/// Reason for a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SrtpRejection {
    /// SRTP is required, and plain RTP was offered.
    Plain,
    /// SRTP was offered with no suite that we support.
    Suites,
    /// SRTP is required, but this transport would expose its keys.
    Readable,
    /// SRTP is not allowed here, and nothing else was offered.
    Encrypted,
}

/// The rejected peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The phone of a seat.
    Seat(SeatId),
    /// A trunk.
    Trunk(TrunkId),
}

/// One rejection, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrtpRejectionSeen {
    /// `seat 1001`, `trunk carrier`.
    pub who: String,
    /// Its address.
    pub remote: SocketAddr,
    /// Why.
    pub why: SrtpRejection,
}

/// All rejections since the start.
#[derive(Debug, Default)]
pub(crate) struct SrtpRejections {
    totals: [u64; 4],
    last: VecDeque<(Whose, SocketAddr, SrtpRejection)>,
    /// The peer of the call that arrives in this step.
    arriving: Option<(Whose, SocketAddr)>,
}

impl SrtpRejection {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Suites, Self::Readable, Self::Encrypted];

    /// Its name in the metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Suites => "suites",
            Self::Readable => "readable",
            Self::Encrypted => "encrypted",
        }
    }

    const fn of(why: Unacceptable) -> Option<Self> {
        match why {
            Unacceptable::NoSrtp => Some(Self::Plain),
            Unacceptable::NoSuite => Some(Self::Suites),
            Unacceptable::NoTls => Some(Self::Readable),
            Unacceptable::NoPlain => Some(Self::Encrypted),
            Unacceptable::Malformed
            | Unacceptable::NoAudio
            | Unacceptable::NoBrowser
            | Unacceptable::BadBrowser
            | Unacceptable::NoCodec
            | Unacceptable::Address
            | Unacceptable::Mismatch => None,
        }
    }
}

impl SrtpRejections {
    fn note(&mut self, whose: Whose, remote: SocketAddr, why: SrtpRejection) {
        self.totals[why as usize] += 1;
        if self.last.len() == KEPT_MAX {
            self.last.pop_front();
        }
        self.last.push_back((whose, remote, why));
    }

    /// A call arrives in this step.
    pub(crate) const fn arrives(&mut self, whose: Whose, remote: SocketAddr) {
        self.arriving = Some((whose, remote));
    }

    /// The media offer of the arriving call was rejected.
    pub(crate) fn refuses(&mut self, why: Unacceptable) {
        if let (Some((whose, remote)), Some(why)) = (self.arriving, SrtpRejection::of(why)) {
            self.note(whose, remote, why);
        }
    }

    /// A seat's registration is rejected, because its SRTP keys would be readable.
    pub(crate) fn refuses_seat(&mut self, seat: SeatId, remote: SocketAddr) {
        self.note(Whose::Seat(seat), remote, SrtpRejection::Readable);
    }

    /// Totals since the start, in the order of [`SrtpRejection::ALL`].
    pub(crate) const fn totals(&self) -> [u64; 4] {
        self.totals
    }

    /// The most recent rejections, oldest first.
    pub(crate) fn last(&self) -> impl Iterator<Item = (Whose, SocketAddr, SrtpRejection)> {
        self.last.iter().copied()
    }

    /// The step is over.
    pub(crate) const fn has_arrived(&mut self) {
        self.arriving = None;
    }
}
