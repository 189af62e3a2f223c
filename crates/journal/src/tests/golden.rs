//! Tests that existing journals stay readable, with a golden file that has one record of each kind.

mod of_callers;
mod of_passing;
mod of_phones;
mod of_voicemail;

use core::time::Duration;
use std::fmt::Write as _;

use bytes::Bytes;
use smallvec::smallvec;
use turno_ground::{Moment, Pii};
use turno_model::command::verb::Verb;
use turno_model::{
    AgentCall, AgentCallOutcome, AgentId, AgentState, Asker, AuxReason, BreakChange, BreakStep, Candidate,
    Channel, Channels, Commanded, ContactId, ContactOutcome, Decision, EndedBy, Fact, Handled,
    HandlingChange, MediaReport, Observing, OfferId, OfferOutcome, Party, PassedOver, PausedBy, PinEntered,
    PinOutcome, Position, QueueId, QueueState, RecordedWhy, RecordingChange, RecordingId, RecordingLoss,
    RecordingOutcome, Row, RowKey, Rule, SeatId, Step, StepDid, StepTaken, StepWhy, Table, TransferKind,
    TrunkId, TurnedAway, WaitTold,
};

use super::{NUMBER, steps};
use crate::fault::Fault;
use crate::form::{Content, FORM, HEADER_BYTES};
use crate::reader::read;
use crate::writer::Writer;
use of_callers::{
    callback_facts, caller_facts, card_facts, dialled_ahead_facts, direct_facts, emergency_facts, kept_facts,
    listed_facts, menu_facts, pulled_facts, skill_facts, speech_facts, survey_facts,
};
use of_passing::passing_facts;
use of_phones::phone_facts;
use of_voicemail::voicemail_facts;

const CONTACT: ContactId = ContactId(1_795_617_175_477_570);
const AGENT: AgentId = AgentId(3);
const QUEUE: QueueId = QueueId(2);

fn arrival_facts() -> Vec<Fact> {
    vec![
        Fact::Started,
        Fact::ContactArrived {
            contact: CONTACT,
            channel: Channel::Voice,
            from: Pii("+593991234567".into()),
            dialled: "1800510510".into(),
            trunk: Some(TrunkId(0)),
        },
        Fact::LegOpened {
            contact: CONTACT,
            party: Party::Agent(AGENT),
            call_id: "a84b4c76e66710@pc33".into(),
        },
        Fact::MenuChosen { contact: CONTACT, digit: Some('3') },
        Fact::MenuChosen { contact: CONTACT, digit: None },
        Fact::TurnedAway { contact: CONTACT, reason: TurnedAway::Holiday },
        Fact::Queued { contact: CONTACT, queue: QUEUE, priority: 1, position: 12 },
        Fact::Offered {
            offer: OfferId(9),
            contact: CONTACT,
            agent: AGENT,
            queue: QUEUE,
            delay: Duration::from_micros(41),
            decision: Box::new(Decision {
                contact: CONTACT,
                queue: QUEUE,
                winner: AGENT,
                rule: Rule::EadMia,
                waited: Duration::from_millis(12_500),
                idle: Duration::from_secs(70),
                passed_over: smallvec![
                    (Candidate::Agent(AgentId(5)), PassedOver::LessIdle),
                    (Candidate::Contact(ContactId(8), QueueId(0)), PassedOver::ShorterWait),
                ],
                others: 4,
            }),
        },
    ]
}

fn handling_facts() -> Vec<Fact> {
    let (contact, agent, queue) = (CONTACT, AGENT, QUEUE);
    vec![
        Fact::OfferSettled {
            offer: OfferId(9),
            contact,
            agent,
            queue,
            outcome: OfferOutcome::Accepted,
            rang: Duration::from_millis(2_900),
        },
        Fact::Connected { contact, agent, queue, waited: Duration::from_secs(15) },
        Fact::Held { contact, agent },
        Fact::Resumed { contact, agent },
        Fact::HoldRecalled { contact, agent },
        Fact::TargetWarned { contact, agent },
        Fact::TargetBreached { contact, agent },
        Fact::Transferred { contact, agent, kind: TransferKind::Attended, to: "1007".into() },
        Fact::Disconnected {
            contact,
            agent,
            queue,
            talked: Duration::from_micros(181_000_001),
            held: Duration::ZERO,
        },
        Fact::ContactEnded {
            contact,
            queue,
            outcome: ContactOutcome::Answered,
            by: EndedBy::Caller,
            waited: Duration::from_secs(15),
        },
        Fact::AgentChanged { agent, from: AgentState::Acw, to: AgentState::Aux(AuxReason::Planned(1)) },
        Fact::AgentAsked { agent, aux: Some(AuxReason::Rona) },
        Fact::WrapUp { contact, agent, code: "LUAE-2".into() },
        Fact::Registered { agent, contacts: 2 },
        Fact::TrunkChanged { trunk: TrunkId(0), up: false },
        Fact::MediaReported(MediaReport {
            contact: Some(contact),
            of_caller: true,
            received: 9_050,
            lost: 3,
            jitter: Duration::from_micros(1_250),
        }),
        Fact::Alarm { text: "the carrier does not answer".into() },
    ]
}

