//! The end of a world: the faults stop, everybody who waits must be served, and nothing may be left.

use core::time::Duration;

use turno_model::plan::Treatment;
use turno_model::{AgentState, Command};
use turno_phone::Phone;

use crate::action::Temper;
use crate::carrier::GRANTED;
use crate::person::{Presence, REGISTRATION};
use crate::world::World;

/// How long the agents, all there and prompt, may take to serve those who wait.
const SERVING_MAX: Duration = Duration::from_secs(1200);
/// The same if somebody waits to be called back at an agreed time.
const PUT_OFF_MAX: Duration = Duration::from_secs(3 * 3_600);
/// Longer than 64 * T1 and every timer of the last transactions.
const LAST_WORDS: Duration = Duration::from_secs(70);
/// How often everybody may hang up before the last message has ended.
const MESSAGES_END_WITHIN: u32 = 20;

/// How long a call that nobody answers may ring.
const UNANSWERED: Duration = Duration::from_secs(1800);
/// Longer than a session timer needs to find a dead peer, on top of the session interval.
const DEAD_PEER: Duration = Duration::from_secs(120);

/// How long a carrier without faults may wait for our registration: the longest pause, and a lost REGISTER.
const REGISTERED_WITHIN: Duration = Duration::from_secs(600);

/// How long the network needs to end what the pages have left.
const SOON: Duration = Duration::from_secs(1);

impl World {
    /// Ends all faults, serves everybody who waits, ends all calls and checks that nothing is left.
    ///
    /// # Panics
    /// If somebody waits in vain or something is left.
    pub fn finish(&mut self) {
        self.waits_for_the_engine();
        self.heals();
        self.serves_the_rest();
        self.everybody_hangs_up();
        self.proves_the_registration();
        self.run_for(LAST_WORDS);
        // Who hung up at the voicemail has left a message since.
        for _ in 0..MESSAGES_END_WITHIN {
            if self.invariants.left_messages.who_waits().is_empty() {
                break;
            }
            self.everybody_hangs_up();
            self.run_for(LAST_WORDS);
        }
        if !self.engine.is_quiet() {
            // A peer that vanished is found by the session timer alone, or when its ringing ends.
            self.run_for(self.plan.sip.session_expires.max(UNANSWERED) + DEAD_PEER);
        }
        self.lines_are_left();
        for place in 0..self.staff.len() {
            self.act(place, Phone::unregister);
        }
        self.run_for(LAST_WORDS);
        // A phone that has moved or restarted left a binding, which gets OPTIONS until it expires.
        let end = self.now + REGISTRATION + LAST_WORDS;
        while !self.engine.is_quiet() && self.now < end {
            self.run_for(Duration::from_secs(5));
        }
        self.proves_the_end();
    }

    fn heals(&mut self) {
        self.network.heal();
        self.connections_heal();
        self.pages_heal();
        if let Some(carrier) = &mut self.carrier {
            carrier.heals();
        }
        self.media.ports_taken = 0;
        self.media.no_room_until = None;
        for place in 0..self.staff.len() {
            self.persons[place].is(Temper::Prompt(Duration::from_millis(500)));
            self.persons[place].presence = Presence::There;
            self.persons.plan_wake(place);
            self.persons[place].is_registered = false;
            self.act(place, Phone::register);
        }
        self.citizen_is(Temper::Prompt(Duration::from_millis(500)));
        self.run_for(Duration::from_secs(1));
        self.proves_that_they_work();
        self.everybody_comes_home();
        for agent in 0..self.staff.len() {
            let Some(id) = self.owner_of(agent) else { continue };
            self.command(Command::LogIn(id));
            self.gives_code(id);
            self.command(Command::EndAcw(id));
            self.command(Command::Ready(id));
        }
    }

    /// Everybody has a session, and the second desks are left.
    fn pages_heal(&mut self) {
        self.pages.kills.clear();
        let pages: Vec<usize> =
            (0..self.persons.len()).filter(|place| self.persons[*place].page.is_some()).collect();
        for place in &pages {
            self.has_session(*place);
        }
        for second in self.pages.second.values().copied().collect::<Vec<_>>() {
            self.persons[second].presence = Presence::There;
            self.persons.plan_wake(second);
            self.act(second, Phone::unregister);
        }
        if !pages.is_empty() {
            self.run_for(SOON);
            // The last talk may have brought the end of the engine.
            self.waits_for_the_engine();
        }
    }

    /// An agent with auto-login who has registered, and did nothing to be away, is logged in.
    fn proves_that_they_work(&self) {
        for place in 0..self.staff.len() {
            let logs_in = self.plan_of(place).is_some_and(|agent| agent.auto_login && !agent.is_retired);
            let Some(id) = self.owner_of(place).filter(|_| logs_in && !self.staff.may_be_out(place)) else {
                continue;
            };
            if self.desk_of(id).is_some_and(|desk| self.persons[desk].is_registered) {
                let is_out = self.invariants.state(id) == AgentState::LoggedOut;
                assert!(!is_out, "{id:?} has registered, did nothing to be away, and is logged out");
            }
        }
    }

