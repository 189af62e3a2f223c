//! Sound through the coder and back, and the files that people play.

use ogg::PacketReader;
use opus_rs::multistream::{ChannelMappingTable, MultistreamDecoder};

use crate::coder::Coder;
use crate::decoder::{Decoder, Encoded, split};
use crate::frame::{Frame, Rate, SideFrame};
use crate::head::Form;
use crate::{ogg as ogg_file, wav};

/// A frame whose caller is at 440 Hz, and whose agent is at 700 Hz or silent.
fn frame(number: u64, rates: [Rate; 2], speak: [bool; 2]) -> Frame {
    let side = |rate: Rate, hertz: f64, speaks: bool| {
        let first = number * rate.per_frame() as u64;
        let sample = |at: usize| {
            let time = (first + at as u64) as f64 / f64::from(rate.hertz());
            ((time * hertz * core::f64::consts::TAU).sin() * 8_000.0) as i16
        };
        SideFrame { rate, samples: if speaks { (0..rate.per_frame()).map(sample).collect() } else { vec![] } }
    };
    Frame { number, sides: [side(rates[0], 440.0, speak[0]), side(rates[1], 700.0, speak[1])] }
}

fn encoded(form: Form, rates: [Rate; 2], speaks: impl Fn(u64) -> [bool; 2]) -> Vec<Encoded> {
    let mut coder = Coder::new(form).expect("a coder");
    let mut bytes = Vec::new();
    (0..150).for_each(|number| {
        coder.encode(&frame(number, rates, speaks(number)), &mut bytes).expect("it encodes")
    });
    split(&bytes).expect("frames")
}

fn decoded(form: Form, frames: &[Encoded]) -> ([Vec<i16>; 2], Rate) {
    let mut decoder = Decoder::new(form);
    let mut both = Vec::new();
    frames.iter().for_each(|frame| decoder.decode(frame, &mut both));
    let side = |at: usize| both.iter().skip(at).step_by(2).copied().collect();
    ([side(0), side(1)], decoder.rate())
}

/// The amplitude at a frequency.
fn level(samples: &[i16], hertz: f64, rate: f64) -> f64 {
    let turn = |at: usize| at as f64 / rate * hertz * core::f64::consts::TAU;
    let sum = |of: fn(f64) -> f64| -> f64 {
        samples.iter().enumerate().map(|(at, sample)| f64::from(*sample) * of(turn(at))).sum()
    };
    sum(f64::sin).hypot(sum(f64::cos)) * 2.0 / samples.len() as f64
}

#[test]
fn each_side_is_heard_on_its_own_side_and_nowhere_else() {
    for form in [Form::Opus, Form::Wav] {
        for rates in [[Rate::Narrow; 2], [Rate::Narrow, Rate::Wide], [Rate::Wide; 2]] {
            let frames = encoded(form, rates, |_| [true, true]);
            let (sides, rate) = decoded(form, &frames);
            for (side, hertz, other) in [(0, 440.0, 700.0), (1, 700.0, 440.0)] {
                let heard = &sides[side][rate.per_frame() * 50..rate.per_frame() * 140];
                let (own, foreign) =
                    (level(heard, hertz, rate.hertz().into()), level(heard, other, rate.hertz().into()));
                assert!((own - 8_000.0).abs() < 900.0, "{form:?} {rates:?} {side}: {own}");
                assert!(foreign < 150.0, "{form:?} {rates:?} {side}: {foreign}");
            }
        }
    }
}

#[test]
fn a_side_that_is_silent_for_long_costs_nothing_and_is_heard_again_at_once() {
    for form in [Form::Opus, Form::Wav] {
        let frames = encoded(form, [Rate::Narrow; 2], |number| [true, !(40..100).contains(&number)]);
        assert!(frames[60..100].iter().all(|frame| frame.sides[1].is_empty()));
        let (sides, rate) = decoded(form, &frames);
        let at = |from: usize, to: usize| &sides[1][rate.per_frame() * from..rate.per_frame() * to];
        assert!(at(55, 99).iter().all(|sample| sample.unsigned_abs() < 100), "{form:?}");
        assert!(level(at(105, 150), 700.0, rate.hertz().into()) > 6_500.0, "{form:?}");
        assert!(level(&sides[0][rate.per_frame() * 41..], 440.0, rate.hertz().into()) > 7_000.0);
    }
}

