//! What all requests share.
#![expect(
    clippy::disallowed_types,
    reason = "requests run at the same time; the engine takes none of these locks"
)]

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use turno_access::{Outcome, Throttle};

use crate::keeper::Keeper;
use crate::problem::{Kind, Problem};
use crate::repeated::Repeated;
use crate::site::Site;

/// Passwords that are tried at once: each takes a core for 20 ms, and the calls have the cores first.
const TRIED_AT_ONCE: usize = 1;

/// Readers of events at once.
const READERS_MAX: usize = 64;

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
    pub(crate) tries: Semaphore,
    pub(crate) readers: Arc<Semaphore>,
    pub(crate) repeated: Repeated,
    /// Guards the counts of wrong passwords between requests.
    throttle: Mutex<Throttle>,
}

impl core::fmt::Debug for Api {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Api").field("over", &self.over).finish_non_exhaustive()
    }
}

impl Api {
    /// The API of this site, with the users of this keeper.
    pub fn new(site: Arc<dyn Site>, keeper: Keeper, over: Over) -> Self {
        Self {
            site,
            keeper,
            over,
            tries: Semaphore::new(TRIED_AT_ONCE),
            readers: Arc::new(Semaphore::new(READERS_MAX)),
            repeated: Repeated::default(),
            throttle: Mutex::default(),
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

    pub(crate) fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a row of the audit log.
    pub(crate) async fn note(
        &self,
        (who, peer): (&str, Peer),
        (deed, target): (&str, &str),
        (outcome, why): (Outcome, &str),
    ) -> Result<(), Problem> {
        let now = self.site.seconds();
        let (who, source) = (who.to_owned(), peer.0.to_string());
        let (deed, target, why) = (deed.to_owned(), target.to_owned(), why.to_owned());
        let noted = self
            .keeper
            .ask(move |access| access.note((&who, &source), (&deed, &target), (outcome, &why), now))
            .await?;
        Ok(noted?)
    }
}
