//! A connection to a mail server, plain or encrypted.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::mail::settings::Server;

/// How long a connection may take to come about.
const CONNECT_SPAN: Duration = Duration::from_secs(10);

/// How long one read waits before it looks around.
pub(crate) const READ_SPAN: Duration = Duration::from_secs(1);

/// How long one write may take.
const WRITE_SPAN: Duration = Duration::from_secs(60);

/// A connection.
pub(crate) enum Stream {
    /// Without encryption.
    Plain(TcpStream),
    /// With it.
    Encrypted(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    /// Connects, without encryption as yet.
    pub(crate) fn connect(server: &Server) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name of the server has no address");
        for address in (server.host.as_str(), server.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, CONNECT_SPAN) {
                Ok(stream) => {
                    stream.set_read_timeout(Some(READ_SPAN))?;
                    stream.set_write_timeout(Some(WRITE_SPAN))?;
                    stream.set_nodelay(true)?;
                    return Ok(Self::Plain(stream));
                }
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    /// Encrypts from here on.
    pub(crate) fn encrypt(self, server: &Server, config: &Arc<ClientConfig>) -> io::Result<Self> {
        let Self::Plain(socket) = self else { return Ok(self) };
        let name = ServerName::try_from(server.host.clone()).map_err(io::Error::other)?;
        let connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
        Ok(Self::Encrypted(Box::new(StreamOwned::new(connection, socket))))
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(into),
            Self::Encrypted(stream) => stream.read(into),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}

/// How servers are believed: by the machine's authorities, and by those of the site.
pub(crate) fn encryption(authority: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in authority.into_iter().flat_map(CertificateDer::pem_slice_iter) {
        let certificate = certificate.map_err(|fault| format!("the authority's file is no PEM: {fault}"))?;
        roots.add(certificate).map_err(|fault| format!("the authority is not usable: {fault}"))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|fault| fault.to_string())?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
