//! WAV files with two channels of 16-bit samples: the caller on the left, the agent on the right.

use std::io::{self, Write};

use crate::frame::Rate;

/// Writes a WAV file of samples, left and right in turn.
///
/// # Errors
/// Those of the writer, and [`io::ErrorKind::FileTooLarge`] beyond the 4 GiB that WAV can express.
pub fn write(out: &mut impl Write, rate: Rate, samples: &[i16]) -> io::Result<()> {
    let bytes = u32::try_from(samples.len() * 2).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let riff = bytes.checked_add(36).ok_or(io::ErrorKind::FileTooLarge)?;
    out.write_all(b"RIFF")?;
    out.write_all(&riff.to_le_bytes())?;
    out.write_all(b"WAVEfmt ")?;
    out.write_all(&16u32.to_le_bytes())?;
    // Linear PCM, two channels.
    out.write_all(&[1, 0, 2, 0])?;
    out.write_all(&rate.hertz().to_le_bytes())?;
    out.write_all(&(rate.hertz() * 4).to_le_bytes())?;
    // Four bytes a sample of both, sixteen bits each.
    out.write_all(&[4, 0, 16, 0])?;
    out.write_all(b"data")?;
    out.write_all(&bytes.to_le_bytes())?;
    let mut all = Vec::with_capacity(samples.len() * 2);
    all.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    out.write_all(&all)
}
