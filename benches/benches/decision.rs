//! How long the distributor takes to decide with 10,000 contacts waiting and 1,000 agents. The aim is 20 microseconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use turno_acd::{Arrival, Offer, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::{AgentId, Channel, ContactId, EndedBy, OfferOutcome, Plan, QueueId};

const AGENTS: u32 = 1_000;
const WAITING: u64 = 10_000;

/// A room whose agents all talk while the line stands.
struct Stage {
    room: Room,
    now: Moment,
    talking: Vec<ContactId>,
    next: u64,
}

impl Stage {
    fn new() -> Self {
        let now = Moment::from_secs(1_000_000);
        let mut stage = Self { room: Room::new(Arc::new(plan()), 7, now), now, talking: Vec::new(), next: 1 };
        for agent in (0..AGENTS).map(AgentId) {
            stage.room.set_reachable(agent, true, now);
            stage.drain();
        }
        for _ in 0..u64::from(AGENTS) + WAITING {
            stage.arrive();
            let offer = stage.drain();
            stage.accept(offer);
        }
        assert_eq!(stage.talking.len(), AGENTS as usize, "everybody talks");
        assert_eq!(stage.room.waiting(QueueId(0)), WAITING as usize, "the line stands");
        stage
    }

    fn arrive(&mut self) {
        self.now = self.now + Duration::from_micros(10);
        let contact = ContactId(self.next);
        self.next += 1;
        let (channel, queue) = (Channel::Voice, QueueId(0));
        let arrival = Arrival { contact, channel, queue, priority: None, waiting_since: None };
        self.room.enqueue(arrival, self.now);
    }

    fn accept(&mut self, offer: Option<Offer>) {
        if let Some(offer) = offer {
            self.talking.push(offer.contact());
            self.room.accept(offer, self.now);
            self.drain();
        }
    }

    /// Takes everything out; the offer, if there is one.
    fn drain(&mut self) -> Option<Offer> {
        let mut offered = None;
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Offer(offer) => offered = Some(offer),
                RoomOutput::Fact(_)
                | RoomOutput::RingOver(_)
                | RoomOutput::Treat { .. }
                | RoomOutput::Warn { .. }
                | RoomOutput::Breach { .. }
                | RoomOutput::HoldOver { .. } => {}
            }
        }
        offered
    }

    /// An agent hangs up and gets the next in line.
    fn next_contact(&mut self, contact: ContactId) -> Option<Offer> {
        self.room.release(contact, EndedBy::Caller, self.now);
        self.drain()
    }
}

/// The lab with a thousand agents and room for the line.
fn plan() -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip-config/lab");
    let (mut plan, _) = turno_config::load(&folder).expect("the lab plan is valid");
    let agent = plan.agents[0].clone();
    plan.agents = (0..AGENTS)
        .map(|at| turno_model::plan::AgentPlan { name: format!("b{at}"), ..agent.clone() })
        .collect();
    for queue in &mut plan.queues {
        queue.length_max = u32::MAX;
    }
    plan
}

fn decision(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decision");
    let mut stage = Stage::new();
    group.bench_function("an agent is free, 10,000 wait", |bencher| {
        // The freed agent takes the next in line; a new contact comes to its end, so that the room stays as it is.
        bencher.iter_custom(|turns| {
            let mut spent = Duration::ZERO;
            for turn in 0..turns {
                let place = usize::try_from(turn).expect("few turns") % stage.talking.len();
                let contact = stage.talking.swap_remove(place);
                stage.arrive();
                stage.drain();
                let (offer, span) = timed(|| stage.next_contact(contact));
                spent += span;
                assert!(offer.is_some(), "the freed agent is offered the next");
                stage.accept(offer);
            }
            spent
        });
    });
    let mut stage = Stage::new();
    group.bench_function("a contact comes, 10,000 wait", |bencher| {
        bencher.iter_custom(|turns| {
            let mut spent = Duration::ZERO;
            for _ in 0..turns {
                let last = ContactId(stage.next);
                spent += timed(|| {
                    stage.arrive();
                    stage.drain()
                })
                .1;
                stage.room.abandon(last, stage.now);
                stage.drain();
            }
            spent
        });
    });
    let mut free = free_room();
    group.bench_function("a contact comes, 1,000 agents are free", |bencher| {
        bencher.iter_batched(
            || (),
            |()| {
                free.arrive();
                let offer = free.drain().expect("somebody is free");
                free.room.settle(offer, OfferOutcome::CallerLeft, free.now);
                free.drain()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// A thousand agents with nothing to do.
fn free_room() -> Stage {
    let now = Moment::from_secs(1_000_000);
    let mut stage = Stage { room: Room::new(Arc::new(plan()), 7, now), now, talking: Vec::new(), next: 1 };
    for agent in (0..AGENTS).map(AgentId) {
        stage.room.set_reachable(agent, true, now);
        stage.drain();
    }
    stage
}

#[expect(clippy::disallowed_methods, reason = "to measure is what a bench is for")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = std::time::Instant::now();
    let result = std::hint::black_box(work());
    (result, begin.elapsed())
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = decision
}
criterion_main!(benches);
