//! A simulated agent: registers, answers, holds now and then, goes for a break, and sometimes misses a call.

use core::time::Duration;

use tokio::sync::{mpsc, watch};
use turno_ground::{Moment, Timers};
use turno_phone::{CallId, PhoneEvent};

use crate::demo::ear::Order;
use crate::demo::handset::Handset;
use crate::demo::news::News;
use crate::demo::speed::Speed;

/// How long a dialled feature code is listened to before the agent hangs up.
const CODE_SPAN: Duration = Duration::from_millis(1_500);
/// How long a phone may take to leave.
const LEAVE_SPAN: Duration = Duration::from_millis(800);
/// One call in so many is not answered.
const MISSED_ONE_IN: u64 = 40;
/// One call in so many is put on hold.
const HELD_ONE_IN: u64 = 8;

/// What an agent dials.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    /// To log in after registering, if that does not happen by itself.
    pub(crate) log_in: Option<String>,
    /// To be ready again.
    pub(crate) ready: String,
    /// To go for a break, each with its reason.
    pub(crate) breaks: Vec<String>,
}

/// What an agent means to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Todo {
    /// Pick up.
    Answer(CallId),
    /// Ask the caller to wait.
    Hold(CallId),
    /// Come back to the caller.
    Resume(CallId),
    /// Stop listening to a confirmation.
    HangUp(CallId),
    /// Go for a break.
    Break,
    /// Come back from it.
    Return,
}

/// A simulated agent.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) number: usize,
    pub(crate) handset: Handset,
    pub(crate) codes: Codes,
    pub(crate) speed: Speed,
    /// Tells a caller that somebody said hello, by the caller's number.
    pub(crate) hellos: mpsc::UnboundedSender<String>,
}

struct Mind {
    todos: Timers<Todo>,
    caller: Option<(CallId, String)>,
    logged_in: bool,
}

impl Agent {
    /// Works until `stop` turns true.
    pub(crate) async fn work(mut self, mut stop: watch::Receiver<bool>) {
        let mut mind = Mind { todos: Timers::new(1), caller: None, logged_in: false };
        // Twenty phones that wake up together after a power cut are another test; these come one after the other.
        let arrive = Duration::from_millis(30 * self.number as u64);
        tokio::time::sleep(arrive).await;
        let now = self.handset.clock.now();
        self.handset.phone().register(now);
        let first = self.speed.between(300.0, 4_000.0, &mut self.handset.rng);
        mind.todos.set(Todo::Break, self.handset.clock.now() + first);
        while !*stop.borrow() {
            let due = mind.todos.next_deadline();
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.handset.step(due) => {}
            }
            while let Some(event) = self.handset.event() {
                self.react(&mut mind, event);
            }
            let now = self.handset.clock.now();
            while let Some((_, todo)) = mind.todos.pop_due(now) {
                self.act(&mut mind, todo, now);
            }
        }
        self.leave(mind).await;
    }

    fn react(&mut self, mind: &mut Mind, event: PhoneEvent) {
        let now = self.handset.clock.now();
        match event {
            PhoneEvent::Registered => {
                self.handset.tell(News::Registered(self.number));
                if !core::mem::replace(&mut mind.logged_in, true)
                    && let Some(code) = self.codes.log_in.clone()
                {
                    self.handset.phone().call(&code, now);
                }
            }
            PhoneEvent::Unregistered => self.handset.tell(News::Unregistered(self.number)),
            PhoneEvent::RegistrationFailed(status) => {
                self.handset.tell(News::RegistrationFailed(self.number, status));
            }
            PhoneEvent::Incoming { call, caller, .. } => {
                mind.caller = Some((call, caller));
                if self.handset.rng.below(MISSED_ONE_IN) != 0 {
                    let delay = self.speed.between(1.0, 5.0, &mut self.handset.rng);
                    mind.todos.set(Todo::Answer(call), now + delay);
                }
            }
            PhoneEvent::Answered { call, .. } => self.answered(mind, call, now),
            PhoneEvent::Held { call } => {
                let span = self.speed.between(8.0, 40.0, &mut self.handset.rng);
                mind.todos.set(Todo::Resume(call), now + span);
            }
            PhoneEvent::Ended { call, .. } | PhoneEvent::Refused { call, .. } => {
                for todo in [Todo::Answer(call), Todo::Hold(call), Todo::Resume(call), Todo::HangUp(call)] {
                    mind.todos.cancel(&todo);
                }
                mind.caller.take_if(|(talking, _)| *talking == call);
            }
            PhoneEvent::Ringing { .. }
            | PhoneEvent::Media { .. }
            | PhoneEvent::Resumed { .. }
            | PhoneEvent::HoldRefused { .. }
            | PhoneEvent::TransferResult { .. }
            | PhoneEvent::Confused { .. } => {}
        }
    }

    fn answered(&mut self, mind: &mut Mind, call: CallId, now: Moment) {
        match &mind.caller {
            Some((talking, caller)) if *talking == call => {
                self.handset.order(call, Order::Greeted);
                let _ = self.hellos.send(caller.clone());
                if self.handset.rng.below(HELD_ONE_IN) == 0 {
                    let delay = self.speed.between(20.0, 60.0, &mut self.handset.rng);
                    mind.todos.set(Todo::Hold(call), now + delay);
                }
            }
            Some(_) | None => mind.todos.set(Todo::HangUp(call), now + CODE_SPAN),
        }
    }

    fn act(&mut self, mind: &mut Mind, todo: Todo, now: Moment) {
        let chance = self.handset.rng.number();
        let phone = self.handset.phone();
        let busy = phone.calls_standing() > 0;
        match todo {
            Todo::Answer(call) => phone.answer(call, now),
            Todo::Hold(call) => phone.hold(call, now),
            Todo::Resume(call) => phone.resume(call, now),
            Todo::HangUp(call) => phone.hang_up(call, now),
            Todo::Break | Todo::Return if busy => {
                mind.todos.set(todo, now + self.speed.real(Duration::from_secs(20)));
            }
            Todo::Break => {
                if let Some(code) = pick(&self.codes.breaks, chance) {
                    phone.call(code, now);
                    let span = self.speed.between(300.0, 900.0, &mut self.handset.rng);
                    mind.todos.set(Todo::Return, now + span);
                }
            }
            Todo::Return => {
                phone.call(&self.codes.ready, now);
                let span = self.speed.between(1_800.0, 4_500.0, &mut self.handset.rng);
                mind.todos.set(Todo::Break, now + span);
            }
        }
    }

    /// Ends what stands and takes the registration back.
    async fn leave(mut self, mind: Mind) {
        let now = self.handset.clock.now();
        if let Some((call, _)) = mind.caller {
            self.handset.phone().hang_up(call, now);
        }
        self.handset.phone().unregister(now);
        let end = now + LEAVE_SPAN;
        while self.handset.clock.now() < end {
            self.handset.step(Some(end)).await;
            while let Some(event) = self.handset.event() {
                if event == PhoneEvent::Unregistered {
                    return self.handset.tell(News::Unregistered(self.number));
                }
            }
        }
    }
}

fn pick(codes: &[String], number: u64) -> Option<&String> {
    let count = codes.len() as u64;
    codes.get(usize::try_from(number.checked_rem(count)?).ok()?)
}
