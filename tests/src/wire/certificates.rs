//! Certificates created by a test.

use std::net::IpAddr;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType, date_time_ymd,
};

use crate::wire::folder::Folder;

/// A folder with its own root and certificates issued by it.
#[derive(Debug)]
pub struct Certificates {
    folder: Folder,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Certificates {
    /// A root that nothing else trusts.
    pub fn new() -> Self {
        let folder = Folder::new();
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "The test's own root");
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a root");
        std::fs::write(folder.join("ca.pem"), issuer.pem()).expect("the test's folder can be written");
        Self { folder, issuer }
    }

    /// The root's file.
    pub fn root(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// Writes the certificate `NAME.pem` and the key `NAME.key` for `name` or `ip`; valid until the end of `year`.
    pub fn issue(&self, name: &str, ip: Option<IpAddr>, year: i32) -> (PathBuf, PathBuf) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.subject_alt_names.extend(ip.map(SanType::IpAddress));
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_after = date_time_ymd(year, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let (pem, pem_key) =
            (self.folder.join(&format!("{name}.pem")), self.folder.join(&format!("{name}.key")));
        std::fs::write(&pem, certificate.pem()).expect("the test's folder can be written");
        std::fs::write(&pem_key, key.serialize_pem()).expect("the test's folder can be written");
        (pem, pem_key)
    }
}

impl Default for Certificates {
    fn default() -> Self {
        Self::new()
    }
}
