//! Where media lives: what is bound, and what SDP says of it.

use std::net::IpAddr;

use turno_media_plan::Codec;

/// Where media lives.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    /// Where RTP is bound.
    pub bind: IpAddr,
    /// Where RTP of the other family is bound.
    pub bind_other: Option<IpAddr>,
    /// What SDP says, at most one address for each family; with none of a leg's family, the bound address, or where that
    /// is unspecified our end of the leg's flow.
    pub advertised: [Option<IpAddr>; 2],
    /// RTP ports, first and last.
    pub ports: (u16, u16),
    /// Codecs in order of preference.
    pub codecs: Vec<Codec>,
}

impl MediaSettings {
    /// Where RTP of a leg is bound whose signalling ends at `local`: its phone is of that family.
    pub(crate) fn bind_for(&self, local: IpAddr) -> IpAddr {
        let same = |ip: &IpAddr| ip.is_ipv4() == local.is_ipv4();
        Some(self.bind).filter(same).or(self.bind_other.filter(same)).unwrap_or(self.bind)
    }

    /// What SDP says of a leg that is bound to `bind`.
    pub(crate) fn shown_for(&self, bind: IpAddr, local: IpAddr) -> IpAddr {
        let shown = self.advertised.into_iter().flatten().find(|ip| ip.is_ipv4() == bind.is_ipv4());
        shown.unwrap_or(if bind.is_unspecified() && local.is_ipv4() == bind.is_ipv4() { local } else { bind })
    }
}
