//! The connector between a post and the double of the platform.
#![expect(clippy::disallowed_types, reason = "the post is asked by several tasks at once")]

#[allow(unreachable_pub, dead_code, reason = "public where other suites use it")]
#[path = "../../../../tests/src/platform/mod.rs"]
mod platform;

mod incoming;
mod outgoing;
mod pace;
mod pywa;

use core::sync::atomic::{AtomicI64, Ordering};
use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use turno_channels::whatsapp::Wording;
use turno_channels::{
    Address, Body, ConversationId, Elsewhere, FileHere, Incoming, Letter, MessageId, Millis, NotTaken,
    Outcome, Post, Report, Taken,
};
use turno_connectors::whatsapp::{Settings, WhatsApp, run};
use turno_ground::Secret;
use turno_model::Channel;

use platform::Platform;

const SECRET: &str = "the app's secret";

/// What a keeper of conversations has.
#[derive(Default)]
struct Kept {
    incoming: Vec<Incoming>,
    reports: Vec<Report>,
    names: Vec<(MessageId, String)>,
    moved: Vec<(Address, Address)>,
    files: BTreeMap<i64, FileHere>,
    elsewhere: Vec<Elsewhere>,
    letters: VecDeque<Letter>,
    later: BTreeMap<i64, (i64, Letter)>,
    leaving: BTreeMap<i64, Letter>,
    settled: Vec<(MessageId, Outcome)>,
    is_full: bool,
}

/// A post in memory.
#[derive(Default)]
struct Keeper {
    kept: Mutex<Kept>,
    news: Condvar,
    /// Something was settled, taken or fetched.
    changes: Notify,
    now: Arc<AtomicI64>,
}

impl Keeper {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn write(&self, letter: Letter) {
        self.kept().letters.push_back(letter);
        self.news.notify_all();
    }

    fn settled(&self) -> Vec<(MessageId, Outcome)> {
        self.kept().settled.clone()
    }
}

impl Post for Keeper {
    fn take(&self, incoming: Incoming) -> Result<Taken, NotTaken> {
        let mut kept = self.kept();
        if kept.is_full {
            return Err(NotTaken::Later("the disk is full".to_owned()));
        }
        let known = kept.incoming.iter().position(|one| one.external == incoming.external);
        let at = known.unwrap_or(kept.incoming.len());
        if known.is_none() {
            kept.incoming.push(incoming);
        }
        let message = MessageId(i64::try_from(at).expect("few"));
        Ok(Taken { conversation: ConversationId(1), message, again: known.is_some() })
    }

    fn report(&self, report: Report) -> Result<(), NotTaken> {
        self.kept().reports.push(report);
        Ok(())
    }

    fn next(&self, channel: Channel) -> Option<Letter> {
        assert_eq!(channel, Channel::WhatsApp);
        let now = self.now();
        let mut kept = self.kept();
        let due = kept.later.iter().find(|(_, (due, _))| *due <= now).map(|(number, _)| *number);
        let again = due.and_then(|number| kept.later.remove(&number)).map(|(_, letter)| letter);
        let letter = again.or_else(|| kept.letters.pop_front())?;
        kept.leaving.insert(letter.message.0, letter.clone());
        Some(letter)
    }

    fn settle(&self, message: MessageId, outcome: Outcome) {
        let now = self.now();
        let mut kept = self.kept();
        let mut letter = kept.leaving.remove(&message.0).expect("only what leaves is settled");
        if let Outcome::Later { after_secs, .. } = outcome {
            letter.tries += 1;
            kept.later.insert(message.0, (now + i64::from(after_secs) * 1_000, letter));
        }
        kept.settled.push((message, outcome));
        drop(kept);
        self.changes.notify_one();
    }

    fn wait(&self, _: Channel, most: Duration) {
        let kept = self.kept();
        drop(self.news.wait_timeout(kept, most.min(Duration::from_millis(20))));
    }

