//! Tests that the books balance after any legal sequence of facts.

use core::time::Duration;

use proptest::prelude::*;
use turno_model::{
    AgentState, AuxReason, ContactId, ContactOutcome, EndedBy, Fact, OfferOutcome, QueueId, TurnedAway,
};

use crate::figures::QueueFigures;
use crate::tests::{LUAE, Room, TAXES};

const AGENTS: u32 = 3;

/// A caller who waits in a queue.
#[derive(Clone, Copy)]
struct Waiting {
    contact: u64,
    queue: QueueId,
    ringing: Option<u32>,
    was_answered: bool,
}

/// The expected state, calculated apart from the ledger.
struct World {
    room: Room,
    waiting: Vec<Waiting>,
    talking: Vec<(u64, u32, QueueId)>,
    arrived: u64,
    ended: u64,
    turned_away: u64,
}

impl World {
    fn new() -> Self {
        Self {
            room: Room::new("07:50:00"),
            waiting: Vec::new(),
            talking: Vec::new(),
            arrived: 0,
            ended: 0,
            turned_away: 0,
        }
    }

    fn step(&mut self, what: u8, pick: usize, span: Duration) {
        self.room.pass(span);
        match what {
            0..3 => self.somebody_calls(pick),
            3..6 => self.an_offer_is_made(pick),
            6..9 => self.an_offer_is_settled(pick),
            9 => self.somebody_is_held_or_taken_back(pick),
            10..12 => self.somebody_has_been_served(pick),
            12 => self.somebody_is_passed_on(pick),
            13 => self.somebody_stops_waiting(pick),
            _ => self.an_agent_does_something(pick),
        }
    }

    fn somebody_calls(&mut self, pick: usize) {
        self.arrived += 1;
        let contact = self.arrived;
        self.room.arrive(contact);
        if pick.is_multiple_of(7) {
            self.turned_away += 1;
            self.room
                .tell(&Fact::TurnedAway { contact: ContactId(contact), reason: TurnedAway::HungUpInMenu });
            return;
        }
        let queue = if pick.is_multiple_of(2) { TAXES } else { LUAE };
        self.room.queue(contact, queue);
        self.waiting.push(Waiting { contact, queue, ringing: None, was_answered: false });
    }

    fn an_offer_is_made(&mut self, pick: usize) {
        let free = (0..AGENTS).find(|&agent| self.room.state(agent) == AgentState::Available);
        let mut unoffered: Vec<&mut Waiting> =
            self.waiting.iter_mut().filter(|waiting| waiting.ringing.is_none()).collect();
        if let (Some(agent), false) = (free, unoffered.is_empty()) {
            let at = pick % unoffered.len();
            let waiting = &mut unoffered[at];
            waiting.ringing = Some(agent);
            let (contact, queue) = (waiting.contact, waiting.queue);
            self.room.offer(contact, agent, queue);
        }
    }

