//! Persons, machines, silence and noise, as they are judged.

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::process::Command;

use turno_ground::{Moment, Rng};
use turno_media_plan::{Answerer, Codec};

use super::Judge;
use crate::clip::{Clip, End, Sound};
use crate::transcode::Decoder;

const START: Moment = Moment::from_secs(1_000);
const FRAME: Duration = Duration::from_millis(20);
/// The peak of a voice on the line: -10 dB.
const PEAK: f64 = 10_000.0;

/// What a judge says of a sound that begins half a second after the answer and is followed by silence, and after how long.
fn judged(sound: &Sound, codec: Codec) -> (Option<Answerer>, Duration) {
    let clip = Clip::new(sound, End::Silence);
    let quiet = Clip::new(&Sound::new(8_000, vec![0; 8_000]), End::Silence);
    let silent = quiet.frame(codec, 10).expect("a frame of silence");
    let mut judge = Judge::new(codec, START);
    for frame in 0..600_u32 {
        let at = START + FRAME * frame;
        let heard = frame.checked_sub(25).and_then(|frame| clip.frame(codec, frame as usize));
        if let Some(who) = judge.hears(codec, heard.unwrap_or(silent), at) {
            return (Some(who), at.since(START));
        }
    }
    (None, Duration::ZERO)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A text spoken by espeak-ng as if on the line; `None` if the machine has no such program.
fn spoken(text: &str, voice: &str, speed: u32) -> Option<Sound> {
    let name = format!("turno-judge-{}-{voice}-{speed}-{}.wav", std::process::id(), text.len());
    let file = std::env::temp_dir().join(name);
    let mut espeak = Command::new("espeak-ng");
    espeak.args(["-v", voice, "-s", &speed.to_string(), "-w"]).arg(&file).arg(text);
    if !espeak.status().is_ok_and(|status| status.success()) {
        return None;
    }
    let mut reader = hound::WavReader::open(&file).expect("what was spoken");
    let rate = f64::from(reader.spec().sample_rate);
    let samples: Vec<f64> = reader.samples::<i16>().filter_map(Result::ok).map(f64::from).collect();
    std::fs::remove_file(&file).expect("it was written");
    let peak = samples.iter().fold(1.0, |peak: f64, sample| peak.max(sample.abs()));
    let at = |place: f64| {
        let first = place as usize;
        let next = samples.get(first + 1).unwrap_or(&0.0);
        samples[first] + (next - samples[first]) * (place - first as f64)
    };
    let many = ((samples.len() - 1) as f64 * 16_000.0 / rate) as usize;
    let resampled = (0..many).map(|place| (at(place as f64 * rate / 16_000.0) * PEAK / peak) as i16);
    Some(Sound::new(16_000, resampled.collect()))
}

/// How many sounds of each judgement, and those that are judged otherwise.
fn table<'a>(
    sounds: impl Iterator<Item = (&'a str, Sound)>,
    right: Answerer,
) -> (usize, Vec<(&'a str, Option<Answerer>)>) {
    let all: Vec<_> = sounds.map(|(name, sound)| (name, judged(&sound, Codec::Pcma).0)).collect();
    let wrong = all.iter().filter(|(_, who)| *who != Some(right)).copied().collect();
    (all.len(), wrong)
}

const PERSONS: [&str; 12] = [
    "¿Aló?",
    "¿Sí?",
    "¿Sí? Dígame.",
    "Diga.",
    "¿Bueno?",
    "Hola.",
    "Aló, buenos días.",
    "Buenas tardes, ¿quién habla?",
    "Hola, ¿con quién hablo?",
    "Aló, ¿con quién tengo el gusto?",
    "Sí, buenos días, habla Rosa Guamán.",
    "Aló, sí, dígame, le escucho.",
];

const MAILBOXES: [&str; 6] = [
    "Usted se ha comunicado con el buzón de voz del número cero nueve nueve uno dos tres. Por favor, deje su mensaje después del tono.",
    "Hola, habla Rosa Guamán. En este momento no puedo contestar su llamada, por favor deje su nombre y su número y le llamaré lo antes posible.",
    "El número que usted marcó no está disponible en este momento. Para dejar un mensaje espere el tono.",
    "Gracias por llamar a la ferretería El Clavo. Nuestro horario de atención es de ocho a dieciocho horas de lunes a sábado.",
    "Hello, you have reached the voice mail of Peter Brown. Please leave a message after the tone and I will call you back.",
    "Le atiende el contestador automático de la familia Quishpe, deje su mensaje y le devolveremos la llamada.",
];

#[test]
fn a_few_words_and_a_pause_are_a_person() {
    // Wound: with the greeting of 1.5 s that Asterisk allows, somebody who says their name is hung up on.
    let voices = [("es-419", 130), ("es-419", 155), ("es", 175), ("es-419+f2", 140)];
    for (voice, speed) in voices {
        let spoken = PERSONS.iter().filter_map(|text| Some((*text, spoken(text, voice, speed)?)));
        let (_, wrong) = table(spoken, Answerer::Person);
        assert_eq!(wrong, [], "{voice} {speed}");
    }
}

#[test]
fn a_greeting_without_a_pause_is_a_machine() {
    for (voice, speed) in [("es-419", 150), ("es", 170), ("es-419+f2", 140)] {
        let spoken = MAILBOXES.iter().filter_map(|text| Some((*text, spoken(text, voice, speed)?)));
        let (_, wrong) = table(spoken, Answerer::Machine);
        assert_eq!(wrong, [], "{voice} {speed}");
    }
}

#[test]
fn prompts_that_come_with_turno_are_machines_if_they_are_long() {
    let long = |sound: &Sound| Clip::new(sound, End::Silence).frames() > 210;
    let mut names = Vec::new();
    for language in ["es", "en"] {
        let list = repository().join(format!("sip-config/prompts/{language}.txt"));
        let list = std::fs::read_to_string(list).expect("the list of prompts");
        let lines =
            list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'));
        names.extend(lines.map(|(name, _)| format!("{language}/{}", name.trim())));
    }
    let read = |name: &str| Sound::read(&repository().join(format!("sip-config/prompts/{name}.wav")));
    let sounds = names.iter().filter_map(|name| Some((name.as_str(), read(name).ok().filter(long)?)));
    let (many, wrong) = table(sounds, Answerer::Machine);
    assert!(many > 40, "{many} long prompts");
    assert_eq!(wrong, []);
}

#[test]
fn the_echo_of_our_greeting_behind_a_word_is_no_machine() {
    let path = repository().join("sip-config/prompts/es/callback/connecting.wav");
    let greeting = Clip::new(&Sound::read(&path).expect("a prompt"), End::Silence);
    let Some(word) = spoken("Aló?", "es-419", 140) else { return };
    let word = Clip::new(&word, End::Silence);
    let frame = |clip: &Clip, place: usize| -> Vec<i16> {
        let mut samples = Vec::new();
        let octets = clip.frame(Codec::Pcma, place);
        octets.into_iter().for_each(|octets| Decoder::new(Codec::Pcma).decode(octets, &mut samples));
        samples.resize(160, 0);
        samples
    };
    let both = |place: usize| {
        let echo = frame(&greeting, place);
        let said = place.checked_sub(25).map_or(vec![0; 160], |place| frame(&word, place));
        // 22 dB below what we play.
        echo.iter().zip(said).map(|(echo, said)| echo / 12 + said).collect::<Vec<i16>>()
    };
    let samples: Vec<i16> = (0..400).flat_map(both).collect();
    assert_eq!(judged(&Sound::new(8_000, samples), Codec::Pcma).0, Some(Answerer::Person));
}

#[test]
fn every_codec_is_judged_alike() {
    let path = repository().join("sip-config/prompts/es/callback/connecting.wav");
    let sound = Sound::read(&path).expect("a prompt");
    for codec in Codec::ALL {
        assert_eq!(judged(&sound, codec).0, Some(Answerer::Machine), "{codec:?}");
    }
}

#[test]
fn silence_is_nobody_and_a_click_is_no_word() {
    let (who, after) = judged(&Sound::new(8_000, vec![0; 80_000]), Codec::Pcmu);
    assert_eq!((who, after.as_secs()), (Some(Answerer::Silence), 8));
    let click = (0..80_000).map(|at| if at % 16_000 < 400 { 12_000 } else { 0 }).collect();
    assert_eq!(judged(&Sound::new(8_000, click), Codec::Pcmu).0, Some(Answerer::Silence));
}

#[test]
fn noise_and_steady_tones_are_never_a_machine() {
    // Wound: somebody who answers in the street or by a machine that hums is hung up on.
    let mut dice = Rng::new(7);
    let noise = (0..80_000).map(|_| dice.below(4_000) as i16 - 2_000).collect();
    assert_ne!(judged(&Sound::new(8_000, noise), Codec::Pcma).0, Some(Answerer::Machine));
    let tone = (0..80_000_u32).map(|at| (8_000.0 * (f64::from(at) * 0.345).sin()) as i16).collect();
    assert_ne!(judged(&Sound::new(8_000, tone), Codec::Pcma).0, Some(Answerer::Machine));
}

#[test]
fn a_peer_that_sends_nothing_is_judged_by_the_clock() {
    let judge = Judge::new(Codec::Pcma, START);
    assert_eq!(judge.waits(START + Duration::from_millis(5_990)), None);
    assert_eq!(judge.waits(START + Duration::from_secs(8)), Some(Answerer::Silence));
}
