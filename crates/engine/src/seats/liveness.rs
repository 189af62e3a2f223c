//! Probes bindings by OPTIONS to find out whether the phones are still there.

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::{Flow, Moment};
use turno_model::{Plan, SeatId};
use turno_sip::{ClientKey, Method, OutRequest};

use crate::means::Means;
use crate::seats::Seats;
use crate::seats::told::SeatDeadline;

impl Seats {
    /// Starts probing a new binding, at a random moment, so that phones that register together are not probed together.
    pub(super) fn watch(&mut self, seat: SeatId, uri: &str, means: &mut Means<'_>, now: Moment) {
        let Some(interval) = means.plan.sip.options_interval else { return };
        let extension = &means.plan.seats[seat.index()].extension;
        let Some(flow) = self.registrar.bindings(extension).iter().find(|b| b.uri == uri).map(|b| b.flow)
        else {
            return;
        };
        let probe = self.next_probe;
        self.next_probe += 1;
        self.probes.insert(probe, (seat, uri.to_owned(), flow));
        self.rows[seat.index()].set_probe(uri, probe);
        let spread = means.rng.below(u64::try_from(interval.as_micros()).unwrap_or(u64::MAX));
        self.timers.set(SeatDeadline::Probe(probe), now + Duration::from_micros(spread));
    }

    /// Applies a new interval for probes. If the plan wants none, a binding counts as reachable again.
    pub(crate) fn watch_anew(&mut self, means: &mut Means<'_>, now: Moment) {
        let registered: Vec<(SeatId, String)> = self
            .registrar
            .registered()
            .filter_map(|(aor, bindings)| Some((means.directory.seat(aor)?, bindings)))
            .flat_map(|(seat, bindings)| bindings.iter().map(move |one| (seat, one.uri.clone())))
            .collect();
        for (seat, uri) in registered {
            if means.plan.sip.options_interval.is_some() {
                self.watch(seat, &uri, means, now);
                continue;
            }
            // An unused probe number, so that a response under way is ignored.
            self.rows[seat.index()].set_probe(&uri, self.next_probe);
            self.next_probe += 1;
            if !self.lost_streams.contains(&(seat, uri.clone())) {
                self.rows[seat.index()].note(&uri, true, means.plan.sip.options_misses_max);
                self.update_reachability(seat);
            }
        }
    }

    /// Probes all bindings again after a restart. A stream did not survive it: its phone is unreachable until it
    /// returns, and its agent gets no offers meanwhile.
    pub(crate) fn watch_again(&mut self, means: &mut Means<'_>, now: Moment) {
        let registered: Vec<(String, Vec<(String, Flow)>)> = self
            .registrar
            .registered()
            .map(|(aor, bindings)| {
                (aor.to_owned(), bindings.iter().map(|one| (one.uri.clone(), one.source)).collect())
            })
            .collect();
        for (aor, bindings) in registered {
            let Some(seat) = means.directory.seat(&aor) else { continue };
            for (uri, source) in bindings {
                self.watch(seat, &uri, means, now);
                let is_there = means.plan.sip.contact_as_given && !source.transport.is_web();
                if source.transport.is_reliable() && !is_there {
                    self.rows[seat.index()].lose(&uri);
                    self.lost_streams.insert((seat, uri));
                }
            }
            self.update_reachability(seat);
        }
    }

    /// Probes one binding, unless it is gone.
    pub(super) fn probe(&mut self, probe: u64, means: &mut Means<'_>, now: Moment) {
        let Some((seat, uri, _)) = self.probes.get(&probe) else { return };
        let extension = &means.plan.seats[seat.index()].extension;
        let is_current = self.rows[seat.index()].is_probed_by(uri, probe);
        let binding = self.registrar.bindings(extension).iter().find(|b| is_current && b.uri == *uri);
        let Some(binding) = binding else {
            self.probes.remove(&probe);
            return;
        };
        // JsSIP ends a call when its connection closes while it owes an answer; a browser in a talk is there.
        let is_talking =
            binding.source.transport.is_web() && !means.stack.sessions_on(binding.source).is_empty();
        if is_talking || self.lost_streams.contains(&(*seat, uri.clone())) {
            // Or there is no flow to it until it registers again.
            if let Some(interval) = means.plan.sip.options_interval {
                self.timers.set(SeatDeadline::Probe(probe), now + interval);
            }
            return;
        }
        let (flow, route) = (binding.flow, binding.path.clone());
        let domain = &means.plan.sip.domain;
        let out = OutRequest {
            method: Method::Options,
            uri: uri.clone(),
            flow,
            from: format!("<sip:turno@{domain}>"),
            to: format!("<sip:{extension}@{domain}>"),
            call_id: None,
            cseq: None,
            route,
            headers: SmallVec::new(),
            body: None,
        };
        let key = means.stack.request(out, now);
        self.asked.insert(key, probe);
    }

    /// A response to one of our requests, or a timeout. Returns whether it belongs to a probe.
    pub(crate) fn on_response(
        &mut self,
        key: ClientKey,
        status: Option<u16>,
        means: &Means<'_>,
        now: Moment,
    ) -> bool {
        let Some(probe) = self.asked.remove(&key) else { return false };
        self.on_probed(probe, status, means.plan, now);
        true
    }

    /// Any status but 408, 480 and 503 shows that the phone is there; a phone may well reject OPTIONS itself.
    fn on_probed(&mut self, probe: u64, status: Option<u16>, plan: &Plan, now: Moment) {
        let Some((seat, uri, _)) = self.probes.get(&probe) else { return };
        if !self.rows[seat.index()].is_probed_by(uri, probe) {
            self.probes.remove(&probe);
            return;
        }
        let (seat, answered) = (*seat, status.is_some_and(|status| !matches!(status, 408 | 480 | 503)));
        let changed = self.rows[seat.index()].note(uri, answered, plan.sip.options_misses_max);
        if let Some(interval) = plan.sip.options_interval {
            self.timers.set(SeatDeadline::Probe(probe), now + interval);
        }
        if changed {
            self.update_reachability(seat);
        }
    }
}
