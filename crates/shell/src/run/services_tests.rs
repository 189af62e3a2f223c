//! Tests of the order of the services, and of the others when one has died.

use std::sync::mpsc::channel;

use super::*;

#[test]
fn a_service_stops_before_what_it_uses() {
    let names = SERVICES.map(|service| service.name);
    let at = |name: &str| names.iter().position(|it| *it == name).expect("it is in the list");
    // These tasks hold the voices.
    for later in ["the tasks", "the control socket", "metrics and health", "the word to systemd"] {
        assert!(at("the voices") < at(later), "{later} holds the voices");
    }
    assert!(at("the control socket's place") < at("the tasks"), "the last answer needs the file");
    for task in ["the control socket", "metrics and health", "the signals", "the word to systemd"] {
        assert!(at("the tasks") < at(task), "{task} lives in a task");
    }
    for later in ["the history", "the queue log", "the facts"] {
        assert!(at("the tasks") < at(later) && at("the journal") < at(later), "{later} needs both");
    }
    assert!(at("the journal") < at("the facts"), "what the engine has said is counted before the disk ends");
    assert_eq!(
        names.last(),
        Some(&"the facts"),
        "the engine's end is the end of the facts: they are waited for first"
    );
}

#[test]
fn services_stop_in_reverse_order_and_one_that_died_keeps_none_from_stopping() {
    let (told, heard) = channel();
    let says = |name: &'static str| {
        let told = told.clone();
        (name, Stop::Call(Box::new(move || told.send(name).expect("somebody hears"))))
    };
    let died = crate::process::threads::thread("turno-dies", || panic!("a fault of the test's own"));
    let working = vec![
        says("first"),
        ("dies", Stop::Threads(vec![died.expect("a thread")])),
        ("idle", Stop::WithTasks),
        says("last"),
    ];
    let mut services = Services { working, office: None };
    services.stop();
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["last", "first"]);
}
