//! SIP over TLS: certificates, handshakes and their limits.
//!
//! A phone is reached through the connection that it opened (RFC 5626), so we connect only to trunks, and a trunk's
//! certificate must have the trunk's name (RFC 5922). Certificates can be replaced while turno runs: new connections
//! use the new ones, existing connections continue unchanged.

#![expect(
    clippy::disallowed_types,
    reason = "the locks below are between connections and a reload; the engine never takes them"
)]
#[cfg(test)]
mod authority;
mod expiry;
mod material;
mod peers;
mod refused;
#[cfg(test)]
mod stage;
mod watch;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};
use turno_model::Plan;
use turno_model::encryption::TlsPlan;

use crate::clock::Clock;
use crate::metrics::streams::Direction;
use crate::metrics::tls::{Outcome, TlsMeters};
use crate::rate::Ration;

pub(crate) use peers::Peers;
pub use refused::TlsRefused;

use material::{Files, Material};

/// The certificates, the limits and the trunks' names, shared by all connections.
pub(crate) struct Tls {
    plan: TlsPlan,
    peers: Peers,
    clock: Clock,
    meters: TlsMeters,
    handshakes: Semaphore,
    /// Locked while a new connection copies the handle, and while a reload replaces it.
    material: RwLock<Arc<Material>>,
    /// The files as last read, good or not, so that a fault is reported once. Only the reload takes the lock.
    read: Mutex<Files>,
    /// The fault last reported, so that a missing file is reported once. Only the reload takes the lock.
    told: Mutex<Option<String>>,
}

/// The result of a check of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// They are unchanged.
    Same,
    /// They have changed and are used for new connections.
    Taken,
}

/// When the certificate of a plan ends, in seconds since 1970, where it has one. For a check of the plan before a start.
///
/// # Errors
/// [`TlsRefused`] says which file can't be used, and why.
pub fn check_certificates(plan: &Plan) -> Result<Option<i64>, TlsRefused> {
    let Some(tls) = &plan.sip.tls else { return Ok(None) };
    Material::of(&Files::read(tls)?, tls, &plan.trunks).map(|material| Some(material.not_after))
}

impl Tls {
    /// Reads the certificates.
    ///
    /// # Errors
    /// [`TlsRefused`] if they can't be used.
    pub(crate) fn new(
        tls: &TlsPlan,
        plan: &Plan,
        clock: Clock,
        meters: TlsMeters,
    ) -> Result<Self, TlsRefused> {
        let files = Files::read(tls)?;
        let material = Material::of(&files, tls, &plan.trunks)?;
        meters.certificate(material.not_after);
        Ok(Self {
            plan: tls.clone(),
            peers: Peers::new(&plan.trunks),
            clock,
            meters,
            handshakes: Semaphore::new(usize::try_from(tls.handshakes_max).unwrap_or(1)),
            material: RwLock::new(Arc::new(material)),
            read: Mutex::new(files),
            told: Mutex::default(),
        })
    }

    /// The trunks and their addresses.
    pub(crate) fn peers(&self) -> &Peers {
        &self.peers
    }

    /// Checks the files without using them.
    ///
    /// # Errors
    /// [`TlsRefused`] if they can't be used.
    pub(crate) fn judge(&self) -> Result<(), TlsRefused> {
        Material::of(&Files::read(&self.plan)?, &self.plan, self.peers.plans()).map(drop)
    }

    /// Reads the files, and uses them for new connections if they have changed. If they can't be used, nothing changes.
    ///
    /// # Errors
    /// [`TlsRefused`] if they have changed and can't be used; only once for each change.
    pub(crate) fn renew(&self) -> Result<Renewal, TlsRefused> {
        let files = Files::read(&self.plan)?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if *read == files {
            return Ok(Renewal::Same);
        }
        let material = Material::of(&files, &self.plan, self.peers.plans());
        *read = files;
        let material = material?;
        self.meters.certificate(material.not_after);
        *self.material.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(material);
        Ok(Renewal::Taken)
    }

    /// Does the handshake with a peer that has connected; `None` if it failed, which is logged and counted.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> Option<server::TlsStream<TcpStream>> {
        let Ok(_place) = self.handshakes.try_acquire() else {
            self.failed(Direction::In, Outcome::Full, peer, "too many handshakes are under way");
            return None;
        };
        let acceptor = TlsAcceptor::from(Arc::clone(&self.material().server));
        let stream = match timeout(self.plan.handshake, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                self.failed(Direction::In, outcome_of(&error), peer, &told(&error));
                return None;
            }
            Err(_) => {
                self.failed(Direction::In, Outcome::Slow, peer, "it took too long");
                return None;
            }
        };
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        if let Err(why) = self.peers.admit(peer.ip(), shown) {
            self.failed(Direction::In, Outcome::Certificate, peer, why);
            return None;
        }
        self.meters.shaken(Direction::In, Outcome::Done);
        Some(stream)
    }

    /// Does the handshake with the trunk at `remote`; the caller sets the time limit. `None` if it failed, which is
    /// logged and counted.
    pub(crate) async fn connect(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        name: ServerName<'static>,
    ) -> Option<client::TlsStream<TcpStream>> {
        let connector = TlsConnector::from(Arc::clone(&self.material().client));
        match connector.connect(name, stream).await {
            Ok(stream) => {
                self.meters.shaken(Direction::Out, Outcome::Done);
                Some(stream)
            }
            Err(error) => {
                self.failed(Direction::Out, outcome_of(&error), remote, &told(&error));
                None
            }
        }
    }

    /// Counts and logs a failed handshake.
    pub(crate) fn failed(&self, direction: Direction, outcome: Outcome, peer: SocketAddr, why: &str) {
        static LINES: [Ration; 2] = [Ration::new(), Ration::new()];
        self.meters.shaken(direction, outcome);
        let (lines, whose) = match direction {
            Direction::In => (&LINES[0], "a peer's"),
            Direction::Out => (&LINES[1], "our"),
        };
        if let Some(held_back) = lines.admit(self.clock.now()) {
            tracing::warn!(%peer, why, held_back, "{whose} TLS handshake has failed");
        }
    }

    fn material(&self) -> Arc<Material> {
        Arc::clone(&self.material.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn outcome_of(error: &io::Error) -> Outcome {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            Outcome::Certificate
        }
        Some(_) | None => Outcome::Failed,
    }
}

/// An error's text on one line of limited length: part of it comes from the peer.
fn told(error: &io::Error) -> String {
    const CHARACTERS_MAX: usize = 200;
    error.to_string().chars().filter(|c| !c.is_control()).take(CHARACTERS_MAX).collect()
}
