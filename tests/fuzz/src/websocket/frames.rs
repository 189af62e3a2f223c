//! Frames of WebSockets (RFC 6455, 5): a reader that is short rather than fast, and a maker of frames that are nearly right.

use crate::raw::Raw;

/// Longest frame, and message.
const BYTES_MAX: usize = 65_535;

/// All frames of an input together.
const SENT_BYTES_MAX: usize = 256 * 1_024;

/// How a stream of frames ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing more came.
    Quiet,
    /// By a close frame.
    Closed,
    /// A rule was broken.
    Broken,
}

/// One frame.
struct Frame {
    is_last: bool,
    opcode: u8,
    payload: Vec<u8>,
}

/// The whole messages in a stream, up to its end.
pub(super) fn read(stream: &[u8], are_masked: bool) -> (Vec<Vec<u8>>, End) {
    let mut rest = stream;
    let mut messages = Vec::new();
    let mut begun: Option<(bool, Vec<u8>)> = None;
    loop {
        let frame = match frame(&mut rest, are_masked) {
            Ok(Some(frame)) => frame,
            Ok(None) => return (messages, End::Quiet),
            Err(Broken) => return (messages, End::Broken),
        };
        let Frame { is_last, opcode, payload } = frame;
        match (opcode, begun.is_some()) {
            (8, _) => {
                let is_right = payload.is_empty() || payload.get(2..).is_some_and(is_text);
                return (messages, if is_right { End::Closed } else { End::Broken });
            }
            (9 | 10, _) => continue,
            (1 | 2, false) => begun = Some((opcode == 1, payload)),
            (0, true) => {
                if let Some((_, message)) = &mut begun {
                    message.extend(payload);
                }
            }
            _ => return (messages, End::Broken),
        }
        let Some((is_words, message)) = &begun else { continue };
        if message.len() > BYTES_MAX || (*is_words && !may_be_text(message)) {
            return (messages, End::Broken);
        }
        if is_last && let Some((is_words, message)) = begun.take() {
            if is_words && !is_text(&message) {
                return (messages, End::Broken);
            }
            messages.push(message);
        }
    }
}

/// A rule of frames was broken.
struct Broken;

/// The next frame, whose bytes are taken from `rest`; `None`: it is not whole.
fn frame(rest: &mut &[u8], is_masked: bool) -> Result<Option<Frame>, Broken> {
    let mut raw = Raw::new(rest);
    let (Some(first), Some(second)) = (rest.first(), rest.get(1)) else { return Ok(None) };
    raw.some(2);
    let (is_last, opcode) = (first & 0x80 > 0, first & 0x0f);
    let wide = match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let wide = raw.some(wide);
    let long = wide.iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    let has_length = match second & 0x7f {
        126 => wide.len() == 2,
        127 => wide.len() == 8,
        _ => true,
    };
    if !has_length {
        return Ok(None);
    }
    let length = if wide.is_empty() { u64::from(second & 0x7f) } else { long };
    let mask = if second & 0x80 > 0 { raw.some(4) } else { &[] };
    if second & 0x80 > 0 && mask.len() < 4 {
        return Ok(None);
    }
    if opcode & 7 > 2 {
        return Err(Broken);
    }
    let length = usize::try_from(length).ok().filter(|length| *length <= BYTES_MAX).ok_or(Broken)?;
    let payload = raw.some(length);
    if payload.len() < length {
        return Ok(None);
    }
    let is_control = opcode >= 8;
    let has_mask = !mask.is_empty();
    if first & 0x70 > 0 || has_mask != is_masked || (is_control && (!is_last || length > 125)) {
        return Err(Broken);
    }
    let mask = mask.iter().chain(&[0; 4]).copied().take(4).collect::<Vec<u8>>();
    let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    *rest = raw.rest();
    Ok(Some(Frame { is_last, opcode, payload }))
}

fn is_text(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok()
}

/// Whether these bytes are text whose last character may not be whole yet.
fn may_be_text(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Frames out of any bytes: for each the first byte, a length, how it is made, and what it says.
pub(super) fn built(raw: &mut Raw<'_>) -> Vec<u8> {
    let mut frames = Vec::new();
    while !raw.is_empty() && frames.len() < SENT_BYTES_MAX {
        let (first, length, way) = (raw.byte(), usize::from(raw.byte()), raw.byte());
        let payload = raw.some(length).repeat(1 << (way & 7));
        let told = if way & 0xc0 == 0xc0 { payload.len() + 1 } else { payload.len() };
        let masked = if way & 0x38 == 0x38 { 0 } else { 0x80 };
        frames.push(first);
        match u16::try_from(told) {
            Ok(told) if told < 126 => frames.push(masked | u8::try_from(told).unwrap_or_default()),
            Ok(told) => {
                frames.push(masked | 126);
                frames.extend(told.to_be_bytes());
            }
            Err(_) => {
                frames.push(masked | 127);
                frames.extend((told as u64).to_be_bytes());
            }
        }
        if masked == 0 {
            frames.extend(payload);
            continue;
        }
        let mask = [way, first, 7, 9];
        frames.extend(mask);
        frames.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    }
    frames
}