#[test]
fn an_ogg_file_has_both_sides_for_another_reader() {
    let frames = encoded(Form::Opus, [Rate::Narrow, Rate::Wide], |number| [number < 100, true]);
    let mut file = Vec::new();
    ogg_file::write(&mut file, 7, &["TITLE=talk".to_owned()], frames.into_iter()).expect("memory");
    let mut packets = PacketReader::new(std::io::Cursor::new(file));
    let head = packets.read_packet_expected().expect("a head").data;
    assert_eq!(&head[..10], b"OpusHead\x01\x02");
    let tags = packets.read_packet_expected().expect("tags").data;
    assert!(tags.starts_with(b"OpusTags") && tags.ends_with(b"TITLE=talk"));
    let table = ChannelMappingTable::parse(head[18], head[9], &head[19..]).expect("a table");
    let mut decoder = MultistreamDecoder::new(16_000, table).expect("a decoder");
    let (mut both, mut last) = (Vec::new(), 0);
    while let Some(packet) = packets.read_packet().expect("pages are whole") {
        let mut out = vec![0f32; 640];
        assert_eq!(decoder.decode(&packet.data, 320, &mut out), Ok(320));
        both.extend(out.into_iter().map(|value| (value * 32_768.0) as i16));
        last = packet.absgp_page();
    }
    assert_eq!((both.len(), last), (150 * 640, 312 + 150 * 960));
    let side = |at: usize| both.iter().skip(at).step_by(2).copied().collect::<Vec<i16>>();
    assert!(level(&side(0)[16_000..30_000], 440.0, 16_000.0) > 7_000.0);
    assert!(level(&side(0)[40_000..], 440.0, 16_000.0) < 100.0, "then the caller is silent");
    assert!(level(&side(1)[16_000..], 700.0, 16_000.0) > 7_000.0);
}

#[test]
fn an_encoder_bears_any_sound() {
    let mut seed = 1u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as i16
    };
    for form in [Form::Opus, Form::Wav] {
        let mut coder = Coder::new(form).expect("a coder");
        for number in 0..400u64 {
            let mut side = |kind: u64, rate: Rate| {
                let length = rate.per_frame();
                let samples = match kind % 6 {
                    0 => (0..length).map(|_| noise()).collect(),
                    1 => vec![i16::MAX; length],
                    2 => vec![i16::MIN; length],
                    3 => (0..length).map(|at| if at % 2 == 0 { i16::MIN } else { i16::MAX }).collect(),
                    4 => (0..length).map(|at| i16::from(at == 7)).collect(),
                    _ => vec![],
                };
                SideFrame { rate, samples }
            };
            let rate = if (number / 30) % 2 == 0 { Rate::Narrow } else { Rate::Wide };
            let frame = Frame { number, sides: [side(number / 7, rate), side(number / 3 + 1, Rate::Wide)] };
            let mut bytes = Vec::new();
            coder.encode(&frame, &mut bytes).expect("it encodes");
            let frames = split(&bytes).expect("frames");
            Decoder::new(form).decode(&frames[0], &mut Vec::new());
        }
    }
}

#[test]
fn a_wav_file_begins_as_the_format_says() {
    let mut file = Vec::new();
    wav::write(&mut file, Rate::Narrow, &[1, -1, 2, -2]).expect("memory");
    assert_eq!(file.len(), 44 + 8);
    assert_eq!(&file[..16], b"RIFF\x2c\0\0\0WAVEfmt ");
    assert_eq!(&file[20..24], [1, 0, 2, 0]);
    assert_eq!(u32::from_le_bytes([file[24], file[25], file[26], file[27]]), 8_000);
    assert_eq!(&file[36..44], b"data\x08\0\0\0");
}
