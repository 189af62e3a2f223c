//! Letters: taken, refused, unanswered, in parts, with files.

use core::time::Duration;

use turno_channels::{Body, Choice, Choices, FileHere, FileId, MessageId, Outcome};

use crate::platform::Misbehaviour;
use crate::{Stage, letter, person, text};

fn sent(name: &str) -> Outcome {
    Outcome::Sent { external: name.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_letter_is_taken_by_the_platforms_own_rules() {
    let stage = Stage::new("kinds").await;
    let choice = |at: usize| Choice {
        id: format!("c{at}"),
        title: format!("Trámite {at}"),
        detail: Some("Balcón".into()),
    };
    let choices =
        |count| Body::Choices(Choices { text: "¿Cuál?".into(), choices: (0..count).map(choice).collect() });
    let plain = |title: &str| Choice { id: title.to_owned(), title: title.to_owned(), detail: None };
    let buttons =
        Body::Choices(Choices { text: "¿Resuelto?".into(), choices: vec![plain("Sí"), plain("No")] });
    let template = Body::Template {
        name: "seguimos".into(),
        language: "es".into(),
        parameters: vec!["LUAE".into()],
        text: "Seguimos".into(),
    };
    let bodies = [
        text("Buenas tardes"),
        text(&"palabra ".repeat(2_000)),
        choices(10),
        choices(12),
        buttons,
        template,
        Body::Location { north: -180_653, east: -78_467_834, name: Some("Balcón".into()) },
        Body::Reaction { to: "wamid.A".into(), sign: "👍".into() },
        Body::Card { procedure: "luae".into(), text: "LUAE".into(), choices: vec![plain("Sí")] },
    ];
    let count = bodies.len();
    for (number, body) in (0..).zip(bodies) {
        stage.keeper.write(letter(number, person(u32::try_from(number).expect("few")), body));
    }
    stage.until("all are settled", |stage| stage.keeper.settled().len() == count).await;
    for (message, outcome) in stage.keeper.settled() {
        assert!(matches!(outcome, Outcome::Sent { .. }), "{message:?} {outcome:?}");
    }
    assert!(stage.platform.taken().iter().all(|(_, one)| one["biz_opaque_callback_data"].as_str().is_some()));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_to_one_person_leave_in_order_one_at_a_time() {
    let stage = Stage::new("order").await;
    stage.platform.misbehave(Misbehaviour::TakesSlowly(Duration::from_millis(300)));
    for number in 0..6 {
        stage.keeper.write(letter(number, person(1), text(&format!("número {number}"))));
        stage.keeper.write(letter(100 + number, person(2), text("otra")));
    }
    stage.until("all are settled", |stage| stage.keeper.settled().len() == 12).await;
    let said = stage
        .platform
        .taken()
        .into_iter()
        .map(|(_, one)| one["text"]["body"].as_str().expect("text").to_owned());
    let said: Vec<String> = said.filter(|said| said.starts_with("número")).collect();
    assert_eq!(said, (0..6).map(|number| format!("número {number}")).collect::<Vec<_>>());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_confirmed_is_never_sent_twice() {
    let stage = Stage::new("silent").await;
    stage.platform.misbehave(Misbehaviour::TakesSilently);
    stage.platform.misbehave(Misbehaviour::Breaks(504));
    stage.keeper.write(letter(1, person(1), text("una vez")));
    stage.until("the first is settled", |stage| stage.keeper.settled().len() == 1).await;
    stage.keeper.write(letter(2, person(2), text("otra vez")));
    stage.until("both are settled", |stage| stage.keeper.settled().len() == 2).await;
    for (_, outcome) in stage.keeper.settled() {
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    }
    assert_eq!((stage.platform.taken().len(), stage.platform.requests()), (1, 2));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_can_arrive_is_not_tried_again() {
    let stage = Stage::new("never").await;
    for (number, code) in (0..).zip([131_026, 131_047, 131_051, 100]) {
        stage.platform.misbehave(Misbehaviour::Refuses(400, code));
        stage.keeper.write(letter(number, person(1), text("hola")));
        stage
            .until("it is settled", |stage| {
                stage.keeper.settled().len() > usize::try_from(number).expect("few")
            })
            .await;
    }
    let mut late = letter(9, person(3), text("hola"));
    late.person_wrote = Some(turno_channels::Millis(stage.keeper.now()).plus_secs(-86_401));
    stage.keeper.write(late);
    stage.until("all are settled", |stage| stage.keeper.settled().len() == 5).await;
    for (_, outcome) in stage.keeper.settled() {
        assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
    }
    let Outcome::Failed { why } = &stage.keeper.settled()[4].1 else { panic!("it may not leave") };
    assert!(why.contains("only a template"), "{why}");
    assert_eq!(stage.platform.requests(), 4, "the last one was not even tried");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_goes_on_where_it_failed() {
    let stage = Stage::new("parts").await;
    stage.platform.misbehave(Misbehaviour::TakesSlowly(Duration::from_millis(1)));
    stage.platform.misbehave(Misbehaviour::Refuses(500, 131_000));
    stage.keeper.write(letter(1, person(1), text(&"palabra ".repeat(1_200))));
    stage.until("the first part is taken", |stage| stage.keeper.settled().len() == 1).await;
    stage.while_time_passes("all is taken", |stage| stage.keeper.settled().len() == 2).await;
    assert_eq!(stage.platform.taken().len(), 3);
    assert_eq!(stage.keeper.settled()[1], (MessageId(1), sent("wamid.3")));
    assert_eq!(
        stage.keeper.kept().names,
        [(MessageId(1), "wamid.1".into()), (MessageId(1), "wamid.2".into())]
    );
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_given_first_and_named_then() {
    let stage = Stage::new("upload").await;
    let (name, kind) = ("Requisitos.pdf".to_owned(), "application/pdf".to_owned());
    let body = Body::File {
        file: FileId("aa".into()),
        name: name.clone(),
        media: kind.clone(),
        size: 8,
        caption: Some("Lea".into()),
    };
    let mut one = letter(1, person(1), body);
    one.file = Some(FileHere { name, kind, bytes: b"%PDF-1.7".to_vec() });
    stage.keeper.write(one);
    stage.until("it is settled", |stage| stage.keeper.settled().len() == 1).await;
    assert_eq!(stage.keeper.settled()[0].1, sent("wamid.1"));
    assert_eq!(stage.platform.taken()[0].1["document"]["id"], "upload1");
    assert!(stage.platform.uploads()[0].windows(8).any(|part| part == b"%PDF-1.7"));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_letters_to_one_person_hold_up_nobody_and_all_leave() {
    let stage = Stage::new("crowd").await;
    stage.platform.misbehave(Misbehaviour::TakesSlowly(Duration::from_millis(500)));
    for number in 0..60 {
        stage.keeper.write(letter(number, person(1), text("hola")));
    }
    stage
        .while_time_passes("all have left", |stage| {
            stage
                .keeper
                .settled()
                .iter()
                .filter(|(_, outcome)| matches!(outcome, Outcome::Sent { .. }))
                .count()
                == 60
        })
        .await;
    assert_eq!(stage.platform.taken().len(), 60);
    stage.end().await;
}
