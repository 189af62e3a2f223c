//! State of one trunk: addresses, probe results, troubles, and our registration with it.

use core::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::plan::TrunkPlan;

use crate::trunks::own_registration::OwnRegistration;
use crate::trunks::registration::{Heard, Next, Registration};
use crate::trunks::trouble::{Trouble, Troubles};

/// State of one trunk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TrunkState {
    addresses: Vec<SocketAddr>,
    /// Our registration, if we register with this trunk.
    pub(crate) own: OwnRegistration,
    troubles: Troubles,
    /// Addresses in a row that did not answer OPTIONS.
    silent: usize,
    /// What must still be proved before the trunk is in service.
    #[serde(skip)]
    unproved: Unproved,
    /// The last reported service state; `None` before the first report.
    #[serde(skip)]
    told_up: Option<bool>,
}

/// What a trunk must prove after a start; nothing if it is neither probed nor registered with.
#[derive(Clone, Copy, Debug, Default)]
struct Unproved {
    /// That it answers OPTIONS.
    answer: bool,
    /// That it accepts our registration.
    registration: bool,
}

impl TrunkState {
    pub(crate) fn new(plan: &TrunkPlan) -> Self {
        let literal = plan.host.as_deref().and_then(|host| host.parse::<IpAddr>().ok());
        let port = plan.port.unwrap_or(plan.transport.default_port());
        Self {
            addresses: literal.map(|ip| SocketAddr::new(ip, port)).into_iter().collect(),
            own: OwnRegistration::default(),
            troubles: Troubles::default(),
            silent: 0,
            unproved: Unproved::default(),
            told_up: None,
        }
    }

    /// At a start, the trunk must prove again that it answers, if it is probed, and that it accepts our registration, if it
    /// is not registered. Its service state is reported again, since the metrics start anew.
    pub(crate) fn is_to_prove(&mut self, is_asked: bool, registers: bool) {
        let is_registered = self.own.stage() == Registration::Registered;
        self.unproved = Unproved { answer: is_asked, registration: registers && !is_registered };
        self.told_up = (!is_asked && !registers).then_some(true);
    }

    /// Sets the resolved addresses. An empty result must not remove working addresses, and an equal set must not change
    /// their order. True if the addresses changed.
    pub(crate) fn is_at(&mut self, addresses: Vec<SocketAddr>) -> bool {
        let is_known = addresses.len() == self.addresses.len()
            && addresses.iter().all(|one| self.addresses.contains(one));
        let is_new = !addresses.is_empty() && !is_known;
        if is_new {
            self.addresses = addresses;
        }
        is_new
    }

    /// It answered OPTIONS.
    pub(crate) const fn answers(&mut self) {
        self.silent = 0;
        self.unproved.answer = false;
    }

    /// It did not answer OPTIONS: the next address becomes the preferred one (RFC 3263, 4.3). True if all were silent.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.take_next();
        self.silent += 1;
        let is_all = self.silent >= self.addresses.len();
        if is_all {
            self.silent = 0;
        }
        is_all
    }

    /// It could not handle our REGISTER: the next address becomes the preferred one.
    pub(crate) fn is_unavailable(&mut self) -> Heard {
        self.take_next();
        if self.own.tried() >= self.addresses.len() { Heard::NobodyAvailable } else { Heard::Unavailable }
    }

    /// Handles an event of our registration and returns the next action.
    pub(crate) fn hears(&mut self, heard: Heard, now: Moment) -> Next {
        let next = self.own.hears(heard, now);
        if next == Next::RenewLater {
            self.unproved.registration = false;
        }
        next
    }

    /// A trouble was found. If it is new, returns the time of the next report and the present report.
    pub(crate) fn has(&mut self, trouble: Trouble, reason: String, now: Moment) -> Option<(Moment, String)> {
        self.troubles.begins(trouble, reason, now)
    }

    /// A trouble is over. Returns the report, if it existed.
    pub(crate) fn is_cured(&mut self, trouble: Trouble, now: Moment) -> Option<String> {
        self.troubles.ends(trouble, now)
    }

    /// A trouble lasts. Returns the time of the next report and the present report.
    pub(crate) fn still_has(&mut self, trouble: Trouble, now: Moment) -> Option<(Moment, String)> {
        self.troubles.lasts(trouble, now)
    }

    /// Time of the next report about a trouble.
    pub(crate) fn is_told_next(&self, trouble: Trouble) -> Option<Moment> {
        self.troubles.next(trouble)
    }

    /// Whether the trunk is in service, if that must be reported. It is while it has no trouble and has proved all that
    /// is checked.
    pub(crate) fn judged(&self) -> Option<bool> {
        let up = self.troubles.is_none();
        let is_proved = !(self.unproved.answer || self.unproved.registration);
        (!up || is_proved).then_some(up).filter(|up| self.told_up != Some(*up))
    }

    /// Notes the reported service state.
    pub(crate) const fn is_told(&mut self, up: bool) {
        self.told_up = Some(up);
    }

    /// Whether calls may be tried: it has an address and no trouble.
    pub(crate) const fn is_in_service(&self) -> bool {
        !self.addresses.is_empty() && self.troubles.is_none()
    }

    /// Whether it has no known address.
    pub(crate) fn has_no_address(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The address to try after `tried` others.
    pub(crate) fn address(&self, tried: usize) -> Option<SocketAddr> {
        self.addresses.get(tried).copied()
    }

    pub(crate) fn has_address(&self, source: IpAddr) -> bool {
        self.addresses.iter().any(|address| address.ip() == source)
    }

    /// Puts the first address last, since it did not answer.
    fn take_next(&mut self) {
        if !self.addresses.is_empty() {
            self.addresses.rotate_left(1);
        }
    }
}