fn recording_facts() -> Vec<Fact> {
    let recording = RecordingId(1_795_617_175_477_571);
    let began =
        |why| RecordingChange::Began { agent: AGENT, queue: QueueId(1), why, class: "standard".into() };
    let ended = |outcome| RecordingChange::Ended {
        length: Duration::from_secs(187),
        missing: Duration::from_millis(700),
        outcome,
    };
    let lost = |loss| ended(RecordingOutcome::Lost(loss));
    let changes = [
        began(RecordedWhy::Queue),
        began(RecordedWhy::Chance),
        began(RecordedWhy::Agent),
        began(RecordedWhy::Demand(Asker::Control)),
        RecordingChange::Paused(PausedBy::Keys),
        RecordingChange::Resumed(PausedBy::Asked(Asker::Phone(AGENT))),
        ended(RecordingOutcome::Kept("5a".repeat(32).into())),
        lost(RecordingLoss::DiskFull),
        lost(RecordingLoss::Disk),
        lost(RecordingLoss::NoAnswer),
        lost(RecordingLoss::NoRecorder),
        lost(RecordingLoss::Encoder),
        RecordingChange::Purged,
    ];
    changes.map(|change| Fact::Recording { contact: CONTACT, recording, change }).to_vec()
}

const fn handled(change: HandlingChange) -> Fact {
    Fact::Handling(Handled { contact: CONTACT, agent: AGENT, change })
}

/// What callers are told, and what supervisors do.
fn supervising_facts() -> Vec<Fact> {
    vec![
        Fact::WaitTold(WaitTold {
            contact: CONTACT,
            queue: QUEUE,
            position: 3,
            waited: Duration::from_secs(45),
            within: Some(Duration::from_secs(240)),
        }),
        Fact::TakenOver { contact: CONTACT, from: AGENT, to: AgentId(5), queue: QUEUE },
        Fact::Reprioritised { contact: CONTACT, queue: QUEUE, priority: 7, position: 1 },
        Fact::QueueTurned { queue: QUEUE, to: QueueState::Paused },
        Fact::QueueTurned { queue: QUEUE, to: QueueState::Closed },
        Fact::QueueTurned { queue: QUEUE, to: QueueState::Open },
        Fact::Commanded(Commanded {
            by: Asker::Control,
            why: Some("angry".into()),
            verb: Verb::Prioritise,
            agent: None,
            contact: Some(CONTACT),
            queue: None,
        }),
        handled(HandlingChange::Marked { percent: 150 }),
        handled(HandlingChange::Retargeted { target: Duration::from_secs(300) }),
        handled(HandlingChange::CodeOwed),
        handled(HandlingChange::Extended { by: Duration::from_secs(20) }),
        handled(HandlingChange::HelpAsked),
        handled(HandlingChange::HelpRings { expert: AgentId(5) }),
        handled(HandlingChange::HelpCame { expert: AgentId(5) }),
        handled(HandlingChange::NoHelp),
    ]
}

/// A step that came later than the others.
fn late_step_fact() -> Fact {
    let (why, did) = (StepWhy::Nobody, StepDid::OfferedCallback);
    Fact::Stepped(StepTaken { contact: CONTACT, queue: QUEUE, number: 3, why, did })
}

fn pin_facts() -> Vec<Fact> {
    let facts = PinOutcome::ALL.into_iter().zip([Some(AGENT), None, Some(AGENT), Some(AGENT)]);
    facts.map(|(outcome, agent)| Fact::PinEntered(PinEntered { seat: SeatId(3), agent, outcome })).collect()
}

