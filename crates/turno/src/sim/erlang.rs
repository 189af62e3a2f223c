//! The distributor held against Erlang's formulas, as a table.

use core::time::Duration;

use turno_model::Plan;
use turno_planner::{Load, Measured, QueueOrder, Spans, expected, measure};

use crate::exit::Exit;

/// A load with published values, and what it is.
type Named = (&'static str, Load);

/// All of them; seconds, and calls a second.
const LOADS: [Named; 8] = [
    ("20 agents, 100 calls of 4 min in half an hour", load(20, 100.0, 240.0, None, 20.0)),
    ("the same, of 5 min", load(20, 100.0, 300.0, None, 20.0)),
    ("55 agents, 360 calls of 4 min", load(55, 360.0, 240.0, None, 15.0)),
    ("14 agents, 100 calls of 3 min", load(14, 100.0, 180.0, None, 20.0)),
    ("50 agents, 48 calls of 1 min a minute", load(50, 1440.0, 60.0, None, 20.0)),
    ("the same, patience of 2 min", load(50, 1440.0, 60.0, Some(120.0), 20.0)),
    ("20 agents, 260 calls of 4 min an hour, patience 3 min", load(20, 130.0, 240.0, Some(180.0), 20.0)),
    ("the same with 17 agents", load(17, 130.0, 240.0, Some(180.0), 20.0)),
];

/// A load of so many calls in half an hour.
const fn load(agents: u32, calls: f64, handling: f64, patience: Option<f64>, threshold: f64) -> Load {
    Load { agents, calls: calls / 1800.0, handling, patience, threshold }
}

/// Prints what formulas say and what the room did, with the standard error of each figure.
pub(crate) fn print(plan: &Plan, seed: u64, calls: u64) -> Exit {
    say!(
        "{calls} calls each; the figure by formula, the room's with its standard error, and how many errors apart"
    );
    for (what, load) in LOADS {
        let Load { agents, handling, patience, threshold, .. } = load;
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
        say!("\n{what}");
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
    say!("  {name:<18} {formula:>9.4}   {:>9.4} ± {:<8.4} {apart:>5.1}", room.value, room.error);
}
