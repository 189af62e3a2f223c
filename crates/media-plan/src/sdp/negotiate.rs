//! SDP negotiation of one leg, over its whole life.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::codec::Codec;
use crate::encoding::{Encoding, Heard, Named};
use crate::sdp::opus::{OpusPlace, OurOpus};
use crate::sdp::read::{Audio, Described, SdpLine};
use crate::sdp::srtp_negotiation::SrtpNegotiation;
use crate::sdp::web::{WebLine, WebNegotiation};
use crate::sdp::write::{Formats, LineSrtp, OurLine, body, named};
use crate::sdp::{Agreed, TELEPHONE_EVENT_TYPE, Unacceptable};
use crate::srtp::{KeyMint, SrtpPolicy};
use crate::stream::Direction;
use crate::webrtc::{Fingerprint, WebTerms};

/// SDP negotiation of one leg, with its origin line, its version and the agreement.
///
/// ```
/// use turno_media_plan::sdp::Negotiation;
/// use turno_media_plan::{Codec, Direction};
///
/// let phone = "192.0.2.7:4000".parse()?;
/// let turno = "192.0.2.1:20000".parse()?;
/// let mut caller = Negotiation::new(phone, 1, &[Codec::G722, Codec::Pcma]);
/// let mut leg = Negotiation::new(turno, 2, &[Codec::Pcma, Codec::Pcmu]);
///
/// // RFC 3264: one side offers, the other answers, and both know where to send what.
/// let offer = caller.offer(Direction::SendRecv);
/// let (answer, ours) = leg.answer(&offer, Direction::SendRecv, None)?;
/// let theirs = caller.answered(&answer)?;
/// assert_eq!((ours.encoding.codec, theirs.encoding.codec), (Codec::Pcma, Codec::Pcma));
/// assert_eq!((ours.remote, theirs.remote), (phone, turno));
///
/// // Hold: a later offer has only the agreed codec.
/// let (_, held) = leg.answer(&caller.offer(Direction::SendOnly), Direction::SendRecv, None)?;
/// assert_eq!(held.direction, Direction::RecvOnly);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Negotiation {
    local: SocketAddr,
    number: u64,
    version: u64,
    codecs: SmallVec<[Codec; 4]>,
    agreed: Option<Agreed>,
    /// The lines of our last body: our next offer keeps their number and order (RFC 3264, 8).
    lines: OurLines,
    srtp: SrtpNegotiation,
    /// ICE and DTLS, if the peer is a browser.
    #[serde(default)]
    pub(super) web: Option<Box<WebNegotiation>>,
    /// Where Opus stands in our SDP, if this leg may have it.
    #[serde(default)]
    pub(super) opus: Option<OpusPlace>,
}

/// Nearly every body has one line.
type OurLines = SmallVec<[OurLine; 1]>;

impl Negotiation {
    /// A leg that receives RTP at `local`, the address in our SDP; `number` is the session id in the origin line.
    pub fn new(local: SocketAddr, number: u64, codecs: &[Codec]) -> Self {
        Self {
            local,
            number,
            version: 0,
            codecs: codecs.into(),
            agreed: None,
            lines: OurLines::new(),
            srtp: SrtpNegotiation::default(),
            web: None,
            opus: None,
        }
    }

    /// Adds an SRTP policy, with the source of this leg's keys.
    #[must_use]
    pub fn with_srtp(mut self, policy: SrtpPolicy, mint: KeyMint) -> Self {
        self.srtp = SrtpNegotiation::new(policy, mint);
        self
    }

    /// For a browser: ICE and DTLS with a certificate of this fingerprint, in place of plain RTP and keys in the SDP.
    #[must_use]
    pub fn with_web(mut self, fingerprint: Fingerprint, mint: KeyMint) -> Self {
        self.web = Some(Box::new(WebNegotiation::new(fingerprint, mint)));
        self
    }

    /// Makes the first offer RTP/SAVP although the policy leaves encryption to the peer, for a phone known to accept
    /// nothing else.
    #[must_use]
    pub const fn insisting(mut self, insists: bool) -> Self {
        self.srtp.insist(insists);
        self
    }

