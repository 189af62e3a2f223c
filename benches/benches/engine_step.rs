//! Time of the engine for each input of a queued call, including its outputs; the target is a median of 15 us.

use std::collections::BTreeMap;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use turno_benches::{Stage, Step};

/// Registered agents.
const AGENTS: u16 = 200;

/// Calls behind the table of steps.
const CALLS: usize = 2_000;

fn engine_step(criterion: &mut Criterion) {
    let mut stage = Stage::new(AGENTS);
    print_table(&mut stage);
    let mut group = criterion.benchmark_group("engine step");
    group.bench_function("an INVITE up to the offer", |bencher| {
        bencher.iter_custom(|calls| (0..calls).map(|_| total(stage.call(), Some(Step::Invite))).sum());
    });
    group.bench_function("all steps of a call", |bencher| {
        bencher.iter_custom(|calls| (0..calls).map(|_| total(stage.call(), None)).sum());
    });
    group.finish();
}

fn total(spans: &[(Step, Duration)], wanted: Option<Step>) -> Duration {
    spans
        .iter()
        .filter(|(step, _)| is_of_call(*step) && wanted.is_none_or(|wanted| wanted == *step))
        .map(|(_, span)| *span)
        .sum()
}

/// Whether a step belongs to the call; seats also refresh their registrations between calls.
fn is_of_call(step: Step) -> bool {
    step != Step::Register
}

fn print_table(stage: &mut Stage) {
    let mut by_step: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for _ in 0..CALLS {
        for &(step, span) in stage.call() {
            by_step.entry(format!("{step:?}")).or_default().push(span);
            if is_of_call(step) {
                by_step.entry("any".to_owned()).or_default().push(span);
            }
        }
    }
    println!("{:<10} {:>8} {:>10} {:>10} {:>10}", "step", "a call", "median", "90%", "99%");
    for (step, mut spans) in by_step {
        spans.sort_unstable();
        let at = |share: usize| spans[(spans.len() - 1) * share / 100];
        let each = spans.len() as f64 / CALLS as f64;
        println!("{step:<10} {each:>8.1} {:>10.2?} {:>10.2?} {:>10.2?}", at(50), at(90), at(99));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(20))
        .measurement_time(Duration::from_millis(150));
    targets = engine_step
}
criterion_main!(benches);
