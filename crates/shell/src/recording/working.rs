//! The recorder's thread: takes orders and pieces, and writes.

use core::time::Duration;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::Ordering;

use turno_engine::{RecordingEvent, RecordingOrder, RecordingSheet};
use turno_ground::Moment;
use turno_media::{TapeReader, Taped};
use turno_media_plan::StreamId;
use turno_model::plan::SoundForm;
use turno_model::{RecordingId, RecordingLoss};
use turno_recording::head::Form;
use turno_recording::key::SiteKeys;

use crate::clock::Clock;
use crate::engine_thread::inbox::EngineMessage;
use crate::media::voices::Voices;
use crate::process::threads::thread;
use crate::recording::messages::{discard, load};
use crate::recording::open_file::{Ended, Lost, OpenFile, close_afterwards, closed_before};
use crate::recording::purging::purge;
use crate::recording::recorder::RecorderParts;
use crate::recording::shelf::Shelf;

/// Pieces on the tape: 1.6 seconds of 200 recorded talks.
pub(crate) const TAPE_PIECES_MAX: usize = 32_768;

/// How often frames are encoded and written.
const WRITE_INTERVAL: Duration = Duration::from_millis(100);

/// Most pieces taken between two looks at the orders.
const PIECES_PER_TURN: usize = 512;

/// How often recordings that are due are deleted.
const PURGE_INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// The state of the thread.
pub(crate) struct Working {
    parts: RecorderParts,
    tape: TapeReader,
    voices: Voices,
    clock: Clock,
    keys: SiteKeys,
    shelf: Shelf,
    form: Form,
    open: BTreeMap<RecordingId, OpenFile>,
    by_recorder: BTreeMap<StreamId, RecordingId>,
    /// How far the engine's clock is ahead of the media thread's, in microseconds: the least that was seen.
    ahead: Option<i64>,
    write_at: Moment,
    purge_at: Moment,
}

impl Working {
    pub(crate) fn new(
        parts: RecorderParts,
        (tape, voices): (TapeReader, Voices),
        clock: Clock,
        keys: SiteKeys,
    ) -> Self {
        let form = match parts.plan.form {
            SoundForm::Opus => Form::Opus,
            SoundForm::Wav => Form::Wav,
        };
        let shelf = Shelf::new(parts.plan.folder.clone());
        let now = clock.now();
        Self {
            parts,
            tape,
            voices,
            clock,
            keys,
            shelf,
            form,
            open: BTreeMap::new(),
            by_recorder: BTreeMap::new(),
            ahead: None,
            write_at: now,
            purge_at: now,
        }
    }

    /// Works until it must stop; then everything that was heard is written, and open recordings stay open for the next
    /// run.
    pub(crate) fn run(mut self) {
        while self.turn() {}
        let now = self.clock.now();
        self.write(now);
        for file in self.open.values_mut() {
            // The gap is said by the part that follows.
            let _ = file.flush();
        }
    }

    /// One turn; false if it must stop.
    pub(crate) fn turn(&mut self) -> bool {
        let must_stop = self.parts.must_stop();
        while let Ok(order) = self.parts.orders.try_recv() {
            self.obey(order);
        }
        if let Some(piece) = self.tape.wait(Duration::from_millis(10)) {
            self.hear(&piece);
            for _ in 0..PIECES_PER_TURN {
                let Some(piece) = self.tape.next() else { break };
                self.hear(&piece);
            }
        }
        let now = self.clock.now();
        if self.write_at <= now {
            self.write_at = now + WRITE_INTERVAL;
            self.note_dropped();
            self.write(now);
        }
        if self.purge_at <= now {
            self.begin_purge(now);
        }
        !must_stop
    }

    fn obey(&mut self, order: RecordingOrder) {
        match order {
            RecordingOrder::Write(sheet) => {
                let recording = sheet.recording;
                if let Err(lost) = self.take_sheet(&sheet) {
                    self.lose(recording, &lost);
                }
            }
            RecordingOrder::Close { recording, began } => self.close(recording, began),
            RecordingOrder::Purge => self.begin_purge(self.clock.now()),
            RecordingOrder::Discard { recording, contact, began } => {
                if discard(&self.shelf, recording, began) {
                    self.tell(RecordingEvent::Purged { recording, contact });
                }
            }
            RecordingOrder::Load { recording, began } => {
                let inbox = self.parts.inbox.clone();
                let message = (self.shelf.clone(), self.keys.clone(), recording, began);
                load(message, self.voices.clone(), move |event| {
                    inbox.post(EngineMessage::Recording(event));
                });
            }
        }
        self.parts.gauges.open.store(self.open.len() as u64, Ordering::Relaxed);
    }