    /// Our first offer with the other SDP profile: RTP/SAVP after RTP/AVP with keys, or the reverse. `None` if the
    /// policy allows only one, or if something is agreed. The flag is true for RTP/SAVP.
    pub fn offer_other_profile(&mut self, direction: Direction) -> Option<(Bytes, bool)> {
        if !self.srtp.has_two_ways() || self.agreed.is_some() {
            return None;
        }
        let insists = !self.srtp.insists();
        self.srtp.insist(insists);
        self.lines.clear();
        Some((self.offer(direction), insists))
    }

    /// Our offer with `direction`. After an agreement it has only the agreed codec.
    pub fn offer(&mut self, direction: Direction) -> Bytes {
        let (codecs, telephone_event): (Formats, _) = match &self.agreed {
            Some(Agreed { encoding, .. }) => {
                // Uses the payload types on which we receive (RFC 3264, 8.3.2).
                let ours = |named, theirs| encoding.heard.first(named).unwrap_or(theirs);
                let codec = ours(Named::Voice(encoding.codec), encoding.payload_type);
                let telephone_event =
                    encoding.telephone_event.map(|theirs| ours(Named::TelephoneEvent, theirs));
                (smallvec![(encoding.codec, codec)], telephone_event)
            }
            None => {
                let all = self.codecs.iter().map(|codec| (*codec, codec.payload_type())).collect();
                (all, Some(TELEPHONE_EVENT_TYPE))
            }
        };
        let mut lines = self.lines.clone();
        let before = lines.iter_mut().find(|line| matches!(line, OurLine::Audio { .. }));
        let line_srtp = match (&before, &self.agreed) {
            (Some(OurLine::Audio { line_srtp, .. }), Some(agreed)) => {
                SrtpNegotiation::again(line_srtp, agreed)
            }
            (Some(OurLine::Audio { line_srtp, .. }), None) => line_srtp.clone(),
            (Some(OurLine::Refused { .. }) | None, _) => self.srtp.offer(),
        };
        let feedback = match &before {
            Some(OurLine::Audio { feedback, .. }) => *feedback,
            Some(OurLine::Refused { .. }) | None => self.web.is_some(),
        };
        let web_before = match &before {
            Some(OurLine::Audio { web, .. }) => web.as_deref(),
            Some(OurLine::Refused { .. }) | None => None,
        };
        let web = self.web.as_ref().map(|web| Box::new(web.offer(web_before)));
        let local = self.local;
        let opus = OurOpus::offered(self.opus, self.agreed.as_ref().map(|agreed| &agreed.encoding));
        let audio =
            OurLine::Audio { local, codecs, telephone_event, direction, line_srtp, feedback, web, opus };
        match before {
            Some(line) => *line = audio,
            None => lines = smallvec![audio],
        }
        self.publish(lines)
    }

    /// Our answer to the peer's offer, with at most the directions `wanted`. `prefer` is the codec of the other leg: it
    /// is chosen if the peer offers it, else the first of the peer's codecs that this leg may use.
    ///
    /// # Errors
    /// The offer is not acceptable; the earlier agreement stays.
    pub fn answer(
        &mut self,
        offer: &[u8],
        wanted: Direction,
        prefer: Option<Codec>,
    ) -> Result<(Bytes, Agreed), Unacceptable> {
        let described = Described::read(offer)?;
        let mut chosen: Option<Agreed> = None;
        let mut refusal: Option<Unacceptable> = None;
        let mut lines = OurLines::new();
        // If one stream is offered for both IP families (RFC 4091), takes the line with an address that this leg can
        // reach.
        let is_reached = |line: &SdpLine<'_>| line.audio.as_ref().is_ok_and(|audio| self.reaches(audio));
        let first = described.lines.iter().position(is_reached).unwrap_or(0);
        for (place, line) in described.lines.into_iter().enumerate() {
            let usable = match line.audio {
                Ok(audio) if chosen.is_none() && place >= first => {
                    self.settle(&audio, wanted, prefer).map(|settled| (settled, audio.feedback))
                }
                Ok(_) => Err(Unacceptable::NoAudio),
                Err(Unacceptable::BadBrowser) if self.web.is_none() => Err(Unacceptable::NoBrowser),
                Err(why) => Err(why),
            };
            match usable {
                Ok(((agreed, line_srtp, web), feedback)) => {
                    lines.push(self.audio_line(&agreed, line_srtp, feedback, web));
                    chosen = Some(agreed);
                }
                Err(why) => {
                    // Keeps the most telling refusal: that of a line with audio.
                    refusal = refusal.filter(|kept| *kept != Unacceptable::NoAudio).or(Some(why));
                    lines.push(OurLine::Refused {
                        media: line.media.into_owned(),
                        proto: line.proto.into_owned(),
                        formats: line.formats.into_owned(),
                        mid: line.mid.filter(|_| self.web.is_some()),
                    });
                }
            }
        }
        let agreed = chosen.ok_or(refusal.unwrap_or(Unacceptable::NoAudio))?;
        self.agreed = Some(agreed);
        Ok((self.publish(lines), agreed))
    }

