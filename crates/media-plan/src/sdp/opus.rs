//! Opus beside the codec of a leg: never alone, since music, mixes and trunks have G.711.

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;
use crate::encoding::Named;
use crate::sdp::{Negotiation, OPUS_TYPE};

/// Where Opus stands in our SDP. A peer sends what stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpusPlace {
    /// Before the codec: the other leg has Opus too, and voice is passed on as it is.
    First,
    /// Behind it: the other leg has none, or is not known yet.
    Last,
}

/// Opus in our line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OurOpus {
    /// Its payload type.
    pub(crate) number: u8,
    pub(crate) place: OpusPlace,
}

impl OurOpus {
    /// Its line in an offer; `None` if it was not agreed.
    pub(crate) fn offered(place: Option<OpusPlace>, agreed: Option<&Encoding>) -> Option<Self> {
        let number = match agreed {
            None => OPUS_TYPE,
            Some(encoding) => {
                encoding.heard.first(Named::Opus).or(encoding.opus).filter(|_| encoding.opus.is_some())?
            }
        };
        Some(Self { number, place: place? })
    }
}

impl Negotiation {
    /// Adds Opus, at this place in our SDP.
    #[must_use]
    pub const fn with_opus(mut self, place: Option<OpusPlace>) -> Self {
        self.opus = place;
        self
    }

    /// Puts Opus at another place of the SDP that comes next, if this leg may have it.
    pub const fn put_opus(&mut self, place: OpusPlace) {
        if self.opus.is_some() {
            self.opus = Some(place);
        }
    }

    /// Where Opus stands in our SDP; `None`: nowhere.
    pub const fn opus(&self) -> Option<OpusPlace> {
        self.opus
    }
}

/// Whether a body has Opus. Nothing else of it is read.
pub fn has_opus(body: &[u8]) -> bool {
    const OPUS: &[u8] = b" opus/48000/2";
    body.windows(OPUS.len()).any(|word| word.eq_ignore_ascii_case(OPUS))
}
