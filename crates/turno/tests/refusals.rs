//! What turno refuses before it does anything: the line that a person reads, and the exit code.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a command prints on both outputs, and how it ends.
fn turno(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_turno"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env_remove("TURNO_LOG")
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.code())
}

/// A folder for one test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-refusals-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("prompts")).expect("a folder for the test");
        std::fs::create_dir_all(path.join("music")).expect("a folder for the test");
        Self(path)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).expect("a file for the test");
    }

    fn check(&self) -> (String, Option<i32>) {
        turno(&["check", &self.0.display().to_string()])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn check_names_every_sound_that_is_cut_or_empty() {
    let folder = Folder::new("sounds");
    let music = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/music/hold.wav");
    let music = std::fs::read(music).expect("the music");
    folder.put("music/hold.wav", &music);
    folder.put("prompts/hello.wav", &music);
    folder.put("plan.toml", b"[[queue]]\nname = \"q\"\ngreeting = [\"hello\"]\n");
    let (said, exit) = folder.check();
    assert_eq!(exit, Some(0), "{said}");
    folder.put("prompts/hello.wav", &music[..music.len() / 2]);
    folder.put("music/hold.wav", &music[..44]);
    let (said, exit) = folder.check();
    assert_eq!(exit, Some(3), "{said}");
    assert!(said.contains("prompts/hello.wav: is cut short"), "{said}");
    assert!(said.contains("music/hold.wav: is cut short"), "{said}");
    assert!(said.ends_with("2 of the plan's files can't be used: turno would not start\n"), "{said}");
}

#[test]
fn a_list_of_tables_in_single_brackets_is_answered_with_the_right_form() {
    let folder = Folder::new("brackets");
    for table in ["queue", "agent", "seat_range", "seat", "aux_reason", "trunk", "number", "menu", "hours"] {
        folder.put("plan.toml", format!("[{table}]\nname = \"x\"\n").as_bytes());
        let (said, exit) = folder.check();
        assert_eq!(exit, Some(3), "{said}");
        assert!(said.contains(&format!("fault: [{table}] stands in single brackets")), "{said}");
        assert!(said.contains(&format!("= expected: [[{table}]]")), "{said}");
    }
}

#[test]
fn a_log_filter_that_says_nothing_is_wrong_usage() {
    let (said, exit) = turno(&["serve", "--log", "nonsense=,x"]);
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("`nonsense=` is neither LEVEL nor CRATE=LEVEL"), "{said}");
}

#[test]
fn a_command_without_its_subcommand_shows_its_help_and_ends_with_two() {
    for command in [&[][..], &["journal"], &["bans"], &["ctl"]] {
        let (said, exit) = turno(command);
        assert_eq!(exit, Some(2), "{said}");
        assert!(said.contains("Usage: turno") && said.contains("Commands:"), "{said}");
    }
}

#[test]
fn a_record_that_no_journal_can_have_is_wrong_usage_and_one_that_is_not_there_is_missing() {
    let folder = Folder::new("journal");
    let place = folder.0.display().to_string();
    let show = |words: &[&str]| turno(&[&["journal", "show", &place], words].concat());
    let (said, exit) = show(&["--kind", "ContactEnd"]);
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("possible values: facts, images, Started, ContactArrived"), "{said}");
    let (said, exit) = show(&["--contact", "ana"]);
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("the last digits of a contact's number"), "{said}");
    let (said, exit) = show(&[]);
    assert_eq!(exit, Some(6), "{said}");
}
