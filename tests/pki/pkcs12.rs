//! The file with key and chain, octet by octet: what other programs make of it is compared elsewhere.

use markmonitor_certs::pki::{
    Input, KeyFailure, Pbes2, parse_certificate,
    pkcs12::{Pkcs12, mac_key, pfx},
};
use x509_parser::prelude::FromDer;

use crate::support::{
    builder::hex,
    certificate::{cert, together},
    der::{oid, seq, set, tlv, unsigned},
    text,
};

const DATA: &str = "1.2.840.113549.1.7.1";
/// `openssl x509 -in leaf-90.cert.pem -noout -fingerprint -sha1`.
const LEAF_ID: &str = "7c23f5a71ed051500957fc1bb54c35e82575c94e";

fn explicit(value: &[u8]) -> Vec<u8> {
    tlv(0xa0, &[value])
}

fn octets(content: &[u8]) -> Vec<u8> {
    tlv(0x04, &[content])
}

fn data(content: &[u8]) -> Vec<u8> {
    seq(&[&oid(DATA), &explicit(&octets(content))])
}

fn der_of(name: &str) -> Vec<u8> {
    x509_parser::pem::parse_x509_pem(text(name).as_bytes())
        .unwrap()
        .1
        .contents
}

fn spki_of(name: &str) -> Vec<u8> {
    let der = der_of(name);
    let (_, certificate) = x509_parser::certificate::X509Certificate::from_der(&der).unwrap();
    certificate.public_key().raw.to_vec()
}

/// The attributes of the leaf, the shorter one first.
fn attributes(name: Option<&str>) -> Vec<u8> {
    let id = seq(&[&oid("1.2.840.113549.1.9.21"), &set(&[&octets(&hex(LEAF_ID))])]);
    let Some(name) = name else { return set(&[&id]) };
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let named = seq(&[&oid("1.2.840.113549.1.9.20"), &set(&[&tlv(0x1e, &[&units])])]);
    if named.len() < id.len() {
        set(&[&named, &id])
    } else {
        set(&[&id, &named])
    }
}

fn bag(certificate: &[u8], attributes: &[u8]) -> Vec<u8> {
    let value = seq(&[&oid("1.2.840.113549.1.9.22.1"), &explicit(&octets(certificate))]);
    seq(&[&oid("1.2.840.113549.1.12.10.1.3"), &explicit(&value), attributes])
}

fn file_of(names: &[&str], name: Option<&str>) -> Result<Pkcs12, KeyFailure> {
    let texts: Vec<String> = names.iter().map(|name| text(name)).collect();
    let inputs: Vec<Input<'_>> = texts.iter().map(|text| Input::Text(text)).collect();
    Pkcs12::new(&inputs, &spki_of("leaf-90.cert.pem"), name).unwrap()
}

#[test]
fn the_keys_certificate_comes_first_then_its_chain_then_the_others_and_each_once() {
    let mixed = [
        "unrelated.cert.pem",
        "root.cert.pem",
        "leaf-90.cert.pem",
        "intermediate.cert.pem",
        "root.cert.pem",
    ];
    for name in [None, Some("a"), Some("a name that is longer than the digest")] {
        let bags = [
            bag(&der_of("leaf-90.cert.pem"), &attributes(name)),
            bag(&der_of("intermediate.cert.pem"), &[]),
            bag(&der_of("root.cert.pem"), &[]),
            bag(&der_of("unrelated.cert.pem"), &[]),
        ];
        let bags: Vec<&[u8]> = bags.iter().map(Vec::as_slice).collect();
        assert_eq!(file_of(&mixed, name).unwrap().certificates(), seq(&bags), "{name:?}");
    }
    let others = ["root.cert.pem", "intermediate.cert.pem"];
    assert_eq!(file_of(&others, None), Err(KeyFailure::NoCertificate));
}

