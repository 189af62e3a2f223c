//! The addresses of a plan, bound.

use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::sync::Arc;

use turno_ground::Transport;
use turno_model::Plan;

use crate::hand_over::{Estate, Inherited, Use};
use crate::refusal::StartRefused;
use crate::udp::Udp;
use crate::{streams, web};

/// Every socket that the plan asks for, but those of voices.
pub(crate) struct Bound {
    pub(crate) udp: Udp,
    pub(crate) streams: Vec<(Transport, TcpListener)>,
    pub(crate) web: TcpListener,
}

/// Binds SIP first, the pages last, and writes the true ports into the plan.
///
/// # Errors
/// [`StartRefused::Address`], [`StartRefused::Transport`].
pub(crate) fn bind(
    plan: Arc<Plan>,
    inherited: &mut Inherited,
    estate: &Estate,
) -> Result<(Bound, Arc<Plan>), StartRefused> {
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
            let handed = inherited.take(Use::Sip(*transport), *address);
            let listener =
                handed.map_or_else(|| streams::bind(*address), |socket| Ok(TcpListener::from(socket)))?;
            *address = listener.local_addr().unwrap_or(*address);
            streams.push((*transport, listener));
        }
    }
    drop(bound_datagrams);
    let handed = inherited.take(Use::Pages, plan.http);
    let web = handed.map_or_else(|| web::bind(plan.http), |socket| Ok(TcpListener::from(socket)))?;
    plan.http = web.local_addr().unwrap_or(plan.http);
    for (socket, address) in udp.descriptors().zip(udp.addresses()) {
        estate.add(Use::Sip(Transport::Udp), address, socket);
    }
    for (transport, listener) in &streams {
        if let Ok(address) = listener.local_addr() {
            estate.add(Use::Sip(*transport), address, listener.as_fd());
        }
    }
    estate.add(Use::Pages, plan.http, web.as_fd());
    Ok((Bound { udp, streams, web }, Arc::new(plan)))
}