fn interrupting_fact() -> Fact {
    let did = StepDid::Interrupted([AgentId(4), AgentId(5)].into_iter().collect());
    Fact::Stepped(StepTaken { contact: CONTACT, queue: QUEUE, number: 4, why: StepWhy::Nobody, did })
}

fn step_facts() -> Vec<Fact> {
    let secs = Duration::from_secs;
    let (number, queue) = (3, QUEUE);
    let step = |why, did| Fact::Stepped(StepTaken { contact: CONTACT, queue, number, why, did });
    let waited = StepWhy::Waited { after: secs(60), waited: secs(61) };
    let outside = || "022551234".into();
    vec![
        step(waited, StepDid::LevelMax(Some(2))),
        step(waited, StepDid::LevelMax(None)),
        step(StepWhy::Told { over: secs(300), within: Some(secs(420)) }, StepDid::Also(QueueId(1))),
        step(StepWhy::Told { over: secs(300), within: None }, StepDid::Raised(7)),
        step(StepWhy::Longer { than: 20, length: 21 }, StepDid::Moved(QueueId(1))),
        step(StepWhy::Nobody, StepDid::Sending(outside())),
        step(StepWhy::Nobody, StepDid::Sent(outside())),
        step(StepWhy::Nobody, StepDid::NotSent(outside())),
        step(StepWhy::Closed, StepDid::Ended("es/closed".into())),
        step(waited, StepDid::TargetClosed(QueueId(1))),
    ]
}

fn break_facts() -> Vec<Fact> {
    let at = Moment::from_secs(1_795_617_600);
    [
        BreakChange::Asked,
        BreakChange::Promised { at },
        BreakChange::Granted { until: at },
        BreakChange::Began,
        BreakChange::TakenBack,
        BreakChange::Overstays,
        BreakChange::Ended { overstayed: Duration::from_secs(61) },
        BreakChange::Withdrawn,
    ]
    .map(|change| Fact::Break(BreakStep { agent: AGENT, reason: 1, change }))
    .to_vec()
}

fn later_facts() -> Vec<Fact> {
    let own = |outcome| Fact::OwnCallSettled { call: CONTACT, outcome };
    let dialled =
        |what| Fact::OwnCallDialled { call: CONTACT, agent: AGENT, dialled: Pii("0991234567".into()), what };
    let told = "trunk `carrier` cannot register: 403 Forbidden".into();
    let began = |how, by| Fact::ObservingBegan { observer: AGENT, contact: CONTACT, how, by };
    vec![
        Fact::CallsRefused { calls: 4_000 },
        Fact::TrunkTold { trunk: TrunkId(0), text: told, is_over: false },
        Fact::NumberWithheld { contact: ContactId(7), number: Pii("+593991234567".into()) },
        dialled(AgentCall::FeatureCode),
        dialled(AgentCall::Colleague(AgentId(5))),
        dialled(AgentCall::Outside),
        own(AgentCallOutcome::Done),
        own(AgentCallOutcome::NotPossible),
        own(AgentCallOutcome::Answered),
        own(AgentCallOutcome::Refused(486)),
        own(AgentCallOutcome::Ended),
        Fact::TakesBeside { agent: AGENT, channels: Channels::NONE.with(Channel::Chat) },
        dialled(AgentCall::FreeSeat(SeatId(6))),
        Fact::Seated { agent: AGENT, from: Some(SeatId(3)), to: None },
        began(Observing::Listen, Asker::Control),
        began(Observing::Whisper, Asker::Shell),
        began(Observing::Barge, Asker::Phone(AGENT)),
        Fact::ObservingEnded { observer: AGENT, contact: CONTACT, how: Observing::Barge, by: Asker::Control },
    ]
}

