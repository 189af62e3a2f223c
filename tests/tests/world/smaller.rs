//! A failing bad hour is shrunk as far as possible.

use turno_ground::Moment;
use turno_sim::{Action, Scenario, Violation, Weather, shrink_by};
use turno_tests::stage::plan::site;

/// An hour fails if a caller vanishes after an agent's phone has crashed; nothing else matters.
fn breaks(hour: &Scenario) -> Option<Violation> {
    let at = |wanted: fn(&Action) -> bool| hour.actions.iter().position(|(_, deed)| wanted(deed));
    let crash = at(|deed| matches!(deed, Action::AgentCrashes(..)))?;
    let vanishes = hour.actions.iter().rposition(|(_, deed)| matches!(deed, Action::CallerVanishes(_)))?;
    let what = format!("contact {} is left", hour.actions.len());
    (crash < vanishes).then_some(Violation { at: Moment::default(), what })
}

#[test]
fn of_an_hour_that_breaks_only_what_breaks_it_is_left() {
    let plan = site();
    let broken = (0..2_000).map(|seed| Scenario::draw(seed, &plan)).find_map(|hour| {
        let violation = breaks(&hour)?;
        Some((hour, violation))
    });
    let (hour, violation) = broken.expect("some hour has both");
    assert!(hour.actions.len() > 5);
    let shrunk = shrink_by(&hour, &violation, 5_000, breaks);
    let kinds: Vec<String> = shrunk.scenario.actions.iter().map(|(_, deed)| format!("{deed:?}")).collect();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(kinds[0].starts_with("AgentCrashes") && kinds[1].starts_with("CallerVanishes"), "{kinds:?}");
    assert_eq!((shrunk.scenario.mutations.len(), shrunk.scenario.agents), (0, 1));
    assert_eq!(shrunk.scenario.weather, Weather::default());
    assert!(shrunk.trials < 5_000);
}

#[test]
fn another_break_than_the_one_that_is_sought_is_not_taken_for_it() {
    let plan = site();
    let hour = Scenario::draw(8, &plan);
    let other = |hour: &Scenario| {
        let what = if hour.actions.len() < 3 { "something else" } else { "the one that is sought" };
        Some(Violation { at: Moment::default(), what: what.to_owned() })
    };
    let violation = other(&hour).expect("it always breaks");
    let shrunk = shrink_by(&hour, &violation, 1_000, other);
    assert_eq!(
        (shrunk.scenario.actions.len(), shrunk.violation.what.as_str()),
        (3, "the one that is sought")
    );
}
