//! Plain words, and what may stand at the top of the project.

use std::fs;

use crate::{report, texts, top};

/// Words that made sentences hard to read: say who or what is meant, subject first.
const RIDDLES: [&str; 4] = [
    concat!("who", "ever "),
    concat!("what is ", "otherwise"),
    concat!("nothing is ", "otherwise"),
    concat!("that of ", "which"),
];

/// Everything that the top folder may hold, beside hidden files.
const AT_THE_TOP: [&str; 21] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "RELEASING.md",
    "SECURITY.md",
    "benches",
    "clippy.toml",
    "crates",
    "deny.toml",
    "deploy",
    "docs",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "sip-config",
    "target",
    "tests",
];

#[test]
fn sentences_say_who_and_what_is_meant() {
    let mut faults = Vec::new();
    for (name, text) in texts().iter().filter(|(name, _)| !name.ends_with("CHANGELOG.md")) {
        for (line, words) in text.lines().enumerate() {
            let words = words.to_lowercase();
            let found = RIDDLES.iter().filter(|riddle| words.contains(**riddle));
            faults.extend(found.map(|riddle| format!("{name}:{} has `{}`", line + 1, riddle.trim())));
        }
    }
    report(&faults);
}

#[test]
fn nothing_stray_stands_at_the_top() {
    let entries = fs::read_dir(top()).expect("the project can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let faults: Vec<String> = names
        // Hidden files and folders may belong to an editor.
        .filter(|name| !name.starts_with('.') && !AT_THE_TOP.contains(&name.as_str()))
        .map(|name| format!("{name} stands at the top of the project"))
        .collect();
    report(&faults);
}
