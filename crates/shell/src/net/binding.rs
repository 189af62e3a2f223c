//! Binds the addresses of a plan.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::AsFd;
use std::sync::Arc;

use turno_ground::Transport;
use turno_model::Plan;

use crate::hand_over::sockets::{Kind, Sockets};
use crate::media::browsers;
use crate::metrics::web;
use crate::net::streams;
use crate::net::udp::Udp;
use crate::refusal::StartRefused;

/// Every socket that the plan needs, except those of single streams.
pub(crate) struct Bound {
    pub(crate) udp: Udp,
    pub(crate) streams: Vec<(Transport, TcpListener)>,
    pub(crate) web: TcpListener,
    /// Of the HTTP API, if there is one.
    pub(crate) api: Option<TcpListener>,
    /// For the voice of browsers.
    pub(crate) browsers: Vec<UdpSocket>,
    /// Duplicates of all their descriptors, for a successor.
    pub(crate) own: Sockets,
}

/// Binds SIP first and HTTP last, and writes the actual ports into the plan.
///
/// # Errors
/// [`StartRefused::Address`], [`StartRefused::Transport`].
pub(crate) fn bind(plan: Arc<Plan>, inherited: &Sockets) -> Result<(Bound, Arc<Plan>), StartRefused> {
    let mut plan = Arc::unwrap_or_clone(plan);
    let mut datagrams: Vec<SocketAddr> = Vec::new();
    for &(transport, address) in &plan.sip.listen {
        match transport {
            Transport::Udp => datagrams.push(address),
            Transport::Tcp => {}
            Transport::Tls if plan.sip.tls.is_some() => {}
            Transport::Tls | Transport::Ws | Transport::Wss => {
                return Err(StartRefused::Transport { name: transport.via_name(), address });
            }
        }
    }
    let udp = Udp::bind(&datagrams, inherited)?;
    let mut bound_datagrams = udp.addresses();
    let mut streams = Vec::new();
    for (transport, address) in &mut plan.sip.listen {
        if *transport == Transport::Udp {
            *address = bound_datagrams.next().unwrap_or(*address);
        } else {
            let handed = inherited.at(Kind::Connections, *address);
            let listener = handed
                .map_or_else(|| streams::bind(*address, inherited), |socket| Ok(TcpListener::from(socket)))?;
            *address = listener.local_addr().unwrap_or(*address);
            streams.push((*transport, listener));
        }
    }
    drop(bound_datagrams);
    let handed = inherited.at(Kind::Connections, plan.http);
    let web =
        handed.map_or_else(|| web::bind(plan.http, inherited), |socket| Ok(TcpListener::from(socket)))?;
    plan.http = web.local_addr().unwrap_or(plan.http);
    let api = match &mut plan.api {
        Some(api) => {
            let handed = inherited.at(Kind::Connections, api.listen);
            let listener = handed
                .map_or_else(|| web::bind(api.listen, inherited), |socket| Ok(TcpListener::from(socket)))?;
            api.listen = listener.local_addr().unwrap_or(api.listen);
            Some(listener)
        }
        None => None,
    };
    let browsers = browsers::bind(&plan, inherited)?;
    let own = duplicates((&udp, &browsers), &streams, [Some(&web), api.as_ref()])
        .map_err(|error| StartRefused::System { what: "second descriptors of the sockets", error })?;
    Ok((Bound { udp, streams, web, api, browsers, own }, Arc::new(plan)))
}

/// Duplicates the descriptors for a later successor.
fn duplicates(
    (udp, browsers): (&Udp, &[UdpSocket]),
    streams: &[(Transport, TcpListener)],
    pages: [Option<&TcpListener>; 2],
) -> std::io::Result<Sockets> {
    let mut own = Sockets::default();
    for (socket, address) in udp.descriptors().zip(udp.addresses()) {
        own.add(Kind::Datagrams, address, socket)?;
    }
    for socket in browsers {
        own.add(Kind::Datagrams, socket.local_addr()?, socket.as_fd())?;
    }
    for listener in streams.iter().map(|(_, listener)| listener).chain(pages.into_iter().flatten()) {
        own.add(Kind::Connections, listener.local_addr()?, listener.as_fd())?;
    }
    Ok(own)
}
