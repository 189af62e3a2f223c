//! Stories and reasons as they are told, in both languages. `TURNO_BLESS=1` writes the golden files anew.

use compact_str::CompactString;
use smallvec::smallvec;
use turno_ground::{Moment, Pii};
use turno_model::{
    AgentId, AgentState as S, AuxReason, CallbackChange, CallbackFailure, CallerKnown, Candidate, Channel,
    ContactOutcome, EndedBy, Fact, MessageEnd, OfferOutcome, PassedOver, QueueState, RecordingId, Rule,
    StepDid, StepTaken, StepWhy, TransferKind, TurnedAway, Voicemail, VoicemailChange, VoicemailWhy,
    WaitTold,
};

use super::tape::{
    ANA, INES, LATER, LUIS, OTHER, OURS, REGISTRY, TAXES, Tape, each_language, golden, plan, secs,
};
use super::{KeptOffer, KeptRows, KeptTalk, KeptVisit, why, why_from_rows, why_idle, why_not};

#[test]
fn a_plain_call_is_told_from_its_arrival_to_its_end() {
    let mut tape = Tape::new();
    tape.calls(OURS, 1);
    let others = smallvec![(Candidate::Agent(LUIS), PassedOver::LessIdle)];
    tape.offers(OURS, ANA, (Rule::UcdMia, 0, 300), others);
    tape.talks(OURS, ANA, 2);
    tape.waits(60);
    tape.happens(Fact::Held { contact: OURS, agent: ANA });
    tape.waits(20);
    tape.happens(Fact::Resumed { contact: OURS, agent: ANA });
    tape.waits(40);
    tape.parts(OURS, ANA, (100, 20), EndedBy::Caller);
    golden("plain", &tape.told());
}

#[test]
fn an_offer_that_is_not_answered_and_the_next_agent_are_told_with_the_wait() {
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    let within = Some(secs(90));
    let told = WaitTold { contact: OURS, queue: REGISTRY, position: 2, waited: secs(0), within };
    tape.happens(Fact::WaitTold(told));
    tape.waits(10);
    tape.is(ANA, S::Acw);
    tape.waits(5);
    tape.is(ANA, S::Available);
    let behind = smallvec![(Candidate::Contact(OURS, REGISTRY), PassedOver::ShorterWait)];
    tape.offers(OTHER, ANA, (Rule::GreatestNeed, 45, 0), behind);
    tape.talks(OTHER, ANA, 47);
    tape.waits(10);
    tape.is(LUIS, S::Available);
    tape.offers(OURS, LUIS, (Rule::GreatestNeed, 27, 0), smallvec![]);
    tape.settles(OURS, LUIS, OfferOutcome::NoAnswer, 20);
    tape.is(LUIS, S::Aux(AuxReason::Rona));
    tape.waits(10);
    tape.is(ANA, S::Available);
    let behind = smallvec![(Candidate::Contact(LATER, REGISTRY), PassedOver::ShorterWait)];
    tape.offers(OURS, ANA, (Rule::GreatestNeed, 57, 0), behind);
    tape.talks(OURS, ANA, 59);
    tape.waits(60);
    tape.parts(OURS, ANA, (60, 0), EndedBy::Agent);
    golden("rona", &tape.told());
    let of = |agent| {
        each_language(|telling| {
            why_not((agent, OURS), None, &tape.facts, telling).map_or_else(String::new, |it| it.text(true))
        })
    };
    golden("rona_not_luis", &of(LUIS));
    golden("rona_not_ines", &of(INES));
    golden("rona_not_ana", &of(ANA));
}

#[test]
fn the_agent_of_last_time_is_waited_for_and_named() {
    let mut tape = Tape::busy();
    tape.arrives(OURS);
    tape.happens(Fact::CallerKnown(OURS, CallerKnown::ServedBy { agent: ANA }));
    tape.queues(OURS, REGISTRY, 0, 2);
    tape.happens(Fact::CallerKnown(OURS, CallerKnown::KeptFor { agent: ANA, span: secs(60) }));
    tape.waits(20);
    let reasons = each_language(|telling| {
        why_not((LUIS, OURS), Some(tape.now), &tape.facts, telling)
            .map_or_else(String::new, |it| it.text(true))
    });
    golden("last_agent_not_luis", &reasons);
    tape.is(ANA, S::Available);
    tape.happens(Fact::CallerKnown(OURS, CallerKnown::KeptNoMore { agent: ANA }));
    tape.offers(OURS, ANA, (Rule::LastAgent, 20, 0), smallvec![]);
    tape.talks(OURS, ANA, 22);
    tape.waits(30);
    tape.parts(OURS, ANA, (30, 0), EndedBy::Caller);
    golden("last_agent", &tape.told());
}

