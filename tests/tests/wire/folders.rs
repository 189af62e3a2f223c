//! The folders of a running turno are changed: state is deleted, moved or replaced, and the control socket is removed.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use turno_tests::wire::{Server, Softphone, turno};

/// How long a trace may take; usually it answers at once, but a loaded machine needs longer.
const SPAN: Duration = Duration::from_secs(30);

const JOURNAL: [(&str, &str); 1] = [("[http]", "[journal]\nsegment = 1\n\n[http]")];

/// The newest file of this kind in a journal's folder.
fn newest(state: &Path, kind: &str) -> PathBuf {
    let names = fs::read_dir(state).expect("a journal").map(|entry| entry.expect("a name").path());
    let newest = names.filter(|path| path.extension().is_some_and(|it| it == kind)).max();
    newest.unwrap_or_else(|| panic!("no {kind} in {}", state.display()))
}

/// A mishap in the state folder: the words of the log, and the action.
type Mishap = (&'static str, fn(&Path));

const MISHAPS: [Mishap; 8] = [
    ("the journal's folder was removed or renamed", |state| fs::remove_dir_all(state).expect("deleted")),
    ("the journal's folder was removed or renamed", |state| {
        fs::rename(state, state.with_extension("moved")).expect("moved");
    }),
    ("the journal's folder was replaced by another", |state| {
        fs::remove_dir_all(state).expect("deleted");
        fs::create_dir(state.with_extension("new")).expect("made");
        fs::rename(state.with_extension("new"), state).expect("moved");
    }),
    ("was removed or renamed while turno writes there", |state| {
        fs::remove_file(newest(state, "checkpoint")).expect("deleted");
    }),
    ("was removed or renamed while turno writes there", |state| {
        fs::remove_file(newest(state, "segment")).expect("deleted");
    }),
    ("was replaced by another", |state| {
        let (segment, copy) = (newest(state, "segment"), state.join("copy"));
        fs::copy(&segment, &copy).expect("copied");
        fs::rename(&copy, &segment).expect("moved");
    }),
    ("was cut to 7 of its", |state| {
        let segment = fs::OpenOptions::new().write(true).open(newest(state, "segment")).expect("there");
        segment.set_len(7).expect("cut");
    }),
    ("the permission to use the journal's folder was taken away", |state| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(state, fs::Permissions::from_mode(0o000)).expect("it is ours");
    }),
];

/// How often the log contains these words.
fn times(server: &Server, words: &str) -> usize {
    server.folder().read("turno.txt").matches(words).count()
}

#[test]
fn a_journal_that_is_deleted_moved_or_replaced_under_a_waiting_caller_is_noticed_and_written_anew() {
    // Wound: the state folder is deleted while turno runs; /health says 'a restart forgets nothing', but it loses all.
    let mut server = Server::lab_kept_with(&JOURNAL);
    let mut line = Softphone::line(&server);
    let waiting = line.calls("0992222222", "7001");
    line.is_answered(waiting);
    let state = server.folder().join("state");
    for (round, (words, mishap)) in MISHAPS.into_iter().enumerate() {
        let before = times(&server, words);
        mishap(&state);
        server.wait_until("it is said and written anew", |now| {
            now.sum("turno_journal_errors_total", &[]) >= round as f64 + 1.0
                && now.sum("turno_journal_kept", &[]) == 1.0
        });
        server.said_times("the journal is kept again", round + 1);
        server.said_times(words, before + 1);
        assert!(server.health().contains("kept: a restart forgets nothing"), "{}", server.health());
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&state).expect("it is there again").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    let second = line.calls("0993333333", "7001");
    line.is_answered(second);
    server.kill_and_start_again();
    server.wait_until("both wait as before", |now| now.sum("turno_queue_depth", &[]) == 2.0);
    // A trace shows the events since the folder was last deleted, and says where the messages begin.
    let list = server.trace(&["--list", "--numbers"], "list.txt");
    told(list);
    let list = server.folder().read("list.txt");
    assert!(list.contains("0993333333") && list.contains("(waiting)"), "{list}");
    line.hangs_up(waiting);
    line.hangs_up(second);
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    told(server.trace(&["--caller", "0993333333"], "story.txt"));
    let story = server.folder().read("story.txt");
    assert!(story.contains("turno goes on here with what its journal had"), "{story}");
    assert!(story.contains("BYE"), "{story}");
    server.stop();
}

fn told(mut trace: turno_tests::wire::Program) {
    trace.succeed(SPAN);
}

#[test]
fn a_second_turno_is_refused_the_folder_although_the_lock_was_deleted() {
    // Wound: somebody deletes the lock file, a second switch starts on the same folder, and both write.
    let mut server = Server::lab_kept_with(&[]);
    let state = server.folder().join("state");
    for name in ["lock", "clock"] {
        fs::remove_file(state.join(name)).expect("it is there");
    }
    let second = Command::new(turno())
        .arg("serve")
        .arg(server.folder().join("plan"))
        .arg("--state")
        .arg(&state)
        .arg("--control")
        .arg(server.folder().join("another"))
        .output()
        .expect("turno can be started");
    let said =
        String::from_utf8_lossy(&second.stderr).into_owned() + &String::from_utf8_lossy(&second.stdout);
    assert_eq!(second.status.code(), Some(4), "{said}");
    assert!(said.contains("another turno"), "{said}");
    server.said("; it was made again");
    server.said("the time that is kept beside the journal was removed or changed");
    assert!(state.join("lock").exists() && state.join("clock").exists());
    assert_eq!(server.scrape().sum("turno_journal_kept", &[]), 1.0);
    server.stop();
}

#[test]
fn a_control_socket_that_was_removed_is_made_again_and_said() {
    // Wound: /run is cleaned up, and no trace and no reload reaches the switch until it is started again.
    let mut server = Server::lab();
    let control = server.folder().join("control");
    fs::remove_file(&control).expect("it is there");
    server.said("the control socket was removed or replaced while turno runs; it was made again");
    let (code, said) = server.reload();
    assert_eq!(code, Some(0), "{said}");
    fs::remove_file(&control).expect("it is there");
    fs::write(&control, "a letter").expect("written");
    server.said("a file that is no socket is there");
    let (_, said) = server.reload();
    assert!(said.contains("control socket") && !said.contains("journal"), "{said}");
    fs::remove_file(&control).expect("it is there");
    let mut server = reached(server);
    server.wait_until("it serves", |_| true);
    server.stop();
}

/// Asks for a reload until turno answers.
fn reached(mut server: Server) -> Server {
    for _ in 0..600 {
        if server.reload().0 == Some(0) {
            return server;
        }
        server.wait_until("it serves", |_| true);
    }
    panic!("the control socket was not made again:\n{}", server.folder().read("turno.txt"));
}
