//! Recovery of the engine from the rows that its steps wrote.

use std::sync::Arc;

use bytes::Bytes;
use turno_acd::{Room, RoomForm};
use turno_calls::{CallForm, Switchboard};
use turno_ground::{DecodeError, Moment, Rng, RowChange, Secret};
use turno_model::plan::TrunkTrust;
use turno_model::{Fact, Plan, RowKey, Table};
use turno_sip::{Stack, StackForm};

use crate::engine::Engine;
use crate::parts;
use crate::seating::Seating;

/// Counts of what was recovered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Calls of any kind.
    pub calls: usize,
    /// Contacts that wait or are offered.
    pub waiting: usize,
    /// Contacts that talk to an agent.
    pub talking: usize,
    /// Agents who are logged in.
    pub agents: usize,
    /// Bindings.
    pub registrations: usize,
}

/// All rows, sorted by table.
struct Images(Vec<RowChange>);

impl Images {
    fn of(&self, table: Table) -> impl Iterator<Item = &RowChange> {
        self.0.iter().filter(move |line| line.table == table.code())
    }

    fn of_stack(&self) -> impl Iterator<Item = (StackForm, &RowChange)> {
        let with = |form, table| self.of(table).map(move |line| (form, line));
        with(StackForm::Stack, Table::Stack)
            .chain(with(StackForm::Session, Table::Session))
            .chain(with(StackForm::Subscription, Table::Subscription))
            .chain(with(StackForm::Client, Table::Client))
            .chain(with(StackForm::Server, Table::Server))
    }

    fn of_calls(&self) -> impl Iterator<Item = (CallForm, &RowChange)> {
        let with = |form, table| self.of(table).map(move |line| (form, line));
        with(CallForm::Call, Table::Call).chain(with(CallForm::Leg, Table::Leg))
    }

    fn of_room(&self) -> impl Iterator<Item = (RoomForm, &RowChange)> {
        let with = |form, table| self.of(table).map(move |line| (form, line));
        with(RoomForm::Agent, Table::Agent)
            .chain(with(RoomForm::Contact, Table::Contact))
            .chain(with(RoomForm::Waits, Table::Room))
            .chain(with(RoomForm::QueueState, Table::QueueState))
            .chain(with(RoomForm::Break, Table::Break))
    }
}

impl Engine {
    /// Recovers the engine that wrote these rows; `images` are the last version of each row. Deadlines that passed
    /// meanwhile are handled with the first input. The media plane gets commands for every stream again. Our requests
    /// that were sent on streams are sent again on new streams.
    ///
    /// `plan` must have agents, queues and trunks in the order of the plan under which the rows were written. Its
    /// content may differ, since the site may have edited it meanwhile.
    ///
    /// # Errors
    /// [`DecodeError`] if a row can't be read, names what the plan does not have, or contradicts other rows: then the
    /// journal is damaged, and [`Engine::recover_without_calls`] still saves the rest.
    pub fn recover(
        plan: Arc<Plan>,
        seed: u64,
        images: impl IntoIterator<Item = (RowKey, Bytes)>,
        now: Moment,
    ) -> Result<Self, DecodeError> {
        let mut engine = Self::restored(plan, seed, images, now)?;
        engine.stack.reopen_streams(now);
        engine.resume_recordings(now);
        engine.resume_messages(now);
        engine.callbacks.judge_no_more(now);
        engine.check_lamps(now);
        engine.settle(now);
        engine.is_whole().map_err(|why| DecodeError { table: Table::Engine.code(), key: 0, why })?;
        Ok(engine)
    }

    fn restored(
        plan: Arc<Plan>,
        seed: u64,
        images: impl IntoIterator<Item = (RowKey, Bytes)>,
        now: Moment,
    ) -> Result<Self, DecodeError> {
        let mut lines: Vec<RowChange> = images
            .into_iter()
            .map(|(name, form)| RowChange { table: name.table.code(), key: name.key, form: Some(form) })
            .collect();
        lines.sort_unstable_by_key(|line| (line.table, line.key));
        let images = Images(lines);
        let mut engine = Self::bare(plan, seed, now);
        for line in images.of(Table::SkillChange) {
            engine.skill_changes.restore(line)?;
        }
        engine.outbox.record(Fact::Started, now);
        engine.plan = engine.skills_follow_plan(&engine.plan.clone(), now);
        engine.restore_parts(&images, now)?;
        engine.mint_keys_from(Rng::new(seed).token());
        engine.restore_own(&images)?;
        engine.lists_follow_plan(now);
        let moved = engine.seating.configure(&engine.plan);
        let (seats, mut means) = engine.seats();
        seats.watch_again(&mut means, now);
        seats.retire(&mut means, now);
        engine.seats_told(now);
        engine.have_moved(&moved, now);
        engine.sync_reachability(now);
        engine.ports_were_taken();
        engine.room.apply_plan_changes(now);
        engine.resume_trunks(&images, now)?;
        Ok(engine)
    }

