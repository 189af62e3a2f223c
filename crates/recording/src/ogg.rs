//! Ogg files with Opus (RFC 7845): the caller on the left, the agent on the right, each a mono stream of its own.

use std::io::{self, Write};

use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use opus_rs::{Application, OpusEncoder};

use crate::decoder::Encoded;

/// Samples at 48 kHz that a player leaves out at the beginning: Opus's look-ahead (RFC 7845, 4.2).
const PRE_SKIP: u16 = 312;

/// Samples at 48 kHz of a frame.
const GRANULES_PER_FRAME: u64 = 960;

/// Frames of a page: a second.
const FRAMES_PER_PAGE: usize = 50;

/// Writes an Ogg file of a recording's frames. Each of `comments` is `NAME=value`.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: impl Write,
    serial: u32,
    comments: &[String],
    frames: impl Iterator<Item = Encoded>,
) -> io::Result<()> {
    let mut pages = PacketWriter::new(out);
    pages.write_packet(identification(), serial, PacketWriteEndInfo::EndPage, 0)?;
    pages.write_packet(tags(comments), serial, PacketWriteEndInfo::EndPage, 0)?;
    let silence = silence();
    let mut frames = frames.peekable();
    let (mut granule, mut on_page) = (u64::from(PRE_SKIP), 0);
    while let Some(frame) = frames.next() {
        granule += GRANULES_PER_FRAME;
        on_page += 1;
        let end = if frames.peek().is_none() {
            PacketWriteEndInfo::EndStream
        } else if on_page == FRAMES_PER_PAGE {
            on_page = 0;
            PacketWriteEndInfo::EndPage
        } else {
            PacketWriteEndInfo::NormalPacket
        };
        pages.write_packet(packet(&frame, &silence), serial, end, granule)?;
    }
    Ok(())
}

/// The identification header (RFC 7845, 5.1): channel mapping family 1, two streams, none of them coupled.
fn identification() -> Vec<u8> {
    let mut packet = b"OpusHead\x01\x02".to_vec();
    packet.extend(PRE_SKIP.to_le_bytes());
    packet.extend(16_000u32.to_le_bytes());
    packet.extend([0, 0, 1, 2, 0, 0, 1]);
    packet
}

/// The comment header (RFC 7845, 5.2).
fn tags(comments: &[String]) -> Vec<u8> {
    let mut packet = b"OpusTags".to_vec();
    let mut text = |text: &str| {
        packet.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        packet.extend(text.as_bytes());
    };
    text("turno");
    packet.extend(u32::try_from(comments.len()).unwrap_or(u32::MAX).to_le_bytes());
    for comment in comments {
        packet.extend(u32::try_from(comment.len()).unwrap_or(u32::MAX).to_le_bytes());
        packet.extend(comment.as_bytes());
    }
    packet
}

/// Both sides in one packet: the first one is told its length (RFC 6716, appendix B).
fn packet(frame: &Encoded, silence: &[u8]) -> Vec<u8> {
    let side = |bytes: &[u8]| if bytes.is_empty() { silence.to_vec() } else { bytes.to_vec() };
    let (left, right) = (side(&frame.sides[0]), side(&frame.sides[1]));
    let (toc, voice) = left.split_first().map_or((0, [].as_slice()), |(toc, voice)| (*toc, voice));
    let mut packet = vec![toc];
    // RFC 6716, 3.2.1: one byte up to 251, two beyond.
    match u8::try_from(voice.len()) {
        Ok(length) if length < 252 => packet.push(length),
        Ok(_) | Err(_) => {
            let first = 252 + (voice.len() & 3);
            packet.push(first as u8);
            packet.push(((voice.len() - first) / 4) as u8);
        }
    }
    packet.extend_from_slice(voice);
    packet.extend_from_slice(&right);
    packet
}

/// A packet of silence, as an encoder settles on it.
fn silence() -> Vec<u8> {
    let mut packet = vec![0; 256];
    let Ok(mut encoder) = OpusEncoder::new(8_000, 1, Application::Voip) else { return vec![0] };
    encoder.bitrate_bps = 6_000;
    let mut length = 1;
    for _ in 0..4 {
        length = encoder.encode_i16(&[0; 160], 160, &mut packet).unwrap_or(1);
    }
    packet.truncate(length);
    packet
}
