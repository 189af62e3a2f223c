//! The table of all stages and events, and lives of conversations.

use proptest::prelude::*;

use super::{Act, Conversation, Effect, Event, NotNow, Rules, Silence, Stage};
use crate::time::Millis;

const RULES: Rules = Rules {
    has_bot: true,
    give_back_secs: Some(300),
    ask_secs: Some(600),
    close_secs: 300,
    bot_secs: 86_400,
};

/// The table is kept here; `TURNO_BLESS=1` writes it anew.
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conversation/table.txt");

fn name(agent: &str) -> String {
    agent.to_owned()
}

fn stages() -> Vec<Stage> {
    let waiting = |contact, offered: Option<&str>| Stage::Waiting {
        contact,
        offered: offered.map(str::to_owned),
        again: None,
    };
    let with = |silence| Stage::With { contact: 7, agent: name("1001"), silence };
    vec![
        Stage::New,
        Stage::Bot,
        waiting(None, None),
        waiting(Some(7), None),
        waiting(Some(7), Some("1001")),
        with(Silence::Agent { since: Millis(0) }),
        with(Silence::Person { since: Millis(0), asked: false }),
        with(Silence::Person { since: Millis(0), asked: true }),
        Stage::Parked { until: Millis(0), agent: name("1001") },
        Stage::Done,
    ]
}

fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Message { wrote: Millis(80_000_000) },
        Event::Left,
        Event::HandedOver,
        Event::Resolved,
        Event::Queued { round: 1, contact: 7 },
        Event::Queued { round: 0, contact: 6 },
        Event::NotQueued { round: 1 },
        Event::Offered { contact: 7, agent: name("1001") },
        Event::NotTaken { contact: 7 },
        Event::Taken { contact: 7, agent: name("1001") },
        Event::Ended { contact: 7 },
        Event::Ended { contact: 6 },
        Event::Lost { contact: 7 },
        Event::Time,
    ];
    let acts = [
        Act::Reply,
        Act::Park(Millis(9)),
        Act::Resume,
        Act::Finish(Some("108".to_owned())),
        Act::ToQueue("taxes".to_owned()),
        Act::ToAgent(name("1002")),
    ];
    events.extend(acts.into_iter().map(|act| Event::By(name("1001"), act)));
    events.push(Event::By(name("1002"), Act::Finish(None)));
    events
}

#[test]
fn every_stage_and_event_is_in_the_table() {
    let mut table = String::new();
    for stage in stages() {
        table.push_str(&format!("{stage:?}\n"));
        for event in events() {
            let mut one = Conversation {
                stage: stage.clone(),
                round: 1,
                first: Some(Millis(5)),
                wrote: Some(Millis(0)),
                ..Conversation::default()
            };
            let done = one.handle(event.clone(), RULES, Millis(90_000_000));
            let nothing = done.as_ref().is_ok_and(Vec::is_empty) && one.stage == stage;
            if !nothing {
                let done = done.map_or_else(|why| format!("{why:?}"), |effects| format!("{effects:?}"));
                table.push_str(&format!("    {event:?}\n        {:?} {done}\n", one.stage));
            }
        }
    }
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(TABLE, &table).expect("the table");
    }
    assert_eq!(std::fs::read_to_string(TABLE).expect("the table"), table);
}

/// A conversation whose contact an agent has taken.
fn with_agent() -> Conversation {
    let mut one = Conversation::default();
    let mut take = |event, at| one.handle(event, RULES, Millis(at)).expect("no act of an agent");
    assert_eq!(take(Event::Message { wrote: Millis(1_000) }, 5_000), [Effect::AskBot]);
    let queued = take(Event::HandedOver, 60_000);
    assert!(matches!(queued[..], [Effect::Enqueue { round: 1, since: Millis(1_000), .. }]), "{queued:?}");
    take(Event::Queued { round: 1, contact: 7 }, 60_100);
    take(Event::Offered { contact: 7, agent: name("1001") }, 60_200);
    take(Event::Taken { contact: 7, agent: name("1001") }, 61_000);
    one
}

#[test]
fn an_agent_who_does_not_answer_gives_the_person_back_with_the_place_of_the_first_message() {
    let mut one = with_agent();
    assert_eq!(one.due(RULES), Some(Millis(361_000)));
    let effects = one.handle(Event::Time, RULES, Millis(361_000)).expect("time");
    let again =
        Effect::Enqueue { round: 2, queue: None, since: Millis(1_000), prefer: None, is_theirs: false };
    assert_eq!(effects[1..], [Effect::TellGivenBack, again]);
}

