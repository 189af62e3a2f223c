//! A turno with pages, its users, and scripts that use them in Chromium.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use core::time::Duration;

use turno_tests::wire::{Program, Server, is_missing, turno};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wall");
const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/api/web");
const PASSWORD: &str = "four quiet mountain llamas";
/// What the lab's plan has not, and supervisors work with.
const TABLES: &str = "[api]\nlisten = \"127.0.0.1:8081\"\n\n[[aux_reason]]\nname = \"lunch\"\ndigit = 1\n\n\
    [[caller_list]]\nname = \"blocked\"\ndo = \"refuse\"\n\n[http]";

/// The turno.
pub(crate) struct Stage {
    pub(crate) server: Server,
}

impl Stage {
    /// `None`, and the reason is written, if the pages can't be tried here.
    pub(crate) fn starts() -> Option<Self> {
        Self::starts_with(&[])
    }

    /// The same with another plan: each text is replaced by another, after those of the tables.
    pub(crate) fn starts_with(changes: &[(&str, &str)]) -> Option<Self> {
        if is_missing(&["node", "chromium"]) {
            return None;
        }
        for needed in ["node_modules/playwright-core", "dist/pages/wall.html"] {
            if !Path::new(WEB).join(needed).exists() {
                let test = std::thread::current().name().unwrap_or("a test").to_owned();
                let _ = writeln!(std::io::stderr(), "skipped: {test}: no {needed} in crates/api/web");
                return None;
            }
        }
        let server = Server::lab_kept_with(&[&[("[http]", TABLES)], changes].concat());
        let stage = Self { server };
        stage.adds("boss", "a004");
        Some(stage)
    }

    /// An operator who is this agent.
    fn adds(&self, name: &str, agent: &str) {
        let folder = self.server.folder();
        let mut add = Command::new(turno())
            .args(["user", "add", name, "--role", "operator", "--agent", agent, "--plan"])
            .arg(folder.join("plan"))
            .arg("--state")
            .arg(folder.join("state"))
            .stdin(Stdio::piped())
            .spawn()
            .expect("turno runs");
        add.stdin.take().expect("piped").write_all(PASSWORD.as_bytes()).expect("it reads");
        assert!(add.wait().expect("it ends").success());
    }

    /// Waits until so many agents are available.
    pub(crate) fn works(&mut self, agents: f64) {
        let is_so = move |now: &turno_tests::wire::Scrape| {
            now.sum("turno_agents", &["state=\"available\""]) >= agents
        };
        self.server.wait_until("the agents work", is_so);
    }

    /// Starts a script of this folder.
    pub(crate) fn runs(&self, script: &str, environment: &[(&str, &str)]) -> Program {
        let mut command = Command::new("node");
        command.arg(Path::new(HERE).join(script));
        let at = SocketAddr::new(self.server.http().ip(), 8081);
        command
            .env("TURNO", format!("http://{at}"))
            .env("TURNO_USER", "boss")
            .env("GO", self.server.folder().join("go.txt"))
            .env("TURNO_PASSWORD", PASSWORD);
        command.envs(environment.iter().copied());
        Program::start(&mut command, &self.server.folder().join("script.txt"))
    }

    /// Lets the script go on that waits for this word.
    pub(crate) fn says(&self, word: &str) {
        let file = self.server.folder().join("go.txt");
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("a file");
        writeln!(file, "{word}").expect("it is written");
    }

    /// Waits until the script says this word.
    pub(crate) fn until(&self, script: &mut Program, word: &str) {
        for _ in 0..6_000 {
            let said = self.server.folder().read("script.txt");
            if said.lines().any(|line| line == word) {
                return;
            }
            let ended = script.wait(Duration::from_millis(50));
            assert!(ended.is_none(), "it ended before {word}:\n{said}\n{}", script.tail());
        }
        panic!("never {word}:\n{}", script.tail());
    }

    /// The script ends with success.
    pub(crate) fn ends_well(self, mut script: Program, span: Duration) {
        script.succeed(span);
        let said = self.server.folder().read("script.txt");
        assert!(said.lines().any(|line| line == "GOOD"), "{said}");
        println!("{said}");
        self.server.stop();
    }
}
