//! Sends what the post has, in order for each person, within the platform's limits.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use turno_channels::whatsapp::{
    Answer, Breaker, Pace, Uploaded, Verdict, is_outside_window, judge, needs_upload, outside_window,
    requests,
};
use turno_channels::{Letter, MessageId, Outcome};
use turno_model::Channel;

use super::number::{WhatsApp, is_stopped, stopped};

/// Letters that are on their way at once: enough for 80 a second at answers of 400 ms.
const FLIGHTS_MAX: usize = 32;
/// How long an idle sender waits before it looks again whether it is stopped.
const IDLE_SPAN: Duration = Duration::from_secs(1);
/// How long at most it sleeps for a limit before it looks at the clock again.
const LOOK_SPAN: Duration = Duration::from_millis(100);

/// A letter that is back.
struct Landed {
    letter: Letter,
    verdict: Verdict,
    /// Its parts that the platform has taken, of how many.
    parts: (usize, usize),
}

/// What the sender knows.
struct Sender {
    whatsapp: Arc<WhatsApp>,
    pace: Pace,
    breaker: Breaker,
    flights: JoinSet<Landed>,
    /// People to whom a letter is on its way.
    busy: BTreeSet<String>,
    /// Letters to such people.
    held: VecDeque<Letter>,
    /// Parts of a letter that the platform has taken before the letter failed for now.
    taken: BTreeMap<MessageId, usize>,
    /// How often the platform has refused a letter for now. Waiting for a limit, or while it is away, is no such try.
    refused: BTreeMap<MessageId, u32>,
    /// Who waits at the post, if somebody still does.
    waits: Option<JoinHandle<()>>,
}

/// Sends until it is stopped.
pub(crate) async fn run(whatsapp: Arc<WhatsApp>, mut stop: watch::Receiver<bool>) {
    let pace = Pace::new(whatsapp.settings.per_second);
    let mut sender = Sender {
        whatsapp,
        pace,
        breaker: Breaker::default(),
        flights: JoinSet::new(),
        busy: BTreeSet::new(),
        held: VecDeque::new(),
        taken: BTreeMap::new(),
        refused: BTreeMap::new(),
        waits: None,
    };
    while !is_stopped(&stop) {
        sender.step(&mut stop).await;
    }
    while let Some(landed) = sender.flights.join_next().await {
        sender.land(landed.ok()).await;
    }
    for letter in core::mem::take(&mut sender.held) {
        sender.settle(&letter, later(1, "turno stops")).await;
    }
}

fn later(after_secs: u32, why: &str) -> Outcome {
    Outcome::Later { after_secs, why: why.to_owned() }
}

impl Sender {
    /// Lets one letter leave, or waits until something changes.
    async fn step(&mut self, stop: &mut watch::Receiver<bool>) {
        while let Some(landed) = self.flights.try_join_next() {
            self.land(landed.ok()).await;
        }
        let now = self.whatsapp.now();
        let wait = self.pace.wait(now).max(self.breaker.wait(now)).map(Duration::from_millis);
        let is_held_up =
            self.held.len() >= FLIGHTS_MAX && self.held.iter().all(|letter| self.is_busy(letter));
        let is_full = self.flights.len() >= FLIGHTS_MAX || is_held_up;
        if wait.is_some() || is_full {
            let span = wait.unwrap_or(LOOK_SPAN).min(LOOK_SPAN);
            return self.pause(tokio::time::sleep(span), stop).await;
        }
        if let Some(letter) = self.next().await {
            return self.begin(letter).await;
        }
        let post = Arc::clone(&self.whatsapp.post);
        // A letter may be due while another one is on its way, so what lands does not end the wait.
        let wait = move || post.wait(Channel::WhatsApp, IDLE_SPAN);
        let mut waits = self.waits.take().unwrap_or_else(|| spawn_blocking(wait));
        self.pause(async { drop((&mut waits).await) }, stop).await;
        self.waits = Some(waits).filter(|waits| !waits.is_finished());
    }

