//! A certificate authority for tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};

/// A folder with a root certificate and certificates issued by it, removed after the test.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: PathBuf,
}

impl Authority {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("turno-tls-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, format!("Authority {number}"));
        let issuer =
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root");
        std::fs::write(folder.join("ca.pem"), issuer.pem()).expect("the folder is ours");
        Self { issuer, folder }
    }

    /// Writes `NAME.pem` and `NAME.key` for this name, valid until the end of `year`.
    pub(crate) fn issue(&self, name: &str, year: i32) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_after = date_time_ymd(year, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        std::fs::write(self.file(&format!("{name}.pem")), certificate.pem()).expect("the folder is ours");
        std::fs::write(self.file(&format!("{name}.key")), key.serialize_pem()).expect("the folder is ours");
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.file("ca.pem")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        // A file left behind in a temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
