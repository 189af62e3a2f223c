//! Our certificate for browsers: self-signed, and the same for as long as its file exists.

use core::fmt;
use std::sync::Arc;

use rtc_dtls::crypto::Certificate;
use rtc_dtls::crypto_provider::RTCCryptoProvider;
use rtc_dtls::crypto_provider::providers::RingProvider;
use sha2::{Digest, Sha256, Sha384, Sha512};
use turno_media_plan::{Fingerprint, Hash, Shown};

/// Between the two certificates of a text.
const BETWEEN: &str = "# the other one\n";

/// The two certificates with their keys.
#[derive(Clone)]
pub struct Identity {
    certificate: Certificate,
    /// Shown where a browser must shake hands anew.
    other: Certificate,
    provider: Arc<dyn RTCCryptoProvider>,
}

/// The certificate can't be made or read.
#[derive(Debug, thiserror::Error)]
#[error("the certificate for browsers: {0}")]
pub struct Unusable(String);

impl Identity {
    /// New ones, with keys on the curve P-256.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn generate() -> Result<Self, Unusable> {
        let provider = RingProvider::new();
        let (certificate, other) = (fresh(&provider)?, fresh(&provider)?);
        Ok(Self { certificate, other, provider: Arc::new(provider) })
    }

    /// Those that were written as [`Self::to_pem`]. An earlier turno wrote one; then the other is new, and should be written.
    ///
    /// # Errors
    /// It is damaged.
    pub fn from_pem(text: &str) -> Result<Self, Unusable> {
        let provider = RingProvider::new();
        let read = |text: &str| {
            Certificate::from_pem(text, provider.crypto()).map_err(|error| Unusable(error.to_string()))
        };
        let (first, other) = text.split_once(BETWEEN).map_or((text, None), |(one, other)| (one, Some(other)));
        let certificate = read(first)?;
        let other = other.map_or_else(|| fresh(&provider), read)?;
        Ok(Self { certificate, other, provider: Arc::new(provider) })
    }

    /// Keys and certificates as text. It is a secret.
    ///
    /// # Errors
    /// A key can't be written.
    pub fn to_pem(&self) -> Result<String, Unusable> {
        let text = |certificate: &Certificate| {
            certificate.serialize_pem().map_err(|error| Unusable(error.to_string()))
        };
        Ok(text(&self.certificate)? + BETWEEN + &text(&self.other)?)
    }

    /// The digest of the first, for the SDP.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint_of(Shown::First)
    }

    /// The digest of either.
    pub fn fingerprint_of(&self, shown: Shown) -> Fingerprint {
        let der = self.shown(shown).certificate.first().map_or(&[][..], |certificate| certificate);
        fingerprint(Hash::Sha256, der)
    }

    /// The certificate of another one with a key that is not its own, as a thief has it.
    #[cfg(test)]
    pub(crate) fn stolen_from(other: &Self) -> Self {
        let own = Self::generate().expect("a certificate");
        let key = own.certificate.private_key.signing_key.clone();
        let certificate = Certificate::from_signing_key(other.certificate.certificate.clone(), key);
        Self { certificate, other: own.other, provider: own.provider }
    }

    pub(crate) const fn shown(&self, shown: Shown) -> &Certificate {
        match shown {
            Shown::First => &self.certificate,
            Shown::Other => &self.other,
        }
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

fn fresh(provider: &RingProvider) -> Result<Certificate, Unusable> {
    let certificate = Certificate::generate_self_signed(["turno".to_owned()], provider.crypto());
    certificate.map_err(|error| Unusable(error.to_string()))
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
        for shown in [Shown::First, Shown::Other] {
            assert_eq!(first.fingerprint_of(shown), again.fingerprint_of(shown));
        }
        assert_ne!(first.fingerprint(), first.fingerprint_of(Shown::Other));
        assert_eq!(again.to_pem().expect("text"), first.to_pem().expect("text"));
        let earlier = first.certificate.serialize_pem().expect("text");
        let read = Identity::from_pem(&earlier).expect("as an earlier turno wrote it");
        assert_eq!(read.fingerprint(), first.fingerprint());
        assert!(Identity::from_pem("-----BEGIN CERTIFICATE-----").is_err());
    }
}
