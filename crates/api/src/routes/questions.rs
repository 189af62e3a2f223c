//! What people asked the bot: what it does not understand, in groups, and what other words would change.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::{Deserialize, Serialize};
use turno_access::{Outcome, View};
use turno_channels::bot::{Found, Verdict};
use utoipa::ToSchema;

use crate::chat::secret::kept;
use crate::harmless::harmless_line;
use crate::problem::{Kind, Problem};
use crate::routes::session::body_of;
use crate::site::{Added, Verdicts};
use crate::state::Api;
use crate::who::Who;
use crate::written::Asked;

/// Questions that are looked at: the newest.
const QUESTIONS_MAX: usize = 3_000;

/// Groups, and questions of a group, in an answer.
const GROUPS_MAX: usize = 50;
const SHOWN_MAX: usize = 5;

/// Changed answers that are told.
const CHANGED_MAX: usize = 100;

/// The longest question that is told, in characters.
const TEXT_CHARS_MAX: usize = 300;

/// What the bot does not understand today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Questions {
    /// Questions that were looked at: the newest of those that are kept, at most 3,000.
    asked: usize,
    /// How many of them the bot does not understand with today's procedures and words.
    not_understood: usize,
    /// When the oldest that was looked at was written, in milliseconds since 1970 (UTC).
    since: Option<i64>,
    /// Questions that are alike, the largest group first, at most 50.
    groups: Vec<QuestionGroup>,
}

/// Questions that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct QuestionGroup {
    /// The stems that most of them have, the commonest first.
    about: Vec<String>,
    /// How many there are.
    many: usize,
    /// The newest of them, at most five.
    questions: Vec<PastQuestion>,
}

/// A question in a person's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PastQuestion {
    /// The conversation's number.
    conversation: i64,
    /// `chat` or `whatsapp`.
    channel: String,
    /// When, in milliseconds since 1970 (UTC).
    at: i64,
    /// The words.
    text: String,
}

/// Words to try.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    /// Words and phrases that mean the same, at least two; with a procedure: how it is asked for.
    words: Vec<String>,
    /// The procedure's name.
    #[serde(default)]
    procedure: Option<String>,
}

/// What the words would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Tried {
    /// Questions that were asked again.
    asked: usize,
    /// Those that would be understood and are not today.
    newly: usize,
    /// Those that would no longer be understood.
    lost: usize,
    /// Those with another answer.
    other: usize,
    /// What to write into `synonyms.toml`: the whole group, or the new phrases of the procedure.
    row: String,
    /// The changed answers: those that are lost first, at most 100.
    changed: Vec<ChangedAnswer>,
}

/// A question whose answer would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChangedAnswer {
    /// The question.
    question: PastQuestion,
    /// `lost`, `other` or `newly`.
    kind: &'static str,
    /// The answer today.
    before: BotAnswer,
    /// The answer with these words.
    after: BotAnswer,
}

/// What the bot makes of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BotAnswer {
    /// `sure`: it answers; `several`: it asks which is meant; `unsure`: it does not understand.
    verdict: &'static str,
    /// The names of the procedures that come nearest, the best first.
    procedures: Vec<String>,
}

impl From<&Asked> for PastQuestion {
    fn from(asked: &Asked) -> Self {
        Self {
            conversation: asked.conversation,
            channel: asked.channel.clone(),
            at: asked.at,
            text: harmless_line(&asked.text, TEXT_CHARS_MAX),
        }
    }
}

impl From<&Verdict> for BotAnswer {
    fn from(verdict: &Verdict) -> Self {
        let names = |all: &[Found]| all.iter().map(|found| found.name.clone()).collect();
        match verdict {
            Verdict::Sure(found) => Self { verdict: "sure", procedures: vec![found.name.clone()] },
            Verdict::Several(found) => Self { verdict: "several", procedures: names(found) },
            Verdict::Unsure(found) => Self { verdict: "unsure", procedures: names(found) },
        }
    }
}

impl Questions {
    fn new(asked: &[(Asked, Verdict)]) -> Self {
        let unsure = asked.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Unsure(_)));
        let unsure: Vec<&Asked> = unsure.map(|(one, _)| one).collect();
        let groups = turno_knowledge::group(unsure.iter().map(|one| one.text.as_str()));
        let groups = groups.into_iter().take(GROUPS_MAX).map(|group| {
            let newest = group.questions.iter().rev().filter_map(|at| unsure.get(*at));
            QuestionGroup {
                many: group.questions.len(),
                questions: newest.take(SHOWN_MAX).map(|one| PastQuestion::from(*one)).collect(),
                about: group.about,
            }
        });
        Self {
            asked: asked.len(),
            not_understood: unsure.len(),
            since: asked.first().map(|(one, _)| one.at),
            groups: groups.collect(),
        }
    }
}