#[test]
fn a_person_who_does_not_answer_is_asked_and_then_it_is_closed() {
    let mut one = with_agent();
    one.handle(Event::By(name("1001"), Act::Reply), RULES, Millis(62_000)).expect("theirs");
    assert_eq!(one.handle(Event::Time, RULES, Millis(661_999)), Ok(Vec::new()));
    assert_eq!(one.handle(Event::Time, RULES, Millis(662_000)), Ok(vec![Effect::AskPerson]));
    let effects = one.handle(Event::Time, RULES, Millis(962_000)).expect("time");
    assert_eq!((effects.len(), &one.stage), (2, &Stage::Done));
    // Who writes again goes to the agent of last time and not to the bot.
    let effects =
        one.handle(Event::Message { wrote: Millis(1_000_000) }, RULES, Millis(1_000_000)).expect("a message");
    assert!(
        matches!(&effects[..], [Effect::Enqueue { prefer: Some(agent), since: Millis(1_000_000), .. }] if agent == "1001"),
        "{effects:?}"
    );
}

#[test]
fn what_is_laid_aside_takes_no_capacity_and_returns_to_its_agent() {
    for wakes in [Event::Message { wrote: Millis(490_000) }, Event::Time] {
        let mut one = with_agent();
        let effects = one.handle(Event::By(name("1001"), Act::Park(Millis(500_000))), RULES, Millis(70_000));
        assert!(matches!(effects.as_deref(), Ok([Effect::Finish { contact: 7, .. }])));
        assert_eq!((one.contact(), one.holder()), (None, Some("1001")));
        // The end of the contact, told later, is not the end of the conversation.
        assert_eq!(one.handle(Event::Ended { contact: 7 }, RULES, Millis(70_001)), Ok(Vec::new()));
        let effects = one.handle(wakes, RULES, Millis(500_000)).expect("no act");
        assert!(
            matches!(&effects[..], [Effect::Enqueue { prefer: Some(agent), round: 2, .. }] if agent == "1001")
        );
    }
}

#[test]
fn a_person_who_leaves_while_the_engine_is_asked_does_not_stay_in_line() {
    let mut one = Conversation::default();
    one.handle(Event::Message { wrote: Millis(0) }, Rules { has_bot: false, ..RULES }, Millis(0))
        .expect("a message");
    one.handle(Event::Left, RULES, Millis(1)).expect("leaves");
    let effects = one.handle(Event::Queued { round: 1, contact: 7 }, RULES, Millis(2));
    assert_eq!(effects, Ok(vec![Effect::Withdraw { contact: 7 }]));
}

#[test]
fn nobody_acts_for_another() {
    let mut one = with_agent();
    let before = one.clone();
    assert_eq!(
        one.handle(Event::By(name("1002"), Act::Finish(None)), RULES, Millis(0)),
        Err(NotNow::NotYours)
    );
    assert_eq!(one.handle(Event::By(name("1001"), Act::Resume), RULES, Millis(0)), Err(NotNow::NotParked));
    assert_eq!(one, before);
}

proptest! {
    #[test]
    fn no_contact_is_forgotten(choices in prop::collection::vec((0..21usize, 0..400i64), 1..60)) {
        // What the room has of this conversation; every contact is finished, withdrawn or still known.
        let mut one = Conversation::default();
        let (mut living, mut asked, mut now) = (Vec::new(), Vec::new(), 0);
        for (which, secs) in choices {
            now += secs * 1_000;
            let mut event = events()[which].clone();
            if let Event::Queued { .. } = event {
                let Some(round) = asked.pop() else { continue };
                let contact = 100 + u64::from(round);
                living.push(contact);
                event = Event::Queued { round, contact };
            }
            if let Event::Offered { contact, .. } | Event::NotTaken { contact } | Event::Taken { contact, .. } =
                &mut event
            {
                let Some(last) = living.last() else { continue };
                *contact = *last;
            }
            if let Event::Ended { contact } | Event::Lost { contact } = &mut event {
                let Some(last) = living.pop() else { continue };
                *contact = last;
            }
            for effect in one.handle(event, RULES, Millis(now)).unwrap_or_default() {
                if let Effect::Enqueue { round, .. } = effect {
                    asked.push(round);
                } else if let Effect::Withdraw { contact } | Effect::Finish { contact, .. } = effect {
                    living.retain(|one| *one != contact);
                }
            }
            prop_assert!(one.contact().is_none_or(|contact| living.contains(&contact)));
            prop_assert!(living.iter().all(|contact| one.contact() == Some(*contact)), "{living:?} {one:?}");
        }
    }
}
