//! The demo as a person meets it where no terminal is.

use std::path::Path;
use std::process::Command;

#[test]
fn in_a_demo_citizens_reach_agents_and_both_hear_each_other() {
    // The line works: digest registration, menu, queue, offer, answer and audio, over real sockets, and the books of
    // the day balance. Thirty times life's speed, so that a few seconds are enough for many calls.
    let output = Command::new(env!("CARGO_BIN_EXE_turno"))
        .args([
            "demo",
            "--plain",
            "--speed",
            "30",
            "--calls-per-hour",
            "400",
            "--seconds",
            "14",
            "--language",
            "en",
        ])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("turno starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("the books balance"), "{text}");
    assert!(!text.contains("breaks of SIP's rules"), "{text}");
    let talks = text.lines().filter(|line| line.contains(" talks to ")).count();
    assert!(talks > 0, "nobody reached an agent: {text}");
    let heard = text
        .lines()
        .find_map(|line| line.split_once("lost; ")?.1.split_once(" sides of a talk"))
        .and_then(|(figures, _)| figures.split_once(" of "));
    let (audible, all) = heard.expect("the last lines tell who heard whom");
    assert_ne!(all, "0", "{text}");
    assert_eq!(audible, all, "somebody was not heard: {text}");
}
