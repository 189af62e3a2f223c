//! Our certificate for browsers: self-signed, and the same for as long as its file exists.

use core::fmt;
use std::sync::Arc;

use rtc_dtls::crypto::Certificate;
use rtc_dtls::crypto_provider::RTCCryptoProvider;
use rtc_dtls::crypto_provider::providers::RingProvider;
use sha2::{Digest, Sha256, Sha384, Sha512};
use turno_media_plan::{Fingerprint, Hash};

/// The certificate with its key.
#[derive(Clone)]
pub struct Identity {
    certificate: Certificate,
    provider: Arc<dyn RTCCryptoProvider>,
}

/// The certificate can't be made or read.
#[derive(Debug, thiserror::Error)]
#[error("the certificate for browsers: {0}")]
pub struct Unusable(String);

impl Identity {
    /// A new one, with a key on the curve P-256.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn generate() -> Result<Self, Unusable> {
        let provider = RingProvider::new();
        let certificate = Certificate::generate_self_signed(["turno".to_owned()], provider.crypto());
        let certificate = certificate.map_err(|error| Unusable(error.to_string()))?;
        Ok(Self { certificate, provider: Arc::new(provider) })
    }

    /// The one that was written as [`Self::to_pem`].
    ///
    /// # Errors
    /// It is damaged.
    pub fn from_pem(text: &str) -> Result<Self, Unusable> {
        let provider = RingProvider::new();
        let certificate = Certificate::from_pem(text, provider.crypto());
        let certificate = certificate.map_err(|error| Unusable(error.to_string()))?;
        Ok(Self { certificate, provider: Arc::new(provider) })
    }

    /// Key and certificate as text. It is a secret.
    ///
    /// # Errors
    /// The key can't be written.
    pub fn to_pem(&self) -> Result<String, Unusable> {
        self.certificate.serialize_pem().map_err(|error| Unusable(error.to_string()))
    }

    /// Its digest, for the SDP.
    pub fn fingerprint(&self) -> Fingerprint {
        let der = self.certificate.certificate.first().map_or(&[][..], |certificate| certificate);
        fingerprint(Hash::Sha256, der)
    }

    /// The certificate of another one with a key that is not its own, as a thief has it.
    #[cfg(test)]
    pub(crate) fn stolen_from(other: &Self) -> Self {
        let own = Self::generate().expect("a certificate");
        let key = own.certificate.private_key.signing_key.clone();
        let certificate = Certificate::from_signing_key(other.certificate.certificate.clone(), key);
        Self { certificate, provider: own.provider }
    }

    pub(crate) fn certificate(&self) -> Certificate {
        self.certificate.clone()
    }

    pub(crate) fn provider(&self) -> Arc<dyn RTCCryptoProvider> {
        Arc::clone(&self.provider)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.fingerprint())
    }
}

/// The digest of a certificate.
pub(crate) fn fingerprint(hash: Hash, der: &[u8]) -> Fingerprint {
    let digest = match hash {
        Hash::Sha256 => Sha256::digest(der).to_vec(),
        Hash::Sha384 => Sha384::digest(der).to_vec(),
        Hash::Sha512 => Sha512::digest(der).to_vec(),
    };
    Fingerprint::new(hash, &digest).expect("a digest has its hash's length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_the_same_after_it_was_written_and_read() {
        let first = Identity::generate().expect("a certificate");
        let again = Identity::from_pem(&first.to_pem().expect("text")).expect("the same");
        assert_eq!(first.fingerprint(), again.fingerprint());
        assert!(Identity::from_pem("-----BEGIN CERTIFICATE-----").is_err());
    }
}
