//! How many facts a second a history in SQLite takes: `speed FILE`, with batches of several sizes.

#![expect(clippy::disallowed_methods, reason = "a program that measures reads a clock")]

use core::time::Duration;
use std::path::Path;
use std::time::Instant;

use turno_history::{History, SqliteStore, checks};

fn main() {
    let file = std::env::args().nth(1).unwrap_or_else(|| panic!("speed FILE"));
    let opens = || History::new(Box::new(SqliteStore::new(Path::new(&file), Duration::from_secs(1))));
    let begin = Instant::now();
    let seconds = || begin.elapsed().as_secs_f64();
    checks::speed::speeds(&opens, &seconds).iter().for_each(|line| println!("{line}"));
}
