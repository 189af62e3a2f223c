//! The answers of the control socket: lists of contacts, the trace of one contact, the result of a reload.

use std::sync::Arc;

use core::time::Duration;

use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use turno_control::{Answer, Ask, Request, What};
use turno_model::{ContactId, Done, Fact, Plan, Refusal, Spoken, Why};
use turno_trace::{Assembler, ContactTrace, End, Entry, Numbers};

use crate::clock::Clock;
use crate::control::look_up::{Found, each, look_up};
use crate::control::writing::{fault, give, give_text, is_gone};
use crate::control::{acting, bans, facts, listed, skills, waiting};
use crate::engine_thread::inbox::Inbox;
use crate::facts::batch::Facts;
use crate::facts::trace_store::{News, TraceStore};
use crate::hand_over::admitted::HandOvers;
use crate::reload::current_plan::CurrentPlan;
use crate::reload::hot_reload::HotReload;
use crate::reload::{NotApplied, Reload, Waits};

/// How long to wait for the last figures and messages after a contact's end.
const AFTER_END_SPAN: Duration = Duration::from_secs(2);

/// Interval of the check on an idle follower: is the reader still connected, is the contact over?
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// The parts of turno that answers come from.
pub(crate) struct ControlApi {
    in_force: CurrentPlan,
    kept: Option<Arc<TraceStore>>,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    pub(crate) hand_overs: HandOvers,
    reload: Reload,
}

impl ControlApi {
    /// Traces come from `kept`, if the plan keeps any.
    pub(crate) fn new(kept: Option<Arc<TraceStore>>, hand_overs: &HandOvers, reload: Reload) -> Self {
        let HotReload { in_force, clock, inbox, .. } = reload.in_place.clone();
        Self { in_force, kept, clock, inbox, hand_overs: hand_overs.clone(), reload }
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request, write: &mut OwnedWriteHalf) {
        let inbox = self.inbox.clone();
        let answer = match request {
            Request::Trace(ask) => return self.trace(&ask, write).await,
            Request::Facts(ask) => {
                let stream = Arc::clone(self.reload.in_place.facts.stream());
                return facts::tell(stream, ask, &self.in_force, write).await;
            }
            Request::Reload => return self.reload(write).await,
            Request::Language => Ok(Answer::Language(self.in_force.plan().language)),
            Request::Bans => tokio::task::spawn_blocking(move || bans::list(&inbox)).await,
            Request::CallerLists(ask) => {
                let plan = self.in_force.plan();
                tokio::task::spawn_blocking(move || listed::list(&ask, &plan, &inbox)).await
            }
            Request::Skills(agent) => {
                let plan = self.in_force.plan();
                tokio::task::spawn_blocking(move || skills::list(agent.as_deref(), &plan, &inbox)).await
            }
            Request::Callbacks(numbers) => {
                let plan = self.in_force.plan();
                tokio::task::spawn_blocking(move || waiting::callbacks(numbers, &plan, &inbox)).await
            }
            Request::Breaks => {
                let plan = self.in_force.plan();
                tokio::task::spawn_blocking(move || waiting::breaks(&plan, &inbox)).await
            }
            Request::Act(spoken) => self.act(inbox, (spoken, None)).await,
            Request::ActWithReason(spoken, why) => self.act(inbox, (spoken, Some(why.into()))).await,
            // The hand-over has its own thread and is not answered here.
            Request::TakeOver(_) => return,
        };
        give(write, &answer.unwrap_or_else(|_| fault())).await;
    }

