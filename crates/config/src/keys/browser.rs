//! The keys of [browser].

use turno_model::plan::BrowserPlan;

use crate::key::keys;
use crate::keys::voices::addresses;
use crate::values::{Whole, whole};
use crate::words::{Own, own};

keys! {
    /// The keys of [browser].
    BROWSER: BrowserKeys of BrowserPlan beside { bind, bind_other, advertised, advertised_other } {
        /// the UDP port for the voice of all browsers, outside `[media] ports`; `[browser]` needs `[api]`, where the phones
        /// sign in ([BROWSER.md](BROWSER.md)). Without `[browser]` there are no browser phones
        port: Whole = whole(19_998, 1024..=65_535, "(a port)"), start { told port };
        /// the IP address where that voice is received, or `["IPv4", "IPv6"]`
        bind: Own = own("`[media] bind`", ""),
            start { by |_, browser| addresses(Some(browser.bind), browser.bind_other) };
        /// the IP address that browsers are told instead, or one of each family: the public one for agents at home
        advertised: Own = own("`[media] advertised`", ""),
            reload { by |_, browser| addresses(browser.advertised, browser.advertised_other) };
        /// the origins of pages that may connect beside turno's own: `["https://crm.example"]`
        origins: Own = own("none", ""), reload { told origins };
    }
}
