//! Days with random actions of all people, over a network that loses and duplicates packets.

use turno_ground::{Moment, Rng};
use turno_model::Fact;
use turno_tests::stage::plan::{TUESDAY_AT_TEN, site};
use turno_tests::stage::{Desk, Line, Stage, answering, millis, refusing, ringing, secs};

const DEEDS: usize = 250;
const AGENTS: usize = 5;

struct Day {
    stage: Stage,
    rng: Rng,
    agents: Vec<Desk>,
    callers: Vec<Line>,
    /// When each line's voice stops.
    silent: Vec<(Moment, Line)>,
}

impl Day {
    fn new(seed: u64) -> Self {
        let mut stage = Stage::open(site(), seed, TUESDAY_AT_TEN);
        let agents = stage.agents(AGENTS, &answering(secs(1)));
        let address = |port: u16| core::net::SocketAddr::from(([127, 40, 0, 1], port));
        stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(2)));
        stage.weather(seed % 4 * 4, seed % 3 * 5);
        Self { stage, rng: Rng::new(seed + 1000), agents, callers: Vec::new(), silent: Vec::new() }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let place = self.rng.below(from.len() as u64) as usize;
        from.get(place).copied()
    }

    fn run(&mut self) {
        for _ in 0..DEEDS {
            self.deed();
            let pause = self.rng.below(1500);
            self.stage.run_for(millis(pause));
            self.fall_silent();
        }
        self.stage.run_for(secs(31));
        self.silent.iter_mut().for_each(|(at, _)| *at = TUESDAY_AT_TEN);
        self.fall_silent();
        // A party that vanished on hold is found only by the session timer.
        self.stage.weather(0, 0);
        self.stage.run_for(secs(2 * 3600));
        self.stage.finish();
    }

    fn deed(&mut self) {
        let agent = self.pick(&self.agents.clone()).expect("there are agents");
        let line = self.pick(&self.stage.calls_of(agent));
        let caller = self.pick(&self.callers.clone());
        match (self.rng.below(24), line, caller) {
            (0..=6, _, _) => self.dials_in(),
            (7, Some(line), _) | (8, _, Some(line)) | (9, _, Some(line)) => self.stage.hangs_up(line),
            (10, Some(line), _) => self.stage.holds(line),
            (11, Some(line), _) => self.stage.resumes(line),
            (12, _, Some(line)) => self.stage.holds(line),
            (13, _, Some(line)) => self.stage.resumes(line),
            (14 | 15, Some(line), _) => {
                let to = self.pick(&["7000", "7001", "a001", "a002", "a003", "0987654321", "nobody"]);
                self.stage.passes_on(line, to.expect("there are some"));
            }
            (16, _, _) => {
                let to = self.pick(&["a001", "a004", "0987654321", "*13", "*15", "*141", "*16x", "7001"]);
                self.stage.dials(agent, to.expect("there are some"));
            }
            (17 | 18, Some(line), _) => {
                if let Some(other) = self.pick(&self.stage.calls_of(agent)) {
                    self.stage.joins(line, other);
                }
            }
            (19, _, _) => {
                let ring = millis(self.rng.below(4000));
                let ways = [answering(ring), answering(ring), answering(ring), refusing(486), ringing()];
                let way = ways[self.rng.below(5) as usize].clone();
                self.stage.behaves(agent, way);
            }
            (20, _, _) => {
                self.stage.dials(agent, "*13");
            }
            (21, _, Some(line)) => self.vanish(line),
            (22, _, Some(line)) => self.press(line),
            (23, Some(line), _) => self.stage.hangs_up(line),
            (_, _, _) => self.dials_in(),
        }
    }

    fn dials_in(&mut self) {
        let number = self.pick(&["7000", "7001", "7002"]).expect("there are some");
        let from = format!("099{:07}", self.callers.len());
        let line = self.stage.call(number, &from);
        self.callers.push(line);
    }

    fn press(&mut self, line: Line) {
        if self.stage.stream_of(line).is_some() {
            let key = self.pick(&['1', '2', '9', '#']).expect("there are some");
            self.stage.presses(line, key);
        }
    }

    fn vanish(&mut self, line: Line) {
        self.stage.vanishes(line.desk);
        self.silent.push((self.stage.now() + secs(30), line));
        self.callers.retain(|caller| *caller != line);
    }

    fn fall_silent(&mut self) {
        let now = self.stage.now();
        let (due, later) = self.silent.iter().partition(|(at, _)| *at <= now);
        self.silent = later;
        let due: Vec<(Moment, Line)> = due;
        for (_, line) in due {
            if self.stage.stream_of(line).is_some() {
                self.stage.falls_silent(line);
            }
        }
    }
}

#[test]
fn days_on_which_everybody_does_anything_leave_nothing_behind() {
    // All faults at once; each day can be repeated by its seed.
    let mut arrived = 0;
    for seed in 0..6 {
        let mut day = Day::new(seed);
        day.run();
        arrived += day.stage.count(|fact| matches!(fact, Fact::ContactArrived { .. }));
    }
    assert!(arrived > 6 * 50, "{arrived} contacts");
}
