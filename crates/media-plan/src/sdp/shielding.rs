//! Which keys a leg offers, and which it agrees to (RFC 4568, 5 and 7), by its policy.

use serde::{Deserialize, Serialize};

use crate::sdp::crypto::Crypto;
use crate::sdp::read::Audio;
use crate::sdp::write::Shield;
use crate::sdp::{Agreed, Unacceptable};
use crate::srtp::{KeyMint, MasterKey, Protection, SrtpPolicy, Suite};

/// A leg's policy and its mint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shielding {
    policy: SrtpPolicy,
    mint: KeyMint,
    /// Whether a first offer that leaves encryption to the peer says RTP/SAVP all the same, since the peer takes no other.
    #[serde(default)]
    insists: bool,
}

/// Without a policy nothing is minted, so that the mint may be worth nothing.
impl Default for Shielding {
    fn default() -> Self {
        Self { policy: SrtpPolicy::Never, mint: KeyMint::new([0; 32]), insists: false }
    }
}

impl Shielding {
    pub(crate) const fn new(policy: SrtpPolicy, mint: KeyMint) -> Self {
        Self { policy, mint, insists: false }
    }

    /// Whether there are two ways to offer.
    pub(crate) const fn has_two_ways(&self) -> bool {
        matches!(self.policy, SrtpPolicy::Offered)
    }

    /// Whether a first offer says RTP/SAVP where the policy leaves encryption to the peer.
    pub(crate) const fn insist(&mut self, insists: bool) {
        self.insists = insists;
    }

    pub(crate) const fn insists(&self) -> bool {
        self.insists
    }

    /// The shield of our first offer.
    pub(crate) fn offer(&mut self) -> Shield {
        match self.policy {
            SrtpPolicy::Never => Shield::default(),
            SrtpPolicy::Offered => Shield { secure: self.insists, keys: self.fresh_keys() },
            SrtpPolicy::Required => Shield { secure: true, keys: self.fresh_keys() },
            // Nobody can answer it; it is not sent where the owner looked before.
            SrtpPolicy::Barred => Shield { secure: true, keys: Vec::new() },
        }
    }

    /// The shield of a later offer: what was agreed, under the same key, so that the packets go on as they are.
    pub(crate) fn again(before: &Shield, agreed: &Agreed) -> Shield {
        let is_agreed = |key: &MasterKey| agreed.srtp.is_some_and(|srtp| srtp.ours == *key);
        Shield {
            secure: before.secure,
            keys: before.keys.iter().filter(|(_, key)| is_agreed(key)).copied().collect(),
        }
    }

    /// What we answer to an offered line. The peer's key of `before` gets our key of then: both ends go on where they
    /// are. Another key of the peer's gets another of ours, since it may be another peer that knows nothing of our place
    /// under the old one.
    pub(crate) fn answer(
        &mut self,
        audio: &Audio,
        before: Option<Protection>,
    ) -> Result<(Option<Protection>, Shield), Unacceptable> {
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
            return Ok((None, Shield::default()));
        };
        let ours = match before.filter(|before| before.theirs == theirs) {
            Some(before) => before.ours,
            None => self.mint.mint(theirs.suite()),
        };
        if theirs == ours {
            // Our own key come back: both ways under one key would be readable.
            return Err(Unacceptable::Mismatch);
        }
        let protection = Protection { ours, theirs, their_mki_bytes: mki_bytes };
        Ok((Some(protection), Shield { secure: audio.secure, keys: vec![(tag, ours)] }))
    }

    /// What the peer's answer to a line of ours comes to.
    pub(crate) fn answered(
        &self,
        shield: &Shield,
        audio: &Audio,
    ) -> Result<Option<Protection>, Unacceptable> {
        if shield.secure && !audio.secure {
            return Err(Unacceptable::Mismatch);
        }
        if shield.keys.is_empty() {
            return match self.policy {
                SrtpPolicy::Never | SrtpPolicy::Offered if audio.secure => Err(Unacceptable::Mismatch),
                SrtpPolicy::Never | SrtpPolicy::Offered => Ok(None),
                SrtpPolicy::Required => Err(Unacceptable::NoSrtp),
                SrtpPolicy::Barred => Err(Unacceptable::NoTls),
            };
        }
        let pair = |theirs: &Crypto| {
            let ours = shield.keys.iter().find(|(tag, key)| {
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

    /// One for each suite, in the order of our preference.
    fn fresh_keys(&mut self) -> Vec<(u32, MasterKey)> {
        (1..).zip(Suite::ALL).map(|(tag, suite)| (tag, self.mint.mint(suite))).collect()
    }
}
