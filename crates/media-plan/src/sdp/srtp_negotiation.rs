//! SRTP keys that a leg offers and accepts, by its policy (RFC 4568, 5 and 7).

use serde::{Deserialize, Serialize};

use crate::sdp::crypto::Crypto;
use crate::sdp::read::Audio;
use crate::sdp::write::LineSrtp;
use crate::sdp::{Agreed, Unacceptable};
use crate::srtp::{KeyMint, MasterKey, Protection, SrtpPolicy, Suite};

/// A leg's SRTP policy, and the source of its keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SrtpNegotiation {
    policy: SrtpPolicy,
    mint: KeyMint,
    /// Whether the first offer is RTP/SAVP although the policy leaves encryption to the peer, since the peer accepts no
    /// other.
    #[serde(default)]
    insists: bool,
}

/// Without a policy no keys are drawn, so the secret does not matter.
impl Default for SrtpNegotiation {
    fn default() -> Self {
        Self { policy: SrtpPolicy::Never, mint: KeyMint::new([0; 32]), insists: false }
    }
}

impl SrtpNegotiation {
    pub(crate) const fn new(policy: SrtpPolicy, mint: KeyMint) -> Self {
        Self { policy, mint, insists: false }
    }

    /// Whether both SDP profiles may be offered.
    pub(crate) const fn has_two_ways(&self) -> bool {
        matches!(self.policy, SrtpPolicy::Offered)
    }

    /// Sets whether the first offer is RTP/SAVP, where the policy leaves encryption to the peer.
    pub(crate) const fn insist(&mut self, insists: bool) {
        self.insists = insists;
    }

    pub(crate) const fn insists(&self) -> bool {
        self.insists
    }

    /// Profile and keys of our first offer.
    pub(crate) fn offer(&mut self) -> LineSrtp {
        match self.policy {
            SrtpPolicy::Never => LineSrtp::default(),
            SrtpPolicy::Offered => LineSrtp { secure: self.insists, keys: self.fresh_keys() },
            SrtpPolicy::Required => LineSrtp { secure: true, keys: self.fresh_keys() },
            // Nobody can accept this. The owner checks the policy first and does not send it.
            SrtpPolicy::Barred => LineSrtp { secure: true, keys: Vec::new() },
        }
    }

    /// Profile and keys of a later offer: the agreed key again, so that the packets continue unchanged.
    pub(crate) fn again(before: &LineSrtp, agreed: &Agreed) -> LineSrtp {
        let is_agreed = |key: &MasterKey| agreed.srtp.is_some_and(|srtp| srtp.ours == *key);
        LineSrtp {
            secure: before.secure,
            keys: before.keys.iter().filter(|(_, key)| is_agreed(key)).copied().collect(),
        }
    }

    /// Our answer to an offered line. If the peer's key is the one of `before`, our key stays too, and both packet
    /// indexes continue. A new key of the peer gets a new key of ours, since it may be another peer, which does not
    /// know our packet index.
    pub(crate) fn answer(
        &mut self,
        audio: &Audio,
        before: Option<Protection>,
    ) -> Result<(Option<Protection>, LineSrtp), Unacceptable> {
        let known = before.and_then(|before| audio.cryptos.iter().find(|crypto| crypto.key == before.theirs));
        let crypto = known.or(audio.cryptos.first());
        let chosen = match (self.policy, crypto) {
            (SrtpPolicy::Never, _) if audio.secure => return Err(Unacceptable::NoPlain),
            (SrtpPolicy::Never, _) => None,
            (SrtpPolicy::Barred, _) => return Err(Unacceptable::NoTls),
            (SrtpPolicy::Offered | SrtpPolicy::Required, Some(crypto)) => Some(crypto),
            (SrtpPolicy::Offered | SrtpPolicy::Required, None) if audio.secure => {
                return Err(Unacceptable::NoSuite);
            }
            (SrtpPolicy::Offered, None) => None,
            (SrtpPolicy::Required, None) => return Err(Unacceptable::NoSrtp),
        };
        let Some(&Crypto { tag, key: theirs, mki_bytes }) = chosen else {
            return Ok((None, LineSrtp::default()));
        };
        let ours = match before.filter(|before| before.theirs == theirs) {
            Some(before) => before.ours,
            None => self.mint.mint(theirs.suite()),
        };
        if theirs == ours {
            // The peer sent our own key: with the same key in both directions, the packets would be readable.
            return Err(Unacceptable::Mismatch);
        }
        let protection = Protection { ours, theirs, their_mki_bytes: mki_bytes };
        Ok((Some(protection), LineSrtp { secure: audio.secure, keys: vec![(tag, ours)] }))
    }

    /// The protection that the peer's answer to our line agrees to.
    pub(crate) fn answered(
        &self,
        line_srtp: &LineSrtp,
        audio: &Audio,
    ) -> Result<Option<Protection>, Unacceptable> {
        if line_srtp.secure && !audio.secure {
            return Err(Unacceptable::Mismatch);
        }
        if line_srtp.keys.is_empty() {
            return match self.policy {
                SrtpPolicy::Never | SrtpPolicy::Offered if audio.secure => Err(Unacceptable::Mismatch),
                SrtpPolicy::Never | SrtpPolicy::Offered => Ok(None),
                SrtpPolicy::Required => Err(Unacceptable::NoSrtp),
                SrtpPolicy::Barred => Err(Unacceptable::NoTls),
            };
        }
        let pair = |theirs: &Crypto| {
            let ours = line_srtp.keys.iter().find(|(tag, key)| {
                *tag == theirs.tag && key.suite() == theirs.key.suite() && *key != theirs.key
            });
            let &(_, ours) = ours?;
            Some(Protection { ours, theirs: theirs.key, their_mki_bytes: theirs.mki_bytes })
        };
        match audio.cryptos.iter().find_map(pair) {
            Some(protection) => Ok(Some(protection)),
            None if audio.secure || !audio.cryptos.is_empty() => Err(Unacceptable::Mismatch),
            None if self.policy == SrtpPolicy::Offered => Ok(None),
            None => Err(Unacceptable::NoSrtp),
        }
    }

    /// One key for each suite, in the order of our preference.
    fn fresh_keys(&mut self) -> Vec<(u32, MasterKey)> {
        (1..).zip(Suite::ALL).map(|(tag, suite)| (tag, self.mint.mint(suite))).collect()
    }
}
