//! The negotiation of one leg, over its whole life.

use std::net::SocketAddr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::codec::Codec;
use crate::command::{Direction, Encoding};
use crate::sdp::read::{Audio, Described};
use crate::sdp::shielding::Shielding;
use crate::sdp::write::{Formats, OurLine, Shield, body};
use crate::sdp::{Agreed, TELEPHONE_EVENT_TYPE, Unacceptable};
use crate::srtp::{KeyMint, SrtpPolicy};

/// The negotiation of one leg: remembers its origin line, its version and what was agreed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Negotiation {
    local: SocketAddr,
    number: u64,
    version: u64,
    codecs: SmallVec<[Codec; 4]>,
    agreed: Option<Agreed>,
    /// The lines of our last body: an offer of ours keeps their number and order (RFC 3264, 8).
    lines: OurLines,
    shielding: Shielding,
}

/// Nearly every body has one line.
type OurLines = SmallVec<[OurLine; 1]>;

impl Negotiation {
    /// A leg whose RTP arrives at `local` (the address to advertise); `number` is the origin's session id.
    pub fn new(local: SocketAddr, number: u64, codecs: &[Codec]) -> Self {
        Self {
            local,
            number,
            version: 0,
            codecs: codecs.into(),
            agreed: None,
            lines: OurLines::new(),
            shielding: Shielding::default(),
        }
    }

    /// The same leg with a policy for SRTP, and a mint of its own for its keys.
    #[must_use]
    pub fn with_srtp(mut self, policy: SrtpPolicy, mint: KeyMint) -> Self {
        self.shielding = Shielding::new(policy, mint);
        self
    }

    /// Our offer, wanting `direction`. After an agreement it repeats the agreed codec alone.
    pub fn offer(&mut self, direction: Direction) -> Bytes {
        let (codecs, telephone_event): (Formats, _) = match &self.agreed {
            Some(Agreed { encoding, .. }) => {
                (smallvec![(encoding.codec, encoding.payload_type)], encoding.telephone_event)
            }
            None => {
                let all = self.codecs.iter().map(|codec| (*codec, codec.payload_type())).collect();
                (all, Some(TELEPHONE_EVENT_TYPE))
            }
        };
        let mut lines = self.lines.clone();
        let before = lines.iter_mut().find(|line| matches!(line, OurLine::Audio { .. }));
        let shield = match (&before, &self.agreed) {
            (Some(OurLine::Audio { shield, .. }), Some(agreed)) => Shielding::again(shield, agreed),
            (Some(OurLine::Audio { shield, .. }), None) => shield.clone(),
            (Some(OurLine::Refused { .. }) | None, _) => self.shielding.offer(),
        };
        let audio = OurLine::Audio { local: self.local, codecs, telephone_event, direction, shield };
        match before {
            Some(line) => *line = audio,
            None => lines = smallvec![audio],
        }
        self.publish(lines)
    }