    /// The liveness check: with every agent there and prompt, nobody waits for ever.
    fn serves_the_rest(&mut self) {
        self.opens_all_queues();
        self.skills_as_planned();
        let (mut end, last) = (self.now + SERVING_MAX, self.now + PUT_OFF_MAX);
        while self.invariants.waiting() > 0 && self.now < end {
            let before = self.invariants.waiting();
            self.run_for(Duration::from_secs(1));
            // A callback that is due late has its time from then on, and so has who comes after somebody else: one agent may have
            // many messages to hear.
            let goes_on = self.invariants.called_back.is_put_off() || self.invariants.waiting() < before;
            if goes_on && self.now < last {
                end = end.max(self.now + SERVING_MAX);
            }
            self.everybody_comes_home();
            for agent in 0..self.staff.len() {
                self.hangs_up_own_calls(agent);
                let Some(id) = self.owner_of(agent) else { continue };
                if matches!(self.invariants.state(id), AgentState::Acw | AgentState::Aux(_)) {
                    self.gives_code(id);
                    self.command(Command::EndAcw(id));
                    self.command(Command::Ready(id));
                }
            }
        }
        let states = || {
            let owners = (0..self.staff.len()).filter_map(|agent| self.owner_of(agent));
            owners.map(|id| (id, self.invariants.state(id))).collect::<Vec<_>>()
        };
        let waiting = self.invariants.waiting();
        assert!(waiting == 0 || !self.is_served(), "{waiting} wait in vain; the agents are {:?}", states());
    }

    /// Hangs up calls that came from no queue: they would keep an agent busy without limit.
    fn hangs_up_own_calls(&mut self, agent: usize) {
        let state = self.who_sits_at(agent).map(|id| self.invariants.state(id));
        // An agent who left the site may have called the line like any caller.
        if state == Some(AgentState::OtherCall) || !self.staff.works_at(agent) || self.seated.is_lent(agent) {
            for call in self.persons[agent].calls.clone() {
                self.act(agent, |phone, now| phone.hang_up(call, now));
            }
        }
    }

    /// Whether the present agents can serve every queue: if not, somebody may wait for a skill that nobody has.
    fn is_served(&self) -> bool {
        // A message, who writes, and somebody who is called back is not sent away where nobody has the skill.
        let stays = self.invariants.patient_wait()
            || !self.invariants.left_messages.who_waits().is_empty()
            || !self.invariants.called_back.who_waits().is_empty();
        self.plan.queues.iter().all(|queue| {
            (queue.when_nobody != Treatment::Wait && !stays)
                || (0..self.staff.len())
                    .filter_map(|place| self.plan_of(place))
                    .any(|agent| agent.skills.iter().any(|&(skill, _)| skill == queue.skill))
        })
    }

    fn everybody_hangs_up(&mut self) {
        self.is_closing = true;
        self.all_withdraw();
        // Where nobody works for a queue, those who are called back wait on.
        let messages = self.invariants.left_messages.who_waits();
        for contact in self.invariants.called_back.who_waits().into_iter().chain(messages) {
            self.command(Command::Withdraw(contact));
        }
        for place in 0..self.persons.len() {
            if self.persons[place].presence == Presence::There {
                for call in self.persons[place].calls.clone() {
                    self.act(place, |phone, now| phone.hang_up(call, now));
                }
            }
        }
    }

    /// A carrier without faults gets our registration soon, and keeps it.
    fn proves_the_registration(&mut self) {
        let end = self.now + REGISTERED_WITHIN;
        let knows = |world: &Self| world.carrier.as_ref().is_none_or(|carrier| carrier.knows_us(world.now));
        while !knows(self) && self.now < end {
            self.run_for(Duration::from_secs(1));
        }
        assert!(knows(self), "the carrier is well, and has no registration of ours");
        if self.carrier.is_some() {
            self.run_for(Duration::from_secs(GRANTED + 10));
            assert!(knows(self), "the carrier is well, and our registration has ended");
        }
    }

    fn proves_the_end(&mut self) {
        let counters = self.engine.sip_counters();
        assert!(self.engine.is_quiet(), "something is left in the engine: {counters:?}");
        assert_eq!(self.media.open_streams(), 0, "streams are left open");
        let now = self.clocks.told(self.now);
        self.invariants.looks(&self.engine, now);
        self.invariants.proves_the_end(now);
        for person in self.persons.iter() {
            let left = person.stray_calls.left_over().filter(|_| !person.has_gaps);
            assert!(left.is_none(), "{:?}: the second answer {left:?} was never ended", person.who);
            // A phone that was deaf for a while may have missed the BYE, which is given up after 64 * T1.
            let must_know = person.presence == Presence::There && !person.has_gaps;
            assert!(!must_know || person.calls.is_empty(), "{:?} is left in a call", person.who);
        }
    }
}
