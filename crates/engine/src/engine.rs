//! The engine: inputs, outputs, and the loop that runs each step to completion.

use std::sync::Arc;

use turno_acd::Room;
use turno_calls::Switchboard;
use turno_ground::{Moment, Rng, WallClock};
use turno_media_plan::{Fingerprint, KeyMint};
use turno_model::{Fact, Plan};
use turno_sip::Stack;

use crate::agent_calls::AgentCalls;
use crate::callbacks::Callbacks;
use crate::caller_lists::CallerLists;
use crate::calls::{CallDeadline, Calls};
use crate::consultations::Consultations;
use crate::contacts::Contacts;
use crate::desks::Desks;
use crate::directory::Directory;
use crate::emergency::EmergencyState;
use crate::gate::Gate;
use crate::held_lines::HeldLines;
use crate::input::Input;
use crate::lamps::Lamps;
use crate::last_agents::LastAgents;
use crate::messages::Messages;
use crate::observers::Observers;
use crate::outbox::Outbox;
use crate::output::Output;
use crate::outside_phones::OutsidePhones;
use crate::parts;
use crate::recordings::Recordings;
use crate::seating::Seating;
use crate::seats::Seats;
use crate::service::Service;
use crate::shortage::Shortage;
use crate::signed_in::SignedIn;
use crate::skill_changes::SkillChanges;
use crate::trunks::Trunks;
use crate::voicemails::Voicemails;

/// The one owner of all state.
#[derive(Debug)]
pub struct Engine {
    pub(crate) plan: Arc<Plan>,
    pub(crate) rng: Rng,
    pub(crate) stack: Stack,
    pub(crate) switchboard: Switchboard,
    pub(crate) room: Room,
    pub(crate) calls: Calls,
    pub(crate) contacts: Contacts,
    pub(crate) callbacks: Callbacks,
    pub(crate) voicemails: Voicemails,
    pub(crate) messages: Messages,
    pub(crate) lamps: Lamps,
    pub(crate) last_agents: LastAgents,
    pub(crate) caller_lists: CallerLists,
    pub(crate) skill_changes: SkillChanges,
    pub(crate) observers: Observers,
    pub(crate) consultations: Consultations,
    pub(crate) recordings: Recordings,
    pub(crate) directory: Directory,
    pub(crate) gate: Gate,
    pub(crate) seats: Seats,
    pub(crate) signed_in: SignedIn,
    pub(crate) seating: Seating,
    pub(crate) desks: Desks,
    pub(crate) agent_calls: AgentCalls,
    pub(crate) outside_phones: OutsidePhones,
    pub(crate) held_lines: HeldLines,
    pub(crate) trunks: Trunks,
    pub(crate) service: Service,
    pub(crate) emergency: EmergencyState,
    pub(crate) wall: WallClock,
    pub(crate) shortage: Shortage,
    pub(crate) outbox: Outbox,
    wake_at: Option<Moment>,
}

impl Engine {
    /// An engine that works by `plan`. `seed` comes from the operating system, or from a test.
    pub fn new(plan: Arc<Plan>, seed: u64, now: Moment) -> Self {
        let mut engine = Self::bare(plan, seed, now);
        engine.mint_keys_from(Rng::new(seed).token());
        engine.outbox.record(Fact::Started, now);
        let (trunks, mut means) = engine.trunks();
        trunks.start(&mut means, now);
        engine.settle(now);
        engine
    }

    /// An engine without its start: used by [`Self::new`] and by recovery.
    pub(crate) fn bare(plan: Arc<Plan>, seed: u64, now: Moment) -> Self {
        let mut rng = Rng::new(seed);
        let table = rng.number();
        Self {
            stack: Stack::new(parts::stack_settings(&plan), rng.fork()),
            gate: Gate::new(&plan, &mut rng, now),
            // Calls and contacts are numbered from the time, so that numbers stay unique over restarts.
            switchboard: Switchboard::new(parts::media_settings(&plan), table, now.as_micros()),
            room: Room::new(plan.clone(), now),
            calls: Calls::new(table),
            contacts: Contacts::new(table, now.as_micros()),
            callbacks: Callbacks::new(table),
            voicemails: Voicemails::new(table),
            messages: Messages::new(table),
            lamps: Lamps::new(table),
            last_agents: LastAgents::new(&plan, table),
            caller_lists: CallerLists::new(&plan, table),
            skill_changes: SkillChanges::new(plan.clone()),
            observers: Observers::default(),
            consultations: Consultations::default(),
            recordings: Recordings::new(table, now.as_micros()),
            directory: Directory::of(&plan, table),
            seats: Seats::new(&plan, table),
            signed_in: SignedIn::default(),
            seating: Seating::new(&plan),
            desks: Desks::default(),
            agent_calls: AgentCalls::new(&plan),
            outside_phones: OutsidePhones::of(&plan),
            held_lines: HeldLines::new(table),
            trunks: Trunks::new(&plan, table),
            service: Service::open(),
            emergency: EmergencyState::off(),
            wall: WallClock::default(),
            shortage: Shortage::default(),
            outbox: Outbox::new(),
            wake_at: None,
            rng,
            plan,
        }
    }

