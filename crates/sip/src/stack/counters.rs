//! What a stack has counted since it began.

use crate::message::method::Method;

/// Counts by method, in the order of [`Method`].
pub const METHOD_COUNT: usize = Method::Other as usize + 1;

/// What a stack has counted since it began, and what lives in it now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests received, by method (`Method as usize`), copies included.
    pub requests_in: [u64; METHOD_COUNT],
    /// Requests sent, by method, copies excluded.
    pub requests_out: [u64; METHOD_COUNT],
    /// Responses received, by class: `[0]` is 1xx, `[5]` is 6xx.
    pub responses_in: [u64; 6],
    /// Responses sent, by class, copies excluded.
    pub responses_out: [u64; 6],
    /// Copies of requests that peers sent again.
    pub retransmissions_in: u64,
    /// Copies that we sent again.
    pub retransmissions_out: u64,
    /// Datagrams that were not messages, keep-alives excluded.
    pub malformed: u64,
    /// Keep-alives.
    pub keep_alives: u64,
    /// Responses and ACKs that belong to nothing.
    pub strays: u64,
    /// Requests refused because a limit was reached.
    pub over_limit: u64,
    /// New calls refused because there was more work than time.
    pub shed_calls: u64,
    /// Other requests outside dialogs refused because there was more work than time.
    pub shed_others: u64,
    /// Our requests that nobody answered.
    pub timeouts: u64,
    /// Peers' requests at work now.
    pub server_transactions: usize,
    /// Our requests at work now.
    pub client_transactions: usize,
    /// Sessions now.
    pub sessions: usize,
    /// Deadlines now.
    pub deadlines: usize,
}

impl Counters {
    pub(crate) fn count_response(classes: &mut [u64; 6], status: u16) {
        let class = usize::from(status / 100).clamp(1, 6) - 1;
        classes[class] += 1;
    }
}