    /// Recovers only phones, seats, trunks and bans: for a journal that is damaged. Agents who log in by registering
    /// are ready at once; the others log in again.
    ///
    /// # Errors
    /// [`DecodeError`] if these rows can't be read either.
    pub fn recover_without_calls(
        plan: Arc<Plan>,
        seed: u64,
        images: impl IntoIterator<Item = (RowKey, Bytes)>,
        now: Moment,
    ) -> Result<Self, DecodeError> {
        let of_people = |table| match table {
            Table::Registration
            | Table::Trunk
            | Table::Seat
            | Table::Seating
            | Table::Engine
            | Table::QueueState
            | Table::Subscription
            | Table::Lamp
            | Table::Emergency
            | Table::LastAgent
            | Table::CallerList
            | Table::SkillChange
            | Table::Ban => true,
            Table::Session
            | Table::Agent
            | Table::Call
            | Table::Contact
            | Table::Room
            | Table::Stack
            | Table::Client
            | Table::Server
            | Table::Leg
            | Table::EngineCall
            | Table::Break
            | Table::EngineContact
            | Table::AgentCalls
            | Table::Observer
            | Table::Recording
            | Table::Voicemail
            | Table::Message
            | Table::Consultation
            | Table::HeldLine
            | Table::Callback => false,
        };
        let images = images.into_iter().filter(|(name, _)| of_people(name.table));
        let mut engine = Self::restored(plan, seed, images, now)?;
        engine.agent_calls.forget();
        engine.check_lamps(now);
        engine.settle(now);
        Ok(engine)
    }

    /// Counts of what exists, to report after a recovery.
    pub fn recovered(&self) -> Recovered {
        let (waiting, talking, agents) = self.room.census();
        Recovered {
            calls: self.switchboard.calls().count(),
            waiting,
            talking,
            agents,
            registrations: self.seats.registered(),
        }
    }

    fn restore_parts(&mut self, images: &Images, now: Moment) -> Result<(), DecodeError> {
        let plan = self.plan.clone();
        let (stack_rng, table) = (self.rng.fork(), self.rng.number());
        self.stack = Stack::recover(parts::stack_settings(&plan), stack_rng, images.of_stack(), |user| {
            trunk_secret(&plan, user)
        })?;
        for line in images.of(Table::Registration) {
            self.seats.restore_binding(line)?;
        }
        let media = parts::media_settings(&plan);
        self.switchboard = Switchboard::recover(media, table, now.as_micros(), images.of_calls())?;
        for line in images.of(Table::EngineContact) {
            self.contacts.restore(line)?;
        }
        let (room, offers) = Room::recover(plan, images.of_room(), now)?;
        self.room = room;
        offers.into_iter().for_each(|offer| self.contacts.put_offer(offer));
        Ok(())
    }

    fn restore_own(&mut self, images: &Images) -> Result<(), DecodeError> {
        for line in images.of(Table::EngineCall) {
            self.calls.restore(line)?;
        }
        for line in images.of(Table::Observer) {
            self.observers.restore(line)?;
        }
        for line in images.of(Table::Consultation) {
            self.consultations.restore(line)?;
        }
        for line in images.of(Table::HeldLine) {
            self.held_lines.restore(line)?;
        }
        for line in images.of(Table::Lamp) {
            self.lamps.restore(line)?;
        }
        for line in images.of(Table::Recording) {
            self.recordings.restore(line)?;
        }
        for line in images.of(Table::Callback) {
            self.callbacks.restore(line)?;
        }
        for line in images.of(Table::Voicemail) {
            self.voicemails.restore(line)?;
        }
        for line in images.of(Table::Message) {
            self.messages.restore(line)?;
        }
        for line in images.of(Table::Emergency) {
            self.emergency.restore(line)?;
        }
        for line in images.of(Table::LastAgent) {
            self.last_agents.restore(line)?;
        }
        for line in images.of(Table::CallerList) {
            self.caller_lists.restore(line)?;
        }
        for line in images.of(Table::Ban) {
            self.gate.restore(line)?;
        }
        for line in images.of(Table::Seat) {
            self.seats.restore(line)?;
        }
        self.seating = Seating::empty(&self.plan);
        for line in images.of(Table::Seating) {
            self.seating.restore(line)?;
        }
        for line in images.of(Table::AgentCalls) {
            self.agent_calls.restore(line)?;
        }
        Ok(())
    }

    fn resume_trunks(&mut self, images: &Images, now: Moment) -> Result<(), DecodeError> {
        for line in images.of(Table::Trunk) {
            self.trunks.restore(line)?;
        }
        let (trunks, mut means) = self.trunks();
        trunks.start(&mut means, now);
        Ok(())
    }
}

/// The password of one of our user names at a carrier.
fn trunk_secret(plan: &Plan, user: &str) -> Option<Secret> {
    plan.trunks.iter().find_map(|trunk| match &trunk.trust {
        TrunkTrust::Registration { username, password, .. } if username == user => Some(password.clone()),
        TrunkTrust::Registration { .. } | TrunkTrust::Digest { .. } | TrunkTrust::Addresses(_) => None,
    })
}
