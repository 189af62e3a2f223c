//! Phones that can't take the offered call: who is penalised, and how they get calls again.

use turno_model::agent_state::AuxReason;
use turno_model::encryption::{SrtpPlan, SrtpWish};
use turno_model::{AgentState, Fact, OfferOutcome, Party};
use turno_phone::Behaviour;
use turno_tests::stage::{Stage, answering, refusing, ringing, secs};

const UNFIT: AgentState = AgentState::Aux(AuxReason::Incompatible);

fn savp_alone() -> Behaviour {
    Behaviour { savp_alone: true, ..answering(secs(1)) }
}

/// A plan whose phones may use SRTP without TLS.
fn encrypted() -> Stage {
    Stage::with(|plan| {
        for seat in &mut plan.seats {
            seat.srtp = SrtpPlan { wish: SrtpWish::Offered, without_tls: true };
        }
    })
}

/// Number of INVITEs to agents' phones.
fn rung(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::LegOpened { party: Party::Agent(_), .. }))
}

fn alarms(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::Alarm { .. }))
}

#[test]
fn a_phone_that_insists_on_encryption_is_rung_again_at_once_and_remembered() {
    // RFC 4568; the softphone profile with mandatory SRTP. Wound: 488 to every offer, and the agent booked as refusing.
    let mut stage = encrypted();
    let ana = stage.agent_with_keys("a001", savp_alone());
    stage.run_for(secs(2));
    let first = stage.call("7000", "0991111111");
    stage.talks_to(first, ana);
    assert_eq!(rung(&stage), 2, "the first offer was RTP/AVP with keys");
    stage.hangs_up(first);
    stage.until("ready again", secs(20), |stage| stage.state("a001") == AgentState::Available);
    let second = stage.call("7000", "0992222222");
    stage.talks_to(second, ana);
    assert_eq!(rung(&stage), 3, "the second call begins with what it takes");
    assert_eq!(stage.settled(OfferOutcome::Accepted), 2);
    assert_eq!(
        (stage.settled(OfferOutcome::Refused), stage.settled(OfferOutcome::Incompatible), alarms(&stage)),
        (0, 0, 0)
    );
    stage.finish();
}

#[test]
fn a_phone_that_can_take_nothing_is_no_refusal_of_its_agent() {
    // RFC 3261, 21.4.26: these statuses come from the phone, not from the agent. The caller keeps the place in line,
    // and the next agent gets the call.
    for status in [415, 420, 488, 606] {
        let mut stage = Stage::new();
        let ana = stage.agent("a001", refusing(status));
        stage.run_for(secs(1));
        let caller = stage.call("7000", "0991111111");
        stage.until("the phone is known as unfit", secs(5), |stage| stage.state("a001") == UNFIT);
        assert_eq!((stage.settled(OfferOutcome::Incompatible), stage.settled(OfferOutcome::Refused)), (1, 0));
        assert_eq!((stage.times_rung(ana), alarms(&stage)), (1, 1), "{status}: told once, and rung no more");
        let berta = stage.agent("a002", answering(secs(1)));
        stage.talks_to(caller, berta);
        stage.run_for(secs(60));
        assert_eq!(stage.state("a001"), UNFIT, "time alone mends no phone");
        stage.behaves(ana, answering(secs(1)));
        stage.unregisters(ana);
        stage.run_for(secs(1));
        stage.registers(ana);
        stage.until("it starts anew", secs(5), |stage| stage.state("a001") == AgentState::Available);
        stage.finish();
    }
}

#[test]
fn a_persons_no_is_one_in_every_form() {
    for status in [480, 486, 600, 603] {
        let mut stage = Stage::new();
        stage.agent("a001", refusing(status));
        stage.run_for(secs(1));
        let caller = stage.call("7000", "0991111111");
        stage.until("she rests", secs(5), |stage| stage.state("a001") == AgentState::Aux(AuxReason::Rona));
        assert_eq!((stage.settled(OfferOutcome::Refused), alarms(&stage)), (1, 0), "{status}");
        stage.hangs_up(caller);
        stage.run_for(secs(2));
        stage.finish();
    }
}

#[test]
fn one_of_two_phones_that_can_take_calls_is_enough() {
    let mut stage = Stage::new();
    let unfit = stage.agent("a001", refusing(488));
    let fit = stage.agent("a001", answering(secs(2)));
    stage.run_for(secs(2));
    let caller = stage.call("7000", "0991111111");
    stage.talks_to(caller, fit);
    assert_eq!((stage.times_rung(unfit), alarms(&stage)), (1, 0));
    stage.finish();
}

#[test]
fn an_agent_is_freed_at_once_from_a_caller_whose_ack_brings_no_answer() {
    // RFC 3261, 13.2.2.4. Wound: the agent talked to nobody, for ever.
    let mut stage = Stage::new();
    stage.agent("a001", answering(secs(1)));
    stage.run_for(secs(1));
    let desk = stage.caller("0991111111");
    stage.behaves(desk, Behaviour { answers_no_late_offer: true, ..ringing() });
    let caller = stage.dials_without_offer(desk, "7000");
    stage.until("BYE comes", secs(3), |stage| stage.is_over(caller));
    stage.until("ready again", secs(12), |stage| stage.state("a001") == AgentState::Available);
    stage.finish();
}
