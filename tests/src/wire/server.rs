//! A separate turno for a test: the lab plan, at an address that no other test uses.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::wire::folder::Folder;
use crate::wire::program::{Adopted, Program};
use crate::wire::scrape::{Scrape, page};

/// Interval between two checks of an awaited condition.
const LOOK_SPAN: Duration = Duration::from_millis(20);

/// Number of servers whose addresses differ only in their last part.
const SERVERS_OF_BLOCK: u8 = 60;

/// The most servers of one test binary.
const SERVERS_MAX: u8 = 3 * SERVERS_OF_BLOCK;

/// How often a test checks before it gives up: a minute and a half, since a transaction may live for 32 s.
const LOOKS_MAX: u32 = 4_500;
/// A server ends within a second of SIGTERM; a loaded machine gets more time before the test fails.
pub(crate) const END_SPAN: Duration = Duration::from_secs(10);

/// A running turno.
#[derive(Debug)]
pub struct Server {
    pub(crate) program: Program,
    /// The process that took over, if a turno started it.
    pub(crate) successor: Option<Adopted>,
    folder: Folder,
    place: u8,
}

impl Server {
    /// The lab plan unchanged except for the address.
    pub fn lab() -> Self {
        Self::lab_with(&[])
    }

    /// The lab plan with changes: each text is replaced by another.
    pub fn lab_with(changes: &[(&str, &str)]) -> Self {
        Self::with_plan("lab", changes, |folder| serve(folder, false))
    }

    /// The lab plan under a shell's `ulimit -n`.
    pub fn lab_with_descriptors(most: usize) -> Self {
        let limited = format!("ulimit -n {most}; exec \"$@\"");
        Self::with_plan("lab", &[], |folder| {
            let turno = serve(folder, false);
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(limited).arg("sh").arg(turno.get_program()).args(turno.get_args());
            shell
        })
    }

    /// The same with a journal, so that it can be killed.
    pub fn lab_kept_with(changes: &[(&str, &str)]) -> Self {
        Self::with_plan("lab", changes, |folder| serve(folder, true))
    }

    /// The first site with changes: each text is replaced by another.
    pub fn quito_with(changes: &[(&str, &str)]) -> Self {
        // The journal is in the test's folder, not in the user's.
        Self::with_plan("quito", changes, |folder| serve(folder, true))
    }

    pub(crate) fn with_plan(
        name: &str,
        changes: &[(&str, &str)],
        serve: impl FnOnce(&Folder) -> Command,
    ) -> Self {
        static PLACES: AtomicU8 = AtomicU8::new(0);
        let place = PLACES.fetch_add(1, Ordering::Relaxed);
        assert!(place < SERVERS_MAX, "one test binary has addresses for {SERVERS_MAX} servers");
        let folder = Folder::new();
        copy_plan(name, &folder.join("plan"), changes, address(place, 1));
        let program = Program::start(&mut serve(&folder), &folder.join("turno.txt"));
        let mut server = Self { program, successor: None, folder, place };
        server.wait_until("turno answers /metrics", |_| true);
        server
    }

    /// SIGKILL, and another one in its place at once, with the same plan and the files of the first: for one with a
    /// journal.
    pub fn kill_and_start_again(&mut self) {
        self.kill();
        self.start_again();
    }

    /// SIGKILL, as from a kernel without memory.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// Another one in its place after it has ended, with the same plan and its files.
    pub fn start_again(&mut self) {
        self.program = Program::start(&mut serve(&self.folder, true), &self.folder.join("turno-again.txt"));
        self.wait_until("turno answers /metrics again", |_| true);
    }

    /// Whether it has ended within `span`.
    pub fn has_ended(&mut self, span: Duration) -> bool {
        self.program.wait(span).is_some()
    }

    /// Sends it a signal by its number.
    pub fn signal(&self, number: i32) {
        let id = self.process().to_string();
        let status = Command::new("kill").args([&format!("-{number}"), &id]).status();
        assert!(status.expect("kill runs").success(), "signal {number}");
    }

