//! What walls and consoles see of the room.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use turno_access::{Principal, Role, Scope};
use turno_ground::{Moment, Pii};
use turno_ledger::Ledger;
use turno_model::{Channel, ContactId, ContactOutcome, EndedBy, Fact, Position, QueueId};

use crate::rooms::Rooms;
use crate::routes::lost_form::LostForm;
use crate::site::Site;
use crate::tests::Client;

#[tokio::test]
async fn a_reader_sees_who_gave_up_without_the_number_and_nobody_sees_other_queues() {
    let client = Client::signed_in("boss").await;
    let plan = Arc::clone(&client.site.plan);
    let start = Moment::from_secs(1_800_000_000);
    let mut ledger = Ledger::new(Arc::clone(&plan), start);
    let (contact, queue) = (ContactId(7), QueueId(0));
    let end = Moment::from_secs(1_800_000_060);
    let arrived = Fact::ContactArrived {
        contact,
        channel: Channel::Voice,
        from: Pii("0991234567".into()),
        dialled: "1800510510".into(),
        trunk: None,
    };
    ledger.apply(start, &arrived);
    ledger.apply(start, &Fact::Queued { contact, queue, priority: 0, position: 1 });
    let (outcome, by) = (ContactOutcome::Abandoned, EndedBy::Caller);
    ledger.apply(end, &Fact::ContactEnded { contact, queue, outcome, by, waited: end.since(start) });
    let room = ledger.snapshot(end);
    let seen = |numbers: bool, queue: &str| {
        let forms = LostForm::all(&room, &plan, numbers, |name| name == queue);
        serde_json::to_string(&forms).expect("it can be written")
    };
    assert!(seen(true, "luae").contains(r#""from":"0991234567""#), "{}", seen(true, "luae"));
    assert!(!seen(false, "luae").contains("099"), "{}", seen(false, "luae"));
    assert!(
        seen(false, "luae").contains(r#""queue":"luae""#) && seen(false, "luae").contains(r#""waited":60.0"#)
    );
    assert_eq!(seen(true, "general"), "[]");
}

#[tokio::test]
async fn queues_and_agents_have_what_a_wall_shows() {
    let client = Client::signed_in("boss").await;
    let room = client.get("/api/v1/room").await;
    assert_eq!(room.status, StatusCode::OK);
    let (queue, agent) = (&room.body["queues"][0], &room.body["agents"][0]);
    assert_eq!(queue["state"], "open");
    assert!(queue["wait_target"].as_f64().is_some_and(|target| target > 0.0), "{queue}");
    assert_eq!(queue["recent"]["offered"], 0);
    assert_eq!(queue["recent"]["service_level"], serde_json::Value::Null);
    assert_eq!(agent["times"]["talking"], 0.0);
    assert_eq!(agent["due_at"], serde_json::Value::Null);
}

#[tokio::test]
async fn who_waits_is_told_by_channel_with_the_oldest_and_who_is_due_next() {
    let mut client = Client::signed_in("reader").await;
    let start = Moment::from_secs(1_800_000_000);
    let of = |contact, channel, queue| {
        let contact = ContactId(contact);
        let arrived = Fact::ContactArrived {
            contact,
            channel,
            from: Pii("0991234567".into()),
            dialled: "".into(),
            trunk: None,
        };
        [arrived, Fact::Queued { contact, queue: QueueId(queue), priority: 0, position: 1 }]
    };
    let both = [of(1, Channel::WhatsApp, 0), of(2, Channel::WhatsApp, 1)];
    client.site.lived.lock().expect("no panic").extend(both.into_iter().flatten().map(|fact| (start, fact)));
    client.site.later(90);
    let room = client.get("/api/v1/room").await;
    let channels = room.body["channels"].as_array().expect("a list");
    let named = |name: &str| channels.iter().find(|one| one["channel"] == name);
    assert_eq!(named("voice").map(|one| &one["waiting"]), Some(&0.into()), "{}", room.body);
    let written = named("whatsapp").expect("it has contacts");
    assert_eq!((&written["waiting"], &written["in_progress"]), (&2.into(), &0.into()));
    assert_eq!(written["waiting_since"], start.as_micros());
    let plan = super::planned::plan();
    let target = plan.queues[0].wait_target.min(plan.queues[1].wait_target);
    assert_eq!(written["due"], (start + target).as_micros());
    assert!(named("email").is_none(), "the plan has none, and nobody has written one");
    client.sign_in("some").await;
    let room = client.get("/api/v1/room").await;
    let seen =
        room.body["channels"].as_array().and_then(|all| all.iter().find(|one| one["channel"] == "whatsapp"));
    assert_eq!(seen.map(|one| &one["waiting"]), Some(&1.into()), "of the own queues: {}", room.body);
}

#[tokio::test]
async fn sixty_four_readers_share_one_look_at_the_room_and_those_of_the_same_rights_its_text() {
    let client = Client::new();
    let site: Arc<dyn Site> = Arc::<crate::tests::Double>::clone(&client.site);
    let rooms = Arc::new(Rooms::default());
    let place = Position { run: Moment::from_secs(1), number: 7 };
    let reader = |role| Principal { name: "a reader".to_owned(), scope: Scope::of(role) };
    // Whatever the machine does meanwhile, a tick of 100 ms is over after some of them at most.
    let mut texts = Vec::new();
    for number in 0..64 {
        let role = if number % 2 == 0 { Role::Reader } else { Role::Supervisor };
        texts.push(rooms.text(&site, place, &reader(role)).await.expect("a text"));
    }
    let looked = client.site.looked.load(Ordering::Relaxed);
    assert!(looked < 16, "{looked} looks at the room for 64 readers");
    assert!(Arc::ptr_eq(&texts[61], &texts[63]) || looked > 1, "the same text for the same rights");
    // What has happened since is not missed.
    let later = Position { number: 8, ..place };
    rooms.text(&site, later, &reader(Role::Reader)).await.expect("a text");
    assert_eq!(client.site.looked.load(Ordering::Relaxed), looked + 1);
}
