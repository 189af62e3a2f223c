//! `turno recording play` and `export`: decrypted sound, and what it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write, stdout};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use turno_recording::frame::span;
use turno_recording::head::{Form, Head};
use turno_recording::key::{SiteKeys, hex};
use turno_recording::opened::Opened;
use turno_recording::{ogg, wav};

use crate::exit::Exit;
use crate::recording::found::{Trouble, one, open};
use crate::recording::list::clock;

/// Writes a recording as WAV.
pub(crate) fn play(folder: &Path, keys: &SiteKeys, digits: &str, to: Option<&Path>) -> Result<Exit, Trouble> {
    let (_, parts) = one(folder, digits)?;
    let (_, opened, _) = open(&parts, keys)?;
    let (rate, samples) = opened.samples();
    let written = match to {
        Some(path) => make(path).and_then(|file| wav::write(&mut BufWriter::new(file), rate, &samples)),
        None => wav::write(&mut BufWriter::new(stdout().lock()), rate, &samples),
    };
    written.map_err(|error| Trouble::new(to.unwrap_or_else(|| Path::new("standard output")), error))?;
    Ok(Exit::Done)
}

/// Decrypts a recording into a folder, with a text that says what it is.
pub(crate) fn export(folder: &Path, keys: &SiteKeys, digits: &str, to: &Path) -> Result<Exit, Trouble> {
    let (recording, parts) = one(folder, digits)?;
    let (head, opened, hash) = open(&parts, keys)?;
    fs::create_dir_all(to).map_err(|error| Trouble::new(to, error))?;
    let ending = match opened.form {
        Form::Opus => "ogg",
        Form::Wav => "wav",
    };
    let sound = to.join(format!("recording-{}.{ending}", recording.0));
    let about = to.join(format!("recording-{}.txt", recording.0));
    write_sound(&sound, &head, &opened).map_err(|error| Trouble::new(&sound, error))?;
    let text = describe(&head, &opened, hash);
    make(&about)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Trouble::new(&about, error))?;
    let _ = writeln!(stdout().lock(), "{}\n{}", sound.display(), about.display());
    Ok(Exit::Done)
}

fn write_sound(path: &Path, head: &Head, opened: &Opened) -> io::Result<()> {
    let mut out = BufWriter::new(make(path)?);
    match opened.form {
        Form::Opus => {
            let comments = [
                format!("TITLE=recording {}", head.about.recording.0),
                format!("ARTIST={}", head.about.agent),
                format!("DATE={}", clock(head.about.began)),
            ];
            let serial = head.about.recording.0 as u32;
            ogg::write(&mut out, serial, &comments, opened.frames.iter().cloned())?;
        }
        Form::Wav => {
            let (rate, samples) = opened.samples();
            wav::write(&mut out, rate, &samples)?;
        }
    }
    out.flush()
}

fn describe(head: &Head, opened: &Opened, hash: [u8; 32]) -> String {
    let about = &head.about;
    let missing = opened.closing.map_or(opened.gaps, |closing| closing.missing);
    let mut text = format!(
        "recording {}\ncontact   {}\nqueue     {}\nagent     {}\ncaller    {}\nclass     {}\nbegan     {} UTC\n\
         length    {:.1} s\nmissing   {:.1} s\nhash      {}\nsides     left: the caller; right: the agent\n",
        about.recording.0,
        about.contact.0,
        about.queue,
        if about.agent.is_empty() { "none: a message of the caller" } else { &about.agent },
        opened.caller,
        about.class,
        clock(about.began),
        span(opened.frames.len() as u64).as_secs_f64(),
        missing.as_secs_f64(),
        hex(&hash)
    );
    for note in &opened.notes {
        text += &format!("note      {:.1} s: {:?}\n", span(note.frame).as_secs_f64(), note.what);
    }
    text
}

/// A file that only its owner may read: it is decrypted.
fn make(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}
