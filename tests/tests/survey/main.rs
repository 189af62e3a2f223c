//! Some callers are asked after a talk, when the agent has left: keys, silence, a hang-up, a crash.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

use turno_media_plan::Audio;
use turno_model::plan::SurveyPlan;
use turno_model::{
    AgentState, ContactId, ContactOutcome, Fact, Language, Plan, PromptName, SurveyChange, SurveyEnd,
};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

/// The questions of the survey, by their prompts: any will do.
const QUESTIONS: [PromptName; 2] = [PromptName(0), PromptName(1)];

fn asking(chance: u8) -> Stage {
    Stage::with(|plan| ask(plan, chance))
}

fn ask(plan: &mut Plan, chance: u8) {
    for queue in &mut plan.queues {
        queue.survey = Some(SurveyPlan {
            questions: QUESTIONS.to_vec(),
            chance,
            wait: secs(5),
            language: Language::Spanish,
            prompts: vec![PromptName(2), PromptName(3), PromptName(4)],
        });
    }
}

/// Ana talks to a caller.
fn talk(stage: &mut Stage) -> (Desk, Line, Line) {
    let ana = stage.agent("a001", answering(secs(1)));
    let line = stage.call("7001", "0991111111");
    let talk = stage.talks_to(line, ana);
    stage.run_for(secs(5));
    (ana, line, talk)
}

fn changes(stage: &Stage) -> Vec<SurveyChange> {
    let changes = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::Survey(survey) => Some(survey.change),
        _ => None,
    });
    changes.collect()
}

fn answered(question: u8, key: u8) -> SurveyChange {
    SurveyChange::Answered { question, key }
}

fn contact(stage: &Stage) -> ContactId {
    let contact = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Survey(survey) => Some(survey.contact),
        _ => None,
    });
    contact.expect("somebody was asked")
}

#[test]
fn a_caller_answers_two_questions_while_the_agent_is_free_already() {
    let mut stage = asking(100);
    let (ana, line, first) = talk(&mut stage);
    stage.hangs_up(first);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Acw, "the agent does not wait for the answers");
    assert!(matches!(stage.hears(line), Some(Audio::Prompts(prompts)) if prompts.len() == 2));
    stage.run_for(secs(12));
    let other = stage.call("7001", "0992222222");
    let second = stage.talks_to(other, ana);
    stage.presses(line, '5');
    assert!(matches!(stage.hears(line), Some(Audio::Prompts(prompts)) if prompts.len() == 1));
    stage.run_for(secs(2));
    stage.presses(line, '3');
    stage.run_for(secs(20));
    assert!(stage.is_over(line), "turno has thanked and hung up");
    let end = SurveyChange::Ended(SurveyEnd::Complete);
    assert_eq!(changes(&stage), [SurveyChange::Offered, answered(1, 5), answered(2, 3), end]);
    stage.hangs_up(other);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 2);
    assert!(!stage.is_talking(second));
    stage.finish();
}

#[test]
fn a_caller_who_hangs_up_first_is_not_asked() {
    let mut stage = asking(100);
    let (_, line, _) = talk(&mut stage);
    stage.hangs_up(line);
    stage.run_for(secs(5));
    assert_eq!(changes(&stage), []);
    stage.finish();
}

#[test]
fn answers_before_a_hang_up_count() {
    let mut stage = asking(100);
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(2));
    stage.presses(line, '1');
    stage.run_for(secs(1));
    stage.hangs_up(line);
    stage.run_for(secs(1));
    let end = SurveyChange::Ended(SurveyEnd::HungUp);
    assert_eq!(changes(&stage), [SurveyChange::Offered, answered(1, 1), end]);
    assert_eq!((stage.ended(ContactOutcome::Answered), stage.ended(ContactOutcome::Abandoned)), (1, 0));
    stage.finish();
}

