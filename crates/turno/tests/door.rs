//! The program as scripts, systemd and people at a shell meet it: its lines and its exit codes.

use std::io::{BufRead, BufReader, Read};
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

fn turno(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turno"));
    command
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env_remove("TURNO_LOG")
        .env("LC_ALL", "C");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The lab's plan with its addresses moved to `host`, so that tests and a running lab do not meet.
fn lab_at(host: &str) -> PathBuf {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config");
    let text = std::fs::read_to_string(samples.join("lab/lab.toml")).expect("the lab's plan");
    let music = samples.join("music/hold.wav");
    let moved = text
        .replace("127.0.0.1:", &format!("{host}:"))
        .replace("../music/hold.wav", &music.display().to_string())
        .replace("../prompts", &samples.join("prompts").display().to_string());
    let path = std::env::temp_dir().join(format!("turno-door-{}-{host}.toml", std::process::id()));
    std::fs::write(&path, moved).expect("the temporary folder takes a file");
    path
}

/// `turno serve` once it says that it serves, with the rest of what it will say.
fn serving(plan: &Path) -> (Child, BufReader<std::process::ChildStderr>) {
    serving_with(plan, &[])
}

fn serving_with(plan: &Path, more: &[&str]) -> (Child, BufReader<std::process::ChildStderr>) {
    let plan = plan.display().to_string();
    let all = ["serve", &plan].iter().chain(more).copied().collect::<Vec<_>>();
    let mut child = turno(&all).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("turno serves") {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "it ended before it served");
    }
    (child, lines)
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process has a number");
    kill_process(pid, signal).expect("the process is there");
}