    /// Derives the SRTP keys from a secret of the operating system. Call it before the first input. Without it the keys
    /// come from the seed, which is only good for tests.
    pub fn mint_keys_from(&mut self, secret: [u8; 32]) {
        self.switchboard.mint_keys(KeyMint::new(secret));
    }

    /// Shows browsers the certificate of this fingerprint. Call it before the first input; without it there are no browser
    /// phones.
    pub fn show_certificates(&mut self, fingerprints: [Fingerprint; 2]) {
        self.switchboard.show_certificates(fingerprints);
    }

    /// Never uses these media ports, which other programs hold. Call it before the first input.
    pub fn leave_out_ports(&mut self, taken: &[u16]) {
        self.switchboard.leave_out_ports(taken);
    }

    /// Caps the number of media ports in use, since file descriptors are limited. Call it before the first input.
    pub fn limit_ports(&mut self, most: usize) {
        self.switchboard.limit_ports(most);
    }

    /// Sets the wall clock; call it each time it may have changed. Only opening hours, holidays and the hours
    /// of breaks use it.
    pub const fn wall_is(&mut self, wall: Moment, now: Moment) {
        self.wall = WallClock::says(wall, now);
        self.room.wall_is(self.wall);
    }

    /// Handles one input and runs to completion. It cannot fail, and outputs may be drained later.
    pub fn handle(&mut self, input: Input<'_>, now: Moment) {
        let first = self.outbox.end();
        self.handle_deadlines(now);
        match input {
            Input::Wake => {}
            Input::Datagram(datagram) => self.take_in(datagram, now),
            Input::SignedIn(flow, agent) => self.signed_in.begin(flow, agent),
            Input::SignedOut(flow) => self.on_signed_out(flow, now),
            Input::FlowClosed(flow) => {
                self.signed_in.is_closed(&flow);
                self.stack.handle_flow_closed(flow, now);
                let (seats, mut means) = self.seats();
                seats.move_calls_back(flow, &mut means);
                seats.lose(flow, &means);
                self.seats_told(now);
                let (trunks, mut means) = self.trunks();
                trunks.on_closed(flow, &mut means, now);
            }
            Input::Media(event) => self.switchboard.handle_media(&mut self.stack, event, now),
            Input::Command(number, by, command, why) => self.on_command(number, by, (command, why), now),
            Input::Recording(event) => self.on_recording(event, now),
        }
        self.settle(now);
        self.write_down(first, now);
    }

    /// The next output, in order; [`Output::Idle`] ends the drain.
    pub fn poll_output(&mut self) -> Output {
        self.outbox.pop().unwrap_or(Output::Idle(self.wake_at))
    }

    /// Whether no call, dialog or transaction is left.
    pub fn is_quiet(&self) -> bool {
        let counters = self.stack.counters();
        self.switchboard.is_empty()
            && self.calls.is_empty()
            && self.contacts.is_empty()
            && self.callbacks.is_empty()
            && self.voicemails.is_empty()
            && self.messages.is_empty()
            && self.observers.is_empty()
            && self.consultations.is_empty()
            && self.recordings.is_empty()
            && self.agent_calls.are_over()
            && counters.server_transactions == 0
            && counters.client_transactions == 0
            && counters.sessions == 0
    }

    /// Handles all due deadlines, part by part.
    fn handle_deadlines(&mut self, now: Moment) {
        if self.wake_at.is_none_or(|at| at > now) {
            return;
        }
        // Before the room: what the room does in this step comes after it, in the facts too.
        self.end_skill_changes(now);
        self.stack.handle_deadlines(now);
        self.switchboard.handle_deadlines(&mut self.stack, now);
        self.room.handle_deadlines(now);
        let (seats, mut means) = self.seats();
        seats.expire(&mut means, now);
        self.seats_told(now);
        while let Some((deadline, call)) = self.calls.pop_due(now) {
            match deadline {
                CallDeadline::RecallAgain => self.recall_again(call, now),
                CallDeadline::NeverAnswered => self.never_answered(call, now),
                CallDeadline::AnnouncementOver => self.end_call(call, now),
                CallDeadline::AnnouncementDue => self.announcement_due(call, now),
                CallDeadline::NoticeOver => self.notice_over(call, now),
                CallDeadline::HelpUnanswered => self.end_call(call, now),
                CallDeadline::CallbackOffer => self.callback_offer_due(call, now),
                CallDeadline::MenusOver => self.menus_over(call, now),
                CallDeadline::EmergencyOver => self.emergency_over(call, now),
                CallDeadline::SurveySilence => self.survey_silence(call, now),
                CallDeadline::DeskSilence => {
                    self.desk_silence(call, now);
                    self.agents_line_silence(call, now);
                }
                CallDeadline::KeysOver => self.keys_are_over(call),
                CallDeadline::SpeechWarning => self.speech_ends_soon(call),
                CallDeadline::SpeechOver => self.end_call(call, now),
            }
        }
        while let Some((deadline, contact)) = self.contacts.pop_due(now) {
            self.on_contact_deadline(contact, deadline, now);
        }
        while let Some((deadline, contact)) = self.callbacks.pop_due(now) {
            self.on_callback_deadline(contact, deadline, now);
        }
        while let Some((deadline, contact)) = self.voicemails.pop_due(now) {
            self.on_voicemail_deadline(contact, deadline, now);
        }
        while let Some((deadline, contact)) = self.messages.pop_due(now) {
            self.on_message_deadline(contact, deadline, now);
        }
        while let Some((deadline, recording)) = self.recordings.pop_due(now) {
            self.on_recording_deadline(recording, deadline, now);
        }
        self.last_agents.handle_deadlines(now);
        self.end_listings(now);
        let (seats, mut means) = self.seats();
        seats.handle_probes(&mut means, now);
        let (trunks, mut means) = self.trunks();
        trunks.handle_deadlines(&mut means, now);
        self.gate.handle_deadlines(&mut self.outbox, now);
        if self.service.pop_due(now) {
            self.stopped();
        }
        self.settle(now);
    }

