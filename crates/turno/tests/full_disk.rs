//! A disk that is really full, under a turno that really serves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HOST: &str = "127.0.0.89";

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config")
}

/// The lab's plan at an address of its own, with the shortest segments.
fn plan(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(samples().join("lab/lab.toml")).expect("the lab's plan");
    let text = text
        .replace("127.0.0.1:", &format!("{HOST}:"))
        .replace("../music/hold.wav", &samples().join("music/hold.wav").display().to_string())
        .replace("../prompts", &samples().join("prompts").display().to_string());
    let path = folder.join("plan.toml");
    std::fs::write(&path, format!("{text}\n[journal]\nsegment = 1\n")).expect("the folder takes a file");
    path
}

/// What /health says of the journal.
fn health() -> String {
    let mut stream = TcpStream::connect((HOST, 8080)).expect("the page's port");
    write!(stream, "GET /health HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n\r\n").expect("asked");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    text
}

#[test]
fn a_real_disk_that_is_full_is_said_so_and_taken_up_when_it_has_room() {
    // Wound: a full disk stopped a whole room's calls.
    let can = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
    if !can.is_ok_and(|status| status.success()) {
        println!("skipped: this machine does not let us mount a small disk (unshare -rm)");
        return;
    }
    let folder = std::env::temp_dir().join(format!("turno-full-{}", std::process::id()));
    let disk = folder.join("disk");
    std::fs::create_dir_all(&disk).expect("the temporary folder takes one");
    let script = "mount -t tmpfs -o size=512k,mode=700 none \"$1\" && exec \"$2\" serve \"$3\" --state \"$1\" \
                  --control \"$4\" 2>&1";
    let mut child = Command::new("unshare")
        .args(["-rm", "sh", "-c", script, "sh"])
        .args([&disk, Path::new(env!("CARGO_BIN_EXE_turno")), &plan(&folder), &folder.join("control")])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = lines.lines().map(|line| line.expect("text"));
    assert!(lines.any(|line| line.contains("calls go on, and the journal is NOT kept")), "nobody was told");
    assert!(lines.any(|line| line.contains("turno serves")), "it does not serve");
    assert!(health().contains("NOT kept"), "{}", health());
    let roomy = Command::new("nsenter")
        .args(["--user", "--mount", "--preserve-credentials", "--target", &child.id().to_string()])
        .args(["mount", "-o", "remount,size=8m"])
        .arg(&disk)
        .status();
    assert!(roomy.expect("nsenter runs").success());
    assert!(lines.any(|line| line.contains("the journal is kept again")), "it was not taken up");
    assert!(health().contains("kept: a restart forgets nothing"), "{}", health());
    child.kill().expect("it is there");
    child.wait().expect("it ends");
    std::fs::remove_dir_all(folder).expect("it is ours");
}
