//! How one trunk is doing: its addresses, whether it answers, what is wrong with it, our registration with it.

use core::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::plan::TrunkPlan;

use crate::trunks::own_registration::OwnRegistration;
use crate::trunks::registration::{Heard, Next, Registration};
use crate::trunks::trouble::{Trouble, Troubles};

/// How one trunk is doing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TrunkState {
    addresses: Vec<SocketAddr>,
    /// Our registration, where it is one that we register with.
    pub(crate) own: OwnRegistration,
    troubles: Troubles,
    /// Addresses that did not answer OPTIONS, in a row.
    silent: usize,
    /// What is still to be proved before it is in service.
    #[serde(skip)]
    unproved: Unproved,
    /// Whether it was last told to be in service; nothing was told of one that has proved nothing yet.
    #[serde(skip)]
    told_up: Option<bool>,
}

/// What a trunk has not shown since this turno began: nothing of it, where nobody asks for it.
#[derive(Clone, Copy, Debug, Default)]
struct Unproved {
    /// That it answers OPTIONS.
    answer: bool,
    /// That it takes our registration.
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

    /// It has to show anew that it answers, where it is asked, and that it takes our registration, where it has not. Figures
    /// begin anew with each start.
    pub(crate) fn is_to_prove(&mut self, is_asked: bool, registers: bool) {
        let is_registered = self.own.stage() == Registration::Registered;
        self.unproved = Unproved { answer: is_asked, registration: registers && !is_registered };
        self.told_up = (!is_asked && !registers).then_some(true);
    }

    /// Its name was resolved. A resolver that has nothing to say must not take away what worked, nor the order of what
    /// answers. True if it is elsewhere now.
    pub(crate) fn is_at(&mut self, addresses: Vec<SocketAddr>) -> bool {
        let is_known = addresses.len() == self.addresses.len()
            && addresses.iter().all(|one| self.addresses.contains(one));
        let is_new = !addresses.is_empty() && !is_known;
        if is_new {
            self.addresses = addresses;
        }
        is_new
    }

    /// It has answered OPTIONS.
    pub(crate) const fn answers(&mut self) {
        self.silent = 0;
        self.unproved.answer = false;
    }

    /// It has not: the next address takes the lead (RFC 3263, 4.3). True if all have been silent.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.take_next();
        self.silent += 1;
        let is_all = self.silent >= self.addresses.len();
        if is_all {
            self.silent = 0;
        }
        is_all
    }

    /// It could not take our REGISTER: the next address takes the lead.
    pub(crate) fn is_unavailable(&mut self) -> Heard {
        self.take_next();
        if self.own.tried() >= self.addresses.len() { Heard::NobodyAvailable } else { Heard::Unavailable }
    }

    /// Something has happened to our registration; what follows.
    pub(crate) fn hears(&mut self, heard: Heard, now: Moment) -> Next {
        let next = self.own.hears(heard, now);
        if next == Next::RenewLater {
            self.unproved.registration = false;
        }
        next
    }

    /// Something is wrong with it. If that is new, when it is told the next time, and what now.
    pub(crate) fn has(&mut self, trouble: Trouble, reason: String, now: Moment) -> Option<(Moment, String)> {
        self.troubles.begins(trouble, reason, now)
    }

    /// It is over; what is told, if it was there.
    pub(crate) fn is_cured(&mut self, trouble: Trouble, now: Moment) -> Option<String> {
        self.troubles.ends(trouble, now)
    }

    /// It still lasts: when it is told the next time, and what now.
    pub(crate) fn still_has(&mut self, trouble: Trouble, now: Moment) -> Option<(Moment, String)> {
        self.troubles.lasts(trouble, now)
    }

    /// When a trouble that lasts is told the next time.
    pub(crate) fn is_told_next(&self, trouble: Trouble) -> Option<Moment> {
        self.troubles.next(trouble)
    }

    /// Whether it is in service, if that is to be told: as long as nothing is wrong with it, and what is looked after was once
    /// right.
    pub(crate) fn judged(&self) -> Option<bool> {
        let up = self.troubles.is_none();
        let is_proved = !(self.unproved.answer || self.unproved.registration);
        (!up || is_proved).then_some(up).filter(|up| self.told_up != Some(*up))
    }

    /// It is told to be in service, or not.
    pub(crate) const fn is_told(&mut self, up: bool) {
        self.told_up = Some(up);
    }

    /// Whether it is known where it is.
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

    /// Puts the first address last: it did not answer.
    fn take_next(&mut self) {
        if !self.addresses.is_empty() {
            self.addresses.rotate_left(1);
        }
    }
}