    /// Lets each part react to the others until no events are left.
    pub(crate) fn settle(&mut self, now: Moment) {
        loop {
            if let Some(event) = self.stack.poll_event() {
                self.on_sip(event, now);
            } else if let Some(event) = self.switchboard.poll_event() {
                self.on_call(event, now);
            } else if let Some(output) = self.room.poll_output() {
                self.carry_out(output, now);
            } else if let Some(call) = self.calls.poll_talk() {
                self.remember_talk(call, now);
                self.talk_changed(call, now);
                self.survey_begins(call, now);
            } else if let Some(call) = self.calls.poll_moved() {
                self.follow_speech(call, now);
            } else if let Some((expert, observation)) = self.observers.poll_declined() {
                self.expert_declined(expert, observation, now);
            } else if self.consultations_end(now) {
                // What comes of it is next.
            } else if !self.ports_serve(now)
                && !self.observers_leave(now)
                && !self.lines_follow(now)
                && !self.phones_follow_trunk(now)
            {
                break;
            }
        }
        self.light_lamps(now);
        self.begin_last_words(now);
        // Before the media plane seats a recorder, the recorder knows what it writes.
        while let Some(order) = self.recordings.poll_order() {
            self.outbox.push(Output::Recording(order));
        }
        while let Some(command) = self.switchboard.poll_media() {
            let command = self.as_seen_from_outside(command);
            self.outbox.push(Output::Media(command));
        }
        while let Some(transmit) = self.stack.poll_transmit() {
            self.outbox.push(Output::Transmit(transmit));
        }
        self.end_if_done();
        self.wake_at = [
            self.stack.next_deadline(),
            self.switchboard.next_deadline(),
            self.room.next_deadline(),
            self.calls.next_deadline(),
            self.contacts.next_deadline(),
            self.callbacks.next_deadline(),
            self.voicemails.next_deadline(),
            self.messages.next_deadline(),
            self.last_agents.next_deadline(),
            self.caller_lists.next_deadline(),
            self.skill_changes.next_deadline(),
            self.recordings.next_deadline(),
            self.seats.next_deadline(),
            self.gate.next_deadline(),
            self.trunks.next_deadline(),
            self.service.next_deadline(),
        ]
        .into_iter()
        .flatten()
        .min();
    }

    /// Signalling counters for the metrics.
    pub fn sip_counters(&self) -> SipCounters {
        let counters = self.stack.counters();
        SipCounters {
            requests_in: counters.requests_in.iter().sum(),
            requests_out: counters.requests_out.iter().sum(),
            responses_in: counters.responses_in.iter().sum(),
            responses_out: counters.responses_out.iter().sum(),
            retransmissions_in: counters.retransmissions_in,
            retransmissions_out: counters.retransmissions_out,
            malformed: counters.malformed,
            transactions: (counters.server_transactions + counters.client_transactions) as u64,
            dialogs: counters.sessions as u64,
            subscriptions: self.stack.subscription_count() as u64,
            registrations: self.seats.present(),
        }
    }
}

/// Signalling counters for the metrics. The last four are gauges, the others count since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SipCounters {
    /// Requests received.
    pub requests_in: u64,
    /// Requests sent.
    pub requests_out: u64,
    /// Responses received.
    pub responses_in: u64,
    /// Responses sent.
    pub responses_out: u64,
    /// Retransmissions received.
    pub retransmissions_in: u64,
    /// Retransmissions sent.
    pub retransmissions_out: u64,
    /// Messages that could not be parsed.
    pub malformed: u64,
    /// Transactions alive now.
    pub transactions: u64,
    /// Dialogs of calls alive now.
    pub dialogs: u64,
    /// Subscriptions of phones alive now.
    pub subscriptions: u64,
    /// Bindings registered now.
    pub registrations: u64,
}
