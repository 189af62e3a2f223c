//! Loading sound files: good and bad ones.

use std::path::PathBuf;

use turno_media_plan::Codec;

use crate::clip::{Clip, End, FRAME_BYTES, Sound};
use crate::goertzel::{level, sine};
use crate::transcode::Decoder;

/// A separate file for each test, removed when the test ends.
struct Wav(PathBuf);

impl Wav {
    fn new(name: &str, rate: u32, channels: u16, bits: u16, samples: &[i16]) -> Self {
        let path = std::env::temp_dir().join(format!("turno-clip-{}-{name}.wav", std::process::id()));
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: bits,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for sample in samples {
            match bits {
                8 => writer.write_sample((*sample >> 8) as i8).unwrap(),
                _ => writer.write_sample(*sample).unwrap(),
            }
        }
        writer.finalize().unwrap();
        Self(path)
    }
}

impl Drop for Wav {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_prompt_sounds_the_same_in_every_codec() {
    for rate in [8_000u32, 16_000] {
        let name = format!("tone{rate}");
        let wav = Wav::new(&name, rate, 1, 16, &sine(440.0, 8_000.0, rate as usize, f64::from(rate)));
        let clip = Clip::new(&Sound::read(&wav.0).unwrap(), End::Silence);
        assert_eq!(clip.frames(), 50);
        for codec in Codec::ALL {
            let octets: Vec<u8> =
                (0..50).flat_map(|place| clip.frame(codec, place).unwrap()).copied().collect();
            let mut samples = Vec::new();
            Decoder::new(codec).decode(&octets, &mut samples);
            let heard = level(&samples[samples.len() / 10..], 440.0, f64::from(codec.sample_rate()));
            assert!((heard - 8_000.0).abs() < 400.0, "{codec:?} from {rate}: {heard}");
            assert!(clip.frame(codec, 50).is_none());
        }
    }
}

#[test]
fn a_prompt_ends_in_silence_and_music_in_its_own_beginning() {
    let sound = Sound::new(8_000, vec![1_000; 170]);
    assert_eq!(Clip::new(&sound, End::Silence).frames(), 2, "the second frame is filled up");
    assert_eq!(Clip::new(&sound, End::Loop).frames(), 1, "a gap in the music would be heard each time");
    let last = Clip::new(&sound, End::Silence).frame(Codec::Pcmu, 1).unwrap().to_vec();
    assert_eq!(last[FRAME_BYTES - 1], 0xff, "mu-law's zero");
}

#[test]
fn a_bad_file_is_refused_with_what_to_do() {
    // Wound: a missing prompt was found out when the first caller should have heard it.
    let cases = [
        (Wav::new("rate", 44_100, 1, 16, &[0; 1_000]), "sampled at 44100 Hz"),
        (Wav::new("stereo", 16_000, 2, 16, &[0; 1_000]), "2 channels"),
        (Wav::new("bits", 16_000, 1, 8, &[0; 1_000]), "8 bits"),
        (Wav::new("empty", 16_000, 1, 16, &[]), "empty"),
    ];
    for (wav, expected) in cases {
        let refused = Sound::read(&wav.0).unwrap_err().to_string();
        assert!(refused.contains(expected) && refused.contains("sox"), "{refused}");
        assert_eq!(refused.lines().count(), 1);
    }
    let missing = Sound::read(&PathBuf::from("/nowhere/welcome.wav")).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/welcome.wav") && missing.contains("put a WAV file"), "{missing}");
}

#[test]
fn a_sound_that_was_cut_on_its_way_is_refused_with_what_is_missing() {
    // Wound: a prompt that was half copied is a silence in the middle of a sentence.
    let wav = Wav::new("cut", 16_000, 1, 16, &sine(440.0, 8_000.0, 16_000, 16_000.0));
    let bytes = std::fs::read(&wav.0).unwrap();
    std::fs::write(&wav.0, &bytes[..bytes.len() - 20_000]).unwrap();
    let refused = Sound::read(&wav.0).expect_err("it is cut").to_string();
    assert!(refused.contains("is cut short: 6000 of the 16000 samples are there"), "{refused}");
    let wav = Wav::new("none", 16_000, 1, 16, &[]);
    let refused = Sound::read(&wav.0).expect_err("nothing is in it").to_string();
    assert!(refused.contains("is empty: it has 0 samples"), "{refused}");
}
