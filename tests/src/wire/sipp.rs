//! SIPp with turno's scenarios.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::wire::program::Program;
use crate::wire::server::{Server, site};

/// How long one run may take.
const RUN_SPAN: Duration = Duration::from_secs(120);

/// One run of SIPp.
#[derive(Debug)]
pub struct Sipp {
    command: Command,
    run: String,
}

/// A started run.
#[derive(Debug)]
pub struct Running {
    program: Program,
    run: String,
    folder: PathBuf,
}

impl Sipp {
    /// The scenario of this name, from `ip`:`port` against `server`.
    pub fn new(server: &Server, scenario: &str, ip: IpAddr, port: u16) -> Self {
        Self::with_file(server, (scenario, &site().join(format!("sipp/{scenario}.xml"))), ip, port)
    }

    /// The scenario of this name with changes: each text, which must exist, is replaced by another.
    pub fn changed(
        server: &Server,
        scenario: &str,
        changes: &[(&str, &str)],
        (ip, port): (IpAddr, u16),
    ) -> Self {
        let mut text =
            std::fs::read_to_string(site().join(format!("sipp/{scenario}.xml"))).expect("it is ours");
        for (old, new) in changes {
            assert!(text.contains(old), "{scenario} has no {old}");
            text = text.replace(old, new);
        }
        let file = server.folder().join(&format!("{scenario}-changed-{port}.xml"));
        std::fs::write(&file, text).expect("the folder is ours");
        Self::with_file(server, (scenario, &file), ip, port)
    }

    fn with_file(server: &Server, (scenario, file): (&str, &Path), ip: IpAddr, port: u16) -> Self {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let run = format!("{scenario}-{}", RUNS.fetch_add(1, Ordering::Relaxed));
        let mut command = Command::new("sipp");
        let to: SocketAddr = server.sip();
        command.current_dir(server.folder().path());
        command.arg(to.to_string()).arg("-sf").arg(file);
        command.args(["-nostdin", "-i", &ip.to_string(), "-p", &port.to_string()]);
        command.args(["-mi", &ip.to_string()]);
        command.args(["-timeout", &RUN_SPAN.as_secs().to_string(), "-timeout_error"]);
        command.args(["-trace_err", "-error_file", &format!("{run}.err")]);
        command.args(["-trace_logs", "-log_file", &format!("{run}.log")]);
        Self { command, run }
    }

    /// `calls` callers who dial `number`.
    pub fn callers(server: &Server, scenario: &str, number: &str, calls: u32) -> Self {
        Self::new(server, scenario, server.peer(3), 5090).with(&[
            "-s",
            number,
            "-mp",
            "20000",
            "-m",
            &calls.to_string(),
        ])
    }

    /// Agents at `port` who answer every call.
    pub fn agents(server: &Server, scenario: &str, port: u16) -> Self {
        Self::new(server, scenario, server.peer(2), port).with(&["-aa", "-mp", &(port * 4).to_string()])
    }

    /// Registers `count` agents from number `first` on, with contacts at `port`.
    pub fn register(server: &Server, first: u32, count: u32, port: u16) {
        Self::with_agents(server, "agent_register", first, count, port);
    }

    /// Removes the registrations of these agents, from `port`.
    pub fn unregister(server: &Server, first: u32, count: u32, port: u16) {
        Self::with_agents(server, "agent_unregister", first, count, port);
    }

    fn with_agents(server: &Server, scenario: &str, first: u32, count: u32, port: u16) {
        let lines = (first..first + count)
            .map(|number| format!("a{number:03};[authentication username=a{number:03} password=lab]\n"));
        let list = server.folder().join(&format!("agents-{port}.csv"));
        std::fs::write(&list, format!("SEQUENTIAL\n{}", lines.collect::<String>()))
            .expect("the folder is ours");
        // The agents may already use `port`, so they are registered from the next one.
        let text = std::fs::read_to_string(site().join(format!("sipp/{scenario}.xml"))).expect("it is ours");
        let text = text.replace("[local_port];transport", &format!("{port};transport"));
        let file = server.folder().join(&format!("{scenario}-{port}.xml"));
        std::fs::write(&file, text).expect("the folder is ours");
        let mut sipp = Self::with_file(server, (scenario, &file), server.peer(2), port + 1);
        sipp.command.arg("-inf").arg(list);
        sipp.with(&["-m", &count.to_string()]).succeed();
    }

    /// Adds SIPp's own options.
    pub fn with(mut self, options: &[&str]) -> Self {
        self.command.args(options);
        self
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        let folder = self.command.get_current_dir().expect("the test's folder was set").to_owned();
        let program = Program::start(&mut self.command, &folder.join(format!("{}.txt", self.run)));
        Running { program, run: self.run, folder }
    }

    /// Runs it to its end; every call must follow the scenario.
    pub fn succeed(self) {
        self.start().succeed();
    }
}

impl Running {
    /// Waits for its end; every call must have followed the scenario.
    pub fn succeed(mut self) {
        self.ends();
    }

    /// The same; its log can be read afterwards.
    pub fn ends(&mut self) {
        match self.program.wait(RUN_SPAN) {
            Some(status) if status.success() => {}
            status => {
                let errors = self.read("err");
                let first: String = errors.chars().take(4_000).collect();
                panic!("SIPp's {} ended with {status:?}:\n{first}\n{}", self.run, self.program.tail());
            }
        }
    }

    /// Lets it run for a while; returns whether it still runs.
    pub fn runs_for(&mut self, span: Duration) -> bool {
        self.program.wait(span).is_none()
    }

    /// The lines that the scenario has logged.
    pub fn log(&self) -> Vec<String> {
        self.read("log").lines().map(str::to_owned).collect()
    }

    fn read(&self, kind: &str) -> String {
        let file = self.folder.join(format!("{}.{kind}", self.run));
        String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned()
    }
}