#[test]
fn a_plan_that_is_not_there_is_refused_with_three() {
    let output = turno(&["check", "no-such-plan"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("no-such-plan"), "{}", said(&output));
}

#[test]
fn the_plans_that_come_with_turno_have_no_faults() {
    for plan in ["sip-config/lab", "sip-config/quito"] {
        let output = turno(&["check", plan]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{plan}: {}", said(&output));
        assert!(!output.stdout.is_empty(), "a summary is printed");
    }
}

#[test]
fn a_word_that_turno_does_not_know_is_refused_with_two() {
    let output = turno(&["sreve"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_port_in_use_is_refused_with_four_and_one_line_that_says_what_to_do() {
    let _holder = UdpSocket::bind("127.0.0.84:5060").expect("nobody else uses this address");
    let plan = lab_at("127.0.0.84");
    let output = turno(&["serve", &plan.display().to_string(), "--log", "error"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(4));
    let lines: Vec<String> =
        said(&output).lines().filter(|line| line.starts_with("turno:")).map(str::to_owned).collect();
    assert_eq!(lines.len(), 1, "{}", said(&output));
    assert!(lines[0].contains("127.0.0.84:5060") && lines[0].contains("the port is in use"), "{}", lines[0]);
}

#[test]
fn systemd_stops_turno_and_reads_zero() {
    let (mut child, mut rest) = serving(&lab_at("127.0.0.85"));
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let mut last = String::new();
    rest.read_to_string(&mut last).expect("text");
    assert!(!last.contains("took too long"), "an idle turno has nothing to wait for: {last}");
}

#[test]
fn control_c_ends_turno_as_politely() {
    let (mut child, _rest) = serving(&lab_at("127.0.0.86"));
    signal(&child, Signal::INT);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// A folder for a journal that is not there yet.
fn no_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("turno-door-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// What `turno journal` says of a folder, and how it ended.
fn journal(what: &str, folder: &Path) -> (String, Option<i32>) {
    let output = turno(&["journal", what, &folder.display().to_string()]).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
    (text, output.status.code())
}

#[test]
fn a_journal_outlives_a_kill_is_held_by_one_turno_and_is_closed_to_others() {
    // Wound: restart: everyone waiting is lost (A), marked abandoned (F), or comes back as a ghost (O).
    let (plan, folder) = (lab_at("127.0.0.87"), no_folder("held"));
    let (mut child, _rest) = serving_with(&plan, &["--state", &folder.display().to_string()]);
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("0000000001.segment")), 0o600);
    let second = turno(&["serve", &plan.display().to_string(), "--state", &folder.display().to_string()]);
    let refused = { second }.output().expect("it runs");
    assert_eq!(refused.status.code(), Some(4));
    assert!(
        said(&refused).contains(&format!("another turno (process {})", child.id())),
        "{}",
        said(&refused)
    );
    child.kill().expect("it is there");
    child.wait().expect("it ends");
    let (text, code) = journal("verify", &folder);
    assert!(code == Some(0) && text.contains("a restart forgets nothing"), "{text}");
    let (text, _) = journal("show", &folder);
    assert!(text.contains("Started") && !text.contains(['{', '"']), "{text}");
    for (filter, value, words) in [
        ("--contact", "4711", "the journal has nothing of a contact whose number ends with 4711"),
        ("--kind", "ContactEnded", "the journal has no ContactEnded"),
    ] {
        let output = turno(&["journal", "show", &folder.display().to_string(), filter, value]).output();
        let output = output.expect("it runs");
        assert_eq!(output.status.code(), Some(6), "{}", said(&output));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    let (mut child, _rest) = serving_with(&plan, &["--state", &folder.display().to_string()]);
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn a_flipped_bit_is_found_named_and_repaired_without_touching_the_old_folder() {
    let (plan, folder) = (lab_at("127.0.0.88"), no_folder("damaged"));
    let (mut child, _rest) = serving_with(&plan, &["--state", &folder.display().to_string()]);
    signal(&child, Signal::TERM);
    child.wait().expect("it ends");
    let segment = folder.join("0000000001.segment");
    let mut bytes = std::fs::read(&segment).expect("the segment");
    bytes[70] ^= 4;
    std::fs::write(&segment, &bytes).expect("it is ours");
    let (text, code) = journal("verify", &folder);
    assert!(code == Some(7) && text.contains("0000000001.segment: ") && text.contains("missing"), "{text}");
    let (text, code) = journal("repair", &folder);
    assert!(code == Some(0) && text.contains("1 lost"), "{text}");
    assert_eq!(std::fs::read(&segment).expect("the old one is there"), bytes);
    let repaired = PathBuf::from(format!("{}.repaired", folder.display()));
    let (text, code) = journal("verify", &repaired);
    assert!(code == Some(0), "{text}");
    let (text, code) = journal("verify", Path::new("/nowhere"));
    assert!(code == Some(6) && text.contains("/nowhere"), "{text}");
    for folder in [folder, repaired] {
        std::fs::remove_dir_all(folder).expect("it is ours");
    }
}

#[test]
fn a_journal_where_none_can_ever_be_is_refused_with_four_and_says_what_to_do() {
    let folder = no_folder("paths");
    std::fs::create_dir(&folder).expect("the temporary folder takes one");
    std::fs::write(folder.join("file"), "a letter").expect("written");
    let link = |name: &str, to: &str| {
        std::os::unix::fs::symlink(folder.join(to), folder.join(name)).expect("a link");
    };
    link("nowhere", "gone");
    link("loop", "loop");
    link("good", "there");
    std::fs::create_dir(folder.join("there")).expect("made");
    let plan = lab_at("127.0.0.92").display().to_string();
    let control = folder.join("control").display().to_string();
    for (path, words) in [
        ("file", "it is no folder but a file"),
        ("file/below", "choose another folder with --state"),
        ("nowhere", "it is a link to"),
        ("loop", "it is a link to"),
    ] {
        let state = folder.join(path).display().to_string();
        let output =
            turno(&["serve", &plan, "--state", &state, "--control", &control]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(4), "{path}: {}", said(&output));
        let last: Vec<String> =
            said(&output).lines().filter(|line| line.starts_with("turno:")).map(str::to_owned).collect();
        assert_eq!(last.len(), 1, "{}", said(&output));
        assert!(last[0].contains(words) && last[0].contains("--state"), "{path}: {}", last[0]);
    }
    // A link to a folder is how systemd gives a service its state.
    let state = folder.join("good").display().to_string();
    let (mut child, _rest) = serving_with(Path::new(&plan), &["--state", &state, "--control", &control]);
    assert!(folder.join("there/lock").exists());
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn a_supervisor_commands_a_running_turno_and_is_told_why_not() {
    let plan = lab_at("127.0.0.93").display().to_string();
    let control =
        std::env::temp_dir().join(format!("turno-ctl-{}", std::process::id())).display().to_string();
    let (mut child, _rest) = serving_with(Path::new(&plan), &["--control", &control]);
    let ctl = |words: &[&str]| {
        let all: Vec<&str> = ["ctl"].iter().chain(words).copied().chain(["--control", &control]).collect();
        let output = turno(&all).output().expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8_lossy(&said).into_owned(), output.status.code())
    };
    assert_eq!(
        ctl(&["ready", "a001"]),
        ("turno: this is not possible while the agent is logged out\n".to_owned(), Some(6))
    );
    assert_eq!(ctl(&["log-in", "9999"]), ("turno: the plan has no such agent\n".to_owned(), Some(6)));
    let spanish = "turno: no es posible mientras el agente está desconectado\n";
    assert_eq!(ctl(&["ready", "a001", "--language", "es"]), (spanish.to_owned(), Some(6)));
    assert_eq!(ctl(&["--language", "es", "log-in", "a001"]), ("hecho\n".to_owned(), Some(0)));
    assert_eq!(ctl(&["take", "a001"]).1, Some(6), "nothing is offered");
    assert_eq!(ctl(&["sit", "a002", "a001"]), ("turno: agent a001 sits there\n".to_owned(), Some(6)));
    assert_eq!(ctl(&["leave", "a001"]), ("done\n".to_owned(), Some(0)));
    assert_eq!(ctl(&["sit", "a002", "a001"]), ("done\n".to_owned(), Some(0)));
    let (queued, exit) = ctl(&["enqueue", "callback", "hold", "0991234567"]);
    assert_eq!(exit, Some(0), "{queued}");
    let contact = queued.trim().rsplit(' ').next().expect("its number").to_owned();
    assert_eq!(ctl(&["withdraw", &contact]), ("done\n".to_owned(), Some(0)));
    assert_eq!(ctl(&["withdraw", &contact]).1, Some(6), "it is gone");
    let nobody = "turno: no agent talks with this contact\n".to_owned();
    assert_eq!(ctl(&["observe", "a001", &contact, "--how", "whisper"]), (nobody, Some(6)));
    assert_eq!(ctl(&["change-observing", "a001", "barge"]).1, Some(6), "nothing is observed");
    assert_eq!(ctl(&["stop-observing", "a001"]).1, Some(6), "nothing is observed");
    assert_eq!(ctl(&["enqueue", "voice", "hold", "1"]).1, Some(2), "a voice contact needs a call");
    // Wound: a full control socket looked like a faulty plan (3) or an agent who is not there (6).
    // The command before may still have its place for a moment, so one of the sixteen may be refused.
    let mut idle: Vec<UnixStream> = Vec::new();
    while ctl(&["ready", "a002"]).1 != Some(4) {
        assert!(idle.len() < 64, "turno takes any number of clients");
        idle.extend((0..16).map(|_| UnixStream::connect(&control).expect("it listens")));
    }
    assert_eq!(ctl(&["ready", "a002"]), ("turno: too many are asking; try again\n".to_owned(), Some(4)));
    let reload = turno(&["reload", "--control", &control]).output().expect("it runs");
    assert_eq!(reload.status.code(), Some(4), "{}", said(&reload));
    drop(idle);
    // turno notices that they are gone when it reads from them.
    while ctl(&["ready", "a002"]).1 == Some(4) {}
    assert_eq!(ctl(&["stop"]), ("done\n".to_owned(), Some(0)));
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_shell_completes_every_command_and_each_has_its_man_page() {
    let folder = no_folder("man");
    let pages = turno(&["man", &folder.display().to_string()]).status().expect("it runs");
    assert!(pages.success());
    let help = turno(&["--help"]).output().expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let (_, rest) = help.split_once("Commands:\n").expect("commands");
    let commands: Vec<&str> = rest
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|&word| word != "help")
        .collect();
    let script = turno(&["completions", "bash"]).output().expect("it runs");
    let script = String::from_utf8_lossy(&script.stdout).into_owned();
    for command in &commands {
        assert!(folder.join(format!("turno-{command}.1")).is_file(), "no man page of {command}");
        assert!(script.contains(&format!("turno,{command})")), "bash does not complete {command}");
    }
    assert!(commands.len() > 8, "{commands:?}");
    assert!(folder.join("turno.1").is_file());
}
