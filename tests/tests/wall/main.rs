//! The wall and the console in Chromium, against a running turno with phones around it.
//!
//! The scripts beside this file do what people do, and say `GOOD` at the end. They need Node, Chromium and the packages of the
//! pages (`make pages`); without, a test says `skipped` and passes.

mod stage;
mod voices;

use core::time::Duration;

use turno_tests::wire::Softphone;

use crate::stage::Stage;

/// How long a script may take: machines of tests are slow.
const SCRIPT_SPAN: Duration = Duration::from_mins(8);

#[test]
fn a_wall_by_a_readers_token_shows_the_room_outlives_kill_9_and_says_when_its_token_has_ended() {
    let Some(mut stage) = Stage::starts() else { return };
    let _agent = Softphone::agent(&stage.server, "a001");
    let mut line = Softphone::line(&stage.server);
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    let mut script = stage.runs("wall.mjs", &[]);
    stage.until(&mut script, "READY");
    stage.server.kill();
    stage.until(&mut script, "LOST");
    stage.server.start_again();
    stage.until(&mut script, "BACK");
    stage.ends_well(script, SCRIPT_SPAN);
}

#[test]
fn a_day_of_events_leaves_a_wall_as_large_as_it_was_and_a_newer_page_is_loaded_in_a_quiet_moment() {
    let Some(stage) = Stage::starts() else { return };
    // A room each 14 s of the day here, for slow machines; `ROOMS=43200` is one each 2 s.
    let rooms = std::env::var("ROOMS").unwrap_or_else(|_| "6000".to_owned());
    let script = stage.runs("hour.mjs", &[("ROOMS", &rooms)]);
    stage.ends_well(script, SCRIPT_SPAN);
}

#[test]
fn a_change_is_on_the_wall_soon() {
    let Some(mut stage) = Stage::starts() else { return };
    let _agent = Softphone::agent(&stage.server, "a001");
    stage.works(1.0);
    // How soon is measured on a quiet machine (docs/WALL.md); here it must not take seconds.
    let script = stage.runs("pixel.mjs", &[("TIMES", "20"), ("MILLIS_MAX", "5000")]);
    stage.ends_well(script, SCRIPT_SPAN);
}

#[test]
fn the_pages_are_light() {
    let Some(stage) = Stage::starts() else { return };
    let script = stage.runs("weight.mjs", &[]);
    stage.ends_well(script, SCRIPT_SPAN);
}

#[test]
fn what_a_supervisor_does_in_the_console_is_done_in_the_room() {
    let Some(mut stage) = Stage::starts() else { return };
    let _agents = ["a001", "a002", "a003", "a004"].map(|agent| Softphone::agent(&stage.server, agent));
    stage.works(4.0);
    let mut line = Softphone::line(&stage.server);
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    let mut script = stage.runs("console.mjs", &[]);
    stage.until(&mut script, "PULLED");
    stage.until(&mut script, "LISTENED");
    let another = line.calls("0995550000", "7001");
    line.is_answered(another);
    stage.until(&mut script, "ENDED");
    line.is_hung_up_on();
    stage.ends_well(script, SCRIPT_SPAN);
}

#[test]
fn everybody_can_use_the_pages_in_both_languages_and_all_colours() {
    let Some(mut stage) = Stage::starts() else { return };
    let _agents = ["a001", "a002"].map(|agent| Softphone::agent(&stage.server, agent));
    stage.works(2.0);
    let mut line = Softphone::line(&stage.server);
    let call = line.calls("0991234567", "7001");
    line.is_answered(call);
    let script = stage.runs("access.mjs", &[]);
    stage.ends_well(script, SCRIPT_SPAN);
}
