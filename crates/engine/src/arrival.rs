//! A new call: a contact for a dialled number, or an agent who dials.

use bytes::Bytes;
use compact_str::CompactString;
use turno_acd::Arrival;
use turno_calls::{CallId, CannotTalk, Menu, NoPort, retry_later};
use turno_ground::{Flow, Moment, Pii};
use turno_media_plan::{Audio, PromptId};
use turno_model::plan::{Entry, NumberPlan};
use turno_model::{
    Channel, ContactId, EndedBy, Fact, OpenState, Party, PromptName, QueueId, TrunkId, TurnedAway,
};
use turno_sip::{Message, Reply, SessionId};

use crate::caller::{Caller, caller_by};
use crate::calls::{CallDeadline, EngineCall};
use crate::dialled::{Dialled, dialled_by};
use crate::engine::Engine;
use crate::on_sip::refusal;
use crate::peer::Peer;
use crate::purpose::{Purpose, Stage};
use crate::shielding::srtp_of;
use crate::trunks::account_at;
use crate::user::user_of;

/// How long an announcement before the end of a call may last.
const ANNOUNCEMENT_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(60);

/// How long a caller whom nobody has answered is kept. No session timer watches an early dialog, so one whose phone has
/// died would wait for ever where a queue lets people wait; carriers give an unanswered call up much sooner.
const UNANSWERED_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(30 * 60);

/// The same for an agent who tries the line out, and gets no offer meanwhile.
const TRYING_OUT_SPAN_MAX: core::time::Duration = core::time::Duration::from_secs(3 * 60);

impl Engine {
    pub(crate) fn on_invite(
        &mut self,
        session: SessionId,
        message: &Message,
        flow: Flow,
        offer: Option<Bytes>,
        now: Moment,
    ) {
        let peer = self.identify(message, flow, now);
        if let Peer::Stranger(verdict) = peer {
            let (gate, peers) = self.gate();
            gate.tries_extension(message, flow, &verdict, &peers, now);
            let challenge = gate.challenge(verdict, flow, now);
            self.stack.refuse_and_forget(session, challenge, now);
            return;
        }
        if let Peer::Trunk(trunk) = peer {
            // What we ask within this call, a carrier that we registered with may challenge.
            if let Some((username, password)) = self.plan.trunks.get(trunk.index()).and_then(account_at) {
                self.stack.answers_challenges(session, username.to_owned(), password.clone());
            }
        }
        let dialled = user_of(message.request_uri()).unwrap_or_default();
        if !self.service.is_open() && !self.is_for_those_here(&peer, &dialled) {
            self.stack.refuse(session, retry_later(), now);
            return;
        }
        let srtp = srtp_of(&self.plan, &peer, flow.transport);
        let has_port = matches!(peer, Peer::Agent(_)) || self.has_port_for_caller();
        let taken = if has_port {
            self.switchboard.incoming(session, offer, flow.local.ip(), srtp)
        } else {
            Err(NoPort)
        };
        let Ok(call) = taken else {
            if let Peer::Trunk(trunk) = peer {
                let contact = self.contacts.number();
                let caller = caller_by(message, trunk, &self.plan);
                let dialled = dialled_by(message, trunk, &self.plan, &self.directory);
                self.arrived(contact, Some(trunk), &caller, &dialled.text, now);
                self.leg_opened(contact, Party::Caller, session, now);
                self.turn_away(contact, TurnedAway::Overload, now);
            }
            self.ports_are_used_up(now);
            self.stack.refuse(session, retry_later(), now);
            return;
        };
        self.calls.begin(call);
        let contact = self.contacts.begin_with(call);
        self.ports_were_taken();
        self.gate.arrives(&peer, flow.remote);
        match peer {
            Peer::Agent(agent) => self.on_agent_dialled((call, contact), agent, &dialled, now),
            Peer::Trunk(trunk) => {
                let (caller, dialled) = (
                    caller_by(message, trunk, &self.plan),
                    dialled_by(message, trunk, &self.plan, &self.directory),
                );
                self.on_number_dialled((call, contact), Some(trunk), caller, dialled, now);
            }
            Peer::Stranger(_) => {}
        }
        self.gate.has_arrived();
    }

