//! The engine's door: one input in, outputs out.

use std::collections::VecDeque;
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::Plan;

use crate::input::Input;
use crate::output::Output;

/// The one owner of all state.
#[derive(Debug)]
pub struct Engine {
    plan: Arc<Plan>,
    outbox: VecDeque<Output>,
}

impl Engine {
    /// An engine that works by `plan`; `seed` comes from the operating system, or from a test.
    pub fn new(plan: Arc<Plan>, seed: u64, now: Moment) -> Self {
        let _ = (seed, now);
        Self { plan, outbox: VecDeque::new() }
    }

    /// Takes one input and runs to completion. Cannot fail; outputs may be drained at any later time.
    pub fn handle(&mut self, input: Input<'_>, now: Moment) {
        let _ = (input, now, &self.plan);
    }

    /// The next output in order; [`Output::Idle`] ends the drain.
    pub fn poll_output(&mut self) -> Output {
        self.outbox.pop_front().unwrap_or(Output::Idle(None))
    }

    /// Signalling counters for the metrics.
    pub fn sip_counters(&self) -> SipCounters {
        SipCounters::default()
    }
}

/// Signalling counters for the metrics, all since the start but the last three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SipCounters {
    /// Requests received.
    pub requests_in: u64,
    /// Requests sent.
    pub requests_out: u64,
    /// Responses received.
    pub responses_in: u64,
    /// Responses sent.
    pub responses_out: u64,
    /// Messages received again.
    pub retransmissions_in: u64,
    /// Messages sent again.
    pub retransmissions_out: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Transactions alive now.
    pub transactions: u64,
    /// Dialogs alive now.
    pub dialogs: u64,
    /// Registered contacts now.
    pub registrations: u64,
}
