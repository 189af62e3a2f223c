//! The budget of file descriptors, counted at the start, so that turno does not run into the limit later.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use turno_engine::Engine;
use turno_media_plan::STREAMS_MAX as VOICES_MAX;
use turno_model::Plan;

use crate::net::places::STREAMS_MAX;
use crate::net::streams::Streams;
use crate::refusal::StartRefused;

/// HTTP connections at one time; Prometheus needs one.
const PAGES_MAX: usize = 128;

/// Connections to the HTTP API at one time: some for each desk, which may all have one address.
const API_MAX: usize = 512;

/// The listener of the API, the files of its users, and journal files that readers of events have open.
const OF_EVENTS: usize = 72;

/// Descriptors for turno itself, without listeners and pages: the journal's files, the control socket and its clients,
/// DNS look-ups, wake-up events and timers, and the spare descriptors of the media thread.
const HOUSEHOLD: usize = 76;

/// Descriptors of one pair of media ports: RTP and RTCP.
const A_PAIR: usize = 2;

/// Port pairs of a call between two people.
const PAIRS_A_CALL: usize = 2;

/// How many port pairs and connections the descriptors allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Provision {
    /// Pairs of media ports at a time.
    pub(crate) pairs: usize,
    /// SIP connections at a time.
    pub(crate) streams: usize,
}

impl Provision {
    /// Sets these limits in the engine and in the streams.
    pub(crate) fn limits(self, engine: &mut Engine, streams: &Streams) {
        engine.limit_ports(self.pairs);
        streams.limit(self.streams);
    }
}

/// Raises the limit as far as possible and divides it. If it is too low for the plan, logs what it allows and what to
/// do.
///
/// # Errors
/// [`StartRefused::Descriptors`] if the limit does not allow even one call.
pub(crate) fn provide(plan: &Plan) -> Result<Provision, StartRefused> {
    let limit = raised();
    let open = std::fs::read_dir("/proc/self/fd").map_or(16, Iterator::count);
    let of_api = if plan.api.is_some() { api_of(limit) + OF_EVENTS } else { 0 };
    let house = open + plan.sip.listen.len() + 2 + HOUSEHOLD + of_api;
    let wanted = wanted(plan);
    let needed = enough(house + wanted.pairs * A_PAIR + wanted.streams);
    let Some(provision) = share(limit.saturating_sub(house + pages()), wanted) else {
        return Err(StartRefused::Descriptors { limit, needed, least: enough(house + LEAST) });
    };
    if provision != wanted {
        let Provision { pairs, streams } = provision;
        let calls = pairs / PAIRS_A_CALL;
        let Provision { pairs: all_pairs, streams: all_streams } = wanted;
        tracing::warn!(
            "this process may have {limit} descriptors, and the plan may need {needed}: they are enough for {pairs} of \
             {all_pairs} pairs of media ports ({calls} calls between two people) and {streams} of {all_streams} SIP \
             connections; beyond that new calls hear 503. Set LimitNOFILE={needed} or more in the unit, or `ulimit -n`"
        );
    }
    Ok(provision)
}

/// Connections to /metrics and /health that are allowed at a time.
pub(crate) fn pages() -> usize {
    pages_of(limit())
}

/// Connections to the HTTP API that are allowed at a time.
pub(crate) fn api() -> usize {
    api_of(limit())
}

fn api_of(limit: usize) -> usize {
    (limit / 16).clamp(8, API_MAX)
}

fn pages_of(limit: usize) -> usize {
    (limit / 16).clamp(4, PAGES_MAX)
}

/// The lowest limit that is enough for `others` and for the pages, whose number depends on that limit.
fn enough(others: usize) -> usize {
    let mut limit = others;
    while limit < others + pages_of(limit) {
        limit = others + pages_of(limit);
    }
    limit
}

/// Descriptors of one call and one connection.
const LEAST: usize = PAIRS_A_CALL * A_PAIR + 1;

fn wanted(plan: &Plan) -> Provision {
    let (first, last) = plan.media.ports;
    let pairs = usize::from(last.saturating_sub(first)).div_ceil(2);
    Provision { pairs: pairs.min(VOICES_MAX), streams: STREAMS_MAX }
}

/// A quarter for connections and the rest for media, unless one of them needs less. `None` if no call fits.
fn share(room: usize, wanted: Provision) -> Option<Provision> {
    let streams = wanted.streams.min((room / 4).max(room.saturating_sub(wanted.pairs * A_PAIR)));
    let pairs = wanted.pairs.min(room.saturating_sub(streams) / A_PAIR);
    (pairs >= PAIRS_A_CALL.min(wanted.pairs) && streams > 0).then_some(Provision { pairs, streams })
}

fn limit() -> usize {
    getrlimit(Resource::Nofile).current.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
}

/// Raises the soft limit to the hard one: a call needs four media sockets, and the usual soft limit is 1024.
fn raised() -> usize {
    let most = getrlimit(Resource::Nofile).maximum;
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }) {
        tracing::warn!(%error, "the limit of open descriptors stays as it is");
    }
    limit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_told_to_be_enough_is_enough() {
        // Wound: 'one call needs 95', and under `ulimit -n 95` one call needs 96, since more pages may be read.
        for others in 0..5_000 {
            let limit = enough(others);
            assert!(limit - pages_of(limit) >= others, "{others}: {limit}");
            let fewer = limit - 1;
            assert!(fewer.saturating_sub(pages_of(fewer)) < others.max(1), "{others}: {fewer} would do");
        }
    }

    const WANTED: Provision = Provision { pairs: 5_000, streams: 8_192 };

    #[test]
    fn a_low_limit_is_shared_out_and_one_that_carries_no_call_is_refused() {
        // Wound: under `ulimit -n 200` every call was answered, and no port could be opened for any.
        assert_eq!(share(100_000, WANTED), Some(WANTED), "enough for everything");
        assert_eq!(share(18_192, WANTED), Some(WANTED));
        assert_eq!(share(100, WANTED), Some(Provision { pairs: 37, streams: 25 }));
        assert_eq!(share(11_000, WANTED), Some(Provision { pairs: 4_125, streams: 2_750 }));
        let few = Provision { pairs: 10, ..WANTED };
        assert_eq!(share(400, few), Some(Provision { pairs: 10, streams: 380 }), "what voices leave");
        assert_eq!((share(4, WANTED), share(0, WANTED)), (None, None));
        assert!(share(8, WANTED).is_some());
    }
}
