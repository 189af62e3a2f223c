//! Checks of the source text: dependencies between crates and files, sizes, first lines, forbidden words.

mod calls_between_files;
mod source;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The floor of each crate; a crate may depend only on crates of lower floors.
const FLOORS: [(&str, u8); 31] = [
    ("ground", 1),
    ("model", 2),
    ("sip", 2),
    ("media-plan", 2),
    ("acd", 3),
    ("calls", 3),
    ("phone", 3),
    ("media", 3),
    ("recording", 3),
    ("journal", 3),
    ("ledger", 3),
    ("history", 3),
    ("access", 3),
    ("queue-log", 3),
    ("knowledge", 2),
    ("config", 3),
    ("browser-phone", 4),
    ("reports", 4),
    ("trace", 4),
    ("planner", 4),
    ("audit", 4),
    ("channels", 4),
    ("engine", 5),
    ("control", 5),
    ("conversations", 5),
    ("api", 6),
    ("webhooks", 6),
    ("connectors", 6),
    ("shell", 7),
    ("sim", 7),
    ("turno", 8),
];

/// Dependencies on a lower floor that are forbidden nevertheless.
const NEVERS: [(&str, &str); 12] = [
    ("api", "turno-engine"),
    ("acd", "turno-sip"),
    ("acd", "turno-media-plan"),
    ("engine", "turno-media"),
    ("engine", "turno-ledger"),
    ("engine", "tokio"),
    ("ledger", "turno-sip"),
    ("history", "turno-sip"),
    ("phone", "turno-sip"),
    ("phone", "turno-model"),
    ("browser-phone", "turno-sip"),
    ("browser-phone", "turno-media"),
];

/// Crates that may use an async runtime.
const MAY_RUN_TASKS: [&str; 4] = ["api", "connectors", "shell", "turno"];

/// Maximum number of lines of a file.
const FILE_LINES_MAX: usize = 400;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

/// Hidden folders whose files are part of the project.
const HIDDEN_OF_OURS: [&str; 2] = [".ci", ".github"];

/// Folders that programs write.
const MADE: [&str; 3] = ["target", "node_modules", "dist"];

/// Files that programs write: lock files, golden files, inputs that a fuzzer or a property test found, and the types of the pages.
const NOT_WRITTEN_BY_HAND: [&str; 6] =
    [".lock", ".golden", "/corpus/", "/proptest-regressions/", "package-lock.json", "schema.d.ts"];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the project").to_owned()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir()
            && !MADE.contains(&&*name)
            && (!name.starts_with('.') || HIDDEN_OF_OURS.contains(&&*name))
        {
            walk(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

fn files(ending: &str) -> Vec<(String, String)> {
    let of_ours =
        all_files().into_iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == ending));
    of_ours.map(|(path, name)| (name, fs::read_to_string(&path).expect("our sources are UTF-8"))).collect()
}

/// Every text file that a person wrote, whatever its ending: shell scripts have none.
fn texts() -> Vec<(String, String)> {
    let by_hand = |name: &str| !NOT_WRITTEN_BY_HAND.iter().any(|part| name.contains(part));
    let of_ours = all_files().into_iter().filter(|(_, name)| by_hand(name));
    let read = |path: &Path| fs::read_to_string(path).ok().filter(|text| !text.contains('\0'));
    of_ours.filter_map(|(path, name)| Some((name, read(&path)?))).collect()
}

/// All files of the project, each with its name below the top folder.
fn all_files() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    walk(&top(), &mut found);
    found.sort();
    let name = |path: &Path| path.strip_prefix(top()).expect("below the top").to_string_lossy().into_owned();
    found.into_iter().map(|path| (path.clone(), name(&path))).collect()
}

