//! Menus of two levels on real sockets: keys by telephone-event, prompts told by their tones, a language.

use std::fs;
use std::path::Path;

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Folder, Scrape, Server, Softphone};

/// How long `turno ctl` may take.
const ASKING_SPAN: core::time::Duration = core::time::Duration::from_secs(30);

/// Tones of the recordings in this test, in hertz.
const MAIN: u16 = 600;
const SECOND: u16 = 800;
const READ: u16 = 1_300;
const MAIN_IN_ENGLISH: u16 = 1_700;
const READ_IN_ENGLISH: u16 = 2_100;
const WRONG: u16 = 2_600;
const EMERGENCY: u16 = 3_000;
/// Tone of the agent.
const AGENT: u16 = 1_000;
const HEARABLE: [u16; 8] = [MAIN, SECOND, READ, MAIN_IN_ENGLISH, READ_IN_ENGLISH, WRONG, EMERGENCY, AGENT];

/// A prompt folder in which each recording is a tone. The second menu has no recording in English.
fn tones() -> Folder {
    let folder = Folder::new();
    for (name, hertz, seconds) in [
        ("es/main", MAIN, 30.0),
        ("es/second", SECOND, 30.0),
        ("es/read", READ, 3.0),
        ("en/main", MAIN_IN_ENGLISH, 30.0),
        ("en/read", READ_IN_ENGLISH, 3.0),
        ("es/wrong", WRONG, 1.0),
        ("es/emergency", EMERGENCY, 3.0),
    ] {
        tone(&folder.join(&format!("{name}.wav")), hertz, seconds);
    }
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

const MENUS: &str = "[emergency]\nprompt = \"es/emergency\"\n\n[[number]]\nnumber = \"7002\"\nmenu = \"main\"\n\n\
     [[menu]]\nname = \"main\"\nprompts = [\"es/main\"]\nchoices = { 1 = \"menu second\", 9 = \"language en\" }\n\
     wrong = \"es/wrong\"\notherwise = \"lab\"\n\n\
     [[menu]]\nname = \"second\"\nprompts = [\"es/second\"]\n\
     choices = { 1 = [\"es/read\"], 2 = \"lab\", \"*\" = \"back\" }\notherwise = \"lab\"\n\n[queue_defaults]\n";

#[test]
fn a_caller_keys_through_two_levels_has_something_read_and_changes_the_language() {
    let prompts = tones();
    let folder = format!("prompts = \"{}\"", prompts.path().display());
    let mut server =
        Server::lab_kept_with(&[("prompts = \"../prompts\"", &folder), ("[queue_defaults]\n", MENUS)]);
    let mut agent = Softphone::agent(&server, "a001");
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7002");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    let hears = |what: &str, hertz| {
        citizen.hears(what, |heard| heard.dominant(&HEARABLE) == Some(hertz));
    };
    hears("the first menu", MAIN);
    citizen.presses('5');
    hears("the wrong key", WRONG);
    hears("the first menu again", MAIN);
    citizen.presses('1');
    hears("the second menu", SECOND);
    citizen.presses('1');
    hears("what is read", READ);
    hears("the second menu after it", SECOND);
    citizen.presses('*');
    hears("the first menu", MAIN);
    citizen.presses('9');
    hears("the first menu in English", MAIN_IN_ENGLISH);
    server.kill_and_start_again();
    hears("it after kill -9", MAIN_IN_ENGLISH);
    citizen.presses('1');
    hears("the second menu, which is not recorded in English", SECOND);
    citizen.presses('1');
    hears("what is read in English", READ_IN_ENGLISH);
    citizen.presses('#');
    hears("the second menu", SECOND);
    citizen.presses('2');
    let event = agent.waits_for("the caller", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call: rung, display, .. } = event else { unreachable!("it was chosen so") };
    assert!(display.contains("[en]"), "{display}");
    agent.is_answered(rung);
    let ana = agent.speaks(Sound::Tone(AGENT));
    hears("the agent", AGENT);
    drop(ana);
    line.hangs_up(call);
    server.wait_until("it is booked", |now| now.contacts("lab", "answered") == 1.0);
    server.stop();
}

#[test]
fn the_emergency_announcement_comes_first_until_it_is_switched_off() {
    let prompts = tones();
    let folder = format!("prompts = \"{}\"", prompts.path().display());
    let mut server =
        Server::lab_kept_with(&[("prompts = \"../prompts\"", &folder), ("[queue_defaults]\n", MENUS)]);
    let is_on = |on: f64| move |now: &Scrape| now.sum("turno_emergency_announcement", &[]) == on;
    server.ctl(&["emergency", "on", "--why", "water pipe"], "on").succeed(ASKING_SPAN);
    server.wait_until("it is on", is_on(1.0));
    let mut line = Softphone::line(&server);
    let first = line.calls("0991234567", "7002");
    line.is_answered(first);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.hears("the announcement", |heard| heard.dominant(&HEARABLE) == Some(EMERGENCY));
    citizen.hears("the menu after it", |heard| heard.dominant(&HEARABLE) == Some(MAIN));
    server.kill_and_start_again();
    server.wait_until("it is on after kill -9", is_on(1.0));
    line.hangs_up(first);
    drop(citizen);
    let second = line.calls("0991234568", "7002");
    line.is_answered(second);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.hears("the announcement again", |heard| heard.dominant(&HEARABLE) == Some(EMERGENCY));
    server.ctl(&["emergency", "off"], "off").succeed(ASKING_SPAN);
    server.wait_until("it is off", is_on(0.0));
    line.hangs_up(second);
    drop(citizen);
    let third = line.calls("0991234569", "7002");
    line.is_answered(third);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.hears("the menu at once", |heard| heard.dominant(&HEARABLE) == Some(MAIN));
    line.hangs_up(third);
    server.stop();
}
