//! The end of a world: the faults stop, everybody who waits must be served, and nothing may be left.

use core::time::Duration;

use turno_model::plan::Treatment;
use turno_model::{AgentState, Command};
use turno_phone::Phone;

use crate::action::Temper;
use crate::carrier::GRANTED;
use crate::person::{Presence, REGISTRATION};
use crate::world::World;

/// How long agents who are all there and prompt may take for those who wait.
const SERVING_MAX: Duration = Duration::from_secs(1200);
/// Longer than 64 * T1 and every wait of the last transactions.
const LAST_WORDS: Duration = Duration::from_secs(70);
/// How long a caller whom nobody answers is kept.
const UNANSWERED: Duration = Duration::from_secs(1800);
/// Longer than it takes a session timer to find a dead peer, on top of the session's own span.
const DEAD_PEER: Duration = Duration::from_secs(120);

/// How long a carrier that is well may wait for our registration: the longest pause, and a REGISTER that is lost.
const REGISTERED_WITHIN: Duration = Duration::from_secs(600);

impl World {
    /// Heals every fault, lets whoever waits be served, sends everybody home and proves that nothing is left.
    ///
    /// # Panics
    /// With a sentence if somebody waits in vain or something is left.
    pub fn finish(&mut self) {
        self.waits_for_the_engine();
        self.heals();
        self.serves_the_rest();
        self.everybody_hangs_up();
        self.proves_the_registration();
        self.run_for(LAST_WORDS);
        if !self.engine.is_quiet() {
            // Whoever vanished without a word is found by the session timer alone, or because nobody rings that long.
            self.run_for(self.plan.sip.session_expires.max(UNANSWERED) + DEAD_PEER);
        }
        for place in 0..self.staff.len() {
            self.act(place, Phone::unregister);
        }
        self.run_for(LAST_WORDS);
        // A phone that has moved or was reborn left a binding behind, which is asked by OPTIONS until it expires.
        let end = self.now + REGISTRATION + LAST_WORDS;
        while !self.engine.is_quiet() && self.now < end {
            self.run_for(Duration::from_secs(5));
        }
        self.proves_the_end();
    }

    fn heals(&mut self) {
        self.network.heal();
        self.connections_heal();
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
        self.run_for(Duration::from_secs(1));
        self.proves_that_they_work();
        self.everybody_comes_home();
        for agent in 0..self.staff.len() {
            let Some(id) = self.owner_of(agent) else { continue };
            self.command(Command::LogIn(id));
            self.command(Command::EndAcw(id));
            self.command(Command::Ready(id));
        }
    }

    /// Whoever logs in by registering, has registered and did nothing to be away is at work.
    fn proves_that_they_work(&self) {
        for place in 0..self.staff.len() {
            let logs_in = self.plan_of(place).is_some_and(|agent| agent.auto_login && !agent.is_retired);
            let Some(id) = self.owner_of(place).filter(|_| logs_in && !self.staff.may_be_out(place)) else {
                continue;
            };
            if self.desk_of(id).is_some_and(|desk| self.persons[desk].is_registered) {
                let is_out = self.witness.state(id) == AgentState::LoggedOut;
                assert!(!is_out, "{id:?} has registered, did nothing to be away, and is logged out");
            }
        }
    }

    /// The liveness half of the proof: with everybody there and prompt, nobody waits for ever.
    fn serves_the_rest(&mut self) {
        let end = self.now + SERVING_MAX;
        while self.witness.waiting() > 0 && self.now < end {
            self.run_for(Duration::from_secs(1));
            self.everybody_comes_home();
            for agent in 0..self.staff.len() {
                self.hangs_up_own_calls(agent);
                let Some(id) = self.owner_of(agent) else { continue };
                if matches!(self.witness.state(id), AgentState::Acw | AgentState::Aux(_)) {
                    self.command(Command::EndAcw(id));
                    self.command(Command::Ready(id));
                }
            }
        }
        assert!(self.witness.waiting() == 0 || !self.is_served(), "{} wait in vain", self.witness.waiting());
    }

    /// Calls that no queue gave would keep an agent from the line for as long as they like.
    fn hangs_up_own_calls(&mut self, agent: usize) {
        let state = self.who_sits_at(agent).map(|id| self.witness.state(id));
        // Whoever has left the site may have called the line as anybody may.
        if state == Some(AgentState::OtherCall) || !self.staff.works_at(agent) || self.seated.is_lent(agent) {
            for call in self.persons[agent].calls.clone() {
                self.act(agent, |phone, now| phone.hang_up(call, now));
            }
        }
    }

    /// Whether those who work can serve every queue: otherwise somebody may wait for a skill that nobody has.
    fn is_served(&self) -> bool {
        self.plan.queues.iter().all(|queue| {
            queue.when_nobody != Treatment::Wait
                || (0..self.staff.len())
                    .filter_map(|place| self.plan_of(place))
                    .any(|agent| agent.skills.iter().any(|&(skill, _)| skill == queue.skill))
        })
    }

    fn everybody_hangs_up(&mut self) {
        self.is_closing = true;
        self.all_withdraw();
        for place in 0..self.persons.len() {
            if self.persons[place].presence == Presence::There {
                for call in self.persons[place].calls.clone() {
                    self.act(place, |phone, now| phone.hang_up(call, now));
                }
            }
        }
    }

    /// A carrier that is well knows us soon, and goes on knowing us.
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
        self.witness.looks(&self.engine, now);
        self.witness.proves_the_end(now);
        for person in self.persons.iter() {
            let left = person.ghosts.left_over().filter(|_| !person.has_gaps);
            assert!(left.is_none(), "{:?}: the second answer {left:?} was never ended", person.who);
            // Whoever was deaf for a while may have missed the BYE, which is given up after 64 * T1.
            let must_know = person.presence == Presence::There && !person.has_gaps;
            assert!(!must_know || person.calls.is_empty(), "{:?} is left in a call", person.who);
        }
    }
}