    /// The plan in force.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        self.in_force.plan()
    }

    /// Sends a command to the engine and waits for its answer; blocks.
    pub(crate) fn obey(&self, asked: (Spoken, Why)) -> Result<Done, Refusal> {
        acting::obey(asked, &self.plan(), &self.inbox, &self.hand_overs)
    }

    /// Answers a request for a list; blocks.
    pub(crate) fn tell_list(&self, request: Request) -> Answer {
        match request {
            Request::Bans => bans::list(&self.inbox),
            Request::CallerLists(ask) => listed::list(&ask, &self.plan(), &self.inbox),
            Request::Skills(agent) => skills::list(agent.as_deref(), &self.plan(), &self.inbox),
            Request::Callbacks(numbers) => waiting::callbacks(numbers, &self.plan(), &self.inbox),
            Request::Breaks => waiting::breaks(&self.plan(), &self.inbox),
            Request::Language => Answer::Language(self.plan().language),
            Request::Trace(_)
            | Request::Facts(_)
            | Request::Reload
            | Request::Act(_)
            | Request::ActWithReason(..)
            | Request::TakeOver(_) => fault(),
        }
    }

    /// The trace of a contact as far as it is now, or one refusal; blocks.
    pub(crate) fn whole_trace(&self, ask: &Ask) -> Vec<Answer> {
        let Some(kept) = &self.kept else { return vec![Answer::Refused(NOTHING_KEPT.to_owned())] };
        let plan = told_in(self.plan(), ask);
        match look_up(kept, &plan, &ask.what, ask.numbers) {
            // A number is a whole one here: another contact's trace is no answer.
            Found::Contact(contact) if ask.what != What::Contact(contact.0.to_string()) => {
                vec![Answer::Refused("no such contact is kept".to_owned())]
            }
            Found::Contact(contact) => {
                let Some(past) = kept.past(Some(contact), false) else {
                    return vec![Answer::Busy(TOO_MANY.to_owned())];
                };
                let facts = each(&past.facts);
                let messages = past.captured_messages.iter();
                let story = ContactTrace::gather_with(contact, facts, messages, &plan, ask.numbers);
                story.entries().map(Answer::Entry).collect()
            }
            Found::Rows(rows) => vec![Answer::Rows(rows)],
            Found::Refused(why) => vec![Answer::Refused(why)],
        }
    }

    /// Reads the plan again; blocks. The differences, and the outcome.
    pub(crate) fn reload_now(&self) -> (Vec<String>, Answer) {
        let mut told = Vec::new();
        let answer = match self.reload.apply(Waits::ForNobody, |differences| told = differences) {
            Ok(applied) => Answer::Applied(applied.line),
            Err(NotApplied::Plan(why)) => Answer::Refused(why.join("\n")),
            Err(NotApplied::Successor(why)) => Answer::NoSuccessor(why.join("\n")),
        };
        (told, answer)
    }

    /// What a reload would change, and which of it needs a successor.
    ///
    /// # Errors
    /// Why the plan can't be read, or another reload is under way.
    pub(crate) fn plan_differences(&self) -> Result<(Vec<String>, Vec<String>), String> {
        self.reload.differences().map_err(|why| why.lines().join("\n"))
    }

    /// Sends a command to the engine, and waits for its answer on another thread.
    async fn act(&self, inbox: Inbox, asked: (Spoken, Why)) -> Result<Answer, tokio::task::JoinError> {
        let (plan, hand_overs) = (self.in_force.plan(), self.hand_overs.clone());
        let obeyed =
            tokio::task::spawn_blocking(move || acting::obey(asked, &plan, &inbox, &hand_overs)).await?;
        Ok(obeyed.map_or_else(Answer::NotDone, Answer::Done))
    }

    /// Writes a list of contacts, or the trace of one.
    async fn trace(&self, ask: &Ask, write: &mut OwnedWriteHalf) {
        let Some(kept) = self.kept.clone() else {
            give(write, &Answer::Refused(NOTHING_KEPT.to_owned())).await;
            return;
        };
        if ask.what == What::Next {
            self.next(&kept, ask, write).await;
            return;
        }
        // This searches thousands of facts, so it must not run on the thread that serves SIP over TCP.
        let (plan, what, numbers) = (told_in(self.in_force.plan(), ask), ask.what.clone(), ask.numbers);
        let (looking, names) = (Arc::clone(&kept), Arc::clone(&plan));
        let found = tokio::task::spawn_blocking(move || look_up(&looking, &names, &what, numbers)).await;
        match found {
            Ok(Found::Rows(rows)) => {
                give(write, &Answer::Rows(rows)).await;
            }
            Ok(Found::Contact(contact)) if ask.follow => {
                self.follow(&kept, contact, (&plan, ask.numbers), write).await;
            }
            Ok(Found::Contact(contact)) => self.tell(&kept, contact, (plan, ask.numbers), write).await,
            Ok(Found::Refused(why)) => {
                give(write, &Answer::Refused(why)).await;
            }
            Err(_) => {
                give(write, &fault()).await;
            }
        }
    }

    /// Writes the differences before anything is changed, then the result of the reload.
    async fn reload(&self, write: &mut OwnedWriteHalf) {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let reload = self.reload.clone();
        let applied = tokio::task::spawn_blocking(move || {
            reload.apply(Waits::ForNobody, |differences| {
                let _ = tell.send(differences);
            })
        });
        while let Some(differences) = told.recv().await {
            give(write, &Answer::Differences(differences)).await;
        }
        // If a successor serves, this turno ends when `_said` is dropped: after the answer.
        let (answer, _said) = match applied.await {
            Ok(Ok(applied)) => (Answer::Applied(applied.line), applied.said),
            Ok(Err(NotApplied::Plan(why))) => (Answer::Refused(why.join("\n")), None),
            Ok(Err(NotApplied::Successor(why))) => (Answer::NoSuccessor(why.join("\n")), None),
            Err(_) => (fault(), None),
        };
        give(write, &answer).await;
    }

    /// Writes the trace of a contact.
    async fn tell(
        &self,
        kept: &Arc<TraceStore>,
        contact: ContactId,
        (plan, numbers): (Arc<Plan>, Numbers),
        write: &mut OwnedWriteHalf,
    ) {
        let kept = Arc::clone(kept);
        let lines = tokio::task::spawn_blocking(move || {
            let past = kept.past(Some(contact), false)?;
            let story = ContactTrace::gather_with(
                contact,
                each(&past.facts),
                past.captured_messages.iter(),
                &plan,
                numbers,
            );
            Some(lines(story.entries()))
        });
        if let Ok(Some(lines)) = lines.await {
            give_text(write, &lines).await;
        }
    }

    /// Writes the trace of a contact, and then what happens until it ends.
    async fn follow(
        &self,
        kept: &TraceStore,
        contact: ContactId,
        (plan, numbers): (&Plan, Numbers),
        write: &mut OwnedWriteHalf,
    ) {
        let Some(past) = kept.past(Some(contact), true) else {
            give(write, &Answer::Busy(TOO_MANY.to_owned())).await;
            return;
        };
        let mut assembler = Assembler::new(contact, plan, numbers);
        let told = lines(assembler.hear(each(&past.facts), past.captured_messages.iter()).into_iter());
        drop((past.facts, past.captured_messages));
        let Some(news) = past.news else { return };
        if give_text(write, &told).await {
            self.go_on(assembler, news, write).await;
        }
    }

    /// Waits for the next contact and follows it.
    async fn next(&self, kept: &TraceStore, ask: &Ask, write: &mut OwnedWriteHalf) {
        let Some(Some(mut news)) = kept.past(None, true).map(|past| past.news) else {
            give(write, &Answer::Busy(TOO_MANY.to_owned())).await;
            return;
        };
        if !give(write, &Answer::Waiting).await {
            return;
        }
        loop {
            match timeout(LOOK_INTERVAL, news.recv()).await {
                Ok(None) => {
                    give(write, &Answer::LostPlace).await;
                    return;
                }
                Ok(Some(batch)) => {
                    if let Some(contact) = first_arrival(&batch.facts) {
                        let plan = told_in(self.in_force.plan(), ask);
                        let mut assembler = Assembler::new(contact, &plan, ask.numbers);
                        let told = hear(&mut assembler, &batch);
                        if give_text(write, &told).await {
                            self.go_on(assembler, news, write).await;
                        }
                        return;
                    }
                }
                Err(_) if is_gone(write) => return,
                Err(_) => {}
            }
        }
    }

    /// Writes new entries until the contact has ended, the reader has disconnected or has fallen too far behind.
    async fn go_on(
        &self,
        mut assembler: Assembler<'_>,
        mut news: Receiver<Arc<News>>,
        write: &mut OwnedWriteHalf,
    ) {
        loop {
            let over = assembler.over_at().is_some_and(|at| self.clock.now().since(at) >= AFTER_END_SPAN);
            if over || assembler.is_complete() || assembler.is_full() {
                let missing = assembler.is_full().then(|| "the rest is left out: it is too long".to_owned());
                let end = End { is_over: assembler.over_at().is_some(), missing };
                give(write, &Answer::Entry(Entry::End(end))).await;
                return;
            }
            match timeout(LOOK_INTERVAL, news.recv()).await {
                Ok(Some(batch)) => {
                    let told = hear(&mut assembler, &batch);
                    if !told.is_empty() && !give_text(write, &told).await {
                        return;
                    }
                }
                Ok(None) => {
                    give(write, &Answer::LostPlace).await;
                    return;
                }
                Err(_) if is_gone(write) => return,
                Err(_) => {}
            }
        }
    }
}

/// The plan with the language of the traces: the one that was asked for, else the site's, else the reader's.
fn told_in(plan: Arc<Plan>, ask: &Ask) -> Arc<Plan> {
    let language = ask.language.or(plan.language).or(ask.locale);
    if language == plan.language { plan } else { Arc::new(Plan { language, ..(*plan).clone() }) }
}

const NOTHING_KEPT: &str = "nothing is kept: the plan says memory = \"none\" in [trace]";

const TOO_MANY: &str = "too many are following; try again when one of them has ended";

fn first_arrival(facts: &Facts) -> Option<ContactId> {
    facts.iter().find_map(
        |(_, fact)| {
            if let Fact::ContactArrived { contact, .. } = fact { Some(*contact) } else { None }
        },
    )
}

fn hear(assembler: &mut Assembler<'_>, batch: &News) -> String {
    let facts = batch.facts.iter().map(|(at, fact)| (*at, fact));
    lines(assembler.hear(facts, batch.captured_messages.iter()).into_iter())
}

fn lines(entries: impl Iterator<Item = Entry>) -> String {
    entries.map(|entry| Answer::Entry(entry).json() + "\n").collect()
}
