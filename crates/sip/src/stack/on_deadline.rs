//! What is due, in order of time: timers of requests and deadlines of sessions.

use turno_ground::Moment;

use crate::stack::Stack;
use crate::stack::client::{ClientEvent, Told};
use crate::stack::deadline::{Deadline, SessionDeadline};
use crate::stack::layer::Layer;
use crate::stack::server::ServerEvent;
use crate::stack::session::Session;

impl Stack {
    /// Does what is due.
    pub fn handle_deadlines(&mut self, now: Moment) {
        while let Some(deadline) = self.pop_due(now) {
            match deadline {
                // After a time in which nothing was done, both fall due at once.
                Deadline::Client(key, timer) if self.layer.is_too_late(key, timer, now) => {}
                Deadline::Client(key, timer) => {
                    let asked = self.asked(key);
                    let told = self.layer.step_client(key, ClientEvent::Timer(timer), None, now);
                    if let (Some(asked), Told::Timeout) = (asked, told) {
                        self.on_unanswered(&asked, told, now);
                    }
                    self.layer.give_up_what_was_let_go(key, timer);
                }
                Deadline::Server(key, timer) => {
                    self.layer.step_server(key, ServerEvent::Timer(timer), None, now);
                }
                Deadline::Session(id, what) => {
                    self.sessions
                        .with(id, &mut self.layer, |session, layer| session.on_deadline(layer, what, now));
                }
                Deadline::Subscription(id, what) => self.on_subscription_deadline(id, what, now),
            }
        }
        self.layer.count_living(self.living());
    }

    /// Takes what is due first. Of one moment, our requests come before the peers', those before the sessions, and subscriptions are last.
    fn pop_due(&mut self, now: Moment) -> Option<Deadline> {
        let first = self.next_deadline().filter(|at| *at <= now)?;
        if let Some((key, timer)) = self.layer.clients.pop_due(first) {
            return Some(Deadline::Client(key, timer));
        }
        if let Some((key, timer)) = self.layer.servers.pop_due(first) {
            return Some(Deadline::Server(key, timer));
        }
        if let Some((id, what)) = self.sessions.pop_due(first) {
            return Some(Deadline::Session(id, what));
        }
        self.subscriptions.pop_due(first).map(|(id, what)| Deadline::Subscription(id, what))
    }

    /// When something will be due. Every other call may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let requests = [self.layer.clients.next_deadline(), self.layer.servers.next_deadline()];
        requests
            .into_iter()
            .chain([self.sessions.next_deadline(), self.subscriptions.next_deadline()])
            .flatten()
            .min()
    }
}

impl Session {
    fn on_deadline(&mut self, layer: &mut Layer, what: SessionDeadline, now: Moment) {
        match what {
            SessionDeadline::SuccessAgain => self.on_success_again(layer, now),
            SessionDeadline::AckMissing => self.on_ack_missing(layer, now),
            SessionDeadline::ReliableAgain => self.on_reliable_again(layer, now),
            SessionDeadline::PrackMissing => self.on_prack_missing(layer, now),
            SessionDeadline::StillRinging => self.on_still_ringing(layer, now),
            SessionDeadline::InviteExpires => self.on_invite_expires(layer, now),
            SessionDeadline::AnswerLong => self.on_answer_long(layer, now),
            SessionDeadline::CancelUnheard => self.on_cancel_unheard(layer, now),
            SessionDeadline::Glare => self.on_glare_over(layer, now),
            SessionDeadline::Refresh => self.on_refresh(layer, now),
            SessionDeadline::Expire => self.on_expire(layer, now),
            SessionDeadline::ReferOver => self.on_refer_over(layer, now),
        }
    }
}
