//! One recording that is being written.

use core::time::Duration;
use std::fs::File;
use std::io;

use turno_engine::RecordingSheet;
use turno_ground::Moment;
use turno_media::Taped;
use turno_media_plan::StreamId;
use turno_model::RecordingId;
use turno_recording::coder::Coder;
use turno_recording::frame::{Rate, Side, span};
use turno_recording::head::{About, Form, Head};
use turno_recording::key::{Fresh, SiteKeys};
use turno_recording::opened::Opened;
use turno_recording::part::{Closing, Happened, Note, Part, Parties};
use turno_recording::timeline::{Piece, STEPS_PER_SECOND, Timeline};
use turno_recording::voice::{VoiceMeter, voiced};
use turno_recording::writer::Writer;

use crate::recording::shelf::Shelf;

/// Frames of one record: half a second.
const FRAMES_PER_RECORD: usize = 25;

/// A recording whose part is open.
pub(crate) struct OpenFile {
    began: Moment,
    writer: Writer<File>,
    timeline: Timeline,
    coder: Coder,
    caller: Option<StreamId>,
    recorder: Option<StreamId>,
    /// Encoded frames of the next record, and the number of the first.
    encoded: Vec<u8>,
    first: u64,
    frames: usize,
    missing: Duration,
    /// For a message.
    listens: Option<Listens>,
}

/// Listens for the voice in a message.
struct Listens {
    meter: VoiceMeter,
    /// The silence that is told.
    silence: Duration,
    /// How much voice earlier runs heard.
    before: Duration,
}

/// What is known of a recording whose files are closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) length: Duration,
    pub(crate) missing: Duration,
    /// How long a voice was heard, of a message.
    pub(crate) voiced: Duration,
    /// The last hash of its chain.
    pub(crate) hash: [u8; 32],
}

