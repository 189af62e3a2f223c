//! People who write to a running turno on real sockets, also while it is killed.

#[allow(unreachable_pub, dead_code, reason = "public where other suites use it")]
#[path = "../../src/platform/mod.rs"]
mod platform;

#[allow(dead_code, reason = "the suite of the connector itself uses more of it")]
#[path = "../mail/servers.rs"]
mod servers;

mod cards;
mod mail;
mod page;
mod whatsapp;

use core::time::Duration;

use turno_model::{Channel, Fact};
use turno_tests::wire::{Server, Sipp, is_missing};

use crate::page::{Agent, PLAN, Page};

/// How long anything may take that happens at once on a machine without other work.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS_MAX: u32 = 1_500;

/// How often turno is killed.
fn kills() -> u32 {
    std::env::var("TURNO_KILLS").map_or(3, |kills| kills.parse().expect("a number of kills"))
}

/// Waits until something is true, and says what was awaited if it never is.
fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    for _ in 0..LOOKS_MAX {
        if is_true() {
            return;
        }
        std::thread::park_timeout(LOOK);
    }
    panic!("in vain: {what}");
}

#[test]
fn what_a_person_writes_is_kept_once_and_in_order_over_kills() {
    // Wound: the page was told that its message is there, and after a restart it is not, or it is there twice.
    let mut server = Server::lab_kept_with(PLAN);
    let page = Page::opened(&server);
    let mut number = 0;
    for kill in 0..kills() {
        for _ in 0..kill % 4 {
            number += 1;
            assert!(page.says(number).is_some_and(|said| said.contains("\"again\":false")));
        }
        // The answer to this one is never read: the page does not know whether it is there, and sends it again.
        number += 1;
        let unread = page.begins_to_say(number, kill);
        server.kill();
        drop(unread);
        server.start_again();
        page.says(number).expect("it answers");
    }
    let expected: Vec<String> = (1..=number).map(|number| number.to_string()).collect();
    assert_eq!(page.texts("citizen"), expected);
    server.wait_until("the person is in line", |now| {
        now.sum("turno_written_conversations", &["stage=\"waiting\""]) == 1.0
    });
    let arrived = server
        .journal()
        .iter()
        .filter(|(_, fact)| matches!(fact, Fact::ContactArrived { channel: Channel::Chat, .. }))
        .count();
    assert_eq!(arrived, 1, "one person stands in line once");
    server.stop();
}

#[test]
fn a_person_and_an_agent_write_to_each_other_and_a_kill_between_loses_nothing() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab_kept_with(PLAN);
    let agent = Agent::signed_in(&server);
    let page = Page::opened(&server);
    page.says(1).expect("it answers");
    Sipp::register(&server, 1, 1, 5080);
    let conversation = agent.takes_one();
    assert!(agent.replies(conversation, "one", "buenos dias").contains("\"again\":false"));
    server.kill_and_start_again();
    Sipp::register(&server, 1, 1, 5081);
    assert!(agent.replies(conversation, "one", "buenos dias").contains("\"again\":true"));
    page.says(2).expect("it answers");
    assert!(agent.replies(conversation, "two", "listo").contains("\"again\":false"));
    assert_eq!(page.texts("agent"), ["buenos dias", "listo"]);
    assert_eq!(page.texts("citizen"), ["1", "2"]);
    agent.acts(conversation, r#"{"do": "finish"}"#);
    server.wait_until("it is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    server.stop();
}