    fn an_offer_is_settled(&mut self, pick: usize) {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.ringing.is_some()) else { return };
        let waiting = self.waiting[at];
        let agent = waiting.ringing.expect("just looked");
        match pick % 4 {
            0 => {
                self.room.settle(waiting.contact, agent, waiting.queue, OfferOutcome::NoAnswer);
                self.room.change(agent, AgentState::Aux(AuxReason::Rona));
                self.room.queue(waiting.contact, waiting.queue);
                self.waiting[at].ringing = None;
            }
            1 => {
                self.room.settle(waiting.contact, agent, waiting.queue, OfferOutcome::CallerLeft);
                self.room.change(agent, AgentState::Available);
                self.leaves(at, EndedBy::Caller, ContactOutcome::Abandoned);
            }
            _ => {
                self.room.answer(waiting.contact, agent, waiting.queue);
                self.waiting.remove(at);
                self.talking.push((waiting.contact, agent, waiting.queue));
            }
        }
    }

    fn somebody_is_held_or_taken_back(&mut self, pick: usize) {
        if self.talking.is_empty() {
            return;
        }
        let (contact, agent, _) = self.talking[pick % self.talking.len()];
        if self.room.state(agent) == AgentState::Talking {
            self.room.hold(contact, agent);
        } else {
            self.room.resume(contact, agent);
        }
    }

    fn somebody_has_been_served(&mut self, pick: usize) {
        if self.talking.is_empty() {
            return;
        }
        let (contact, agent, queue) = self.talking.remove(pick % self.talking.len());
        self.ended += 1;
        if pick.is_multiple_of(3) {
            // The contact's end may be recorded before the agent's segment ends.
            self.room.end(contact, queue, ContactOutcome::Answered, EndedBy::Agent);
            self.room.disconnect(contact, agent, queue);
            self.room.change(agent, AgentState::Acw);
        } else {
            self.room.hang_up(contact, agent, queue);
        }
    }

    fn somebody_is_passed_on(&mut self, pick: usize) {
        if self.talking.is_empty() {
            return;
        }
        let (contact, agent, queue) = self.talking.remove(pick % self.talking.len());
        self.room.disconnect(contact, agent, queue);
        self.room.change(agent, AgentState::Acw);
        let queue = if pick.is_multiple_of(2) { queue } else { LUAE };
        self.room.queue(contact, queue);
        self.waiting.push(Waiting { contact, queue, ringing: None, was_answered: true });
    }

    fn somebody_stops_waiting(&mut self, pick: usize) {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.ringing.is_none()) else { return };
        match pick % 4 {
            0 => self.leaves(at, EndedBy::System, ContactOutcome::Outflowed),
            1 => self.leaves(at, EndedBy::Transfer, ContactOutcome::Dequeued),
            2 => self.leaves(at, EndedBy::Caller, ContactOutcome::Abandoned),
            _ => {
                let waiting = &mut self.waiting[at];
                waiting.queue = if waiting.queue == TAXES { LUAE } else { TAXES };
                let (contact, queue) = (waiting.contact, waiting.queue);
                self.room.queue(contact, queue);
            }
        }
    }

    fn leaves(&mut self, at: usize, by: EndedBy, outcome: ContactOutcome) {
        let waiting = self.waiting.remove(at);
        self.ended += 1;
        let outcome = if waiting.was_answered { ContactOutcome::Answered } else { outcome };
        self.room.end(waiting.contact, waiting.queue, outcome, by);
    }

    fn an_agent_does_something(&mut self, pick: usize) {
        let agent = u32::try_from(pick).unwrap_or(0) % AGENTS;
        let next = match self.room.state(agent) {
            AgentState::LoggedOut => AgentState::Aux(AuxReason::LoggedIn),
            AgentState::Available if pick.is_multiple_of(4) => AgentState::Aux(AuxReason::Planned(0)),
            AgentState::Available if pick.is_multiple_of(5) => AgentState::OtherCall,
            AgentState::Aux(_) if pick.is_multiple_of(3) => AgentState::LoggedOut,
            AgentState::Available | AgentState::Aux(_) | AgentState::Acw | AgentState::OtherCall => {
                AgentState::Available
            }
            AgentState::Ringing | AgentState::Talking | AgentState::Holding => return,
        };
        if next != self.room.state(agent) {
            self.room.change(agent, next);
        }
    }

    fn check(&self) {
        self.room.assert_balance();
        let now = self.room.ledger.snapshot(self.room.now);
        let shown: u32 = now.queues.iter().map(|queue| queue.waiting).sum();
        assert_eq!(shown as usize, self.waiting.len());
        assert_eq!(now.contacts.len(), self.waiting.len() + self.talking.len());
        assert_eq!(now.line_total.outcomes.values().sum::<u64>(), self.ended);
        assert_eq!(now.line_total.turned_away.values().sum::<u64>(), self.turned_away);
        for queue in &now.queues {
            let total = &queue.total;
            assert_eq!(total.entered, total.offered() + u64::from(queue.waiting));
            assert!(total.offers.settled() <= total.offers.made);
            assert!(total.completed_in_target <= total.completed && total.completed <= total.answered);
        }
        for agent in &now.agents {
            assert_eq!(agent.state, self.room.state(agent.agent.0));
        }
    }

    /// Within one day the intervals sum to the day.
    fn check_day(&self) {
        let day = self.room.ledger.day(self.room.now);
        let mut booked = QueueFigures::default();
        let mut staffed = Duration::ZERO;
        for row in &day.intervals {
            booked.add(&row.all);
            staffed += row.times.staffed();
        }
        assert_eq!(staffed, day.times().staffed());
        assert_eq!(booked.acw, day.all.acw);
        assert!(booked.entered <= day.all.entered);
        if self.waiting.is_empty() && self.talking.is_empty() {
            assert_eq!(booked, day.all);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_books_balance(
        steps in proptest::collection::vec((0_u8..17, 0_usize..1000, 0_u64..200_000_000), 1..250),
    ) {
        let mut world = World::new();
        for (what, pick, micros) in steps {
            world.step(what, pick, Duration::from_micros(micros));
            world.check();
        }
        world.check_day();
    }

    #[test]
    fn an_emptied_room_leaves_a_day_that_is_the_sum_of_its_half_hours(
        steps in proptest::collection::vec((0_u8..17, 0_usize..1000, 0_u64..200_000_000), 1..120),
    ) {
        let mut world = World::new();
        for (what, pick, micros) in steps {
            world.step(what, pick, Duration::from_micros(micros));
        }
        while !world.talking.is_empty() {
            world.somebody_has_been_served(1);
        }
        while let Some(waiting) = world.waiting.first().copied() {
            if let Some(agent) = waiting.ringing {
                world.room.settle(waiting.contact, agent, waiting.queue, OfferOutcome::CallerLeft);
                world.room.change(agent, AgentState::Available);
            }
            world.leaves(0, EndedBy::Caller, ContactOutcome::Abandoned);
        }
        world.check();
        world.check_day();
    }
}
