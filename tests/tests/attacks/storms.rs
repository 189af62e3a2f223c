//! Overload, reported to the engine by the test bench's clock.

use turno_tests::stage::{Stage, answering, millis, secs, value};

use crate::letter::{Letter, ask, status, stranger};

/// Delays the reading of messages by `delay` milliseconds, for long enough that the engine refuses new calls.
fn storm(stage: &mut Stage, delay: u64) {
    // In its first seconds the engine refuses nothing, because it has to work off messages that gathered before.
    stage.run_for(secs(2));
    for _ in 0..500 {
        stage.run_for(millis(1));
        stage.lay_unread(millis(delay));
    }
}

#[test]
fn beyond_capacity_new_calls_hear_503_and_the_calls_under_way_go_on() {
    // Wound: under overload throughput collapses, from 120 offered to 12 done (F, a Rust peer, measured).
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let eva = stage.agent("a002", answering(secs(1)));
    let talking = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(talking, ana);
    storm(&mut stage, 80);
    let refused = stage.call("7000", "0997654321");
    stage.until("it is refused", secs(1), |stage| stage.refusal(refused) == Some(503));
    // Requests of existing calls (hold, resume, BYE) and of registered phones are served, others are not.
    stage.holds(at_ana);
    stage.until("the caller hears music", secs(1), |stage| stage.hears_music(talking));
    stage.resumes(at_ana);
    stage.until("they hear each other", secs(1), |stage| stage.hear_each_other(talking, at_ana));
    stage.registers(eva);
    let stranger_asks = Letter { method: "REGISTER", to: "a003", from: "a003", number: 1, extra: "" }.text();
    let answer = ask(&mut stage, stranger(), &stranger_asks).remove(0);
    assert_eq!(status(&answer), 503);
    let wait: u64 = value(&answer, "Retry-After").and_then(|wait| wait.parse().ok()).expect("a number");
    assert!((5..=15).contains(&wait));
    stage.hangs_up(talking);
    stage.until("the call is over", secs(1), |stage| stage.is_over(talking));
    // The refusals end when the delay has ended.
    stage.lies_nothing_unread();
    stage.run_for(secs(15));
    let taken = stage.call("7000", "0997654321");
    stage.talks_to(taken, eva);
    stage.hangs_up(taken);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn ten_thousand_refused_calls_are_not_remembered() {
    let mut stage = Stage::new();
    stage.is_strict = false;
    storm(&mut stage, 80);
    let before = stage.held();
    let trunk = core::net::SocketAddr::from(([127, 20, 99, 1], 5060));
    for number in 0..10_000 {
        let letter = Letter { method: "INVITE", to: "7000", from: "0991234567", number, extra: "" }.text();
        stage.throw_in(trunk, letter.as_bytes());
    }
    assert_eq!(stage.held(), before);
    stage.run_for(millis(50));
    let answers = stage.letters_to(trunk);
    assert_eq!(answers.iter().filter(|answer| status(answer) == 503).count(), 4_000, "two seconds' worth");
    stage.lies_nothing_unread();
    stage.run_for(secs(1));
    assert_eq!(stage.calls_refused(), [4_000], "a supervisor sees them, in one fact for a second of them");
    stage.finish();
}

#[test]
fn whoever_is_turned_away_hears_what_a_refusal_must_say_and_the_same_again() {
    // RFC 3261, 8.2.6 and 8.2.7: a refusal without full parsing must still be a correct response.
    let mut stage = Stage::new();
    stage.is_strict = false;
    storm(&mut stage, 80);
    let trunk = core::net::SocketAddr::from(([127, 20, 99, 1], 5077));
    let via = "v: SIP/2.0/UDP 127.20.99.9;branch=z9hG4bKbehind\r\n";
    let invite = Letter { method: "INVITE", to: "7000", from: "0991234567", number: 1, extra: via }.text();
    let invite = invite.replace("attack1\r\nMax", "attack1;rport\r\nMax");
    let unusual = invite.replace("To: ", "To:\r\n ");
    let before = stage.held();
    for text in [&invite, &invite, &unusual] {
        let answer = ask(&mut stage, trunk, text).remove(0);
        assert_eq!(status(&answer), 503);
        for line in [
            "Via: SIP/2.0/UDP 127.66.0.1:5060;branch=z9hG4bKattack1;rport=5077;received=127.20.99.1",
            "Via: SIP/2.0/UDP 127.20.99.9;branch=z9hG4bKbehind",
            "From: <sip:0991234567@turno>;tag=t1",
            "Call-ID: attack1",
            "CSeq: 1 INVITE",
        ] {
            assert!(answer.split("\r\n").any(|here| here == line), "{line} is missing in {answer}");
        }
        assert!(value(&answer, "To").is_some_and(|to| to.starts_with("<sip:7000@turno>;tag=")), "{answer}");
        assert!(
            answer.len() < text.len() + 200,
            "a forged source gets little more than was sent in its name"
        );
    }
    let answers: Vec<_> = (0..2).map(|_| ask(&mut stage, trunk, &invite).remove(0)).collect();
    assert_eq!(answers[0], answers[1]);
    let to = value(&answers[0], "To").expect("asserted above");
    let ack = invite.replace("INVITE", "ACK").replace("To: <sip:7000@turno>", &format!("To: {to}"));
    assert!(ask(&mut stage, trunk, &ack).is_empty());
    assert_eq!(stage.held(), before);
    stage.lies_nothing_unread();
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_copy_of_an_invite_that_was_taken_is_no_new_call_however_great_the_storm() {
    // RFC 3261, 17.2.1: an accepted call is not refused afterwards.
    let mut stage = Stage::new();
    stage.is_strict = false;
    let trunk = core::net::SocketAddr::from(([127, 20, 99, 1], 5060));
    let invite = Letter { method: "INVITE", to: "7000", from: "0991234567", number: 1, extra: "" }.text();
    let first = ask(&mut stage, trunk, &invite);
    storm(&mut stage, 80);
    stage.take_letters();
    for answer in ask(&mut stage, trunk, &invite) {
        assert!(status(&answer) != 503, "{answer}, and before: {first:?}");
    }
    let cancel = invite.replace("INVITE sip", "CANCEL sip").replace("1 INVITE", "1 CANCEL");
    let answers = ask(&mut stage, trunk, &cancel);
    assert!(answers.iter().any(|answer| status(answer) == 487), "{answers:?}");
    stage.lies_nothing_unread();
    stage.run_for(secs(60));
    stage.finish();
}

#[test]
fn a_late_copy_of_a_refused_call_is_refused_too_when_there_is_time_again() {
    // Wound, seen in an own load test: a caller was refused, a retransmission of the INVITE arrived later and was
    // accepted, and music was played to nobody for half a minute.
    let mut stage = Stage::new();
    stage.is_strict = false;
    storm(&mut stage, 80);
    let trunk = core::net::SocketAddr::from(([127, 20, 99, 1], 5060));
    let [usual, unusual] = ["", "To:"].map(|folded| {
        let number = 1 + folded.len();
        let text = Letter { method: "INVITE", to: "7000", from: "0991234567", number, extra: "" }.text();
        if folded.is_empty() { text } else { text.replace("To: ", "To:\r\n ") }
    });
    for text in [&usual, &unusual] {
        assert_eq!(status(&ask(&mut stage, trunk, text)[0]), 503);
    }
    stage.lies_nothing_unread();
    stage.run_for(secs(2));
    for text in [&usual, &unusual] {
        assert_eq!(status(&ask(&mut stage, trunk, text)[0]), 503);
    }
    // A caller who calls again after Retry-After is a new caller.
    let again = usual.replace("attack1", "attack9");
    assert_eq!(status(&ask(&mut stage, trunk, &again)[0]), 100);
    let cancel = again.replace("INVITE sip", "CANCEL sip").replace("1 INVITE", "1 CANCEL");
    assert!(ask(&mut stage, trunk, &cancel).iter().any(|answer| status(answer) == 487));
    stage.run_for(secs(60));
    stage.finish();
}
