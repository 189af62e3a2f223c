//! Guessing passwords and names.

use core::net::SocketAddr;

use turno_model::{Command, Refusal, Table};
use turno_tests::stage::{Stage, answering, millis, secs};

use crate::letter::{Letter, ask, nonce_of, status, stranger, wrong_answer};

/// One password guess that follows the protocol: it asks for a challenge and answers it.
fn guess(stage: &mut Stage, user: &str, number: usize) -> Vec<String> {
    let letter = |number, extra| Letter { method: "REGISTER", to: user, from: user, number, extra }.text();
    let challenge = ask(stage, stranger(), &letter(number * 2, ""));
    let Some(challenge) = challenge.first() else { return Vec::new() };
    let answer = wrong_answer(user, nonce_of(challenge));
    ask(stage, stranger(), &letter(number * 2 + 1, &answer))
}

#[test]
fn ten_guesses_and_the_door_is_shut_for_longer_each_time() {
    // svcrack tries a hundred passwords a second.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    let mut answered = 0;
    for number in 0..30 {
        answered += guess(&mut stage, "a001", number).len();
        stage.run_for(secs(1));
    }
    assert_eq!(answered, 10, "after ten guesses nobody answers");
    let ban = stage.bans().remove(0);
    assert_eq!((ban.source.as_str(), ban.why.word(), ban.strikes), ("127.66.0.1", "passwords", 1));
    // The ban ends after its span; the next is twice as long.
    stage.run_for(secs(300));
    assert!(stage.bans().is_empty());
    for number in 100..130 {
        guess(&mut stage, "a001", number);
        stage.run_for(secs(1));
    }
    let ban = stage.bans().remove(0);
    assert_eq!((ban.until.since(ban.since), ban.strikes), (secs(600), 2));
    // A supervisor lifts the ban.
    let ip = stranger().ip();
    stage.command(Command::LiftBan(ip)).expect("it is banned");
    let again = stage.command(Command::LiftBan(ip)).expect_err("nobody is shut out any more");
    assert_eq!(again, Refusal::NotBanned { source: "127.66.0.1".into() });
    assert_eq!(again.to_string(), "127.66.0.1 is not banned");
    assert!(!guess(&mut stage, "a001", 500).is_empty());
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn an_agent_behind_the_same_router_goes_on_while_the_guesser_is_shut_out() {
    // One phone of an office has a wrong password; the others are registered over their own flows.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    let ana = stage.phone_at(
        "a001",
        "stage",
        (SocketAddr::new(stranger().ip(), 5062), SocketAddr::new(stranger().ip(), 40_000)),
        answering(secs(1)),
    );
    stage.registers(ana);
    for number in 0..20 {
        guess(&mut stage, "a002", number);
        stage.run_for(secs(1));
    }
    assert_eq!(stage.bans().len(), 1);
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(60));
    stage.finish();
}

#[test]
fn a_phone_that_is_shut_out_still_ends_its_talk() {
    // An agent leaves the plan during a talk, the phone fails at its old password until its address is banned.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let talk = stage.talks_to(caller, ana);
    stage.unregisters(ana);
    let ip = stage.address(ana).ip();
    stage.command(Command::Ban(ip, secs(3_600))).expect("it is banned");
    stage.hangs_up(talk);
    stage.until("the caller is told", secs(1), |stage| stage.is_over(caller));
    assert_eq!(stage.bans().remove(0).dropped, 0, "the goodbye was read");
    stage.finish();
}

#[test]
fn a_name_that_is_not_there_is_told_like_a_wrong_password() {
    // svwar finds extensions if known and unknown ones get different answers.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    let mut seen = Vec::new();
    for (number, name) in ["a001", "zz99", "carrier"].into_iter().enumerate() {
        for method in ["REGISTER", "INVITE", "OPTIONS"] {
            let number = number * 10 + method.len();
            let letter = Letter { method, to: name, from: name, number, extra: "" }.text();
            let answers = ask(&mut stage, stranger(), &letter);
            let last = answers.last().expect("it is challenged");
            let shape: String = last
                .lines()
                .filter(|line| !line.contains("attack") && !line.contains("nonce="))
                .filter(|line| !line.starts_with("To:") && !line.starts_with("From:"))
                .collect();
            seen.push((method, status(last), shape));
        }
    }
    for one in &seen {
        let same = seen.iter().find(|other| other.0 == one.0).expect("it is there itself");
        assert_eq!(one, same);
        assert_eq!(one.1, 401);
    }
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn whoever_is_shut_out_gets_no_new_beginning_from_a_restart_and_writes_no_more_than_the_ban() {
    // Wound: fail2ban's list is gone with a restart, and so is a switch's that an attacker can crash.
    let mut stage = Stage::with(|plan| plan.sip.requests_per_source_max = Some(50));
    stage.keeps_steps();
    for number in 0..200 {
        guess(&mut stage, "a001", number);
        stage.run_for(millis(100));
    }
    let before = stage.bans();
    assert_eq!((before.len(), before[0].strikes), (1, 1));
    let steps = stage.steps().iter();
    let lines: Vec<_> =
        steps.flat_map(|step| &step.kept).filter(|kept| kept.name.table == Table::Ban).collect();
    assert!(lines.len() == 1 && lines[0].form.len() < 100, "two hundred guesses are one line: {lines:?}");
    stage.crashes(millis(300));
    let after = stage.bans();
    assert_eq!((after[0].source.as_str(), after[0].until), ("127.66.0.1", before[0].until));
    assert_eq!(guess(&mut stage, "a001", 300).len(), 0, "nobody answers");
    stage.run_for(secs(300));
    assert!(stage.bans().is_empty(), "it ends when it was to end");
    stage.crashes(millis(300));
    for number in 400..430 {
        guess(&mut stage, "a001", number);
        stage.run_for(secs(1));
    }
    assert_eq!(stage.bans()[0].strikes, 2, "the next is longer, as if nothing had been");
    let source = stranger().ip();
    stage.command(Command::LiftBan(source)).expect("it is banned");
    stage.command(Command::Ban("192.0.2.9".parse().expect("an address"), secs(7_200))).expect("it is taken");
    stage.crashes(millis(300));
    let bans = stage.bans();
    assert_eq!((bans.len(), bans[0].source.as_str(), bans[0].why.word()), (1, "192.0.2.9", "operator"));
    stage.finish();
}
