//! A control socket that is made, taken, left behind and taken away.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// A folder of its own for each test.
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
    // Messages hold citizens' numbers.
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
    // A kill leaves the file and nobody behind it.
    let Bound { door, listener } = first;
    drop(listener);
    core::mem::forget(door);
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
    assert!(refusal(&path).contains("no socket"), "{}", refusal(&path));
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "a letter");
    let nowhere = folder("nowhere").join("there/is/none");
    assert!(refusal(&nowhere).contains("--control"), "{}", refusal(&nowhere));
}
