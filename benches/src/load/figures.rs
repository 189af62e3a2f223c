//! The figures of a load, counted and printed.

use std::collections::BTreeMap;

/// Counts and times of a load, as seen from outside of turno.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) completed: u64,
    pub(super) failed: u64,
    /// Messages that arrived twice.
    pub(super) came_again: u64,
    /// Requests of the load without an answer within T1: a phone would have sent them again.
    pub(super) answered_late: u64,
    /// Offers to an agent who had a contact.
    pub(super) offered_two: u64,
    /// Callers whose first offer was out of the order of arrival.
    pub(super) out_of_order: u64,
    /// Callers who were offered once more, because an agent did not answer: they are first in line.
    pub(super) offered_again: u64,
    /// Whether each caller was offered, by number.
    offered: Vec<bool>,
    /// The highest number of a caller who was offered.
    last_offered: Option<usize>,
    /// Nanoseconds from a caller's INVITE to the offer.
    pub(super) invite_to_offer: Vec<u64>,
    /// Nanoseconds from an agent's BYE to their next offer.
    pub(super) bye_to_offer: Vec<u64>,
    /// Failed calls by status.
    pub(super) refusals: BTreeMap<u16, u64>,
}

impl Figures {
    /// Counts an offer of a caller to an agent.
    pub(super) fn offered(&mut self, caller: usize) {
        if self.offered.len() <= caller {
            self.offered.resize(caller + 1, false);
        }
        if core::mem::replace(&mut self.offered[caller], true) {
            self.offered_again += 1;
            return;
        }
        self.out_of_order += u64::from(self.last_offered.is_some_and(|last| last > caller));
        self.last_offered = self.last_offered.max(Some(caller));
    }

    /// Prints the figures, one a line.
    pub(super) fn print(&mut self) {
        println!(
            "calls completed           {}, failed {} (by status: {:?})",
            self.completed, self.failed, self.refusals
        );
        println!(
            "sent again                {} by turno, {} of ours waited 500 ms",
            self.came_again, self.answered_late
        );
        println!(
            "rules                     agents offered two {}, callers out of order {}, offered again {}",
            self.offered_two, self.out_of_order, self.offered_again
        );
        show("INVITE to offer", &mut self.invite_to_offer);
        show("agent's BYE to next offer", &mut self.bye_to_offer);
    }

    /// Whether no call failed and no rule was broken.
    pub(super) const fn is_clean(&self) -> bool {
        self.failed == 0
            && self.came_again == 0
            && self.answered_late == 0
            && self.offered_two == 0
            && self.out_of_order == 0
    }
}

fn show(what: &str, spans: &mut [u64]) {
    if spans.is_empty() {
        return;
    }
    spans.sort_unstable();
    let at = |share: usize| milliseconds(spans[(spans.len() - 1) * share / 1_000]);
    let within = spans.partition_point(|span| *span <= 1_000_000);
    println!(
        "{what:<25} 50% {:.3} ms, 90% {:.3} ms, 99% {:.3} ms, longest {:.3} ms; {:.2}% within 1 ms of {}",
        at(500),
        at(900),
        at(990),
        at(1_000),
        within as f64 * 100.0 / spans.len() as f64,
        spans.len(),
    );
}

fn milliseconds(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
