//! Writes a part: its head, sealed records, and a closing one.

use std::io::{self, Write};

use serde::Serialize;

use crate::chain::Link;
use crate::head::Head;
use crate::key::{FileKey, Fresh};
use crate::part::{Closing, Kind, Note, Parties, RECORD_HEAD_BYTES, beside};

/// A part that is being written. Each record goes out in one write and is flushed, so a kill can only tear the last.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    key: FileKey,
    head: Link,
    link: Link,
    records: u64,
}

impl<W: Write> Writer<W> {
    /// Writes the head. `fresh` is what the head's key was wrapped from.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(mut out: W, head: &Head, fresh: &Fresh) -> io::Result<Self> {
        let bytes = head.write();
        out.write_all(&bytes)?;
        out.flush()?;
        let link = Link::of_head(&bytes);
        Ok(Self { out, key: FileKey::new(&fresh.key), head: link, link, records: 0 })
    }

    /// Writes who talks.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn parties(&mut self, parties: &Parties) -> io::Result<()> {
        self.write_json(Kind::Parties, parties)
    }

    /// Writes frames of sound, of which the first has this number.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn sound(&mut self, first: u64, frames: &[u8]) -> io::Result<()> {
        let mut content = Vec::with_capacity(8 + frames.len() + 16);
        content.extend(first.to_be_bytes());
        content.extend_from_slice(frames);
        self.write(Kind::Sound, content)
    }

    /// Writes a note.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn note(&mut self, note: &Note) -> io::Result<()> {
        self.write_json(Kind::Note, note)
    }

    /// Writes the closing record; returns the last link of the chain.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn close(mut self, closing: &Closing) -> io::Result<(W, Link)> {
        self.write_json(Kind::Closing, closing)?;
        Ok((self.out, self.link))
    }

    fn write_json(&mut self, kind: Kind, content: &impl Serialize) -> io::Result<()> {
        self.write(kind, serde_json::to_vec(content)?)
    }

    fn write(&mut self, kind: Kind, mut content: Vec<u8>) -> io::Result<()> {
        let code = kind as u8;
        self.key.seal(self.records, &beside(self.head, code), &mut content);
        let length = u32::try_from(content.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let mut record = Vec::with_capacity(RECORD_HEAD_BYTES + content.len());
        record.push(code);
        record.extend(length.to_be_bytes());
        record.append(&mut content);
        self.out.write_all(&record)?;
        self.out.flush()?;
        self.link = self.link.after(&record);
        self.records += 1;
        Ok(())
    }
}