#[test]
fn a_step_that_lets_other_levels_take_a_call_is_told_with_its_reason() {
    let mut tape = Tape::busy();
    tape.is(INES, S::Available);
    tape.happens(Fact::QueueTurned { queue: TAXES, to: QueueState::Open });
    tape.calls(OURS, 2);
    tape.waits(45);
    let why = StepWhy::Waited { after: secs(45), waited: secs(45) };
    let step = |did| Fact::Stepped(StepTaken { contact: OURS, queue: REGISTRY, number: 1, why, did });
    tape.happens(step(StepDid::LevelMax(None)));
    tape.happens(step(StepDid::Raised(3)));
    tape.offers(OURS, INES, (Rule::EadMia, 45, 75), smallvec![(Candidate::Agent(ANA), PassedOver::Occupied)]);
    tape.talks(OURS, INES, 47);
    tape.waits(30);
    tape.parts(OURS, INES, (30, 0), EndedBy::Caller);
    golden("step", &tape.told());
}

#[test]
fn a_callback_that_is_dialled_ahead_is_told_with_its_dials() {
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    tape.waits(30);
    let callback = |change| Fact::Callback(OURS, change);
    let number = Pii(CompactString::const_new("0991234567"));
    tape.happens(callback(CallbackChange::Asked { number, after: secs(0) }));
    tape.waits(60);
    tape.happens(callback(CallbackChange::Dialled { attempt: 1 }));
    tape.waits(10);
    tape.happens(callback(CallbackChange::Failed(CallbackFailure::Busy)));
    tape.happens(callback(CallbackChange::PutOff { span: secs(120) }));
    tape.waits(120);
    tape.happens(callback(CallbackChange::Due));
    tape.happens(callback(CallbackChange::Dialled { attempt: 2 }));
    tape.waits(5);
    tape.happens(callback(CallbackChange::PickedUp));
    tape.happens(callback(CallbackChange::Due));
    tape.waits(5);
    tape.is(ANA, S::Available);
    tape.offers(OURS, ANA, (Rule::GreatestNeed, 230, 0), smallvec![]);
    tape.talks(OURS, ANA, 232);
    tape.happens(callback(CallbackChange::Reached));
    tape.waits(30);
    tape.parts(OURS, ANA, (30, 0), EndedBy::Caller);
    golden("callback", &tape.told());
}

#[test]
fn a_caller_who_leaves_a_message_is_told_where_it_waits() {
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    tape.waits(30);
    let did = |change| Fact::Voicemail(Voicemail { contact: OURS, queue: REGISTRY, change });
    tape.happens(did(VoicemailChange::Began(VoicemailWhy::Key)));
    tape.waits(20);
    let (length, voiced) = (secs(14), secs(12));
    tape.happens(did(VoicemailChange::Recorded { length, voiced, end: MessageEnd::Key }));
    tape.happens(did(VoicemailChange::Kept { message: LATER }));
    tape.ends(OURS, ContactOutcome::Outflowed, EndedBy::System, 50);
    let recording = RecordingId(1);
    let left = VoicemailChange::Left { caller: OURS, recording, length };
    let channel = Channel::Voicemail;
    let from = Pii(CompactString::const_new("0991234567"));
    tape.happens(Fact::ContactArrived {
        contact: LATER,
        channel,
        from,
        dialled: "1800510510".into(),
        trunk: None,
    });
    tape.happens(Fact::Voicemail(Voicemail { contact: LATER, queue: REGISTRY, change: left }));
    tape.queues(LATER, REGISTRY, 0, 2);
    golden("voicemail", &tape.told());
    let message = each_language(|telling| {
        why(LATER, &tape.facts, telling).map_or_else(String::new, |why| why.text(true))
    });
    golden("message", &message);
}

#[test]
fn a_caller_outside_the_hours_or_without_patience_is_told_so() {
    let mut tape = Tape::new();
    tape.arrives(OURS);
    tape.waits(12);
    tape.happens(Fact::TurnedAway { contact: OURS, reason: TurnedAway::Closed });
    golden("closed", &tape.told());
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    let within = Some(secs(90));
    let told = WaitTold { contact: OURS, queue: REGISTRY, position: 2, waited: secs(0), within };
    tape.happens(Fact::WaitTold(told));
    tape.waits(40);
    tape.is(LUIS, S::LoggedOut);
    tape.waits(60);
    tape.ends(OURS, ContactOutcome::Abandoned, EndedBy::Caller, 100);
    golden("abandoned", &tape.told());
    golden(
        "abandoned_not_luis",
        &each_language(|telling| {
            why_not((LUIS, OURS), None, &tape.facts, telling).map_or_else(String::new, |it| it.text(true))
        }),
    );
}

