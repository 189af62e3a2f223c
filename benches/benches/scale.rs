//! Cost of a large site compared with a small one: memory for each waiting caller, and time of each step.
//!
//!     cargo bench -p turno-benches --bench scale

use core::time::Duration;
use std::collections::BTreeMap;
use std::env;

use allocation_counter::measure;
use turno_benches::scale::{Scale, Size};

/// Steps of each kind in a round, and rounds, which alternate between both sites.
const STEPS: usize = 100;
const ROUNDS: usize = 6;

const LAB: Size = Size { agents: 200, queues: 1, skills: 1, waiting: 10, answered: false };

fn main() {
    let quick = env::var_os("TURNO_BENCH_QUICK").is_some();
    let many = if quick { 2_000 } else { 10_000 };
    for answered in [false, true] {
        let size = Size { waiting: many, answered, ..LAB };
        let mut house = Scale::new(size);
        let held = measure(|| house.fill());
        let each = held.bytes_current as f64 / many as f64;
        let how = if answered { "answered, with music" } else { "in early media" };
        println!("{many} wait {how}: {:.1} kB held for each", each / 1e3);
    }
    println!();
    compare("10 wait", LAB, &format!("{many} wait"), Size { waiting: many, ..LAB });
    let small = Size { agents: 20, queues: 6, skills: 2, waiting: 120, answered: false };
    let large = Size { agents: 1_000, queues: 100, skills: 10, waiting: 2_000, answered: false };
    compare("20 agents, 6 queues", small, "1,000 agents, 100 queues", large);
}

type Spans = BTreeMap<&'static str, Vec<Duration>>;

fn compare(few: &str, small: Size, many: &str, large: Size) {
    let (mut one, mut other) = (Scale::new(small), Scale::new(large));
    one.fill();
    other.fill();
    let (mut spans, mut others) = (Spans::new(), Spans::new());
    for round in 0..=ROUNDS {
        live(&mut one, small, &mut spans);
        live(&mut other, large, &mut others);
        if round == 0 {
            // The first round is only a warm-up.
            (spans, others) = (Spans::new(), Spans::new());
        }
    }
    println!("{:<44} {few:>22} {many:>26} {:>7}", "median of a step, us", "ratio");
    for (name, spans) in &mut spans {
        let (a, b) = (middle(spans), middle(others.get_mut(name).expect("both live alike")));
        println!("{name:<44} {a:>22.2} {b:>26.2} {:>7.2}", b / a);
    }
    println!();
}

/// Callers come and go, and the line stays as long as it was.
fn live(house: &mut Scale, size: Size, spans: &mut Spans) {
    for at in 0..STEPS {
        let queue = at * 7 % size.queues;
        spans.entry("INVITE of one who waits").or_default().push(house.invite(queue));
        spans.entry("CANCEL of one who waits").or_default().push(house.give_up(queue));
        spans.entry("BYE, and the next in line is offered").or_default().push(house.hang_up());
        spans.entry("200 of the agent").or_default().push(house.pick_up());
        house.invite(queue);
    }
    // Refused: the contact keeps its place, and the agent gets it again after the cool-down.
    for _ in 0..STEPS / 10 {
        house.hang_up();
        spans.entry("486 of the agent, back into line").or_default().push(house.refuse());
        spans.entry("cool-down over, offered again").or_default().push(house.pass_until_rung());
        house.pick_up();
        house.invite(0);
    }
    house.pass(Duration::from_secs(40));
}

fn middle(spans: &mut [Duration]) -> f64 {
    spans.sort_unstable();
    spans[spans.len() / 2].as_secs_f64() * 1e6
}
