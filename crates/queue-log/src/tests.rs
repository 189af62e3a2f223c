//! The lines of small days.

use core::time::Duration;

use turno_ground::{Moment, Pii};
use turno_model::{
    AgentId, AgentState, AuxReason, Channel, ContactId, ContactOutcome, Decision, EndedBy, Fact, OfferId,
    OfferOutcome, Passing, PassingChange, Plan, QueueId, Rule, SkillId, StepDid, StepTaken, StepWhy,
    TransferKind, sample,
};

use crate::names::LogNames;
use crate::queue_log::QueueLog;

const BEGIN: Moment = Moment::from_secs(1_795_530_540);
const ONE: ContactId = ContactId(1);
const TAXES: QueueId = QueueId(0);
const ANA: AgentId = AgentId(0);
const LUIS: AgentId = AgentId(1);

fn plan() -> Plan {
    let agent = |extension: &str| turno_model::plan::AgentPlan { ..sample::agent(extension, &[(0, 1)]) };
    Plan {
        skills: vec!["taxes".to_owned(), "visas".to_owned()],
        queues: vec![sample::queue("taxes", SkillId(0)), sample::queue("visas", SkillId(1))],
        agents: vec![agent("1001"), agent("1002")],
        ..sample::plan()
    }
}

fn log(facts: &[(u64, Fact)]) -> Vec<String> {
    let (mut log, names, mut lines) = (QueueLog::default(), LogNames::new(&plan(), None), Vec::new());
    for (seconds, fact) in facts {
        // The state that is stored between two facts is all that the log needs.
        log = log.clone();
        log.take(&names, BEGIN + Duration::from_secs(*seconds), fact, &mut |line| lines.push(line));
    }
    lines.into_iter().map(|line| line.trim_start_matches("17955").to_owned()).collect()
}

fn arrived() -> Fact {
    let (from, dialled) = (Pii("099|123".into()), "1800".into());
    Fact::ContactArrived { contact: ONE, channel: Channel::Voice, from, dialled, trunk: None }
}

fn queued(queue: u32) -> Fact {
    Fact::Queued { contact: ONE, queue: QueueId(queue), priority: 0, position: 3 }
}

fn offered(agent: AgentId) -> Fact {
    let decision = Decision {
        contact: ONE,
        queue: TAXES,
        winner: agent,
        rule: Rule::UcdMia,
        waited: Duration::ZERO,
        idle: Duration::ZERO,
        passed_over: Default::default(),
        others: 0,
    };
    let decision = Box::new(decision);
    Fact::Offered { offer: OfferId(1), contact: ONE, agent, queue: TAXES, delay: Duration::ZERO, decision }
}

fn settled(agent: AgentId, outcome: OfferOutcome) -> Fact {
    let rang = Duration::from_secs(15);
    Fact::OfferSettled { offer: OfferId(1), contact: ONE, agent, queue: TAXES, outcome, rang }
}

fn connected(agent: AgentId) -> Fact {
    Fact::Connected { contact: ONE, agent, queue: TAXES, waited: Duration::ZERO }
}

fn disconnected(agent: AgentId) -> Fact {
    let (talked, held) = (Duration::ZERO, Duration::ZERO);
    Fact::Disconnected { contact: ONE, agent, queue: TAXES, talked, held }
}

fn ended(outcome: ContactOutcome, by: EndedBy) -> Fact {
    Fact::ContactEnded { contact: ONE, queue: TAXES, outcome, by, waited: Duration::ZERO }
}

#[test]
fn a_call_that_rings_twice_and_is_answered_has_the_lines_that_reports_read() {
    let lines = log(&[
        (0, Fact::Started),
        (0, arrived()),
        (5, queued(0)),
        (10, offered(ANA)),
        (25, settled(ANA, OfferOutcome::NoAnswer)),
        (25, queued(0)),
        (25, offered(LUIS)),
        (32, settled(LUIS, OfferOutcome::Accepted)),
        (32, connected(LUIS)),
        (95, disconnected(LUIS)),
        (95, ended(ContactOutcome::Answered, EndedBy::Caller)),
    ]);
    assert_eq!(
        lines,
        [
            "30540|NONE|NONE|NONE|QUEUESTART|",
            "30545|1|taxes|NONE|DID|1800",
            "30545|1|taxes|NONE|ENTERQUEUE||099_123|3",
            "30565|1|taxes|1001|RINGNOANSWER|15000",
            "30572|1|taxes|1002|CONNECT|27|1|7",
            "30635|1|taxes|1002|COMPLETECALLER|27|63|3",
        ]
    );
}

