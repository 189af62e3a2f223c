//! A recording whose parts were opened: its sound in order, who talked, and what happened to it.

use core::time::Duration;

use crate::decoder::{Decoder, Encoded, split};
use crate::frame::Rate;
use crate::head::Form;
use crate::key::{KeyRefused, SiteKeys};
use crate::part::{Closing, Kind, Note, Part, Parties, beside};

/// Most frames of a recording: a day.
const FRAMES_MAX: u64 = 24 * 3_600 * 50;

/// A recording, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The form of its sound.
    pub form: Form,
    /// The caller's number.
    pub caller: String,
    /// Its frames from the beginning of the talk; what is missing is silence.
    pub frames: Vec<Encoded>,
    /// What happened to it.
    pub notes: Vec<Note>,
    /// The closing record of the last part; `None` if it has none.
    pub closing: Option<Closing>,
    /// How much is missing between its parts.
    pub gaps: Duration,
}

impl Opened {
    /// Opens the parts of one recording, in order. What can't be opened is silence: [`crate::verify::verify`] names it.
    ///
    /// # Errors
    /// [`KeyRefused`] if the key of a part can't be used.
    pub fn read(parts: &[Part<'_>], keys: &SiteKeys) -> Result<Self, KeyRefused> {
        let mut opened = Self {
            form: parts.first().map_or(Form::Opus, |part| part.head.form),
            caller: String::new(),
            frames: Vec::new(),
            notes: Vec::new(),
            closing: None,
            gaps: Duration::ZERO,
        };
        for part in parts {
            let key = keys.unwrap(&part.head.key)?;
            opened.gaps += part.head.gap;
            opened.closing = None;
            for (number, record) in (0..).zip(&part.records) {
                let content = key.open(number, &beside(part.head_link, record.code), record.sealed);
                if let Some((kind, content)) = record.kind.zip(content) {
                    opened.take(kind, &content);
                }
            }
        }
        Ok(opened)
    }

    fn take(&mut self, kind: Kind, content: &[u8]) {
        match kind {
            Kind::Parties => {
                if let Ok(parties) = serde_json::from_slice::<Parties>(content) {
                    self.caller = parties.caller;
                }
            }
            Kind::Sound => self.take_sound(content),
            Kind::Note => self.notes.extend(serde_json::from_slice::<Note>(content)),
            Kind::Closing => self.closing = serde_json::from_slice(content).ok(),
        }
    }

    fn take_sound(&mut self, content: &[u8]) {
        let Some((first, frames)) = content.split_first_chunk::<8>() else { return };
        let first = u64::from_be_bytes(*first);
        let Some(frames) = split(frames).filter(|_| first < FRAMES_MAX) else { return };
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        if self.frames.len() < first {
            self.frames.resize(first, Encoded::default());
        }
        self.frames.truncate(first);
        self.frames.extend(frames);
    }

    /// The samples of both sides, left and right in turn, with their rate.
    pub fn samples(&self) -> (Rate, Vec<i16>) {
        let mut decoder = Decoder::new(self.form);
        let mut samples = Vec::with_capacity(self.frames.len() * decoder.rate().per_frame() * 2);
        for frame in &self.frames {
            decoder.decode(frame, &mut samples);
        }
        (decoder.rate(), samples)
    }
}
