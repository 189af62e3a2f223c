//! Messages of callers: read for the agents who hear them, and deleted when a caller does not want to leave one.

use std::fs;
use std::io;

use turno_engine::RecordingEvent;
use turno_ground::Moment;
use turno_media::Sound;
use turno_media_plan::SoundId;
use turno_model::RecordingId;
use turno_recording::key::SiteKeys;
use turno_recording::opened::Opened;
use turno_recording::part::Part;
use turno_recording::voice::spoken;

use crate::media::voices::Voices;
use crate::process::threads::thread;
use crate::recording::shelf::Shelf;

/// Reads a message and lends its sound to the media plane, on a thread of its own: a long one takes a while to decode.
pub(crate) fn load(
    message: (Shelf, SiteKeys, RecordingId, Moment),
    voices: Voices,
    tell: impl Fn(RecordingEvent) + Clone + Send + 'static,
) {
    let recording = message.2;
    let told = tell.clone();
    let begun = thread("turno-message", move || {
        let (shelf, keys, recording, began) = message;
        let read = read(&shelf, &keys, recording, began);
        let is_lent = match &read {
            Ok(sound) => voices.lend(SoundId(recording.0), sound),
            Err(error) => {
                tracing::error!(recording = recording.0, %error, "a message can't be read");
                false
            }
        };
        told(if is_lent {
            RecordingEvent::Loaded { recording }
        } else {
            RecordingEvent::NotLoaded { recording }
        });
    });
    if let Err(error) = begun {
        tracing::error!(%error, "no thread to read a message");
        tell(RecordingEvent::NotLoaded { recording });
    }
}

/// What a caller has said, without the silence at its end.
pub(crate) fn read(
    shelf: &Shelf,
    keys: &SiteKeys,
    recording: RecordingId,
    began: Moment,
) -> io::Result<Sound> {
    let bytes: Vec<Vec<u8>> =
        shelf.parts(recording, began).iter().map(fs::read).collect::<io::Result<_>>()?;
    let parts: Vec<Part<'_>> =
        bytes.iter().map(|bytes| Part::read(bytes)).collect::<Result<_, _>>().map_err(io::Error::other)?;
    if parts.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let opened = Opened::read(&parts, keys).map_err(io::Error::other)?;
    let (rate, samples) = opened.samples();
    Ok(Sound::new(rate.hertz(), spoken(&samples, rate.per_frame())))
}

/// Deletes the files of a recording. What can't be deleted now goes when its class says.
pub(crate) fn discard(shelf: &Shelf, recording: RecordingId, began: Moment) -> bool {
    let mut is_gone = true;
    for path in shelf.parts(recording, began) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::error!(%error, path = %path.display(), "a message that nobody wants can't be deleted");
            is_gone = false;
        }
    }
    is_gone
}