    fn take_sheet(&mut self, sheet: &RecordingSheet) -> Result<(), Lost> {
        let now = self.clock.now();
        if !self.open.contains_key(&sheet.recording) {
            let with = (&self.shelf, &self.keys, self.form);
            self.open.insert(sheet.recording, OpenFile::begin(sheet, with, now)?);
        }
        let Some(file) = self.open.get_mut(&sheet.recording) else { return Ok(()) };
        if let Some(before) = file.recorder() {
            self.by_recorder.remove(&before);
        }
        file.take(sheet, now)?;
        if let Some(recorder) = file.recorder() {
            self.by_recorder.insert(recorder, sheet.recording);
        }
        Ok(())
    }

    fn close(&mut self, recording: RecordingId, began: Moment) {
        // What was said until now is on the tape.
        while let Some(piece) = self.tape.next() {
            self.hear(&piece);
        }
        let open = self.take_out(recording);
        let with = (&self.shelf, &self.keys);
        let closed = match open {
            Some(file) => {
                self.parts.gauges.late.fetch_add(file.late(), Ordering::Relaxed);
                file.close(self.clock.now())
            }
            None => match closed_before(with, recording, began) {
                Ok(Some(closed)) => Ok(closed),
                Ok(None) => close_afterwards(with, recording, began),
                Err(error) => Err(error.into()),
            },
        };
        match closed {
            Ok(Ended { length, missing, voiced, hash }) => {
                self.tell(RecordingEvent::Closed { recording, length, missing, voiced, hash });
            }
            Err(lost) => self.lose(recording, &lost),
        }
    }

    fn take_out(&mut self, recording: RecordingId) -> Option<OpenFile> {
        let file = self.open.remove(&recording)?;
        if let Some(recorder) = file.recorder() {
            self.by_recorder.remove(&recorder);
        }
        Some(file)
    }

    fn hear(&mut self, piece: &Taped) {
        let now = self.clock.now().as_micros();
        let ahead = now.cast_signed().wrapping_sub(piece.at.as_micros().cast_signed());
        let ahead = *self.ahead.insert(self.ahead.map_or(ahead, |least| least.min(ahead)));
        let at = Moment::from_micros(piece.at.as_micros().saturating_add_signed(ahead));
        let recording = self.by_recorder.get(&piece.recorder);
        if let Some(file) = recording.and_then(|recording| self.open.get_mut(recording)) {
            file.hear(piece, at);
        }
    }

    fn write(&mut self, now: Moment) {
        let (mut lost, mut silent) = (Vec::new(), Vec::new());
        for (recording, file) in &mut self.open {
            let before = self.clock.now();
            match file.write(now) {
                Ok(bytes) => {
                    let took = self.clock.now().since(before).as_micros();
                    self.parts.gauges.wrote(bytes, u64::try_from(took).unwrap_or(u64::MAX));
                }
                Err(why) => lost.push((*recording, why)),
            }
            if file.take_silence() {
                silent.push(*recording);
            }
        }
        for (recording, why) in lost {
            self.lose(recording, &why);
        }
        for recording in silent {
            self.tell(RecordingEvent::Silent { recording });
        }
    }

    /// Notes in every open recording that pieces found the tape full: nobody knows whose they were.
    fn note_dropped(&mut self) {
        let all = self.tape.dropped();
        let pieces = all - self.parts.gauges.dropped.swap(all, Ordering::Relaxed);
        if pieces == 0 || self.open.is_empty() {
            return;
        }
        // A talk has two pieces for each 20 ms.
        let own = Duration::from_millis(pieces * 10 / self.open.len() as u64);
        let noted: Vec<_> = self
            .open
            .iter_mut()
            .filter_map(|(id, file)| Some((*id, file.dropped(pieces, own).err()?)))
            .collect();
        for (recording, why) in noted {
            self.lose(recording, &why);
        }
    }

    fn lose(&mut self, recording: RecordingId, why: &Lost) {
        let length = self.take_out(recording).map_or(Duration::ZERO, |file| file.length());
        let loss = match why {
            Lost::Disk(error) if is_full(error) => RecordingLoss::DiskFull,
            Lost::Disk(error) => {
                tracing::error!(recording = recording.0, %error, "a recording can't be written");
                RecordingLoss::Disk
            }
            Lost::Encoder => RecordingLoss::Encoder,
        };
        self.tell(RecordingEvent::Lost { recording, length, loss });
    }

    fn tell(&self, event: RecordingEvent) {
        self.parts.inbox.post(EngineMessage::Recording(event));
    }

    /// Deletes what is due, on a thread of its own: it reads many files.
    fn begin_purge(&mut self, now: Moment) {
        self.purge_at = now + PURGE_INTERVAL;
        let (plan, inbox) = (self.parts.plan.clone(), self.parts.inbox.clone());
        let begun = thread("turno-purge", move || {
            purge(&plan, now, |event| {
                inbox.post(EngineMessage::Recording(event));
            });
        });
        if let Err(error) = begun {
            tracing::error!(%error, "recordings that are due can't be deleted now");
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
