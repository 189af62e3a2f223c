//! Floods from unknown sources: which requests are answered, and that the engine keeps no state of them.

use core::net::SocketAddr;

use turno_tests::stage::{Stage, answering, secs};

use crate::letter::{Letter, ask, status, stranger};

/// A different source for each number; none is a trunk's.
fn source(number: usize) -> SocketAddr {
    let [_, high, middle, low] = u32::try_from(number).expect("few").to_be_bytes();
    SocketAddr::from(([127, 128 | high, middle, low], 5060))
}

#[test]
fn a_hundred_thousand_strangers_leave_nothing_behind() {
    // An attacker gets a challenge for free, so a challenge must cost turno no memory (RFC 3261, 8.2.7 and 26.3.2.4).
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    stage.is_strict = false;
    let before = stage.held();
    let mut answered = 0;
    for number in 0..100_000 {
        let method = ["INVITE", "REGISTER", "OPTIONS"][number % 3];
        let letter = Letter { method, to: "7000", from: "anybody", number, extra: "" }.text();
        stage.throw_in(source(number), letter.as_bytes());
        if number % 1_000 == 0 {
            stage.run_for(secs(1));
            answered += stage.take_letters();
        }
    }
    stage.run_for(secs(1));
    answered += stage.take_letters();
    let after = stage.held();
    println!(
        "attack: 100000 requests of 100000 strangers, {answered} messages in answer, held before {before:?}, after {after:?}"
    );
    assert_eq!(before, after, "transactions, dialogs and deadlines");
    assert!(answered >= 100_000);
    stage.finish();
}

#[test]
fn one_strangers_flood_gets_its_allowance_and_no_more() {
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    let mut answered = 0;
    for number in 0..10_000 {
        let letter = Letter { method: "INVITE", to: "7000", from: "anybody", number, extra: "" }.text();
        stage.throw_in(stranger(), letter.as_bytes());
    }
    stage.run_for(secs(1));
    answered += stage.letters_to(stranger()).iter().filter(|answer| status(answer) == 401).count();
    assert_eq!(answered, 20, "two seconds' worth of new calls");
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_scanner_hears_nothing_at_all() {
    // A scanner looks for answers, so it gets none.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    for (number, name) in ["friendly-scanner", "sipcli/v1.8", "VaxSIPUserAgent/3.1", "pplsip", "sipvicious"]
        .into_iter()
        .enumerate()
    {
        let agent = format!("User-Agent: {name}\r\n");
        let letter = Letter { method: "OPTIONS", to: "100", from: "100", number, extra: &agent }.text();
        assert!(ask(&mut stage, stranger(), &letter).is_empty(), "{name} was answered");
    }
    let letter =
        Letter { method: "OPTIONS", to: "100", from: "100", number: 9, extra: "User-Agent: Linphone\r\n" };
    assert_eq!(ask(&mut stage, stranger(), &letter.text()).len(), 1, "an honest phone is challenged");
    stage.finish();
}
