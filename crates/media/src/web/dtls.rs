//! The DTLS handshake of one browser, from which the SRTP keys come (RFC 5764).
//!
//! The protocol is rtc-dtls's. A browser's address may change during the handshake, so the machine is told of one
//! address that never does.

use core::time::Duration;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::BytesMut;
use rtc_dtls::config::{ClientAuthType, ConfigBuilder, HandshakeConfig};
use rtc_dtls::endpoint::{Endpoint, EndpointEvent};
use rtc_dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc_dtls::state::State;
use turno_media_plan::srtp::KEY_AND_SALT_BYTES_MAX;
use turno_media_plan::{DtlsRole, Fingerprint, Insecure, MasterKey, Protection, Shown, Suite};

use crate::web::identity::{Identity, fingerprint};

/// How long we wait for the peer's next flight before ours is repeated.
const FLIGHT_SPAN: Duration = Duration::from_millis(400);

const LABEL: &str = "EXTRACTOR-dtls_srtp";

/// Profiles in the order of our preference.
const PROFILES: [(SrtpProtectionProfile, Suite); 3] = [
    (SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm, Suite::AeadAes128Gcm),
    (SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm, Suite::AeadAes256Gcm),
    (SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80, Suite::AesCm128HmacSha1_80),
];

/// One handshake.
pub(crate) struct Handshake {
    endpoint: Endpoint,
    client: Option<Arc<HandshakeConfig>>,
    expected: Fingerprint,
    /// Whether the peer has proved that the certificate's key is its own.
    is_proved: Arc<AtomicBool>,
}

impl Handshake {
    /// Waits for the peer's first flight, or for [`Self::begin`].
    pub(crate) fn new(
        identity: &Identity,
        (role, shown): (DtlsRole, Shown),
        expected: Fingerprint,
    ) -> Option<Self> {
        let is_proved = Arc::new(AtomicBool::new(false));
        let config = Arc::new(config(identity, (role, shown), (expected.clone(), Arc::clone(&is_proved)))?);
        let (server, client) = match role {
            DtlsRole::Server => (Some(config), None),
            DtlsRole::Client => (None, Some(config)),
        };
        let endpoint = Endpoint::new(PEER, rtc_shared::TransportProtocol::UDP, server);
        Some(Self { endpoint, client, expected, is_proved })
    }

    /// Sends our first flight, if it is on us to begin and we have not yet.
    pub(crate) fn begin(&mut self, now: Instant) {
        if let Some(config) = self.client.take() {
            // It fails only where the peer's port is 0.
            let _ = self.endpoint.connect(now, PEER, config, None);
        }
    }

    /// Takes a datagram from the peer; keys come out with the last one.
    pub(crate) fn read(&mut self, bytes: &[u8], now: Instant) -> Result<Option<Protection>, Insecure> {
        match self.endpoint.read(now, PEER, None, BytesMut::from(bytes)) {
            Ok(events) if events.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete)) => {
                let state = self.endpoint.get_connection_state(PEER).ok_or(Insecure::NoHandshake)?;
                self.has_right_certificate(state)?;
                if !self.is_proved.load(Ordering::Relaxed) {
                    // A certificate is no secret: a peer that shows it without a signature may have seen it elsewhere.
                    return Err(Insecure::WrongFingerprint);
                }
                protection(state).map(Some).ok_or(Insecure::NoHandshake)
            }
            Ok(_) => Ok(None),
            Err(_) => {
                if let Some(state) = self.endpoint.get_connection_state(PEER)
                    && !state.peer_certificates.is_empty()
                {
                    self.has_right_certificate(state)?;
                }
                // What a stranger slipped in does not end a handshake; one that is stuck ends with its time.
                Ok(None)
            }
        }
    }

    /// The next datagram to the peer.
    pub(crate) fn write(&mut self) -> Option<BytesMut> {
        self.endpoint.poll_transmit().map(|it| it.message)
    }

    /// Repeats a flight that was not answered.
    pub(crate) fn handle_time(&mut self, now: Instant) {
        let _ = self.endpoint.handle_timeout(PEER, now);
    }

    /// When [`Self::handle_time`] must be called next.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.endpoint.poll_timeout(&PEER)
    }

    fn has_right_certificate(&self, state: &State) -> Result<(), Insecure> {
        let shown = state.peer_certificates.first().map(|der| fingerprint(self.expected.hash(), der));
        if shown.as_ref() == Some(&self.expected) { Ok(()) } else { Err(Insecure::WrongFingerprint) }
    }
}

/// Whether a datagram begins with the first message of a handshake: nothing of what an earlier process has said is needed for it.
pub(crate) fn is_first_hello(bytes: &[u8]) -> bool {
    // A record of a handshake in epoch 0, and in it the message ClientHello with the number 0 (RFC 6347, 4.1 and 4.2.2).
    matches!(bytes, [22, _, _, 0, 0, rest @ ..] if matches!(rest, [_, _, _, _, _, _, _, _, 1, _, _, _, 0, 0, ..]))
}

/// The one address of which the machine is told.
const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

fn config(
    identity: &Identity,
    (role, shown): (DtlsRole, Shown),
    (expected, is_proved): (Fingerprint, Arc<AtomicBool>),
) -> Option<HandshakeConfig> {
    let verify = move |certificates: &[Vec<u8>], _: &[_]| {
        // rtc-dtls asks after it has verified the peer's signature.
        let shown = certificates.first().map(|der| fingerprint(expected.hash(), der));
        if shown.as_ref() == Some(&expected) {
            is_proved.store(true, Ordering::Relaxed);
            Ok(())
        } else {
            Err(rtc_shared::error::Error::Other("not the certificate of the SDP".to_owned()))
        }
    };
    ConfigBuilder::default()
        .with_crypto_provider(identity.provider())
        .with_certificates(vec![identity.shown(shown).clone()])
        .with_srtp_protection_profiles(PROFILES.map(|(profile, _)| profile).to_vec())
        .with_client_auth(ClientAuthType::RequireAnyClientCert)
        // There is no authority to ask: the fingerprint in the SDP is what the certificate is held against.
        .with_insecure_skip_verify(true)
        .with_verify_peer_certificate(Some(Arc::new(verify)))
        .with_flight_interval(FLIGHT_SPAN)
        .build(role == DtlsRole::Client, Some(PEER))
        .inspect_err(|error| tracing::error!(%error, "no DTLS handshake can be begun"))
        .ok()
}

/// The keys, cut as RFC 5764, 4.2 says: both keys, then both salts, the client's first.
fn protection(state: &State) -> Option<Protection> {
    let profile = state.srtp_protection_profile();
    let (_, suite) = PROFILES.into_iter().find(|(known, _)| *known == profile)?;
    let (key, salt) = (suite.key_bytes(), suite.salt_bytes());
    let exported = state.export_keying_material(LABEL, &[], 2 * (key + salt)).ok()?;
    let exported: &[u8] = exported.as_ref();
    let of = |place: usize| {
        let mut both = [0; KEY_AND_SALT_BYTES_MAX];
        both[..key].copy_from_slice(exported.get(place * key..(place + 1) * key)?);
        let from = 2 * key + place * salt;
        both[key..key + salt].copy_from_slice(exported.get(from..from + salt)?);
        MasterKey::new(suite, &both[..key + salt])
    };
    let (client, server) = (of(0)?, of(1)?);
    let (ours, theirs) = if state.is_client() { (client, server) } else { (server, client) };
    Some(Protection { ours, theirs, their_mki_bytes: 0 })
}
