//! What all requests share.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use turno_access::{Outcome, Throttle};

use crate::chat::limits::Limits;
use crate::keeper::Keeper;
use crate::oidc::{Issuer, Waiting};
use crate::problem::{Kind, Problem};
use crate::repeated::Repeated;
use crate::rooms::Rooms;
use crate::site::Site;

/// Passwords that are tried at once: each takes a core for 20 ms, and the calls have the cores first.
const TRIED_AT_ONCE: usize = 1;

/// Passwords that wait for their try; more are refused.
const WAITING_MAX: usize = 64;

/// Refusals that are remembered, and for how many seconds.
const TOLD_MAX: usize = 1_024;
const TOLD_INTERVAL: u64 = 60;

/// Readers of events at once.
const READERS_MAX: usize = 64;

/// Recordings, reports and stories that are made at once: each takes memory and a core for up to seconds.
const HEAVY_AT_ONCE: usize = 2;

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// How pages reach the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// TLS: cookies are `Secure` and bound to this host.
    Tls,
    /// Plain HTTP, on loopback alone.
    Loopback,
}

/// The API of one site.
pub struct Api {
    pub(crate) site: Arc<dyn Site>,
    pub(crate) keeper: Keeper,
    pub(crate) over: Over,
    pub(crate) tries: Arc<Semaphore>,
    pub(crate) readers: Arc<Semaphore>,
    /// The last room as its readers see it.
    pub(crate) rooms: Rooms,
    pub(crate) repeated: Repeated,
    /// Places for what takes long: a recording, a report, the facts of a day.
    pub(crate) heavy: Semaphore,
    /// Who waits for their password to be tried.
    pub(crate) waiting: Semaphore,
    /// Who proves elsewhere who people are, and those who are on the way there.
    pub(crate) issuer: Option<Issuer>,
    pub(crate) on_the_way: Waiting,
    /// What people who write may ask for.
    pub(crate) chat: Limits,
    /// Guards the counts of wrong passwords between requests.
    throttle: Mutex<Throttle>,
    /// Guards the refusals that were written last, between requests.
    told: Mutex<BTreeMap<(String, IpAddr, String), u64>>,
}

impl core::fmt::Debug for Api {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Api").field("over", &self.over).finish_non_exhaustive()
    }
}

impl Api {
    /// The API of this site, with the users of this keeper.
    pub fn new(site: Arc<dyn Site>, keeper: Keeper, over: Over) -> Self {
        let issuer = site.plan().oidc.clone().and_then(|plan| match Issuer::new(plan) {
            Ok(issuer) => Some(issuer),
            Err(why) => {
                tracing::error!("nobody can sign in by OpenID Connect: {why}");
                None
            }
        });
        Self {
            issuer,
            on_the_way: Waiting::default(),
            chat: Limits::default(),
            site,
            keeper,
            over,
            tries: Arc::new(Semaphore::new(TRIED_AT_ONCE)),
            readers: Arc::new(Semaphore::new(READERS_MAX)),
            rooms: Rooms::default(),
            repeated: Repeated::default(),
            heavy: Semaphore::new(HEAVY_AT_ONCE),
            waiting: Semaphore::new(WAITING_MAX),
            throttle: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// Calls something that blocks.
    pub(crate) async fn off<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Site) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let site = Arc::clone(&self.site);
        let called = tokio::task::spawn_blocking(move || call(&*site)).await;
        called.map_err(|_| Problem::new(Kind::Busy, "a fault of turno's own; the log has more"))
    }

    /// Calls something that takes long, in its turn: few at once.
    pub(crate) async fn in_turn<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Site) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_turn) = self.heavy.acquire().await else {
            return Err(Problem::new(Kind::Busy, "turno is ending"));
        };
        self.off(call).await
    }

    pub(crate) fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a row of the audit log. What was done is done: if it can't be written, the log of the process says so. A refusal that
    /// is repeated is written once a minute, so that nobody fills the disk by asking.
    pub(crate) async fn note(
        &self,
        (who, peer): (&str, Peer),
        (deed, target): (&str, &str),
        (outcome, why): (Outcome, &str),
    ) {
        let now = self.site.seconds();
        if outcome != Outcome::Done && !self.is_new((who, peer, deed), now) {
            return;
        }
        let (who, source) = (who.to_owned(), peer.0.to_string());
        let (deed, target, why) = (deed.to_owned(), target.to_owned(), why.to_owned());
        let noted = self
            .keeper
            .ask(move |access| access.note((&who, &source), (&deed, &target), (outcome, &why), now))
            .await;
        match noted {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => tracing::error!(%trouble, "the audit log lacks a row"),
            Err(_) => tracing::error!("the audit log lacks a row: its database does not answer"),
        }
    }

    /// Whether this refusal was not written within a minute.
    fn is_new(&self, (who, peer, deed): (&str, Peer, &str), now: u64) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= TOLD_MAX {
            told.retain(|_, at| now.abs_diff(*at) < TOLD_INTERVAL);
        }
        let key = (who.to_owned(), peer.0, deed.to_owned());
        let is_new = told.get(&key).is_none_or(|at| now.abs_diff(*at) >= TOLD_INTERVAL);
        if is_new && told.len() < TOLD_MAX {
            told.insert(key, now);
        }
        is_new
    }
}