    /// Our answer to the peer's offer, allowing at most `wanted`; `prefer` is the codec that the other leg speaks: it
    /// is taken if the peer offers it, otherwise the first of the peer's that this leg may speak.
    ///
    /// # Errors
    /// The offer can't be met; what was agreed before stands.
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
        for line in described.lines {
            let usable = match line.audio {
                Ok(audio) if chosen.is_none() => self.settle(&audio, wanted, prefer),
                Ok(_) => Err(Unacceptable::NoAudio),
                Err(why) => Err(why),
            };
            match usable {
                Ok((agreed, shield)) => {
                    lines.push(self.audio_line(&agreed, shield));
                    chosen = Some(agreed);
                }
                Err(why) => {
                    // Of several refusals the most telling one is kept: that of a line which was audio at least.
                    refusal = refusal.filter(|kept| *kept != Unacceptable::NoAudio).or(Some(why));
                    lines.push(OurLine::Refused {
                        media: line.media.into_owned(),
                        proto: line.proto.into_owned(),
                        formats: line.formats.into_owned(),
                    });
                }
            }
        }
        let agreed = chosen.ok_or(refusal.unwrap_or(Unacceptable::NoAudio))?;
        self.agreed = Some(agreed);
        Ok((self.publish(lines), agreed))
    }

    /// Takes the peer's answer to our last offer.
    ///
    /// # Errors
    /// The answer can't be used; what was agreed before stands.
    pub fn answered(&mut self, answer: &[u8]) -> Result<Agreed, Unacceptable> {
        let described = Described::read(answer)?;
        let ours = self.lines.iter().position(|line| matches!(line, OurLine::Audio { .. }));
        let place = ours.ok_or(Unacceptable::Mismatch)?;
        let OurLine::Audio { codecs, telephone_event, direction, shield, .. } = &self.lines[place] else {
            return Err(Unacceptable::Mismatch);
        };
        let theirs = described.lines.get(place).ok_or(Unacceptable::Mismatch)?;
        let audio = theirs.audio.as_ref().map_err(|why| *why)?;
        self.reachable(audio)?;
        let offered = |codec: Codec| codecs.iter().any(|(ours, _)| *ours == codec);
        let (codec, payload_type) =
            *audio.codecs.iter().find(|(codec, _)| offered(*codec)).ok_or(Unacceptable::Mismatch)?;
        let telephone_event = telephone_event.and(audio.telephone_event);
        let agreed = Agreed {
            remote: audio.remote,
            encoding: Encoding { codec, payload_type, telephone_event },
            direction: both(*direction, audio.direction),
            srtp: self.shielding.answered(shield, audio)?,
        };
        self.agreed = Some(agreed);
        Ok(agreed)
    }

    /// What was agreed last.
    pub fn agreed(&self) -> Option<&Agreed> {
        self.agreed.as_ref()
    }

    /// What we can agree to of an offered audio line.
    fn settle(
        &mut self,
        audio: &Audio,
        wanted: Direction,
        prefer: Option<Codec>,
    ) -> Result<(Agreed, Shield), Unacceptable> {
        self.reachable(audio)?;
        let may = |codec: &Codec| self.codecs.contains(codec);
        let preferred = audio.codecs.iter().find(|(codec, _)| Some(*codec) == prefer && may(codec));
        let (codec, payload_type) = *preferred
            .or_else(|| audio.codecs.iter().find(|(codec, _)| may(codec)))
            .ok_or(Unacceptable::NoCodec)?;
        let telephone_event = audio.telephone_event;
        let before = self.agreed.as_ref().and_then(|agreed| agreed.srtp);
        let (srtp, shield) = self.shielding.answer(audio, before)?;
        let agreed = Agreed {
            remote: audio.remote,
            encoding: Encoding { codec, payload_type, telephone_event },
            direction: both(wanted, audio.direction),
            srtp,
        };
        Ok((agreed, shield))
    }

    fn reachable(&self, audio: &Audio) -> Result<(), Unacceptable> {
        let same_family = audio.remote.is_ipv4() == self.local.is_ipv4();
        if same_family || audio.remote.ip().is_unspecified() { Ok(()) } else { Err(Unacceptable::Address) }
    }

    fn audio_line(&self, agreed: &Agreed, shield: Shield) -> OurLine {
        OurLine::Audio {
            local: self.local,
            codecs: smallvec![(agreed.encoding.codec, agreed.encoding.payload_type)],
            telephone_event: agreed.encoding.telephone_event,
            direction: agreed.direction,
            shield,
        }
    }

    /// The version rises only when the content changed (RFC 3264, 8).
    fn publish(&mut self, lines: OurLines) -> Bytes {
        if self.version == 0 || lines != self.lines {
            self.version += 1;
            self.lines = lines;
        }
        body(self.local.ip(), self.number, self.version, &self.lines)
    }
}

/// What remains of our wish when the peer says `theirs` of its own side.
fn both(ours: Direction, theirs: Direction) -> Direction {
    match (ours.sends() && theirs.receives(), ours.receives() && theirs.sends()) {
        (true, true) => Direction::SendRecv,
        (true, false) => Direction::SendOnly,
        (false, true) => Direction::RecvOnly,
        (false, false) => Direction::Inactive,
    }
}
