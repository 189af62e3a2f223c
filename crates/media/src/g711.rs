//! G.711: mu-law and A-law as tables (ITU-T G.711, tables 1 and 2).
//!
//! Linear samples have 16 bits: the recommendation's 14 (mu-law) and 13 (A-law) bits are the upper ones.

/// The sample of each mu-law octet.
static ULAW: [i16; 256] = table(true);

/// The sample of each A-law octet.
static ALAW: [i16; 256] = table(false);

/// The largest magnitude that mu-law can express; with the bias it stays within 15 bits.
const ULAW_MAGNITUDE_MAX: i32 = 32_635;

/// Added before the segment is found: 33 in the recommendation's 14 bits.
const ULAW_BIAS: i32 = 132;

/// The sample of a mu-law octet.
pub(crate) fn from_ulaw(octet: u8) -> i16 {
    ULAW[usize::from(octet)]
}

/// The sample of an A-law octet.
pub(crate) fn from_alaw(octet: u8) -> i16 {
    ALAW[usize::from(octet)]
}

/// The mu-law octet whose interval contains the sample.
pub(crate) fn to_ulaw(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = i32::from(sample).abs().min(ULAW_MAGNITUDE_MAX) + ULAW_BIAS;
    let segment = (31 - magnitude.leading_zeros() as i32) - 7;
    let step = (magnitude >> (segment + 3)) & 0x0f;
    !(sign | (segment << 4) | step) as u8
}

/// The A-law octet whose interval contains the sample.
pub(crate) fn to_alaw(sample: i16) -> u8 {
    let sign = if sample < 0 { 0 } else { 0x80 };
    // Negative intervals mirror the positive ones: -1 lies in the first one below zero.
    let magnitude = if sample < 0 { !i32::from(sample) } else { i32::from(sample) };
    let octet = if magnitude < 256 {
        magnitude >> 4
    } else {
        let segment = (31 - magnitude.leading_zeros() as i32) - 7;
        (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)
    };
    (octet | sign) as u8 ^ 0x55
}

const fn table(is_ulaw: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        table[octet] = if is_ulaw { ulaw_level(octet as u8) } else { alaw_level(octet as u8) };
        octet += 1;
    }
    table
}

const fn ulaw_level(octet: u8) -> i16 {
    let bits = !octet as i32;
    let magnitude = ((((bits & 0x0f) << 3) + ULAW_BIAS) << ((bits >> 4) & 7)) - ULAW_BIAS;
    (if bits & 0x80 == 0 { magnitude } else { -magnitude }) as i16
}

const fn alaw_level(octet: u8) -> i16 {
    let bits = (octet ^ 0x55) as i32;
    let (segment, step) = ((bits >> 4) & 7, bits & 0x0f);
    let magnitude = match segment {
        0 => (step << 4) + 8,
        _ => ((step << 4) + 0x108) << (segment - 1),
    };
    (if bits & 0x80 == 0 { -magnitude } else { magnitude }) as i16
}

#[cfg(test)]
#[path = "g711_tests.rs"]
mod tests;
