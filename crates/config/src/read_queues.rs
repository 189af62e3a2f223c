//! Reads [[queue]] with [queue_defaults].

use turno_model::plan::{AcwPlan, AnnouncementPlan, QueuePlan, RecordingPlan, StepAction, Treatment};
use turno_model::speech::recordings;
use turno_model::{Language, PromptName, QueueId, SkillId};

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::limits;
use crate::node::{Kind, Node};
use crate::read_callback::read_callback;
use crate::read_handling::read_marks;
use crate::read_recording::{read_queue_class, read_queue_recording};
use crate::read_steps::{read_steps, refuse_circles};
use crate::read_survey::read_survey;
use crate::read_voicemail::read_voicemail;
use crate::reading::{Names, Reading};
use crate::section::{Section, is_name, text_of};
use crate::source::SourceSpan;
use crate::tables::Tables;

/// Queues, their names, and the skills that they ask for.
pub(crate) struct Queues {
    pub(crate) plans: Vec<QueuePlan>,
    pub(crate) names: Names,
    pub(crate) skills: Names,
    /// Where steps send contacts outside: the first of each queue.
    pub(crate) send_to: Vec<SourceSpan>,
}

/// Reads every [[queue]]. `site` is the language of the site, and what the plan says of recording.
pub(crate) fn read_queues(
    reading: &mut Reading<'_>,
    tables: &Tables,
    site: (Option<Language>, Option<&RecordingPlan>),
) -> Queues {
    let defaults = tables.single(reading, "queue_defaults");
    let mut queues =
        Queues { plans: Vec::new(), names: Names::default(), skills: Names::default(), send_to: Vec::new() };
    let mut sections = Vec::new();
    for section in tables.many(reading, "queue") {
        let section = section.with_defaults(defaults);
        let Some(name) = section.name(reading, QUEUE.name.name) else { continue };
        reading.add_name(&mut queues.names, name, section.place_of(QUEUE.name.name), "queue");
        let skill = read_skill(reading, section, name, &mut queues.skills);
        let plan = read_queue(reading, section, (name, skill), site);
        queues.plans.push(plan);
        sections.push(section);
    }
    read_all_steps(reading, &sections, &mut queues);
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

/// Reads the steps, which may lead to any queue.
fn read_all_steps(reading: &mut Reading<'_>, sections: &[Section<'_>], queues: &mut Queues) {
    let mut places = Vec::new();
    for (own, (section, plan)) in (0..).map(QueueId).zip(sections.iter().zip(&mut queues.plans)) {
        let read = read_steps(reading, *section, own, &queues.names);
        let mut offers = read.iter().filter(|(step, _)| step.action == StepAction::OfferCallback);
        if let Some((_, place)) = offers.next().filter(|_| plan.callback.is_none()) {
            let text =
                format!("queue `{}` has no `callback`, and a step offers one: nothing is offered", plan.name);
            reading.notice(*place, text);
        }
        let mut boxes = read.iter().filter(|(step, _)| step.action == StepAction::Voicemail);
        if let Some((_, place)) = boxes.next().filter(|_| plan.voicemail.is_none()) {
            let text = format!(
                "queue `{}` has no `voicemail`, and a step offers it: callers hear nothing of it",
                plan.name
            );
            reading.notice(*place, text);
        }
        places.push(read.iter().map(|(_, place)| *place).collect());
        queues.send_to.extend(
            read.iter()
                .find(|(step, _)| matches!(step.action, StepAction::SendTo(_)))
                .map(|(_, place)| *place),
        );
        plan.steps = read.into_iter().map(|(step, _)| step).collect();
        let relaxes = plan.steps.iter().any(|step| matches!(step.action, StepAction::LevelMax(_)));
        if let Some(level) = plan.level_max.filter(|_| !relaxes) {
            let text =
                format!("queue `{}` never goes to agents beyond level {level}: no step lets them", plan.name);
            reading.notice(section.place_of(QUEUE.level_max.name), text);
        }
    }
    refuse_circles(reading, &queues.plans, &places);
}

/// The skill that the queue asks for: by default one of its own name.
fn read_skill(reading: &mut Reading<'_>, section: Section<'_>, queue: &str, skills: &mut Names) -> SkillId {
    let skill = section.text(reading, QUEUE.skill.name).unwrap_or(queue);
    if section.has(QUEUE.skill.name) {
        is_name(reading, section.place_of(QUEUE.skill.name), skill);
    }
    let at = skills.find(skill).unwrap_or_else(|| {
        skills.push(skill.to_owned(), section.place_of(QUEUE.skill.name));
        skills.len() - 1
    });
    SkillId(u32::try_from(at).expect("a plan has few skills"))
}

