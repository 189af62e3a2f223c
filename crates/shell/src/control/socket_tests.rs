//! Tests of a control socket that is made, in use, left behind or removed.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// A new folder for each test.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("turno-control-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir(&path).expect("the temporary folder takes a folder");
    path
}

fn refusal(path: &Path) -> String {
    bind_at(path).expect_err("refused").to_string()
}

#[test]
fn the_socket_is_closed_to_others_and_gone_afterwards() {
    // Traces contain callers' numbers.
    let path = folder("mode").join("control");
    let bound = bind_at(&path).expect("a new socket");
    let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(path.parent().expect("a folder")).expect("readable").count(), 1);
    drop(bound);
    assert!(!path.exists());
}

#[test]
fn a_second_turno_is_refused_and_what_a_killed_one_left_is_replaced() {
    let path = folder("second").join("control");
    let first = bind_at(&path).expect("a new socket");
    assert!(refusal(&path).contains("another turno answers there"), "{}", refusal(&path));
    // A killed turno leaves the file, and nobody listens on it.
    let Bound { socket_file, listener } = first;
    drop(listener);
    core::mem::forget(socket_file);
    assert!(path.exists());
    let second = bind_at(&path).expect("what is stale is replaced");
    assert!(UnixStream::connect(&path).is_ok());
    drop(second);
    assert!(!path.exists());
}

#[test]
fn nobodys_file_is_overwritten() {
    let path = folder("file").join("control");
    std::fs::write(&path, "a letter").expect("written");
    // Wound: turno did not start for it, and nobody could call.
    let bound = bind_at(&path).expect("turno serves all the same");
    let why = bound.listener.again().expect_err("it still stands there");
    assert!(why.contains("no socket") && why.contains("take it away"), "{why}");
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "a letter");
    let aside = path.with_file_name("aside");
    std::fs::rename(&path, &aside).expect("moved");
    let again = bound.listener.again().expect("its place is free now");
    assert!(UnixStream::connect(&path).is_ok());
    drop((again, bound));
    assert!(!path.exists(), "it goes with turno");
    std::fs::rename(&aside, &path).expect("moved");
    assert_eq!(std::fs::read_dir(path.parent().expect("a folder")).expect("readable").count(), 1);
    let nowhere = folder("nowhere").join("there/is/none");
    assert!(refusal(&nowhere).contains("mkdir -p -m 700"), "{}", refusal(&nowhere));
    let below = path.join("control");
    assert!(refusal(&below).contains("is no folder"), "{}", refusal(&below));
    let long = folder("long").join("x".repeat(100));
    assert!(refusal(&long).contains("too long for a socket"), "{}", refusal(&long));
}

#[test]
fn a_socket_whose_folder_was_removed_is_made_again_and_a_live_one_of_another_turno_is_left_alone() {
    // Wound: a clean-up removes the folder in /run, and nobody can ask the switch until it is started again.
    let path = folder("again").join("control");
    let Bound { socket_file, listener } = bind_at(&path).expect("a new socket");
    assert!(listener.file.stands_at(&path));
    std::fs::remove_dir_all(path.parent().expect("a folder")).expect("removed");
    assert!(!listener.file.stands_at(&path));
    let again = listener.again().expect("made again");
    assert!(listener.file.stands_at(&path) && UnixStream::connect(&path).is_ok());
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
    // Another turno starts there.
    drop(again);
    let other = bind_at(&path).expect("nobody listens there any more");
    let why = listener.again().expect_err("somebody answers there");
    assert!(why.contains("another turno answers there"), "{why}");
    drop(socket_file);
    assert!(path.exists(), "it is the other one's");
    drop(other);
    assert!(!path.exists());
}
