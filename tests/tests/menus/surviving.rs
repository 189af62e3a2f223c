//! Menus live through crashes and new plans.

use turno_model::plan::MenuChoice;
use turno_tests::stage::{Stage, millis, secs};

use crate::{MAIN, MORE, hears, in_menu, keys, queue};

#[test]
fn a_caller_in_menus_goes_on_at_the_same_place_after_a_crash() {
    // Wound: a caller in a menu hears nothing after a restart, or begins again.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "3");
    stage.crashes(millis(300));
    assert_eq!(hears(&stage, line), MORE);
    keys(&mut stage, line, "2");
    stage.crashes(millis(300));
    assert_eq!(hears(&stage, line), ["es/portal", "es/closed"]);
    stage.presses(line, '#');
    assert_eq!(hears(&stage, line), MORE);
    stage.crashes(millis(300));
    stage.presses(line, '*');
    assert_eq!(hears(&stage, line), MAIN, "the way back is known");
    keys(&mut stage, line, "99");
    stage.crashes(millis(300));
    stage.presses(line, '9');
    assert_eq!(queue(&stage).as_deref(), Some("general"), "the wrong keys before the crash count");
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn the_longest_stay_counts_through_a_crash() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let line = in_menu(&mut stage);
    for _ in 0..7 {
        keys(&mut stage, line, "#");
        stage.run_for(secs(3));
    }
    stage.crashes(secs(2));
    for _ in 0..6 {
        keys(&mut stage, line, "#");
        stage.run_for(secs(2));
    }
    assert_eq!(queue(&stage).as_deref(), Some("general"));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn a_menu_that_a_new_plan_does_not_have_keeps_its_callers() {
    let mut stage = Stage::new();
    let line = in_menu(&mut stage);
    keys(&mut stage, line, "3");
    let mut plan = (*stage.plan).clone();
    plan.menus.truncate(1);
    plan.menus[0].choices = vec![('1', MenuChoice::Back)];
    stage.replans(plan);
    keys(&mut stage, line, "4*");
    assert_eq!(hears(&stage, line), MORE, "as before");
    keys(&mut stage, line, "*2");
    assert_eq!(queue(&stage), None, "2 is in the first menu no more");
    stage.hangs_up(line);
    stage.finish();
}
