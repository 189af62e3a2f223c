//! Chromium talks through turno to a telephone: ICE, DTLS and voice are the browser's own, also over kills of turno.

use core::time::Duration;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use turno_tests::wire::{
    Baresip, Program, Server, dominant_hertz, is_missing, longest_silence_of, write_tone,
};

/// Where `make test` puts packages of npm.
const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/node");

/// Tone of the page, in hertz.
const PAGE: u32 = 600;
/// Tone of the agent's phone, in hertz.
const AGENT: u32 = 1_000;
/// The tones among which the strongest is searched.
const HEARABLE: [u32; 5] = [300, 440, PAGE, 800, AGENT];

/// The changes of the lab for browsers.
const WITH_BROWSERS: [(&str, &str); 1] =
    [("[media]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\nbind = \"127.0.0.1\"\n\n[media]")];

/// How long a browser may take to end.
const END_SPAN: Duration = Duration::from_secs(30);

/// A page of Chromium in a call.
struct Page {
    program: Program,
    said: PathBuf,
}

impl Page {
    /// `None`, and the reason is written, if something is not installed.
    fn calls(server: &Server, ip: IpAddr, number: &str, deeds: &str) -> Option<Self> {
        if is_missing(&["node", "chromium", "baresip", "cc"]) {
            return None;
        }
        if !Path::new(PACKAGES).join("node_modules/playwright-core").is_dir() {
            eprintln!("playwright-core is not installed (make packages): its test is left out");
            return None;
        }
        let wav = server.folder().join("page.wav");
        write_tone(&wav, PAGE, 60);
        // Node looks for packages beside the program.
        let script = Path::new(PACKAGES).join(format!("browser-voice-{}-{ip}.mjs", std::process::id()));
        let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/browser_voice.mjs");
        std::fs::copy(ours, &script).expect("the folder can be written");
        let said = server.folder().join("page.txt");
        let mut command = Command::new("node");
        command.arg(&script).env("TURNO", server.sip().to_string()).env("OWN", format!("{ip}:5070"));
        command.env("NUMBER", number).env("WAV", &wav).env("DEEDS", deeds);
        let mut program = Program::start(&mut command, &said);
        let answered = |said: &str| said.contains("\"status\":");
        for _ in 0..3_000 {
            if answered(&std::fs::read_to_string(&said).unwrap_or_default()) {
                break;
            }
            assert!(program.wait(Duration::from_millis(20)).is_none(), "{}", program.tail());
        }
        let _ = std::fs::remove_file(&script);
        Some(Self { program, said })
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }

    /// Waits until it has said these words.
    fn waits_for(&mut self, words: &str) {
        for _ in 0..3_000 {
            if self.said().contains(words) {
                return;
            }
            assert!(self.program.wait(Duration::from_millis(20)).is_none(), "{}", self.program.tail());
        }
        panic!("never: {words}\n{}", self.program.tail());
    }

    /// Hangs up; returns what it has heard, as a line of JSON.
    fn ends(mut self) -> String {
        self.program.terminate();
        self.program.succeed(END_SPAN);
        let said = self.said();
        let heard = said.lines().find(|line| line.starts_with("{\"heard\":"));
        heard.unwrap_or_else(|| panic!("nothing heard: {said}")).to_owned()
    }
}

/// The number behind a name in a line of JSON.
fn number(line: &str, name: &str) -> u64 {
    let behind = line.split(&format!("\"{name}\":")).nth(1).unwrap_or_else(|| panic!("no {name} in {line}"));
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("{name} is no number in {line}"))
}

/// The list behind a name.
fn list<'a>(line: &'a str, name: &str) -> Vec<&'a str> {
    let behind = line.split(&format!("\"{name}\":[")).nth(1).unwrap_or_else(|| panic!("no {name} in {line}"));
    behind.split(']').next().unwrap_or_default().split(',').collect()
}

#[test]
fn a_page_and_a_phone_hear_each_other_also_after_a_hold_and_when_ice_begins_anew() {
    let mut server = Server::lab_kept_with(&WITH_BROWSERS);
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let deeds = "4000 hold,6000 resume,8000 restart";
    let Some(mut page) = Page::calls(&server, server.peer(3), "7000", deeds) else { return };
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    page.waits_for("\"done\":\"restart\"");
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they talk on", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + 400.0
    });
    let heard = page.ends();
    let heard_by_agent = agent.stop();
    assert_eq!(dominant_hertz(&heard_by_agent, &HEARABLE), Some(PAGE), "{heard}");
    assert!(number(&heard, "1000") > 60, "{heard}");
    assert_eq!(list(&heard, "sources").len(), 1, "{heard}");
    server.stop();
}

#[test]
fn a_talk_of_a_page_survives_kill_9_with_the_same_source_and_a_short_gap() {
    let kills: u32 =
        std::env::var("TURNO_KILLS").map_or(2, |kills| kills.parse().expect("a number of kills"));
    let mut server = Server::lab_kept_with(&WITH_BROWSERS);
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let Some(page) = Page::calls(&server, server.peer(3), "7000", "") else { return };
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    for _ in 0..kills {
        server.wait_until("a second of voice in both directions", |now| {
            now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= 100.0
                && now.sum("turno_rtp_packets_total", &["direction=\"out\""]) >= 100.0
        });
        server.kill_and_start_again();
    }
    server.wait_until("a second of voice", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= 200.0
    });
    let said = page.said();
    let heard = page.ends();
    let heard_by_agent = agent.stop();
    let gap = longest_silence_of(&heard_by_agent, PAGE);
    println!("{kills} kills: the phone's longest silence {gap:?}; the page: {heard}");
    assert!(!said.contains("\"bye\""), "{said}");
    assert_eq!(list(&heard, "sources").len(), 1, "no other SSRC: {heard}");
    assert!(!heard.contains("failed"), "{heard}");
    assert!(number(&heard, "gap") < 1_000 && gap < Duration::from_secs(1), "{gap:?}, {heard}");
    assert!(number(&heard, "1000") > 20, "{heard}");
    server.stop();
}
