//! Executes the actions of a scenario.

use core::time::Duration;

use bytes::Bytes;
use turno_model::Command;
use turno_phone::{CallId, Phone};

use crate::action::{Action, Shift, StateRequest, Target, Temper};
use crate::life::Killed;
use crate::network::Packet;
use crate::person::{Person, Presence};
use crate::place::{agent_address, stranger_address};
use crate::scheduled_action::ScheduledAction;
use crate::world::World;

impl World {
    /// Schedules an action.
    pub fn schedule(&mut self, after: Duration, action: Action) {
        self.means_to(self.now + after, ScheduledAction::Action(action));
    }

    pub(crate) fn does(&mut self, action: Action) {
        match action {
            Action::Arrives(arrival) => self.arrives(arrival),
            Action::Writes(note) => self.writes_in(note),
            Action::CallerHangsUp(caller) => self.caller_hangs_up(caller),
            Action::CallerHolds(caller) => self.caller_does(caller, Phone::hold),
            Action::CallerResumes(caller) => self.caller_does(caller, Phone::resume),
            Action::CallerPresses(caller, key) => self.caller_presses(caller, key),
            Action::CallerVanishes(caller) => self.caller_vanishes(caller),
            Action::CallerCutOff(caller, span) => {
                if let Some(place) = self.clients.get(&caller).map(|client| client.person) {
                    self.is_cut_off(place, span);
                }
            }
            Action::TrunkCutOff(span) => self.trunk_is_cut_off(span),
            Action::AgentHangsUp(agent) => self.agent_does(agent, last, Phone::hang_up),
            Action::AgentHolds(agent) => self.agent_does(agent, last, Phone::hold),
            Action::AgentResumes(agent) => self.agent_does(agent, last, Phone::resume),
            Action::AgentPasses(agent, target) => {
                let target = self.named(target);
                self.agent_does(agent, last, |phone, call, now| phone.blind_transfer(call, &target, now));
            }
            Action::AgentDials(agent, target) => self.agent_dials(agent, target),
            Action::AgentJoins(agent) => self.agent_joins(agent),
            Action::AgentAsks(agent, request) => self.agent_asks(agent, request),
            Action::AgentSits(agent, desk) => self.agent_sits(agent, desk),
            Action::Watches(agent, luck) => self.watches(agent, luck),
            Action::KeysIn(desk, keys) => self.keys_in(desk, keys),
            Action::CallsLine(keys, luck) => self.calls_line(keys, luck),
            Action::Supervises(agent, supervision) => self.supervises(agent, supervision),
            Action::AgentRecords(agent, wish) => self.agent_records(agent, wish),
            Action::AgentBreaks(agent, reason, span) => {
                if let Some(id) = self.owner_of(agent) {
                    self.breaks.insert(id, span);
                }
                self.agent_asks(agent, StateRequest::Aux(reason));
            }
            Action::AgentIs(agent, temper) => self.agent_is(agent, temper),
            Action::Answers(who, after) => self.media.answerer = Some((who, after)),
            Action::CitizenIs(temper) => self.citizen_is(temper),
            Action::AgentCrashes(agent, span) => self.agent_crashes(agent, span),
            Action::AgentMoves(agent) => self.agent_moves(agent),
            Action::AgentUnregisters(agent, span) => {
                let place = self.staff.place_of(agent);
                if self.persons[place].presence == Presence::There {
                    self.act(place, Phone::unregister);
                    self.means_to(self.now + span, ScheduledAction::ComesBack(place));
                }
            }
            Action::AgentCutOff(agent, span) => self.is_cut_off(self.staff.place_of(agent), span),
            Action::Changes(weather) => self.network.weather = weather,
            // With few ports, all could be taken for good.
            Action::PortsTaken(_) if self.plan.media.ports.1 - self.plan.media.ports.0 < 100 => {}
            Action::PortsTaken(many) => self.media.ports_taken += many,
            Action::DescriptorsRunOut(span) => self.media.no_room_until = Some(self.now + span),
            Action::Forges(luck) => self.forges(luck),
            Action::Repeats(luck) => self.repeats(luck),
            Action::Dies(death, down) => self.dies(death, down, Killed::Process),
            Action::MachineDies(death, down) => self.dies(death, down, Killed::Machine),
            Action::DiskFillsUp(span) => self.disk_fills_up(span),
            Action::DiskLoses(loss) => self.disk_loses(loss),
            Action::StandsStill(span, what) => self.stands_still(span, what),
            Action::ClockIsSet(shift) => self.clock_is_set(shift),
            Action::Edits(edit) => self.is_edited(edit),
            Action::Renews(mishap) => self.renews(mishap),
            Action::AgentConnectionCut(agent, cut) => self.connection_is_cut(self.staff.place_of(agent), cut),
            Action::CallerConnectionCut(caller, cut) => self.caller_connection_is_cut(caller, cut),
            Action::ConnectionsCut(cut) => self.all_connections_are_cut(cut),
            Action::AgentLeaves(agent) => self.agent_leaves(self.staff.place_of(agent)),
            Action::CallerLeaves(caller) => self.caller_leaves(caller),
            Action::Page(agent, deed) => self.page_suffers(self.staff.place_of(agent), deed),
        }
    }