/// A recording can't be written on.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The disk.
    Disk(io::Error),
    /// The encoder.
    Encoder,
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl OpenFile {
    /// Begins a recording, or goes on with one of an earlier run in a further part.
    pub(crate) fn begin(
        sheet: &RecordingSheet,
        (shelf, keys, form): (&Shelf, &SiteKeys, Form),
        now: Moment,
    ) -> Result<Self, Lost> {
        let before = Before::read(shelf, keys, sheet.recording, sheet.began)?;
        let at = if before.parts == 0 { 0 } else { frame_at(sheet.began, now) };
        let gap = span(at.saturating_sub(before.frames));
        let fresh = fresh()?;
        let head = Head {
            about: About {
                recording: sheet.recording,
                contact: sheet.contact,
                agent: sheet.agent.clone(),
                queue: sheet.queue.clone(),
                class: sheet.class.clone(),
                began: sheet.began,
            },
            part: before.parts + 1,
            form,
            key: keys.wrap(&fresh),
            before: Head::before_text(before.link),
            gap: if before.parts == 0 { Duration::ZERO } else { gap },
        };
        let file = shelf.make(sheet.recording, sheet.began, head.part)?;
        let mut writer = Writer::begin(file, &head, &fresh)?;
        writer.parties(&Parties { caller: sheet.caller.0.clone() })?;
        let missing = before.missing + head.gap;
        Ok(Self {
            began: sheet.began,
            writer,
            timeline: Timeline::new(at.max(before.frames)),
            coder: Coder::new(form).map_err(|_| Lost::Encoder)?,
            caller: None,
            recorder: None,
            encoded: Vec::new(),
            first: 0,
            frames: 0,
            missing,
            listens: sheet.message.map(|message| Listens {
                meter: VoiceMeter::default(),
                silence: message.silence,
                before: before.voiced,
            }),
        })
    }

    /// Takes another sheet: whose sound goes into it now.
    pub(crate) fn take(&mut self, sheet: &RecordingSheet, now: Moment) -> Result<(), Lost> {
        let before = self.recorder;
        (self.recorder, self.caller) =
            sheet.sound.map_or((None, None), |it| (Some(it.recorder), Some(it.caller)));
        let what = match (before, self.recorder) {
            (Some(_), None) => Happened::Paused,
            (None, Some(_)) => Happened::Resumed,
            (Some(_), Some(_)) | (None, None) => return Ok(()),
        };
        let frame = frame_at(self.began, now);
        self.writer.note(&Note { frame, what })?;
        Ok(())
    }

    /// The recorder in the bridge whose pieces are its sound.
    pub(crate) const fn recorder(&self) -> Option<StreamId> {
        self.recorder
    }

    /// Takes a piece; `at` is its moment by the engine's clock.
    pub(crate) fn hear(&mut self, piece: &Taped, at: Moment) {
        let Some(rate) = Rate::of(piece.rate) else { return };
        let side = if Some(piece.speaker) == self.caller { Side::Caller } else { Side::Agent };
        self.timeline.put(Piece {
            side,
            speaker: piece.speaker.0,
            at: steps(at.since(self.began)),
            timestamp: piece.timestamp,
            rate,
            samples: piece.samples(),
        });
    }

    /// Encodes what waits no longer, and writes whole records. Returns the bytes written.
    pub(crate) fn write(&mut self, now: Moment) -> Result<u64, Lost> {
        let now = steps(now.since(self.began));
        let frames: Vec<_> = self.timeline.frames_until(now).collect();
        self.encode(frames)
    }

    fn encode(&mut self, frames: Vec<turno_recording::frame::Frame>) -> Result<u64, Lost> {
        let mut bytes = 0;
        for frame in frames {
            if self.frames == 0 {
                self.first = frame.number;
            }
            if let Some(listens) = &mut self.listens {
                listens.meter.hear(&frame.sides[Side::Caller.index()]);
            }
            self.coder.encode(&frame, &mut self.encoded).map_err(|_| Lost::Encoder)?;
            self.frames += 1;
            if self.frames == FRAMES_PER_RECORD {
                bytes += self.flush()?;
            }
        }
        Ok(bytes)
    }

    /// Writes the frames of an unfinished record.
    pub(crate) fn flush(&mut self) -> Result<u64, Lost> {
        if self.frames == 0 {
            return Ok(0);
        }
        self.writer.sound(self.first, &self.encoded)?;
        let bytes = self.encoded.len() as u64;
        self.encoded.clear();
        self.frames = 0;
        Ok(bytes)
    }

    /// Notes that pieces of any recordings found the tape full; `own` is about this one's part of it.
    pub(crate) fn dropped(&mut self, pieces: u64, own: Duration) -> Result<(), Lost> {
        self.missing += own;
        let frame = self.timeline.next();
        self.writer.note(&Note { frame, what: Happened::Dropped(pieces) })?;
        Ok(())
    }

    /// Whether nobody has spoken into a message for as long as its sheet says; then the silence counts anew.
    pub(crate) fn take_silence(&mut self) -> bool {
        let Some(listens) = &mut self.listens else { return false };
        let is_silent = listens.meter.silent() >= listens.silence;
        if is_silent {
            listens.meter.listen_anew();
        }
        is_silent
    }

    /// Pieces that came after their time.
    pub(crate) const fn late(&self) -> u64 {
        self.timeline.late()
    }

    /// How much has been written.
    pub(crate) fn length(&self) -> Duration {
        span(self.timeline.next())
    }

    /// Writes the rest and closes the part.
    pub(crate) fn close(mut self, now: Moment) -> Result<Ended, Lost> {
        let until = steps(now.since(self.began));
        let frames: Vec<_> = self.timeline.rest(until).collect();
        self.encode(frames)?;
        self.flush()?;
        let frames = self.timeline.next();
        let (file, link) = self.writer.close(&Closing { frames, missing: self.missing })?;
        if self.listens.is_some() {
            // The caller has been thanked for the message. This thread may wait for the disk.
            file.sync_all()?;
        }
        let voiced = self.listens.map_or(Duration::ZERO, |it| it.before + it.meter.voiced());
        Ok(Ended { length: span(frames), missing: self.missing, voiced, hash: link.0 })
    }
}

