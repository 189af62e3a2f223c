//! Tests that a reload reports a change of each documented key, and applies it hot or by a successor.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use turno_config::needs_start;
use turno_model::Plan;

use super::every_key_mail::MAIL_ROWS;
use super::every_key_rows::{ROWS, Taken};
use super::every_queue_key_rows::QUEUE_ROWS;
use super::every_written_key_rows::WRITTEN_ROWS;

const PLAN: &str = include_str!("../../../config/testdata/every_key.toml");

/// A folder for plans, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("turno-every-key-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        for name in ["one.pem", "one.key", "two.pem", "two.key", "hook.key"] {
            fs::write(path.join(name), name).expect("a file for the test");
        }
        fs::write(path.join("pin.key"), "4711").expect("a file for the test");
        fs::write(path.join("shifts.csv"), "agent,day,from,to,activity\n").expect("a file for the test");
        for name in ["recording.key", "other.key"] {
            fs::write(path.join(name), "5a".repeat(32)).expect("a file for the test");
        }
        Self(path)
    }

    fn read(&self, text: &str) -> Plan {
        let sounds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config");
        let text = text.replace("SOUNDS", &sounds.display().to_string());
        let file = self.0.join("plan.toml");
        fs::write(&file, &text).expect("a file for the test");
        turno_config::load(&file).unwrap_or_else(|refused| panic!("{refused}\n{text}")).0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The plan with these lines in the first table of this name.
fn changed(table: &str, lines: &[&str]) -> String {
    let mut text: Vec<String> = PLAN.lines().map(str::to_owned).collect();
    let at = text.iter().position(|line| line == table).expect("the plan has the table") + 1;
    for line in lines {
        let end = text[at..].iter().position(|line| line.starts_with('[')).map_or(text.len(), |end| at + end);
        let key = line.split(" = ").next().expect("a key").trim_start_matches('-');
        let begin = format!("{key} = ");
        if let Some(old) = text[at..end].iter().position(|line| line.starts_with(&begin)) {
            text.remove(at + old);
        }
        if !line.starts_with('-') {
            text.insert(at, (*line).to_owned());
        }
    }
    text.join("\n")
}

/// Every key of docs/CONFIG.md, with its section.
fn documented() -> BTreeSet<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/CONFIG.md");
    let page = fs::read_to_string(page).expect("the page of keys");
    let mut keys = BTreeSet::new();
    let mut section = String::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            let title = heading.split(':').next().unwrap_or(heading);
            section = title.split(" and ").next().unwrap_or(title).to_owned();
        } else if let Some(key) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            keys.insert((section.clone(), key.to_owned()));
        }
    }
    keys
}

#[test]
fn no_key_changes_without_a_word_and_without_effect() {
    // Wound: a reload that sets a block on toll fraud says that nothing has changed, and the block is not in force.
    let folder = Folder::new();
    let old = folder.read(PLAN);
    for (section, key, table, lines, taken) in
        ROWS.iter().chain(QUEUE_ROWS).chain(MAIL_ROWS).chain(WRITTEN_ROWS)
    {
        let new = folder.read(&changed(table, lines));
        let told = turno_config::differences(&old, &new);
        assert!(!told.is_empty(), "{section} {key} is not told");
        assert!(!told.concat().contains("two\""), "{section} {key} shows a password: {told:?}");
        // Wound: an operator reads `Some([(480, 780)])` where the plan says `08:00-13:00`.
        let code = ["Some(", "None", "[", "(", "{", "\""];
        assert!(
            !code.iter().any(|sign| told.concat().contains(sign)),
            "{section} {key} is no text: {told:?}"
        );
        let rest = needs_start(&old, &new);
        let is_in_place = rest.is_empty();
        assert_eq!(
            is_in_place,
            *taken == Taken::Hot,
            "{section} {key}: {told:?}, of which for a start: {rest:?}"
        );
    }
}

#[test]
fn every_key_that_the_page_of_keys_has_is_tried_here() {
    let rows = ROWS.iter().chain(QUEUE_ROWS).chain(MAIL_ROWS).chain(WRITTEN_ROWS);
    let tried: BTreeSet<(String, String)> =
        rows.map(|(section, key, ..)| ((*section).to_owned(), (*key).to_owned())).collect();
    let documented = documented();
    let missing: Vec<_> = documented.difference(&tried).collect();
    assert!(missing.is_empty(), "nobody has tried to change {missing:?}");
    let unknown: Vec<_> = tried.difference(&documented).collect();
    assert!(unknown.is_empty(), "docs/CONFIG.md does not have {unknown:?}");
}
