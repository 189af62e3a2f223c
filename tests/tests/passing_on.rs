//! Transfers: every party ends in the right state, nobody stays occupied, nothing rings on.

use turno_model::{AgentState, ContactOutcome, Fact};
use turno_tests::stage::{Stage, answering, ringing, secs};

#[test]
fn a_colleague_who_passes_a_call_on_leaves_both_others_free_afterwards() {
    // An agent stuck in-call until the database is edited (FreeSWITCH 2540, OpenSIPS 3123).
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let luis = stage.agent("a002", answering(secs(1)));
    let eva = stage.agent("a003", answering(secs(1)));
    let at_ana = stage.dials(ana, "a002");
    let at_luis = stage.talks_to(at_ana, luis);
    stage.passes_on(at_luis, "a003");
    stage.talks_to(at_ana, eva);
    stage.until("who passed it on is free", secs(5), |stage| stage.state("a002") == AgentState::Available);
    assert_eq!(stage.state("a001"), AgentState::OtherCall);
    assert_eq!(stage.state("a003"), AgentState::OtherCall);
    stage.hangs_up(at_ana);
    stage.until("all are free", secs(5), |stage| {
        ["a001", "a002", "a003"].iter().all(|one| stage.state(one) == AgentState::Available)
    });
    stage.finish();
}

