//! Runs every target on the kept corpus and on the torture messages of RFC 4475, without libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use turno_fuzz::TARGETS;

/// Maximum size of the whole corpus in bytes.
const CORPUS_BYTES_MAX: u64 = 300_000;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

#[test]
fn what_was_found_once_is_tried_for_ever() {
    // The bytes of every finding stay in the corpus: a panic here is an old fault that has returned.
    for (name, target) in TARGETS {
        let files = files(&here().join("corpus").join(name));
        assert!(files.len() >= 5, "corpus/{name} has {} files", files.len());
        for file in files {
            println!("{}", file.display());
            target(&fs::read(&file).expect("a file of the corpus"));
        }
    }
}

#[test]
fn the_torture_messages_break_no_rule() {
    // RFC 4475.
    let messages = files(&here().join("../../../shared/data/rfc4475"));
    if messages.is_empty() {
        println!("skipped: ../shared/data/rfc4475 is not there");
    }
    for file in messages {
        let bytes = fs::read(&file).expect("a torture message");
        for (_, target) in TARGETS {
            target(&bytes);
        }
    }
}

#[test]
fn the_corpus_stays_small() {
    let sizes = TARGETS.iter().flat_map(|(name, _)| files(&here().join("corpus").join(name)));
    let bytes: u64 = sizes.map(|file| fs::metadata(file).map_or(0, |about| about.len())).sum();
    assert!(bytes < CORPUS_BYTES_MAX, "the corpus has {bytes} bytes");
}
