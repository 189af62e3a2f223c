//! A day of 1800-510-510: 1500 calls, 20 agents, 520 minutes.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use turno_ground::{Moment, Rng};
use turno_model::{AgentState, BreakChange, ContactId, ContactOutcome, Fact, OfferOutcome, QueueId};
use turno_phone::Behaviour;
use turno_tests::stage::plan::quito;
use turno_tests::stage::{Desk, Line, Stage, answering, millis, secs};

/// 07:50 on the Tuesday, in Quito.
const OPENING: Moment = Moment::from_secs(1_795_532_400 - 2 * 3600 - 600);
const CALLS: usize = 1500;
const DAY: Duration = Duration::from_secs(520 * 60);

struct Day {
    stage: Stage,
    rng: Rng,
    agents: Vec<Desk>,
    /// The actions, in the order of their times.
    agenda: BTreeMap<(Moment, usize), Action>,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Dials,
    Chooses(Line, char),
    LosesPatience(Line),
    Lunch(usize),
    Looks(usize),
    Returns(usize),
}

impl Day {
    fn new(seed: u64) -> Self {
        let mut plan = quito();
        // Fewer OPTIONS than in Quito, where 20 phones in 520 minutes get 20,000.
        plan.sip.options_interval = Some(secs(300));
        let mut stage = Stage::open(plan, seed, OPENING);
        // The other tests parse the same messages strictly.
        stage.is_strict = false;
        let mut rng = Rng::new(seed);
        let mut agents = Vec::new();
        for number in 1001..=1020 {
            let ring = millis(1000 + rng.below(4000));
            let desk = stage.agent(&number.to_string(), answering(ring));
            stage.dials(desk, "*11");
            agents.push(desk);
        }
        stage.run_for(secs(5));
        let mut day = Self { stage, rng, agents, agenda: BTreeMap::new() };
        for number in 0..CALLS {
            let at = OPENING
                + secs(10)
                + Duration::from_micros(day.rng.below(DAY.as_micros() as u64 - 60_000_000));
            day.agenda.insert((at, number), Action::Dials);
        }
        for agent in 0..20 {
            let at = OPENING + secs(3 * 3600 + 660 + 1800 * (agent as u64 % 4));
            day.agenda.insert((at, 10_000 + agent), Action::Lunch(agent));
        }
        day
    }

    fn run(&mut self) {
        let mut next = 100_000;
        while let Some(((at, number), deed)) = self.agenda.pop_first() {
            let now = self.stage.now();
            self.stage.run_for(at.since(now));
            next += 2;
            match deed {
                Action::Dials => self.dials(number, next),
                Action::Chooses(line, key) => {
                    if self.stage.is_talking(line) {
                        self.stage.presses(line, key);
                    }
                }
                Action::LosesPatience(line) => {
                    // Only if the caller still waits.
                    if self.stage.hears_music(line) {
                        self.stage.hangs_up(line);
                    }
                }
                Action::Lunch(agent) => {
                    self.stage.dials(self.agents[agent], "*141");
                    self.agenda.insert((at + secs(60), next), Action::Looks(agent));
                }
                // Lunch is in turns: who may not go yet, or still talks, dials again later.
                Action::Looks(agent) => {
                    let extension = (1001 + agent).to_string();
                    let is_away = matches!(self.stage.state(&extension), AgentState::Aux(_));
                    let (after, then) = match is_away {
                        true => (secs(1740), Action::Returns(agent)),
                        false => (secs(60), Action::Lunch(agent)),
                    };
                    self.agenda.insert((at + after, next), then);
                }
                Action::Returns(agent) => drop(self.stage.dials(self.agents[agent], "*13")),
            }
        }
        self.stage.run_for(secs(1800));
    }

    fn dials(&mut self, number: usize, next: usize) {
        let desk = self.stage.caller(&format!("099{number:07}"));
        // For the caller's phone, menu and waiting are part of the call.
        let talk = secs(60 + self.rng.below(240));
        self.stage.behaves(desk, Behaviour { talk_for: Some(talk), ..Behaviour::default() });
        let line = self.stage.dials_from_trunk(desk, "1800510510", &format!("099{number:07}"));
        let now = self.stage.now();
        let key = ['1', '2', '3', '4', '5', '9', '#'][self.rng.below(7) as usize];
        if self.rng.below(10) < 8 {
            self.agenda.insert((now + millis(500 + self.rng.below(8000)), next), Action::Chooses(line, key));
        }
        let patience = secs(10 + self.rng.below(300));
        self.agenda.insert((now + patience, next + 1), Action::LosesPatience(line));
    }
}

/// Checks that no contact is offered while an earlier one of the same queue waits, unless an agent missed that one.
fn check_order(facts: &[(Moment, Fact)]) {
    let mut waiting: BTreeMap<QueueId, BTreeSet<(Moment, ContactId)>> = BTreeMap::new();
    let mut since: BTreeMap<ContactId, (Moment, QueueId)> = BTreeMap::new();
    for (at, fact) in facts {
        match fact {
            Fact::Queued { contact, queue, .. } => {
                since.insert(*contact, (*at, *queue));
                waiting.entry(*queue).or_default().insert((*at, *contact));
            }
            Fact::Offered { contact, queue, .. } => {
                let (came, _) = since[contact];
                let line = waiting.entry(*queue).or_default();
                line.remove(&(came, *contact));
                let earlier = line.iter().next().filter(|first| **first < (came, *contact));
                assert_eq!(earlier, None, "{contact:?} went ahead at {at:?}");
            }
            Fact::ContactEnded { contact, .. } => {
                if let Some((came, queue)) = since.remove(contact) {
                    waiting.entry(queue).or_default().remove(&(came, *contact));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn a_day_of_fifteen_hundred_calls_balances_and_keeps_its_order() {
    // Wounds: order, polling, memory, calls counted twice; one day tests them all.
    let mut day = Day::new(7);
    day.run();
    let stage = &mut day.stage;
    stage.finish();
    check_order(stage.facts());
    let arrived = stage.count(|fact| matches!(fact, Fact::ContactArrived { .. }));
    let answered = stage.ended(ContactOutcome::Answered);
    let others = stage.ended(ContactOutcome::Abandoned) + stage.ended(ContactOutcome::Outflowed);
    let away = stage.count(|fact| matches!(fact, Fact::TurnedAway { .. }));
    assert_eq!((arrived, answered + others + away), (CALLS, CALLS));
    assert!(answered > 1000, "{answered} answered, {others} left, {away} turned away");
    assert_eq!(stage.settled(OfferOutcome::Accepted), answered);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Alarm { .. })), 0);
    let breaks = |is: fn(&BreakChange) -> bool| {
        stage.count(|fact| matches!(fact, Fact::Break(step) if is(&step.change)))
    };
    assert_eq!(breaks(|it| matches!(it, BreakChange::Began)), 20, "every agent has lunch");
    assert!(
        breaks(|it| matches!(it, BreakChange::Promised { .. })) > 3,
        "some are told when their turn comes"
    );
}
