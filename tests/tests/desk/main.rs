//! The agents' desk in a real browser: Chromium, a running turno, telephones. The scripts are beside the pages.

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::process::Command;

use turno_tests::wire::{Folder, Program, is_missing, turno};

/// Where the pages and their tests are.
const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/api/web");

/// How long a script may take; it gives up by itself before.
const PLAY_SPAN: Duration = Duration::from_secs(480);

/// Runs a script of the pages' tests, if everything that it needs is here.
fn plays(script: &str) {
    if is_missing(&["node", "chromium"]) {
        return;
    }
    let web = PathBuf::from(WEB);
    let needs = ["node_modules/playwright-core", "node_modules/axe-core", "dist/pages/desk.html"];
    if let Some(missing) = needs.into_iter().find(|path| !web.join(path).exists()) {
        eprintln!("skipped: {script}: no {missing} (make pages)");
        return;
    }
    let folder = Folder::new();
    let mut command = Command::new("node");
    command.arg(Path::new("tests").join(script)).current_dir(&web).env("TURNO_PROGRAM", turno());
    let mut program = Program::start(&mut command, &folder.join("said.txt"));
    program.succeed(PLAY_SPAN);
    assert!(folder.read("said.txt").contains("ok: "), "{}", program.tail());
}

#[test]
fn an_agent_works_a_whole_shift_without_a_mouse() {
    plays("shift.js");
}

#[test]
fn no_typed_word_is_lost_over_a_kill_a_reload_and_a_dead_network() {
    plays("lost.js");
}

#[test]
fn every_screen_is_for_everybody_in_both_languages_and_themes() {
    plays("screens.js");
}

#[test]
fn an_agent_talks_in_the_browser_over_a_reload_and_a_kill() {
    plays("browser.js");
}

#[test]
fn the_page_steers_a_phone_on_the_desk() {
    plays("steer.js");
}

#[test]
fn the_headset_the_keypad_and_what_goes_away_in_a_talk() {
    plays("headset.js");
}

#[test]
fn notifications_old_pages_ended_sessions_and_small_screens() {
    plays("pages.js");
}
