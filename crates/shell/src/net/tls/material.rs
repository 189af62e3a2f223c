//! Builds the TLS configurations from files: our certificate and key, the trusted roots, and the versions.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use turno_ground::Transport;
use turno_model::encryption::{TlsPlan, TlsVersion};
use turno_model::plan::TrunkPlan;

use crate::net::tls::expiry::not_after;
use crate::net::tls::refused::TlsRefused;

/// Largest accepted file in bytes: the system's roots have about 220,000.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

const NEW: &[&SupportedProtocolVersion] = &[&TLS13];
const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The files as they were read.
#[derive(PartialEq, Eq)]
pub(crate) struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
    ca: Option<Vec<u8>>,
}

/// The TLS configurations of both directions.
pub(crate) struct Material {
    /// For connections that we accept.
    pub(crate) server: Arc<ServerConfig>,
    /// For connections that we open.
    pub(crate) client: Arc<ClientConfig>,
    /// When our certificate expires, in seconds since 1970.
    pub(crate) not_after: i64,
}

impl Files {
    pub(crate) fn read(plan: &TlsPlan) -> Result<Self, TlsRefused> {
        let read =
            |file: &Path| read(file).map_err(|error| TlsRefused::Unreadable { file: file.to_owned(), error });
        Ok(Self {
            certificate: read(&plan.certificate)?,
            key: read(&plan.key)?,
            ca: plan.ca.as_deref().map(read).transpose()?,
        })
    }
}

impl Material {
    pub(crate) fn of(files: &Files, plan: &TlsPlan, trunks: &[TrunkPlan]) -> Result<Self, TlsRefused> {
        let unusable = |file: &Path, why: String| TlsRefused::Unusable { file: file.to_owned(), why };
        let provider = Arc::new(ring::default_provider());
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&files.certificate)
            .collect::<Result<_, _>>()
            .map_err(|error| unusable(&plan.certificate, format!("it is no PEM: {error}")))?;
        let Some(first) = chain.first() else {
            return Err(unusable(&plan.certificate, "there is no certificate in it".to_owned()));
        };
        let not_after = not_after(first)
            .ok_or_else(|| unusable(&plan.certificate, "its first certificate can't be parsed".to_owned()))?;
        // The parser's error is not shown: it might repeat part of the key.
        let key = PrivateKeyDer::from_pem_slice(&files.key).map_err(|_| {
            unusable(&plan.key, "there is no private key in PEM in it (PKCS#8, SEC1 or PKCS#1)".to_owned())
        })?;
        let wants_roots = trunks.iter().any(|trunk| trunk.transport == Transport::Tls);
        let roots = match (&files.ca, plan.ca.as_deref()) {
            (Some(bytes), Some(file)) => roots_of(bytes, file)?,
            _ if wants_roots => return Err(TlsRefused::NoRoots),
            _ => RootCertStore::empty(),
        };
        let roots = Arc::new(roots);
        let versions = match plan.oldest {
            TlsVersion::Tls12 => BOTH,
            TlsVersion::Tls13 => NEW,
        };
        let mismatch = |error: rustls::Error| {
            unusable(&plan.key, format!("it does not belong to {}: {error}", plan.certificate.display()))
        };
        let is_asked = trunks.iter().any(|trunk| trunk.client_certificate);
        let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .expect("ring speaks both versions")
            .with_client_cert_verifier(judge(is_asked, &roots, &provider, plan)?)
            .with_single_cert(chain.clone(), key.clone_key())
            .map_err(mismatch)?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("ring speaks both versions")
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(mismatch)?;
        Ok(Self { server: Arc::new(server), client: Arc::new(client), not_after })
    }
}

/// A client certificate is requested if any trunk must show one. Phones need not show one, but a certificate that is
/// shown must be valid.
fn judge(
    is_asked: bool,
    roots: &Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
    plan: &TlsPlan,
) -> Result<Arc<dyn ClientCertVerifier>, TlsRefused> {
    if !is_asked {
        return Ok(WebPkiClientVerifier::no_client_auth());
    }
    WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(provider))
        .allow_unauthenticated()
        // The names of all roots would be longer than the rest of the handshake.
        .clear_root_hint_subjects()
        .build()
        .map_err(|error| TlsRefused::Unusable {
            file: plan.ca.clone().unwrap_or_default(),
            why: format!("no trunk's certificate can be judged by it: {error}"),
        })
}

fn roots_of(bytes: &[u8], file: &Path) -> Result<RootCertStore, TlsRefused> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(bytes).flatten() {
        // A root that rustls can't parse is skipped.
        let _ = roots.add(certificate);
    }
    if roots.is_empty() {
        let why = "there is no certificate in PEM in it that others can be judged by".to_owned();
        return Err(TlsRefused::Unusable { file: file.to_owned(), why });
    }
    Ok(roots)
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    // Reading a pipe or a device could take for ever.
    if !std::fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no file but a folder, a pipe, a socket or a device"));
    }
    let mut bytes = Vec::new();
    File::open(file)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}
