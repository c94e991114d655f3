//! A request that is sound until a test says otherwise. Its signature is not one: nothing here verifies it.

use markmonitor_certs::pki::{Context, Input, OrderForm, OrderOrganization, inspect_csr};
use pki::Finding;

use super::der::{bits, oid, seq, set, tlv, unsigned};

pub const UTF8: u8 = 0x0c;
pub const PRINTABLE: u8 = 0x13;
pub const IA5: u8 = 0x16;
pub const EC: &str = "1.2.840.10045.2.1";
pub const RSA: &str = "1.2.840.113549.1.1.1";
pub const P256: &str = "1.2.840.10045.3.1.7";
pub const SHA256_ECDSA: &str = "1.2.840.10045.4.3.2";

/// The base point of P-256 (FIPS 186-4, D.1.2.3).
pub const POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                         4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

pub fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

pub fn spki(algorithm: &[&[u8]], key: &[u8]) -> Vec<u8> {
    seq(&[&seq(algorithm), &bits(key)])
}

pub fn ec_key(curve: &str, point: &[u8]) -> Vec<u8> {
    spki(&[&oid(EC), &oid(curve)], point)
}

pub fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    spki(&[&oid(RSA), &[5, 0]], &seq(&[&unsigned(modulus), &unsigned(exponent)]))
}

/// An attribute of a name.
pub fn attribute(kind: &str, string: u8, value: &str) -> Vec<u8> {
    seq(&[&oid(kind), &tlv(string, &[value.as_bytes()])])
}

pub fn common_name(value: &str) -> Vec<u8> {
    attribute("2.5.4.3", UTF8, value)
}

pub fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, &[name.as_bytes()])
}

pub fn extension(kind: &str, value: &[u8]) -> Vec<u8> {
    seq(&[&oid(kind), &tlv(0x04, &[value])])
}

pub fn names(general_names: &[Vec<u8>]) -> Vec<u8> {
    extension("2.5.29.17", &seq(&slices(general_names)))
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

/// A request in parts.
#[derive(Clone)]
pub struct Csr {
    pub version: Vec<u8>,
    /// Attributes by relative distinguished name.
    pub subject: Vec<Vec<Vec<u8>>>,
    pub key: Vec<u8>,
    pub extensions: Vec<Vec<u8>>,
    /// Beside the request for extensions.
    pub attributes: Vec<Vec<u8>>,
    pub has_attributes: bool,
    pub signature_algorithm: Vec<u8>,
    pub signature: Vec<u8>,
    pub after: Vec<u8>,
    pub context: Context,
}

/// EC P-256, a subject with country and organization, two DNS names with the common name among them.
pub fn csr() -> Csr {
    Csr {
        version: vec![0],
        subject: vec![
            vec![attribute("2.5.4.6", PRINTABLE, "US")],
            vec![attribute("2.5.4.10", UTF8, "Example Inc.")],
            vec![common_name("example.com")],
        ],
        key: ec_key(P256, &hex(POINT)),
        extensions: vec![names(&[dns("example.com"), dns("www.example.com")])],
        attributes: Vec::new(),
        has_attributes: true,
        signature_algorithm: seq(&[&oid(SHA256_ECDSA)]),
        signature: seq(&[&unsigned(&[1]), &unsigned(&[1])]),
        after: Vec::new(),
        context: Context::default(),
    }
}

impl Csr {
    pub fn key(mut self, key: Vec<u8>) -> Self {
        self.key = key;
        self
    }

    /// An RSA key of these numbers, and a signature algorithm that goes with it.
    pub fn rsa(self, modulus: &[u8], exponent: &[u8]) -> Self {
        self.key(rsa_key(modulus, exponent))
            .signed_with("1.2.840.113549.1.1.11")
    }

    pub fn signed_with(mut self, algorithm: &str) -> Self {
        self.signature_algorithm = seq(&[&oid(algorithm)]);
        self
    }

    pub fn subject(mut self, rdns: &[&[Vec<u8>]]) -> Self {
        self.subject = rdns.iter().map(|rdn| rdn.to_vec()).collect();
        self
    }

    /// One more attribute in front of the subject.
    pub fn with(mut self, attribute: Vec<u8>) -> Self {
        self.subject.insert(0, vec![attribute]);
        self
    }

    /// Another common name, which stays among the alternative names.
    pub fn common_name(self, name: &str) -> Self {
        self.subject(&[&[common_name(name)]]).names(&[dns(name)])
    }

    pub fn names(mut self, general_names: &[Vec<u8>]) -> Self {
        self.extensions = vec![names(general_names)];
        self
    }

    pub fn extension(mut self, kind: &str, value: &[u8]) -> Self {
        self.extensions.push(extension(kind, value));
        self
    }

    /// An extension from its own parts.
    pub fn extension_of(mut self, parts: &[&[u8]]) -> Self {
        self.extensions.push(seq(parts));
        self
    }

    pub fn attribute(mut self, kind: &str, value: &[u8]) -> Self {
        self.attributes.push(seq(&[&oid(kind), &set(&[value])]));
        self
    }

    pub fn order(mut self, order: OrderForm) -> Self {
        self.context.order = Some(order);
        self
    }

    pub fn organization(mut self, name: &str, country: &str) -> Self {
        self.context.organization = Some(OrderOrganization {
            name: Some(name.to_owned()),
            country: Some(country.to_owned()),
        });
        self
    }

    pub fn cert_type(mut self, cert_type: &str) -> Self {
        self.context.cert_type = Some(cert_type.to_owned());
        self
    }

    pub fn der(&self) -> Vec<u8> {
        let rdns: Vec<Vec<u8>> = self.subject.iter().map(|rdn| set(&slices(rdn))).collect();
        let mut attributes = self.attributes.clone();
        if !self.extensions.is_empty() {
            let list = set(&[&seq(&slices(&self.extensions))]);
            attributes.push(seq(&[&oid("1.2.840.113549.1.9.14"), &list]));
        }
        let attributes = tlv(0xa0, &slices(&attributes));
        let attributes: &[u8] = if self.has_attributes { &attributes } else { &[] };
        let info = seq(&[
            &tlv(0x02, &[&self.version]),
            &seq(&slices(&rdns)),
            &self.key,
            attributes,
        ]);
        let mut der = seq(&[&info, &self.signature_algorithm, &bits(&self.signature)]);
        der.extend(&self.after);
        der
    }

    pub fn findings(&self) -> Vec<Finding> {
        findings(&Input::Bytes(&self.der()), &self.context)
    }
}

/// What is said about an input before its signature is checked.
pub fn findings(input: &Input<'_>, context: &Context) -> Vec<Finding> {
    inspect_csr(input, context)
        .expect("a request that can be read")
        .into_findings()
}
