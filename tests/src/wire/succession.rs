//! Hand-overs in a test: by a take-over, or by a reload that starts a successor.

use core::time::Duration;
use std::process::Command;

use rustix::event::{Timespec, poll};

use crate::wire::program::{Adopted, Program};
use crate::wire::server::{END_SPAN, Server, serve, turno};

/// Interval between two checks of the processes.
const LOOK_SPAN: Duration = Duration::from_millis(20);
/// After this many checks with the same processes, no more are expected.
const CALM_LOOKS: u32 = 100;
/// A turno that starts beside another has ended or serves after this time.
const PATIENCE: Duration = Duration::from_secs(90);

impl Server {
    /// Another one takes over with the same plan, like a new version; the first must end with success.
    pub fn take_over(&mut self) {
        let mut command = serve(self.folder(), true);
        let said = format!("turno-after-{}.txt", self.program.id());
        let next = Program::start(command.arg("--take-over"), &self.folder().join(&said));
        self.program.succeed(END_SPAN);
        self.program = next;
        self.wait_until("the next turno answers /metrics", |_| true);
    }

    /// Another one tries to take over with the same plan and fails: its exit code and output.
    pub fn is_not_taken_over(&self) -> (Option<i32>, String) {
        let mut next = self.begins_to_take_over("turno-tried.txt");
        let status = next.wait(PATIENCE).unwrap_or_else(|| panic!("it does not end:\n{}", next.tail()));
        (status.code(), next.said())
    }

    /// Another one begins to take over with the same plan; its output goes to the file `said`.
    pub fn begins_to_take_over(&self, said: &str) -> Program {
        Program::start(serve(self.folder(), true).arg("--take-over"), &self.folder().join(said))
    }

    /// Sets the program that serves now.
    pub fn is_now(&mut self, program: Program) {
        self.program = program;
        self.wait_until("it answers /metrics", |_| true);
    }

    /// `turno reload`: its exit code and output.
    pub fn reload(&self) -> (Option<i32>, String) {
        let output = reload(self).output().expect("turno can be started");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    /// The process that a reload has started to replace the serving one, which must end.
    pub fn followed_by_successor(&mut self) {
        match self.successor.take() {
            Some(before) => assert!(before.ends(END_SPAN), "it does not end:\n{}", self.program.tail()),
            None => self.program.succeed(END_SPAN),
        }
        let said = self.program.said();
        let number = said.lines().rev().filter(|line| line.contains("handed over")).find_map(|line| {
            line.split_whitespace().find_map(|word| word.strip_prefix("process=")?.parse().ok())
        });
        let number = number.unwrap_or_else(|| panic!("nobody took over:\n{said}"));
        self.successor = Some(Adopted::new(number));
        self.wait_until("the successor answers /metrics", |_| true);
    }

    /// Starts `turno reload`; its output goes to the file `said`.
    pub fn begins_to_reload(&self, said: &str) -> Program {
        Program::start(&mut reload(self), &self.folder().join(said))
    }

    /// The serving process, as far as the test knows.
    pub(crate) fn process(&self) -> u32 {
        self.successor.as_ref().map_or(self.program.id(), |it| it.number().unsigned_abs())
    }

    /// Waits until only one turno serves this test's plan; returns its process.
    pub fn only_turno(&self) -> u32 {
        for _ in 0..PATIENCE.as_millis() / LOOK_SPAN.as_millis() {
            if let [turno] = self.turnos()[..] {
                return turno;
            }
            let _ = poll(&mut [], Some(&Timespec::try_from(LOOK_SPAN).expect("a look is short")));
        }
        panic!("the turnos are {:?}:\n{}", self.turnos(), self.program.tail());
    }

    /// Sends a signal to each turno that runs with this test's plan.
    pub fn signals_every_turno(&self, number: i32) {
        for turno in self.turnos() {
            // A process that has ended meanwhile needs no signal.
            let _ = Command::new("kill").args([&format!("-{number}"), &turno.to_string()]).status();
        }
    }

    /// Waits until another one serves alone, without a further successor.
    pub fn is_followed_in_the_end(&mut self) {
        let before = self.process();
        let mut last = (Vec::new(), 0);
        for _ in 0..PATIENCE.as_millis() / LOOK_SPAN.as_millis() {
            let turnos = self.turnos();
            last = if turnos == last.0 { (turnos, last.1 + 1) } else { (turnos, 0) };
            if last.1 >= CALM_LOOKS && last.0.len() == 1 && last.0[0] != before {
                self.successor = i32::try_from(last.0[0]).ok().map(Adopted::new);
                self.wait_until("the successor answers /metrics", |_| true);
                return;
            }
            let _ = poll(&mut [], Some(&Timespec::try_from(LOOK_SPAN).expect("a look is short")));
        }
        panic!("nobody has followed {before}; the turnos are {:?}:\n{}", last.0, self.program.tail());
    }

    /// Every process that serves this test's plan.
    fn turnos(&self) -> Vec<u32> {
        let control = self.folder().join("control").to_string_lossy().into_owned();
        let is_one = |number: &u32| {
            let words = std::fs::read_to_string(format!("/proc/{number}/cmdline")).unwrap_or_default();
            let words: Vec<&str> = words.split('\0').collect();
            words.get(1) == Some(&"serve") && words.contains(&control.as_str())
        };
        let processes = std::fs::read_dir("/proc").expect("Linux tells its processes");
        let numbers = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        numbers.filter(is_one).collect()
    }
}

fn reload(server: &Server) -> Command {
    let mut command = Command::new(turno());
    command.arg("reload").arg("--control").arg(server.folder().join("control"));
    command
}