    /// Edits the plan: in each file each text is replaced by another.
    pub fn edit(&self, changes: &[(&str, &str)]) {
        for file in std::fs::read_dir(self.folder.join("plan")).expect("the test wrote it") {
            let file = file.expect("the test wrote it").path();
            let text = std::fs::read_to_string(&file).expect("the test wrote it");
            let edited = changes.iter().fold(text, |text, (old, new)| text.replacen(old, new, 1));
            std::fs::write(file, edited).expect("the test's folder can be written");
        }
    }

    /// Its SIP address.
    pub fn sip(&self) -> SocketAddr {
        SocketAddr::new(address(self.place, 1), 5060)
    }

    /// Its SIP address for TLS, if the plan was changed so.
    pub fn sips(&self) -> SocketAddr {
        SocketAddr::new(address(self.place, 1), 5061)
    }

    /// Its HTTP address.
    pub fn http(&self) -> SocketAddr {
        SocketAddr::new(address(self.place, 1), 8080)
    }

    /// An address for a peer of this test; `number` is 0, 2 or 3.
    pub fn peer(&self, number: u8) -> IpAddr {
        assert!(matches!(number, 0 | 2 | 3), "each server has three peers' addresses");
        address(self.place, number)
    }

    /// A folder for the test's files.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// `turno trace` with these arguments, for this turno; the output goes to the file `said`.
    pub fn trace(&self, words: &[&str], said: &str) -> Program {
        let mut command = Command::new(turno());
        command.arg("trace").args(words).arg("--control").arg(self.folder.join("control"));
        command.current_dir(self.folder.path()).env("COLUMNS", "160");
        Program::start(&mut command, &self.folder.join(said))
    }

    /// `turno ctl` with these arguments, for this turno; the output goes to the file `said`.
    pub fn ctl(&self, words: &[&str], said: &str) -> Program {
        let mut command = Command::new(turno());
        command.arg("ctl").args(words).arg("--control").arg(self.folder.join("control"));
        Program::start(&mut command, &self.folder.join(said))
    }

    /// The process.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Reads /metrics; panics without an answer.
    pub fn scrape(&self) -> Scrape {
        Scrape::read(self.http()).unwrap_or_else(|| panic!("no /metrics:\n{}", self.program.tail()))
    }

    /// The content of /health.
    pub fn health(&self) -> String {
        page(self.http(), "/health").unwrap_or_else(|| panic!("no /health:\n{}", self.program.tail()))
    }

    /// Reads /metrics until `is_so`, and returns the last page; fails after a minute and a half.
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&Scrape) -> bool) -> Scrape {
        let mut last = None;
        for _ in 0..LOOKS_MAX {
            last = Scrape::read(self.http()).or(last);
            if let Some(scrape) = last.as_ref().filter(|scrape| is_so(scrape)) {
                return scrape.clone();
            }
            if let Some(status) = self.program.wait(LOOK_SPAN).filter(|_| self.successor.is_none()) {
                panic!("turno ended with {status} before {what}:\n{}", self.program.tail());
            }
        }
        panic!("never: {what}; the last reading was {last:#?}\n{}", self.program.tail());
    }

    /// Sends SIGTERM; the plan decides what happens to calls.
    pub fn ask_to_stop(&self) {
        self.program.terminate();
    }

    /// Whether it has said these words up to now.
    pub fn has_said(&self, words: &str) -> bool {
        self.program.said().contains(words)
    }

    /// Waits until the log contains these words.
    pub fn said(&mut self, words: &str) {
        for _ in 0..LOOKS_MAX {
            if (self.folder.read("turno.txt") + &self.folder.read("turno-again.txt")).contains(words) {
                return;
            }
            let _ = self.program.wait(LOOK_SPAN);
        }
        panic!("never said: {words}\n{}", self.program.tail());
    }

    /// Waits until the log contains these words this many times. Another thread writes the log, so lines may come after
    /// the metrics show the event.
    pub fn said_times(&mut self, words: &str, times: usize) {
        for _ in 0..LOOKS_MAX {
            if self.folder.read("turno.txt").matches(words).count() >= times {
                break;
            }
            let _ = self.program.wait(LOOK_SPAN);
        }
        let log = self.folder.read("turno.txt");
        assert_eq!(log.matches(words).count(), times, "{words}:\n{log}");
    }

    /// Waits until it has ended, and asserts success.
    pub fn ends(&mut self) {
        self.program.succeed(END_SPAN);
        let said = self.folder.read("turno.txt") + &self.folder.read("turno-again.txt");
        assert!(!said.contains("panicked"), "turno panicked:\n{said}");
    }

    /// Sends SIGTERM and asserts success.
    pub fn stop(mut self) {
        if let Some(successor) = &self.successor {
            assert!(successor.end(END_SPAN), "it does not end:\n{}", self.program.tail());
        }
        self.ask_to_stop();
        self.ends();
    }
}

