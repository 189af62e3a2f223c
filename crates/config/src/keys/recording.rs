//! The keys of [recording].

use turno_model::plan::{RecordingPlan, SoundForm};

use crate::key::keys;
use crate::told::{Pairs, Said};
use crate::values::{Span, minutes, secs, span, whole_range};
use crate::words::{Levels, Own, REQUIRED, Word, own, word};

const FORMS: [(&str, SoundForm); 2] = [("opus", SoundForm::Opus), ("wav", SoundForm::Wav)];

keys! {
    /// The keys of [recording].
    RECORDING: RecordingKeys of RecordingPlan beside { key_file, keys, classes, pause_key } {
        /// the folder of the recordings, with a folder for each day; turno makes it
        folder: Own = REQUIRED, start { told folder };
        /// `opus`: about 4 kB a second of both sides, exported as Ogg. `wav`: A-law at 8 kHz, 16 kB a second, exported as WAV
        format: Word<SoundForm> = word(&FORMS, SoundForm::Opus), start { told form };
        /// the file with the site's keys, 64 hexadecimal digits a line. The first one seals new recordings; the others still
        /// open old ones. Nobody but turno's user may read it, and without it no recording can be heard
        key_file: Own = REQUIRED, start { by |_, recording| key_file(recording) };
        /// how long the recording stays paused after the last digit that the caller keys; 0s: digits pause nothing
        digits_pause: Span = span(secs(5), secs(0)..=minutes(5)), reload { told digits_pause };
        /// the key on the agent's phone that pauses the recording during a talk, and lets it go on
        pause_key: Own = own("none", "one of 0 to 9, `*`, `#`"), reload {
            by |_, recording| recording.pause_key.map(|key| Said(key.to_string()))
        };
        /// how many days recordings are kept, by class: `{ standard = 90, complaints = 730 }`
        classes: Levels = Levels(whole_range(1..=36_500, "days")), start { by |_, recording| classes(recording) };
    }
}

/// The key file, and how many keys are in it: never a key.
fn key_file(recording: &RecordingPlan) -> Said {
    let keys = recording.keys.reveal().lines().filter(|line| is_key(line)).count();
    Said(format!("{}, keys: {keys}", recording.key_file.display()))
}

fn classes(recording: &RecordingPlan) -> Pairs {
    let days = |class: &turno_model::plan::RetentionClass| class.kept.as_secs() / 86_400;
    Pairs(
        recording.classes.iter().map(|class| (class.name.clone(), format!("{} days", days(class)))).collect(),
    )
}

/// Whether a line of a key file is a key.
pub(crate) fn is_key(line: &str) -> bool {
    let line = line.trim();
    line.len() == 64 && line.chars().all(|sign| sign.is_ascii_hexdigit())
}
