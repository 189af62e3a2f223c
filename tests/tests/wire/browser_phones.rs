//! Phones in browsers: JsSIP over SIP over WebSocket, registered by a session or by digest, over cuts and kills.
#![expect(clippy::disallowed_methods, reason = "a test on real sockets measures real time")]

use core::time::Duration;
use std::net::SocketAddr;

use turno_phone::{Behaviour, PhoneEvent, Sound};
use turno_tests::wire::{API_PORT, JsPhone, Page, Scrape, Server, Shows, Softphone, WebPhone};

/// An API and browser phones.
const BROWSER: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\n\n[http]");
const DESK: &str = "8f1fa16a-1165-4a96-8341-785b1ef24f12";
const OTHER_DESK: &str = "11112222-3333-4444-8555-666677778888";

fn web(server: &Server) -> SocketAddr {
    SocketAddr::new(server.http().ip(), API_PORT)
}

/// Waits until an agent is or is not there for calls.
fn agents(server: &mut Server, state: &str, many: f64) {
    let label = format!("state=\"{state}\"");
    server.wait_until(&format!("{many} are {state}"), |now| now.sum("turno_agents", &[&label]) == many);
}

/// A citizen's call that rings at the phone and is answered there.
fn talk(line: &mut Softphone, phone: &mut JsPhone) -> (turno_phone::CallId, String) {
    let call = line.calls("0991234567", "7000");
    assert!(phone.says("rings").starts_with("0991234567"), "it shows who calls");
    phone.does("answer");
    line.is_answered(call);
    (call, phone.says("confirmed"))
}

