//! What waiting callers hear: place and wait from recorded parts, comfort messages, and how an answer cuts them.

use std::fs;
use std::path::Path;

use turno_model::Language;
use turno_model::speech::recordings;
use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Folder, Server, Softphone};

/// Tones of the recordings in this test, in hertz: a sentence about the place, one about the wait, a comfort message.
const PLACE: u16 = 600;
const WAIT: u16 = 800;
const COMFORT: u16 = 1_300;
/// Tone of the agent.
const AGENT: u16 = 1_000;
const HEARABLE: [u16; 4] = [PLACE, WAIT, COMFORT, AGENT];

/// A prompt folder in which each recording is a tone.
fn tones() -> Folder {
    let folder = Folder::new();
    for (name, _) in recordings(Language::English) {
        let hertz = if name.starts_with("say/place") { PLACE } else { WAIT };
        tone(&folder.join(&format!("en/{name}.wav")), hertz, 0.5);
    }
    tone(&folder.join("en/comfort.wav"), COMFORT, 30.0);
    folder
}

fn tone(file: &Path, hertz: u16, seconds: f32) {
    fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for the test");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec).expect("a file for the test");
    for at in 0..(seconds * 16_000.0) as u32 {
        let angle = core::f32::consts::TAU * f32::from(hertz) * at as f32 / 16_000.0;
        writer.write_sample((angle.sin() * 12_000.0) as i16).expect("a file for the test");
    }
    writer.finalize().expect("a file for the test");
}

fn answers(agent: &mut Softphone) {
    let event = agent.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, .. } = event else { unreachable!("it was chosen so") };
    agent.is_answered(call);
}

#[test]
fn a_waiting_caller_hears_place_wait_and_comfort_until_a_key_or_the_agent_cuts_them() {
    let prompts = tones();
    let folder = format!("prompts = \"{}\"", prompts.path().display());
    let announced = "name = \"lab\"\nanswer_on_entry = true\nannounce_place = true\nannounce_wait = true\n\
                     announce_language = \"en\"\nannounce_every = \"15s\"\nannounce_comfort = [\"en/comfort\"]";
    let mut server = Server::lab_with(&[
        ("prompts = \"../prompts\"", &folder),
        ("name = \"lab\"\nanswer_on_entry = false", announced),
    ]);
    let mut agent = Softphone::agent(&server, "a001");
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&server);
    let first = line.calls("0991234567", "7000");
    line.is_answered(first);
    let before = line.speaks(Sound::Tone(440));
    answers(&mut agent);
    let ana = agent.speaks(Sound::Tone(AGENT));

    let second = line.calls("0991234568", "7000");
    line.is_answered(second);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.hears("the place", |heard| heard.dominant(&HEARABLE) == Some(PLACE));
    citizen.hears("the wait", |heard| heard.dominant(&HEARABLE) == Some(WAIT));
    citizen.hears("the comfort message", |heard| heard.dominant(&HEARABLE) == Some(COMFORT));
    citizen.presses('1');
    citizen.hears("music after the key", |heard| heard.dominant(&HEARABLE).is_none());
    // The place and the wait are as before, so the next announcement is the comfort message alone.
    citizen.hears("the next announcement", |heard| heard.dominant(&HEARABLE) == Some(COMFORT));

    line.hangs_up(first);
    // Their ports are used again.
    drop((before, ana));
    answers(&mut agent);
    let ana = agent.speaks(Sound::Tone(AGENT));
    citizen.hears("the agent in the midst of the message", |heard| heard.dominant(&HEARABLE) == Some(AGENT));
    citizen.listens_anew();
    let heard = citizen.hears("a second of the agent", |heard| heard.received >= 50);
    assert_eq!(heard.dominant(&HEARABLE), Some(AGENT), "the message does not come back");
    let told = server.scrape();
    assert_eq!(told.sum("turno_waits_told_total", &["queue=\"lab\""]), 1.0, "the first caller did not wait");
    assert_eq!(told.sum("turno_waits_kept_total", &["queue=\"lab\""]), 1.0, "answered sooner than told");
    drop(ana);
    line.hangs_up(second);
    line.is_in_order();
    agent.is_in_order();
    server.stop();
}