/// `turno serve` with the plan of a test's folder, and its folder `state` if a journal is kept.
pub(crate) fn serve(folder: &Folder, keeps: bool) -> Command {
    let mut command = Command::new(turno());
    command.arg("serve").arg(folder.join("plan")).arg("--control").arg(folder.join("control"));
    if keeps {
        command.arg("--state").arg(folder.join("state"));
    }
    command
}

/// The folder sip-config of this repository.
pub(crate) fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config").canonicalize().expect("the repository has it")
}

/// Copies a plan of this repository to `to`, with changes, for `ip` instead of 127.0.0.1.
fn copy_plan(name: &str, to: &Path, changes: &[(&str, &str)], ip: IpAddr) {
    std::fs::create_dir_all(to).expect("the test's folder can be written");
    let mut made = 0;
    for file in std::fs::read_dir(site().join(name)).expect("the plan is in the repository") {
        let file = file.expect("the plan can be read").path();
        if file.is_dir() {
            continue;
        }
        let mut text = std::fs::read_to_string(&file).expect("the plan can be read");
        for (old, new) in changes.iter().filter(|(old, _)| text.contains(old)).collect::<Vec<_>>() {
            text = text.replacen(old, new, 1);
            made += 1;
        }
        text = text.replace("127.0.0.1", &ip.to_string());
        text = text.replace("\"../", &format!("\"{}/", site().display()));
        let name = file.file_name().expect("a file has a name");
        std::fs::write(to.join(name), text).expect("the test's folder can be written");
    }
    assert_eq!(made, changes.len(), "the plan no longer says what the test would change");
}

/// The program `turno`: TURNO_PROGRAM if set, or else built like the tests.
pub fn turno() -> &'static Path {
    static TURNO: OnceLock<PathBuf> = OnceLock::new();
    TURNO.get_or_init(|| {
        if let Some(program) = std::env::var_os("TURNO_PROGRAM") {
            return PathBuf::from(program);
        }
        let test = std::env::current_exe().expect("a test knows its own file");
        let profile = test.parent().and_then(Path::parent).expect("target/PROFILE/deps/TEST");
        let target = profile.parent().expect("target/PROFILE");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "turno", "--target-dir"]).arg(target);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        let status = cargo.status().expect("cargo runs, since it built this test");
        assert!(status.success(), "turno does not build");
        profile.join("turno")
    })
}

/// A loopback address: four in a row for each server, in a block chosen by the process id, so that two runs at once do
/// not collide.
fn address(place: u8, number: u8) -> IpAddr {
    let [.., high, low] = std::process::id().to_be_bytes();
    let block = (64 * (1 + place / SERVERS_OF_BLOCK)) | (high & 63);
    IpAddr::V4(Ipv4Addr::new(127, block, low, place % SERVERS_OF_BLOCK * 4 + number))
}
