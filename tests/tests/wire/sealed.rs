//! A copy of the journal holds no keys of calls, and a key that is gone costs calls, never a start.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use turno_tests::wire::{Baresip, Certificates, Encryption, Server, Softphone, is_missing};

use crate::encrypted::{assert_all_were_opened, start};

/// What stands before secrets in SDP, and before the key in a certificate's file.
const SECRETS: [&str; 3] = ["inline:", "ice-pwd", "PRIVATE KEY"];

/// The changes of the lab for browsers.
const BROWSERS: (&str, &str) =
    ("[media]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\nbind = \"127.0.0.1\"\n\n[media]");

/// The files of a folder in which one of these words stands.
fn files_with(folder: &Path, words: &[&str]) -> Vec<String> {
    let files =
        fs::read_dir(folder).expect("turno wrote it").map(|file| file.expect("turno wrote it").path());
    let has = |path: &Path| {
        let bytes = fs::read(path).unwrap_or_default();
        words.iter().any(|word| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    files.filter(|path| path.is_file() && has(path)).map(|path| path.display().to_string()).collect()
}

#[test]
fn a_copy_of_the_journal_has_no_keys_of_the_calls_under_way_and_a_kill_loses_none() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let pair = certificates.issue("turno", None, 2040);
    let required = ("auto_login = true", "auto_login = true\nsrtp = \"required\"");
    let mut server = start(&certificates, pair, &[required, BROWSERS], Server::lab_kept_with);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), 1_000, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let caller = ("0991234567", server.peer(3));
    let citizen = Baresip::encrypted_citizen(&server, caller, 440, "7000", encryption);
    for round in 0..2 {
        server.wait_until("they talk", |now| {
            now.sum("turno_agents", &["state=\"talking\""]) == 1.0
                && now.sum("turno_rtp_packets_total", &["direction=\"out\""]) > 100.0
        });
        assert_eq!(files_with(&server.state(), &SECRETS), Vec::<String>::new(), "after {round} kills");
        let key = fs::metadata(server.state().join("seal.key")).expect("it was made at the first start");
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
        server.kill_and_start_again();
    }
    server
        .wait_until("they talk on", |now| now.sum("turno_rtp_packets_total", &["direction=\"out\""]) > 100.0);
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0);
    assert_all_were_opened(&server);
    agent.stop();
    citizen.stop();
    server.stop();
}

#[test]
fn a_key_that_is_gone_at_a_start_costs_the_calls_is_said_and_new_calls_are_served() {
    // Wound: a key that nobody backed up stopped a whole site from starting.
    let section = "[journal]\nseal_key = \"own.key\"\n\n[http]";
    let mut server = Server::lab_kept_with(&[("[http]", section)]);
    let key = server.folder().join("plan/own.key");
    let first = fs::read_to_string(&key).expect("it was made at the first start");
    let _agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let call = line.calls("0991111111", "7000");
    line.is_answered(call);
    server.kill();
    fs::remove_file(&key).expect("it is the test's");
    server.start_again();
    server.said("the calls of the last turno are lost");
    server.said("not in the key file");
    assert_ne!(fs::read_to_string(&key).expect("another one was made"), first);
    // The agent's registration is no secret.
    server.wait_until("the agent is there again", |now| {
        now.sum("turno_agents", &["state=\"available\""]) == 1.0
    });
    let again = line.calls("0992222222", "7001");
    line.is_answered(again);
    server.stop();
}