    fn named(&self, message: MessageId, external: &str) {
        self.kept().names.push((message, external.to_owned()));
    }

    fn moved(&self, from: &Address, to: &Address) {
        self.kept().moved.push((from.clone(), to.clone()));
    }

    fn elsewhere(&self, _: Channel) -> Vec<Elsewhere> {
        self.kept().elsewhere.clone()
    }

    fn fetched(&self, message: MessageId, file: FileHere) -> Result<(), NotTaken> {
        self.kept().files.insert(message.0, file);
        self.changes.notify_one();
        Ok(())
    }
}

/// A connector that runs, its post and its platform.
struct Stage {
    keeper: Arc<Keeper>,
    platform: Platform,
    whatsapp: Arc<WhatsApp>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
    token_file: PathBuf,
}

impl Stage {
    async fn new(name: &str) -> Self {
        Self::with(name, |_, _, _| {}).await
    }

    async fn with(name: &str, change: impl FnOnce(&mut Settings, &Keeper, &Platform)) -> Self {
        let platform = Platform::start(0, "token").await;
        let token_file = std::env::temp_dir().join(format!("turno-whatsapp-{name}-{}", std::process::id()));
        std::fs::write(&token_file, "token\n").expect("a file");
        let mut settings = Settings {
            number_id: platform::NUMBER.to_owned(),
            base_url: platform.base_url(),
            version: "v25.0".to_owned(),
            token_file: token_file.clone(),
            app_secret: Secret::new(SECRET),
            verify_word: Secret::new("word"),
            per_second: 80,
            file_bytes_max: 1_048_576,
            wording: Wording::default(),
            queue: Some("tramites".to_owned()),
        };
        let keeper = Arc::new(Keeper::default());
        keeper.now.store(1_796_000_000_000, Ordering::SeqCst);
        change(&mut settings, &keeper, &platform);
        let clock = Arc::clone(&keeper);
        let post: Arc<dyn Post> = Arc::clone(&keeper) as Arc<dyn Post>;
        let (whatsapp, work) =
            WhatsApp::new(settings, post, Arc::new(move || Millis(clock.now()))).expect("a connector");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(run(work, stopped));
        Self { keeper, platform, whatsapp, stop, running, token_file }
    }

    /// Time passes for the connector and its post.
    fn pass(&self, secs: i64) {
        self.pass_millis(secs * 1_000);
    }

    fn pass_millis(&self, millis: i64) {
        self.keeper.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// Waits until something is so, with time passing as usual.
    async fn until(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        self.look(what, 10, &mut is_so).await;
    }

    /// Waits until something is so, with time passing a hundred times as fast.
    async fn while_time_passes(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        self.look(what, 1_000, &mut is_so).await;
    }

    async fn look(&self, what: &str, millis: i64, is_so: &mut impl FnMut(&Self) -> bool) {
        for _ in 0..10_000 {
            if is_so(self) {
                return;
            }
            self.pass_millis(millis);
            let _ = timeout(Duration::from_millis(10), self.keeper.changes.notified()).await;
        }
        panic!("not so: {what}; {:?}", self.keeper.settled());
    }

    /// Stops the connector, and asserts that all requests had their form.
    async fn end(self) {
        self.stop.send_replace(true);
        self.running.await.expect("it ends");
        assert_eq!(self.platform.faults(), Vec::<String>::new());
        let _ = std::fs::remove_file(&self.token_file);
    }
}

fn person(number: u32) -> Address {
    Address::WhatsApp { number: Some(format!("5939900{number:05}")), user: None }
}

fn letter(message: i64, to: Address, body: Body) -> Letter {
    Letter {
        message: MessageId(message),
        conversation: ConversationId(1),
        address: to,
        body,
        file: None,
        subject: None,
        earlier: Vec::new(),
        person_wrote: None,
        tries: 0,
        is_automatic: false,
    }
}

fn text(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}
