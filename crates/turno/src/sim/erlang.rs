//! The distributor held against Erlang's formulas, as a table.

use core::time::Duration;

use turno_model::Plan;
use turno_sim::{Load, Measured, QueueOrder, Spans, expected, measure};

use crate::exit::Exit;

/// Loads with published values: (what, agents, calls in half an hour, handling, patience, threshold; seconds).
const LOADS: [(&str, u32, f64, f64, Option<f64>, f64); 8] = [
    ("20 agents, 100 calls of 4 min in half an hour", 20, 100.0, 240.0, None, 20.0),
    ("the same, of 5 min", 20, 100.0, 300.0, None, 20.0),
    ("55 agents, 360 calls of 4 min", 55, 360.0, 240.0, None, 15.0),
    ("14 agents, 100 calls of 3 min", 14, 100.0, 180.0, None, 20.0),
    ("50 agents, 48 calls of 1 min a minute", 50, 1440.0, 60.0, None, 20.0),
    ("the same, patience of 2 min", 50, 1440.0, 60.0, Some(120.0), 20.0),
    ("20 agents, 260 calls of 4 min an hour, patience 3 min", 20, 130.0, 240.0, Some(180.0), 20.0),
    ("the same with 17 agents", 17, 130.0, 240.0, Some(180.0), 20.0),
];

const HALF_HOUR: f64 = 1800.0;

/// Prints what formulas say and what the room did, with the standard error of each figure.
pub(crate) fn print(plan: &Plan, seed: u64, calls: u64) -> Exit {
    println!(
        "{calls} calls each; the figure by formula, the room's with its standard error, and how many errors apart"
    );
    for (what, agents, calls_in_half, handling, patience, threshold) in LOADS {
        let load = Load { agents, calls: calls_in_half / HALF_HOUR, handling, patience, threshold };
        let Some(formula) = expected(&load) else { continue };
        let order = QueueOrder {
            seed,
            agents,
            between: Duration::from_secs_f64(1.0 / load.calls),
            handling: Spans::Exponential(Duration::from_secs_f64(handling)),
            patience: patience.map(|mean| Spans::Exponential(Duration::from_secs_f64(mean))),
            threshold: Duration::from_secs_f64(threshold),
            warm_up: calls / 20,
            calls,
        };
        let room = measure(plan, &order);
        println!("\n{what}");
        row("waits at all", formula.waits, room.waits);
        row("wait, seconds", formula.wait, room.wait);
        row(&format!("answered in {threshold} s"), formula.in_time, room.in_time);
        if patience.is_some() {
            row("gives up", formula.gives_up, room.gives_up);
        }
        row("occupancy", formula.occupancy, room.occupancy);
    }
    Exit::Done
}

fn row(name: &str, formula: f64, room: Measured) {
    let apart = (room.value - formula) / room.error.max(f64::MIN_POSITIVE);
    println!("  {name:<18} {formula:>9.4}   {:>9.4} ± {:<8.4} {apart:>5.1}", room.value, room.error);
}