    /// Applies the peer's answer to our last offer.
    ///
    /// # Errors
    /// The answer can't be used; the earlier agreement stays.
    pub fn answered(&mut self, answer: &[u8]) -> Result<Agreed, Unacceptable> {
        let described = Described::read(answer)?;
        let ours = self.lines.iter().position(|line| matches!(line, OurLine::Audio { .. }));
        let place = ours.ok_or(Unacceptable::Mismatch)?;
        let OurLine::Audio { codecs, telephone_event, direction, line_srtp, opus, .. } = &self.lines[place]
        else {
            return Err(Unacceptable::Mismatch);
        };
        let theirs = described.lines.into_iter().nth(place).ok_or(Unacceptable::Mismatch)?;
        let mut audio = theirs.audio?;
        // A phone that repeats our payload types may omit their mappings.
        for number in core::mem::take(&mut audio.unmapped) {
            if let Some((named, _)) = named(codecs, *telephone_event, *opus).find(|(_, ours)| *ours == number)
            {
                audio.take(named, number);
            }
        }
        let offered = |codec: Codec| codecs.iter().any(|(ours, _)| *ours == codec);
        let (codec, payload_type) = *audio
            .codecs
            .iter()
            .find(|(codec, _)| offered(*codec))
            .ok_or(if audio.codecs.is_empty() { Unacceptable::NoCodec } else { Unacceptable::Mismatch })?;
        let heard = self.heard(named(codecs, *telephone_event, *opus), &audio);
        let opus = opus.and(audio.opus);
        let telephone_event = telephone_event.and(audio.telephone_event);
        let agreed = Agreed {
            remote: self.way_to(&audio),
            encoding: Encoding { codec, payload_type, telephone_event, heard, opus },
            direction: direction.limited_by(audio.direction),
            srtp: if audio.web.is_some() { None } else { self.srtp.answered(line_srtp, &audio)? },
        };
        match (&mut self.web, &audio.web) {
            (Some(web), Some(theirs)) => web.answered(theirs),
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(Unacceptable::Mismatch),
        }
        self.agreed = Some(agreed);
        Ok(agreed)
    }

    /// Our last body, unchanged.
    pub fn said(&self) -> Bytes {
        body(self.local.ip(), self.number, self.version, &self.lines)
    }

    /// Our RTP address, as in our SDP.
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// Whether the peer is a browser.
    pub const fn is_web(&self) -> bool {
        self.web.is_some()
    }

    /// What was agreed with a browser about ICE and DTLS.
    pub fn web_terms(&self) -> Option<WebTerms> {
        self.web.as_ref()?.terms()
    }

    /// The last agreement.
    pub fn agreed(&self) -> Option<&Agreed> {
        self.agreed.as_ref()
    }

