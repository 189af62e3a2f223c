//! A hand-over to a successor by the shell's state tables, with a failure at any step.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Arc;

use turno_engine::{Engine, aligned};
use turno_model::hand_over::{NewAction, NewEvent, NewState, OldAction, OldEvent, OldState};

use crate::action::Mishap;
use crate::life::{Killed, Life};
use crate::world::World;

/// More steps than any hand-over has.
const MOMENTS_MAX: u8 = 64;
/// How often the old turno times out before a silent successor goes on.
const TIME_OUTS: u8 = 3;

/// Who has the journal's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Nobody,
    Old,
    New,
}

/// The old turno and its successor.
#[derive(Debug)]
struct Both {
    old: OldState,
    new: NewState,
    old_lives: bool,
    new_lives: bool,
    /// Whether the old one has closed the connection.
    is_closed: bool,
    to_old: VecDeque<OldEvent>,
    to_new: VecDeque<NewEvent>,
    lock: Holder,
    /// The lock's answer to the successor, which has not read it yet.
    answer: Option<NewEvent>,
    has_read: bool,
    is_silent: bool,
    time_outs: u8,
}

impl World {
    /// A successor starts.
    pub(crate) fn renews(&mut self, mishap: Mishap) {
        // turno checks the journal's folder before a hand-over: with missing files there is none.
        let can_read = self.disk.as_ref().is_some_and(|disk| !disk.is_unsafe());
        if !can_read || self.life != Life::Lives {
            return;
        }
        self.chronicle.bytes(b'h', self.now, &[]);
        let both = Both::live(mishap);
        let (old, new) = (both.old_lives && both.old.serves(), both.new_lives && both.new.serves());
        assert!(old || new, "nobody serves after a hand-over: {both:?}");
        assert!(!(old && new), "two serve after a hand-over: {both:?}");
        self.proves_the_disk();
        if old {
            if both.has_read {
                self.is_only_read();
            }
            return;
        }
        // The media paths are known: nothing was in progress.
        self.heard_at_death = (!self.media.is_short_of_ports()).then(|| self.media.voices());
        self.goes(Killed::Process);
        self.absences.last(self.now, Duration::ZERO);
        self.is_picked_up();
    }

    /// A successor has built its engine and then failed.
    fn is_only_read(&mut self) {
        let Some((read, _)) = self.disk.as_ref().map(crate::disk::Disk::is_read) else { return };
        let plan = Arc::new(aligned(self.site.clone(), read.images()));
        let now = self.clocks.told(self.now);
        let engine = Engine::recover(plan, 1, read.into_images(), now);
        assert!(engine.is_ok(), "a successor can't read what the running engine has written");
    }
}

impl Both {
    fn live(mishap: Mishap) -> Self {
        let mut both = Self {
            old: OldState::Serving,
            new: NewState::Asking,
            old_lives: true,
            new_lives: true,
            is_closed: false,
            to_old: [OldEvent::Asked].into(),
            to_new: VecDeque::new(),
            lock: Holder::Old,
            answer: None,
            has_read: false,
            is_silent: false,
            time_outs: 0,
        };
        for moment in 0..MOMENTS_MAX {
            both.suffers(mishap, moment);
            if !both.goes_on() {
                break;
            }
        }
        both
    }

    fn suffers(&mut self, mishap: Mishap, now: u8) {
        // Once the successor serves, its failures are the service manager's task.
        if self.new.serves() || !self.new_lives {
            return;
        }
        match mishap {
            Mishap::SuccessorFails(at) if at == now => {
                if self.new.after(NewEvent::NotDone).is_ok() {
                    self.new_hears(NewEvent::NotDone);
                } else {
                    self.new_ends();
                }
            }
            Mishap::SuccessorIsKilled(at) if at == now => self.new_ends(),
            Mishap::SuccessorIsSilent(at) if at == now => self.is_silent = true,
            Mishap::OldIsKilled(at) if at == now => self.old_ends(),
            Mishap::Nothing
            | Mishap::SuccessorFails(_)
            | Mishap::SuccessorIsKilled(_)
            | Mishap::SuccessorIsSilent(_)
            | Mishap::OldIsKilled(_) => {}
        }
    }

