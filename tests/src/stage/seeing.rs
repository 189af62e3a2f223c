//! Queries about the state of the test bench.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one event among all that there may ever be")]

use std::net::SocketAddr;

use core::time::Duration;
use turno_engine::BanSeen;
use turno_ground::Moment;
use turno_ledger::Ledger;

use turno_media_plan::{Answerer, Audio, Direction, MediaCommand, StreamId, Tone};
use turno_model::{AgentId, AgentState, ContactId, ContactOutcome, Fact, OfferOutcome, TurnedAway};
use turno_phone::PhoneEvent;
use turno_trace::{ContactTrace, Numbers, Way};

use turno_sim::Stream;

use crate::stage::{Desk, Line, Stage};

impl Stage {
    /// The time.
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// Whether the engine has allowed the process to end.
    pub const fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// How many messages have arrived anywhere.
    pub const fn messages(&self) -> u64 {
        self.messages
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The present bans.
    pub fn bans(&self) -> Vec<BanSeen> {
        self.engine.bans(self.now)
    }

    /// Where a phone sends from.
    pub fn address(&self, desk: Desk) -> SocketAddr {
        self.desks[desk.0].local
    }

    /// The engine's transactions and dialogs.
    pub fn held(&self) -> (u64, u64) {
        let counters = self.engine.sip_counters();
        (counters.transactions, counters.dialogs)
    }

    /// All facts.
    pub fn facts(&self) -> &[(Moment, Fact)] {
        &self.facts
    }

    /// The figures of now.
    pub fn snapshot(&self) -> turno_ledger::Snapshot {
        self.ledger.snapshot(self.now)
    }

    /// Captures every message from now on, for [`Stage::story`].
    pub fn keep_messages(&mut self) {
        self.captured_messages = Some(Vec::new());
    }

    /// Why an agent does not get a contact now, as the room says.
    pub fn why_not(&self, agent: AgentId, contact: ContactId) -> Vec<turno_model::WhyNot> {
        self.engine.why_not(agent, contact).to_vec()
    }

    /// The trace of a contact.
    pub fn story(&self, contact: ContactId) -> ContactTrace {
        let facts = self.facts.iter().map(|(at, fact)| (*at, fact));
        ContactTrace::gather(contact, facts, self.captured_messages.iter().flatten(), &self.plan)
    }

    /// The same, with callers' numbers shortened or complete.
    pub fn story_with(&self, contact: ContactId, numbers: Numbers) -> ContactTrace {
        let facts = self.facts.iter().map(|(at, fact)| (*at, fact));
        ContactTrace::gather_with(
            contact,
            facts,
            self.captured_messages.iter().flatten(),
            &self.plan,
            numbers,
        )
    }

    /// Every captured message containing `text` that the engine sent, except those to `known`.
    pub fn sent_with(&self, text: &str, known: SocketAddr) -> Vec<String> {
        let sent = self
            .captured_messages
            .iter()
            .flatten()
            .filter(|it| it.way == Way::Out && it.flow.remote != known);
        let messages = sent.map(|captured| String::from_utf8_lossy(&captured.bytes).into_owned());
        messages.filter(|message| message.contains(text)).collect()
    }

    /// How many facts match.
    pub fn count(&self, is_such: impl Fn(&Fact) -> bool) -> usize {
        self.facts.iter().filter(|(_, fact)| is_such(fact)).count()
    }

    /// When the first matching fact was recorded.
    pub fn when(&self, is_such: impl Fn(&Fact) -> bool) -> Option<Moment> {
        self.facts.iter().find(|(_, fact)| is_such(fact)).map(|&(at, _)| at)
    }

    /// How many offers had this outcome.
    pub fn settled(&self, how: OfferOutcome) -> usize {
        self.count(|fact| matches!(fact, Fact::OfferSettled { outcome, .. } if *outcome == how))
    }

    /// How many contacts had this outcome.
    pub fn ended(&self, how: ContactOutcome) -> usize {
        self.count(|fact| matches!(fact, Fact::ContactEnded { outcome, .. } if *outcome == how))
    }

    /// How many contacts were turned away for this reason.
    pub fn turned_away(&self, why: TurnedAway) -> usize {
        self.count(|fact| matches!(fact, Fact::TurnedAway { reason, .. } if *reason == why))
    }

    /// How many segments with agents there were.
    pub fn connected(&self) -> usize {
        self.count(|fact| matches!(fact, Fact::Connected { .. }))
    }

    /// The agent of an extension.
    pub fn who(&self, extension: &str) -> AgentId {
        self.plan.agent_by_extension(extension).expect("the extension is planned")
    }

    /// The state of an agent.
    pub fn state(&self, extension: &str) -> AgentState {
        self.states[self.who(extension).index()]
    }

    /// How many agents are in this state.
    pub fn how_many_are(&self, state: AgentState) -> usize {
        self.states.iter().filter(|now| **now == state).count()
    }

    /// All events of a phone, in order.
    pub fn events(&self, desk: Desk) -> Vec<&PhoneEvent> {
        self.desks[desk.0].events.iter().map(|(_, event)| event).collect()
    }

    /// How many events of a phone match.
    pub fn count_events(&self, desk: Desk, is_such: impl Fn(&PhoneEvent) -> bool) -> usize {
        self.desks[desk.0].events.iter().filter(|(_, event)| is_such(event)).count()
    }

    /// Whether an event of a phone matches.
    pub fn saw(&self, desk: Desk, is_such: impl Fn(&PhoneEvent) -> bool) -> bool {
        self.count_events(desk, is_such) > 0
    }

    /// When the first matching event of a phone came.
    pub fn when_saw(&self, desk: Desk, is_such: impl Fn(&PhoneEvent) -> bool) -> Option<Moment> {
        self.desks[desk.0].events.iter().find(|(_, event)| is_such(event)).map(|&(at, _)| at)
    }

    /// How many calls have come in at a desk.
    pub fn times_rung(&self, desk: Desk) -> usize {
        self.count_events(desk, |event| matches!(event, PhoneEvent::Incoming { .. }))
    }

    /// Whether a call is confirmed and not ended.
    pub fn is_talking(&self, line: Line) -> bool {
        self.desks[line.desk.0].phone.is_talking(line.call)
    }

    /// Whether a call has ended.
    pub fn is_over(&self, line: Line) -> bool {
        self.saw(line.desk, |event| match event {
            PhoneEvent::Ended { call, .. } | PhoneEvent::Refused { call, .. } => *call == line.call,
            _ => false,
        })
    }

    /// The status with which a call was refused.
    pub fn refusal(&self, line: Line) -> Option<u16> {
        self.events(line.desk).into_iter().find_map(|event| match event {
            PhoneEvent::Refused { call, status } if *call == line.call => Some(*status),
            _ => None,
        })
    }

    /// The result of a call's transfer.
    pub fn transfer_result(&self, line: Line) -> Option<u16> {
        self.events(line.desk).into_iter().rev().find_map(|event| match event {
            PhoneEvent::TransferResult { call, status } if *call == line.call => Some(*status),
            _ => None,
        })
    }

    /// The engine's stream of a call.
    pub fn stream_of(&self, line: Line) -> Option<(StreamId, &Stream)> {
        self.media.towards(self.rtp_of(line)?)
    }

    fn rtp_of(&self, line: Line) -> Option<SocketAddr> {
        let told = self.events(line.desk).into_iter().rev().find_map(|event| match event {
            PhoneEvent::Media { call, local_rtp, .. } if *call == line.call => Some(*local_rtp),
            _ => None,
        });
        // Early media is agreed before the phone reports it; a caller's only call is on its first port.
        told.or_else(|| Some(self.desks[line.desk.0].phone.settings().rtp))
    }

    /// The audio played to a call.
    pub fn hears(&self, line: Line) -> Option<Audio> {
        self.stream_of(line)?.1.playing.clone()
    }

    /// From now on this one answers where turno listens who does, and it is clear after this time; `None`: it never is.
    pub const fn answered_by(&mut self, who: Option<(Answerer, Duration)>) {
        self.media.answerer = who;
    }

    /// Whether a call hears the hold music.
    pub fn hears_music(&self, line: Line) -> bool {
        self.hears(line) == Some(Audio::Music)
    }

    /// The tones mixed in for a call.
    pub fn tones(&self, line: Line) -> Vec<Tone> {
        self.stream_of(line).map(|(_, stream)| stream.mixed.clone()).unwrap_or_default()
    }

    /// When a tone was mixed in, for any call.
    pub fn when_tone(&self, tone: Tone) -> Option<Moment> {
        let is_it =
            |command: &MediaCommand| matches!(command, MediaCommand::Mix { tone: it, .. } if *it == tone);
        self.media.history().iter().find(|(_, command)| is_it(command)).map(|&(at, _)| at)
    }

    /// Whether two calls are bridged, nothing is played over it, and audio flows in both directions.
    pub fn hear_each_other(&self, one: Line, other: Line) -> bool {
        let (Some((first, a)), Some((second, b))) = (self.stream_of(one), self.stream_of(other)) else {
            return false;
        };
        let flows = |it: &Stream| it.direction == Direction::SendRecv && it.playing.is_none();
        self.is_talking(one)
            && self.is_talking(other)
            && a.joined == Some(second)
            && b.joined == Some(first)
            && flows(a)
            && flows(b)
    }

    /// Whether one of two members of a bridge hears the other, and nothing else is played.
    pub fn hears_voice(&self, listener: Line, speaker: Line) -> bool {
        let streams = self.stream_of(listener).zip(self.stream_of(speaker));
        streams.is_some_and(|((listener, _), (speaker, _))| self.media.hears(listener, speaker))
    }

    /// All commands to the media plane.
    pub fn media_history(&self) -> &[(Moment, MediaCommand)] {
        self.media.history()
    }

    /// Every call that was made or rang at a desk.
    pub fn calls_of(&self, desk: Desk) -> Vec<Line> {
        let rang = self.events(desk).into_iter().filter_map(|event| match event {
            PhoneEvent::Incoming { call, .. } => Some(*call),
            _ => None,
        });
        let calls = rang.chain(self.desks[desk.0].dialled.iter().copied());
        calls.map(|call| Line { desk, call }).collect()
    }

    /// All phones that have registered and are still connected.
    pub(crate) fn registered(&self) -> Vec<Desk> {
        let has_come = |desk: &Desk| {
            !self.desks[desk.0].gone && self.saw(*desk, |event| *event == PhoneEvent::Registered)
        };
        (0..self.desks.len()).map(Desk).filter(has_come).collect()
    }

    /// Every call that has not ended at a connected phone.
    pub(crate) fn standing(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (place, placed) in self.desks.iter().enumerate() {
            if placed.gone || placed.phone.calls_standing() == 0 {
                continue;
            }
            let desk = Desk(place);
            lines.extend(self.calls_of(desk).into_iter().filter(|line| !self.is_over(*line)));
        }
        lines
    }
}
