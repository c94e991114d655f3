//! The certificate authority: a root and an intermediate from the seed, and the leaves that they issue.
//! Nothing here knows of orders.

mod issuer;
mod leaf;
mod names;
mod p7b;
mod validity;

pub(crate) use issuer::Issuer;
pub(crate) use leaf::{Leaf, LeafRequest};
pub(crate) use names::Subject;

use p256::ecdsa::SigningKey;
use x509_cert::Certificate;
use x509_cert::builder::Error;
use x509_cert::der::DecodePem;
use x509_cert::request::CertReq;

use crate::clock::Timestamp;
use crate::random::Random;

/// The authority with its chain.
#[derive(Debug)]
pub(crate) struct CertificateAuthority {
    root: Issuer,
    intermediate: Issuer,
    serials: Random,
}

impl CertificateAuthority {
    pub(crate) fn new(seed: u64) -> Result<Self, Error> {
        let root = Issuer::root(
            key(&mut Random::new(seed, "root key")),
            &mut Random::new(seed, "root serial"),
        )?;
        let intermediate = Issuer::intermediate(
            &root,
            key(&mut Random::new(seed, "intermediate key")),
            &mut Random::new(seed, "intermediate serial"),
        )?;
        Ok(Self {
            root,
            intermediate,
            serials: Random::new(seed, "serials"),
        })
    }

    /// Issues a certificate at this time.
    pub(crate) fn issue(&mut self, request: &LeafRequest<'_>, at: Timestamp) -> Result<Leaf, Error> {
        leaf::issue(&self.intermediate, &mut self.serials, request, at)
    }

    pub(crate) fn intermediate_pem(&self) -> &str {
        self.intermediate.pem()
    }

    pub(crate) fn root_pem(&self) -> &str {
        self.root.pem()
    }

    /// Leaf, intermediate and root, one after the other in PEM.
    pub(crate) fn pem_all(&self, leaf: &str) -> String {
        [leaf, self.intermediate_pem(), self.root_pem()].concat()
    }

    /// The same three from the other end.
    pub(crate) fn pem_all_root_first(&self, leaf: &str) -> String {
        [self.root_pem(), self.intermediate_pem(), leaf].concat()
    }

    /// The same three as PKCS #7, in PEM.
    pub(crate) fn p7b(&self, leaf: &str) -> der::Result<String> {
        p7b::pem(&self.chain(&Certificate::from_pem(leaf)?))
    }

    /// The same in DER.
    pub(crate) fn p7b_der(&self, leaf: &str) -> der::Result<Vec<u8>> {
        p7b::der(&self.chain(&Certificate::from_pem(leaf)?))
    }

    fn chain<'a>(&'a self, leaf: &'a Certificate) -> [&'a Certificate; 3] {
        [leaf, self.intermediate.certificate(), self.root.certificate()]
    }
}

/// A P-256 key from the seed. Not every 32 bytes are one, but all except about 2⁻³² of them.
pub(crate) fn key(random: &mut Random) -> SigningKey {
    loop {
        if let Ok(key) = SigningKey::from_slice(&random.bytes()) {
            return key;
        }
    }
}

/// A CSR for a key, as the demo's orders need them.
pub(crate) fn request(key: &SigningKey, subject: &Subject) -> Result<String, Error> {
    use x509_cert::builder::{Builder, RequestBuilder};
    use x509_cert::der::EncodePem;
    use x509_cert::der::pem::LineEnding;
    let request: CertReq = RequestBuilder::new(subject.name()?)?.build::<_, p256::ecdsa::DerSignature>(key)?;
    Ok(request.to_pem(LineEnding::LF)?)
}