    /// Does the next step; false if there is none.
    fn goes_on(&mut self) -> bool {
        let old_listens = self.old_lives && !self.is_closed;
        if old_listens {
            let due = match self.old {
                OldState::Quieting => Some(OldEvent::Quiet),
                OldState::Reclaiming if self.lock == Holder::New => Some(OldEvent::LockHeld),
                OldState::Reclaiming => Some(OldEvent::LockTaken),
                OldState::Serving
                | OldState::Offered
                | OldState::Paused
                | OldState::Released
                | OldState::Unsure
                | OldState::Ended => self.to_old.pop_front(),
            };
            let lost = (!self.new_lives).then_some(OldEvent::Lost);
            if let Some(event) = due.or(lost) {
                self.old_hears(event);
                return true;
            }
        }
        if self.is_silent {
            let is_late = old_listens && self.old.span().is_some() && self.time_outs < TIME_OUTS;
            if is_late {
                self.time_outs += 1;
                self.old_hears(OldEvent::TimeOut);
            } else {
                self.is_silent = false;
            }
            return true;
        }
        if !self.new_lives || self.new.serves() {
            return false;
        }
        let due = match self.new {
            NewState::Preparing | NewState::Reading => Some(NewEvent::Done),
            NewState::Locking | NewState::Orphaned => {
                let answer = self.answer.take();
                if answer.is_none() {
                    self.answer = Some(self.takes_lock());
                    return true;
                }
                answer
            }
            NewState::Asking
            | NewState::Ready
            | NewState::WaitingForVoices
            | NewState::Serving
            | NewState::Alone
            | NewState::Failed => self.to_new.pop_front(),
        };
        let lost = (self.is_closed || !self.old_lives).then_some(NewEvent::Lost);
        let Some(event) = due.or(lost) else { return false };
        self.new_hears(event);
        true
    }

    fn takes_lock(&mut self) -> NewEvent {
        if self.lock == Holder::Old {
            return NewEvent::LockHeld;
        }
        self.lock = Holder::New;
        NewEvent::LockTaken
    }

    fn old_hears(&mut self, event: OldEvent) {
        let Ok((state, action)) = self.old.after(event) else {
            self.is_closed = true;
            return;
        };
        self.old = state;
        match action {
            OldAction::OfferSockets => self.to_new.push_back(NewEvent::Offer),
            OldAction::SayGoOn => self.to_new.push_back(NewEvent::GoOn),
            OldAction::Release => {
                self.lock = Holder::Nobody;
                self.to_new.push_back(NewEvent::Voices);
            }
            OldAction::Resume => {
                self.is_closed = true;
                // Only with the lock: then nobody else can serve.
                if event == OldEvent::LockTaken {
                    self.lock = Holder::Old;
                }
            }
            OldAction::End => self.old_ends(),
            OldAction::Quieten | OldAction::TakeLock | OldAction::Wait => {}
        }
    }

    fn new_hears(&mut self, event: NewEvent) {
        let Ok((state, action)) = self.new.after(event) else { return self.new_ends() };
        self.new = state;
        match action {
            NewAction::SayReady => self.to_old.push_back(OldEvent::Ready),
            NewAction::Read => self.has_read = true,
            NewAction::AskVoices => self.to_old.push_back(OldEvent::WantsVoices),
            NewAction::Serve => self.to_old.push_back(OldEvent::Begun),
            NewAction::Fail => self.new_ends(),
            NewAction::Prepare | NewAction::TakeLock | NewAction::StartAlone => {}
        }
    }

    fn old_ends(&mut self) {
        (self.old_lives, self.is_closed) = (false, true);
        if self.lock == Holder::Old {
            self.lock = Holder::Nobody;
        }
    }

    fn new_ends(&mut self) {
        self.new_lives = false;
        if self.lock == Holder::New {
            self.lock = Holder::Nobody;
        }
    }
}
