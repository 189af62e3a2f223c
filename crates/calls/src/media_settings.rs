//! Media addresses, ports and codecs.

use std::net::IpAddr;

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
}

impl MediaSettings {
    /// Address to bind a leg's RTP to. It has the IP family of `local`, our end of the leg's signalling.
    pub(crate) fn bind_for(&self, local: IpAddr) -> IpAddr {
        let same = |ip: &IpAddr| ip.is_ipv4() == local.is_ipv4();
        Some(self.bind).filter(same).or(self.bind_other.filter(same)).unwrap_or(self.bind)
    }

    /// The address for the SDP of a leg that is bound to `bind`.
    pub(crate) fn shown_for(&self, bind: IpAddr, local: IpAddr) -> IpAddr {
        let shown = self.advertised.into_iter().flatten().find(|ip| ip.is_ipv4() == bind.is_ipv4());
        shown.unwrap_or(if bind.is_unspecified() && local.is_ipv4() == bind.is_ipv4() { local } else { bind })
    }
}
