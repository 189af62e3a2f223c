//! A page in a browser in which a phone lives, and what is known of all pages.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use turno_ground::{Moment, Transport};
use turno_model::ContactId;
use turno_phone::{CallId, Dialog};

use crate::death::Crash;
use crate::page_deed::PageStage;

/// The first RTP port of pages, and how many each gets when it is loaded.
const RTP_PORT: u16 = 2_000;
const RTP_PORTS: u16 = 16;
/// How many times a page may be loaded until its ports come again.
const LOADS_MAX: u16 = 2_000;

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) names: turno_phone::Page,
    /// The desk whose owner sits before it, by index.
    pub(crate) desk: usize,
    /// Whether its person has a session.
    pub(crate) has_session: bool,
    /// Whether there was ever none.
    pub(crate) was_out: bool,
    /// Since when turno knows that the session has ended.
    pub(crate) out_since: Option<Moment>,
    /// When it registered last.
    pub(crate) registered_at: Option<Moment>,
    /// The talk that it takes back as soon as it has registered.
    pub(crate) kept: Option<(Dialog, Option<ContactId>)>,
    /// The calls by which it takes talks back.
    pub(crate) takes: BTreeMap<CallId, Option<ContactId>>,
    /// The calls by which it tries to take talks of others.
    pub(crate) thefts: BTreeSet<CallId>,
    loads: u16,
}

/// The second desks of agents, and the kills that wait for a page.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// The person at each second desk, by the first.
    pub(crate) second: BTreeMap<usize, usize>,
    /// Whose next call brings the end of the engine, at which stage.
    pub(crate) kills: BTreeMap<usize, (PageStage, Crash, Duration)>,
    /// How often one has moved to another address.
    pub(crate) roams: u32,
}

impl Page {
    /// The page at a desk, or another one of the same person.
    pub(crate) fn new(desk: usize, is_second: bool) -> Self {
        let number = desk * 2 + usize::from(is_second);
        let transport = if desk.is_multiple_of(2) { Transport::Wss } else { Transport::Ws };
        let instance = format!("00000000-0000-4000-8000-{number:012}");
        let names = turno_phone::Page { name: format!("page{number}"), instance, transport };
        Self {
            names,
            desk,
            has_session: true,
            was_out: false,
            out_since: None,
            registered_at: None,
            kept: None,
            takes: BTreeMap::new(),
            thefts: BTreeSet::new(),
            loads: 0,
        }
    }

    /// It is loaded anew, and has forgotten everything but its names.
    pub(crate) fn is_loaded(&mut self) {
        self.loads = (self.loads + 1) % LOADS_MAX;
        (self.kept, self.registered_at) = (None, None);
        self.takes.clear();
        self.thefts.clear();
    }

    /// Where its voice arrives: somewhere else after each load.
    pub(crate) const fn rtp_at(&self, local: SocketAddr) -> SocketAddr {
        SocketAddr::new(local.ip(), RTP_PORT + self.loads * RTP_PORTS)
    }
}
