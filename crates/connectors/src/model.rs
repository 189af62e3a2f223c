//! The connector of an OpenAI-compatible model, such as one that runs on the site's own machine.
//!
//! Whatever the model does, the bot has its answer within the limit: a late, wrong or missing answer changes nothing. After
//! three failures in a row it is left alone for half a minute, then longer, up to ten minutes.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use core::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::Value;
use tokio::runtime::Handle;
use turno_channels::Millis;
use turno_channels::bot::model::{
    TextKind, embeddings_request, phrase_request, read_embeddings, read_phrase, rerank,
};
use turno_knowledge::AnswerForm;
use turno_model::Language;

#[expect(clippy::disallowed_types, reason = "held between two requests of the bot, never over one")]
type Lock<T> = std::sync::Mutex<T>;

/// How long an answer to a citizen may wait for the model.
pub const ANSWER_SPAN: Duration = Duration::from_millis(1_500);
/// How long a batch of cards may take; nobody waits for it.
const LEARN_SPAN: Duration = Duration::from_secs(60);
/// How many cards are sent at once.
const BATCH: usize = 8;
/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// After so many failures in a row it is left alone.
const FAILURES_MAX: u32 = 3;
/// For how many seconds first; each further failure doubles it.
const PAUSE_SECS: i64 = 30;
/// The longest such pause.
const PAUSE_SECS_MAX: i64 = 600;

/// Where the model is and what it is called.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address before `/embeddings` and `/chat/completions`, such as `http://127.0.0.1:8080/v1`.
    pub base_url: String,
    /// The key for `Authorization: Bearer`, if it wants one.
    pub key: Option<String>,
    /// The model that puts procedures into order, by embeddings; `None`: none does.
    pub embeddings: Option<String>,
    /// Whether the model is told which texts are questions and which are cards (`input_type`).
    pub tells_kinds: bool,
    /// The model that says a card in other words; `None`: none does.
    pub phrases: Option<String>,
    /// How long an answer may take.
    pub answer_span: Duration,
}

/// Shows no key.
impl core::fmt::Debug for Settings {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { base_url, embeddings, phrases, answer_span, .. } = self;
        write!(f, "Settings({base_url}, {embeddings:?}, {phrases:?}, {answer_span:?})")
    }
}

/// What became of questions to the model, for the metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answers that came in time and were right in form.
    pub answered: u64,
    /// Answers that did not.
    pub failed: u64,
    /// Questions that were not asked, because the model is left alone.
    pub spared: u64,
    /// Phrases that were thrown away, because they said more than the card.
    pub refused: u64,
}

/// A model. Its methods block for at most the limit; they must not be called on a thread of the runtime.
pub struct Model {
    client: Client,
    settings: Settings,
    runtime: Handle,
    clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    state: Lock<State>,
}

#[derive(Default)]
struct State {
    /// The vector of each card, with the text that it was made of.
    cards: Arc<BTreeMap<String, Vec<f32>>>,
    passages: BTreeMap<String, String>,
    failures: u32,
    left_alone_until: Millis,
    counts: Counts,
}