    /// The agreement that we can make about an offered audio line.
    fn settle(
        &mut self,
        audio: &Audio,
        wanted: Direction,
        prefer: Option<Codec>,
    ) -> Result<(Agreed, LineSrtp, Option<Box<WebLine>>), Unacceptable> {
        let may = |codec: &Codec| self.codecs.contains(codec);
        let preferred = audio.codecs.iter().find(|(codec, _)| Some(*codec) == prefer && may(codec));
        // A browser's order is its maker's and nobody's wish, so ours decides: G.711 needs no transcoding.
        let theirs = |codec: &Codec| audio.codecs.iter().find(|(theirs, _)| theirs == codec);
        let ours = || self.codecs.iter().filter(|_| audio.web.is_some()).find_map(theirs);
        let (codec, payload_type) = *preferred
            .or_else(ours)
            .or_else(|| audio.codecs.iter().find(|(codec, _)| may(codec)))
            .ok_or(Unacceptable::NoCodec)?;
        let telephone_event = audio.telephone_event;
        let before = self.agreed.as_ref().and_then(|agreed| agreed.srtp);
        let (srtp, line_srtp) = match (&self.web, &audio.web) {
            (Some(_), Some(_)) => (None, LineSrtp::default()),
            (None, None) => self.srtp.answer(audio, before)?,
            (None, Some(_)) => return Err(Unacceptable::NoBrowser),
            // What came as a browser's leg stays one.
            (Some(_), None) => return Err(Unacceptable::Mismatch),
        };
        // Our answer repeats the peer's payload types (RFC 3264, 6.1), so we receive on them as well.
        let ours = telephone_event.map(|number| (Named::TelephoneEvent, number));
        let opus = self.opus.and(audio.opus);
        let ours = ours.into_iter().chain(opus.map(|number| (Named::Opus, number)));
        let heard = self.heard([(Named::Voice(codec), payload_type)].into_iter().chain(ours), audio);
        let agreed = Agreed {
            remote: self.way_to(audio),
            encoding: Encoding { codec, payload_type, telephone_event, heard, opus },
            direction: wanted.limited_by(audio.direction),
            srtp,
        };
        let web = self.web.as_mut().zip(audio.web.as_deref());
        Ok((agreed, line_srtp, web.map(|(web, theirs)| Box::new(web.answer(theirs)))))
    }

    /// Meanings of the payload types in the peer's packets: first by our present SDP, then by our earlier SDP, then by
    /// the peer's.
    fn heard(&self, ours: impl Iterator<Item = (Named, u8)>, audio: &Audio) -> Heard {
        let mut heard = Heard::default();
        ours.for_each(|(named, number)| heard.add(named, number));
        if let Some(before) = &self.agreed {
            before.encoding.heard.all().for_each(|(named, number)| heard.add(named, number));
        }
        let may = |named: &Named| *named != Named::Opus || self.opus.is_some();
        let theirs = audio.numbers.iter().filter(|(named, _)| may(named));
        theirs.for_each(|(named, number)| heard.add(*named, *number));
        heard.add_static();
        heard
    }

    /// Whether this leg can send to the peer's RTP address.
    fn reaches(&self, audio: &Audio) -> bool {
        let is_near = |remote: SocketAddr| remote.is_ipv4() == self.local.is_ipv4();
        audio.remote.is_some_and(is_near) || audio.is_nowhere() || audio.web.is_some()
    }

    /// The first address to send to. If this leg can't reach the peer's address, it is unspecified until the peer
    /// sends.
    fn way_to(&self, audio: &Audio) -> SocketAddr {
        let nowhere = if self.local.is_ipv4() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        } else {
            IpAddr::V6(Ipv6Addr::UNSPECIFIED)
        };
        let reached = audio.remote.filter(|remote| remote.is_ipv4() == self.local.is_ipv4());
        reached.unwrap_or(SocketAddr::new(nowhere, audio.port))
    }

    fn audio_line(
        &self,
        agreed: &Agreed,
        line_srtp: LineSrtp,
        feedback: bool,
        web: Option<Box<WebLine>>,
    ) -> OurLine {
        OurLine::Audio {
            local: self.local,
            codecs: smallvec![(agreed.encoding.codec, agreed.encoding.payload_type)],
            telephone_event: agreed.encoding.telephone_event,
            direction: agreed.direction,
            line_srtp,
            feedback,
            web,
            opus: self.opus.zip(agreed.encoding.opus).map(|(place, number)| OurOpus { number, place }),
        }
    }

    /// The version rises only if the content changes (RFC 3264, 8).
    fn publish(&mut self, lines: OurLines) -> Bytes {
        if self.version == 0 || lines != self.lines {
            self.version += 1;
            self.lines = lines;
        }
        body(self.local.ip(), self.number, self.version, &self.lines)
    }
}
