//! Bad hours at three sites: no invariant is violated, and a seed gives the same result each time.

use std::collections::BTreeMap;

use turno_model::Plan;
use turno_sim::{Action, Scenario, Ways, live};
use turno_tests::stage::plan::{lab, quito, site};

/// Bad hours for each site in this test; `turno sim --for` runs many more.
const SEEDS: u64 = 100;

fn lives_through(plan: &Plan) {
    let (mut contacts, mut stray_calls, mut lost, mut cuts) = (0, 0, 0, 0);
    let (mut breaks, mut listed, mut messages) = ((0, 0), (0, 0), 0);
    let mut passed_on = (0, 0, 0);
    let mut callbacks = BTreeMap::new();
    let (mut telephones, mut lines) = ((0, 0), 0);
    let mut speeches = (0, 0);
    let mut met = BTreeMap::new();
    for seed in 0..SEEDS {
        let lived = live(&Scenario::draw(seed, plan), plan, false);
        assert_eq!(lived.violation, None, "turno sim --faults --seed {seed}");
        contacts += lived.contacts;
        stray_calls += lived.stray_calls;
        lost += lived.datagrams.1;
        cuts += lived.cuts;
        messages += lived.messages;
        breaks = (breaks.0 + lived.breaks.0, breaks.1 + lived.breaks.1);
        let (returned, words, completed) = lived.passed_on;
        passed_on = (passed_on.0 + returned, passed_on.1 + words, passed_on.2 + completed);
        for (word, many) in lived.callbacks {
            *callbacks.entry(word).or_insert(0) += many;
        }
        for (words, many) in lived.met {
            *met.entry(words).or_insert(0) += many;
        }
        telephones = (telephones.0 + lived.telephones.0, telephones.1 + lived.telephones.1);
        lines += lived.lines;
        speeches = (speeches.0 + lived.speeches.0, speeches.1 + lived.speeches.1);
        listed = (listed.0 + lived.listed.0, listed.1 + lived.listed.1);
    }
    // Checks that the hours were bad: calls came, datagrams were lost, connections were cut, phones answered twice.
    let is_bad = contacts > 300 && lost > 300 && stray_calls > 3 && cuts > 30;
    assert!(speeches.0 > 10 && speeches.1 > 0, "{speeches:?} supervisors spoke, and callers heard them");
    assert!(messages > 10, "callers left {messages} messages");
    assert!(breaks.0 > 50 && breaks.1 > 0, "{breaks:?} breaks in turns, and turns taken back");
    let is_passed_on = passed_on.0 > 0 && passed_on.1 > 0;
    assert!(is_passed_on, "{passed_on:?}: callers given back, private words, warm transfers");
    assert!(listed.0 > 10 && listed.1 > 10, "{listed:?} callers refused and preferred by lists");
    all_were_met(plan, &met);
    // Only a site with a trunk for it calls anybody back.
    if plan.dial_out.trunk.is_some() {
        let missing: Vec<_> = CALLBACKS.iter().filter(|word| !callbacks.contains_key(*word)).collect();
        assert!(missing.is_empty(), "{missing:?} never came: {callbacks:?}");
    }
    if plan.dial_out.trunk.is_some() && plan.site == "stage" {
        assert!(
            telephones.1 > 10 && lines > 3,
            "{telephones:?} telephones picked up and taken, {lines} held"
        );
    }
    assert!(is_bad, "{contacts} contacts, {lost} lost, {stray_calls} twice, {cuts} cut");
}

fn all_were_met(plan: &Plan, met: &BTreeMap<String, u64>) {
    let few = |words: &&&str| met.get(**words).is_none_or(|many| *many < MET_MIN);
    let outside = if plan.dial_out.trunk.is_some() { MET_OUTSIDE } else { &[] };
    let missing: Vec<_> = MET.iter().chain(outside).filter(few).collect();
    assert!(missing.is_empty(), "{}: {missing:?} came seldom or never: {met:?}", plan.site);
}

/// How often each of [`MET`] must come in the hours of one site.
const MET_MIN: u64 = 2;

/// What the hours of each site together must bring.
const MET: &[&str] = &[
    // A supervisor gives a waiting contact to an agent.
    "pull: done",
    "pull: afterwards",
    "pull: NotWaiting",
    "pull: NotNow",
    "pull: offered",
    "pull: over",
    "pull back: done",
    "pull back: NotPulled",
    "pull back: NotWaiting",
    // A supervisor changes a skill.
    "set-skill: done",
    "set-skill: SkillAsPlanned",
    "skill: Set",
    "skill: Back",
    "skill: Ended",
    // An agent consults somebody, by command or by keys, and it ends in each way.
    "consult: done",
    "consult: NoTalk",
    "consult: NobodyToConsult",
    "asked by keys for a word",
    "consulted: Agent",
    "passing: ConsultBegan",
    "passing: Conferenced",
    "passing: Returned",
    "consultation: Completed",
    "consultation: Left",
    "consultation: NotReached",
    "consultation: TalkOver",
    // Somebody sits down by PIN.
    "desk: sat_down",
    "desk: wrong",
    "desk: not_possible",
    // An agent's phone is in a browser.
    "page: rings",
    "page: closed",
    "page: cut in a talk",
    "page: loaded anew in a talk",
    "page: loaded anew while it rings",
    "page: talk taken back",
    "page: roams in a talk",
    "page: second desk",
    "page: another desk leads",
    "page: session ends in a talk",
    "page: not signed in",
    "killed while a page rings",
    "killed while a page talks",
    // A phone has lamps.
    "lamp: dialog accepted",
    "lamp: told",
    "lamp: ended",
];

