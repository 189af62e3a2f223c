//! Limits, a platform that is away for an hour, a token that has expired; and how many messages a second pass.

use std::time::Instant;

use serde_json::json;
use turno_channels::Outcome;
use turno_channels::whatsapp::signature;

use crate::platform::{Misbehaviour, says, written};
use crate::{SECRET, Stage, letter, person, text};

fn count(stage: &Stage, is: impl Fn(&Outcome) -> bool) -> usize {
    stage.keeper.settled().iter().filter(|(_, outcome)| is(outcome)).count()
}

fn is_sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_without_the_platform_loses_nothing_and_asks_seldom() {
    let stage = Stage::new("hour").await;
    stage.platform.set_down(true);
    for number in 0..100 {
        stage.keeper.write(letter(number, person(u32::try_from(number).expect("few")), text("hola")));
    }
    let mut looks = 0;
    stage
        .while_time_passes("an hour is over", |stage| {
            stage.pass(9);
            looks += 1;
            looks >= 360
        })
        .await;
    let tries = stage.platform.requests();
    assert!(tries < 200, "{tries} tries in an hour");
    assert!(stage.whatsapp.figures().is_away);
    assert_eq!(count(&stage, is_sent), 0);
    stage.platform.set_down(false);
    stage
        .while_time_passes("all have left", |stage| {
            stage.pass(9);
            count(stage, is_sent) == 100
        })
        .await;
    assert_eq!(stage.platform.taken().len(), 100, "each once");
    assert!(!stage.whatsapp.figures().is_away);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_the_platform_tells_is_kept() {
    let stage = Stage::new("limits").await;
    stage.platform.misbehave(Misbehaviour::Throttles(30));
    stage.keeper.write(letter(1, person(1), text("hola")));
    stage.until("it waits", |stage| stage.keeper.settled().len() == 1).await;
    assert!(matches!(stage.keeper.settled()[0].1, Outcome::Later { after_secs: 30, .. }));
    stage.keeper.write(letter(2, person(2), text("hola")));
    let mut looks = 0;
    stage
        .until("a while has passed", |_| {
            looks += 1;
            looks > 30
        })
        .await;
    assert_eq!(stage.platform.requests(), 1, "everybody waits");
    stage.pass(31);
    stage.until("both have left", |stage| count(stage, is_sent) == 2).await;
    stage.platform.misbehave(Misbehaviour::Refuses(400, 131_056));
    stage.keeper.write(letter(3, person(1), text("hola")));
    stage.until("the person waits", |stage| stage.keeper.settled().len() == 4).await;
    stage.keeper.write(letter(4, person(2), text("hola")));
    stage.until("nobody else does", |stage| count(stage, is_sent) == 3).await;
    stage.pass(2);
    stage.until("the person does no more", |stage| count(stage, is_sent) == 4).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expired_is_an_alarm_until_the_file_has_another() {
    let stage = Stage::new("token").await;
    stage.platform.set_token("renewed");
    stage.keeper.write(letter(1, person(1), text("hola")));
    stage.until("it waits", |stage| stage.keeper.settled().len() == 1).await;
    assert!(stage.whatsapp.figures().is_alarm);
    assert!(matches!(stage.keeper.settled()[0].1, Outcome::Later { after_secs: 300, .. }));
    std::fs::write(&stage.token_file, "renewed").expect("a file");
    stage.pass(301);
    // The first try with the old token reads the file again.
    stage.while_time_passes("it has left", |stage| count(stage, is_sent) == 1).await;
    assert!(!stage.whatsapp.figures().is_alarm);
    stage.end().await;
}

/// `cargo test -p turno-connectors --test whatsapp -- --nocapture messages_a_second` prints both figures.
#[tokio::test(flavor = "multi_thread")]
async fn messages_a_second() {
    const COUNT: u32 = 1_000;
    let stage = Stage::with("many", |settings, _, _| settings.per_second = 100_000).await;
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = Instant::now();
    for number in 0..COUNT {
        let words = json!({ "type": "text", "text": { "body": "¿Dónde está mi trámite?" } });
        let raw = written(&says("593990000001", &format!("wamid.{number}"), words));
        let _ = stage.whatsapp.receive(Some(&signature(SECRET.as_bytes(), &raw)), &raw);
    }
    println!("{:.0} webhooks a second come in", f64::from(COUNT) / begin.elapsed().as_secs_f64());
    assert_eq!(stage.keeper.kept().incoming.len(), COUNT as usize);
    for number in 0..COUNT {
        stage.keeper.write(letter(i64::from(number), person(number), text("Está en revisión")));
    }
    #[expect(clippy::disallowed_methods, reason = "a measurement")]
    let begin = Instant::now();
    stage.while_time_passes("all have left", |stage| count(stage, is_sent) == COUNT as usize).await;
    println!("{:.0} letters a second leave", f64::from(COUNT) / begin.elapsed().as_secs_f64());
    stage.end().await;
}