fn all() -> Vec<Step> {
    let fact = |fact| Step { facts: vec![fact], ..Step::default() };
    let image = |table| {
        let name = RowKey { table, key: 0x0102_0304_0506_0708 };
        let kept = Row { name, form: Bytes::from_static(b"as its owner writes it") };
        [Step { kept: vec![kept], ..Step::default() }, Step { gone: vec![name], ..Step::default() }]
    };
    let facts = arrival_facts().into_iter().chain(handling_facts()).map(fact);
    // Tables that were added later come after the facts that existed before them.
    let (first_owners, later_owners) = Table::ALL.split_at(16);
    let (later_owners, newest_owners) = later_owners.split_at(3);
    let (newest_owners, last_owners) = newest_owners.split_at(1);
    let last_owners = &last_owners[..1];
    let images = |owners: &[Table]| owners.iter().copied().flat_map(image).collect::<Vec<_>>();
    let mut all: Vec<Step> = facts
        .chain(images(first_owners))
        .chain(later_facts().into_iter().map(fact))
        .chain(images(later_owners))
        .chain(supervising_facts().into_iter().map(fact))
        .chain(images(newest_owners))
        .chain(recording_facts().into_iter().map(fact))
        .chain(images(last_owners))
        .chain(step_facts().into_iter().map(fact))
        .chain(break_facts().into_iter().map(fact))
        .chain(images(&[Table::Break]))
        .chain(callback_facts().into_iter().map(fact))
        .chain(images(&[Table::Callback]))
        .chain(menu_facts().into_iter().map(fact))
        .chain(emergency_facts().into_iter().map(fact))
        .chain(images(&[Table::Emergency]))
        .chain(survey_facts().into_iter().map(fact))
        .chain([fact(late_step_fact())])
        .chain(caller_facts().into_iter().map(fact))
        .chain(images(&[Table::LastAgent]))
        .chain(images(&[Table::Subscription, Table::Lamp]))
        .chain([fact(interrupting_fact())])
        .chain(pin_facts().into_iter().map(fact))
        .chain(voicemail_facts().into_iter().map(fact))
        .chain(images(&[Table::Voicemail, Table::Message]))
        .chain(passing_facts().into_iter().map(fact))
        .chain(images(&[Table::Consultation]))
        .chain(listed_facts().into_iter().map(fact))
        .chain(images(&[Table::CallerList]))
        .chain(kept_facts().into_iter().map(fact))
        .chain(pulled_facts().into_iter().map(fact))
        .chain(direct_facts().into_iter().map(fact))
        .chain(phone_facts().into_iter().map(fact))
        .chain(dialled_ahead_facts().into_iter().map(fact))
        .chain(images(&[Table::HeldLine]))
        .chain(skill_facts().into_iter().map(fact))
        .chain(images(&[Table::SkillChange]))
        .chain(speech_facts().into_iter().map(fact))
        .chain(card_facts().into_iter().map(fact))
        .collect();
    for (seconds, step) in (1..).zip(&mut all) {
        step.at = Moment::from_secs(1_795_617_175 + seconds);
    }
    all
}

fn file() -> Vec<u8> {
    let mut writer = Writer::new(5);
    writer.facts_go_on(Position { run: Moment::from_micros(1_795_617_170_000_000), number: 1_234_567 });
    writer.begin(Content::Segment, NUMBER, Moment::from_micros(1_795_617_175_477_570));
    all().iter().for_each(|step| writer.step(step).expect("a short step"));
    writer.bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.chunks(32).fold(String::new(), |mut text, line| {
        line.iter().for_each(|byte| write!(text, "{byte:02x}").expect("a text takes it"));
        text.push('\n');
        text
    })
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(pair).collect()
}

#[test]
fn what_is_on_the_disks_of_last_year_is_read_today() {
    let golden = bytes(include_str!("journal.golden"));
    let reading = read(&golden, NUMBER);
    assert_eq!(reading.faults, []);
    assert_eq!(steps(&reading).into_iter().map(|(_, step)| step).collect::<Vec<_>>(), all());
}

#[test]
fn the_form_of_what_is_written_has_not_changed() {
    // New records go last in `all` and make the golden file longer; its existing lines never change.
    assert_eq!(hex(&file()), include_str!("journal.golden"), "the form has changed");
}

#[test]
fn a_journal_of_another_form_is_refused_in_words() {
    // Form 3 had a header of 40 bytes.
    for (form, header_bytes) in [(3, 40), (FORM + 1, HEADER_BYTES)] {
        let mut other = bytes(include_str!("journal.golden"));
        other[8..10].copy_from_slice(&form.to_le_bytes());
        let check = crc32c::crc32c(&other[..header_bytes - 4]);
        other[header_bytes - 4..header_bytes].copy_from_slice(&check.to_le_bytes());
        let reading = read(&other, NUMBER);
        assert_eq!(reading.faults, [Fault::OtherForm { form }]);
        assert!(steps(&reading).is_empty(), "nothing of it is taken for what it is not");
        assert!(reading.faults[0].to_string().contains("use the turno that wrote it"));
    }
}
