//! Our identity towards a carrier: caller, domain and Contact in our requests.
//!
//! A carrier does not see the domain of our phones. It knows the account that registers, or our address.

use turno_ground::{Flow, Secret};
use turno_model::plan::{IdentityHeader, TrunkPlan, TrunkTrust, bare_number};
use turno_model::{Plan, TrunkId};
use turno_sip::Name;

/// Our identity towards one carrier.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// The carrier's domain, for Request-URI and To.
    pub(super) domain: String,
    /// The user of our Contact.
    pub(super) contact_user: String,
    /// The address of record that we register.
    pub(super) registered: String,
    /// From of all other requests.
    pub(super) from: String,
    /// The header that asserts our number to the carrier.
    pub(super) asserted: Option<(Name, String)>,
}

/// Our identity towards a trunk reached by `flow`.
pub(super) fn identity_at(site: &Plan, trunk: TrunkId, flow: Flow) -> Option<Identity> {
    let plan = site.trunks.get(trunk.index())?;
    let addressing = &plan.addressing;
    let host = || plan.host.clone().map_or_else(|| host_of(flow.remote.ip()), bracketed);
    let domain = addressing.domain.clone().unwrap_or_else(host);
    let number = || site.numbers.first().map(|number| bare_number(&number.number));
    let (user, own_domain, contact_user) = match &plan.trust {
        TrunkTrust::Registration { username, .. } => {
            let user = user_part(username);
            (user.clone(), domain.clone(), user)
        }
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => {
            let ours = site.sip.advertised.unwrap_or(flow.local.ip());
            let user = addressing.caller_number.clone().or_else(number);
            (user.unwrap_or_else(|| "turno".to_owned()), host_of(ours), "turno".to_owned())
        }
    };
    let registered = format!("<sip:{user}@{domain}>");
    let from_user = addressing.from_user.as_deref().map_or(user, user_part);
    let from_domain = addressing.from_domain.clone().unwrap_or(own_domain);
    let from = format!("<sip:{from_user}@{from_domain}>");
    let shown = addressing.caller_number.clone().unwrap_or(from_user);
    let asserted = format!("<sip:{shown}@{from_domain}>");
    let asserted = match addressing.identity_header {
        IdentityHeader::Asserted => Some((Name::PAssertedIdentity, asserted)),
        IdentityHeader::Preferred => Some((Name::PPreferredIdentity, asserted)),
        IdentityHeader::None => None,
    };
    Some(Identity { domain, contact_user, registered, from, asserted })
}

/// The user name and password of our account at a carrier.
pub(crate) fn account_at(plan: &TrunkPlan) -> Option<(&str, &Secret)> {
    match &plan.trust {
        TrunkTrust::Registration { username, password, .. } => {
            Some((plan.addressing.auth_username.as_ref().unwrap_or(username), password))
        }
        TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => None,
    }
}

/// An address as the host of a URI.
fn host_of(ip: core::net::IpAddr) -> String {
    bracketed(ip.to_string())
}

fn bracketed(host: String) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host }
}

/// An account's name as the user part of a URI: without the domain that some carriers add, and escaped (RFC 3261,
/// 25.1).
pub(super) fn user_part(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    name.bytes().fold(String::with_capacity(name.len()), |mut user, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&byte) {
            user.push(char::from(byte));
        } else {
            user += &format!("%{byte:02X}");
        }
        user
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_user_part_whatever_the_carrier_calls_it() {
        // RFC 3261, 25.1.
        assert_eq!(user_part("1800510510"), "1800510510");
        assert_eq!(user_part("quito@carrier.example"), "quito");
        assert_eq!(user_part("mesa 1:\"x\""), "mesa%201%3A%22x%22");
        assert_eq!(bracketed("2001:db8::1".to_owned()), "[2001:db8::1]");
    }
}
