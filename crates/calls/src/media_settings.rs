//! Media addresses, ports and codecs.

use std::net::{IpAddr, SocketAddr};

use turno_media_plan::Codec;

/// Media addresses, ports and codecs.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    /// Address to bind RTP to.
    pub bind: IpAddr,
    /// Address to bind RTP to for the other IP family.
    pub bind_other: Option<IpAddr>,
    /// Addresses for SDP, at most one for each IP family. Without one, SDP has the bound address, or our end of the
    /// leg's flow if the bound address is unspecified.
    pub advertised: [Option<IpAddr>; 2],
    /// RTP ports, first and last.
    pub ports: (u16, u16),
    /// Codecs in order of preference.
    pub codecs: Vec<Codec>,
    /// Whether telephones may have Opus beside them, as browsers do.
    pub opus: bool,
    /// Where browsers' voice comes in; `None`: there are no browser phones.
    pub web: Option<WebAddress>,
}

/// Where browsers' voice comes in.
#[derive(Clone, Debug)]
pub struct WebAddress {
    /// The one UDP port.
    pub port: u16,
    /// The address that it is bound to.
    pub bind: IpAddr,
    /// The same for the other IP family.
    pub bind_other: Option<IpAddr>,
    /// Addresses for SDP, as [`MediaSettings::advertised`].
    pub advertised: [Option<IpAddr>; 2],
}

impl MediaSettings {
    /// Address to bind a leg's RTP to. It has the IP family of `local`, our end of the leg's signalling.
    pub(crate) fn bind_for(&self, local: IpAddr) -> IpAddr {
        bind_for((self.bind, self.bind_other), local)
    }

    /// The address for the SDP of a leg that is bound to `bind`.
    pub(crate) fn shown_for(&self, bind: IpAddr, local: IpAddr) -> IpAddr {
        shown_for(self.advertised, bind, local)
    }
}

impl WebAddress {
    /// The bound address for a browser whose signalling comes to `local`, and the one for its SDP.
    pub(crate) fn ends_for(&self, local: IpAddr) -> (SocketAddr, SocketAddr) {
        let bind = bind_for((self.bind, self.bind_other), local);
        let shown = shown_for(self.advertised, bind, local);
        (SocketAddr::new(bind, self.port), SocketAddr::new(shown, self.port))
    }
}

fn bind_for((bind, other): (IpAddr, Option<IpAddr>), local: IpAddr) -> IpAddr {
    let same = |ip: &IpAddr| ip.is_ipv4() == local.is_ipv4();
    Some(bind).filter(same).or(other.filter(same)).unwrap_or(bind)
}

fn shown_for(advertised: [Option<IpAddr>; 2], bind: IpAddr, local: IpAddr) -> IpAddr {
    let shown = advertised.into_iter().flatten().find(|ip| ip.is_ipv4() == bind.is_ipv4());
    shown.unwrap_or(if bind.is_unspecified() && local.is_ipv4() == bind.is_ipv4() { local } else { bind })
}
