//! A program that runs beside a test and never outlives it.

use core::time::Duration;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

/// A running program; dropping it kills it.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    handle: OwnedFd,
    said: PathBuf,
    ended: Option<ExitStatus>,
}

impl Program {
    /// Starts `command`; its output goes to the file `said`.
    pub fn start(command: &mut Command, said: &Path) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let out = File::create(said).expect("the test's folder can be written");
        let err = out.try_clone().expect("a file can be opened twice");
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let handle =
            pidfd_open(Pid::from_child(&child), PidfdFlags::empty()).expect("our child has a handle");
        Self { name, child, handle, said: said.to_owned(), ended: None }
    }

    /// Waits for its end, at most `span`.
    pub fn wait(&mut self, span: Duration) -> Option<ExitStatus> {
        if self.ended.is_none() {
            let span = Timespec::try_from(span).expect("a test waits for less than an age");
            let mut handles = [PollFd::new(&self.handle, PollFlags::IN)];
            // An interrupted wait is a short wait; the caller polls again.
            let _ = poll(&mut handles, Some(&span));
            self.ended = self.child.try_wait().expect("our child can be asked");
        }
        self.ended
    }

    /// Waits for its end and asserts success; a failure shows its output.
    pub fn succeed(&mut self, span: Duration) {
        match self.wait(span) {
            Some(status) if status.success() => {}
            Some(status) => panic!("{} ended with {status}:\n{}", self.name, self.tail()),
            None => panic!("{} did not end within {span:?}:\n{}", self.name, self.tail()),
        }
    }

    /// Asks it to end like Ctrl-C or systemd.
    pub fn terminate(&self) {
        if self.ended.is_none() {
            kill_process(Pid::from_child(&self.child), Signal::TERM).expect("our child can be signalled");
        }
    }

    /// Kills it, like the kernel when memory runs out, and waits until it has ended.
    pub fn kill(&mut self) {
        if self.ended.is_none() {
            kill_process(Pid::from_child(&self.child), Signal::KILL).expect("our child can be signalled");
            self.ended = Some(self.child.wait().expect("our child can be waited for"));
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its complete output.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.said).unwrap_or_default()).into_owned()
    }

    /// The last lines of its output.
    pub fn tail(&self) -> String {
        let text = self.said();
        let lines: Vec<&str> = text.lines().rev().take(40).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// A running program that another one started; dropping it kills it. Only its parent knows its exit code.
#[derive(Debug)]
pub(crate) struct Adopted {
    number: i32,
    handle: OwnedFd,
}

impl Adopted {
    /// The process with this id.
    pub(crate) fn new(number: i32) -> Self {
        let pid = Pid::from_raw(number).expect("a process number");
        Self { number, handle: pidfd_open(pid, PidfdFlags::empty()).expect("it runs") }
    }

    /// Its process id.
    pub(crate) fn number(&self) -> i32 {
        self.number
    }

    /// Asks it to end; returns whether it did within `span`.
    pub(crate) fn end(&self, span: Duration) -> bool {
        pidfd_send_signal(&self.handle, Signal::TERM).expect("it runs");
        self.ends(span)
    }

    /// Returns whether it ends within `span` without a signal.
    pub(crate) fn ends(&self, span: Duration) -> bool {
        let span = Timespec::try_from(span).expect("a test waits for less than an age");
        poll(&mut [PollFd::new(&self.handle, PollFlags::IN)], Some(&span)).is_ok_and(|ended| ended > 0)
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        // It has usually ended already.
        let _ = pidfd_send_signal(&self.handle, Signal::KILL);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.ended.is_none() {
            // It may have ended a moment ago; then there is nothing to kill.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
