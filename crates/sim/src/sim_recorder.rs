//! A simulated recorder: it has no sound, remembers what it was told, and answers late, badly or never.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use turno_engine::{RecordedSound, RecordingEvent, RecordingOrder};
use turno_ground::{Moment, Rng};
use turno_media_plan::StreamId;
use turno_model::{ContactId, RecordingId, RecordingLoss};

/// The recorder of a world.
#[derive(Debug)]
pub(crate) struct SimRecorder {
    /// What was last told of each recording that is not closed.
    told: BTreeMap<RecordingId, Told>,
    /// Recordings whose files are closed: asked again, it answers again.
    closed: BTreeSet<RecordingId>,
    answers: BTreeMap<(Moment, u64), RecordingEvent>,
    answered: u64,
    rng: Rng,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    contact: ContactId,
    began: Moment,
    sound: Option<RecordedSound>,
    is_message: bool,
}

impl SimRecorder {
    /// A recorder without files; it has an Rng of its own, so that the rest of a seed stays the same.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            told: BTreeMap::new(),
            closed: BTreeSet::new(),
            answers: BTreeMap::new(),
            answered: 0,
            rng: Rng::new(seed ^ 0x7265_636f_7264),
        }
    }

    /// Executes an order of the engine.
    pub(crate) fn obey(&mut self, order: RecordingOrder, now: Moment) {
        match order {
            RecordingOrder::Write(sheet) => {
                assert!(!self.closed.contains(&sheet.recording), "{sheet:?} is closed");
                let is_message = sheet.message.is_some();
                let told =
                    Told { contact: sheet.contact, began: sheet.began, sound: sheet.sound, is_message };
                let is_new = self.told.insert(sheet.recording, told).is_none();
                if is_new && self.rng.below(20) == 0 {
                    let loss = RecordingLoss::DiskFull;
                    let lost =
                        RecordingEvent::Lost { recording: sheet.recording, length: Duration::ZERO, loss };
                    self.answer(lost, now);
                } else if is_new && is_message {
                    let after = Duration::from_micros(self.rng.below(40_000_000));
                    self.answer(RecordingEvent::Silent { recording: sheet.recording }, now + after);
                }
            }
            RecordingOrder::Close { recording, began } => {
                let told = self.told.remove(&recording);
                assert!(told.is_none_or(|told| told.began == began), "{recording:?} began otherwise");
                self.closed.insert(recording);
                // Once in a while the disk stands, and the engine must not wait for ever.
                if self.rng.below(30) > 0 {
                    let length = now.since(began);
                    let missing = Duration::ZERO;
                    // Some messages are a few words, or none.
                    let voiced = length.mul_f64(0.8);
                    let hash = [7; 32];
                    self.answer(RecordingEvent::Closed { recording, length, missing, voiced, hash }, now);
                }
            }
            RecordingOrder::Discard { recording, contact, began: _ } => {
                self.answer(RecordingEvent::Purged { recording, contact }, now);
            }
            RecordingOrder::Load { recording, began: _ } => {
                // Once in a while the disk does not give it back.
                let is_loaded = self.rng.below(20) > 0;
                let loaded = RecordingEvent::Loaded { recording };
                let answer = if is_loaded { loaded } else { RecordingEvent::NotLoaded { recording } };
                self.answer(answer, now);
            }
            RecordingOrder::Purge => {
                if let Some(&recording) = self.closed.first() {
                    self.answer(RecordingEvent::Purged { recording, contact: ContactId(1) }, now);
                }
            }
        }
    }

    fn answer(&mut self, event: RecordingEvent, now: Moment) {
        self.answered += 1;
        let late = Duration::from_micros(self.rng.below(3_000_000));
        self.answers.insert((now + late, self.answered), event);
    }

    /// The next answer for the engine at `now`.
    pub(crate) fn due(&mut self, now: Moment) -> Option<RecordingEvent> {
        let entry = self.answers.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }

    /// The engine is about to learn that a recording is lost: it will say nothing more of it.
    pub(crate) fn is_told(&mut self, event: &RecordingEvent) {
        if let RecordingEvent::Lost { recording, .. } = event {
            self.told.remove(recording);
        }
    }

    /// When [`Self::due`] has an answer.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.answers.keys().next().map(|(at, _)| *at)
    }

    /// The process ends: what it would have answered is lost, and the files stay.
    pub(crate) fn dies(&mut self) {
        self.answers.clear();
        self.told.clear();
    }

    /// Whether this is the message of a caller.
    pub(crate) fn is_message(&self, recording: RecordingId) -> bool {
        self.told.get(&recording).is_some_and(|told| told.is_message)
    }

    /// The recorders that must be in bridges, with their contacts.
    pub(crate) fn recorders(&self) -> BTreeMap<StreamId, (RecordingId, ContactId)> {
        let sounding = self.told.iter().filter_map(|(recording, told)| Some((recording, told, told.sound?)));
        sounding.map(|(recording, told, sound)| (sound.recorder, (*recording, told.contact))).collect()
    }

    /// The recording into which this stream's peer talks as the caller.
    pub(crate) fn of_caller(&self, stream: StreamId) -> Option<RecordingId> {
        let is_its = |told: &Told| !told.is_message && told.sound.is_some_and(|sound| sound.caller == stream);
        let mut told = self.told.iter();
        told.find(|(_, told)| is_its(told)).map(|(recording, _)| *recording)
    }
}
