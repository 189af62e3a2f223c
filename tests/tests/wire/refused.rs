//! Refused starts: the message, the exit code, and that following its advice helps.

use core::time::Duration;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use turno_tests::wire::{Program, Server, Softphone, is_missing, turno};

/// How long a start or an end may take on a loaded machine.
const SPAN: Duration = Duration::from_secs(60);
/// User id of `nobody` on most systems.
const NOBODY: u32 = 65_534;
/// Values of `ulimit -n` that are too low for a call.
const FEW: [u32; 3] = [32, 48, 64];

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// The one line that says why turno does not start; its exit code must be 4.
fn refusal(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it can be started");
    let all = said(&output);
    assert_eq!(output.status.code(), Some(4), "{all}");
    let lines: Vec<&str> = all.lines().filter(|line| line.starts_with("turno:")).collect();
    assert_eq!(lines.len(), 1, "{all}");
    lines[0].to_owned()
}

#[test]
fn a_start_with_too_few_descriptors_says_how_many_one_call_needs_and_with_as_many_one_call_goes() {
    // Wound: with a small `ulimit -n` it starts and answers every call, but there is no voice.
    let server = Server::lab();
    let mut least = 0;
    for few in FEW {
        let line = refusal(
            Command::new("sh")
                .args(["-c", &format!("ulimit -n {few}; exec \"$@\""), "sh"])
                .arg(turno())
                .arg("serve")
                .arg(server.plan())
                .arg("--control")
                .arg(server.folder().join("another")),
        );
        for words in [&format!("may have {few} descriptors"), "LimitNOFILE=", "ulimit -n"] {
            assert!(line.contains(words), "{words} is not in: {line}");
        }
        let needs =
            line.split("one call needs ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
        least = needs.unwrap_or_else(|| panic!("no number in: {line}"));
    }
    server.stop();
    let mut server = Server::lab_with_descriptors(least);
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let call = line.calls("0991111111", "7000");
    line.is_answered(call);
    line.hangs_up(call);
    agent.is_hung_up_on();
    server.stop();
}

/// `turno serve` as user `nobody`, with the plan of `server` at another address.
fn as_nobody(server: &Server, state: &Path) -> Command {
    let plan = fs::read_to_string(server.plan().join("lab.toml")).expect("the test wrote it");
    let plan = plan.replace(&server.sip().ip().to_string(), &server.peer(2).to_string());
    let file = server.folder().join("second.toml");
    fs::write(&file, plan).expect("the folder is ours");
    let sockets = server.folder().join("sockets");
    fs::create_dir_all(&sockets).expect("the folder is ours");
    chown(&sockets, Some(NOBODY), Some(NOBODY)).expect("root gives it away");
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups"]);
    command.arg(turno()).arg("serve").arg(file).arg("--state").arg(state);
    command.arg("--control").arg(sockets.join("control"));
    command
}

/// Whether the test can become `nobody` on this machine, and `nobody` can run turno.
fn can_be_nobody() -> bool {
    if is_missing(&["setpriv"]) {
        return false;
    }
    let mut probe = Command::new("setpriv");
    probe.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups"]);
    probe.arg(turno()).arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|it| it.success())
        || !is_missing(&["(root, and a turno that user nobody may run)"])
}

/// Checks that this turno starts, serves, and ends when it is asked to.
fn serves(mut command: Command, server: &Server) {
    let mut program = Program::start(&mut command, &server.folder().join("second.txt"));
    for _ in 0..SPAN.as_millis() / 20 {
        if program.tail().contains("turno serves") {
            program.terminate();
            return program.succeed(SPAN);
        }
        let ended = program.wait(Duration::from_millis(20));
        assert!(ended.is_none(), "it ended:\n{}", program.tail());
    }
    panic!("it does not serve:\n{}", program.tail());
}

#[test]
fn a_state_folder_of_another_user_is_refused_with_the_command_that_mends_it() {
    // Wound: after root has run the service once by hand, it no longer starts as its own user: 'Permission denied'.
    if !can_be_nobody() {
        return;
    }
    let server = Server::lab();
    let state = server.folder().join("of-root");
    fs::create_dir(&state).expect("the folder is ours");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let line = refusal(&mut as_nobody(&server, &state));
    for words in ["of-root", "belongs to user 0", "runs as user 65534", "chown", "--state"] {
        assert!(line.contains(words), "{words} is not in: {line}");
    }
    // The folder now belongs to `nobody`, but the files of root's turno in it do not.
    chown(&state, Some(NOBODY), Some(NOBODY)).expect("root gives it away");
    let mend = format!("chown -R {NOBODY} {}", state.display());
    for name in ["lock", "clock", "00000000000000000001.segment"] {
        let file = state.join(name);
        fs::write(&file, "").expect("root may");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
        let line = refusal(&mut as_nobody(&server, &state));
        for words in ["its file", "belongs to user 0", "runs as user 65534", &mend] {
            assert!(line.contains(words), "{words} is not in: {line}");
        }
    }
    for entry in fs::read_dir(&state).expect("root may") {
        chown(entry.expect("a name").path(), Some(NOBODY), Some(NOBODY)).expect("root gives it away");
    }
    serves(as_nobody(&server, &state), &server);
    // A folder that this user cannot create.
    let line = refusal(&mut as_nobody(&server, &server.folder().join("not-there/state")));
    assert!(line.contains("Permission denied") && line.contains("--state"), "{line}");
    server.stop();
}

#[test]
fn a_state_folder_on_a_disk_that_is_mounted_for_reading_is_refused_with_what_to_do() {
    let server = Server::lab();
    let state = server.folder().join("state");
    fs::create_dir(&state).expect("the folder is ours");
    let mount = "mount -t tmpfs -o mode=700 none \"$0\" && mount -o remount,ro \"$0\" && ";
    let mut probe = Command::new("unshare");
    probe.args(["--mount", "sh", "-c", &format!("{mount} true")]).arg(&state);
    if !probe.stderr(Stdio::null()).status().is_ok_and(|it| it.success()) {
        is_missing(&["(root, for a disk of the test's own)"]);
        return server.stop();
    }
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &format!("{mount} exec \"$@\"")]).arg(&state).arg(turno());
    command.arg("serve").arg(server.plan()).arg("--state").arg(&state);
    let line = refusal(command.arg("--control").arg(server.folder().join("another")));
    for words in ["Read-only file system", "mount it for writing", "--state"] {
        assert!(line.contains(words), "{words} is not in: {line}");
    }
    server.stop();
}
