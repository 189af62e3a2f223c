//! Runs a target on files: `replay TARGET FILE…`; for `sequence` it prints every step and message.

use std::process::ExitCode;

use turno_fuzz::{TARGETS, tell};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let files: Vec<String> = words.collect();
    let (Some((_, target)), false) = (target, files.is_empty()) else {
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!("replay TARGET FILE…, where TARGET is one of {}", names.join(", "));
        return ExitCode::FAILURE;
    };
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) if name == "sequence" => tell(&bytes),
            Ok(bytes) => target(&bytes),
            Err(error) => {
                eprintln!("{file} can't be read: {error}");
                return ExitCode::FAILURE;
            }
        }
        println!("{file}: no rule was broken");
    }
    ExitCode::SUCCESS
}
