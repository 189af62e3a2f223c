//! Webhooks: forged, doubled, too large, unkept; and the files that people attach.

use serde_json::{Value, json};
use turno_channels::whatsapp::signature;
use turno_channels::{Body, Delivery, Elsewhere, MessageId, Reported};
use turno_connectors::whatsapp::{RAW_BYTES_MAX, Received};

use crate::platform::{says, status, written};
use crate::{SECRET, Stage, text};

fn brings(stage: &Stage, webhook: &Value) -> Received {
    let raw = written(webhook);
    stage.whatsapp.receive(Some(&signature(SECRET.as_bytes(), &raw)), &raw)
}

fn hello() -> Value {
    says(
        "593990000001",
        "wamid.A",
        json!({ "type": "text", "text": { "body": "¿Dónde está mi trámite? 🙏" } }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_confirmed_when_it_is_kept_and_known_when_it_comes_again() {
    let stage = Stage::new("kept").await;
    assert_eq!(brings(&stage, &hello()), Received::Kept);
    assert_eq!(brings(&stage, &hello()), Received::Kept);
    {
        let kept = stage.keeper.kept();
        assert_eq!(kept.incoming.len(), 1);
        assert_eq!(kept.incoming[0].body, Some(text("¿Dónde está mi trámite? 🙏")));
        assert_eq!(kept.incoming[0].queue.as_deref(), Some("tramites"));
    }
    let figures = stage.whatsapp.figures();
    assert_eq!((figures.webhooks, figures.messages, figures.duplicates), (2, 1, 1));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_platform_has_not_signed_is_not_read() {
    let stage = Stage::new("forged").await;
    let raw = written(&hello());
    let good = signature(SECRET.as_bytes(), &raw);
    let mut other = raw.clone();
    *other.last_mut().expect("bytes") = b' ';
    for (header, raw) in [
        (None, raw.as_slice()),
        (Some("sha256=00"), &raw),
        (Some(&*signature(b"a guess", &raw)), &raw),
        (Some(&*good), &other),
    ] {
        assert_eq!(stage.whatsapp.receive(header, raw), Received::NotSigned);
    }
    let huge = vec![b' '; 10 * 1_048_576];
    assert_eq!(stage.whatsapp.receive(Some(&signature(SECRET.as_bytes(), &huge)), &huge), Received::TooLarge);
    let largest = vec![b' '; RAW_BYTES_MAX];
    assert_eq!(
        stage.whatsapp.receive(Some(&signature(SECRET.as_bytes(), &largest)), &largest),
        Received::Unreadable
    );
    assert!(stage.keeper.kept().incoming.is_empty());
    assert_eq!((stage.whatsapp.figures().unsigned, stage.whatsapp.figures().unreadable), (4, 2));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_kept_is_not_confirmed_and_comes_again() {
    let stage = Stage::new("full").await;
    stage.keeper.kept().is_full = true;
    assert_eq!(brings(&stage, &hello()), Received::Later);
    stage.keeper.kept().is_full = false;
    assert_eq!(brings(&stage, &hello()), Received::Kept);
    assert_eq!(stage.keeper.kept().incoming.len(), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_number_of_the_account_is_none_of_ours() {
    let stage = Stage::new("foreign").await;
    let mut webhook = hello();
    webhook["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "99".into();
    assert_eq!(brings(&stage, &webhook), Received::Kept);
    assert!(stage.keeper.kept().incoming.is_empty());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_come_in_any_order_and_before_the_answer() {
    let stage = Stage::new("statuses").await;
    for (one, data) in [("read", Some("turno:5")), ("sent", Some("turno:5")), ("delivered", None)] {
        assert_eq!(brings(&stage, &status("wamid.1", one, data)), Received::Kept);
    }
    {
        let kept = stage.keeper.kept();
        assert_eq!(kept.names, vec![(MessageId(5), "wamid.1".to_owned()); 2]);
        let reached: Vec<Reported> = kept
            .reports
            .iter()
            .map(|one| one.what.clone())
            .filter(|what| matches!(what, Reported::Reached(_)))
            .collect();
        assert_eq!(reached, [Delivery::Seen, Delivery::Sent, Delivery::Delivered].map(Reported::Reached));
        assert_eq!(kept.reports.len(), 6, "each with its price");
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_in_two_hops_and_is_what_its_bytes_say() {
    let stage = Stage::with("file", |_, keeper, platform| {
        platform.has_file("before", "application/pdf", b"%PDF-1.7");
        let reference = "before".to_owned();
        keeper.kept().elsewhere.push(Elsewhere {
            message: MessageId(900),
            reference,
            name: Some("a.pdf".into()),
        });
    })
    .await;
    stage.platform.has_file("m1", "image/png", b"\xff\xd8\xff\xe0 a picture");
    stage.platform.has_file("large", "video/mp4", &vec![0; 1_048_577]);
    let image = |name: &str, media: &str| {
        says(
            "593990000001",
            name,
            json!({ "type": "image", "image": { "id": media, "mime_type": "image/png" } }),
        )
    };
    for (name, media) in [("wamid.A", "m1"), ("wamid.B", "large"), ("wamid.C", "m3")] {
        assert_eq!(brings(&stage, &image(name, media)), Received::Kept);
    }
    let reference = |body: &Option<Body>| matches!(body, Some(Body::FileElsewhere { reference, .. }) if reference == "m1");
    assert!(reference(&stage.keeper.kept().incoming[0].body), "it waits for no file");
    stage.until("the picture", |stage| stage.keeper.kept().files.contains_key(&0)).await;
    let file = stage.keeper.kept().files[&0].clone();
    assert_eq!((&*file.name, &*file.kind, file.bytes.len()), ("foto.jpg", "image/jpeg", 14));
    stage.until("the large one is left", |stage| stage.whatsapp.figures().unfetched >= 1).await;
    // What was known before the start is fetched too.
    stage.until("the one from before", |stage| stage.keeper.kept().files.contains_key(&900)).await;
    assert_eq!(stage.keeper.kept().files[&900].name, "a.pdf");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_asks_for_our_word() {
    let stage = Stage::new("word").await;
    let asked = |word| {
        stage.whatsapp.challenge([
            ("hub.mode", "subscribe"),
            ("hub.verify_token", word),
            ("hub.challenge", "7"),
        ])
    };
    assert_eq!((asked("word").as_deref(), asked("other")), (Some("7"), None));
    stage.whatsapp.mark_seen("wamid.A", true);
    stage.until("the mark", |stage| stage.platform.marks().len() == 1).await;
    assert_eq!(stage.platform.marks()[0]["typing_indicator"], json!({ "type": "text" }));
    stage.end().await;
}
