//! Lists of callers on real sockets: a number that a supervisor adds is refused, also after kill -9, until it is removed.

use std::fs;
use std::path::Path;

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Folder, Scrape, Server, Sipp, Softphone, is_missing};

/// How long `turno ctl` may take.
const ASKING_SPAN: core::time::Duration = core::time::Duration::from_secs(30);

/// Tone of the prompt that refuses, in hertz.
const REFUSAL: u16 = 1_300;

const LISTS: &str = "[[caller_list]]\nname = \"blocked\"\ndo = \"refuse\"\nprompt = \"es/refusal\"\n\
     numbers = [\"0991\"]\n\n[[caller_list]]\nname = \"doctors\"\ndo = \"prefer\"\npriority = 5\n\n[queue_defaults]\n";

/// A prompt folder with one recording: a tone.
fn tones() -> Folder {
    let folder = Folder::new();
    tone(&folder.join("es/refusal.wav"), REFUSAL);
    folder
}

fn tone(file: &Path, hertz: u16) {
    fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for the test");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec).expect("a file for the test");
    for at in 0..32_000_u32 {
        let angle = core::f32::consts::TAU * f32::from(hertz) * at as f32 / 16_000.0;
        writer.write_sample((angle.sin() * 12_000.0) as i16).expect("a file for the test");
    }
    writer.finalize().expect("a file for the test");
}

fn server(prompts: &Folder) -> Server {
    let folder = format!("prompts = \"{}\"", prompts.path().display());
    Server::lab_kept_with(&[("prompts = \"../prompts\"", &folder), ("[queue_defaults]\n", LISTS)])
}

fn refused(many: f64) -> impl Fn(&Scrape) -> bool {
    move |now| now.sum("turno_turned_away_total", &["reason=\"listed\""]) == many
}

/// The caller hears the refusal, and turno hangs up.
fn is_refused(server: &mut Server, line: &mut Softphone, many: f64) {
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    citizen.hears("the refusal", |heard| heard.dominant(&[REFUSAL, 440]) == Some(REFUSAL));
    line.waits_for("the end", |event| matches!(event, PhoneEvent::Ended { call: it, .. } if *it == call));
    server.wait_until("it is booked", refused(many));
}

#[test]
fn a_number_that_a_supervisor_adds_is_refused_also_after_kill_9_until_it_is_removed() {
    let prompts = tones();
    let mut server = server(&prompts);
    let mut line = Softphone::line(&server);
    let add = ["caller", "add", "blocked", "0991234567", "--for", "8h", "--why", "insults the agents"];
    server.ctl(&add, "added").succeed(ASKING_SPAN);
    is_refused(&mut server, &mut line, 1.0);
    server.kill_and_start_again();
    is_refused(&mut server, &mut line, 1.0);
    server.wait_until("the number is there", |now| now.sum("turno_callers_on_lists", &[]) == 1.0);
    server.ctl(&["caller", "list", "blocked"], "listed").succeed(ASKING_SPAN);
    let listed = server.folder().read("listed");
    for part in ["in the plan", "*67", "7h 59m", "insults the agents"] {
        assert!(listed.contains(part), "{part} is missing in:\n{listed}");
    }
    server.ctl(&["caller", "list", "--numbers"], "whole").succeed(ASKING_SPAN);
    assert!(server.folder().read("whole").contains("0991234567"));
    server
        .ctl(&["caller", "remove", "blocked", "0991234567", "--why", "a mistake"], "gone")
        .succeed(ASKING_SPAN);
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    server.wait_until("the caller waits", |now| {
        now.sum("turno_queue_entered_total", &["queue=\"hold\""]) == 1.0
    });
    line.hangs_up(call);
    server.wait_until("nothing more was refused", refused(1.0));
    server.stop();
}

#[test]
fn a_citizen_whose_number_the_plan_refuses_comes_to_no_queue() {
    if is_missing(&["sipp"]) {
        return;
    }
    let prompts = tones();
    let mut server = server(&prompts);
    Sipp::callers(&server, "caller_7001", "7001", 1).with(&["-d", "300"]).succeed();
    let now = server.wait_until("it is booked as refused", refused(1.0));
    assert_eq!(now.sum("turno_queue_entered_total", &[]), 0.0);
    server.stop();
}
