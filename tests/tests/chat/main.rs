//! The web chat in a real browser: a citizen's page on another site, an agent's desk, a running turno. The scripts are beside the pages.

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
    let needs = ["node_modules/playwright-core", "node_modules/axe-core", "dist/pages/chat.html"];
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
fn citizen_and_agent_lose_and_double_no_word_over_a_reload_a_dead_network_and_kills() {
    plays("chat_talk.js");
}

#[test]
fn the_page_without_script_is_a_whole_chat() {
    plays("chat_plain.js");
}

#[test]
fn hostile_words_files_bodies_and_floods_do_nothing() {
    plays("chat_hostile.js");
}

#[test]
fn every_screen_of_the_chat_is_for_everybody_and_it_is_light() {
    plays("chat_screens.js");
}
