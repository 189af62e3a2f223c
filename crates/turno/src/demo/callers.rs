//! The citizens: they call by the trunk, choose in the menu, wait while their patience lasts, talk, and hang up.

use core::f64::consts::TAU;
use core::time::Duration;
use std::collections::BTreeMap;

use tokio::sync::{mpsc, watch};
use turno_ground::{Moment, Rng, Timers};
use turno_phone::{CallId, Identity, PhoneEvent};

use crate::demo::ear::Order;
use crate::demo::handset::Handset;
use crate::demo::speed::Speed;

/// How long callers wait on average before they give up, in seconds of the site's day.
const PATIENCE_SECS: f64 = 240.0;
/// One caller in so many says nothing to the menu.
const SILENT_ONE_IN: u64 = 6;
/// How long the menu speaks to one who says nothing. Prompts are not hurried by a demo's speed, so neither is who
/// listens to their end.
const PROMPTS_SPAN: Duration = Duration::from_secs(30);
/// Calls come in waves of this length, in seconds of the site's day.
const WAVE_SECS: f64 = 900.0;
/// How much a wave adds at its top and takes at its bottom.
const WAVE_HEIGHT: f64 = 0.45;
/// How long the trunk may take to end its calls.
const LEAVE_SPAN: Duration = Duration::from_millis(800);

const NAMES: [&str; 12] = [
    "Ana Ruiz",
    "Luis Paredes",
    "Rosa Quishpe",
    "Jorge Andrade",
    "Elena Vaca",
    "Pedro Toapanta",
    "Sofia Mena",
    "Diego Salazar",
    "Carmen Llumiquinga",
    "Marco Proaño",
    "Lucia Cevallos",
    "Hugo Tipan",
];

/// The citizens, and the one line by which they come.
#[derive(Debug)]
pub(crate) struct Callers {
    pub(crate) handset: Handset,
    pub(crate) speed: Speed,
    /// What they dial.
    pub(crate) number: String,
    /// What they may press in the menu.
    pub(crate) keys: Vec<char>,
    /// How many come in an hour of the site's day.
    pub(crate) calls_per_hour: f64,
    /// Numbers of callers to whom an agent said hello.
    pub(crate) hellos: mpsc::UnboundedReceiver<String>,
}

/// What a citizen means to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Todo {
    /// The next one picks up the phone.
    Call,
    /// Choose in the menu.
    Press(CallId),
    /// Give up, or say goodbye.
    HangUp(CallId),
}

struct Street {
    todos: Timers<Todo>,
    by_number: BTreeMap<String, CallId>,
    by_call: BTreeMap<CallId, String>,
    opened: Moment,
}

impl Callers {
    /// Calls until `stop` turns true.
    pub(crate) async fn live(mut self, mut stop: watch::Receiver<bool>) {
        let opened = self.handset.clock.now();
        let (by_number, by_call) = (BTreeMap::new(), BTreeMap::new());
        let mut street = Street { todos: Timers::new(1), by_number, by_call, opened };
        street.todos.set(Todo::Call, opened + Duration::from_secs(2));
        while !*stop.borrow() {
            let due = street.todos.next_deadline();
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                hello = self.hellos.recv() => if let Some(number) = hello {
                    self.talk(&mut street, &number);
                },
                () = self.handset.step(due) => {}
            }
            while let Some(event) = self.handset.event() {
                self.react(&mut street, &event);
            }
            let now = self.handset.clock.now();
            while let Some((_, todo)) = street.todos.pop_due(now) {
                self.act(&mut street, todo, now);
            }
        }
        self.leave(street).await;
    }

    fn talk(&mut self, street: &mut Street, number: &str) {
        if let Some(call) = street.by_number.get(number) {
            self.handset.order(*call, Order::Greeted);
            let span = self.speed.talk(&mut self.handset.rng);
            street.todos.set(Todo::HangUp(*call), self.handset.clock.now() + span);
        }
    }

    fn react(&mut self, street: &mut Street, event: &PhoneEvent) {
        match event {
            PhoneEvent::Answered { call, .. } => {
                if self.keys.is_empty() {
                    return;
                }
                if self.handset.rng.below(SILENT_ONE_IN) != 0 {
                    let delay = self.speed.between(3.0, 9.0, &mut self.handset.rng);
                    street.todos.set(Todo::Press(*call), self.handset.clock.now() + delay);
                } else if let Some(at) = street.todos.at(&Todo::HangUp(*call)) {
                    street.todos.set(Todo::HangUp(*call), at + PROMPTS_SPAN);
                }
            }
            PhoneEvent::Ended { call, .. } | PhoneEvent::Refused { call, .. } => {
                street.todos.cancel(&Todo::Press(*call));
                street.todos.cancel(&Todo::HangUp(*call));
                if let Some(number) = street.by_call.remove(call) {
                    street.by_number.remove(&number);
                }
            }
            PhoneEvent::Registered
            | PhoneEvent::Unregistered
            | PhoneEvent::RegistrationFailed(_)
            | PhoneEvent::Incoming { .. }
            | PhoneEvent::Ringing { .. }
            | PhoneEvent::Media { .. }
            | PhoneEvent::Held { .. }
            | PhoneEvent::Resumed { .. }
            | PhoneEvent::HoldRefused { .. }
            | PhoneEvent::TransferResult { .. }
            | PhoneEvent::Confused { .. } => {}
        }
    }

    fn act(&mut self, street: &mut Street, todo: Todo, now: Moment) {
        match todo {
            Todo::Call => {
                let who = somebody(&mut self.handset.rng);
                let call = self.handset.phone().call_as(&who, &self.number, now);
                street.by_call.insert(call, who.number.clone());
                street.by_number.insert(who.number, call);
                let patience = self.speed.exponential(PATIENCE_SECS, &mut self.handset.rng);
                street
                    .todos
                    .set(Todo::HangUp(call), now + patience + self.speed.real(Duration::from_secs(15)));
                let mean = 3_600.0 / self.calls_per_hour / self.wave(now.since(street.opened));
                let pause = self.speed.exponential(mean, &mut self.handset.rng);
                street.todos.set(Todo::Call, now + pause);
            }
            Todo::Press(call) => {
                let at = self.handset.rng.below(self.keys.len() as u64);
                if let Some(key) = usize::try_from(at).ok().and_then(|at| self.keys.get(at)) {
                    self.handset.order(call, Order::Press(*key));
                }
            }
            Todo::HangUp(call) => self.handset.phone().hang_up(call, now),
        }
    }

    /// How many calls come after so long, as a part of the average.
    fn wave(&self, span: Duration) -> f64 {
        1.0 + WAVE_HEIGHT * (TAU * self.speed.day(span).as_secs_f64() / WAVE_SECS).sin()
    }

    /// Everybody hangs up.
    async fn leave(mut self, street: Street) {
        let now = self.handset.clock.now();
        for call in street.by_call.keys() {
            self.handset.phone().hang_up(*call, now);
        }
        let end = now + LEAVE_SPAN;
        while self.handset.clock.now() < end {
            self.handset.step(Some(end)).await;
            while self.handset.event().is_some() {}
        }
    }
}

/// A mobile number of Ecuador and a name.
fn somebody(rng: &mut Rng) -> Identity {
    let number = format!("09{:08}", rng.below(100_000_000));
    let at = usize::try_from(rng.below(NAMES.len() as u64)).unwrap_or_default();
    Identity { number: number.clone(), display: NAMES[at].to_owned(), asserted: Some(number) }
}