/// What the hours of the stage's site bring besides, whose agents dial outside and whose callers come in greater numbers.
const MET_OUTSIDE: &[&str] = &[
    "page: a talk moves",
    "page: talk moved",
    "page: theft refused with 403",
    "killed in a page's handshake",
    "consultation: Back",
    "desk: locked",
    "lamp: message-summary accepted",
    "lamp: told of messages",
    "consulted: Outside",
    "consulted: Dependency",
    "passing: DependencyRung",
    "passing: DependencyReached",
    "passing: DependencyNotReached",
    "agents' line: signed_in",
    "agents' line: wrong",
    "code on a held line",
];

/// How callbacks go, each of which the hours of the stage's site together must bring.
const CALLBACKS: [&str; 15] = [
    "asked",
    "asked for a time",
    "dialled ahead",
    "dialled by an agent",
    "reached ahead",
    "reached by an agent",
    "left in line",
    "machine",
    "silence",
    "busy",
    "no_answer",
    "refused",
    "unreachable",
    "given up",
    "called again",
];

#[test]
fn bad_hours_at_the_stages_site_break_nothing() {
    // All faults at once, chosen by seeds.
    lives_through(&site());
}

#[test]
fn bad_hours_in_quito_break_nothing() {
    // The acceptance case with a menu, hours and six queues.
    lives_through(&quito());
}

#[test]
fn bad_hours_in_the_lab_break_nothing() {
    // Seats that share a queue without limits.
    lives_through(&lab());
}

#[test]
fn a_seed_gives_the_same_to_the_byte_and_another_does_not() {
    let plan = quito();
    let hash = |seed| live(&Scenario::draw(seed, &plan), &plan, false).hash;
    let is_cut = |seed: &u64| Scenario::draw(*seed, &plan).ways.desks_by_tcp != 0;
    let with_connections = (0..50).find(is_cut).expect("connections in one hour of three");
    for seed in [3, 4, 5, with_connections] {
        assert_eq!(hash(seed), hash(seed));
    }
    assert_ne!(hash(3), hash(4));
    // Recording the hour does not change it.
    assert_eq!(hash(3), live(&Scenario::draw(3, &plan), &plan, true).hash);
}

#[test]
fn the_seeds_together_bring_every_kind_of_trouble() {
    // A kind of action that no seed draws would never be tested.
    let plan = site();
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..300 {
        let scenario = Scenario::draw(seed, &plan);
        kinds.extend(
            ways(&scenario).into_iter().filter(|(_, bits)| *bits != 0).map(|(name, _)| name.to_owned()),
        );
        for (_, action) in scenario.actions {
            let name = format!("{action:?}");
            kinds.insert(name.split('(').next().unwrap_or_default().to_owned());
            if let Action::AgentIs(_, temper) = action {
                let name = format!("{temper:?}");
                kinds.insert(format!("is {}", name.split('(').next().unwrap_or_default()));
            }
            if let Action::Page(_, deed) = action {
                let name = format!("{deed:?}");
                kinds.insert(format!("page {}", name.split('(').next().unwrap_or_default()));
            }
            if let Action::AgentConnectionCut(_, cut) = action {
                let name = format!("{cut:?}");
                kinds.insert(format!("cut as {}", name.split('(').next().unwrap_or_default()));
            }
        }
    }
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
}

/// All actions of bad hours, tempers, ways to cut a connection, ways of transport, and deeds of pages.
const KINDS: usize = 49 + 5 + 3 + 7 + 8;

/// The ways of transport, each with the set of phones that use it.
fn ways(scenario: &Scenario) -> [(&'static str, u64); 7] {
    let Ways {
        desks_by_tcp,
        callers_by_tcp,
        accept_always,
        accept_never,
        behind_proxy,
        without_rport,
        desks_by_web,
    } = scenario.ways;
    [
        ("agents by TCP", desks_by_tcp),
        ("callers by TCP", callers_by_tcp),
        ("who takes connections", accept_always),
        ("who takes none", accept_never),
        ("callers behind a proxy", behind_proxy),
        ("callers without rport", without_rport),
        ("agents in browsers", desks_by_web),
    ]
}

#[test]
fn a_broken_hour_is_told_by_its_ladder_and_the_stories_of_its_contacts() {
    let plan = site();
    let hour = (0..50).map(|seed| Scenario::draw(seed, &plan)).find(|hour| hour.actions.len() > 20);
    let lived = live(&hour.expect("some hours are full"), &plan, true);
    let shown = lived.tape.expect("it was kept").show(&plan);
    for part in ["REGISTER", "INVITE", "BYE", "offered to", "contact "] {
        assert!(shown.contains(part), "{part} is missing in:\n{shown}");
    }
}