/// What earlier runs wrote of a recording.
struct Before {
    parts: u32,
    frames: u64,
    missing: Duration,
    /// How much voice there is, in a message.
    voiced: Duration,
    link: Option<[u8; 32]>,
}

impl Before {
    fn read(shelf: &Shelf, keys: &SiteKeys, recording: RecordingId, began: Moment) -> io::Result<Self> {
        let mut before =
            Self { parts: 0, frames: 0, missing: Duration::ZERO, voiced: Duration::ZERO, link: None };
        for path in shelf.parts(recording, began) {
            let bytes = std::fs::read(path)?;
            let part = Part::read(&bytes).map_err(io::Error::other)?;
            before.parts += 1;
            before.missing += part.head.gap;
            before.link = Some(part.last_link().0);
            let opened = Opened::read(core::slice::from_ref(&part), keys).map_err(io::Error::other)?;
            before.frames = before.frames.max(opened.frames.len() as u64);
            if part.head.about.agent.is_empty() {
                before.voiced += voiced(&opened);
            }
        }
        Ok(before)
    }
}

/// The answer for a recording whose files are closed already; `None` if they are not.
pub(crate) fn closed_before(
    (shelf, keys): (&Shelf, &SiteKeys),
    recording: RecordingId,
    began: Moment,
) -> io::Result<Option<Ended>> {
    let Some(last) = shelf.parts(recording, began).pop() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let bytes = std::fs::read(last)?;
    let part = Part::read(&bytes).map_err(io::Error::other)?;
    if !part.is_closed() {
        return Ok(None);
    }
    let hash = part.last_link().0;
    let opened = Opened::read(&[part], keys).map_err(io::Error::other)?;
    let Some(closing) = opened.closing else { return Ok(None) };
    let voiced = Before::read(shelf, keys, recording, began)?.voiced;
    Ok(Some(Ended { length: span(closing.frames), missing: closing.missing, voiced, hash }))
}

/// Closes the files of a recording whose talk ended while turno did not run.
pub(crate) fn close_afterwards(
    (shelf, keys): (&Shelf, &SiteKeys),
    recording: RecordingId,
    began: Moment,
) -> Result<Ended, Lost> {
    let before = Before::read(shelf, keys, recording, began)?;
    let first = shelf.parts(recording, began).into_iter().next();
    let first = first.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let head = super::shelf::head_of(&first)?;
    let fresh = fresh()?;
    let head = Head {
        part: before.parts + 1,
        key: keys.wrap(&fresh),
        before: Head::before_text(before.link),
        gap: Duration::ZERO,
        ..head
    };
    let file = shelf.make(recording, began, head.part)?;
    let writer = Writer::begin(file, &head, &fresh)?;
    let closing = Closing { frames: before.frames, missing: before.missing };
    let (_, link) = writer.close(&closing)?;
    let (length, missing, voiced) = (span(before.frames), before.missing, before.voiced);
    Ok(Ended { length, missing, voiced, hash: link.0 })
}

/// Random bytes for a new file, from the operating system.
fn fresh() -> io::Result<Fresh> {
    let mut fresh = Fresh { key: [0; 32], nonce: [0; 12] };
    for bytes in [fresh.key.as_mut_slice(), fresh.nonce.as_mut_slice()] {
        let mut filled = 0;
        while filled < bytes.len() {
            filled += rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty())?;
        }
    }
    Ok(fresh)
}

fn steps(span: Duration) -> u64 {
    u64::try_from(span.as_micros() * u128::from(STEPS_PER_SECOND) / 1_000_000).unwrap_or(u64::MAX)
}

fn frame_at(began: Moment, now: Moment) -> u64 {
    steps(now.since(began)) / (STEPS_PER_SECOND / 50)
}
