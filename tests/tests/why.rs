//! Why a contact waited and who got it, from the facts of real calls; and what is told of an agent agrees with the room.

use turno_model::{AgentId, Command, ContactId, Fact, Language, PlanIndex, WhyNot};
use turno_tests::stage::{Stage, answering, refusing, ringing, secs};
use turno_trace::why::{AgentsBy, Telling, reasons, why, why_not};

fn contacts(stage: &Stage) -> Vec<ContactId> {
    let arrived = stage.facts().iter().filter_map(|(_, fact)| {
        if let Fact::ContactArrived { contact, .. } = fact { Some(*contact) } else { None }
    });
    arrived.collect()
}

/// The story of a contact, and why an agent did not get it, in a language.
fn told(stage: &Stage, contact: ContactId, agent: &str, language: Language) -> (String, String) {
    let index = PlanIndex::of(&stage.plan);
    let telling = Telling { plan: &stage.plan, index: &index, language, agents: AgentsBy::Number };
    let story = why(contact, stage.facts(), telling).expect("it arrived");
    let not = why_not((stage.who(agent), contact), None, stage.facts(), telling).expect("it arrived");
    (story.text(true), not.text(true))
}

/// Asserts that `text` contains `parts` in this order.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.find(part).unwrap_or_else(|| panic!("no `{part}` in its place in\n{text}"));
        rest = &rest[found + part.len()..];
    }
}

#[test]
fn a_caller_who_waited_is_told_why_and_who_missed_the_call() {
    // A citizen complains, and the supervisor has to say what happened.
    let mut stage = Stage::new();
    stage.agent("a001", answering(secs(2)));
    let first = stage.call("7000", "0990000001");
    stage.run_for(secs(5));
    stage.agent("a002", ringing());
    stage.run_for(secs(1));
    let second = stage.call("7000", "0991234567");
    stage.run_for(secs(20));
    stage.hangs_up(first);
    stage.run_for(secs(40));
    stage.hangs_up(second);
    stage.run_for(secs(3));
    let contact = contacts(&stage)[1];
    let (story, not) = told(&stage, contact, "a001", Language::Spanish);
    in_order(
        &story,
        &[
            "Su llamada llegó el ",
            " al número 7000, por la troncal carrier.",
            "la llamada entró en la fila de info, en primer lugar: no había nadie delante.",
            "Sin espera, la llamada se pasó a Agente a002: no había nadie más libre que pudiera tomarla.",
            "Agente a002 no contestó en 15 segundos.",
            "la llamada se pasó a Agente a001: quedó libre y no había otra llamada en espera",
            "contestó Agente a001",
            "usted colgó.",
        ],
    );
    in_order(
        &not,
        &["la llamada pasó a Agente a002 y no a Agente a001: Agente a001 hablaba con otra persona"],
    );
    let (story, not) = told(&stage, contact, "a002", Language::English);
    in_order(
        &story,
        &["Without a wait the call was offered to Agent a002", "Agent a002 did not answer in 15 seconds."],
    );
    in_order(
        &not,
        &[
            "the call was offered to Agent a002.",
            "Agent a002 did not answer it.",
            "Agent a002 was set aside for a while",
            "the call went to Agent a001 and not to Agent a002",
        ],
    );
    assert!(!story.contains("1234567"), "no number is told:\n{story}");
    stage.finish();
}

#[test]
fn what_the_facts_tell_of_an_agent_is_what_the_room_decides_by() {
    // Wound: a report said that an agent was free, and the room had not counted them as free.
    let mut stage = Stage::new();
    stage.agent("a001", answering(secs(1)));
    stage.agent("a002", refusing(486));
    stage.agent("a003", answering(secs(1)));
    stage.agent("a004", ringing());
    let mut compared = 0;
    let lines: Vec<_> = (0..6).map(|caller| stage.call("7000", &format!("099000000{caller}"))).collect();
    for second in 0..60 {
        stage.run_for(secs(1));
        let agent = |name: &str| stage.who(name);
        let (ana, third) = (agent("a001"), agent("a003"));
        match second {
            5 => stage.hangs_up(lines[0]),
            10 => drop(stage.command(Command::Aux(third, 0))),
            20 => drop(stage.command(Command::LogOut(ana))),
            30 => drop(stage.command(Command::Ready(third))),
            40 => stage.hangs_up(lines[1]),
            _ => {}
        }
        compared += compare(&stage);
    }
    assert!(compared > 500, "{compared} were compared");
    lines.into_iter().for_each(|line| stage.hangs_up(line));
    stage.run_for(secs(30));
    stage.finish();
}

/// Compares each agent with each contact, and says how many reasons there were.
fn compare(stage: &Stage) -> usize {
    let index = PlanIndex::of(&stage.plan);
    let language = Language::English;
    let telling = Telling { plan: &stage.plan, index: &index, language, agents: AgentsBy::Name };
    let mut many = 0;
    for contact in contacts(stage) {
        for agent in (0..6).map(AgentId) {
            let mut room = stage.why_not(agent, contact);
            // Decisions tell these, and not the states.
            room.retain(|why| !matches!(why, WhyNot::First(_) | WhyNot::OtherAgent(_) | WhyNot::NoPort));
            let facts = reasons((agent, contact), stage.facts(), telling);
            assert_eq!(facts, room, "{agent:?} and {contact:?} at {:?}", stage.now());
            many += facts.len();
        }
    }
    many
}
