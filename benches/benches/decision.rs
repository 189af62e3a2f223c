//! How long the distributor takes to decide with 10,000 contacts waiting and 1,000 agents. The aim is 20 microseconds.

use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use turno_benches::hall::Hall;
use turno_model::{ContactId, OfferOutcome};

const AGENTS: u32 = 1_000;
const WAITING: u64 = 10_000;

fn decision(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decision");
    let mut stage = Hall::new(AGENTS, WAITING);
    group.bench_function("an agent is free, 10,000 wait", |bencher| {
        // The freed agent takes the next in line and a new contact joins the end, so that the line stays as long.
        bencher.iter_custom(|turns| {
            let mut spent = Duration::ZERO;
            for _ in 0..turns {
                stage.arrive();
                let (offer, span) = timed(|| stage.release());
                spent += span;
                assert!(offer.is_some(), "the freed agent is offered the next");
                stage.accept(offer);
            }
            spent
        });
    });
    let mut stage = Hall::new(AGENTS, WAITING);
    group.bench_function("a contact comes, 10,000 wait", |bencher| {
        bencher.iter_custom(|turns| {
            let mut spent = Duration::ZERO;
            for _ in 0..turns {
                let last = ContactId(stage.next);
                spent += timed(|| stage.arrive()).1;
                stage.room.abandon(last, stage.now);
                stage.drain();
            }
            spent
        });
    });
    let mut free = Hall::new(AGENTS, 0);
    group.bench_function("a contact comes, 1,000 agents are free", |bencher| {
        bencher.iter_batched(
            || (),
            |()| {
                let offer = free.arrive().expect("somebody is free");
                free.room.settle(offer, OfferOutcome::CallerLeft, free.now);
                free.drain()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
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
