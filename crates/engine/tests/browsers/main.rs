//! Tests of phones in browsers: SIP over WebSocket, signed in by a page, that close, come back, and take their talk back.

mod world;

use core::net::Ipv4Addr;
use core::time::Duration;

use turno_engine::Input;
use turno_ground::{Flow, Transmit};
use turno_media_plan::MediaCommand;
use turno_model::Fact;
use turno_model::plan::BrowserPlan;
use turno_sip::Name;

use world::{
    DESK, OFFER, OTHER_DESK, World, answer_of, browser, carrier, find, from_caller, from_phone,
    from_phone_of, in_new_dialog, is_answer, message, takes_back,
};

#[test]
fn a_page_registers_without_a_password_for_the_seat_of_its_agent_alone() {
    let mut world = World::new();
    assert_eq!(world.registers(browser(40_000), "a001", DESK, "ab").0, 401, "nobody has signed in");
    assert_eq!(world.opens(browser(40_001), DESK, "ab").0, 200);
    assert_eq!(world.registers(browser(40_001), "a002", DESK, "ab").0, 401, "another's seat");
    assert_eq!(
        world.registers(browser(40_002), "a001", DESK, "ab").0,
        401,
        "another connection of that proxy"
    );
    // The lab's trunks are all of 127/8: a browser is none of them.
    let dials = from_phone_of("a001", "7001");
    let sent = world.hear(browser(40_002), &dials);
    assert_eq!(message(&sent[0]).status(), Some(100));
    assert_eq!(message(&sent[1]).status(), Some(401));
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    assert_eq!(find(&rung, "INVITE ").flow, browser(40_001));
    assert!(
        find(&rung, "INVITE ").bytes.starts_with(b"INVITE sip:ab@qib5gp927pd3.invalid;transport=ws SIP/2.0")
    );
}

#[test]
fn who_signs_out_is_rung_no_more_and_talks_on() {
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, to) = world.talks(browser(40_000));
    assert!(world.handle(Input::SignedOut(browser(40_000))).is_empty(), "nobody hears anything of it");
    assert_eq!(world.registers(browser(40_000), "a001", DESK, "ab").0, 401);
    let left = world.hear(browser(40_000), &from_phone(&invite, "BYE", 1));
    find(&left, "SIP/2.0 200");
    find(&left, "BYE ");
    let _ = to;
    world.waits(120);
    let next = from_caller("INVITE", 1, "<sip:7000@turno>", OFFER).replace("Call-ID: two", "Call-ID: three");
    let waits = world.hear(carrier(), &next.replace("z9hG4bK-", "z9hG4bK-n"));
    assert!(!waits.iter().any(|one| one.bytes.starts_with(b"INVITE")), "{waits:?}");
}

#[test]
fn a_talk_goes_by_the_connection_on_which_its_desk_is_back() {
    // RFC 5626, 4.3 and 5.3; wound (JsSIP#738): what is said goes to a connection that is gone.
    for is_known in [false, true] {
        let mut world = World::new();
        world.opens(browser(40_000), DESK, "ab");
        let (_, to) = world.talks(browser(40_000));
        if is_known {
            assert!(world.handle(Input::FlowClosed(browser(40_000))).is_empty());
        }
        assert_eq!(world.opens(browser(41_000), DESK, "cd").0, 200);
        let left = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
        assert_eq!(find(&left, "BYE ").flow, browser(41_000));
    }
}

#[test]
fn a_talk_goes_on_by_a_new_connection_after_a_kill() {
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, to) = world.talks(browser(40_000));
    world.is_killed();
    let gone = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    assert!(gone.iter().all(|one| one.flow.remote != browser(40_000).remote || one.flow == browser(40_000)));
    let (status, sent) = world.opens(browser(41_000), DESK, "cd");
    assert_eq!(status, 200);
    assert_eq!(find(&sent, "BYE ").flow, browser(41_000), "said again where the phone is");
    let _ = invite;
}

#[test]
fn nobody_behind_the_same_proxy_takes_a_talk_by_its_names() {
    // Wound: all browsers come from the address of one reverse proxy, and who knows Call-ID and tags is taken for the peer.
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, _) = world.talks(browser(40_000));
    let sent = world.hear(browser(50_000), &from_phone(&invite, "BYE", 1));
    assert_eq!(message(&sent[0]).status(), Some(401), "{sent:?}");
    let other = world.agent("a002");
    world.handle(Input::SignedIn(browser(50_001), other));
    let sent = world.hear(browser(50_001), &from_phone(&invite, "BYE", 5));
    assert_eq!(message(&sent[0]).status(), Some(401), "an agent, but not at this seat: {sent:?}");
    let agent = world.agent("a001");
    world.handle(Input::SignedIn(browser(50_002), agent));
    let sent = world.hear(browser(50_002), &from_phone(&invite, "BYE", 9));
    find(&sent, "SIP/2.0 200");
    find(&sent, "BYE ");
}

