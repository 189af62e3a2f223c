//! A phone's identity: its addresses, SRTP keys, RTP ports, numbers and random tokens.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Rng, Transport};
use turno_media_plan::sdp::Negotiation;
use turno_media_plan::{Fingerprint, Hash, KeyMint, SrtpPolicy, Suite};

use crate::digest::Challenge;
use crate::keys::Keys;
use crate::page::Page;
use crate::settings::PhoneSettings;
use crate::writing;

/// A phone's addresses, keys and ports, and the source of its numbers and tokens.
#[derive(Debug)]
pub(crate) struct Station {
    pub(crate) settings: PhoneSettings,
    pub(crate) rng: Rng,
    /// Our address of record in angle brackets.
    own: String,
    /// Our Contact.
    contact: String,
    transport: Transport,
    /// Its SRTP settings, if it encrypts.
    keys: Option<Keys>,
    /// Whose page it is, if it is one in a browser.
    page: Option<Page>,
    free_lanes: BTreeSet<u16>,
    next_lane: u16,
    last_number: u64,
}

impl Station {
    pub(crate) fn new(settings: PhoneSettings, rng: Rng) -> Self {
        let own = format!("<sip:{}@{}>", writing::escape(&settings.user), settings.domain);
        let contact = format!("<sip:{}@{}>", writing::escape(&settings.user), settings.local);
        Self {
            settings,
            rng,
            own,
            contact,
            transport: Transport::Udp,
            keys: None,
            page: None,
            free_lanes: BTreeSet::new(),
            next_lane: 0,
            last_number: 0,
        }
    }

    /// Uses a stream transport from now on.
    pub(crate) fn speak_over(&mut self, transport: Transport) {
        let word = transport.via_name().to_ascii_lowercase();
        self.contact = format!(
            "<sip:{}@{};transport={word}>",
            writing::escape(&self.settings.user),
            self.settings.local
        );
        self.transport = transport;
    }

    /// Lives in a page from now on.
    pub(crate) fn lives_in(&mut self, page: Page) {
        self.contact = page.contact();
        self.transport = page.transport;
        self.page = Some(page);
    }

    /// Whether it answers challenges: a page has no password.
    pub(crate) const fn has_password(&self) -> bool {
        self.page.is_none()
    }

    /// What a REGISTER says beside the Contact's URI, and the extensions that it supports.
    pub(crate) fn registers_as(&self) -> Option<(String, &'static str)> {
        Some((self.page.as_ref()?.registers_as(), "path, gruu, outbound"))
    }

    /// Uses SRTP from the next call on.
    pub(crate) fn take_keys(&mut self, policy: SrtpPolicy, suites: &[Suite], mint: KeyMint) {
        self.keys = Some(Keys { policy, suites: suites.to_vec(), mint });
    }

    /// The next number for a call or a request.
    pub(crate) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn token(&mut self) -> String {
        String::from_utf8_lossy(&self.rng.token::<16>()).into_owned()
    }

    pub(crate) fn take_lane(&mut self) -> u16 {
        self.free_lanes.pop_first().unwrap_or_else(|| {
            self.next_lane = self.next_lane.wrapping_add(1);
            self.next_lane.wrapping_sub(1)
        })
    }

    pub(crate) fn give_lane_back(&mut self, lane: u16) {
        self.free_lanes.insert(lane);
    }

    /// The negotiation of a new call on `lane`.
    pub(crate) fn negotiation(&mut self, lane: u16) -> Negotiation {
        let session = self.rng.below(1 << 40);
        let plain = Negotiation::new(self.rtp_of(lane), session, &self.settings.codecs);
        if self.page.is_some() {
            let secret: [u8; 32] = self.rng.token();
            return match certificate(self.rtp_of(lane), session) {
                Some(fingerprint) => plain.with_web(fingerprint, KeyMint::new(secret)),
                None => plain,
            };
        }
        match &mut self.keys {
            Some(keys) => plain.with_srtp(keys.policy, keys.mint.fork()),
            None => plain,
        }
    }

    /// The header that answers `challenge` for one request.
    pub(crate) fn credentials(
        &mut self,
        challenge: &mut Challenge,
        request: &rsip::Request,
    ) -> rsip::headers::Header {
        let user = (self.settings.user.as_str(), self.settings.password.reveal());
        let (method, uri) = (request.method.to_string(), request.uri.to_string());
        challenge.answer(user, (&method, &uri), &mut self.rng)
    }

    /// Our address of record in angle brackets.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    /// Our Contact.
    pub(crate) fn contact(&self) -> &str {
        &self.contact
    }

    /// Whether the transport to the server is reliable, so that nothing is retransmitted.
    pub(crate) fn is_reliable(&self) -> bool {
        self.transport.is_reliable()
    }

    pub(crate) fn via(&self, branch: &str) -> String {
        if let Some(page) = &self.page {
            return format!("SIP/2.0/{} {};branch={branch}", self.transport.via_name(), page.host());
        }
        format!("SIP/2.0/{} {};branch={branch};rport", self.transport.via_name(), self.settings.local)
    }

    /// Where the call on `lane` receives RTP.
    pub(crate) fn rtp_of(&self, lane: u16) -> SocketAddr {
        let first = self.settings.rtp;
        SocketAddr::new(first.ip(), first.port().wrapping_add(lane.wrapping_mul(2)))
    }

    /// A session description without the keys of suites that this phone does not support.
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

/// The digest of a certificate that a page makes for one connection. A simulated media plane reads from it where the page
/// is: browsers' SDP does not tell.
fn certificate(rtp: SocketAddr, number: u64) -> Option<Fingerprint> {
    let mut digest = [0; 32];
    if let SocketAddr::V4(rtp) = rtp {
        digest[..4].copy_from_slice(&rtp.ip().octets());
        digest[4..6].copy_from_slice(&rtp.port().to_be_bytes());
    }
    digest[8..16].copy_from_slice(&number.to_be_bytes());
    Fingerprint::new(Hash::Sha256, &digest)
}
