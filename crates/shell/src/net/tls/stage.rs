//! Test bench for TLS: a server on loopback, and phones and carriers with test certificates.

use core::time::Duration;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use prometheus::{Encoder, Registry, TextEncoder};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use tokio::runtime::Runtime;
use turno_ground::{Flow, Transmit, Transport};
use turno_model::TrunkId;
use turno_model::encryption::{TlsPlan, TlsVersion};
use turno_model::plan::{TrunkPlan, TrunkTrust};

use crate::clock::Clock;
use crate::engine_thread::inbox::{EngineMessage, InboxReader, inbox};
use crate::hand_over::sockets::Sockets;
use crate::metrics::streams::StreamMeters;
use crate::metrics::tls::TlsMeters;
use crate::net::streams::{Streams, bind};
use crate::net::tls::Tls;
use crate::net::tls::authority::Authority;
use crate::small_plan::{loopback, loopback_trunk, one_queue};

pub(crate) const OPTIONS: &[u8] = b"OPTIONS sip:turno@turno.test SIP/2.0\r\nContent-Length: 0\r\n\r\n";

pub(crate) type Phone = StreamOwned<ClientConnection, TcpStream>;

pub(crate) struct Stage {
    pub(crate) runtime: Runtime,
    pub(crate) registry: Registry,
    pub(crate) tls: Arc<Tls>,
    pub(crate) streams: Streams,
    pub(crate) reader: InboxReader,
    pub(crate) address: std::net::SocketAddr,
}

pub(crate) fn tls_plan(authority: &Authority) -> TlsPlan {
    TlsPlan {
        certificate: authority.file("turno.test.pem"),
        key: authority.file("turno.test.key"),
        ca: Some(authority.root()),
        oldest: TlsVersion::Tls12,
        handshake: Duration::from_secs(10),
        handshakes_max: 16,
        look_interval: Duration::from_secs(3_600),
    }
}

/// A trunk with the name `carrier.test`.
pub(crate) fn carrier(client_certificate: bool) -> TrunkPlan {
    TrunkPlan {
        host: Some("carrier.test".to_owned()),
        transport: Transport::Tls,
        trust: TrunkTrust::Addresses(vec![(Ipv4Addr::LOCALHOST.into(), 32)]),
        client_certificate,
        ..loopback_trunk()
    }
}

impl Stage {
    pub(crate) fn new(tls: TlsPlan, trunks: Vec<TrunkPlan>) -> Self {
        let mut plan = one_queue();
        plan.trunks = trunks;
        let runtime = Runtime::new().expect("a runtime");
        let (inbox, reader) = inbox().expect("an inbox");
        let registry = Registry::new();
        let meters = TlsMeters::new(&registry);
        let tls = Arc::new(Tls::new(&tls, &plan, Clock::new(), meters).expect("good certificates"));
        let meters = StreamMeters::new(&registry);
        let handle = runtime.handle().clone();
        let streams = Streams::new(handle, inbox, Clock::new(), meters, true, Some(Arc::clone(&tls)));
        let listener = bind(loopback(), &Sockets::default()).expect("a free port");
        let address = listener.local_addr().expect("bound");
        streams.listen(Transport::Tls, listener);
        Self { runtime, registry, tls, streams, reader, address }
    }

    pub(crate) fn usual(authority: &Authority) -> Self {
        authority.issue("turno.test", 2040);
        Self::new(tls_plan(authority), Vec::new())
    }

    pub(crate) fn phone(&self, config: ClientConfig) -> Phone {
        let name = ServerName::try_from("turno.test").expect("a name");
        let connection = ClientConnection::new(Arc::new(config), name).expect("a good configuration");
        StreamOwned::new(connection, TcpStream::connect(self.address).expect("accepted"))
    }

    pub(crate) fn engine_message(&mut self) -> EngineMessage {
        loop {
            if let Some(engine_message) = self.reader.take() {
                return engine_message;
            }
            std::thread::yield_now();
        }
    }

    pub(crate) fn message(&mut self) -> (Flow, Bytes) {
        let EngineMessage::Message(flow, bytes) = self.engine_message() else {
            panic!("a message was expected")
        };
        (flow, bytes)
    }

    pub(crate) fn closed(&mut self) -> Flow {
        let EngineMessage::FlowClosed(flow) = self.engine_message() else {
            panic!("a closed flow was expected")
        };
        flow
    }

    /// Sends a message to the carrier `carrier.test` at `remote`.
    pub(crate) fn call(&self, remote: std::net::SocketAddr) -> Flow {
        self.tls.peers().know(TrunkId(0), &[remote]);
        let flow = Flow { transport: Transport::Tls, local: loopback(), remote };
        // A carrier that is refused at once may be gone before the message is in its queue.
        let _ = self.streams.send(&Transmit { flow, bytes: Bytes::from_static(OPTIONS) });
        flow
    }

    /// Waits until one handshake has ended like this: a peer may see its end before it is counted.
    pub(crate) fn wait_for(&self, direction: &str, outcome: &str) {
        let series =
            format!("turno_tls_handshakes_total{{direction=\"{direction}\",outcome=\"{outcome}\"}} 1");
        loop {
            let mut page = Vec::new();
            TextEncoder::new().encode(&self.registry.gather(), &mut page).expect("text");
            if String::from_utf8(page).expect("text").lines().any(|line| line == series) {
                return;
            }
            std::thread::yield_now();
        }
    }
}

pub(crate) fn certificates(file: &Path) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(file).expect("a file").collect::<Result<_, _>>().expect("PEM")
}

pub(crate) fn key(file: &Path) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_file(file).expect("a key")
}

/// A client that trusts the authority and supports these versions.
pub(crate) fn client(
    authority: &Authority,
    versions: &[&'static rustls::SupportedProtocolVersion],
    own: Option<&str>,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates(&authority.root()));
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("ring speaks them")
        .with_root_certificates(roots);
    match own {
        Some(name) => config
            .with_client_auth_cert(
                certificates(&authority.file(&format!("{name}.pem"))),
                key(&authority.file(&format!("{name}.key"))),
            )
            .expect("a pair"),
        None => config.with_no_client_auth(),
    }
}

pub(crate) const BOTH: &[&rustls::SupportedProtocolVersion] = rustls::ALL_VERSIONS;

/// A carrier's server; the thread returns what it received, `None` if the handshake failed.
pub(crate) fn serve_as(
    authority: &Authority,
    name: &str,
) -> (std::net::SocketAddr, std::thread::JoinHandle<Option<Vec<u8>>>) {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(BOTH)
        .expect("ring speaks them")
        .with_no_client_auth()
        .with_single_cert(
            certificates(&authority.file(&format!("{name}.pem"))),
            key(&authority.file(&format!("{name}.key"))),
        )
        .expect("a pair");
    let listener = TcpListener::bind(loopback()).expect("a free port");
    let address = listener.local_addr().expect("bound");
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let connection = ServerConnection::new(Arc::new(config)).expect("a good configuration");
        let mut stream = StreamOwned::new(connection, stream);
        let mut told = vec![0; OPTIONS.len()];
        stream.read_exact(&mut told).ok().map(|()| told)
    });
    (address, thread)
}
