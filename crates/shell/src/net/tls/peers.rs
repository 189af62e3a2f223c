//! Finds the trunk at an address and the name that its certificate must have (RFC 5922).

use std::net::{IpAddr, SocketAddr};

use dashmap::DashMap;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use turno_ground::{Transport, is_within};
use turno_model::TrunkId;
use turno_model::plan::{TrunkPlan, TrunkTrust};

/// The trunks as TLS needs them.
pub(crate) struct Peers {
    plans: Vec<TrunkPlan>,
    names: Vec<Option<ServerName<'static>>>,
    /// The addresses of trunks: written by the resolver, read when connecting.
    places: DashMap<SocketAddr, TrunkId>,
}

impl Peers {
    pub(crate) fn new(trunks: &[TrunkPlan]) -> Self {
        let names = trunks.iter().map(name_of).collect();
        Self { plans: trunks.to_vec(), names, places: DashMap::new() }
    }

    /// The trunks of the plan.
    pub(crate) fn plans(&self) -> &[TrunkPlan] {
        &self.plans
    }

    /// Replaces the addresses of a trunk by those that its name has now.
    pub(crate) fn know(&self, trunk: TrunkId, addresses: &[SocketAddr]) {
        if self.plans.get(trunk.index()).is_none_or(|plan| plan.transport != Transport::Tls) {
            return;
        }
        self.places.retain(|place, known| *known != trunk || addresses.contains(place));
        for &address in addresses {
            self.places.insert(address, trunk);
        }
    }

    /// The name that the peer at `remote` must have; `None` if no trunk is there, and so no peer to which we connect.
    pub(crate) fn name_at(&self, remote: SocketAddr) -> Option<ServerName<'static>> {
        let trunk = *self.places.get(&remote)?;
        self.names.get(trunk.index())?.clone()
    }

    /// Checks that the peer at `source` has shown the certificate that the plan requires of the trunks there.
    pub(crate) fn admit(
        &self,
        source: IpAddr,
        shown: Option<&CertificateDer<'_>>,
    ) -> Result<(), &'static str> {
        let mut asked = self.plans.iter().zip(&self.names).filter(|(trunk, _)| {
            let TrunkTrust::Addresses(networks) = &trunk.trust else { return false };
            trunk.client_certificate && networks.iter().any(|&(net, bits)| is_within(source, net, bits))
        });
        let Some(first) = asked.next() else { return Ok(()) };
        let Some(shown) = shown else { return Err("this trunk must show a certificate, and showed none") };
        let parsed = ParsedCertificate::try_from(shown).map_err(|_| "its certificate can't be read")?;
        let has_name = |(_, name): (&TrunkPlan, &Option<ServerName<'_>>)| {
            name.as_ref().is_none_or(|name| verify_server_name(&parsed, name).is_ok())
        };
        if core::iter::once(first).chain(asked).any(has_name) {
            Ok(())
        } else {
            Err("its certificate has not the trunk's name")
        }
    }
}

fn name_of(trunk: &TrunkPlan) -> Option<ServerName<'static>> {
    let name = trunk.certificate_name.as_deref().or(trunk.host.as_deref())?;
    ServerName::try_from(name.to_owned()).ok()
}