#[test]
fn a_colleague_may_hang_up_before_the_next_one_answers() {
    // RFC 5589, 6.1: the transferor may leave at once.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let luis = stage.agent("a002", answering(secs(1)));
    let eva = stage.agent("a003", answering(secs(8)));
    let at_ana = stage.dials(ana, "a002");
    let at_luis = stage.talks_to(at_ana, luis);
    stage.passes_on(at_luis, "a003");
    stage.rings_at(eva);
    stage.hangs_up(at_luis);
    stage.talks_to(at_ana, eva);
    stage.hangs_up(at_ana);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn who_dialled_can_pass_the_other_on_too() {
    // RFC 3515: either end of a dialog may send REFER.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let luis = stage.agent("a002", answering(secs(1)));
    let eva = stage.agent("a003", answering(secs(1)));
    let at_ana = stage.dials(ana, "a002");
    let at_luis = stage.talks_to(at_ana, luis);
    stage.passes_on(at_ana, "a003");
    let at_eva = stage.rings_at(eva);
    stage.until("luis talks to eva", secs(10), |stage| stage.hear_each_other(at_luis, at_eva));
    stage.until("ana is free", secs(5), |stage| stage.state("a001") == AgentState::Available);
    stage.hangs_up(at_eva);
    stage.until("all are free", secs(5), |stage| stage.state("a002") == AgentState::Available);
    stage.finish();
}

#[test]
fn two_calls_that_an_agent_made_can_be_joined() {
    // RFC 5589, 7: attended transfer.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let luis = stage.agent("a002", answering(secs(1)));
    let eva = stage.agent("a003", answering(secs(1)));
    let to_luis = stage.dials(ana, "a002");
    let at_luis = stage.talks_to(to_luis, luis);
    stage.holds(to_luis);
    stage.run_for(secs(2));
    let to_eva = stage.dials(ana, "a003");
    let at_eva = stage.talks_to(to_eva, eva);
    stage.joins(to_luis, to_eva);
    stage.until("luis talks to eva", secs(10), |stage| stage.hear_each_other(at_luis, at_eva));
    stage.until("ana is free", secs(5), |stage| stage.state("a001") == AgentState::Available);
    stage.hangs_up(at_luis);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn an_agent_with_two_calls_of_their_own_is_occupied_until_the_second_ends() {
    // Agents who call each other are occupied meanwhile and get no offer.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let luis = stage.agent("a002", answering(secs(1)));
    let eva = stage.agent("a003", answering(secs(1)));
    let to_luis = stage.dials(ana, "a002");
    stage.talks_to(to_luis, luis);
    let to_eva = stage.dials(ana, "a003");
    stage.talks_to(to_eva, eva);
    stage.hangs_up(to_eva);
    stage.until("eva is free", secs(5), |stage| stage.state("a003") == AgentState::Available);
    assert_eq!(stage.state("a001"), AgentState::OtherCall);
    stage.hangs_up(to_luis);
    stage.until("ana is free", secs(5), |stage| stage.state("a001") == AgentState::Available);
    stage.finish();
}

#[test]
fn an_agent_whose_caller_leaves_during_a_consultation_gets_no_offer() {
    // An agent on an own call is occupied, also when after-call work has ended.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let luis = stage.agent("a002", answering(secs(1)));
    stage.holds(at_ana);
    stage.run_for(secs(1));
    let consult = stage.dials(ana, "a002");
    stage.talks_to(consult, luis);
    stage.hangs_up(caller);
    stage.run_for(secs(30));
    assert_eq!(stage.state("a001"), AgentState::OtherCall);
    stage.hangs_up(consult);
    stage.run_for(secs(30));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn a_caller_is_handed_over_while_the_recall_rings_and_nothing_rings_on() {
    // Caller forgotten on hold (FreeSWITCH 1140).
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let luis = stage.agent("a002", answering(secs(1)));
    stage.behaves(ana, ringing());
    stage.holds(at_ana);
    stage.run_for(secs(1));
    let consult = stage.dials(ana, "a002");
    let at_luis = stage.talks_to(consult, luis);
    stage.until("the recall rings", secs(130), |stage| stage.times_rung(ana) == 2);
    let recall = stage.rings_at(ana);
    stage.joins(at_ana, consult);
    stage.until("caller and luis talk", secs(10), |stage| stage.hear_each_other(caller, at_luis));
    stage.until("the recall is taken back", secs(5), |stage| stage.is_over(recall));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn an_agent_who_misses_the_recall_is_recalled_again() {
    // Caller forgotten on hold (FreeSWITCH 1140).
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.behaves(ana, turno_tests::stage::refusing(486));
    stage.holds(at_ana);
    stage.run_for(secs(121));
    assert_eq!(stage.times_rung(ana), 2);
    stage.run_for(secs(31));
    assert_eq!(stage.times_rung(ana), 3);
    stage.resumes(at_ana);
    stage.run_for(secs(40));
    assert_eq!(stage.times_rung(ana), 3);
    assert!(stage.hear_each_other(caller, at_ana));
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn the_longest_hold_does_not_cut_a_transfer_under_way() {
    // A phone holds the call before it sends REFER; the target may still ring when the hold reaches its limit.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let luis = stage.agent("a002", answering(secs(30)));
    stage.holds(at_ana);
    stage.run_for(secs(110));
    stage.passes_on(at_ana, "a002");
    stage.talks_to(caller, luis);
    stage.run_for(secs(2));
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Transferred { .. })), 1);
}

#[test]
fn a_transfer_goes_on_when_the_agent_takes_the_caller_back_or_is_lost() {
    // RFC 5589, 6.1.
    for is_lost in [false, true] {
        let mut stage = Stage::new();
        let ana = stage.agent("a001", answering(secs(1)));
        let caller = stage.call("7000", "0991234567");
        let at_ana = stage.talks_to(caller, ana);
        let luis = stage.agent("a002", answering(secs(10)));
        stage.holds(at_ana);
        stage.run_for(secs(1));
        stage.passes_on(at_ana, "a002");
        stage.rings_at(luis);
        if is_lost {
            stage.falls_silent(at_ana);
        } else {
            stage.resumes(at_ana);
        }
        stage.talks_to(caller, luis);
        stage.hangs_up(caller);
        stage.run_for(secs(2));
        stage.finish();
        assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    }
}

#[test]
fn a_second_transfer_waits_for_the_first() {
    // RFC 3515, 2.4.4.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let luis = stage.agent("a002", answering(secs(10)));
    stage.agent("a003", ringing());
    stage.passes_on(at_ana, "a002");
    stage.rings_at(luis);
    stage.passes_on(at_ana, "a003");
    stage.talks_to(caller, luis);
    stage.hangs_up(caller);
    stage.until("all are free", secs(60), |stage| {
        ["a001", "a002", "a003"].iter().all(|one| stage.state(one) == AgentState::Available)
    });
    stage.finish();
}

#[test]
fn an_agent_who_tries_out_the_line_is_not_offered_their_own_call() {
    // An agent on an own call is occupied.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let own = stage.dials(ana, "7000");
    stage.run_for(secs(5));
    assert_eq!((stage.times_rung(ana), stage.state("a001")), (0, AgentState::OtherCall));
    stage.hangs_up(own);
    stage.until("ana is free", secs(5), |stage| stage.state("a001") == AgentState::Available);
    stage.finish();
}
