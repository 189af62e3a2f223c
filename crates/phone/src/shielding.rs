//! How a phone keeps what it says from others' ears: over TLS, and with keys in its SDP.

use bytes::Bytes;
use turno_ground::Transport;
use turno_media_plan::sdp::Negotiation;
use turno_media_plan::{KeyMint, Protection, SrtpPolicy, Suite};

use crate::event::CallId;
use crate::keys::Keys;
use crate::phone::{Phone, escape};

impl Phone {
    /// The same phone over a stream that somebody else opens and frames: it repeats no request and no refusal.
    #[must_use]
    pub fn over(mut self, transport: Transport) -> Self {
        self.speak_over(transport);
        self
    }

    /// The same, for a phone that has said nothing yet.
    pub fn speak_over(&mut self, transport: Transport) {
        let word = transport.via_name().to_ascii_lowercase();
        self.contact =
            format!("<sip:{}@{};transport={word}>", escape(&self.settings.user), self.settings.local);
        self.transport = transport;
    }

    /// The same phone with SRTP by this policy, and no other suites than these.
    #[must_use]
    pub fn with_srtp(mut self, policy: SrtpPolicy, suites: &[Suite], mint: KeyMint) -> Self {
        self.take_keys(policy, suites, mint);
        self
    }

    /// Speaks SRTP from the next call on.
    pub fn take_keys(&mut self, policy: SrtpPolicy, suites: &[Suite], mint: KeyMint) {
        self.keys = Some(Keys { policy, suites: suites.to_vec(), mint });
    }

    /// What a call's packets are protected by; `None` for plain RTP.
    pub fn protection(&self, call: CallId) -> Option<Protection> {
        self.calls.get(&call)?.negotiation.agreed()?.srtp
    }

    /// The negotiation of a new call on `lane`.
    pub(crate) fn negotiation(&mut self, lane: u16) -> Negotiation {
        let session = self.dice.below(1 << 40);
        let plain = Negotiation::new(self.rtp_of(lane), session, &self.settings.codecs);
        match &mut self.keys {
            Some(keys) => plain.with_srtp(keys.policy, keys.mint.fork()),
            None => plain,
        }
    }

    /// A description without the keys of suites that this phone does not know.
    pub(crate) fn known_of(&self, sdp: Bytes) -> Bytes {
        let Some(keys) = &self.keys else { return sdp };
        let Ok(text) = core::str::from_utf8(&sdp) else { return sdp };
        let is_known = |line: &&str| {
            let suite = line.strip_prefix("a=crypto:").and_then(|rest| rest.split(' ').nth(1));
            suite.is_none_or(|name| keys.suites.iter().any(|suite| suite.name() == name))
        };
        Bytes::from(text.split_inclusive('\n').filter(is_known).collect::<String>())
    }
}