#[test]
fn of_several_for_the_key_the_one_that_ends_last_comes_first_and_no_precertificate() {
    let one = |end: &str| cert("example.com", "ca").valid("20250101000000Z", end);
    let (old, new) = (one("20250201000000Z"), one("20250301000000Z"));
    let precertificate = one("20250401000000Z").critical("1.3.6.1.4.1.11129.2.4.3", &[5, 0]);
    let fingerprint = parse_certificate(&Input::Bytes(&new.der())).unwrap().sha1;
    for members in [[&old, &new, &precertificate], [&precertificate, &new, &old]] {
        let der = together(&members);
        let file = Pkcs12::new(&[Input::Bytes(&der)], &old.key, None).unwrap().unwrap();
        let id = seq(&[&oid("1.2.840.113549.1.9.21"), &set(&[&octets(&hex(&fingerprint))])]);
        let bags = file.certificates();
        // The first is the one with attributes.
        let first = bag(&new.der(), &set(&[&id]));
        assert!(bags.windows(first.len()).any(|part| part == first));
    }
}

#[test]
fn key_and_certificates_are_encrypted_each_with_its_own() {
    let encryption = |octet: u8| Pbes2::new(1_000, vec![octet; 16], vec![octet + 1; 16]);
    let identifier = |octet: u8| {
        let prf = seq(&[&oid("1.2.840.113549.2.9"), &[5, 0]]);
        let kdf = seq(&[&octets(&[octet; 16]), &unsigned(&[0x03, 0xe8]), &prf]);
        let cipher = seq(&[&oid("2.16.840.1.101.3.4.1.42"), &octets(&[octet + 1; 16])]);
        let schemes = seq(&[&seq(&[&oid("1.2.840.113549.1.5.12"), &kdf]), &cipher]);
        seq(&[&oid("1.2.840.113549.1.5.13"), &schemes])
    };
    let content = seq(&[&oid(DATA), &identifier(3), &tlv(0x80, &[b"certificates"])]);
    let certificates = seq(&[
        &oid("1.2.840.113549.1.7.6"),
        &explicit(&seq(&[&unsigned(&[0]), &content])),
    ]);
    let key = seq(&[
        &oid("1.2.840.113549.1.12.10.1.2"),
        &explicit(&seq(&[&identifier(1), &octets(b"key")])),
        &attributes(Some("a")),
    ]);
    let made = file_of(&["leaf-90.cert.pem"], Some("a")).unwrap().authenticated_safe(
        (&encryption(1), b"key".to_vec()),
        (&encryption(3), b"certificates".to_vec()),
    );
    assert_eq!(made, seq(&[&certificates, &data(&seq(&[&key]))]));

    let digest = seq(&[&seq(&[&oid("2.16.840.1.101.3.4.2.1"), &[5, 0]]), &octets(b"mac")]);
    let mac = seq(&[&digest, &octets(b"salt"), &unsigned(&[0x27, 0x10])]);
    let file = pfx(b"safe".to_vec(), b"mac".to_vec(), b"salt".to_vec());
    assert_eq!(file, seq(&[&unsigned(&[3]), &data(b"safe"), &mac]));
}

#[test]
fn the_key_of_the_mac_is_that_of_rfc_7292() {
    // Computed with hashlib as appendix B.2 has it: 10,000 iterations of SHA-256, for a MAC.
    let salt: Vec<u8> = (0..65).collect();
    for (password, octets, key) in [
        (
            "pässword",
            20,
            "6ea995bc4fe9d1b085d427e79384a031b8f9c7563a12389910b48162b42aade3",
        ),
        (
            "",
            64,
            "d0cb8b59055927dee6e87394eb07833a651831b2bec8212e6e081e5a97ea18a6",
        ),
        (
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            65,
            "da00e536752731d43db47f69ee4dcea4b3e71ceab3ad6eeff278be88eee69cfc",
        ),
    ] {
        assert_eq!(mac_key(password, &salt[..octets]), hex(key), "{password}");
    }
}
