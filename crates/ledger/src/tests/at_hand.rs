//! Whom an agent consults, and whether the talk is recorded.

use core::time::Duration;

use turno_model::{
    AgentId, ConsultEnd, Consulted, ContactId, Fact, Passing, PassingChange, PausedBy, RecordedWhy,
    RecordingChange, RecordingId, RecordingOutcome,
};

use crate::at_hand::ConsultStage;
use crate::ledger::Ledger;
use crate::tests::{Room, TAXES, plan};

fn talking() -> Room {
    let mut room = Room::new("08:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room
}

#[test]
fn a_desk_knows_how_far_a_consultation_is_also_after_a_restart() {
    let mut room = talking();
    let whom = Consulted::Agent(AgentId(1));
    let mut passes = |change| {
        room.tell(&Fact::Passing(Passing { contact: ContactId(1), agent: AgentId(0), change }));
        let kept = Ledger::of_form(&plan(), &room.ledger.form()).expect("what was written a moment ago");
        kept.snapshot(room.now).agents[0].consult.as_ref().map(|now| now.stage)
    };
    assert_eq!(passes(PassingChange::Consults(whom.clone())), Some(ConsultStage::Ringing));
    assert_eq!(passes(PassingChange::ConsultBegan(whom.clone())), Some(ConsultStage::Private));
    assert_eq!(passes(PassingChange::Conferenced(whom.clone())), Some(ConsultStage::Three));
    assert_eq!(passes(PassingChange::ConsultEnded(whom, ConsultEnd::Back)), None);
}

#[test]
fn a_desk_knows_whether_the_talk_is_recorded() {
    let mut room = talking();
    let mut records = |change| {
        room.tell(&Fact::Recording { contact: ContactId(1), recording: RecordingId(4), change });
        room.ledger.snapshot(room.now).agents[0].recording.map(|now| now.is_paused)
    };
    let began = RecordingChange::Began {
        agent: AgentId(0),
        queue: TAXES,
        why: RecordedWhy::Queue,
        class: "talks".into(),
    };
    assert_eq!(records(began), Some(false));
    assert_eq!(records(RecordingChange::Paused(PausedBy::Keys)), Some(true));
    assert_eq!(records(RecordingChange::Resumed(PausedBy::Keys)), Some(false));
    let ended = RecordingChange::Ended {
        length: Duration::from_secs(9),
        missing: Duration::ZERO,
        outcome: RecordingOutcome::Kept("c0ffee".into()),
    };
    assert_eq!(records(ended), None);
}