/// The dependencies of a crate, without those of its tests.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = top().join("crates").join(name).join("Cargo.toml");
    let text = fs::read_to_string(manifest).expect("each crate has a manifest");
    let section = text.split("\n[").find(|section| section.starts_with("dependencies]"));
    let lines = section.unwrap_or_default().lines().skip(1);
    lines.filter_map(|line| line.split(['.', ' ', '=']).next()).map(str::to_owned).collect()
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_crate_stands_on_a_floor() {
    let folders = fs::read_dir(top().join("crates")).expect("the crates");
    for folder in folders.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(
            FLOORS.iter().any(|(known, _)| *known == name),
            "crates/{name} has no floor in docs/ARCHITECTURE.md"
        );
    }
}

#[test]
fn no_arrow_between_crates_points_up() {
    let floor: BTreeMap<_, _> = FLOORS.into_iter().collect();
    let mut faults = Vec::new();
    for (name, height) in FLOORS {
        for needed in dependencies(name) {
            let Some(below) = needed.strip_prefix("turno-").and_then(|needed| floor.get(needed)) else {
                continue;
            };
            if *below >= height {
                faults.push(format!("crates/{name} (floor {height}) must not use {needed} (floor {below})"));
            }
        }
    }
    report(&faults);
}

#[test]
fn what_must_never_meet_does_not_meet() {
    let mut faults = Vec::new();
    for (name, never) in NEVERS {
        if dependencies(name).contains(never) {
            faults.push(format!("crates/{name} must never use {never}"));
        }
    }
    for (name, _) in FLOORS {
        if dependencies(name).contains("tokio") && !MAY_RUN_TASKS.contains(&name) {
            faults.push(format!("crates/{name} must not have a runtime"));
        }
    }
    report(&faults);
}

#[test]
fn only_one_file_introduces_the_distributor_to_the_calls() {
    // acd decides and calls connects; only one file joins them and rings the phone of an offer.
    let meets = |(name, text): &(String, String)| {
        name.starts_with("crates/") && text.contains("RoomOutput::Offer(") && text.contains("turno_calls")
    };
    let places: Vec<String> = files("rs").into_iter().filter(meets).map(|(name, _)| name).collect();
    assert_eq!(places, ["crates/engine/src/carry_out.rs"]);
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent = files("rs").into_iter().filter(|(_, text)| !text.starts_with("//! "));
    report(&silent.map(|(name, _)| format!("{name} does not open with //!")).collect::<Vec<_>>());
}

#[test]
fn no_file_is_too_long_to_have_one_subject() {
    let mut faults = Vec::new();
    for (name, text) in files("rs") {
        let is_named = LONGER.iter().any(|(known, _)| *known == name);
        if text.lines().count() > FILE_LINES_MAX && !is_named {
            faults.push(format!("{name} has {} lines, {FILE_LINES_MAX} are allowed", text.lines().count()));
        }
    }
    report(&faults);
}

#[test]
fn inner_files_import_from_owners_and_not_through_the_root() {
    let mut faults = Vec::new();
    for (name, text) in files("rs") {
        for (number, line) in text.lines().enumerate() {
            let path = line.trim().strip_prefix("use crate::").unwrap_or_default();
            let items = path.trim_start_matches('{').split(',').map(str::trim);
            let is_type = |item: &str| item.starts_with(|first: char| first.is_ascii_uppercase());
            if name.contains("/src/") && items.take(if path.starts_with('{') { 99 } else { 1 }).any(is_type) {
                faults.push(format!("{name}:{} imports through the crate's root", number + 1));
            }
        }
    }
    report(&faults);
}