#[test]
fn a_browser_in_a_talk_is_asked_nothing() {
    // JsSIP ends a call when its connection closes while it owes an answer.
    let mut world = World::with(|plan| plan.sip.options_interval = Some(Duration::from_secs(30)));
    world.opens(browser(40_000), DESK, "ab");
    let idle = world.waits(90);
    let asked: Vec<_> = idle.iter().filter(|one| one.bytes.starts_with(b"OPTIONS ")).collect();
    assert!(!asked.is_empty(), "an idle one is");
    world.hear(browser(40_000), &answer_of(&message(asked[asked.len() - 1]), 486));
    let (_, to) = world.talks(browser(40_000));
    let talking = world.waits(200);
    assert!(!talking.iter().any(|one| one.bytes.starts_with(b"OPTIONS ")), "{talking:?}");
    world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
}

#[test]
fn a_phone_that_rings_when_its_page_is_loaded_anew_rings_again() {
    // Wound: the page has forgotten the call, and the agent misses it.
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    let invite = find(&rung, "INVITE ");
    world.hear(browser(40_000), &answer_of(&message(&invite), 180));
    let closed = world.handle(Input::FlowClosed(browser(40_000)));
    assert!(closed.is_empty(), "{closed:?}");
    let (status, sent) = world.opens(browser(41_000), DESK, "ab");
    assert_eq!(status, 200);
    let again = find(&sent, "INVITE ");
    assert_eq!((again.flow, &again.bytes), (browser(41_000), &invite.bytes));
    let answered = world.hear(browser(41_000), &answer_of(&message(&again), 200));
    assert_eq!(find(&answered, "ACK ").flow, browser(41_000));
    assert_eq!(find(&answered, "SIP/2.0 200").flow, carrier(), "the caller is through");
}

#[test]
fn of_two_desks_the_later_one_leads_and_the_other_is_told() {
    let mut world = World::new();
    assert_eq!(world.opens(browser(40_000), DESK, "ab").0, 200);
    assert_eq!(world.opens(browser(41_000), OTHER_DESK, "cd").0, 200);
    for _ in 0..2 {
        let (status, sent) = world.registers(browser(40_000), "a001", DESK, "ab");
        let answer = message(sent.iter().find(|one| is_answer(one, "REGISTER")).expect("an answer"));
        assert_eq!(status, 403);
        assert!(answer.header(Name::Warning).is_some_and(|why| why.contains("Another desk")), "{answer:?}");
        world.is_killed();
        assert_eq!(world.opens(browser(41_000), OTHER_DESK, "cd").0, 200);
        let agent = world.agent("a001");
        world.handle(Input::SignedIn(browser(40_000), agent));
    }
    let rung = world.hear(carrier(), &from_caller("INVITE", 1, "<sip:7000@turno>", OFFER));
    let rings: Vec<Flow> =
        rung.iter().filter(|one| one.bytes.starts_with(b"INVITE")).map(|one| one.flow).collect();
    assert_eq!(rings, [browser(41_000)]);
    // The leading desk is closed and its registration runs out.
    world.handle(Input::FlowClosed(browser(41_000)));
    assert_eq!(world.registers(browser(40_000), "a001", DESK, "ab").0, 403, "it may be back in a moment");
    world.waits(301);
    assert_eq!(world.registers(browser(40_000), "a001", DESK, "ab").0, 200);
}

