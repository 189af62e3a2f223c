//! What a load saw, counted and printed.

/// What went on, from outside.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) completed: u64,
    pub(super) failed: u64,
    /// Messages that came twice.
    pub(super) came_again: u64,
    /// Requests of ours without an answer for T1: a phone would have sent them again.
    pub(super) answered_late: u64,
    /// Offers to an agent who had a contact.
    pub(super) offered_two: u64,
    /// Offers out of the order of arrival.
    pub(super) out_of_order: u64,
    /// The last caller who was offered.
    pub(super) last_offered: Option<usize>,
    /// Nanoseconds from a caller's INVITE to the offer.
    pub(super) invite_to_offer: Vec<u64>,
    /// Nanoseconds from an agent's BYE to their next offer.
    pub(super) bye_to_offer: Vec<u64>,
    /// Statuses of failed calls.
    pub(super) refusals: Vec<u16>,
}

impl Figures {
    /// What was seen, in lines.
    pub(super) fn print(&mut self) {
        println!("calls completed           {}, failed {} {:?}", self.completed, self.failed, self.refusals);
        println!(
            "sent again                {} by turno, {} of ours waited 500 ms",
            self.came_again, self.answered_late
        );
        println!(
            "rules                     agents offered two {}, offers out of order {}",
            self.offered_two, self.out_of_order
        );
        show("INVITE to offer", &mut self.invite_to_offer);
        show("agent's BYE to next offer", &mut self.bye_to_offer);
    }

    /// Whether all went as it must.
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
