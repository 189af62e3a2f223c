//! Erlang's formulas: the waits in a queue with exponential times between calls and exponential handling times.
//!
//! In Erlang C everybody waits for ever; in Erlang A callers give up after exponential patience. The simulator is
//! checked against them, and they give planners a first answer. (The forms of FIELD.md; Garnett, Mandelbaum and Reiman
//! 2002 for A.)

/// The load of a queue; all times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// How many agents.
    pub agents: u32,
    /// Calls per second.
    pub calls: f64,
    /// The mean handling time.
    pub handling: f64,
    /// The mean patience; `None`: everybody waits for ever.
    pub patience: Option<f64>,
    /// The threshold of the service level.
    pub threshold: f64,
}

/// The result of the formulas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The share of callers who wait at all.
    pub waits: f64,
    /// The average speed of answer (C), or the mean wait of all callers (A), in seconds.
    pub wait: f64,
    /// The service level: the share of all callers who are answered within the threshold.
    pub in_time: f64,
    /// The share of callers who give up.
    pub gives_up: f64,
    /// The share of the agents' time that is talk.
    pub occupancy: f64,
}

/// The limit of states: further terms are smaller than a double's last digit.
const STATES_MAX: u32 = 100_000;

/// How many steps the time between two changes of the line is divided into. The error in percent is about its inverse.
const STEPS_A_CHANGE: f64 = 50.0;

/// Erlang's formulas for a load. `None` if the agents can't carry it: the offered load is at least the number of
/// agents, and nobody gives up.
pub fn expected(load: &Load) -> Option<Expected> {
    match load.patience {
        None => erlang_c(load),
        Some(patience) => Some(erlang_a(load, patience)),
    }
}

fn erlang_c(load: &Load) -> Option<Expected> {
    let agents = f64::from(load.agents);
    let offered = load.calls * load.handling;
    if offered >= agents {
        return None;
    }
    let waits = waiting_share(agents, offered);
    let wait = waits * load.handling / (agents - offered);
    let in_time = 1.0 - waits * (-(agents - offered) * load.threshold / load.handling).exp();
    Some(Expected { waits, wait, in_time, gives_up: 0.0, occupancy: offered / agents })
}

/// Erlang C's probability of waiting, also for a fractional number of agents.
fn waiting_share(agents: f64, offered: f64) -> f64 {
    let blocked = blocking_share(agents, offered);
    let busy = offered / agents;
    blocked / (1.0 - busy * (1.0 - blocked))
}

/// Erlang B for a fractional number of agents: 1 / B = a * integral of e^(-a t) (1 + t)^N over t from 0 on (Jagerman).
fn blocking_share(agents: f64, offered: f64) -> f64 {
    // The recursion over whole steps is exact, so only the fraction needs the integral.
    let whole = agents.floor();
    let fraction = agents - whole;
    let mut inverse = if fraction > 0.0 { inverse_blocking(fraction, offered) } else { 1.0 };
    for step in 1..=(whole as u32) {
        inverse = 1.0 + inverse * (fraction + f64::from(step)) / offered;
    }
    1.0 / inverse
}

fn inverse_blocking(agents: f64, offered: f64) -> f64 {
    // With s = a t: the integral of e^(-s) (1 + s / a)^N over s, by Simpson's rule, up to where e^(-s) is negligible.
    const STEPS: u32 = 20_000;
    const END: f64 = 60.0;
    let at = |s: f64| (-s).exp() * (1.0 + s / offered).powf(agents);
    let width = END / f64::from(STEPS);
    let inner: f64 =
        (1..STEPS).map(|step| at(f64::from(step) * width) * if step % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (at(0.0) + inner + at(END)) * width / 3.0
}

/// The number of agents, possibly fractional, for this average speed of answer (Erlang C); `calls` per second.
pub fn agents_for(calls: f64, handling: f64, speed_of_answer: f64) -> f64 {
    let offered = calls * handling;
    let answer = |agents: f64| waiting_share(agents, offered) * handling / (agents - offered);
    // The wait falls with more agents: halve the interval until it is smaller than any digit shown.
    let (mut low, mut high) = (offered * (1.0 + 1e-9), offered * 2.0 + 100.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if answer(middle) > speed_of_answer {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// M/M/N+M, solved by its states: a call leads to the next state, the end of a talk or of a caller's patience to the
/// previous one.
fn erlang_a(load: &Load, patience: f64) -> Expected {
    let (calls, service, leaving) = (load.calls, 1.0 / load.handling, 1.0 / patience);
    let deaths = |state: u32| {
        let busy = f64::from(state.min(load.agents));
        let waiting = f64::from(state.saturating_sub(load.agents));
        busy * service + waiting * leaving
    };
    // Shares relative to the state with exactly all agents busy, so that nothing overflows.
    let mut below = Vec::new();
    let mut share = 1.0;
    for state in (1..=load.agents).rev() {
        share *= deaths(state) / calls;
        below.push(share);
    }
    let mut above = vec![1.0];
    let mut share = 1.0;
    for state in load.agents + 1..load.agents + STATES_MAX {
        share *= calls / deaths(state);
        above.push(share);
        if share < 1e-18 {
            break;
        }
    }
    let whole: f64 = below.iter().sum::<f64>() + above.iter().sum::<f64>();
    let waits = above.iter().sum::<f64>() / whole;
    let queue: f64 =
        (0u32..).zip(&above).map(|(waiting, share)| f64::from(waiting) * share).sum::<f64>() / whole;
    // Little's law for the callers in line: each gives up at the rate `leaving`.
    let gives_up = queue * leaving / calls;
    let busy = calls * (1.0 - gives_up) * load.handling;
    Expected {
        waits,
        wait: queue / calls,
        in_time: 1.0 - waits + answered_from_line(load, leaving, &above, whole),
        gives_up,
        occupancy: busy / f64::from(load.agents),
    }
}

/// The share of callers who wait and are answered within the threshold. A caller with `k` others in front moves up when
/// a talk ends or one of these gives up, unless the caller gives up first. This is a Markov chain that only falls,
/// integrated in small time steps.
fn answered_from_line(load: &Load, leaving: f64, above: &[f64], whole: f64) -> f64 {
    let full = f64::from(load.agents) / load.handling;
    // held[k]: the share of callers with k others in front.
    let mut held: Vec<f64> = above.iter().map(|share| share / whole).collect();
    let fastest = full + leaving * held.len() as f64;
    let steps = (load.threshold * fastest * STEPS_A_CHANGE).ceil().max(1.0);
    let step = load.threshold / steps;
    let mut answered = 0.0;
    for _ in 0..(steps as u64) {
        for ahead in 0..held.len() {
            let moves_up = held[ahead] * (full + leaving * ahead as f64) * step;
            held[ahead] -= moves_up + held[ahead] * leaving * step;
            match ahead.checked_sub(1) {
                Some(next) => held[next] += moves_up,
                None => answered += moves_up,
            }
        }
    }
    answered
}

#[cfg(test)]
#[path = "erlang_tests.rs"]
mod tests;
