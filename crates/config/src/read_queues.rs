//! Reads [[queue]] with [queue_defaults].

use turno_model::plan::{AcwPlan, QueuePlan, Treatment};
use turno_model::{Rule, SkillId};

use crate::fault::FaultKind;
use crate::limits;
use crate::node::Kind;
use crate::reading::{Names, Reading};
use crate::section::{Section, is_name, text_of};
use crate::tables::Tables;

/// The keys of [queue_defaults]: all that queues may share.
pub(crate) const QUEUE_DEFAULT_KEYS: [&str; 17] = [
    "rule",
    "priority",
    "ring",
    "rona_cool_down",
    "hold_max",
    "acw",
    "handling_target",
    "handling_warning",
    "wait_target",
    "short_abandon",
    "length_max",
    "when_full",
    "wait_max",
    "when_waited",
    "when_nobody",
    "answer_on_entry",
    "greeting",
];
/// The keys that a [[queue]] has besides.
pub(crate) const QUEUE_OWN_KEYS: [&str; 3] = ["name", "display", "skill"];

const RULES: [(&str, Rule); 4] = [
    ("ucd-mia", Rule::UcdMia),
    ("ead-mia", Rule::EadMia),
    ("ucd-loa", Rule::UcdLoa),
    ("ead-loa", Rule::EadLoa),
];

/// Queues, their names, and the skills that they ask for.
pub(crate) struct Queues {
    pub(crate) plans: Vec<QueuePlan>,
    pub(crate) names: Names,
    pub(crate) skills: Names,
}

/// Reads every [[queue]].
pub(crate) fn read_queues(reading: &mut Reading<'_>, tables: &Tables) -> Queues {
    let defaults = tables.single(reading, "queue_defaults", "[queue_defaults]", &QUEUE_DEFAULT_KEYS);
    let keys: Vec<&str> = QUEUE_OWN_KEYS.into_iter().chain(QUEUE_DEFAULT_KEYS).collect();
    let mut queues = Queues { plans: Vec::new(), names: Names::default(), skills: Names::default() };
    for section in tables.many(reading, "queue", "[[queue]]", &keys) {
        let section = section.with_defaults(defaults);
        let Some(name) = section.name(reading, "name") else { continue };
        reading.add_name(&mut queues.names, name, section.place_of("name"), "queue");
        let skill = read_skill(reading, section, name, &mut queues.skills);
        let plan = read_queue(reading, section, name, skill);
        queues.plans.push(plan);
    }
    if queues.plans.is_empty() && !reading.is_partial {
        let expected = "at least one [[queue]] with a `name`";
        reading.fault(FaultKind::Missing, reading.nowhere(), "the plan has no queue", expected);
    }
    if queues.plans.len() > limits::QUEUES_MAX {
        let found = format!("the plan has {} queues", queues.plans.len());
        let expected = format!("at most {}", limits::QUEUES_MAX);
        reading.fault(FaultKind::OutOfRange, reading.nowhere(), found, expected);
    }
    queues
}

/// The skill that the queue asks for: by default one of its own name.
fn read_skill(reading: &mut Reading<'_>, section: Section<'_>, queue: &str, skills: &mut Names) -> SkillId {
    let skill = section.text(reading, "skill").unwrap_or(queue);
    if section.has("skill") {
        is_name(reading, section.place_of("skill"), skill);
    }
    let at = skills.find(skill).unwrap_or_else(|| {
        skills.push(skill.to_owned(), section.place_of("skill"));
        skills.len() - 1
    });
    SkillId(u32::try_from(at).expect("a plan has few skills"))
}

fn read_queue(reading: &mut Reading<'_>, section: Section<'_>, name: &str, skill: SkillId) -> QueuePlan {
    let handling_target = section.span(reading, limits::HANDLING_TARGET);
    let handling_warning = section.span(reading, limits::HANDLING_WARNING);
    if handling_warning >= handling_target {
        let found = "the handling warning comes before the handling begins";
        let expected = "`handling_warning` shorter than `handling_target`";
        let key = if section.has("handling_warning") { "handling_warning" } else { "handling_target" };
        reading.fault(FaultKind::Conflict, section.place_of(key), found, expected);
    }
    QueuePlan {
        name: name.to_owned(),
        display: section.text_or(reading, "display", name),
        skill,
        rule: section.word(reading, "rule", &RULES).unwrap_or(Rule::UcdMia),
        priority: section
            .whole(reading, limits::PRIORITY)
            .and_then(|priority| u8::try_from(priority).ok())
            .unwrap_or(0),
        ring: section.span(reading, limits::RING),
        rona_cool_down: section.span(reading, limits::RONA_COOL_DOWN),
        hold_max: section.span(reading, limits::HOLD_MAX),
        acw: read_acw(reading, section),
        handling_target,
        handling_warning,
        wait_target: section.span(reading, limits::WAIT_TARGET),
        short_abandon: section.span(reading, limits::SHORT_ABANDON),
        length_max: section.whole(reading, limits::LENGTH_MAX).unwrap_or(1),
        when_full: read_treatment(reading, section, "when_full"),
        wait_max: section.span_or_none(reading, limits::WAIT_MAX, None),
        when_waited: read_treatment(reading, section, "when_waited"),
        when_nobody: read_treatment(reading, section, "when_nobody"),
        answer_on_entry: section.flag(reading, "answer_on_entry", false),
        greeting: section.prompts(reading, "greeting"),
    }
}

fn read_acw(reading: &mut Reading<'_>, section: Section<'_>) -> AcwPlan {
    match section.field("acw").map(|node| &node.kind) {
        Some(Kind::Text(word)) if word == "manual" => AcwPlan::Manual,
        Some(_) | None => AcwPlan::Timed(section.span_or_word(reading, limits::ACW, "manual")),
    }
}

/// `"wait"`, or `{ prompt = "es/all_busy_goodbye" }`.
fn read_treatment(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Treatment {
    let Some(node) = section.field(key) else { return Treatment::Wait };
    let expected = "`\"wait\"`, or `{ prompt = \"NAME\" }`: the prompt is played, then the call ends";
    match &node.kind {
        Kind::Text(word) if word == "wait" => Treatment::Wait,
        Kind::Text(word) => {
            let found = format!("`{key}` is `{word}`");
            let fault = reading.fault(FaultKind::UnknownValue, node.place, found, expected);
            fault.nearest = crate::nearest::nearest(word, ["wait"]).map(str::to_owned);
            Treatment::Wait
        }
        Kind::Table(_) => {
            let inner = Section::new(reading, node, "a treatment", &["prompt"]);
            let Some(prompt) = inner.field("prompt") else {
                inner.missing(reading, "prompt", "a prompt's name");
                return Treatment::Wait;
            };
            let Some(name) = text_of(reading, prompt, "prompt") else { return Treatment::Wait };
            Treatment::PromptAndEnd(reading.prompt(prompt, name))
        }
        Kind::Whole(_) | Kind::Real | Kind::Flag(_) | Kind::List(_) => {
            crate::section::wrong_type(reading, node, key, expected);
            Treatment::Wait
        }
    }
}
