//! A simulated disk: the journal's bytes outlive the engine, unless they are removed while it writes.

use std::collections::BTreeMap;

use bytes::Bytes;
use turno_ground::Moment;
use turno_journal::{Amiss, Content, Fold, Mark, Thing, Writer, amiss, read};
use turno_model::{RowKey, Step};

use crate::action::Loss;

/// A segment of this size is folded into a checkpoint.
const FILE_BYTES_MAX: usize = 256 * 1024;

/// A checkpoint and the segment after it, as bytes; and the rows that they must hold.
#[derive(Debug)]
pub(crate) struct Disk {
    writer: Writer,
    number: u64,
    checkpoint: Vec<u8>,
    bytes: Vec<u8>,
    /// The rows as they were given, without reading the bytes.
    images: BTreeMap<RowKey, Bytes>,
    is_full: bool,
    /// What was removed while the engine writes.
    lost: Option<Lost>,
}

/// Something was removed.
#[derive(Clone, Copy, Debug)]
struct Lost {
    loss: Loss,
    /// Whether turno has checked since and did not notice it.
    is_passed_over: bool,
}

/// The mark of an open folder or file, as created.
const HELD: Mark = Mark { device: 1, number: 1, length: 0, is_open_to_owner: true };
/// The size that a segment has from the beginning.
const ROOM: u64 = 1 << 20;

impl Disk {
    /// An empty disk.
    pub(crate) fn new(now: Moment) -> Self {
        let mut disk = Self {
            writer: Writer::new(0),
            number: 0,
            checkpoint: Vec::new(),
            bytes: Vec::new(),
            images: BTreeMap::new(),
            is_full: false,
            lost: None,
        };
        disk.begin(&Fold::new(), now);
        disk
    }

    /// Writes a step, if there is room.
    pub(crate) fn write(&mut self, step: &Step) {
        if self.is_full {
            return;
        }
        self.remember(step);
        let frame = self.frame(step);
        self.bytes.extend_from_slice(&frame);
        if self.bytes.len() > FILE_BYTES_MAX {
            let (fold, _) = self.fold();
            self.begin(&fold, step.at);
        }
    }

    /// Power is lost while a step is written: this many bytes of it are on the disk.
    pub(crate) fn tear(&mut self, step: &Step, bytes: usize) {
        if !self.is_full {
            let frame = self.frame(step);
            let torn = &frame[..bytes.min(frame.len().saturating_sub(1))];
            self.bytes.extend_from_slice(torn);
        }
    }

    /// From now on nothing can be written.
    pub(crate) fn fills_up(&mut self) {
        self.is_full = true;
    }

    /// There is room again. The content is old, so a running engine must write everything again.
    pub(crate) fn is_emptied(&mut self, lives: bool, now: Moment) -> bool {
        let was_full = core::mem::replace(&mut self.is_full, false) && lives;
        if was_full {
            self.begins_anew(now);
        }
        was_full
    }

    /// Starts an empty journal: all rows are about to be written again.
    fn begins_anew(&mut self, now: Moment) {
        self.lost = None;
        self.images.clear();
        self.begin(&Fold::new(), now);
    }

    /// Something is removed while the engine runs.
    pub(crate) fn loses(&mut self, loss: Loss) {
        self.lost = Some(Lost { loss, is_passed_over: false });
    }

    /// turno checks whether a restart would find what is written. If something is missing, the journal starts again.
    pub(crate) fn is_looked_at(&mut self, now: Moment) -> Option<Amiss> {
        let lost = self.lost.as_mut()?;
        let seen = lost.loss.is_seen();
        match &seen {
            Some(_) => self.begins_anew(now),
            None => lost.is_passed_over = true,
        }
        seen
    }

    /// Whether a restart might not find the state, and turno has not noticed it yet or could not.
    pub(crate) fn is_unsafe(&self) -> bool {
        self.is_full || self.lost.is_some_and(|lost| !lost.is_passed_over)
    }

    /// Whether nothing can be written.
    pub(crate) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// The rows as they were given.
    pub(crate) const fn images(&self) -> &BTreeMap<RowKey, Bytes> {
        &self.images
    }

    /// What a restart reads, and the last recorded moment.
    pub(crate) fn is_read(&self) -> (Fold, Moment) {
        self.fold()
    }

    /// Begins a new checkpoint and segment with what was read.
    pub(crate) fn goes_on(&mut self, read: &Fold, now: Moment) {
        self.lost = None;
        self.begin(read, now);
    }

    fn fold(&self) -> (Fold, Moment) {
        let mut fold = Fold::new();
        let mut until = Moment::default();
        for (bytes, is_checkpoint) in [(&self.checkpoint, true), (&self.bytes, false)] {
            if self.lost.is_some_and(|lost| lost.loss.takes(is_checkpoint)) {
                continue;
            }
            let reading = read(bytes, self.number);
            assert!(!is_checkpoint || reading.faults.is_empty(), "{:?}", reading.faults);
            assert!(reading.faults.len() <= 1, "one torn tail is all that is wrong: {:?}", reading.faults);
            until = reading.header.map_or(until, |header| until.max(header.created));
            for frame in &reading.frames {
                until = until.max(frame.at);
                fold.take(&frame.entry);
            }
        }
        (fold, until)
    }

    /// Begins a checkpoint and a new segment after it.
    fn begin(&mut self, fold: &Fold, now: Moment) {
        self.number += 1;
        self.writer = Writer::new(0);
        self.writer.begin(Content::Checkpoint, self.number, now);
        fold.write(&mut self.writer, now).expect("there are no books, and no image is too long");
        self.checkpoint = self.writer.bytes().to_vec();
        self.writer = Writer::new(0);
        self.writer.begin(Content::Segment, self.number, now);
        self.bytes = self.writer.bytes().to_vec();
        self.writer.clear();
    }

    fn frame(&mut self, step: &Step) -> Vec<u8> {
        self.writer.step(step).expect("no step is too long");
        let frame = self.writer.bytes().to_vec();
        self.writer.clear();
        frame
    }

    fn remember(&mut self, step: &Step) {
        for name in &step.gone {
            self.images.remove(name);
        }
        for kept in &step.kept {
            self.images.insert(kept.name, kept.form.clone());
        }
    }
}

impl Loss {
    /// Whether this loss takes the checkpoint, or the segment.
    const fn takes(self, is_checkpoint: bool) -> bool {
        match self {
            Self::Folder | Self::FolderForAnother => true,
            Self::Segment | Self::SegmentIsCut => !is_checkpoint,
            Self::Checkpoint => is_checkpoint,
        }
    }

    /// What turno reports when it checks.
    fn is_seen(self) -> Option<Amiss> {
        let file = Mark { length: ROOM, ..HELD };
        match self {
            Self::Folder => amiss(&Thing::Folder, HELD, None),
            Self::FolderForAnother => amiss(&Thing::Folder, HELD, Some(Mark { number: 2, ..HELD })),
            Self::Segment => amiss(&Thing::File("segment".to_owned()), file, None),
            Self::SegmentIsCut => {
                amiss(&Thing::File("segment".to_owned()), file, Some(Mark { length: 100, ..file }))
            }
            Self::Checkpoint => amiss(&Thing::File("checkpoint".to_owned()), file, None),
        }
    }
}
