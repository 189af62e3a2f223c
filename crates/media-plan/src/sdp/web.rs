//! ICE and DTLS of a media line: what a browser's SDP says, and what ours does (RFC 8839, RFC 8842, RFC 9143).

use serde::{Deserialize, Serialize};

use crate::sdp::body::{Attributes, Body, Section};
use crate::sdp::{Negotiation, Unacceptable};
use crate::srtp::KeyMint;
use crate::webrtc::{DtlsRole, Fingerprint, IceCredentials, Shown, WebTerms};

/// Letters of ICE credentials, six bits each (RFC 8445, 5.3).
const ICE_LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Letters of our fragments: 72 bits, so that two streams never have the same.
const UFRAG_LETTERS: usize = 12;

/// Letters of our passwords: 144 bits, of which RFC 8445 wants 128.
const PASSWORD_LETTERS: usize = 24;

/// Longest fragment and password (RFC 8839, 5.4).
const ICE_LETTERS_MAX: usize = 256;

/// Longest `a=mid` that we repeat.
const MID_LETTERS_MAX: usize = 64;

/// Most `a=fingerprint` lines that are read.
const FINGERPRINTS_MAX: usize = 8;

/// The value of `a=setup` (RFC 4145, 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Setup {
    /// The other side decides.
    ActPass,
    /// This side begins.
    Active,
    /// The other side begins.
    Passive,
}

impl Setup {
    const fn word(self) -> &'static str {
        match self {
            Self::ActPass => "actpass",
            Self::Active => "active",
            Self::Passive => "passive",
        }
    }
}

/// What a browser's line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PeerWeb {
    /// Its ICE fragment, which is another one when ICE begins anew.
    pub(crate) ufrag: String,
    /// The digest of its certificate: the strongest that it states.
    pub(crate) fingerprint: Fingerprint,
    pub(crate) setup: Setup,
    pub(crate) mid: Option<String>,
    /// Whether the line is in a BUNDLE group.
    pub(crate) is_bundled: bool,
}

/// What our line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WebLine {
    ice: IceCredentials,
    fingerprint: Fingerprint,
    setup: Setup,
    mid: Option<String>,
    is_bundled: bool,
}

impl PeerWeb {
    /// Reads the line of a browser. Candidates are not read: the browser comes to us.
    pub(crate) fn read(body: &Body<'_>, section: &Section<'_>) -> Result<Self, Unacceptable> {
        let value = |name| value(&section.attributes, name).or_else(|| value(&body.attributes, name));
        let ufrag = value("ice-ufrag").filter(|ufrag| (4..=ICE_LETTERS_MAX).contains(&ufrag.len()));
        let has_password = value("ice-pwd").is_some_and(|it| (22..=ICE_LETTERS_MAX).contains(&it.len()));
        let fingerprints = |attributes: &Attributes<'_>| {
            let lines = attributes.iter().filter(|(name, _)| *name == "fingerprint").take(FINGERPRINTS_MAX);
            lines.filter_map(|(_, value)| Fingerprint::read((*value)?)).max_by_key(Fingerprint::hash)
        };
        let fingerprint = fingerprints(&section.attributes).or_else(|| fingerprints(&body.attributes));
        let muxes = section.attributes.iter().any(|(name, _)| *name == "rtcp-mux");
        let (Some(ufrag), Some(fingerprint), true, true) = (ufrag, fingerprint, has_password, muxes) else {
            return Err(Unacceptable::BadBrowser);
        };
        let setup = match value("setup") {
            Some(word) if word.eq_ignore_ascii_case("active") => Setup::Active,
            Some(word) if word.eq_ignore_ascii_case("passive") => Setup::Passive,
            Some(_) | None => Setup::ActPass,
        };
        let mid = mid(&section.attributes);
        let is_bundled = mid.as_ref().is_some_and(|mid| {
            body.attributes.iter().filter(|(name, _)| *name == "group").any(|(_, value)| {
                let mut words = value.unwrap_or_default().split_ascii_whitespace();
                words.next() == Some("BUNDLE") && words.any(|word| word == mid)
            })
        });
        Ok(Self { ufrag: ufrag.to_owned(), fingerprint, setup, mid, is_bundled })
    }
}

/// Whether an offer has audio whose keys come by DTLS, as browsers' do. Nothing else of it is read.
pub fn is_web(offer: &[u8]) -> bool {
    const AUDIO: &[u8] = b"m=audio ";
    const DTLS: &[u8] = b"UDP/TLS/RTP/";
    offer.split(|byte| matches!(byte, b'\r' | b'\n')).any(|line| {
        line.get(..AUDIO.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(AUDIO))
            && line.windows(DTLS.len()).any(|word| word.eq_ignore_ascii_case(DTLS))
    })
}

/// The name of a line (RFC 5888), if it is a token.
pub(crate) fn mid(attributes: &Attributes<'_>) -> Option<String> {
    let is_token = |mid: &&str| {
        (1..=MID_LETTERS_MAX).contains(&mid.len()) && mid.bytes().all(|letter| letter.is_ascii_graphic())
    };
    value(attributes, "mid").filter(is_token).map(str::to_owned)
}