    fn caller_vanishes(&mut self, caller: u32) {
        if let Some(place) = self.clients.get(&caller).map(|client| client.person) {
            self.vanishes(place);
        }
    }

    fn caller_does(&mut self, caller: u32, verb: impl FnOnce(&mut Phone, CallId, turno_ground::Moment)) {
        let Some((place, call)) = self.clients.get(&caller).and_then(|it| Some((it.person, it.call?))) else {
            return;
        };
        self.act(place, |phone, now| verb(phone, call, now));
    }

    fn agent_does(
        &mut self,
        agent: usize,
        which: impl FnOnce(&[CallId]) -> Option<CallId>,
        verb: impl FnOnce(&mut Phone, CallId, turno_ground::Moment),
    ) {
        let place = self.staff.place_of(agent);
        if self.persons[place].presence == Presence::There
            && let Some(call) = which(&self.persons[place].calls)
        {
            self.act(place, |phone, now| verb(phone, call, now));
        }
    }

    fn agent_dials(&mut self, agent: usize, target: Target) {
        let number = self.named(target);
        self.phone_dials(agent, &number);
    }

    fn agent_joins(&mut self, agent: usize) {
        let place = self.staff.place_of(agent);
        let calls = &self.persons[place].calls;
        if let (Some(&first), Some(&last)) = (calls.first(), calls.last())
            && first != last
        {
            self.act(place, |phone, now| phone.attended_transfer(first, last, now));
        }
    }

    fn agent_asks(&mut self, agent: usize, request: StateRequest) {
        let Some(id) = self.owner_of(agent) else { return };
        if request == StateRequest::LogOut {
            let place = self.staff.place_of(agent);
            self.staff.asks_out(place);
        }
        let reasons = u8::try_from(self.plan.aux_reasons.len()).unwrap_or(u8::MAX);
        self.command(match request {
            StateRequest::LogIn => Command::LogIn(id),
            StateRequest::LogOut => Command::LogOut(id),
            StateRequest::Ready => Command::Ready(id),
            StateRequest::Aux(reason) => {
                let reason = reason % reasons.max(1);
                let in_turns = self.plan.turns(reason).is_some();
                if in_turns { Command::AskBreak(id, reason) } else { Command::Aux(id, reason) }
            }
            StateRequest::EndAcw => Command::EndAcw(id),
            StateRequest::ExtendAcw => Command::ExtendAcw(id),
            StateRequest::Help => Command::Help(id),
            StateRequest::Return => Command::Return(id),
            StateRequest::Consult(whom) => Command::Consult(id, self.consulted_name(id, whom, false).into()),
            StateRequest::Conference => Command::Conference(id),
            StateRequest::Complete => Command::Complete(id),
            StateRequest::Back => Command::Back(id),
            StateRequest::Steer(steering) => steering.command(id),
        });
    }

    /// An agent's phone reacts to calls in this way from now on.
    fn agent_is(&mut self, agent: usize, temper: Temper) {
        let place = self.staff.place_of(agent);
        self.persons[place].is(temper);
        self.persons.plan_wake(place);
    }