#[test]
fn who_leaves_the_line_has_the_line_that_says_how() {
    let left = |more: &[(u64, Fact)]| {
        let facts = [&[(0, arrived()), (0, queued(0))], more].concat();
        log(&facts).last().expect("a line").clone()
    };
    let abandoned = ended(ContactOutcome::Abandoned, EndedBy::Caller);
    assert_eq!(left(&[(12, abandoned)]), "30552|1|taxes|NONE|ABANDON|3|3|12");
    let outflowed = ended(ContactOutcome::Outflowed, EndedBy::System);
    assert_eq!(left(&[(12, outflowed.clone())]), "30552|1|taxes|NONE|EXITWITHTIMEOUT|3|3|12");
    let did = StepDid::Ended("closed".into());
    let step = Fact::Stepped(StepTaken { contact: ONE, queue: TAXES, number: 1, why: StepWhy::Nobody, did });
    assert_eq!(left(&[(12, step), (12, outflowed)]), "30552|1|taxes|NONE|EXITEMPTY|3|3|12");
    let canceled = settled(ANA, OfferOutcome::CallerLeft);
    assert_eq!(left(&[(1, offered(ANA)), (9, canceled)]), "30549|1|taxes|1001|RINGCANCELED|15000");
}

#[test]
fn a_talk_that_is_passed_on_ends_with_its_transfer() {
    let transferred = |kind, to: &str| Fact::Transferred { contact: ONE, agent: ANA, kind, to: to.into() };
    let talks = [(0, arrived()), (0, queued(0)), (4, offered(ANA)), (6, connected(ANA))];
    let lines = |more: &[(u64, Fact)]| log(&[&talks, more].concat()).split_off(3);
    assert_eq!(
        lines(&[
            (20, transferred(TransferKind::Blind, "022")),
            (20, disconnected(ANA)),
            (20, ended(ContactOutcome::Answered, EndedBy::Transfer)),
        ]),
        ["30560|1|taxes|1001|BLINDTRANSFER|022|turno|6|14|3"]
    );
    assert_eq!(
        lines(&[
            (20, transferred(TransferKind::Attended, "1002")),
            (20, disconnected(ANA)),
            (20, connected(LUIS)),
            (30, disconnected(LUIS)),
            (30, ended(ContactOutcome::Answered, EndedBy::Agent)),
        ]),
        [
            "30560|1|taxes|1001|ATTENDEDTRANSFER|BRIDGE|1002|6|14|3",
            "30560|1|taxes|1002|CONNECT|0|1|0",
            "30570|1|taxes|1002|COMPLETEAGENT|6|10|3",
        ]
    );
    let returned = Fact::Passing(Passing { contact: ONE, agent: ANA, change: PassingChange::Returned });
    assert_eq!(
        lines(&[(20, returned), (20, disconnected(ANA)), (20, queued(0)), (50, queued(1))]),
        [
            "30560|1|taxes|1001|BLINDTRANSFER|taxes|turno|6|14|3",
            "30560|1|taxes|NONE|DID|1800",
            "30560|1|taxes|NONE|ENTERQUEUE||099_123|3",
            "30590|1|taxes|NONE|EXITWITHTIMEOUT|3|3|30",
            "30590|1|visas|NONE|DID|1800",
            "30590|1|visas|NONE|ENTERQUEUE||099_123|3",
        ]
    );
    let taken = Fact::TakenOver { contact: ONE, from: ANA, to: LUIS, queue: TAXES };
    assert_eq!(
        lines(&[(20, taken), (20, disconnected(ANA)), (25, ended(ContactOutcome::Answered, EndedBy::Agent))]),
        [
            "30560|1|taxes|1001|ATTENDEDTRANSFER|BRIDGE|1002|6|14|3",
            "30560|1|taxes|1002|CONNECT|0|1|0",
            "30565|1|taxes|1002|COMPLETEAGENT|6|5|3",
        ]
    );
}

#[test]
fn an_agents_day_has_log_in_pauses_and_log_out() {
    use AgentState as State;
    let changed = |from, to| Fact::AgentChanged { agent: ANA, from, to };
    let (logged_in, rona) = (State::Aux(AuxReason::LoggedIn), State::Aux(AuxReason::Rona));
    let lines = log(&[
        (0, changed(State::LoggedOut, logged_in)),
        (5, changed(logged_in, State::Available)),
        (6, changed(State::Available, State::Ringing)),
        (9, changed(State::Ringing, rona)),
        (60, changed(rona, State::LoggedOut)),
    ]);
    assert_eq!(
        lines,
        [
            "30540|NONE|NONE|1001|AGENTLOGIN|1001",
            "30540|NONE|taxes|1001|ADDMEMBER|",
            "30540|NONE|taxes|1001|PAUSE|logged_in",
            "30545|NONE|taxes|1001|UNPAUSE|logged_in",
            "30549|NONE|taxes|1001|PAUSE|rona",
            "30600|NONE|taxes|1001|UNPAUSE|rona",
            "30600|NONE|taxes|1001|REMOVEMEMBER|",
            "30600|NONE|NONE|1001|AGENTLOGOFF|1001|60",
        ]
    );
}

#[test]
fn contacts_of_other_channels_and_facts_of_unknown_calls_have_no_line() {
    let mut chat = arrived();
    if let Fact::ContactArrived { channel, .. } = &mut chat {
        *channel = Channel::Chat;
    }
    assert_eq!(log(&[(0, chat), (0, queued(0)), (9, connected(ANA))]), [""; 0]);
    assert_eq!(log(&[(9, connected(ANA)), (10, ended(ContactOutcome::Answered, EndedBy::Caller))]), [""; 0]);
}
