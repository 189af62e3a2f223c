//! Reports that a test can't run here.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

static SKIPPED: AtomicU32 = AtomicU32::new(0);

/// Whether one of `programs` is not installed; then this is written to standard error, past the test's capture, with
/// the number of tests skipped up to now.
pub fn is_missing(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let missing: Vec<&str> = programs.iter().copied().filter(|program| !is_there(program)).collect();
    if missing.is_empty() {
        return false;
    }
    let count = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("skipped ({count} so far): {test}: not installed: {}\n", missing.join(", "));
    std::io::stderr().write_all(line.as_bytes()).expect("standard error can be written");
    true
}
