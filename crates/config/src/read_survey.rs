//! Reads what callers of a queue are asked after a talk.

use turno_model::Language;
use turno_model::plan::{SURVEY_QUESTIONS_MAX, SurveyPlan, SurveyPrompt};

use crate::fault::FaultKind;
use crate::keys::queues::QUEUE;
use crate::reading::Reading;
use crate::section::Section;

/// What callers are asked; `None` if `survey_questions` is not set or empty.
pub(crate) fn read_survey(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    site: Option<Language>,
) -> Option<SurveyPlan> {
    let key = QUEUE.survey_questions.name;
    let chance = QUEUE.survey_chance.read(reading, section);
    let wait = QUEUE.survey_wait.read(reading, section);
    let language = QUEUE.survey_language.read(reading, section).or(site).unwrap_or_default();
    let questions = section.prompts(reading, key);
    let node = section.field(key).filter(|_| !questions.is_empty())?;
    if questions.len() > SURVEY_QUESTIONS_MAX {
        let found = format!("the survey has {} questions", questions.len());
        let expected = format!("at most {SURVEY_QUESTIONS_MAX}");
        reading.fault(FaultKind::OutOfRange, node.place, found, expected);
    }
    let folder = language.say("en", "es");
    let prompts = SurveyPrompt::ALL.iter().map(|it| format!("{folder}/{}", it.recording()));
    let prompts = prompts.map(|name| reading.prompt(node, &name)).collect();
    Some(SurveyPlan { questions, chance: u8::try_from(chance).unwrap_or(100), wait, language, prompts })
}
