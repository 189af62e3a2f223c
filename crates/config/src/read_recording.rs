//! Reads [recording], and what queues say of it.

use std::io;

use turno_ground::Secret;
use turno_model::plan::{QueueRecording, RecordingPlan, RetentionClass};

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::keys::recording::{RECORDING, is_key};
use crate::keys::site::DAY;
use crate::node::Kind;
use crate::open_file::notice_readable;
use crate::read_handling::read_phone_key;
use crate::reading::{Reading, list_words};
use crate::regular;
use crate::section::{Section, is_name, whole_of, wrong_type};
use crate::tables::Tables;
use crate::values::whole_range;

/// The class of retention where none is named.
const STANDARD: &str = "standard";

/// How long recordings are kept where no class is written.
const STANDARD_DAYS: u32 = 90;

/// Most bytes of a key file.
const KEY_FILE_BYTES_MAX: usize = 16 * 1024;

/// Most classes of retention.
const CLASSES_MAX: usize = 64;

/// Reads [recording]; `None` where it does not stand: nothing is recorded.
pub(crate) fn read_recording(reading: &mut Reading<'_>, tables: &Tables) -> Option<RecordingPlan> {
    if !tables.has_single("recording") {
        return None;
    }
    let section = tables.single(reading, "recording");
    let folder = section.text(reading, RECORDING.folder.name);
    let key_file = section.text(reading, RECORDING.key_file.name);
    if folder.is_none() && !section.has(RECORDING.folder.name) {
        section.missing(reading, RECORDING.folder.name, "the folder of the recordings");
    }
    if key_file.is_none() && !section.has(RECORDING.key_file.name) {
        section.missing(reading, RECORDING.key_file.name, "the file with the site's key");
    }
    let beside = reading.origin.folder.clone();
    let key_file = beside.join(key_file.unwrap_or_default());
    let keys = read_keys(reading, section, &key_file);
    Some(RecordingPlan {
        folder: beside.join(folder.unwrap_or_default()),
        form: RECORDING.format.read(reading, section),
        keys,
        key_file,
        digits_pause: RECORDING.digits_pause.read(reading, section),
        pause_key: read_phone_key(reading, section, RECORDING.pause_key.name),
        classes: read_classes(reading, section),
    })
}

fn read_keys(reading: &mut Reading<'_>, section: Section<'_>, file: &std::path::Path) -> Secret {
    let name = RECORDING.key_file.name;
    if !section.has(name) {
        return Secret::default();
    }
    let place = section.place_of(name);
    let found = match regular::open(file).and_then(io::read_to_string) {
        Ok(text) if text.len() > KEY_FILE_BYTES_MAX => {
            format!("{} is longer than {KEY_FILE_BYTES_MAX} bytes", file.display())
        }
        Ok(text) => {
            let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            if lines.clone().next().is_some() && lines.all(is_key) {
                notice_readable(reading, place, file);
                return Secret::new(text);
            }
            format!("{} does not hold keys of 64 hexadecimal digits, one a line", file.display())
        }
        Err(error) => format!("{} can't be read: {error}", file.display()),
    };
    let expected = "a file with a key, made by `openssl rand -hex 32` and readable by turno's user alone";
    reading.fault(FaultKind::Password, place, found, expected);
    Secret::default()
}

/// `classes = { standard = 90, complaints = 730 }`.
fn read_classes(reading: &mut Reading<'_>, section: Section<'_>) -> Vec<RetentionClass> {
    let class = |name: &str, days: u32| RetentionClass { name: name.to_owned(), kept: DAY * days };
    let mut classes = Vec::new();
    for (key, node) in section.table(reading, RECORDING.classes.name) {
        let days = whole_of(reading, node, "days", RECORDING.classes.value.0, None);
        if is_name(reading, key.place, &key.name)
            && let Some(days) = days
        {
            classes.push(class(&key.name, days));
        }
    }
    if classes.len() > CLASSES_MAX {
        let found = format!("{} classes", classes.len());
        let place = section.place_of(RECORDING.classes.name);
        reading.fault(FaultKind::OutOfRange, place, found, format!("at most {CLASSES_MAX}"));
    }
    if classes.is_empty() {
        classes.push(class(STANDARD, STANDARD_DAYS));
    }
    classes
}

/// `"never"`, `"demand"` or how many in a hundred.
pub(crate) fn read_queue_recording(reading: &mut Reading<'_>, section: Section<'_>) -> QueueRecording {
    let name = QUEUE.recording.name;
    let expected = "`\"never\"`, `\"demand\"`, or how many talks in a hundred, 1 to 100";
    let Some(node) = section.field(name) else { return QueueRecording::Never };
    match &node.kind {
        Kind::Text(word) if word == "never" => QueueRecording::Never,
        Kind::Text(word) if word == "demand" => QueueRecording::Demand,
        Kind::Text(word) => {
            let nearest = crate::nearest::nearest(word, ["never", "demand"]).map(str::to_owned);
            let found = format!("`{name}` is `{word}`");
            reading.fault(FaultKind::UnknownValue, node.place, found, expected).nearest = nearest;
            QueueRecording::Never
        }
        Kind::Whole(_) => {
            let percent = whole_of(reading, node, name, whole_range(1..=100, "in a hundred"), None);
            let percent = percent.and_then(|percent| u8::try_from(percent).ok());
            percent.map_or(QueueRecording::Never, QueueRecording::Percent)
        }
        Kind::Real | Kind::Flag(_) | Kind::List(_) | Kind::Table(_) => {
            wrong_type(reading, node, name, expected);
            QueueRecording::Never
        }
    }
}

/// The class of retention of a queue: one of the plan's, by default its first.
pub(crate) fn read_queue_class(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    plan: Option<&RecordingPlan>,
) -> String {
    let name = QUEUE.recording_class.name;
    let first = plan.and_then(|plan| plan.classes.first()).map_or(STANDARD, |class| class.name.as_str());
    let Some(class) = section.text(reading, name) else { return first.to_owned() };
    if let Some(plan) = plan
        && plan.classes.iter().all(|known| known.name != class)
    {
        let known: Vec<&str> = plan.classes.iter().map(|known| known.name.as_str()).collect();
        let found = format!("[recording] has no class `{class}`");
        let expected = format!("one of {}", list_words(&known));
        reading.fault(FaultKind::UnknownName, section.place_of(name), found, expected).nearest =
            crate::nearest::nearest(class, known.iter().copied()).map(str::to_owned);
    }
    class.to_owned()
}
