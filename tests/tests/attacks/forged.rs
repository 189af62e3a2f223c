//! Attackers with forged source addresses who try to get somebody else banned.

use core::net::SocketAddr;

use turno_model::{AgentState, Fact};
use turno_tests::stage::{Stage, answering, millis, secs};

use crate::letter::{Letter, ask, nonce_of, stranger, wrong_answer};

/// One request for each offence that would get its sender banned, if the source address were proven.
fn offences(number: usize, nonce: &str) -> [String; 4] {
    let bad = wrong_answer("a001", nonce);
    let letter = |method, extra| Letter { method, to: "a001", from: "a001", number, extra }.text();
    [
        letter("REGISTER", &bad),
        letter("OPTIONS", "User-Agent: friendly-scanner\r\n"),
        letter("INVITE", &bad),
        "INVITE sip:a001@turno SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nBad Header\r\n\r\n".to_owned(),
    ]
}

#[test]
fn a_registered_agent_is_not_shut_out_by_whoever_forges_its_address() {
    // If forged UDP could cause a ban, an attacker could ban others: a known weakness of fail2ban.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    // The answers repeat headers of the hostile requests, which rsip cannot parse.
    stage.is_strict = false;
    let ana = stage.agent("a001", answering(secs(1)));
    let its_own = stage.address_of(ana);
    let beside = SocketAddr::new(its_own.ip(), 40_000);
    // The forger gets a challenge at its own address and uses it in the agent's name.
    let scan = Letter { method: "REGISTER", to: "a001", from: "a001", number: 1_000_000, extra: "" }.text();
    let challenge = ask(&mut stage, stranger(), &scan).remove(0);
    let nonce = nonce_of(&challenge).to_owned();
    for number in 0..2_000 {
        for text in offences(number, &nonce) {
            stage.throw_in(beside, text.as_bytes());
            stage.throw_in(its_own, text.as_bytes());
        }
        stage.run_for(millis(5));
    }
    assert!(stage.bans().is_empty(), "{:?}", stage.bans());
    stage.forgets_confusions();
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. } | Fact::LegOpened { .. })), 0);
    // The agent is not affected: the phone registers again, gets a call and talks.
    stage.registers(ana);
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_trunk_is_not_shut_out_by_whoever_forges_its_address() {
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    // The answers repeat headers of the hostile requests, which rsip cannot parse.
    stage.is_strict = false;
    let ana = stage.agent("a001", answering(secs(1)));
    let trunk = SocketAddr::from(([127, 20, 0, 1], 5060));
    for number in 0..500 {
        for text in offences(number, "made up") {
            stage.throw_in(trunk, text.as_bytes());
        }
        stage.run_for(millis(5));
    }
    assert!(stage.bans().is_empty(), "{:?}", stage.bans());
    stage.run_for(secs(200));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_phone_that_comes_later_is_not_shut_out_beforehand() {
    // The forger uses a teleworker's address before the teleworker's phone registers.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    // The answers repeat headers of the hostile requests, which rsip cannot parse.
    stage.is_strict = false;
    let home = SocketAddr::from(([127, 77, 0, 9], 5060));
    for number in 0..2_000 {
        for text in offences(number, "made up") {
            stage.throw_in(home, text.as_bytes());
        }
        stage.run_for(millis(5));
    }
    assert!(stage.bans().is_empty());
    stage.run_for(secs(2));
    stage.agent("a001", answering(secs(1)));
    stage.finish();
}

#[test]
fn a_forged_call_in_an_agents_name_is_challenged_and_does_nothing() {
    // A feature code is a call. Without a challenge, an attacker who knows a phone's address could log its agent out,
    // or call numbers at the city's cost.
    let mut stage = Stage::new();
    stage.is_strict = false;
    let ana = stage.agent("a001", answering(secs(1)));
    let its_own = stage.address_of(ana);
    for (number, dialled) in ["*12", "*141", "0991234567", "a002", "7000"].into_iter().enumerate() {
        let forged = Letter { method: "INVITE", to: dialled, from: "a001", number, extra: "" }.text();
        stage.throw_in(its_own, forged.as_bytes());
        stage.run_for(secs(1));
    }
    stage.forgets_confusions();
    assert_eq!(stage.state("a001"), AgentState::Available);
    assert_eq!(stage.take_letters(), 0, "nobody was rung");
    // The real agent answers the challenge, and the code works.
    let logs_out = stage.dials(ana, "*12");
    stage.until("the agent is logged out", secs(2), |stage| stage.state("a001") == AgentState::LoggedOut);
    stage.hangs_up(logs_out);
    stage.run_for(secs(70));
    stage.finish();
}
