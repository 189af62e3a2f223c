//! A disk that is really full, under a turno that really serves.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config")
}

/// The lab's plan at an address of its own.
fn plan(folder: &Path, host: &str, journal: &str) -> PathBuf {
    let text = std::fs::read_to_string(samples().join("lab/lab.toml")).expect("the lab's plan");
    let text = text
        .replace("127.0.0.1:", &format!("{host}:"))
        .replace("../music/hold.wav", &samples().join("music/hold.wav").display().to_string())
        .replace("../prompts", &samples().join("prompts").display().to_string());
    let path = folder.join("plan.toml");
    std::fs::write(&path, format!("{text}\n{journal}\n")).expect("the folder takes a file");
    path
}

/// A turno whose journal is on a small disk of its own.
struct House {
    host: &'static str,
    folder: PathBuf,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl House {
    /// `None`, said aloud, where this machine does not let a test mount one. `first` is done on the disk before.
    fn on_disk(host: &'static str, options: &str, journal: &str, first: &str) -> Option<Self> {
        let can = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
        if !can.is_ok_and(|status| status.success()) {
            println!("skipped: this machine does not let us mount a small disk (unshare -rm)");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("turno-full-{}-{host}", std::process::id()));
        let disk = folder.join("disk");
        std::fs::create_dir_all(&disk).expect("the temporary folder takes one");
        let script = format!(
            "mount -t tmpfs -o {options},mode=700 none \"$1\" && cd \"$1\" && {first} && cd / && \
             exec \"$2\" serve \"$3\" --state \"$1/state\" --control \"$4\" 2>&1"
        );
        let mut child = Command::new("unshare")
            .args(["-rm", "sh", "-c", &script, "sh"])
            .args([&disk, Path::new(env!("CARGO_BIN_EXE_turno")), &plan(&folder, host, journal)])
            .arg(folder.join("control"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Some(Self { host, folder, child, lines })
    }

    /// Reads what it says until these words; the line.
    fn says(&mut self, words: &str) -> String {
        let mut lines = self.lines.by_ref().map(|line| line.expect("text"));
        lines.find(|line| line.contains(words)).unwrap_or_else(|| panic!("it never says: {words}"))
    }

    /// What /health says of the journal.
    fn health(&self) -> String {
        let mut stream = TcpStream::connect((self.host, 8080)).expect("the page's port");
        write!(stream, "GET /health HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n\r\n").expect("asked");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        text
    }

    fn gets(&self, options: &str) {
        let done = Command::new("nsenter")
            .args(["--user", "--mount", "--preserve-credentials", "--target", &self.child.id().to_string()])
            .args(["mount", "-o", &format!("remount,{options}")])
            .arg(self.folder.join("disk"))
            .status();
        assert!(done.expect("nsenter runs").success());
    }

    fn ends(mut self) {
        self.child.kill().expect("it is there");
        self.child.wait().expect("it ends");
        std::fs::remove_dir_all(&self.folder).expect("it is ours");
    }
}

#[test]
fn a_real_disk_that_is_full_is_said_so_and_taken_up_when_it_has_room() {
    // Wound: a full disk stopped a whole room's calls.
    let Some(mut house) = House::on_disk("127.0.0.89", "size=512k", "[journal]\nsegment = 1", "true") else {
        return;
    };
    house.says("calls go on, and the journal is NOT kept");
    house.says("turno serves");
    assert!(house.health().contains("NOT kept"), "{}", house.health());
    house.gets("size=8m");
    house.says("the journal is kept again");
    assert!(house.health().contains("kept: a restart forgets nothing"), "{}", house.health());
    house.ends();
}

#[test]
fn a_disk_with_less_room_than_a_segment_asks_for_keeps_shorter_ones_and_says_what_is_wanted() {
    // Wound: 8 MB of 40 are free, a segment has 16: the journal stays off for the life of the calls.
    let ballast = "head -c 33030144 /dev/zero > ballast";
    let Some(mut house) = House::on_disk("127.0.0.90", "size=40m", "", ballast) else { return };
    let line = house.says("the journal's disk is nearly full");
    assert!(line.contains("8.4 MiB") && line.contains("80.0 MiB") && line.contains("16.0 MiB"), "{line}");
    house.says("turno serves");
    assert!(house.health().contains("kept: a restart forgets nothing"), "{}", house.health());
    house.ends();
}

#[test]
fn a_disk_without_a_free_file_is_said_so_and_taken_up_when_it_has_some() {
    // Wound: df shows room, and nothing can be written: there are no inodes left.
    let Some(mut house) = House::on_disk("127.0.0.91", "size=64m,nr_inodes=2", "", "touch one") else {
        return;
    };
    house.says("the journal's folder can't be made; make room on its disk");
    house.says("calls go on, and the journal is NOT kept");
    house.says("turno serves");
    assert!(house.health().contains("NOT kept"), "{}", house.health());
    house.gets("nr_inodes=100");
    house.says("the journal is kept again");
    assert!(house.health().contains("kept: a restart forgets nothing"), "{}", house.health());
    house.ends();
}