/// The modules of a crate, each with the modules of the same crate that it uses.
fn modules(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = format!("crates/{name}/src/");
    let sources =
        files("rs").into_iter().filter(|(path, _)| path.starts_with(&root) && !path.ends_with("tests.rs"));
    let of_path = |path: &str| path[root.len()..path.len() - 3].trim_end_matches("/mod").replace('/', "::");
    let texts: Vec<(String, String)> = sources.map(|(path, text)| (of_path(&path), text)).collect();
    let known: BTreeSet<String> = texts.iter().map(|(module, _)| module.clone()).collect();
    let owner = |path: &str| {
        let mut path = path.trim_end_matches(':');
        while !known.contains(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let named = |text: &str| -> BTreeSet<String> {
        let paths = text.split("crate::").skip(1);
        let is_path = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_:".contains(sign);
        paths.filter_map(|rest| owner(rest.split(|sign| !is_path(sign)).next()?)).collect()
    };
    texts.iter().map(|(module, text)| (module.clone(), named(text))).collect()
}

#[test]
fn no_circle_joins_the_files_of_a_crate() {
    let mut faults = Vec::new();
    for (name, _) in FLOORS {
        let mut arrows = modules(name);
        // Removes modules that use no remaining module, again and again. The rest is in a cycle or uses one that is.
        loop {
            let left: BTreeSet<String> = arrows.keys().cloned().collect();
            let stands = |(module, named): (&String, &BTreeSet<String>)| {
                named.iter().all(|other| other == module || !left.contains(other)).then(|| module.clone())
            };
            let standing: Vec<String> = arrows.iter().filter_map(stands).collect();
            if standing.is_empty() {
                break;
            }
            arrows.retain(|module, _| !standing.contains(module));
        }
        if !arrows.is_empty() {
            faults.push(format!("crates/{name}: {:?}", arrows.keys().collect::<Vec<_>>()));
        }
    }
    report(&faults);
}

#[test]
fn every_deadline_says_when() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for (name, text) in files("rs").iter().filter(|(name, _)| !name.starts_with("tests/")) {
        // Such as `Deadline` and `CallDeadline`.
        let bodies = text.split("Deadline {\n").zip(text.split("Deadline {\n").skip(1));
        let bodies =
            bodies.filter(|(before, _)| before.lines().last().is_some_and(|line| line.contains("enum ")));
        let lines = bodies.flat_map(|(_, rest)| rest.split("\n}").next().unwrap_or_default().lines());
        let mut says_when = false;
        for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(doc) = line.strip_prefix("/// ") {
                says_when |= doc.starts_with("When ");
            } else if line.starts_with(|first: char| first.is_ascii_uppercase()) {
                seen += 1;
                if !says_when {
                    faults.push(format!("{name}: the deadline `{line}` does not say when"));
                }
                says_when = false;
            }
        }
    }
    assert!(seen >= 30, "only {seen} deadlines were found: has the enum been renamed?");
    report(&faults);
}

#[test]
fn every_fact_is_named_in_a_test() {
    let sources = files("rs");
    let (_, model) = sources.iter().find(|(name, _)| name == "crates/model/src/fact.rs").expect("the facts");
    let (_, rest) = model.split_once("pub enum Fact {").expect("the enum of facts");
    let names = rest.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    let names: Vec<&str> = names
        .map(|line| line.trim().split([' ', '{', '(', ',']).next().unwrap_or_default())
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect();
    assert!(names.len() > 15, "only {names:?} were found");
    let is_test =
        |name: &str| name.contains("tests/") || name.ends_with("_tests.rs") || name.contains("/tests.rs");
    let tests: String =
        sources.iter().filter(|(name, _)| is_test(name)).map(|(_, text)| text.as_str()).collect();
    let unnamed = names.iter().filter(|name| !tests.contains(&format!("Fact::{name}")));
    report(&unnamed.map(|name| format!("no test names Fact::{name}")).collect::<Vec<_>>());
}

#[test]
fn nothing_of_a_machine_or_of_unfinished_work_is_left_in_the_text() {
    let words = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("sub", "agent"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("unimpl", "emented!"),
        concat!("to", "do!("),
    ];
    let mut faults = Vec::new();
    for (name, text) in texts() {
        for word in words {
            if text.contains(word) {
                faults.push(format!("{name} has `{word}`"));
            }
        }
    }
    report(&faults);
}

#[test]
fn no_test_sleeps_or_is_ignored() {
    let words = [concat!("thread::", "sleep"), concat!("time::", "sleep"), concat!("#[ig", "nore")];
    let mut faults = Vec::new();
    for (name, text) in files("rs").iter().filter(|(name, _)| name.contains("test")) {
        for word in words {
            if text.contains(word) {
                faults.push(format!("{name} has `{word}`"));
            }
        }
    }
    report(&faults);
}
