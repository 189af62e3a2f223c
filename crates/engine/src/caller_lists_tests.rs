//! Tests of lists of callers.

use turno_model::plan::CallerListPlan;
use turno_model::sample;

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

fn secs(seconds: u64) -> Moment {
    Moment::from_secs(seconds)
}

fn plan() -> Plan {
    let list = |name: &str, numbers: &[&str], effect| CallerListPlan {
        name: name.to_owned(),
        numbers: numbers.iter().map(|&number| Pii(number.to_owned())).collect(),
        effect,
        prompt: None,
    };
    let mut trunk = sample::trunk("carrier");
    trunk.country_code = Some("593".to_owned());
    trunk.national_prefix = Some("0".to_owned());
    let mut plan = sample::plan();
    plan.trunks.push(trunk);
    plan.caller_lists = vec![
        list("doctors", &["+593 99 123-4567", "0988888888"], ListEffect::Prefer(3)),
        list("press", &["0228XXXXX", "0988888888"], ListEffect::Prefer(7)),
        list("blocked", &["0900."], ListEffect::Refuse),
    ];
    plan
}

fn named(list: &str, number: &str) -> (CompactString, Pii<CompactString>) {
    (list.into(), Pii(number.into()))
}

fn add(lists: &mut CallerLists, list: &str, number: &str, now: Moment) -> Result<Moment, Refusal> {
    let (list, number) = named(list, number);
    lists.add((&list, &number), HOUR, (Asker::Control, Some("insults".into())), now)
}

#[test]
fn a_number_is_found_as_it_is_dialled_and_the_strongest_list_counts() {
    let lists = CallerLists::new(&plan(), 7);
    assert_eq!(lists.of("0991234567"), Some((0, ListEffect::Prefer(3))), "written with the country code");
    assert_eq!(lists.of("022812345"), Some((1, ListEffect::Prefer(7))));
    assert_eq!(lists.of("0988888888"), Some((1, ListEffect::Prefer(7))), "on two lists");
    assert_eq!(lists.of("0900123"), Some((2, ListEffect::Refuse)));
    assert_eq!(lists.of("0991234568"), None);
}

#[test]
fn a_number_that_a_command_added_leaves_when_its_time_is_over() {
    let mut lists = CallerLists::new(&plan(), 7);
    assert_eq!(add(&mut lists, "blocked", "0991234567", secs(10)), Ok(secs(3_610)));
    assert_eq!(lists.of("0991234567"), Some((2, ListEffect::Refuse)), "a refusal goes before a preference");
    assert_eq!(add(&mut lists, "blocked", "0991234567", secs(20)), Ok(secs(3_620)), "the later end counts");
    assert_eq!((lists.added(), lists.next_deadline()), (1, Some(secs(3_620))));
    assert_eq!(lists.pop_due(secs(3_619)), None);
    assert_eq!(lists.pop_due(secs(3_620)), Some(named("blocked", "0991234567")));
    assert_eq!(lists.of("0991234567"), Some((0, ListEffect::Prefer(3))), "the plan has it still");
    assert_eq!((lists.added(), lists.next_deadline()), (0, None));
}

#[test]
fn only_what_a_command_added_is_removed_and_from_that_list_alone() {
    let mut lists = CallerLists::new(&plan(), 7);
    let gone = |lists: &mut CallerLists, list: &str, number: &str| {
        let (list, number) = named(list, number);
        lists.remove(&list, &number)
    };
    assert_eq!(gone(&mut lists, "doctors", "0988888888"), Err(Refusal::NotListed), "it is the plan's");
    assert_eq!(gone(&mut lists, "friends", "0988888888"), Err(Refusal::NoSuchList));
    assert_eq!(add(&mut lists, "doctors", "0977777777", secs(1)), Ok(secs(3_601)));
    assert_eq!(add(&mut lists, "press", "0977777777", secs(2)), Ok(secs(3_602)));
    assert_eq!(gone(&mut lists, "doctors", "0977777777"), Ok(()));
    assert_eq!(lists.of("0977777777"), Some((1, ListEffect::Prefer(7))));
    assert_eq!(gone(&mut lists, "doctors", "0977777777"), Err(Refusal::NotListed));
}

#[test]
fn spans_and_numbers_have_limits() {
    let mut lists = CallerLists::new(&plan(), 7);
    let (list, number) = named("doctors", "0977777777");
    for span in [Duration::from_secs(59), HOUR * 24 * 3_654] {
        let refused = lists.add((&list, &number), span, (Asker::Control, None), secs(1));
        assert_eq!(refused, Err(Refusal::ListSpan));
    }
    for number in 0..NUMBERS_MAX {
        assert!(add(&mut lists, "press", &format!("{number:010}"), secs(1)).is_ok());
    }
    assert_eq!(add(&mut lists, "press", "0977777777", secs(1)), Err(Refusal::ListsFull));
    assert!(add(&mut lists, "press", "0000000000", secs(2)).is_ok(), "it stands there already");
    assert_eq!(lists.added(), NUMBERS_MAX);
}

#[test]
fn numbers_leave_with_the_list_that_leaves_the_plan() {
    let mut lists = CallerLists::new(&plan(), 7);
    assert!(add(&mut lists, "blocked", "0977777777", secs(1)).is_ok());
    assert!(add(&mut lists, "press", "0977777777", secs(1)).is_ok());
    let mut other = plan();
    other.caller_lists.remove(2);
    other.caller_lists.swap(0, 1);
    assert_eq!(lists.configure(&other), [named("blocked", "0977777777")]);
    assert_eq!(lists.of("0977777777"), Some((0, ListEffect::Prefer(7))), "the press is the first list now");
    assert_eq!(lists.of("0900123"), None);
    let seen = lists.list(&other);
    assert_eq!(seen.len(), 5);
    assert!(seen[4].added.as_ref().is_some_and(|it| it.why.as_deref() == Some("insults")));
    assert!(!format!("{seen:?}").contains("0977777777"), "logs have its last digits only");
}