impl Tried {
    fn new(asked: &[(Asked, Verdict)], after: &[Option<Verdict>], row: String) -> Self {
        let pairs = asked.iter().zip(after).filter_map(|((one, before), after)| {
            let after = after.as_ref()?;
            let is_unsure = |verdict: &Verdict| matches!(verdict, Verdict::Unsure(_));
            let kind = match (is_unsure(before), is_unsure(after)) {
                (true, true) => return None,
                (true, false) => "newly",
                (false, true) => "lost",
                (false, false) if before == after => return None,
                (false, false) => "other",
            };
            let (question, before, after) = (one.into(), before.into(), after.into());
            Some(ChangedAnswer { question, kind, before, after })
        });
        let mut changed: Vec<ChangedAnswer> = pairs.collect();
        let count = |kind: &str| changed.iter().filter(|one| one.kind == kind).count();
        let (newly, lost, other) = (count("newly"), count("lost"), count("other"));
        changed.sort_by_key(|one| match one.kind {
            "lost" => 0,
            "other" => 1,
            _ => 2,
        });
        changed.truncate(CHANGED_MAX);
        Self { asked: asked.len(), newly, lost, other, row, changed }
    }
}

/// The questions of the queues that they see, with what the bot makes of each today.
async fn asked_of(api: &Api, who: &Who) -> Result<Vec<(Asked, Verdict)>, Problem> {
    let principal = who.principal.clone();
    let asked = kept(api, move |written| {
        let mut asked = written.asked(QUESTIONS_MAX);
        asked.retain(|one| {
            let all = principal.scope.queues.is_none();
            one.queue.as_deref().map_or(all, |queue| principal.sees_queue(queue))
        });
        asked
    });
    let asked = asked.await?;
    let verdicts = verdicts(api, &asked, None).await?.map_or_else(|_| Vec::new(), |(verdicts, _)| verdicts);
    Ok(asked.into_iter().zip(verdicts).filter_map(|(one, verdict)| Some((one, verdict?))).collect())
}

async fn verdicts<'a>(
    api: &Api,
    asked: impl IntoIterator<Item = &'a Asked>,
    added: Option<Added>,
) -> Result<Verdicts, Problem> {
    let texts: Vec<String> = asked.into_iter().map(|one| one.text.clone()).collect();
    let verdicts = api.in_turn(move |site| site.verdicts(&texts, added.as_ref())).await?;
    verdicts.ok_or_else(|| Problem::new(Kind::NotFound, "the plan has no procedures, or they can't be read"))
}

/// What the bot does not understand of what people asked it: like questions together, the largest group first.
#[utoipa::path(get, path = "/api/v1/questions", tag = "procedures", responses(
    (status = 200, body = Questions), (status = 304), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "the plan has no written channels, or no procedures"), (status = 503, body = Problem)))]
pub(crate) async fn list(State(api): State<Arc<Api>>, who: Who) -> Result<Json<Questions>, Problem> {
    who.may_see(&api, View::Questions).await?;
    let asked = asked_of(&api, &who).await?;
    api.off(move |_| Json(Questions::new(&asked))).await
}

/// Tries words on all past questions before they go live. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/questions/try", tag = "procedures", request_body = Trial, responses(
    (status = 200, body = Tried), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn try_words(
    State(api): State<Arc<Api>>,
    who: Who,
    body: Result<Json<Trial>, JsonRejection>,
) -> Result<Json<Tried>, Problem> {
    let Trial { words, procedure } = body_of(body)?;
    who.may_see(&api, View::Questions).await?;
    let target = procedure.clone().unwrap_or_else(|| "synonyms".to_owned());
    let tried = harmless_line(&words.join(", "), TEXT_CHARS_MAX);
    let asked = asked_of(&api, &who).await?;
    let after = verdicts(&api, asked.iter().map(|(one, _)| one), Some(Added { words, procedure })).await?;
    let (outcome, why) = match &after {
        Ok(_) => (Outcome::Done, tried),
        Err(why) => (Outcome::Refused, why.clone()),
    };
    who.note(&api, ("try words", &target), (outcome, &why)).await;
    let (after, row) = after.map_err(|why| Problem::new(Kind::BadRequest, why))?;
    Ok(Json(Tried::new(&asked, &after, row)))
}