#[test]
fn a_page_that_was_loaded_anew_takes_its_talk_back_and_nobody_else_notices() {
    // RFC 3891, 3.
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, to) = world.talks(browser(40_000));
    world.handle(Input::FlowClosed(browser(40_000)));
    world.opens(browser(41_000), DESK, "cd");
    (world.facts, world.media) = (Vec::new(), Vec::new());
    let back = world.hear(browser(41_000), &takes_back(&invite, "a001", "x"));
    let accepted = find(&back, "SIP/2.0 200");
    assert_eq!(accepted.flow, browser(41_000));
    assert_eq!(find(&back, "BYE ").flow, browser(41_000), "the dialog of before is over");
    assert!(back.iter().all(|one| one.flow == browser(41_000)), "the caller hears nothing of it: {back:?}");
    assert!(world.facts.iter().all(|fact| matches!(fact, Fact::LegOpened { .. })), "{:?}", world.facts);
    assert!(
        world.media.iter().all(|command| matches!(command, MediaCommand::Agree { .. })),
        "the same stream goes on: {:?}",
        world.media
    );
    // A copy of the page knows no such call.
    let bye = message(&find(&back, "BYE "));
    world.hear(browser(41_000), &answer_of(&bye, 481).replace(";tag=phone", ""));
    let accepted = message(&accepted);
    world.hear(browser(41_000), &in_new_dialog("ACK", 1, &accepted, "x"));
    world.is_killed();
    world.opens(browser(42_000), DESK, "ef");
    let left = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    let bye = find(&left, "BYE ");
    assert_eq!((bye.flow, message(&bye).call_id()), (browser(42_000), "back-x"), "by the new dialog");
}

#[test]
fn a_talk_that_was_taken_back_ends_by_its_new_dialog() {
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, _) = world.talks(browser(40_000));
    let back = world.hear(browser(40_000), &takes_back(&invite, "a001", "y"));
    let accepted = message(&find(&back, "SIP/2.0 200"));
    world.hear(browser(40_000), &in_new_dialog("ACK", 1, &accepted, "y"));
    let left = world.hear(browser(40_000), &in_new_dialog("BYE", 2, &accepted, "y"));
    find(&left, "SIP/2.0 200");
    assert_eq!(find(&left, "BYE ").flow, carrier());
    assert!(world.facts.iter().any(|fact| matches!(fact, Fact::ContactEnded { .. })), "{:?}", world.facts);
}

#[test]
fn nobody_takes_the_talk_of_another_seat_by_replaces() {
    let mut world = World::new();
    world.opens(browser(40_000), DESK, "ab");
    let (invite, to) = world.talks(browser(40_000));
    let refused =
        |sent: &[Transmit]| sent.iter().filter_map(|one| message(one).status()).find(|status| *status >= 300);
    let stranger = world.hear(browser(50_000), &takes_back(&invite, "a001", "s"));
    assert_eq!(refused(&stranger), Some(401));
    let other = world.agent("a002");
    world.handle(Input::SignedIn(browser(50_001), other));
    let colleague = world.hear(browser(50_001), &takes_back(&invite, "a002", "c"));
    assert_eq!(refused(&colleague), Some(403));
    let trunk = takes_back(&invite, "0991234567", "t")
        .replace("SIP/2.0/WS other.invalid", "SIP/2.0/UDP 127.0.0.8:5070");
    assert_eq!(refused(&world.hear(carrier(), &trunk)), Some(403), "a carrier");
    let unknown = takes_back(&invite, "a001", "u").replace("from-tag=phone", "from-tag=other");
    assert_eq!(refused(&world.hear(browser(40_000), &unknown)), Some(481));
    let left = world.hear(carrier(), &from_caller("BYE", 2, &to, ""));
    assert_eq!(find(&left, "BYE ").flow, browser(40_000), "the talk has gone on");
}

#[test]
fn a_port_is_kept_for_a_phone_while_a_browser_rings_or_talks() {
    // Wound: a browser that talks counted as if it had the port that is kept for phones. Callers took that one too, and
    // waited beside free agents whose phones could not be rung.
    for is_killed in [false, true] {
        let mut world = World::with(|plan| {
            plan.media.ports = (20_000, 20_003);
            plan.browser = Some(BrowserPlan {
                port: 19_998,
                bind: Ipv4Addr::LOCALHOST.into(),
                bind_other: None,
                advertised: None,
                advertised_other: None,
                origins: Vec::new(),
            });
        });
        world.opens(browser(40_000), DESK, "ab");
        world.talks(browser(40_000));
        if is_killed {
            world.is_killed();
        }
        let next =
            from_caller("INVITE", 1, "<sip:7000@turno>", OFFER).replace("Call-ID: two", "Call-ID: three");
        let sent = world.hear(carrier(), &next.replace("z9hG4bK-", "z9hG4bK-n"));
        let refused = message(&find(&sent, "SIP/2.0 503"));
        assert!(refused.header(Name::RetryAfter).is_some(), "who calls again is taken later: {refused:?}");
        assert_eq!(world.engine.ports_seen().free, 1);
    }
}