fn read_queue(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    (name, skill): (&str, SkillId),
    (site, recording): (Option<Language>, Option<&RecordingPlan>),
) -> QueuePlan {
    let handling_target = QUEUE.handling_target.read(reading, section);
    let handling_warning = QUEUE.handling_warning.read(reading, section);
    if handling_warning >= handling_target {
        let found = "the handling warning comes before the handling begins";
        let expected = "`handling_warning` shorter than `handling_target`";
        let (warning, target) = (QUEUE.handling_warning.name, QUEUE.handling_target.name);
        let key = if section.has(warning) { warning } else { target };
        reading.fault(FaultKind::Conflict, section.place_of(key), found, expected);
    }
    QueuePlan {
        name: name.to_owned(),
        display: section.text_or(reading, QUEUE.display.name, name),
        skill,
        rule: QUEUE.rule.read(reading, section),
        priority: u8::try_from(QUEUE.priority.read(reading, section)).unwrap_or(u8::MAX),
        ring: QUEUE.ring.read(reading, section),
        rona_cool_down: QUEUE.rona_cool_down.read(reading, section),
        hold_max: QUEUE.hold_max.read(reading, section),
        acw: QUEUE.acw.read(reading, section).map_or(AcwPlan::Manual, AcwPlan::Timed),
        handling_target,
        handling_warning,
        handling_marks: read_marks(reading, section),
        wrap_up_required: QUEUE.wrap_up_required.read(reading, section),
        help_as: QUEUE.help_as.read(reading, section),
        wait_target: QUEUE.wait_target.read(reading, section),
        short_abandon: QUEUE.short_abandon.read(reading, section),
        length_max: QUEUE.length_max.read(reading, section),
        when_full: read_treatment(reading, section, QUEUE.when_full.name),
        wait_max: QUEUE.wait_max.read(reading, section),
        when_waited: read_treatment(reading, section, QUEUE.when_waited.name),
        when_nobody: read_treatment(reading, section, QUEUE.when_nobody.name),
        last_agent: QUEUE.last_agent.read(reading, section),
        transfer_keeps_wait: QUEUE.transfer_keeps_wait.read(reading, section),
        last_agent_wait: QUEUE.last_agent_wait.read(reading, section),
        level_max: QUEUE.level_max.read(reading, section).and_then(|level| u8::try_from(level).ok()),
        steps: Vec::new(),
        answer_on_entry: QUEUE.answer_on_entry.read(reading, section),
        greeting: section.prompts(reading, QUEUE.greeting.name),
        announcements: read_announcements(reading, section, site),
        callback: read_callback(reading, section, site),
        survey: read_survey(reading, section, site),
        voicemail: read_voicemail(reading, section, (site, recording)),
        recording: read_queue_recording(reading, section),
        recording_class: read_queue_class(reading, section, recording),
        recording_notice: section.prompt(reading, QUEUE.recording_notice.name),
    }
}

/// What waiting callers are told; `None` where no key says that anything is.
fn read_announcements(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    site: Option<Language>,
) -> Option<AnnouncementPlan> {
    let tells_place = QUEUE.announce_place.read(reading, section);
    let tells_wait = QUEUE.announce_wait.read(reading, section);
    let comfort = section.prompts(reading, QUEUE.announce_comfort.name);
    let language = QUEUE.announce_language.read(reading, section).or(site).unwrap_or_default();
    let first = QUEUE.announce_first.read(reading, section);
    let every = QUEUE.announce_every.read(reading, section);
    let only_changes = QUEUE.announce_changes_only.read(reading, section);
    let place =
        [&QUEUE.announce_wait, &QUEUE.announce_place].into_iter().find_map(|key| section.field(key.name));
    let recordings = match place {
        Some(node) if tells_place || tells_wait => sentence_prompts(reading, node, language),
        Some(_) | None => Vec::new(),
    };
    let tells = tells_place || tells_wait || !comfort.is_empty();
    tells.then_some(AnnouncementPlan {
        recordings,
        language,
        first,
        every,
        only_changes,
        tells_place,
        tells_wait,
        comfort,
    })
}

/// The recorded parts of the sentences of a language, in the order of [`recordings`].
pub(crate) fn sentence_prompts(
    reading: &mut Reading<'_>,
    node: &Node,
    language: Language,
) -> Vec<PromptName> {
    let folder = language.say("en", "es");
    let names = recordings(language).iter().map(|(name, _)| format!("{folder}/{name}"));
    names.map(|name| reading.prompt(node, &name)).collect()
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