impl Model {
    /// A model that is asked over `runtime`.
    ///
    /// # Errors
    /// Why there can't be one.
    pub fn new(
        settings: Settings,
        runtime: Handle,
        clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    ) -> Result<Self, String> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .user_agent(concat!("turno/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|why| format!("no HTTP client: {why}"))?;
        Ok(Self { client, settings, runtime, clock, state: Lock::default() })
    }

    /// Makes the vectors of these cards (names with the texts of [`passage`](turno_channels::bot::model::passage)), of those that
    /// are new or have changed. Cards that are not among them are forgotten. It takes as long as the model takes, and gives up at
    /// the first batch that fails; says how many cards have a vector then.
    pub fn learn(&self, cards: &[(String, String)]) -> usize {
        let Some(model) = self.settings.embeddings.clone() else { return 0 };
        let (known, passages) = {
            let state = self.state();
            (Arc::clone(&state.cards), state.passages.clone())
        };
        let (old, new): (Vec<_>, Vec<_>) =
            cards.iter().partition(|(id, text)| passages.get(id) == Some(text));
        let mut vectors: BTreeMap<String, Vec<f32>> =
            old.iter().filter_map(|(id, _)| Some((id.clone(), known.get(id)?.clone()))).collect();
        for batch in new.chunks(BATCH) {
            let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
            let body = embeddings_request(&model, &texts, self.kind(TextKind::Passage));
            let answer = self.runtime.block_on(self.post("embeddings", &body, LEARN_SPAN));
            let Some(read) = answer.ok().and_then(|answer| read_embeddings(&answer, texts.len())) else {
                break;
            };
            vectors.extend(batch.iter().map(|(id, _)| id.clone()).zip(read));
        }
        let mut state = self.state();
        state.passages = cards.iter().filter(|(id, _)| vectors.contains_key(id)).cloned().collect();
        state.cards = Arc::new(vectors);
        state.cards.len()
    }

    /// The answer of a search in a better order; as it was, if the model does not answer in time.
    #[must_use]
    pub fn rerank(&self, answer: AnswerForm) -> AnswerForm {
        let cards = Arc::clone(&self.state().cards);
        let Some(model) = self.settings.embeddings.as_ref().filter(|_| !cards.is_empty()) else {
            return answer;
        };
        let body =
            embeddings_request(model, core::slice::from_ref(&answer.question), self.kind(TextKind::Query));
        match self.ask("embeddings", &body, |bytes| read_embeddings(bytes, 1)) {
            Some(vectors) => rerank(answer, &vectors[0], &cards),
            None => answer,
        }
    }

    /// A card in other words for this question; `None`: the card alone.
    #[must_use]
    pub fn phrase(&self, question: &str, card: &str, language: Language) -> Option<String> {
        let model = self.settings.phrases.as_ref()?;
        let body = phrase_request(model, question, card, language);
        let answer = self.ask("chat/completions", &body, |bytes| Some(bytes.to_vec()))?;
        let phrase = read_phrase(&answer, card);
        if phrase.is_none() {
            self.state().counts.refused += 1;
        }
        phrase
    }

    /// What became of questions so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    fn kind(&self, kind: TextKind) -> Option<TextKind> {
        self.settings.tells_kinds.then_some(kind)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks within the limit, unless the model is left alone.
    fn ask<T>(&self, path: &str, body: &Value, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        {
            let mut state = self.state();
            if (self.clock)() < state.left_alone_until {
                state.counts.spared += 1;
                return None;
            }
        }
        let span = self.settings.answer_span;
        let answer = self
            .runtime
            .block_on(self.post(path, body, span))
            .and_then(|bytes| read(&bytes).ok_or_else(|| "an answer of another form".to_owned()));
        let mut state = self.state();
        match answer {
            Ok(read) => {
                state.failures = 0;
                state.counts.answered += 1;
                Some(read)
            }
            Err(why) => {
                state.failures += 1;
                state.counts.failed += 1;
                if let Some(doubled) = state.failures.checked_sub(FAILURES_MAX) {
                    let pause = (PAUSE_SECS << doubled.min(5)).min(PAUSE_SECS_MAX);
                    state.left_alone_until = (self.clock)().plus_secs(pause);
                    tracing::warn!("the bot's model is left alone for {pause} s: {why}");
                }
                None
            }
        }
    }

    async fn post(&self, path: &str, body: &Value, span: Duration) -> Result<Vec<u8>, String> {
        let url = format!("{}/{path}", self.settings.base_url.trim_end_matches('/'));
        let mut request =
            self.client.post(url).header("content-type", "application/json").body(body.to_string());
        if let Some(key) = &self.settings.key {
            request = request.bearer_auth(key);
        }
        let answered = async {
            // The innermost cause would name the address, which may hold a secret.
            let mut answer = request.send().await.map_err(|error| reason(&error))?;
            if !answer.status().is_success() {
                return Err(format!("answered {}", answer.status().as_u16()));
            }
            let mut bytes = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(|error| reason(&error))? {
                if bytes.len() + part.len() > ANSWER_BYTES_MAX {
                    return Err("an answer of more than 4 MiB".to_owned());
                }
                bytes.extend_from_slice(&part);
            }
            Ok(bytes)
        };
        tokio::time::timeout(span, answered).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }
}

fn reason(error: &reqwest::Error) -> String {
    if error.is_connect() { "it can't be reached".to_owned() } else { "the connection broke".to_owned() }
}
