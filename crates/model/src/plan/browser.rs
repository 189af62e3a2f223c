//! The browser phones of a plan: where their voice comes in, and which pages may sign them in.

use std::net::IpAddr;

/// The settings of phones in browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserPlan {
    /// The one UDP port for the voice of all browsers.
    pub port: u16,
    /// The local address of that port.
    pub bind: IpAddr,
    /// The same for the other address family, if turno listens on both.
    pub bind_other: Option<IpAddr>,
    /// The address that browsers are told, if it differs.
    pub advertised: Option<IpAddr>,
    /// The same for the other address family.
    pub advertised_other: Option<IpAddr>,
    /// The origins of pages that are not turno's own and may connect, such as `https://crm.example`.
    pub origins: Vec<String>,
}
