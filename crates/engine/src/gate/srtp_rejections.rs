//! Whom the plan's word on encryption has turned away: counted, and the last of them by name.

use std::collections::VecDeque;
use std::net::SocketAddr;

use turno_media_plan::sdp::Unacceptable;
use turno_model::{SeatId, TrunkId};

/// How many are kept by name; their number alone is kept of all.
const KEPT_MAX: usize = 5;

/// Why somebody was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SrtpRejection {
    /// SRTP is required, and plain RTP was offered.
    Plain,
    /// SRTP was offered by suites that we don't have.
    Suites,
    /// SRTP is required, and its keys would be readable on this transport.
    Readable,
    /// SRTP is never spoken here, and nothing else was offered.
    Encrypted,
}

/// Who it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The phone of a seat.
    Seat(SeatId),
    /// A carrier.
    Trunk(TrunkId),
}

/// One who was turned away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrtpRejectionSeen {
    /// `seat 1001`, `trunk carrier`.
    pub who: String,
    /// Where it was.
    pub remote: SocketAddr,
    /// Why.
    pub why: SrtpRejection,
}

/// What was turned away so far.
#[derive(Debug, Default)]
pub(crate) struct SrtpRejections {
    totals: [u64; 4],
    last: VecDeque<(Whose, SocketAddr, SrtpRejection)>,
    /// Whose call is arriving in this step.
    arriving: Option<(Whose, SocketAddr)>,
}

impl SrtpRejection {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Suites, Self::Readable, Self::Encrypted];

    /// One word.
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

    /// The call that arrives can't be talked to.
    pub(crate) fn refuses(&mut self, why: Unacceptable) {
        if let (Some((whose, remote)), Some(why)) = (self.arriving, SrtpRejection::of(why)) {
            self.note(whose, remote, why);
        }
    }

    /// A seat must not register where its keys could be read.
    pub(crate) fn refuses_seat(&mut self, seat: SeatId, remote: SocketAddr) {
        self.note(Whose::Seat(seat), remote, SrtpRejection::Readable);
    }

    /// How many so far, in the order of [`SrtpRejection::ALL`].
    pub(crate) const fn totals(&self) -> [u64; 4] {
        self.totals
    }

    /// The last of them, in order.
    pub(crate) fn last(&self) -> impl Iterator<Item = (Whose, SocketAddr, SrtpRejection)> {
        self.last.iter().copied()
    }

    /// The step is over.
    pub(crate) const fn has_arrived(&mut self) {
        self.arriving = None;
    }
}