    fn agent_crashes(&mut self, agent: usize, span: Duration) {
        let place = self.staff.place_of(agent);
        self.vanishes(place);
        self.lamps_go_out(place);
        let local = self.persons[place].local();
        self.persons[place].is_reborn(local);
        self.persons.plan_wake(place);
        self.means_to(self.now + span, ScheduledAction::ComesBack(place));
    }

    fn agent_moves(&mut self, agent: usize) {
        let place = self.staff.place_of(agent);
        let before = self.persons[place].local();
        let moves = self.rng.below(7);
        let mut local = agent_address(place, u32::try_from(moves).unwrap_or(0));
        if local == before {
            local = agent_address(place, 7);
        }
        self.falls_silent_later(place);
        self.lamps_go_out(place);
        self.cables_are_pulled(place);
        self.persons.moves(place, local);
        if self.persons[place].presence == Presence::There {
            self.act(place, Phone::register);
        }
    }

    fn trunk_is_cut_off(&mut self, span: Duration) {
        let places: Vec<usize> = self.clients.values().map(|client| client.person).collect();
        places.into_iter().for_each(|place| self.is_cut_off(place, span));
    }

    fn is_cut_off(&mut self, place: usize, span: Duration) {
        let address = self.persons[place].local().ip();
        // All callers of a carrier that turno registers with share its address.
        self.persons.iter_mut().filter(|person| person.local().ip() == address).for_each(Person::is_deaf);
        self.network.cut_off(address, self.now + span);
    }

    /// Somebody sets the wall clock.
    fn clock_is_set(&mut self, shift: Shift) {
        self.clocks.is_set(shift);
        self.jumps += 1;
        let (wall, told) = (self.clocks.wall(self.now), self.clocks.told(self.now));
        self.engine.wall_is(wall, told);
        self.invariants.wall_is(wall, told);
    }

    /// A stranger sends one of the last datagrams with a few bytes changed.
    fn forges(&mut self, luck: u64) {
        let Some(packet) = self.drawn(luck) else { return };
        let mut bytes = packet.bytes.to_vec();
        let length = u64::try_from(bytes.len()).unwrap_or(1);
        for _ in 0..self.rng.below(6) {
            let place = usize::try_from(self.rng.below(length)).unwrap_or(0);
            if let Some(byte) = bytes.get_mut(place) {
                *byte = u8::try_from(self.rng.below(256)).unwrap_or(0);
            }
        }
        self.network.was_bad_once();
        let from = stranger_address(u32::try_from(luck % 200).unwrap_or(0));
        self.throw_in(from, &Bytes::from(bytes));
    }

    /// One of the last datagrams arrives again.
    fn repeats(&mut self, luck: u64) {
        if let Some(packet) = self.drawn(luck) {
            self.network.was_bad_once();
            self.throw_in(packet.from, &packet.bytes);
        }
    }

    fn drawn(&self, luck: u64) -> Option<Packet> {
        let many = u64::try_from(self.heard.len()).unwrap_or(0);
        let place = luck.checked_rem(many)?;
        self.heard.get(usize::try_from(place).ok()?).cloned()
    }

    fn named(&self, target: Target) -> String {
        match target {
            Target::Agent(agent) => {
                let desk = self.staff.desks().get(self.staff.place_of(agent));
                desk.map(|desk| desk.seat.extension.clone()).unwrap_or_default()
            }
            Target::Number(number) => {
                let number = self.plan.numbers.get(number % self.plan.numbers.len().max(1));
                number.map(|it| turno_model::plan::bare_number(&it.number)).unwrap_or_default()
            }
            // With a carrier, a number outside.
            Target::Nobody if self.carrier.is_some() => "0987654321".to_owned(),
            Target::Nobody => "nobody".to_owned(),
            Target::Survey => self.plan.feature_codes.survey.clone(),
            Target::Dependency(place) => {
                let dependency = self.plan.dependencies.get(place % self.plan.dependencies.len().max(1));
                dependency.map(|it| it.extension.clone()).unwrap_or_default()
            }
        }
    }
}

fn last(calls: &[CallId]) -> Option<CallId> {
    calls.last().copied()
}
