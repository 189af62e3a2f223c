//! Calls outside any queue: to a colleague, and to outside numbers.

use core::net::SocketAddr;

use turno_model::{AgentState, Command, Fact, TrunkId};
use turno_tests::stage::{Desk, Stage, answering, refusing, ringing, secs};

fn outside(stage: &mut Stage, ip: &str) -> Desk {
    let address = |port: u16| format!("{ip}:{port}").parse::<SocketAddr>().expect("an address");
    stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(2)))
}

#[test]
fn a_call_to_a_colleague_occupies_both() {
    // Wound: an agent on an own call is rung by the queue.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let berta = stage.agent("a002", answering(secs(1)));
    let line = stage.dials(ana, "a002");
    stage.until("they talk", secs(3), |stage| {
        stage.last_incoming(berta).is_some_and(|other| stage.hear_each_other(line, other))
    });
    assert_eq!((stage.state("a001"), stage.state("a002")), (AgentState::OtherCall, AgentState::OtherCall));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(5));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Offered { .. })), 0);
    stage.hangs_up(line);
    stage.until("the queue is served", secs(20), |stage| {
        stage.count(|fact| matches!(fact, Fact::Offered { .. })) > 0
    });
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn a_busy_colleague_is_busy_and_an_absent_one_is_absent() {
    // RFC 3261, 21.4.18 and 21.4.24.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    let berta = stage.agent("a002", ringing());
    let busy = stage.dials(berta, "a001");
    let absent = stage.dials(berta, "a003");
    stage.run_for(secs(1));
    assert_eq!((stage.refusal(busy), stage.refusal(absent)), (Some(486), Some(480)));
    assert_eq!(stage.state("a002"), AgentState::Available);
    stage.finish();
}

#[test]
fn a_listed_number_is_reached_by_the_trunk_and_another_is_refused() {
    // Toll fraud: only numbers that the plan lists can be dialled.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let citizen = outside(&mut stage, "127.40.0.1");
    let line = stage.dials(ana, "0987654321");
    stage.until("they talk", secs(5), |stage| {
        stage.last_incoming(citizen).is_some_and(|other| stage.hear_each_other(line, other))
    });
    assert_eq!(stage.state("a001"), AgentState::OtherCall);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Available);
    let dear = stage.dials(ana, "0019001234567");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(dear), Some(403));
    stage.finish();
}

#[test]
fn a_trunk_whose_first_address_is_dead_is_reached_by_its_second() {
    // RFC 3263, 4.3.
    let mut stage = Stage::new();
    let addresses = ["127.40.0.9:5060", "127.40.0.2:5060"].map(|text| text.parse().expect("an address"));
    stage.command(Command::TrunkResolved(TrunkId(0), addresses.to_vec())).expect("it is taken");
    let ana = stage.agent("a001", ringing());
    let citizen = outside(&mut stage, "127.40.0.2");
    let line = stage.dials(ana, "0987654321");
    stage.until("they talk", secs(60), |stage| {
        stage.last_incoming(citizen).is_some_and(|other| stage.hear_each_other(line, other))
    });
    stage.finish();
}

#[test]
fn what_the_outside_says_is_told_to_the_agent() {
    // RFC 3261, 16.7: the refusal is passed on.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let citizen = outside(&mut stage, "127.40.0.1");
    stage.behaves(citizen, refusing(486));
    let line = stage.dials(ana, "0987654321");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(line), Some(486));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn an_agent_who_gives_up_before_the_answer_is_free_again() {
    // Wound: agent stuck in-call.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let berta = stage.agent("a002", ringing());
    let line = stage.dials(ana, "a002");
    let at_berta = stage.rings_at(berta);
    stage.run_for(secs(2));
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert!(stage.is_over(at_berta));
    assert_eq!((stage.state("a001"), stage.state("a002")), (AgentState::Available, AgentState::Available));
    stage.finish();
}
