//! The recorder's files: what it writes can be verified, a further run goes on, and a full disk costs recordings only.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};

use turno_engine::{RecordedSound, RecordingEvent, RecordingSheet};
use turno_ground::{Moment, Pii, Secret};
use turno_media_plan::StreamId;
use turno_model::plan::{RecordingPlan, RetentionClass, SoundForm};
use turno_model::{ContactId, RecordingId};
use turno_recording::chain::Link;
use turno_recording::head::Form;
use turno_recording::key::SiteKeys;
use turno_recording::opened::Opened;
use turno_recording::part::{Happened, Part};
use turno_recording::verify::verify;

use crate::recording::open_file::{Ended, Lost, OpenFile, close_afterwards, closed_before};
use crate::recording::purging::purge;
use crate::recording::shelf::{Shelf, day_of};

const RECORDING: RecordingId = RecordingId(1_796_000_000_000_009);
const BEGAN: Moment = Moment::from_secs(1_796_000_000);

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-recorder-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn keys() -> SiteKeys {
    SiteKeys::parse(&"5a".repeat(32)).expect("a key")
}

fn sheet(is_paused: bool) -> RecordingSheet {
    let sound = RecordedSound { recorder: StreamId(3), caller: StreamId(1) };
    RecordingSheet {
        recording: RECORDING,
        contact: ContactId(7),
        agent: "ana".to_owned(),
        queue: "taxes".to_owned(),
        class: "standard".to_owned(),
        began: BEGAN,
        caller: Pii("0991234567".to_owned()),
        sound: (!is_paused).then_some(sound),
        message: None,
    }
}

fn at(millis: u64) -> Moment {
    BEGAN + Duration::from_millis(millis)
}

fn begin(shelf: &Shelf, now: Moment) -> OpenFile {
    let mut file = OpenFile::begin(&sheet(true), (shelf, &keys(), Form::Wav), now).expect("a disk with room");
    file.take(&sheet(false), now).expect("a disk with room");
    file
}

fn read(parts: &[PathBuf]) -> Vec<Vec<u8>> {
    parts.iter().map(|path| fs::read(path).expect("a part")).collect()
}

fn findings(parts: &[PathBuf], hash: [u8; 32]) -> usize {
    let bytes = read(parts);
    let parts: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    verify(&parts, &keys(), Some(Link(hash))).len()
}

#[test]
fn a_talk_that_a_restart_interrupted_is_one_recording_with_a_known_gap() {
    let folder = Folder::new("restart");
    let shelf = Shelf::new(folder.0.clone());
    let mut file = begin(&shelf, at(0));
    file.write(at(5_200)).expect("a disk with room");
    // The process is killed: nothing is closed.
    drop(file);
    let mut file = begin(&shelf, at(8_000));
    file.take(&sheet(true), at(9_000)).expect("a disk with room");
    file.take(&sheet(false), at(9_500)).expect("a disk with room");
    let Ended { length, missing, hash, .. } = file.close(at(10_000)).expect("a disk with room");
    assert_eq!((length, missing), (Duration::from_secs(10), Duration::from_secs(3)));
    let parts = shelf.parts(RECORDING, BEGAN);
    assert_eq!((parts.len(), findings(&parts, hash)), (2, 0));
    let bytes = read(&parts);
    let parts: Vec<Part<'_>> = bytes.iter().map(|bytes| Part::read(bytes).expect("a part")).collect();
    let opened = Opened::read(&parts, &keys()).expect("its key");
    assert_eq!((opened.caller.as_str(), opened.frames.len()), ("0991234567", 500));
    let paused = opened.notes.iter().find(|note| note.what == Happened::Paused).map(|note| note.frame);
    assert_eq!(paused, Some(450));
    assert!(!String::from_utf8_lossy(&bytes.concat()).contains("0991234567"), "numbers are sealed");
}

#[test]
fn a_talk_that_ended_while_turno_was_away_is_closed_once() {
    let folder = Folder::new("away");
    let shelf = Shelf::new(folder.0.clone());
    let keys = keys();
    let mut file = begin(&shelf, at(0));
    file.write(at(2_200)).expect("a disk with room");
    drop(file);
    assert!(closed_before((&shelf, &keys), RECORDING, BEGAN).expect("its parts").is_none());
    let Ended { length, hash, .. } =
        close_afterwards((&shelf, &keys), RECORDING, BEGAN).expect("a disk with room");
    assert_eq!((length, findings(&shelf.parts(RECORDING, BEGAN), hash)), (Duration::from_secs(2), 0));
    let again = closed_before((&shelf, &keys), RECORDING, BEGAN).expect("its parts");
    assert_eq!(again.map(|it| it.hash), Some(hash), "asked again, it says the same");
    let other = closed_before((&shelf, &keys), RecordingId(5), BEGAN);
    assert!(other.is_err(), "one of which nothing was written is lost");
}

#[test]
fn a_disk_that_takes_nothing_is_told_and_not_waited_for() {
    // Bad input: the folder is a file, so no part can be made.
    let folder = Folder::new("no-folder");
    fs::write(&folder.0, "a file").expect("a file");
    let shelf = Shelf::new(folder.0.clone());
    let begun = OpenFile::begin(&sheet(false), (&shelf, &keys(), Form::Opus), at(0));
    assert!(matches!(begun.err(), Some(Lost::Disk(_))));
    fs::remove_file(&folder.0).expect("it was made");
}

#[test]
fn recordings_are_deleted_when_their_class_says_and_no_sooner() {
    let folder = Folder::new("purge");
    let shelf = Shelf::new(folder.0.clone());
    let _ = begin(&shelf, at(0)).close(at(1_000)).expect("a disk with room");
    let plan = RecordingPlan {
        folder: folder.0.clone(),
        form: SoundForm::Wav,
        key_file: PathBuf::new(),
        keys: Secret::default(),
        digits_pause: Duration::ZERO,
        pause_key: None,
        classes: vec![RetentionClass { name: "standard".to_owned(), kept: Duration::from_secs(10 * 86_400) }],
    };
    let mut told = Vec::new();
    purge(&plan, BEGAN + Duration::from_secs(9 * 86_400), |event| told.push(event));
    assert!(told.is_empty() && shelf.parts(RECORDING, BEGAN).len() == 1);
    purge(&plan, BEGAN + Duration::from_secs(11 * 86_400), |event| told.push(event));
    assert_eq!(told, [RecordingEvent::Purged { recording: RECORDING, contact: ContactId(7) }]);
    assert!(!Path::new(&folder.0).join(day_of(BEGAN)).exists(), "an empty day goes too");
}

#[test]
fn the_day_of_a_moment_is_that_of_the_calendar() {
    assert_eq!(day_of(Moment::from_secs(0)), "1970-01-01");
    assert_eq!(day_of(Moment::from_secs(951_782_400)), "2000-02-29");
    assert_eq!(day_of(Moment::from_secs(1_795_964_058)), "2026-11-29");
}
