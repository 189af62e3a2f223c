//! A caller leaves a message on real sockets, and the agent hears the caller's tone in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use turno_phone::{PhoneEvent, Sound};
use turno_tests::wire::{Folder, Server, Softphone, Talker};

/// The caller's tone, in hertz, and those that it is told from.
const CITIZEN: u16 = 440;
const HEARABLE: [u16; 4] = [300, CITIZEN, 700, 1_000];

/// A lab with voicemail, and the folder of its messages.
fn lab() -> (Server, Folder) {
    let folder = Folder::new();
    let key = folder.join("key");
    fs::write(&key, "00112233445566778899aabbccddeeff".repeat(2)).expect("a file for the test");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a file for the test");
    let table = format!(
        "[recording]\nfolder = \"{}\"\nkey_file = \"{}\"\n\n[queue_defaults]",
        folder.join("talks").display(),
        key.display()
    );
    let queue = "name = \"lab\"\nanswer_on_entry = true\nvoicemail = true\nvoicemail_language = \"en\"\n\
         voicemail_silence = \"2s\"";
    let server = Server::lab_kept_with(&[
        ("[queue_defaults]", &table),
        ("name = \"lab\"\nanswer_on_entry = false", queue),
    ]);
    (server, folder)
}

/// The caller skips the greeting, and has spoken for a while.
fn speaks(server: &mut Server, citizen: &Talker) {
    citizen.presses('2');
    server.wait_until("the key is heard", |now| {
        now.sum("turno_voicemails_begun_total", &["why=\"key\""]) == 1.0
    });
    citizen.presses('#');
    server.wait_until("the caller is recorded", |now| now.sum("turno_recordings_open", &[]) == 1.0);
    let before = citizen.heard().received;
    // Silence is sent to the caller meanwhile: three seconds of it.
    citizen.hears("three seconds", |heard| heard.received >= before + 150);
}

/// The agent takes the message and hears the caller's tone.
fn hears_the_tone(server: &mut Server) {
    let mut ana = Softphone::agent(server, "a001");
    let event = ana.waits_for("the message", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call, display, .. } = event else { unreachable!("it was chosen so") };
    assert!(display.contains("VOICEMAIL"), "{display}");
    ana.is_answered(call);
    let ear = ana.speaks(Sound::Tone(1_000));
    ear.presses('1');
    ear.hears("the caller's tone", |heard| heard.dominant(&HEARABLE) == Some(CITIZEN));
    server.wait_until("it is heard to its end", |now| {
        now.sum("turno_voicemails_ended_total", &["how=\"heard\""]) == 1.0
    });
    ear.presses('3');
    ana.waits_for("the end", |event| matches!(event, PhoneEvent::Ended { call: it, .. } if *it == call));
    drop(ear);
    let booked = server.wait_until("it is booked", |now| now.contacts("lab", "answered") == 1.0);
    assert_eq!((booked.contacts("lab", "outflowed"), booked.contacts("lab", "abandoned")), (1.0, 0.0));
    drop(ana);
}

#[test]
fn an_agent_hears_the_voice_of_a_caller_who_left_a_message() {
    let (mut server, folder) = lab();
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(CITIZEN));
    speaks(&mut server, &citizen);
    citizen.presses('#');
    server.wait_until("the message is closed", |now| now.sum("turno_recordings_kept_total", &[]) == 1.0);
    citizen.presses('1');
    server.wait_until("it is left", |now| now.sum("turno_voicemails_left_total", &[]) == 1.0);
    line.waits_for(
        "the end of the thanks",
        |event| matches!(event, PhoneEvent::Ended { call: it, .. } if *it == call),
    );
    drop(citizen);
    hears_the_tone(&mut server);
    server.stop();
    drop(folder);
}

#[test]
fn a_kill_while_a_caller_speaks_keeps_what_was_said() {
    let (mut server, folder) = lab();
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(CITIZEN));
    speaks(&mut server, &citizen);
    server.kill_and_start_again();
    line.hangs_up(call);
    server.wait_until("it is left", |now| now.sum("turno_voicemails_left_total", &[]) == 1.0);
    drop(citizen);
    hears_the_tone(&mut server);
    server.stop();
    drop(folder);
}
