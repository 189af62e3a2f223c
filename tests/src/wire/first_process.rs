//! A turno that is process 1 of a namespace, as in a container.

use std::process::{Command, Stdio};

use crate::wire::missing::is_missing;
use crate::wire::server::{Server, serve};

/// The command that creates a namespace with the following program as its first process.
const UNSHARE: [&str; 4] = ["--pid", "--fork", "--mount-proc", "--kill-child"];

impl Server {
    /// The lab with a journal as process 1, with changes. `None`, with a message, if this machine does not allow
    /// namespaces for a test.
    pub fn lab_as_first_process(changes: &[(&str, &str)]) -> Option<Self> {
        if is_missing(&["unshare"]) {
            return None;
        }
        let mut probe = Command::new("unshare");
        if !probe.args(UNSHARE).arg("true").stderr(Stdio::null()).status().is_ok_and(|it| it.success()) {
            is_missing(&["(root, for a namespace of processes)"]);
            return None;
        }
        Some(Self::with_plan("lab", changes, |folder| {
            let serve = serve(folder, true);
            let mut command = Command::new("unshare");
            command.args(UNSHARE).arg(serve.get_program()).args(serve.get_args());
            command
        }))
    }

    /// Sends a signal to process 1.
    pub fn signal_first_process(&self, number: i32) {
        let unshare = self.program().id();
        let children = std::fs::read_to_string(format!("/proc/{unshare}/task/{unshare}/children"));
        let children = children.expect("Linux tells the children of a process");
        let first = children.split_whitespace().next().expect("process 1 lives").to_owned();
        let status = Command::new("kill").args([&format!("-{number}"), &first]).status();
        assert!(status.expect("kill runs").success(), "signal {number}");
    }
}
