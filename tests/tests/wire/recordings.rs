//! Talks are recorded: each side apart, encrypted on the disk, and verified against the journal.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Folder, Server, Softphone, dominant_hertz, turno};

/// Tone of the caller, in hertz.
const CITIZEN: u32 = 440;
/// Tone of the agent, in hertz.
const AGENT: u32 = 1_000;
const HEARABLE: [u32; 4] = [300, CITIZEN, 700, AGENT];

/// A folder for recordings, with the site's key in it.
fn site_key() -> Folder {
    let folder = Folder::new();
    let key = folder.join("key");
    fs::write(&key, "00112233445566778899aabbccddeeff".repeat(2)).expect("a file for the test");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a file for the test");
    folder
}

/// What the plan of the lab becomes, so that every talk of its queue is recorded.
fn recorded(site: &Folder) -> (String, String) {
    let table = format!(
        "[recording]\nfolder = \"{}\"\nkey_file = \"{}\"\n\n[queue_defaults]",
        site.join("talks").display(),
        site.join("key").display()
    );
    (table, "name = \"lab\"\nrecording = 100\nanswer_on_entry = false".to_owned())
}

/// `turno recording` with these words about this server's plan.
fn recording(server: &Server, words: &[&str]) -> Output {
    let mut command = Command::new(turno());
    command.arg("recording").args(words).arg("--plan").arg(server.plan());
    command.output().expect("the program runs")
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

/// One channel of a WAV file with two, as a file of its own.
fn channel(stereo: &Path, at: usize, to: &Path) {
    let mut reader = hound::WavReader::open(stereo).expect("turno writes a WAV file");
    let spec = reader.spec();
    assert_eq!(spec.channels, 2, "a side each");
    let samples: Vec<i16> = reader.samples().map(|sample| sample.expect("turno writes a WAV file")).collect();
    let mono = hound::WavSpec { channels: 1, ..spec };
    let mut writer = hound::WavWriter::create(to, mono).expect("a file for the test");
    for sample in samples.into_iter().skip(at).step_by(2) {
        writer.write_sample(sample).expect("a file for the test");
    }
    writer.finalize().expect("a file for the test");
}

#[test]
fn a_talk_is_recorded_a_side_each_unreadable_without_the_key_and_whole() {
    let site = site_key();
    let (table, queue) = recorded(&site);
    let mut server = Server::lab_kept_with(&[
        ("[queue_defaults]", &table),
        ("name = \"lab\"\nanswer_on_entry = false", &queue),
    ]);
    let mut agent = Softphone::agent(&server, "a001");
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(u16::try_from(CITIZEN).expect("a tone")));
    let event = agent.waits_for("a call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call: at_agent, .. } = event else { unreachable!("it was chosen so") };
    agent.is_answered(at_agent);
    let ana = agent.speaks(Sound::Tone(u16::try_from(AGENT).expect("a tone")));
    citizen.hears("three seconds of the agent", |heard| heard.received >= 150);
    line.hangs_up(call);
    server.wait_until("the recording is closed", |now| now.sum("turno_recordings_kept_total", &[]) == 1.0);
    drop((citizen, ana));

    let kept = files(&site.join("talks"));
    assert!(!kept.is_empty(), "nothing was written");
    for file in &kept {
        let bytes = fs::read(file).expect("a recording");
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(
            !holds(b"OggS") && !holds(b"RIFF") && !holds(b"0991234567"),
            "{} is readable",
            file.display()
        );
    }
    let list = recording(&server, &["list"]);
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.contains("lab") && list.contains("67") && !list.contains("0991234567"), "{list}");
    let number = list.lines().find_map(|line| {
        line.split_whitespace().find(|word| word.len() > 8 && word.chars().all(|c| c.is_ascii_digit()))
    });
    let number = number.unwrap_or_else(|| panic!("a recording's number in\n{list}")).to_owned();

    let heard = site.join("heard.wav");
    let played = recording(&server, &["play", &number, "--to", &heard.display().to_string()]);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    for (at, hertz, who) in [(0, CITIZEN, "the caller on the left"), (1, AGENT, "the agent on the right")] {
        let side = site.join(&format!("{at}.wav"));
        channel(&heard, at, &side);
        assert_eq!(dominant_hertz(&side, &HEARABLE), Some(hertz), "{who}");
    }

    let state = server.state().display().to_string();
    let whole = recording(&server, &["verify", "--state", &state]);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let file =
        kept.iter().max_by_key(|file| fs::metadata(file).map_or(0, |meta| meta.len())).expect("a file");
    let mut bytes = fs::read(file).expect("a recording");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).expect("a recording");
    let altered = recording(&server, &["verify", "--state", &state]);
    assert_eq!(altered.status.code(), Some(7), "one bit was changed");
    line.is_in_order();
    agent.is_in_order();
    server.stop();
}