    /// Whether a call serves those who talk or wait already: an agent's feature code (who would become ready for the
    /// last in line?), or a question to a colleague about the contact at hand.
    fn is_for_those_here(&self, peer: &Peer, dialled: &str) -> bool {
        match peer {
            Peer::Agent(agent) => self.is_feature(dialled) || self.room.state(*agent).has_contact(),
            Peer::Trunk(_) | Peer::Stranger(_) => false,
        }
    }

    /// A contact arrives.
    pub(crate) fn on_number_dialled(
        &mut self,
        (call, contact): (CallId, ContactId),
        trunk: Option<TrunkId>,
        caller: Caller,
        dialled: Dialled,
        now: Moment,
    ) {
        self.arrived(contact, trunk, &caller, &dialled.text, now);
        self.near_leg_opened(contact, call, Party::Caller, now);
        let plan = self.plan.clone();
        let Some(place) = dialled.place else {
            self.turn_away(contact, TurnedAway::NotPossible, now);
            self.forget_call(call, now);
            self.switchboard.refuse(&mut self.stack, call, Reply::new(404), now);
            return;
        };
        self.calls.is_by(call, caller.shown);
        let number = &plan.numbers[place];
        let wall = self.wall.at(now);
        let open = number.hours.map_or(OpenState::Open, |hours| plan.hours[hours.index()].at(wall));
        match open {
            OpenState::Open => self.enter(call, number, now),
            OpenState::Closed => {
                self.turn_away(contact, TurnedAway::Closed, now);
                self.announce_closed(call, number.closed, now);
            }
            OpenState::Holiday => {
                self.turn_away(contact, TurnedAway::Holiday, now);
                self.announce_closed(call, number.holiday.or(number.closed), now);
            }
        }
    }

    fn arrived(
        &mut self,
        contact: ContactId,
        trunk: Option<TrunkId>,
        caller: &Caller,
        dialled: &str,
        now: Moment,
    ) {
        let arrived = Fact::ContactArrived {
            contact,
            channel: Channel::Voice,
            from: Pii(CompactString::from(&caller.shown)),
            dialled: CompactString::from(dialled),
            trunk,
        };
        self.outbox.record(arrived, now);
        if let Some(number) = caller.withheld.as_ref().filter(|_| self.plan.keep_withheld) {
            let number = Pii(CompactString::from(number));
            self.outbox.record(Fact::NumberWithheld { contact, number }, now);
        }
    }