    async fn pause(&mut self, until: impl Future<Output = ()>, stop: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = until => {}
            Some(landed) = self.flights.join_next() => self.land(landed.ok()).await,
            () = stopped(stop) => {}
        }
    }

    /// The next letter to somebody to whom none is on its way.
    async fn next(&mut self) -> Option<Letter> {
        if let Some(at) = self.held.iter().position(|letter| !self.is_busy(letter)) {
            return self.held.remove(at);
        }
        loop {
            let post = Arc::clone(&self.whatsapp.post);
            let letter = spawn_blocking(move || post.next(Channel::WhatsApp)).await.ok()??;
            if !self.is_busy(&letter) {
                return Some(letter);
            }
            self.held.push_back(letter);
            if self.held.len() >= FLIGHTS_MAX {
                return None;
            }
        }
    }

    fn is_busy(&self, letter: &Letter) -> bool {
        self.busy.contains(letter.address.key())
    }

    /// Sends a letter, or says at once what becomes of it.
    async fn begin(&mut self, letter: Letter) {
        let now = self.whatsapp.now();
        if is_outside_window(&letter, now) {
            return self.settle(&letter, outside_window()).await;
        }
        let key = letter.address.key().to_owned();
        if let Some(wait) = self.pace.wait_for(&key, now) {
            let secs = u32::try_from(wait.div_ceil(1_000)).unwrap_or(u32::MAX);
            return self.settle(&letter, later(secs, "WhatsApp's limit of messages to one person")).await;
        }
        // The file's name is not known yet, and changes nothing about the number of requests.
        let planned =
            requests(&letter, &self.whatsapp.settings.wording, Some(&Uploaded(String::new())), None);
        let planned = match planned {
            Ok(planned) => planned.len(),
            Err(why) => return self.settle(&letter, Outcome::Failed { why: why.to_owned() }).await,
        };
        let taken = self.taken.get(&letter.message).copied().unwrap_or(0).min(planned.saturating_sub(1));
        self.pace.spend(&key, u32::try_from(planned - taken).unwrap_or(u32::MAX), now);
        self.breaker.tries();
        self.busy.insert(key);
        let tries = self.refused.get(&letter.message).copied().unwrap_or(0);
        self.flights.spawn(fly(Arc::clone(&self.whatsapp), letter, (taken, tries)));
    }

    /// Settles what has come back.
    async fn land(&mut self, landed: Option<Landed>) {
        // A flight that has panicked is our bug; its person would stay busy for ever.
        let Some(Landed { letter, verdict, parts: (taken, of) }) = landed else {
            self.busy.clear();
            self.breaker.failed(self.whatsapp.now());
            return;
        };
        let now = self.whatsapp.now();
        let key = letter.address.key().to_owned();
        self.busy.remove(&key);
        if verdict.is_away {
            self.breaker.failed(now);
        } else {
            self.breaker.worked();
        }
        self.whatsapp.counts.stands(self.breaker.is_away());
        if let Some(hold) = verdict.hold {
            self.pace.hold(hold.scope, &key, now.plus_secs(hold.secs.into()));
        }
        let is_sent = matches!(verdict.outcome, Outcome::Sent { .. });
        if (is_sent || verdict.is_alarm) && self.whatsapp.counts.alarm(verdict.is_alarm) {
            tracing::error!("WhatsApp needs somebody to look at the account: {:?}", verdict.outcome);
        }
        if verdict.is_alarm && self.whatsapp.client.read_token_again() {
            self.pace = Pace::new(self.whatsapp.settings.per_second);
            tracing::info!("WhatsApp's access token was read again");
        }
        let mut outcome = verdict.outcome;
        if let Outcome::Failed { why } = &mut outcome
            && taken > 0
        {
            *why = format!("only {taken} of {of} parts have arrived: {why}");
        }
        self.taken.remove(&letter.message);
        if !matches!(outcome, Outcome::Later { .. }) {
            self.refused.remove(&letter.message);
        } else if !verdict.is_away {
            *self.refused.entry(letter.message).or_default() += 1;
        }
        if matches!(outcome, Outcome::Later { .. }) && taken > 0 {
            self.taken.insert(letter.message, taken);
        }
        self.settle(&letter, outcome).await;
    }

    async fn settle(&self, letter: &Letter, outcome: Outcome) {
        self.whatsapp.counts.outcome(&outcome);
        let (post, message) = (Arc::clone(&self.whatsapp.post), letter.message);
        if spawn_blocking(move || post.settle(message, outcome)).await.is_err() {
            tracing::error!(message = message.0, "what became of a letter could not be noted");
        }
    }
}

/// Sends the requests of a letter that are not taken yet, one after the other.
async fn fly(whatsapp: Arc<WhatsApp>, letter: Letter, (mut taken, tries): (usize, u32)) -> Landed {
    let (answer, of) = send(&whatsapp, &letter, &mut taken).await;
    if let Some(code) = answer.failure() {
        whatsapp.counts.fails(&code);
    }
    let verdict = judge(&answer, tries);
    Landed { letter, verdict, parts: (taken, of) }
}

async fn send(whatsapp: &Arc<WhatsApp>, letter: &Letter, taken: &mut usize) -> (Answer, usize) {
    let mut uploaded = None;
    if let Some(file) = &letter.file
        && needs_upload(letter)
        && *taken == 0
    {
        whatsapp.counts.requests();
        match whatsapp.client.upload(file).await {
            Ok(name) => uploaded = Some(name),
            Err(answer) => return (answer, 1),
        }
    }
    let uploaded = uploaded.unwrap_or_else(|| Uploaded(String::new()));
    let all: Vec<Value> =
        requests(letter, &whatsapp.settings.wording, Some(&uploaded), None).unwrap_or_default();
    let mut answer = Answer::Unreached("there was nothing to send".to_owned());
    for request in all.iter().skip(*taken) {
        whatsapp.counts.requests();
        answer = whatsapp.client.send(request).await;
        let Answer::Taken(external) = &answer else { break };
        *taken += 1;
        if *taken < all.len() {
            let (post, message, external) = (Arc::clone(&whatsapp.post), letter.message, external.clone());
            let _ = spawn_blocking(move || post.named(message, &external)).await;
        }
    }
    (answer, all.len())
}