#[test]
fn silence_is_asked_once_more_and_then_ends_the_survey() {
    let mut stage = asking(100);
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(180));
    assert!(stage.is_over(line));
    assert_eq!(changes(&stage), [SurveyChange::Offered, SurveyChange::Ended(SurveyEnd::Silence)]);
    let asked =
        |it: &Audio| matches!(it, Audio::Prompts(prompts) if prompts.last().map(|it| it.0) == Some(0));
    let asked = stage
        .media_history()
        .iter()
        .filter(|(_, it)| matches!(it, turno_media_plan::MediaCommand::Play { audio, .. } if asked(audio)));
    assert_eq!(asked.count(), 2);
    stage.finish();
}

#[test]
fn keys_at_random_end_the_survey_and_each_question_has_one_answer() {
    let mut stage = asking(100);
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(1));
    for key in "94*#".chars() {
        stage.presses(line, key);
    }
    stage.run_for(secs(60));
    assert!(stage.is_over(line));
    let end = SurveyChange::Ended(SurveyEnd::WrongKey);
    assert_eq!(changes(&stage), [SurveyChange::Offered, answered(1, 4), end]);
    stage.finish();
}

#[test]
fn a_survey_lives_through_crashes_and_no_answer_counts_twice() {
    let mut stage = asking(100);
    let (_, line, talk) = talk(&mut stage);
    stage.keeps_journal();
    stage.hangs_up(talk);
    stage.run_for(secs(1));
    stage.crashes(millis(300));
    stage.presses(line, '4');
    stage.crashes(millis(300));
    stage.run_for(secs(1));
    stage.presses(line, '2');
    stage.crashes(millis(300));
    stage.run_for(secs(60));
    assert!(stage.is_over(line));
    let end = SurveyChange::Ended(SurveyEnd::Complete);
    assert_eq!(changes(&stage), [SurveyChange::Offered, answered(1, 4), answered(2, 2), end]);
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    stage.finish();
}

#[test]
fn an_agent_transfers_a_caller_to_the_survey() {
    let mut stage = asking(0);
    let (_, line, talk) = talk(&mut stage);
    stage.passes_on(talk, "*26");
    stage.run_for(secs(2));
    assert!(stage.is_over(talk), "the agent's phone is free");
    assert_eq!(changes(&stage), [SurveyChange::Offered]);
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn without_a_survey_the_code_is_refused_and_the_talk_goes_on() {
    let mut stage = Stage::new();
    let (_, line, talk) = talk(&mut stage);
    stage.passes_on(talk, "*26");
    stage.run_for(secs(2));
    assert_eq!(stage.transfer_result(talk), Some(403));
    assert!(stage.hear_each_other(line, talk));
    stage.hangs_up(line);
    stage.finish();
}

#[test]
fn chance_decides_who_is_asked() {
    let mut stage = asking(0);
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(2));
    assert!(stage.is_over(line));
    assert_eq!(changes(&stage), []);
    stage.finish();
}

#[test]
fn a_plan_without_the_survey_ends_it_with_the_next_key() {
    let mut without = None;
    let mut stage = Stage::with(|plan| {
        without = Some(plan.clone());
        ask(plan, 100);
    });
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(1));
    stage.replans(without.expect("the stage has a plan"));
    stage.presses(line, '4');
    stage.run_for(secs(5));
    assert!(stage.is_over(line));
    assert_eq!(changes(&stage).len(), 3);
    stage.finish();
}

#[test]
fn the_trace_tells_the_answers() {
    let mut stage = asking(100);
    stage.keep_messages();
    let (_, line, talk) = talk(&mut stage);
    stage.hangs_up(talk);
    stage.run_for(secs(1));
    stage.presses(line, '4');
    stage.hangs_up(line);
    stage.run_for(secs(1));
    let told = format!("{:?}", stage.story(contact(&stage)));
    for sentence in ["is asked some questions", "survey question 1: answers 4", "hangs up during the survey"]
    {
        assert!(told.contains(sentence), "{sentence}: {told}");
    }
    stage.finish();
}