    fn enter(&mut self, call: CallId, number: &NumberPlan, now: Moment) {
        match number.entry {
            Entry::Queue(queue) => self.enter_queue(call, queue, now),
            Entry::Menu(menu) => {
                if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
                    self.cannot_talk(call, why, now);
                    return;
                }
                self.calls.is_for(call, Purpose::Contact(Stage::Menu(menu)));
                let menu = &self.plan.menus[menu.index()];
                let menu = Menu {
                    prompts: menu.prompts.iter().copied().map(prompt_id).collect(),
                    keys: menu.choices.iter().map(|&(key, _)| key).collect(),
                    wait: menu.wait,
                };
                self.switchboard.start_menu(call, menu, now);
            }
        }
    }

    /// The caller hears the queue's greeting or music, answered or early, and stands in line.
    pub(crate) fn enter_queue(&mut self, call: CallId, queue: QueueId, now: Moment) {
        let Some(contact) = self.contacts.of(call) else { return };
        let plan = &self.plan.queues[queue.index()];
        let greeting: Vec<PromptId> = plan.greeting.iter().copied().map(prompt_id).collect();
        let audio = if greeting.is_empty() { Audio::Music } else { Audio::Prompts(greeting) };
        let heard = if plan.answer_on_entry {
            let answered = self.switchboard.answer(&mut self.stack, call, now);
            self.switchboard.play(call, audio);
            answered
        } else {
            let is_own = self.calls.get(call).is_some_and(|record| record.tried_by.is_some());
            let longest = if is_own { TRYING_OUT_SPAN_MAX } else { UNANSWERED_SPAN_MAX };
            self.calls.set(call, CallDeadline::NeverAnswered, now + longest);
            self.switchboard.early(&mut self.stack, call, audio, now)
        };
        if let Err(why) = heard {
            self.cannot_talk(call, why, now);
            return;
        }
        self.calls.is_for(call, Purpose::Contact(Stage::Queued(queue)));
        let arrival =
            Arrival { contact, channel: Channel::Voice, queue, priority: None, waiting_since: None };
        self.room.enqueue(arrival, now);
    }

    /// Nobody has answered for longer than any call rings: the caller is gone without a word.
    pub(crate) fn never_answered(&mut self, call: CallId, now: Moment) {
        if !self.switchboard.is_answered(call) {
            self.close_books(call, EndedBy::System, now);
            self.end_call(call, now);
        }
    }

    fn cannot_talk(&mut self, call: CallId, why: CannotTalk, now: Moment) {
        let reason = match why {
            CannotTalk::Unacceptable(_) | CannotTalk::NoCall => TurnedAway::NotPossible,
            CannotTalk::NoPort => TurnedAway::Overload,
        };
        if let Some(contact) = self.contacts.of(call) {
            self.turn_away(contact, reason, now);
        }
        self.forget_call(call, now);
        self.refuse_talk(call, why, now);
    }

    fn refuse_talk(&mut self, call: CallId, why: CannotTalk, now: Moment) {
        if let CannotTalk::Unacceptable(why) = why {
            self.gate.refuses(why);
        }
        self.switchboard.refuse(&mut self.stack, call, refusal(why), now);
    }

    fn turn_away(&mut self, contact: ContactId, reason: TurnedAway, now: Moment) {
        self.outbox.record(Fact::TurnedAway { contact, reason }, now);
    }

    fn announce_closed(&mut self, call: CallId, prompt: Option<PromptName>, now: Moment) {
        match prompt {
            Some(prompt) => self.announce_and_end(call, Audio::Prompts(vec![prompt_id(prompt)]), now),
            None => {
                self.forget_call(call, now);
                self.switchboard.refuse(&mut self.stack, call, Reply::new(480), now);
            }
        }
    }

    /// Plays to the near leg, then ends the call.
    pub(crate) fn announce_and_end(&mut self, call: CallId, audio: Audio, now: Moment) {
        self.calls.is_for(call, Purpose::Announcement);
        if let Err(why) = self.switchboard.answer(&mut self.stack, call, now) {
            self.forget_call(call, now);
            self.refuse_talk(call, why, now);
            return;
        }
        self.calls.set(call, CallDeadline::AnnouncementOver, now + ANNOUNCEMENT_SPAN_MAX);
        self.switchboard.play(call, audio);
    }

    /// Forgets a call as a whole, with what hung on it but the agents of an own call. Its contact goes on where the room has
    /// it.
    pub(crate) fn forget_call(&mut self, call: CallId, now: Moment) -> Option<EngineCall> {
        let record = self.calls.forget(call)?;
        let callee = record.transfer.as_ref().and_then(|pending| pending.callee);
        self.own_call_over(None, callee, now);
        self.own_call_over(record.tried_by, None, now);
        if let Some(contact) = self.contacts.part(call, now).filter(|contact| !self.room.has(*contact)) {
            self.contacts.end(contact);
        }
        Some(record)
    }
}

/// The media plane's name of a prompt is its place in the plan.
pub(crate) fn prompt_id(prompt: PromptName) -> PromptId {
    PromptId(u16::try_from(prompt.0).unwrap_or(u16::MAX))
}
