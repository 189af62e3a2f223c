//! The browsers' port, and the certificate that we show there.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use turno_media::Identity;
use turno_model::Plan;

use crate::disk::Seals;
use crate::hand_over::sockets::{Kind, Sockets};
use crate::refusal::StartRefused;

/// The certificate's file in the state folder, which has the key: it is sealed, under another ending.
const FILE: &str = "browser.pem";

/// Buffer requested for each socket, in bytes: a tenth of a second of a thousand browsers.
const SOCKET_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Expedited forwarding, as all voice.
const VOICE_TRAFFIC_CLASS: u32 = 0xb8;

/// Binds the browsers' port, or takes the sockets of another turno process. Empty without `[browser]`.
///
/// # Errors
/// [`StartRefused::Address`].
pub(crate) fn bind(plan: &Plan, inherited: &Sockets) -> Result<Vec<UdpSocket>, StartRefused> {
    let Some(browser) = &plan.browser else { return Ok(Vec::new()) };
    let mut sockets = Vec::new();
    for ip in core::iter::once(browser.bind).chain(browser.bind_other) {
        let address = SocketAddr::new(ip, browser.port);
        let handed = inherited.at(Kind::Datagrams, address).map(UdpSocket::from);
        let socket = handed.map_or_else(|| bind_one(address, inherited), Ok);
        let refused = |error| StartRefused::Address { purpose: "the voice of browsers", address, error };
        sockets.push(socket.map_err(refused)?);
    }
    Ok(sockets)
}

fn bind_one(address: SocketAddr, inherited: &Sockets) -> std::io::Result<UdpSocket> {
    let new = || {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    let bind = |socket: Socket| socket.bind(&address.into()).map(|()| socket);
    let socket: UdpSocket = inherited.bind_beside((Kind::Datagrams, address), new, bind)?.into();
    let options = SockRef::from(&socket);
    // The voice works without these too, so a system that refuses them is no error.
    let _ = options.set_recv_buffer_size(SOCKET_BUFFER_BYTES);
    let _ = options.set_send_buffer_size(SOCKET_BUFFER_BYTES);
    let _ = match address {
        SocketAddr::V4(_) => options.set_tos_v4(VOICE_TRAFFIC_CLASS),
        SocketAddr::V6(_) => options.set_tclass_v6(VOICE_TRAFFIC_CLASS),
    };
    Ok(socket)
}

/// Our certificate for browsers: that of the state folder, so that its fingerprint outlives a restart, or a new one.
/// `None` without `[browser]`.
///
/// # Errors
/// [`StartRefused::System`] if no certificate can be made, or its file can't be written.
pub(crate) fn identity(
    plan: &Plan,
    state: Option<&Path>,
    seals: Option<&Seals>,
) -> Result<Option<Identity>, StartRefused> {
    if plan.browser.is_none() {
        return Ok(None);
    }
    let what = "the certificate for browsers";
    let refused = |error: std::io::Error| StartRefused::System { what, error };
    let kept = state.map(|folder| folder.join(FILE)).zip(seals);
    let Some((path, seals)) = &kept else {
        return Identity::generate().map(Some).map_err(|why| refused(std::io::Error::other(why)));
    };
    let before = seals.read_file(path).unwrap_or_else(|why| {
        tracing::error!(path = %path.display(), "{what} can't be read: {why}; a new one is made");
        None
    });
    let before = before.map(|text| String::from_utf8_lossy(&text).into_owned());
    let read = before.as_deref().and_then(|text| {
        let read = Identity::from_pem(text);
        read.inspect_err(|why| tracing::error!(path = %path.display(), "{why}; a new one is made")).ok()
    });
    let identity =
        read.map_or_else(Identity::generate, Ok).map_err(|why| refused(std::io::Error::other(why)))?;
    let text = identity.to_pem().map_err(|why| refused(std::io::Error::other(why)))?;
    if before.as_ref() != Some(&text) {
        // New, or of an earlier turno, which had one certificate.
        seals.write_file(path, text.as_bytes()).map_err(refused)?;
    }
    Ok(Some(identity))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use turno_journal::SealKeys;
    use turno_model::plan::BrowserPlan;

    use super::*;
    use crate::small_plan::one_queue;

    fn plan(port: u16) -> Plan {
        let ip = [127, 0, 0, 1].into();
        let (bind_other, advertised, advertised_other) = (None, None, None);
        let browser =
            BrowserPlan { port, bind: ip, bind_other, advertised, advertised_other, origins: Vec::new() };
        Plan { browser: Some(browser), ..one_queue() }
    }

    #[test]
    fn the_certificate_outlives_a_restart_and_only_its_owner_reads_it() {
        let folder = std::env::temp_dir().join(format!("turno-browser-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let seals = Seals::of(SealKeys::of([7; 32]), None).expect("random bytes");
        let of = || {
            let made = identity(&plan(1), Some(&folder), Some(&seals));
            made.expect("a certificate").expect("there are browsers")
        };
        let first = of().fingerprint();
        assert_eq!(first, of().fingerprint());
        assert!(!folder.join(FILE).exists(), "its key is not in the clear");
        let path = folder.join("browser.sealed");
        // Bad input: a file that something else has written.
        fs::write(&path, "nonsense").expect("it is ours");
        assert_ne!(first, of().fingerprint());
        assert!(identity(&one_queue(), Some(&folder), Some(&seals)).expect("nothing to do").is_none());
        fs::remove_dir_all(&folder).expect("it is ours");
    }

    #[test]
    fn a_port_of_another_program_is_refused_and_one_of_another_turno_is_taken_over() {
        let first = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = first.local_addr().expect("it is bound");
        let refused = bind(&plan(address.port()), &Sockets::default()).expect_err("it is taken").to_string();
        assert!(refused.contains("the voice of browsers"), "{refused}");
        let mut handed = Sockets::default();
        handed.add(Kind::Datagrams, address, std::os::fd::AsFd::as_fd(&first)).expect("a descriptor");
        assert_eq!(bind(&plan(address.port()), &handed).expect("it is handed").len(), 1);
        assert!(bind(&one_queue(), &handed).expect("nothing to do").is_empty());
    }
}