fn value<'a>(attributes: &Attributes<'a>, name: &str) -> Option<&'a str> {
    let (_, value) = attributes.iter().find(|(known, _)| *known == name)?;
    value.map(str::trim)
}

impl WebLine {
    /// The name of the line, if it is bundled.
    pub(crate) fn bundled(&self) -> Option<&str> {
        self.mid.as_deref().filter(|_| self.is_bundled)
    }

    /// Our attributes, in lines.
    pub(crate) fn attributes(&self) -> String {
        use core::fmt::Write as _;
        let mut text = String::with_capacity(320);
        if let Some(mid) = &self.mid {
            let _ = write!(text, "a=mid:{mid}\r\n");
        }
        let Self { ice: IceCredentials { ufrag, password }, fingerprint, setup, .. } = self;
        let _ = write!(
            text,
            "a=msid:turno voice\r\na=rtcp-mux\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n\
             a=fingerprint:{fingerprint}\r\na=setup:{}\r\n",
            setup.word()
        );
        text
    }
}

/// ICE and DTLS of one leg, over its whole life.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WebNegotiation {
    /// Of our certificate.
    fingerprint: Fingerprint,
    mint: KeyMint,
    ours: IceCredentials,
    theirs: Option<Theirs>,
    role: DtlsRole,
    #[serde(default)]
    shows: Shown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Theirs {
    ufrag: String,
    fingerprint: Fingerprint,
}

impl Negotiation {
    /// Which of our certificates a browser is told of; `None` for other peers.
    pub fn shows(&self) -> Option<Shown> {
        self.web.as_ref().map(|web| web.shows)
    }

    /// From now on our SDP has the digest of this certificate: the next offer makes a browser shake hands anew.
    pub fn show(&mut self, shows: Shown, fingerprint: Fingerprint) {
        if let Some(web) = &mut self.web {
            (web.shows, web.fingerprint, web.role) = (shows, fingerprint, DtlsRole::Server);
        }
    }
}

impl WebNegotiation {
    pub(crate) fn new(fingerprint: Fingerprint, mut mint: KeyMint) -> Self {
        let ours = credentials(&mut mint);
        Self { fingerprint, mint, ours, theirs: None, role: DtlsRole::Server, shows: Shown::First }
    }

    /// Our line in an offer: named as before, or 0.
    pub(crate) fn offer(&self, before: Option<&WebLine>) -> WebLine {
        let (mid, is_bundled) =
            before.map_or((Some("0".to_owned()), true), |before| (before.mid.clone(), before.is_bundled));
        self.line(Setup::ActPass, mid, is_bundled)
    }

    /// Our line in the answer to an offer. The browser begins the handshake unless it wants us to.
    pub(crate) fn answer(&mut self, peer: &PeerWeb) -> WebLine {
        let is_known = self.theirs.as_ref().is_some_and(|theirs| theirs.fingerprint == peer.fingerprint);
        self.role = match peer.setup {
            Setup::ActPass if is_known => self.role,
            Setup::ActPass | Setup::Active => DtlsRole::Server,
            Setup::Passive => DtlsRole::Client,
        };
        if self.theirs.as_ref().is_some_and(|theirs| theirs.ufrag != peer.ufrag) {
            // ICE begins anew (RFC 8839, 4.4.1.1.1).
            self.ours = credentials(&mut self.mint);
        }
        self.learn(peer);
        let setup = match self.role {
            DtlsRole::Server => Setup::Passive,
            DtlsRole::Client => Setup::Active,
        };
        self.line(setup, peer.mid.clone(), peer.is_bundled)
    }

    /// The browser has answered our offer.
    pub(crate) fn answered(&mut self, peer: &PeerWeb) {
        self.role = match peer.setup {
            Setup::ActPass | Setup::Active => DtlsRole::Server,
            Setup::Passive => DtlsRole::Client,
        };
        self.learn(peer);
    }

    /// What is agreed.
    pub(crate) fn terms(&self) -> Option<WebTerms> {
        let theirs = self.theirs.as_ref()?;
        let (ours, fingerprint) = (self.ours.clone(), theirs.fingerprint.clone());
        Some(WebTerms { ours, fingerprint, role: self.role, kept: None, shows: self.shows, was_begun: false })
    }

    fn learn(&mut self, peer: &PeerWeb) {
        self.theirs = Some(Theirs { ufrag: peer.ufrag.clone(), fingerprint: peer.fingerprint.clone() });
    }

    fn line(&self, setup: Setup, mid: Option<String>, is_bundled: bool) -> WebLine {
        WebLine { ice: self.ours.clone(), fingerprint: self.fingerprint.clone(), setup, mid, is_bundled }
    }
}

fn credentials(mint: &mut KeyMint) -> IceCredentials {
    let drawn = mint.draw();
    let mut letters = drawn.iter().map(|byte| char::from(ICE_LETTERS[usize::from(byte & 63)]));
    let ufrag = letters.by_ref().take(UFRAG_LETTERS).collect();
    IceCredentials { ufrag, password: letters.take(PASSWORD_LETTERS).collect() }
}
