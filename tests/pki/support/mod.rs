//! Requests from parts, by a DER writer of the tests' own.

pub mod builder;
pub mod certificate;
pub mod der;

use std::path::PathBuf;

/// A file of `fixtures/`.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pki/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// DER in a frame.
pub fn pem(label: &str, der: &[u8]) -> String {
    x509_cert::der::pem::encode_string(label, x509_cert::der::pem::LineEnding::LF, der).unwrap()
}

/// A text file of `fixtures/`.
pub fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}
