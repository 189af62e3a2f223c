//! The transport of a phone's messages: UDP, TCP, or a TLS connection that the phone opens and reopens.

use core::time::Duration;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, SupportedProtocolVersion};

use crate::wire::came::{Came, LineNews, first_of};
use crate::wire::plain::Plain;

/// How long a handshake may take.
const HANDSHAKE_SPAN: Duration = Duration::from_secs(10);
/// How long a phone waits before it connects again.
pub(crate) const CONNECT_INTERVAL: Duration = Duration::from_millis(50);
/// Longest message in bytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// The settings for encryption.
#[derive(Clone, Debug)]
pub struct Tls(Arc<ClientConfig>);

impl Tls {
    /// A phone with only this TLS version and only this trusted root.
    pub fn new(root: &Path, version: &'static SupportedProtocolVersion) -> Self {
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_file(root).expect("the test has made it");
        roots.add(root).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("the provider has it")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(Arc::new(config))
    }
}

/// One phone's connection to its server.
pub(crate) enum Link {
    Datagrams(UdpSocket, SocketAddr),
    Plain(Plain),
    Encrypted(Box<Connection>),
}

impl Link {
    pub(crate) fn datagrams(ip: IpAddr, server: SocketAddr) -> Self {
        Self::datagrams_at((ip, 0).into(), server)
    }

    /// The same at this address and port.
    pub(crate) fn datagrams_at(at: SocketAddr, server: SocketAddr) -> Self {
        let socket = UdpSocket::bind(at).expect("the peer's address is free");
        socket.set_nonblocking(true).expect("a socket that does not wait");
        Self::Datagrams(socket, server)
    }

    pub(crate) fn encrypted(tls: &Tls, server: SocketAddr) -> Self {
        Self::Encrypted(Box::new(Connection {
            server,
            config: Arc::clone(&tls.0),
            live: None,
            unread: Vec::new(),
            told: Vec::new(),
        }))
    }

    /// The next received event; `None` if there is none at present.
    pub(crate) fn receive(&mut self) -> Option<Came> {
        match self {
            Self::Datagrams(socket, _) => {
                let mut datagram = [0; 4_096];
                let (length, _) = socket.recv_from(&mut datagram).ok()?;
                Some(Came::Message(datagram[..length].to_vec()))
            }
            Self::Plain(plain) => plain.receive(),
            Self::Encrypted(connection) => connection.receive(),
        }
    }

    /// Sends a message. Without a connection it is lost, as in any network.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        match self {
            Self::Datagrams(socket, server) => drop(socket.send_to(bytes, *server)),
            Self::Plain(plain) => plain.send(bytes),
            Self::Encrypted(connection) => connection.send(bytes),
        }
    }

    /// Drops the connection without closing it properly; it is opened again.
    pub(crate) fn cut(&mut self) {
        match self {
            Self::Datagrams(..) => {}
            Self::Plain(plain) => plain.cut(),
            Self::Encrypted(connection) => {
                if let Some((stream, _)) = &connection.live {
                    // The next read notices it.
                    let _ = stream.shutdown(Shutdown::Both);
                }
            }
        }
    }

    /// Opens a connection if one is needed and there is none.
    pub(crate) fn connect(&mut self) {
        match self {
            Self::Datagrams(..) => {}
            Self::Plain(plain) => plain.connect(),
            Self::Encrypted(connection) => connection.connect(),
        }
    }

    /// Whether it needs a connection that it could not open yet.
    pub(crate) fn is_waiting_to_connect(&self) -> bool {
        match self {
            Self::Datagrams(..) => false,
            Self::Plain(plain) => plain.is_waiting_to_dial(),
            Self::Encrypted(connection) => connection.live.is_none(),
        }
    }

    /// The descriptors to wait for.
    pub(crate) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        match self {
            Self::Datagrams(socket, _) => vec![socket.as_fd()],
            Self::Plain(plain) => plain.descriptors(),
            Self::Encrypted(connection) => connection.live.iter().map(|(stream, _)| stream.as_fd()).collect(),
        }
    }

    /// The local address.
    pub(crate) fn local(&self) -> Option<SocketAddr> {
        match self {
            Self::Datagrams(socket, _) => socket.local_addr().ok(),
            Self::Plain(_) => None,
            Self::Encrypted(connection) => connection.live.as_ref()?.0.local_addr().ok(),
        }
    }
}

/// A connection that is reopened when it is cut.
pub(crate) struct Connection {
    server: SocketAddr,
    config: Arc<ClientConfig>,
    live: Option<(TcpStream, ClientConnection)>,
    unread: Vec<u8>,
    told: Vec<LineNews>,
}

impl Connection {
    /// Tries to open it, if it is not open.
    fn connect(&mut self) {
        if self.live.is_none()
            && let Ok(live) = self.handshake()
        {
            let version = live.1.protocol_version().expect("the handshake is done");
            let certificates = live.1.peer_certificates().expect("a server shows one");
            self.told.push(LineNews::Connected(version, certificates[0].clone()));
            self.live = Some(live);
        }
    }

    fn handshake(&self) -> io::Result<(TcpStream, ClientConnection)> {
        let mut stream = TcpStream::connect_timeout(&self.server, HANDSHAKE_SPAN)?;
        stream.set_read_timeout(Some(HANDSHAKE_SPAN))?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("turno").expect("a name");
        let mut tls = ClientConnection::new(Arc::clone(&self.config), name).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream)?;
        }
        stream.set_nonblocking(true)?;
        Ok((stream, tls))
    }

    fn receive(&mut self) -> Option<Came> {
        loop {
            if let Some(news) = self.told.pop() {
                return Some(Came::News(news));
            }
            if let Some(came) = first_of(&mut self.unread) {
                return Some(came);
            }
            let (stream, tls) = self.live.as_mut()?;
            match read_more(stream, tls, &mut self.unread) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(_) => {
                    self.live = None;
                    self.unread.clear();
                    self.told.push(LineNews::Cut);
                }
            }
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        let Some((stream, tls)) = &mut self.live else { return };
        // The next read notices that it is cut.
        let _ = tls.writer().write_all(bytes);
        while tls.wants_write() && tls.write_tls(stream).is_ok() {}
    }
}

/// The number of received bytes; an error if the connection has ended.
fn read_more(stream: &mut TcpStream, tls: &mut ClientConnection, unread: &mut Vec<u8>) -> io::Result<usize> {
    match tls.read_tls(stream) {
        Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
        Err(error) => return Err(error),
    }
    let state = tls.process_new_packets().map_err(io::Error::other)?;
    let before = unread.len();
    unread.resize(before + state.plaintext_bytes_to_read(), 0);
    tls.reader().read_exact(&mut unread[before..])?;
    assert!(unread.len() <= MESSAGE_BYTES_MAX, "more than any message has");
    // A session ticket or a key update has no data to read, and more may follow it.
    Ok(1)
}