#[test]
fn a_transfer_is_told_with_the_queue_to_which_it_went() {
    let mut tape = Tape::new();
    tape.calls(OURS, 1);
    tape.offers(OURS, ANA, (Rule::UcdMia, 0, 300), smallvec![]);
    tape.talks(OURS, ANA, 2);
    tape.waits(60);
    let to = CompactString::new(&plan().queues[1].name);
    tape.happens(Fact::Transferred { contact: OURS, agent: ANA, kind: TransferKind::Blind, to });
    let (talked, held) = (secs(60), secs(0));
    tape.happens(Fact::Disconnected { contact: OURS, agent: ANA, queue: REGISTRY, talked, held });
    tape.is(ANA, S::Acw);
    tape.is(LUIS, S::OtherCall);
    tape.queues(OURS, TAXES, 2, 1);
    tape.waits(8);
    tape.is(LUIS, S::Available);
    tape.offers(OURS, LUIS, (Rule::Pulled, 8, 0), smallvec![]);
    tape.talks(OURS, LUIS, 10);
    tape.waits(30);
    tape.parts(OURS, LUIS, (30, 0), EndedBy::Caller);
    golden("transfer", &tape.told());
}

#[test]
fn each_reason_against_an_agent_is_told_in_plain_words() {
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    let mut told = String::new();
    let tell = |tape: &Tape, agent: AgentId, what: &str| {
        let reasons = each_language(|telling| {
            let answer = why_not((agent, OURS), Some(tape.now), &tape.facts, telling);
            answer.map_or_else(String::new, |answer| answer.text(true))
        });
        format!("{what}\n{reasons}\n")
    };
    let states = [
        (S::LoggedOut, "logged out"),
        (S::Aux(AuxReason::Planned(0)), "AUX"),
        (S::Aux(AuxReason::Rona), "cool-down"),
        (S::Aux(AuxReason::Unreachable), "phone lost"),
        (S::Aux(AuxReason::Incompatible), "phone can't take calls"),
        (S::Aux(AuxReason::LoggedIn), "not ready yet"),
        (S::Ringing, "ringing"),
        (S::Talking, "talking"),
        (S::Holding, "holding"),
        (S::Acw, "after-call work"),
        (S::OtherCall, "own call"),
        (S::Available, "nothing known"),
    ];
    for (state, what) in states {
        tape.is(LUIS, state);
        tape.waits(1);
        tape.happens(Fact::MenuChosen { contact: OURS, digit: None });
        told += &tell(&tape, LUIS, what);
    }
    tape.happens(Fact::QueueTurned { queue: REGISTRY, to: QueueState::Paused });
    told += &tell(&tape, LUIS, "paused");
    tape.happens(Fact::QueueTurned { queue: REGISTRY, to: QueueState::Open });
    tape.happens(Fact::CallerKnown(OURS, CallerKnown::PulledTo { agent: ANA, span: secs(600) }));
    told += &tell(&tape, LUIS, "given to another");
    tape.happens(Fact::CallerKnown(OURS, CallerKnown::PulledNoMore { agent: ANA }));
    tape.happens(Fact::Callback(OURS, CallbackChange::PutOff { span: secs(600) }));
    told += &tell(&tape, LUIS, "put off");
    tape.happens(Fact::Callback(OURS, CallbackChange::Due));
    tape.queues(OURS, TAXES, 0, 1);
    told += &tell(&tape, INES, "without the skill");
    golden("reasons", &told);
}

#[test]
fn an_agent_who_gets_nothing_is_told_why_without_a_contact() {
    let mut tape = Tape::busy();
    tape.calls(OURS, 2);
    tape.queues(LATER, TAXES, 0, 1);
    tape.waits(5);
    tape.is(INES, S::Available);
    let at = tape.now;
    let told = [ANA, LUIS, INES].map(|agent| {
        each_language(|telling| why_idle(agent, at + secs(10), &tape.facts, telling).text(true))
    });
    golden("idle", &told.join("\n"));
}

#[test]
fn what_only_rows_know_is_told_with_what_is_gone() {
    let begun = Moment::from_secs(1_795_446_200);
    let agents = plan().agents;
    let rows = KeptRows {
        contact: 100,
        arrived: begun,
        dialled: "1800510510".to_owned(),
        trunk: Some("local".to_owned()),
        visits: vec![KeptVisit {
            queue: plan().queues[0].name.clone(),
            position: 3,
            entered: begun + secs(8),
            told: Some(secs(90)),
            told_kept: Some(true),
        }],
        offers: vec![
            KeptOffer {
                agent: agents[1].name.clone(),
                offered: begun + secs(40),
                rule: "greatest_need".to_owned(),
                waited: secs(32),
                idle: secs(0),
                outcome: Some("no_answer".to_owned()),
                rang: secs(15),
            },
            KeptOffer {
                agent: agents[0].name.clone(),
                offered: begun + secs(60),
                rule: "ead_mia".to_owned(),
                waited: secs(52),
                idle: secs(3),
                outcome: Some("accepted".to_owned()),
                rang: secs(2),
            },
        ],
        talks: vec![KeptTalk {
            agent: agents[0].name.clone(),
            began: begun + secs(62),
            talked: secs(100),
            held: secs(5),
        }],
        ended: Some(begun + secs(167)),
        outcome: Some("answered".to_owned()),
        turned_away: None,
        ended_by: Some("caller".to_owned()),
    };
    golden("rows", &each_language(|telling| why_from_rows(&rows, telling).text(true)));
}