#[test]
fn a_page_registers_by_its_session_and_its_talk_outlives_its_connection() {
    // RFC 5626, 4.4; wound (JsSIP#738): a network change ends the call. No password of a telephone is in the page.
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let page = Page::of_agent(&server, "ana", "a001");
    let told = page.asks("GET /api/v1/desk/phone", "");
    assert!(told.ends_with(r#"{"uri":"sip:a001@turno","address":"/sip","expires":600}"#), "{told}");
    let mut phone = JsPhone::start(web(&server), "a001", Shows::Cookie(&page.cookie), DESK);
    assert!(
        phone.says("registered").contains(r#"+sip.instance=\"<urn:uuid:8f1fa16a"#),
        "as JsSIP knows itself"
    );
    agents(&mut server, "available", 1.0);
    let mut line = Softphone::line(&server);
    let (call, _) = talk(&mut line, &mut phone);
    for _ in 0..2 {
        phone.listens_anew();
        phone.does("cut");
        phone.says("disconnected");
        phone.says("registered");
    }
    agents(&mut server, "talking", 1.0);
    line.hangs_up(call);
    phone.says("ended remote");
    // The other way round, over a kill: the phone that is back ends the talk.
    agents(&mut server, "available", 1.0);
    talk(&mut line, &mut phone);
    phone.listens_anew();
    server.kill_and_start_again();
    phone.says("registered");
    agents(&mut server, "talking", 1.0);
    assert!(!phone.has_said("ended") && !phone.has_said("failed"));
    phone.does("hangup");
    line.is_hung_up_on();
    drop(phone);
    server.wait_until("the agent is unreachable", |now| {
        now.sum("turno_agents", &["reason=\"unreachable\""]) == 1.0
    });
    let now = server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    assert_eq!(
        now.sum("turno_contacts_total", &[]),
        1.0,
        "of this run; the first was booked before the kill"
    );
    server.stop();
}

#[test]
fn a_session_opens_the_own_seat_alone_and_its_end_ends_the_registration() {
    // RFC 7118, 5: cookie, origin and digest say who may open a WebSocket.
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let to = web(&server);
    let ana = Page::of_agent(&server, "ana", "a001");
    let mut stranger = JsPhone::start(to, "a001", Shows::Nothing, DESK);
    assert!(stranger.says("refused").starts_with("401 "), "nobody");
    let mut other = JsPhone::start(to, "a002", Shows::Cookie(&ana.cookie), DESK);
    assert!(other.says("refused").starts_with("401 "), "another's seat");
    let mut digest = JsPhone::start(to, "a002", Shows::Password("lab"), OTHER_DESK);
    digest.says("registered");
    let evil = [("ORIGIN", "https://evil.example"), ("INSTANCE", DESK)];
    let script = include_str!("../../src/wire/jssip_phone.mjs");
    let mut foreign = JsPhone::with(script, to, "a001", Shows::Cookie(&ana.cookie), &evil);
    foreign.says("disconnected");
    assert!(!foreign.has_said("connected"), "a page of another site");
    let mut phone = JsPhone::start(to, "a001", Shows::Cookie(&ana.cookie), DESK);
    phone.says("registered");
    agents(&mut server, "available", 2.0);
    let mut line = Softphone::line(&server);
    // Who has waited longest is rung first: the one with the password.
    talk(&mut line, &mut digest);
    let (call, _) = talk(&mut line, &mut phone);
    server.wait_until("both are registered", |now| now.sum("turno_sip_registrations", &[]) == 2.0);
    assert!(ana.asks("DELETE /api/v1/session", "").starts_with("HTTP/1.1 204"));
    server.wait_until("the phone is let go", |now| now.sum("turno_sip_registrations", &[]) == 1.0);
    agents(&mut server, "talking", 2.0);
    phone.does("register");
    assert!(phone.says("refused").starts_with("401 "), "no new registration");
    assert!(!phone.has_said("ended"), "the talk that runs is not cut");
    phone.does("hangup");
    line.waits_for(
        "the end",
        |event| matches!(event, turno_phone::PhoneEvent::Ended { call: of, .. } if *of == call),
    );
    server.stop();
}

#[test]
fn of_two_desks_of_one_agent_the_one_that_came_last_leads() {
    // Wound: two desks take the seat from each other with every refresh, and a call rings where nobody is.
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let to = web(&server);
    let ana = Page::of_agent(&server, "ana", "a001");
    let mut office = JsPhone::start(to, "a001", Shows::Cookie(&ana.cookie), DESK);
    office.says("registered");
    let mut home = JsPhone::start(to, "a001", Shows::Cookie(&ana.cookie), OTHER_DESK);
    home.says("registered");
    office.does("register");
    let why = office.says("refused");
    assert!(why.starts_with("403 ") && why.contains("Another desk of this agent is in use"), "{why}");
    server.kill_and_start_again();
    home.says("registered");
    office.says("refused 403");
    agents(&mut server, "available", 1.0);
    let mut line = Softphone::line(&server);
    talk(&mut line, &mut home);
    assert!(!office.has_said("rings"));
    home.does("hangup");
    home.does("unregister");
    home.says("unregistered");
    office.does("register");
    office.says("registered");
    server.stop();
}

#[test]
fn a_page_that_was_loaded_anew_takes_its_talk_back_within_three_seconds() {
    // RFC 3891: neither the caller nor the books notice.
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let page = Page::of_agent(&server, "ana", "a001");
    let mut before = JsPhone::start(web(&server), "a001", Shows::Cookie(&page.cookie), DESK);
    before.says("registered");
    let mut line = Softphone::line(&server);
    let (call, names) = talk(&mut line, &mut before);
    drop(before);
    let began = std::time::Instant::now();
    let names: Vec<&str> = names.split(' ').collect();
    let replaces = format!("{};to-tag={};from-tag={}", names[0], names[2], names[1]);
    let settings = [("INSTANCE", DESK), ("REPLACES", replaces.as_str())];
    let script = include_str!("../../src/wire/jssip_phone.mjs");
    let mut phone = JsPhone::with(script, web(&server), "a001", Shows::Cookie(&page.cookie), &settings);
    phone.says("confirmed");
    let took = began.elapsed();
    println!("the talk was back after {took:?}, the start of node included");
    assert!(took < core::time::Duration::from_secs(3), "{took:?}");
    let now = server.scrape();
    assert_eq!(now.sum("turno_agents", &["state=\"talking\""]), 1.0);
    assert_eq!(now.sum("turno_contacts_total", &[]), 0.0, "the contact goes on");
    line.hangs_up(call);
    phone.says("ended remote");
    // The contact is booked when its facts have been read, a moment after its dialogs have gone.
    let is_over = |now: &Scrape| {
        now.sum("turno_sip_dialogs", &[]) == 0.0 && now.sum("turno_contacts_total", &[]) >= 1.0
    };
    let now = server.wait_until("all is over", is_over);
    assert_eq!((now.contacts("lab", "answered"), now.sum("turno_contacts_total", &[])), (1.0, 1.0));
    server.stop();
}

#[test]
fn a_talk_that_moves_to_another_desk_ends_at_the_desk_of_before() {
    // The goodbye of the old dialog went to the new page, and the old one talked on with nobody.
    if !JsPhone::is_there() {
        return;
    }
    let server = Server::lab_kept_with(&[BROWSER]);
    let page = Page::of_agent(&server, "a001", "a001");
    let mut office = JsPhone::start(web(&server), "a001", Shows::Cookie(&page.cookie), DESK);
    office.says("registered");
    let mut line = Softphone::line(&server);
    let (call, names) = talk(&mut line, &mut office);
    let names: Vec<&str> = names.split(' ').collect();
    let replaces = format!("{};to-tag={};from-tag={}", names[0], names[2], names[1]);
    let settings = [("INSTANCE", OTHER_DESK), ("REPLACES", replaces.as_str())];
    let script = include_str!("../../src/wire/jssip_phone.mjs");
    let mut home = JsPhone::with(script, web(&server), "a001", Shows::Cookie(&page.cookie), &settings);
    home.says("confirmed");
    office.says("ended remote");
    assert_eq!(server.scrape().sum("turno_agents", &["state=\"talking\""]), 1.0, "the talk goes on");
    line.hangs_up(call);
    home.says("ended remote");
    server.stop();
}

#[test]
fn another_phone_of_that_rfc_registers_is_rung_and_calls() {
    // SIP.js 0.21.2: the other library that pages use.
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let script = include_str!("../../src/wire/sipjs_phone.mjs");
    let settings = [("INSTANCE", DESK)];
    let mut phone = JsPhone::with(script, web(&server), "a001", Shows::Password("lab"), &settings);
    phone.says("registered");
    agents(&mut server, "available", 1.0);
    let mut line = Softphone::line(&server);
    talk(&mut line, &mut phone);
    phone.does("hangup");
    phone.says("ended");
    line.is_hung_up_on();
    phone.does("unregister");
    phone.says("unregistered");
    server.stop();
}

#[test]
fn two_stacks_of_webrtc_and_two_parsers_of_sip_talk_to_each_other() {
    // The browser is webrtc-rs 0.21.1 and rsip: neither shares code with turno's own ICE, SDP and SIP.
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let page = Page::of_agent(&server, "ana", "a001");
    let behaviour = Behaviour::answering(Duration::ZERO);
    let mut browser = WebPhone::opens(page.at(), "a001", &page.cookie, Sound::Tone(1_000), behaviour);
    browser.does(|phone, now| phone.register(now));
    browser.waits_for("the registration", |event| *event == PhoneEvent::Registered);
    agents(&mut server, "available", 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    let event = browser.waits_for("the talk", |event| matches!(event, PhoneEvent::Answered { .. }));
    let PhoneEvent::Answered { call: at_browser, .. } = event else { unreachable!("it was chosen so") };
    line.is_answered(call);
    let citizen = line.speaks(Sound::Tone(440));
    let took = browser.hears("the citizen", |heard| heard.dominant(&[440, 1_000]) == Some(440));
    println!("voice after {took:?}");
    browser.lives_for(Duration::from_secs(2));
    assert_eq!(citizen.heard().dominant(&[440, 1_000]), Some(1_000), "the agent's voice");
    browser.does(|phone, now| phone.hang_up(at_browser, now));
    browser.lives_for(Duration::from_millis(300));
    line.is_hung_up_on();
    server.stop();
}
