//! Every rule has a request that triggers it, and one close to it that does not.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{
    Context, Finding, FindingCode, FormCert, Input, OrderForm, Severity, SignatureStatus, check_dns_name, check_order,
    inspect_csr, parse_csr, rules,
};
use num_bigint::BigUint;
use x509_parser::{certification_request::X509CertificationRequest, prelude::FromDer, public_key::PublicKey};

use crate::support::{
    builder::*,
    der::{integer, oid, seq, set, tlv, unsigned},
    fixture, text,
};

/// A sound modulus of 2048 bits: that of the guide's request.
pub(crate) fn modulus() -> BigUint {
    let (_, pem) = x509_parser::pem::parse_x509_pem(&fixture("guide.csr.pem")).unwrap();
    let (_, request) = X509CertificationRequest::from_der(&pem.contents).unwrap();
    let PublicKey::RSA(key) = request.certification_request_info.subject_pki.parsed().unwrap() else {
        unreachable!()
    };
    BigUint::from_bytes_be(key.modulus)
}

const E: [u8; 3] = [1, 0, 1];

pub(crate) fn rsa(modulus: &BigUint) -> Csr {
    csr().rsa(&modulus.to_bytes_be(), &E)
}

pub(crate) fn exponent(octets: &[u8]) -> Csr {
    csr().rsa(&modulus().to_bytes_be(), octets)
}

pub(crate) fn with_bits(bits: u32) -> Csr {
    rsa(&((BigUint::from(1_u8) << (bits - 1)) + modulus() % (BigUint::from(1_u8) << (bits - 2))))
}

pub(crate) fn point(octets: &[u8]) -> Csr {
    csr().key(ec_key(P256, octets))
}

pub(crate) fn on_curve(curve: &str, octets: usize) -> Csr {
    csr().key(ec_key(curve, &[&[4_u8][..], &vec![1; octets * 2]].concat()))
}

/// The base point of P-521 (FIPS 186-4, D.1.2.5).
const POINT_521: &str = "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de\
    3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013f\
    ad0761353c7086a272c24088be94769fd16650";

pub(crate) fn key_of(kind: &str) -> Csr {
    csr().key(spki(&[&oid(kind)], &[0; 32])).signed_with(kind)
}

pub(crate) fn named(name: &str) -> Csr {
    csr().names(&[dns("example.com"), dns(name)])
}

pub(crate) fn subject(kind: &str, value: &str) -> Csr {
    csr().with(attribute(kind, UTF8, value))
}

pub(crate) fn country(value: &str) -> Csr {
    csr().subject(&[&[attribute("2.5.4.6", PRINTABLE, value)], &[common_name("example.com")]])
}

pub(crate) fn key_usage(octets: &[u8]) -> Csr {
    csr().extension("2.5.29.15", &tlv(0x03, &[octets]))
}

pub(crate) fn purposes(list: &[&str]) -> Csr {
    let list: Vec<Vec<u8>> = list.iter().map(|purpose| oid(purpose)).collect();
    csr().extension("2.5.29.37", &seq(&list.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

pub(crate) fn address(octets: &[u8]) -> Csr {
    csr().names(&[dns("example.com"), tlv(0x87, &[octets])])
}

pub(crate) fn also(general_name: Vec<u8>) -> Csr {
    csr().names(&[dns("example.com"), general_name])
}

fn order(common_name: &str, dns_names: &[&str]) -> OrderForm {
    OrderForm {
        cert: Some(FormCert {
            common_name: Some(common_name.to_owned()).into(),
            dns_names: Some(dns_names.iter().map(ToString::to_string).collect()).into(),
            ..FormCert::default()
        })
        .into(),
        ..OrderForm::default()
    }
}

/// A sound request, held against an order that it goes with.
fn ordered() -> Csr {
    csr()
        .order(order("example.com", &["WWW.example.com"]))
        .organization("EXAMPLE  Inc.", "us")
}

/// With parameters of its signature algorithm.
fn signature_of(csr: Csr, algorithm: &str, parameters: &[u8]) -> Csr {
    Csr {
        signature_algorithm: seq(&[&oid(algorithm), parameters]),
        ..csr
    }
}

#[test]
fn octets_after_the_last_element_of_a_structure_are_seen() {
    /// What is in an element, and what follows it.
    fn split(der: &[u8]) -> (&[u8], &[u8]) {
        let (header, length) = match der[1] {
            0x82 => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
            0x81 => (3, usize::from(der[2])),
            short => (2, usize::from(short)),
        };
        der[header..].split_at(length)
    }
    let der = csr().der();
    let (content, _) = split(&der);
    let (info, rest) = split(content);
    let found = |der: &[u8]| {
        let findings = findings(&Input::Bytes(der), &markmonitor_certs::pki::Context::default());
        findings
            .iter()
            .any(|finding| finding.code.as_str() == "elements_unexpected")
    };
    // After the signature, and after the attributes; whether each is an element does not matter.
    for octets in [&[0][..], &[0x2a], &[5, 0], &[0x30, 0x80]] {
        assert!(found(&seq(&[content, octets])), "{octets:?}");
        assert!(found(&seq(&[&seq(&[info, octets]), rest])), "{octets:?}");
    }
    assert!(!found(&der));
}

/// A rule with a request that triggers it, and one that does not.
pub(crate) struct Case(pub &'static str, pub Csr, pub Csr);

#[rustfmt::skip]
pub(crate) fn key_cases() -> Vec<Case> {
    let n = modulus();
    let roca = |exponent: u32| BigUint::from(65_537_u32).pow(exponent);
    let root = n.sqrt();
    let mut off_curve = hex(POINT);
    off_curve[64] ^= 1;
    let compressed = [&[3], &hex(POINT)[1..33]].concat();
    let hybrid = [&[7], &hex(POINT)[1..]].concat();
    let numbers = seq(&[&unsigned(&n.to_bytes_be()), &integer(&E)]);
    vec![
        Case("key_malformed", csr().key(spki(&[&oid(RSA), &[5, 0]], &[1, 2])), rsa(&n)),
        Case("key_malformed", csr().key(spki(&[&oid(RSA), &[5, 0]], &[&numbers[..], &[0]].concat())), csr().key(spki(&[&oid(RSA), &[5, 0]], &numbers))),
        Case("key_malformed", csr().key(spki(&[&oid(RSA), &[5, 0]], &seq(&[&numbers[4..], &[5, 0]]))), csr()),
        Case("key_parameters_unfit", csr().key(spki(&[&oid(RSA)], &numbers)), csr().key(spki(&[&oid(RSA), &[5, 0]], &numbers))),
        Case("key_parameters_unfit", csr().key(spki(&[&oid("1.3.101.112"), &[5, 0]], &[0; 32])), key_of("1.3.101.112")),
        Case("key_parameters_unfit", csr().key(spki(&[&oid("1.3.101.110"), &[5, 0]], &[0; 32])), key_of("1.3.101.110")),
        Case("key_parameters_unfit", csr().key(spki(&[&oid("2.16.840.1.101.3.4.3.18"), &[5, 0]], &[0; 32])), key_of("2.16.840.1.101.3.4.3.18")),
        Case("rsa_too_small", with_bits(2040), with_bits(2048)),
        Case("rsa_bits_not_octets", with_bits(2047), with_bits(2056)),
        Case("rsa_unusual_size", with_bits(2056), with_bits(3072)),
        Case("rsa_negative", csr().key(spki(&[&oid(RSA), &[5, 0]], &seq(&[&integer(&n.to_bytes_be()), &integer(&E)]))), rsa(&n)),
        Case("rsa_exponent_invalid", exponent(&[1, 0, 0]), exponent(&[3])),
        Case("rsa_exponent_out_of_range", exponent(&[3]), exponent(&E)),
        Case("rsa_exponent_unusual", exponent(&[1, 0, 3]), exponent(&[3])),
        Case("rsa_modulus_even", rsa(&(&n + 1_u8)), rsa(&n)),
        Case("rsa_small_factor", rsa(&((&n / 751_u16) * 751_u16)), rsa(&n)),
        Case("rsa_close_primes", rsa(&(&root * (&root + 60_u8))), rsa(&(&root * (&root + (BigUint::from(1_u8) << 600))))),
        Case("rsa_roca", rsa(&roca(128)), rsa(&(roca(128) + 2_u8))),
        Case("ec_curve_not_allowed", on_curve("1.3.132.0.10", 32), csr()),
        Case("ec_curve_missing", csr().key(spki(&[&oid(EC)], &hex(POINT))), csr()),
        Case("ec_point_invalid", point(&off_curve), point(&hex(POINT))),
        Case("ec_point_invalid", point(&hybrid), point(&compressed)),
        Case("ec_point_invalid", point(&hex(POINT)[..64]), point(&hex(POINT))),
        Case("ec_point_invalid", point(&compressed[..32]), point(&compressed)),
        Case("ec_point_invalid", point(&[&hex(POINT)[..], &[1]].concat()), point(&hex(POINT))),
        Case("ec_point_invalid", point(&[&[5], &hex(POINT)[1..]].concat()), point(&hex(POINT))),
        Case("ec_point_compressed", point(&compressed), point(&hex(POINT))),
        Case("ec_p521", csr().key(ec_key("1.3.132.0.35", &hex(POINT_521))), csr()),
        Case("key_dsa", key_of("1.2.840.10040.4.1"), csr()),
        Case("key_eddsa", key_of("1.3.101.112"), csr()),
        Case("key_gost", key_of("1.2.643.7.1.1.1.1"), csr()),
        Case("key_sm2", on_curve("1.2.156.10197.1.301", 32), on_curve("1.3.132.0.10", 32)),
        Case("key_post_quantum", key_of("2.16.840.1.101.3.4.3.18"), csr()),
        Case("key_rsa_pss", csr().key(spki(&[&oid("1.2.840.113549.1.1.10")], &seq(&[&integer(&[1]), &integer(&E)]))), rsa(&n)),
        Case("key_unknown", key_of("1.2.3.4"), key_of("1.3.101.112")),
    ]
}

#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "a table")]
fn other_cases() -> Vec<Case> {
    let challenge = |kind: &str| csr().attribute(kind, &tlv(UTF8, &[b"s3cr3t"]));
    let upn = seq(&[&oid("1.3.6.1.4.1.311.20.2.3"), &tlv(0xa0, &[&tlv(UTF8, &[b"a"])])]);
    let directory = seq(&[&tlv(0x31, &[&common_name("x")])]);
    let version = |octets: &[u8]| Csr { version: octets.to_vec(), ..csr() };
    vec![
        Case("signature_algorithm_mismatch", csr().signed_with("1.2.840.113549.1.1.11"), csr()),
        Case("signature_parameters_unfit", signature_of(csr(), SHA256_ECDSA, &[5, 0]), csr()),
        Case("signature_parameters_unfit", signature_of(rsa(&modulus()), "1.2.840.113549.1.1.11", &[0x30, 0]), signature_of(rsa(&modulus()), "1.2.840.113549.1.1.11", &[5, 0])),
        Case("signature_hash_broken", rsa(&modulus()).signed_with("1.2.840.113549.1.1.4"), rsa(&modulus()).signed_with("1.2.840.113549.1.1.5")),
        Case("signature_sha1", rsa(&modulus()).signed_with("1.2.840.113549.1.1.5"), rsa(&modulus())),
        Case("signature_algorithm_unknown", csr().signed_with("1.2.840.10045.2.1"), csr()),

        Case("version_not_zero", version(&[2]), version(&[0])),
        Case("attributes_absent", Csr { has_attributes: false, ..csr() }, Csr { extensions: Vec::new(), ..csr() }),
        Case("trailing_data", Csr { after: vec![0], ..csr() }, csr()),
        Case("not_ber", version(&[0, 0]), csr()),
        Case("not_ber", version(&[]), csr()),
        // In a key, and in an extension, which are encoded on their own.
        Case("not_ber", csr().key(spki(&[&oid(RSA), &[5, 0]], &seq(&[&integer(&[0, 1, 0xc5]), &integer(&E)]))), rsa(&modulus())),
        Case("not_der", csr().extension("2.5.29.19", &[0x30, 0x81, 0x03, 1, 1, 0xff]), csr().extension("2.5.29.19", &[0x30, 0x03, 1, 1, 0xff])),
        // The attributes are a SET, in the order of their octets.
        Case("not_der", csr().attribute("1.2.4", &[5, 0]).attribute("1.2.3", &[5, 0]), csr().attribute("1.2.3", &[5, 0]).attribute("1.2.4", &[5, 0])),
        Case("not_der", key_usage(&[5, 0xa1]), key_usage(&[5, 0xa0])),
        Case("not_der", key_usage(&[7, 0xff]), key_usage(&[7, 0x80])),
        // An end-of-contents in place of NULL; and defaults.
        Case("not_ber", signature_of(rsa(&modulus()), "1.2.840.113549.1.1.11", &[0, 0]), signature_of(rsa(&modulus()), "1.2.840.113549.1.1.11", &[5, 0])),
        Case("not_der", csr().extension_of(&[&oid("2.5.29.14"), &[1, 1, 0], &tlv(4, &[&[4, 1, 1]])]), csr().extension_of(&[&oid("2.5.29.14"), &[1, 1, 0xff], &tlv(4, &[&[4, 1, 1]])])),
        Case("not_der", csr().extension("2.5.29.19", &seq(&[&[1, 1, 0]])), csr().extension("2.5.29.19", &seq(&[&[1, 1, 0xff]]))),
        Case("elements_unexpected", Csr { signature_algorithm: seq(&[&oid(SHA256_ECDSA), &[5, 0], &[5, 0]]), ..csr() }, Csr { signature_algorithm: seq(&[&oid(SHA256_ECDSA), &[5, 0]]), ..csr() }),
        Case("elements_unexpected", csr().with(seq(&[&oid("2.5.4.7"), &tlv(UTF8, &[b"x"]), &[5, 0]])), subject("2.5.4.7", "x")),
        Case("elements_unexpected", csr().subject(&[&[], &[common_name("example.com")]]), csr().subject(&[])),
        Case("elements_unexpected", csr().key([&spki(&[&oid(EC), &oid(P256)], &hex(POINT))[..], &[0xa1, 0]].concat()), Csr { has_attributes: false, ..csr() }),
        Case("elements_unexpected", csr().extension_of(&[&oid("2.5.29.14"), &tlv(4, &[&[4, 1, 1]]), &[5, 0]]), csr().extension_of(&[&oid("2.5.29.14"), &[1, 1, 0xff], &tlv(4, &[&[4, 1, 1]])])),
        Case("duplicate_extension", csr().extension("2.5.29.17", &seq(&[&dns("b.com")])), csr().extension("2.5.29.18", &seq(&[&dns("b.com")]))),
        Case("duplicate_attribute", challenge("1.2.3").attribute("1.2.3", &[5, 0]), challenge("1.2.3").attribute("1.2.4", &[5, 0])),
        Case("extension_malformed", csr().extension("2.5.29.19", &[4, 0]), csr().extension("2.5.29.19", &seq(&[]))),
        Case("extension_malformed", csr().names(&[]), csr()),
        Case("extension_malformed", csr().extension("2.5.29.37", &seq(&[])), csr().extension("2.5.29.37", &seq(&[&oid("1.3.6.1.5.5.7.3.1")]))),
        Case("extension_malformed", key_usage(&[0]), key_usage(&[5, 0xa0])),
        Case("extension_malformed", csr().extension("2.5.29.32", &seq(&[])), csr().extension("2.5.29.32", &seq(&[&seq(&[&oid("2.23.140.1.2.1")])]))),
        Case("extension_malformed", csr().extension("2.5.29.30", &seq(&[])), csr().extension("2.5.29.30", &seq(&[&tlv(0xa0, &[&seq(&[&dns("a.com")])])]))),
        Case("extension_malformed", csr().extension("2.5.29.19", &seq(&[&[5, 0]])), csr().extension("2.5.29.19", &seq(&[]))),
        Case("attribute_malformed", csr().attribute("1.2.840.113549.1.9.7", &[2, 1, 1]), challenge("1.2.840.113549.1.9.7")),
        Case("attribute_malformed", csr().attribute("1.2.840.113549.1.9.2", &seq(&[])), challenge("1.2.840.113549.1.9.2")),
        Case("attribute_malformed", csr().attribute("1.2.840.113549.1.9.14", &[4, 0]), csr()),
        Case("attribute_malformed", csr().attribute("1.2.3", &[]), csr().attribute("1.2.3", &[5, 0])),
        Case("extension_request_empty", csr().attribute("1.2.840.113549.1.9.14", &seq(&[])), csr()),

        Case("country_invalid", country("us"), country("US")),
        Case("country_invalid", csr().with(attribute("1.3.6.1.4.1.311.60.2.1.3", PRINTABLE, "usa")), csr().with(attribute("1.3.6.1.4.1.311.60.2.1.3", PRINTABLE, "US"))),
        Case("country_uk", country("UK"), country("GB")),
        Case("country_several", csr().with(attribute("2.5.4.6", PRINTABLE, "GB")), csr()),
        Case("organizational_unit", subject("2.5.4.11", "QA"), subject("2.5.4.10", "QA")),
        Case("subject_email", csr().with(attribute("1.2.840.113549.1.9.1", IA5, "a@example.com")), csr()),
        Case("cn_too_long", csr().common_name(&format!("{}.{}.com", "a".repeat(30), "b".repeat(30))), csr().common_name(&format!("{}.{}.com", "a".repeat(30), "b".repeat(29)))),
        Case("subject_too_long", subject("2.5.4.10", &"x".repeat(65)), subject("2.5.4.10", &"ü".repeat(64))),
        Case("subject_too_long", subject("2.5.4.42", &"x".repeat(65)), subject("2.5.4.9", &"x".repeat(128))),
        Case("subject_white_space", subject("2.5.4.7", "Meridian "), subject("2.5.4.7", "New Meridian")),
        Case("subject_placeholder", subject("2.5.4.8", "-"), subject("2.5.4.8", "X-Y")),
        Case("subject_placeholder", subject("2.5.4.10", "NA"), country("NA")),
        Case("subject_placeholder", subject("2.5.4.10", "None"), subject("2.5.4.7", "None")),
        Case("subject_placeholder", subject("2.5.4.42", "unknown"), subject("2.5.4.7", "Unknown")),
        Case("subject_placeholder", subject("2.5.4.8", "N/A"), subject("2.5.4.8", "NA")),
        Case("subject_several", subject("2.5.4.10", "Another Inc."), subject("2.5.4.11", "Another Inc.")),
        Case("subject_several", subject("2.5.4.7", "Boise").with(attribute("2.5.4.7", UTF8, "Meridian")), subject("2.5.4.9", "1 Road").with(attribute("2.5.4.9", UTF8, "2 Street"))),
        Case("subject_html", subject("2.5.4.7", "A &amp; B"), subject("2.5.4.7", "A &amp B;")),
        Case("elements_unexpected", csr().with(seq(&[&oid("2.5.4.10"), &seq(&[])])), csr().with(seq(&[&oid("2.5.4.16"), &seq(&[&tlv(UTF8, &[b"x"])])]))),
        Case("elements_unexpected", csr().with(seq(&[&oid("2.5.4.7"), &set(&[])])), csr().with(seq(&[&oid("1.2.3.4"), &seq(&[])]))),
        Case("subject_html", subject("2.5.4.7", "M&#252;nchen"), subject("2.5.4.7", "M&252;nchen")),
        Case("subject_html", subject("2.5.4.7", "M&#xFC;nchen"), subject("2.5.4.7", "R&D; Q;")),
        Case("subject_mojibake", subject("2.5.4.7", "M\u{c3}\u{bc}nchen"), subject("2.5.4.7", "M\u{fc}nchen")),
        Case("subject_mojibake", subject("2.5.4.7", "O\u{e2}\u{20ac}\u{2122}Neil"), subject("2.5.4.7", "O\u{2019}Neil \u{20ac}")),
        Case("subject_mojibake", subject("2.5.4.7", "\u{d0}\u{153}\u{d0}\u{be}"), subject("2.5.4.7", "\u{ab}CAF\u{c9}\u{bb}")),
        Case("subject_mojibake", subject("2.5.4.7", "M\u{fffd}nchen"), subject("2.5.4.7", "S\u{c3}O JO\u{c3}O")),
        Case("subject_mojibake", subject("2.5.4.7", "\u{c3}\u{192}\u{c2}\u{bc}"), subject("2.5.4.7", "NESTL\u{c9}\u{ae}")),
        Case("subject_placeholder", subject("2.5.4.10", "Internet Widgits Pty Ltd"), subject("2.5.4.10", "Widgits Pty Ltd")),
        Case("subject_empty_value", subject("2.5.4.7", ""), subject("2.5.4.7", "x")),
        Case("subject_string_type", csr().with(attribute("2.5.4.7", 0x14, "Meridian")), csr().with(attribute("2.5.4.7", PRINTABLE, "Meridian"))),
        Case("subject_string_type", subject("2.5.4.5", "1"), csr().with(attribute("2.5.4.5", PRINTABLE, "1"))),
        Case("subject_string_type", csr().with(attribute("2.5.4.10", IA5, "x")), csr().with(attribute("0.9.2342.19200300.100.1.3", IA5, "x"))),
        Case("subject_string_type", subject("0.9.2342.19200300.100.1.25", "com"), csr().with(seq(&[&oid("2.5.4.45"), &tlv(3, &[&[0, 1]])]))),
        Case("subject_malformed_text", csr().with(attribute("2.5.4.7", PRINTABLE, "Zürich")), csr().with(attribute("2.5.4.7", PRINTABLE, "a*b"))),
        Case("subject_not_printable", csr().with(attribute("2.5.4.7", PRINTABLE, "a*b")), csr().with(attribute("2.5.4.7", PRINTABLE, "a+b"))),
        Case("subject_not_printable", csr().with(attribute("2.5.4.7", PRINTABLE, "a&b")), subject("2.5.4.7", "a&b")),
        Case("subject_control_character", subject("2.5.4.7", "a\0b"), subject("2.5.4.7", "a\u{a0}b")),
        Case("subject_control_character", subject("2.5.4.7", "a\u{202e}b"), subject("2.5.4.7", "a\u{2014}b")),
        Case("subject_control_character", subject("2.5.4.7", "a\u{200b}b"), subject("2.5.4.7", "\u{645}\u{6cc}\u{200c}\u{62e}")),
        Case("subject_multi_valued", csr().subject(&[&[common_name("example.com"), attribute("2.5.4.10", UTF8, "x")]]), csr()),
        Case("subject_unknown_attribute", subject("1.2.3.4", "x"), subject("2.5.4.15", "x")),

        Case("no_names", csr().subject(&[&[common_name("Example Inc.")]]).names(&[]), csr().subject(&[&[common_name("example.com")]]).names(&[])),
        Case("cn_only", Csr { extensions: Vec::new(), ..csr() }, csr()),
        Case("cn_not_in_san", csr().names(&[dns("www.example.com")]), csr().names(&[dns("EXAMPLE.com")])),
        Case("cn_not_in_san", csr().subject(&[&[common_name("2606:4700::1")]]).names(&[tlv(0x87, &[&hex("26064700000000000000000000000002")])]), csr().subject(&[&[common_name("2606:4700:0:0::0001")]]).names(&[tlv(0x87, &[&hex("26064700000000000000000000000001")])])),
        Case("cn_several", csr().with(common_name("www.example.com")), csr()),
        Case("cn_is_ip", csr().subject(&[&[common_name("8.8.8.8")]]), csr().subject(&[&[common_name("8.8.8.8.com")]])),
        Case("san_email", also(tlv(0x81, &[b"a@example.com"])), csr()),
        Case("san_uri", also(tlv(0x86, &[b"https://example.com"])), csr()),
        Case("san_other_name", also(tlv(0xa0, &[&upn[2..]])), csr()),
        Case("san_directory_name", also(tlv(0xa4, &[&directory])), csr()),
        Case("san_registered_id", also(tlv(0x88, &[&[42, 3]])), csr()),
        Case("san_unusual_kind", also(tlv(0xa5, &[&[]])), csr()),
        Case("ip_malformed", address(&[8, 8, 8]), address(&[8, 8, 8, 8])),
        Case("ip_reserved", csr().subject(&[&[common_name("10.0.0.1")]]), csr().subject(&[&[common_name("11.0.0.1")]])),
        Case("ip_reserved", address(&[172, 31, 0, 1]), address(&[172, 32, 0, 1])),
        Case("san_duplicate", named("Example.com"), named("b.example.com")),
        Case("san_covered", csr().names(&[dns("example.com"), dns("*.example.com"), dns("a.example.com")]), csr().names(&[dns("example.com"), dns("*.example.com"), dns("a.b.example.com")])),

        Case("dns_not_ascii", named("bücher.com"), named("xn--bcher-kva.com")),
        Case("dns_not_ldh", named("https://a.com/x"), named("a.com")),
        Case("dns_underscore", named("a_b.com"), named("a-b.com")),
        Case("dns_too_long", named(&"a.".repeat(126).chars().chain("co".chars()).collect::<String>()), named(&"a.".repeat(125).chars().chain("com".chars()).collect::<String>())),
        Case("dns_label_too_long", named(&format!("{}.com", "a".repeat(64))), named(&format!("{}.com", "a".repeat(63)))),
        Case("dns_empty_label", named("a..com"), named("a.b.com")),
        Case("dns_trailing_dot", named("a.com."), named("a.com")),
        Case("dns_hyphen", named("a-.com"), named("a-b.com")),
        Case("dns_reserved_label", named("ab--c.com"), named("abc--d.com")),
        Case("dns_punycode_invalid", named("xn--99999999999.com"), named("xn--bcher-kva.com")),
        Case("dns_not_nfc", named("xn--bucher-xyd.com"), named("xn--bcher-kva.com")),
        Case("dns_deceptive", named("xn--ab-l3t.com"), named("xn--bcher-kva.com")),
        Case("dns_deceptive", named("xn--ab-g4t.com"), named("xn--ab-j1t.com")),
        Case("dns_deceptive", named("xn--pypal-4ve.com"), named("xn--80ac.com")),
        Case("dns_deceptive", named("xn--ab-c6t.com"), named("xn--zca.com")),
        Case("dns_joiner", named("xn--ab-j1t.com"), named("xn--ab-g1t.com")),
        Case("wildcard_bare", named("*"), named("*.a.com")),
        Case("wildcard_partial", named("w*.a.com"), named("*.a.com")),
        Case("wildcard_several", named("*.*.a.com"), named("*.a.a.com")),
        Case("wildcard_on_tld", named("*.com"), named("*.a.com")),
        Case("wildcard_on_suffix", named("*.co.uk"), named("*.a.co.uk")),
        Case("wildcard_on_suffix", named("*.sch.uk"), named("*.github.io")),
        Case("dns_public_suffix", named("CO.uk"), named("a.co.uk")),
        Case("dns_public_suffix", named("a.sch.uk"), named("sch.uk")),
        Case("dns_public_suffix", named("a.ck"), named("www.ck")),
        Case("dns_unknown_tld", named("srv.mycompany"), named("srv.company")),
        Case("dns_unknown_tld", named("dc1.ad.contoso"), named("contoso.ad")),
        Case("dns_single_label", named("intranet"), named("intranet.com")),
        Case("dns_internal", named("a.local"), named("local.com")),
        Case("dns_internal", named("a.home.arpa"), named("a.host")),
        Case("dns_for_tests", named("a.example"), named("example.com")),
        Case("dns_reverse_zone", named("1.0.0.127.in-addr.arpa"), named("in-addr.arpa.com")),
        Case("dns_onion", named("abc.onion"), named("onion.com")),
        Case("dns_onion_invalid", named("abc.onion"), named(&onion(55, "d"))),
        Case("dns_onion_invalid", named(&onion(54, "d")), named(&["www.", &onion(55, "d")].concat())),
        Case("dns_onion_invalid", named(&onion(55, "a")), named(&onion(55, "d").to_ascii_uppercase())),
        Case("dns_onion_invalid", named(&onion(54, "1d")), named(&["*.", &onion(55, "d")].concat())),
        Case("wildcard_on_suffix", named("*.0.bg"), named("*.00.bg")),
        Case("dns_public_suffix", named("2000.hu"), named("2001.hu")),
        Case("dns_hyphen", named("xn----zfa.com"), named("xn--a--wia.com")),
        Case("dns_reserved_label", named("xn--ab---ooa.com"), named("xn--a---sla.com")),
        Case("business_category_invalid", subject("2.5.4.15", "private organization"), subject("2.5.4.15", "Private Organization")),
        Case("country_invalid", csr().with(attribute("1.3.6.1.4.1.311.60.2.1.3", PRINTABLE, "XX")), country("XX")),
        Case("dns_is_ip", named("192.0.2.1"), named("192.0.2.1.com")),

        Case("dns_is_ip", named("192.0.2.256"), named("192.0.2.a1")),
        Case("dns_is_ip", named("[2606:4700::1]"), named("a1.com")),
        Case("dns_is_ip", named("*.0.2.1"), named("1.2.3.4.com")),
        Case("challenge_password", challenge("1.2.840.113549.1.9.7"), challenge("1.2.840.113549.1.9.2")),
        Case("challenge_password", csr().with(attribute("1.2.840.113549.1.9.7", UTF8, "s3cr3t")), csr().with(attribute("1.2.840.113549.1.9.2", UTF8, "x"))),
        Case("ca_requested", csr().extension("2.5.29.19", &seq(&[&[1, 1, 0xff]])), csr().extension("2.5.29.19", &seq(&[&[1, 1, 0]]))),
        Case("key_cert_sign", key_usage(&[2, 0x84]), key_usage(&[7, 0x80])),
        Case("crl_sign", key_usage(&[1, 0x82]), key_usage(&[7, 0x80])),
        Case("key_usage_unfit", key_usage(&[5, 0xa0]), rsa(&modulus()).extension("2.5.29.15", &tlv(0x03, &[&[5, 0xa0]]))),
        Case("key_usage_unfit", key_usage(&[6, 0xc0]), key_usage(&[7, 0x80])),
        Case("key_usage_not_der", key_usage(&[0, 0x80]), key_usage(&[7, 0x80])),
        Case("key_usage_not_der", key_usage(&[4, 0xa0]), key_usage(&[5, 0xa0])),
        Case("key_usage_not_der", key_usage(&[0, 0xa0]), key_usage(&[7, 0, 0x80])),
        Case("key_usage_not_der", key_usage(&[7, 0x80, 0]), key_usage(&[7, 0x80, 0x80])),
        Case("key_usage_not_der", key_usage(&[0, 0x80, 0]), key_usage(&[1, 0xa2])),
        Case("key_usage_not_der", key_usage(&[6, 0x80, 0x40]), key_usage(&[0, 0x81])),
        Case("purpose_not_tls", purposes(&["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3"]), purposes(&["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"])),
        Case("purpose_client_auth", purposes(&["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]), purposes(&["1.3.6.1.5.5.7.3.1"])),
        Case("ct_poison", csr().extension("1.3.6.1.4.1.11129.2.4.3", &[5, 0]), csr().extension("1.3.6.1.4.1.11129.2.4.5", &[5, 0])),
        Case("ca_sets_extension", csr().extension("2.5.29.32", &seq(&[])), csr().extension("2.5.29.14", &tlv(4, &[&[1]]))),

        Case("order_lacks_name", csr().order(order("example.com", &[])), ordered()),
        Case("order_common_name_differs", csr().order(order("example.org", &["example.com", "www.example.com"])), csr().order(order("Example.COM", &[]))),
        Case("order_organization_differs", ordered().organization("Other", "us"), ordered()),
        Case("order_country_differs", ordered().organization("Example Inc.", "DE"), ordered()),
        Case("dv_ignores_subject", csr().cert_type("SSL_DV_GEOTRUST"), csr().cert_type("SSL_OV_BASIC")),
        Case("ev_wildcard", named("*.a.com").cert_type("SSL_EV_BASIC"), named("*.a.com").cert_type("SSL_OV_BASIC")),
    ]
}

pub(crate) fn codes(csr: &Csr) -> BTreeSet<&'static str> {
    csr.findings()
        .into_iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

/// The name of an onion service: as many digits, and these at their end.
fn onion(digits: usize, end: &str) -> String {
    [&"a".repeat(digits), end, ".onion"].concat()
}

#[test]
fn every_rule_is_triggered_by_its_request_and_not_by_the_one_close_to_it() {
    let mut wrong = Vec::new();
    for Case(code, hit, miss) in key_cases().into_iter().chain(other_cases()) {
        if !codes(&hit).contains(code) {
            wrong.push(format!("{code} is not triggered: {:?}", codes(&hit)));
        }
        if codes(&miss).contains(code) {
            wrong.push(format!("{code} is triggered by what it should leave alone"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_seen_in_a_name_is_not_in_its_message_either() {
    for hidden in ['\u{200b}', '\u{200c}', '\u{200d}', '\u{202e}', '\u{feff}', '\u{7}'] {
        let name = format!("a{hidden}b.com");
        for finding in check_dns_name(&name, "dnsNames[0]")
            .into_iter()
            .chain(named(&name).findings())
        {
            assert!(!finding.message.contains(hidden), "{finding:?}");
        }
    }
}

#[test]
fn what_stands_for_something_else_in_other_texts_is_found_and_no_name_is() {
    const ORGANIZATION: &str = "2.5.4.10";
    for (code, values) in [
        (
            "subject_html",
            &[
                "S&oslashnderborg",
                "&Aringrhus",
                "Espa&ntildea",
                "M%C3%BCller GmbH",
                "M%c3%bcller GmbH",
                "100% M%C3%BCller",
                "Example%20Inc",
                r"M\u00fcller GmbH",
                r"M\xfcller GmbH",
                r"M\C3\BCller GmbH",
                r"Example\, Inc.",
                "=?UTF-8?Q?M=C3=BCller?=",
                "=?utf-8?B?TcO8bGxlcg==?= GmbH",
                "M&uumlller GmbH",
                "Soci&eacutet&eacute",
                "Stra&szlige",
                "Example<br>Inc.",
                "<b>Example</b> Inc.",
                "<p>Example",
            ][..],
        ),
        (
            "subject_placeholder",
            &[
                "${ORG}",
                "${organization.name}",
                "{{organization}}",
                "{{ org }} GmbH",
                "%(org)s",
                "%ORG%",
                "$ORG",
                "$COMPANY_NAME",
                "@ORG@",
                "#{org}",
                "<%= org %>",
                "__ORG__",
                "[object Object]",
                "[object Undefined] GmbH",
                "[Company Name]",
                "[Your City]",
                "<Company>",
                "<organization>",
                "{state}",
                "$(ORG)",
                "[[ORG]]",
                "@@ORG@@",
                "REPLACE_ME",
                "changeme",
                "Your Organization",
                "Not Specified",
            ],
        ),
        (
            "subject_mojibake",
            &["M\u{e000}ller", "\u{f8ff} Inc.", "M\u{f0fc}ller", "\u{10fffd}"],
        ),
    ] {
        for value in values {
            assert!(codes(&subject(ORGANIZATION, value)).contains(code), "{code} {value}");
        }
    }
    let all = ["subject_html", "subject_placeholder", "subject_mojibake"];
    for name in [
        "A$AP",
        "Ke$ha LLC",
        "$AP",
        "$tandard",
        "$20",
        "50% off",
        "100% Pure",
        "%100 Pure%",
        "@home",
        "@home @work",
        "C#{",
        "_Org_",
        "__init",
        "[object]",
        "<% Studio",
        "100% Bio GmbH",
        "100%BIO GmbH",
        "100%ACE Ltd.",
        "50%BC",
        "AT&T",
        "Yahoo! Inc.",
        "H&M Hennes & Mauritz AB",
        "R&D Uml & Co",
        "Seals&Orings Ltd",
        "Food&Islash",
        "B&Acedille",
        "A&Acuity",
        "B&Grave Ltd.",
        "Ben & Jerry's; Inc.",
        "Marks&Spencer",
        "[x+y] media GmbH",
        "[m]STUDIO",
        "[sic]",
        "{code} Ltd.",
        "<3 Flowers",
        "A <-> B",
        "1 < 2 > 0",
        "Why=? GmbH",
        "What? = Ltd.",
        "Toys \"R\" Us",
        "C# & F# e.V.",
        "Procter & Gamble (UK)",
        "$20 Bank",
        "A\\B Architects",
        "Name & City GmbH",
        "Your Company Ltd.",
    ] {
        let found = codes(&subject(ORGANIZATION, name));
        assert!(!all.iter().any(|code| found.contains(code)), "{name} {found:?}");
    }
}

/// Whatever has the value: an attribute that nobody knows, or the parameters of an algorithm.
#[test]
fn what_openssl_cannot_load_is_an_error_wherever_it_is() {
    let rsa = || rsa(&modulus());
    for (value, is_loaded) in [
        (&[3, 0][..], false),
        (&[3, 1, 9], false),
        (&[3, 1, 0], true),
        (&[0x1e, 1, 0x41], false),
        (&[0x1e, 2, 0, 0x41], true),
        (&[0x1c, 2, 0, 0x41], false),
        (&[0x1c, 4, 0, 0, 0, 0x41], true),
        (&[2, 0], false),
        (&[0x0a, 0], false),
        (&[0x0a, 1, 5], true),
        (&[5, 0x81, 0], false),
        (&[5, 0], true),
        (&[0x30, 5], false),
        (&[0x30, 0x80, 5, 0], false),
        (&[0x0c, 0x7f, 0x41], false),
        (&[4, 0x84, 0x7f, 0xff, 0xff, 0xff], false),
        (&[0xff], false),
    ] {
        let errors = |csr: Csr| {
            let found = csr.findings().into_iter();
            found.filter(|found| found.severity == Severity::Error).count()
        };
        // What is cut off cannot be read as a parameter at all.
        let is_whole = !matches!(value, [0x30 | 0x0c | 4 | 0xff, ..]);
        let mut requests = vec![
            csr().attribute("1.2.3", value),
            csr().attribute("1.2.840.113549.1.9.2", value),
        ];
        if is_whole {
            let with = |kind: &str| seq(&[&oid(kind), value]);
            requests.push(Csr {
                signature_algorithm: with(SHA256_ECDSA),
                ..csr()
            });
            requests.push(Csr {
                signature_algorithm: with("1.2.840.113549.1.1.11"),
                ..rsa()
            });
            let key = spki(
                &[&oid("1.2.840.113549.1.1.1"), value],
                &seq(&[&unsigned(&modulus().to_bytes_be()), &unsigned(&E)]),
            );
            requests.push(csr().key(key).signed_with("1.2.840.113549.1.1.11"));
        }
        for request in requests {
            assert_eq!(errors(request) == 0, is_loaded, "{value:x?}");
        }
    }
}

#[test]
fn a_key_under_another_name_of_rsa_is_refused_as_others_are() {
    let key = |kind: &str| {
        let numbers = seq(&[&unsigned(&modulus().to_bytes_be()), &unsigned(&E)]);
        let key = spki(&[&oid(kind), &[5, 0]], &numbers);
        codes(&csr().key(key).signed_with("1.2.840.113549.1.1.11")).contains("key_unknown")
    };
    assert!(key("2.5.8.1.1"));
    assert!(!key("1.2.840.113549.1.1.1"));
}

/// Among many, so that each kind of attribute has what it may be called and what it may not.
#[test]
fn values_that_say_nothing_are_placeholders_unless_something_is_called_so() {
    const ORGANIZATION: &str = "2.5.4.10";
    const STATE: &str = "2.5.4.8";
    let is_found = |kind: &str, value: &str| codes(&subject(kind, value)).contains("subject_placeholder");
    for value in [
        "*",
        "#",
        "!",
        "!!!",
        "/",
        "()",
        "[]",
        ". .",
        "…",
        "—",
        "–",
        "•",
        "·",
        "=",
        "\"-\"",
        "~",
        "@",
        "&",
        "¡¿",
        "。",
        "N.A.",
        "n.a",
        "n\\a",
        "N / A",
        "NA.",
        "Not Applicable",
        "UNDEFINED",
        "nil",
        "(none)",
        "<none>",
        "-none-",
        "[None]",
        "TBD",
        "Unspecified",
        "(null)",
        "Some State",
    ] {
        assert!(is_found(ORGANIZATION, value), "{value}");
        // Naples may be without its marks only.
        assert!(is_found(STATE, value), "{value}");
    }
    for value in [
        "3M", "º", "日本", "Ω", "é", "X", "A&B", "+1", "#1", "Nil & Co", "Nonesuch", "TBD Ltd", "Ⅷ", "𝐀",
    ] {
        assert!(!is_found(ORGANIZATION, value), "{value}");
    }
    for (kind, value) in [
        (STATE, "NA"),
        ("2.5.4.7", "None"),
        ("2.5.4.7", "unknown"),
        ("2.5.4.4", "Null"),
        ("2.5.4.4", "Na"),
        ("2.5.4.42", "Nil"),
        ("0.9.2342.19200300.100.1.25", "na"),
        ("2.5.4.3", "*"),
    ] {
        assert!(!is_found(kind, value), "{kind} {value}");
        assert!(is_found(ORGANIZATION, value), "{value}");
    }
    assert!(!codes(&country("NA")).contains("subject_placeholder"));
    assert!(!is_found("2.5.4.3", "::"));
    // What the reader has in place of octets that it cannot decode.
    let undecodable = csr().with(seq(&[&oid("2.5.4.10"), &tlv(0x1e, &[&[0xd8, 0x00]])]));
    assert!(!codes(&undecodable).contains("subject_placeholder"));
}

/// What each set makes of the UTF-8 of names.
#[test]
fn text_in_the_wrong_character_set_is_found_and_what_looks_like_it_is_not() {
    let is_found = |value: &str| codes(&subject("2.5.4.7", value)).contains("subject_mojibake");
    for value in [
        // Windows-1252: Škoda, Žilina, İstanbul, Şirket, Gdańsk, Győr, Plzeň, œuvre, Ÿ
        "Å\u{a0}koda",
        "Å½ilina",
        // KOI8-R: Масса; Windows-1253: Ελλάς
        "íÁÓÓÁ",
        "ÅëëÜò",
        "Ä°stanbul",
        "ÅŸirket",
        "GdaÅ„sk",
        "GyÅ‘r",
        "JiÅ™ina",
        "PIÃ™",
        "MALMÃ–",
        "KLUB TURISTÅ®",
        "GÃ®te",
        "PlzeÅˆ",
        "Å“uvre",
        "Å¸",
        // Latin-1: Şirket, Gdańsk
        "Å\u{9e}irket",
        "Gda\u{c5}\u{84}sk",
        // DOS (437, 850): Müller, Łódź, İstanbul; the Mac: Müller, Gdańsk, Zürich & Köln
        "M├╝ller",
        "┼ü├│d┼║",
        "─░stanbul",
        "M√ºller",
        "Gda≈Ñsk",
        "Z√ºrich & K√∂ln",
        // Windows-1250: Müller, Kraków; Windows-1251: Москва, Müller
        "MĂĽller",
        "KrakĂłw",
        "РњРѕСЃРєРІР°",
        "MГјller",
        // Three octets: ’ and – in DOS (437, 850), on the Mac and in Windows-1251; カタカナ and サンプル in DOS and Shift JIS
        "OΓÇÖNeil",
        "A ÔÇô B",
        "O‚ÄôNeil",
        "OвЂ™Neil",
        "πé½πé┐πé½πâè",
        "Òé½Òé┐Òé½Òâè",
        "繧ｵ繝ｳ繝励Ν",
        // Пример in KOI8-R and in Windows-1251, read as Latin-1 and as each other; Ελλάδα, テスト, 株式会社, 有限公司 and 서울특별
        "ðÒÉÍÅÒ",
        "Ïðèìåð",
        "ООО оПХЛЕП",
        "рТЙНЕТ",
        "ÅëëÜäá",
        "¥Æ¥¹¥È",
        "ƒeƒXƒg",
        "Š”Ž®‰ïŽÐ",
        "ÓÐÏÞ¹«Ë¾",
        "鏈夐檺鍏徃",
        "譛蛾剞蜈ｬ蜿ｸ",
        "¼\u{ad}¿ïÆ¯º°",
        // A letter that was lost or became another: Müller, Société
        "M?ller",
        "Soci茅t茅",
    ] {
        assert!(is_found(value), "{value}");
    }
    for value in [
        "Škoda",
        "ééééé",
        "Ålesund",
        "ÅÄÖ",
        "NESTLÉ®",
        "«CAFÉ»",
        "JOÃO & CIA",
        "BLÅ™",
        "FRÅ–X AB",
        "FRÅ — X AB",
        "IRMÃ® LTDA",
        "CAFÉ® SA",
        "ESTAÇÃO",
        "SÃO JOÃO",
        "”SÄVÄ”",
        "À LA CARTE",
        "LÜ®",
        "ORĂŞTIE",
        "„FABRICĂ”",
        "PĂŞUNE",
        "Foo ─ Bar",
        "Foo ── Bar",
        "√2",
        "Рівне",
        "Січ",
        "Москва",
        "СЕВЕР",
        "Сєвєродонецьк",
        "ВДНХ",
        "Рё",
        "ЕЁ",
        "A√",
        "ĐĂNG KÝ",
        "‚Österreich‘",
        "‚Äpfel‘",
        "繝",
        "株式会社サンプル",
        "π",
        "ÒÇ",
        "ÄÖÜß GmbH",
        "Þýðing",
        "РосНИПИ",
        "ТатНИПИнефть",
        "о. СОК",
        "Who? What?",
        "T恤 AG",
        "ƒ",
    ] {
        assert!(!is_found(value), "{value}");
    }
    // The reader's own replacement character: half of a pair in UTF-16, and what is no character.
    for (kind, octets) in [
        (0x1e, &[0xd8, 0x00, 0, 0x41][..]),
        (0x1c, &[0, 0x11, 0, 0, 0, 0, 0, 0x41]),
        (UTF8, &[0x41, 0xff]),
    ] {
        let csr = csr().with(seq(&[&oid("2.5.4.7"), &tlv(kind, &[octets])]));
        assert!(!codes(&csr).contains("subject_mojibake"), "{kind:x}");
        assert!(codes(&csr).contains("subject_malformed_text"), "{kind:x}");
    }
}

#[test]
fn of_a_name_in_capitals_the_same_is_said() {
    for name in [
        "www.example.com",
        "xn--bcher-kva.com",
        "www.xn--1-gtbdum1a7g.com",
        "*.xn--zca.com",
        "xn--99999999999.com",
        "xn--ab-l3t.com",
        "xn--pfel-zja.com",
        "xn--pypal-4ve.com",
        "xn--bucher-xyd.com",
        "xn--ab-j1t.com",
        "xn--a--wia.com",
        "ab--cd.com",
        "co.uk",
        "*.com",
        "a.local",
        "a.test",
        "a.notatld",
    ] {
        let capitals = name.to_ascii_uppercase();
        let titles: String = name
            .split_inclusive(['.', '-'])
            .map(|word| word[..1].to_ascii_uppercase() + &word[1..])
            .collect();
        for other in [capitals, titles] {
            assert_eq!(codes(&named(&other)), codes(&named(name)), "{other}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_mark_in_a_name_is_said() {
    for (name, expected) in [
        ("a.com, b.com", "separates names"),
        ("a.com\nb.com", "separates names"),
        ("a.com;", "separates names"),
        ("a.com\u{a0}", "U+00A0, which is not seen"),
        ("\u{200b}a.com", "U+200B, which is not seen"),
        ("b\u{fc}cher.com", "xn-- form"),
        ("a.com:443", "port"),
        ("localhost:8080", "port"),
        ("a.com:443/b", "port"),
        ("DNS:www.example.com", "DNS: before the name"),
        ("ip:192.0.2.1", "ip: before the name"),
        ("fe80::1%eth0", "zone"),
        ("dead::beef::1", "colons"),
        ("https://a.com", "URL"),
    ] {
        let found = named(name).findings();
        let is_such = |found: &&Finding| matches!(found.code.as_str(), "dns_not_ldh" | "dns_not_ascii");
        let found = found.iter().find(is_such).unwrap();
        assert!(found.message.contains(expected), "{}", found.message);
    }
}

#[test]
fn no_message_quotes_much_of_a_request() {
    let long = "a".repeat(100_000);
    let huge = [vec![1; 40_000], vec![0]].concat();
    for csr in [
        named(&format!("xn--{long}.com")),
        named(&format!("-{long}.com")),
        named(&format!("ab--{long}.com")),
        named(&format!("{long}.onion")),
        named(&format!("x.{long}.example")),
        named(&long),
        named(&format!("{long}:{long}")),
        exponent(&huge),
        subject(&format!("1.2.{}", u64::MAX), &long),
        subject("2.5.4.7", &format!("&amp;{}", "b ".repeat(10_000))),
    ] {
        for finding in csr.findings() {
            assert!(finding.message.chars().count() < 500, "{}", finding.message);
            assert!(!finding.message.contains(&"a".repeat(200)), "{}", finding.message);
        }
    }
}

/// What is refused of a request is refused of an order with it, whether or not the order has the same names.
#[test]
fn every_error_of_a_request_is_one_of_its_order() {
    let mut wrong = Vec::new();
    for Case(code, hit, _) in key_cases().into_iter().chain(other_cases()) {
        let errors = |found: Vec<Finding>| -> BTreeSet<&'static str> {
            let errors = found.into_iter().filter(|found| found.severity == Severity::Error);
            errors.map(|found| found.code.as_str()).collect()
        };
        let csr = crate::support::pem("CERTIFICATE REQUEST", &hit.der());
        let of_request = errors(findings(&Input::Text(&csr), &Context::default()));
        for dns_names in [&["www.example.com"][..], &[]] {
            let mut order = order("example.com", dns_names);
            let mut cert = order.cert.as_ref().unwrap().clone();
            cert.csr = Some(csr.clone()).into();
            order.cert = Some(cert).into();
            let of_order = errors(check_order(&order, None).conclude(None).findings);
            let missing: Vec<_> = of_request.difference(&of_order).collect();
            if !missing.is_empty() {
                wrong.push(format!("{code}: {missing:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_for_another_algorithm_is_called_by_one_name() {
    let known = [
        "key_dsa",
        "key_eddsa",
        "key_gost",
        "key_sm2",
        "key_post_quantum",
        "key_rsa_pss",
        "key_unknown",
    ];
    let numbers = seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&E)]);
    for (key, code) in [
        (key_of("1.2.840.10040.4.1"), Some("key_dsa")),
        (key_of("1.3.101.112"), Some("key_eddsa")),
        (key_of("1.3.101.113"), Some("key_eddsa")),
        (key_of("1.2.643.7.1.1.1.1"), Some("key_gost")),
        (on_curve("1.2.156.10197.1.301", 32), Some("key_sm2")),
        (key_of("2.16.840.1.101.3.4.3.18"), Some("key_post_quantum")),
        (key_of("2.16.840.1.101.3.4.3.20"), Some("key_post_quantum")),
        (
            csr().key(spki(&[&oid("1.2.840.113549.1.1.10")], &numbers)),
            Some("key_rsa_pss"),
        ),
        (key_of("1.3.101.110"), Some("key_unknown")),
        (key_of("1.2.3.4"), Some("key_unknown")),
        (csr(), None),
        (rsa(&modulus()), None),
    ] {
        let found = key.findings();
        let found = found
            .iter()
            .map(|finding| finding.code.as_str())
            .filter(|code| known.contains(code));
        assert_eq!(found.collect::<Vec<_>>(), Vec::from_iter(code), "{code:?}");
    }
}

#[test]
fn a_key_is_described_by_its_algorithm_its_size_and_its_curve() {
    let numbers = seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&E)]);
    let prime = seq(&[&unsigned(&[0x80; 256]), &integer(&[3]), &integer(&[2])]);
    let dsa = spki(&[&oid("1.2.840.10040.4.1"), &prime], &integer(&[2]));
    for (key, algorithm, bits, curve) in [
        (csr(), "EC", Some(256), Some("P-256")),
        (on_curve("1.3.132.0.10", 32), "EC", Some(256), Some("secp256k1")),
        (on_curve("1.2.3.4", 32), "EC", None, Some("1.2.3.4")),
        (rsa(&modulus()), "RSA", Some(2_048), None),
        (
            csr().key(spki(&[&oid("1.2.840.113549.1.1.10")], &numbers)),
            "RSA-PSS",
            Some(2_048),
            None,
        ),
        (csr().key(dsa), "DSA", Some(2_048), None),
        (key_of("1.3.101.112"), "Ed25519", None, None),
        (key_of("1.2.3.4"), "1.2.3.4", None, None),
    ] {
        let read = parse_csr(&Input::Bytes(&key.der())).unwrap().public_key;
        assert_eq!(
            (read.algorithm.as_str(), read.bits, read.curve.as_deref()),
            (algorithm, bits, curve)
        );
    }
}

#[test]
fn a_key_that_is_not_whole_octets_is_malformed() {
    let of = |algorithm: &[&[u8]], key: &[u8], unused: u8| {
        let bits = tlv(0x03, &[&[unused], key]);
        codes(&csr().key(seq(&[&seq(algorithm), &bits])))
    };
    let numbers = seq(&[&unsigned(&modulus().to_bytes_be()), &integer(&[2])]);
    let point = [&hex(POINT)[..64], &[0]].concat();
    for (algorithm, key) in [(vec![oid(RSA), vec![5, 0]], numbers), (vec![oid(EC), oid(P256)], point)] {
        let algorithm: Vec<&[u8]> = algorithm.iter().map(Vec::as_slice).collect();
        assert!(!of(&algorithm, &key, 0).contains("key_malformed"));
        assert!(of(&algorithm, &key, 1).contains("key_malformed"));
    }
}

#[test]
fn an_attribute_is_named_by_its_field_or_by_its_place() {
    for (kind, field) in [
        ("2.5.4.3", "subject.commonName"),
        ("2.5.4.10", "subject.organizationName"),
        ("2.5.4.11", "subject.organizationalUnit"),
        ("2.5.4.7", "subject.locality"),
        ("2.5.4.8", "subject.state"),
        ("2.5.4.6", "subject.country"),
        ("1.2.840.113549.1.9.1", "subject.email"),
        ("2.5.4.9", "subject.attributes[1]"),
    ] {
        let findings = csr()
            .subject(&[&[attribute("2.5.4.42", UTF8, "x")], &[attribute(kind, UTF8, " ")]])
            .findings();
        let empty = findings
            .iter()
            .find(|finding| finding.code.as_str() == "subject_empty_value");
        assert_eq!(empty.unwrap().field.as_deref(), Some(field));
    }
}

#[test]
fn a_string_type_that_does_not_fit_is_called_by_its_name() {
    for (string, name) in [
        (0x12, "NumericString"),
        (0x14, "T61String"),
        (0x16, "IA5String"),
        (0x1a, "VisibleString"),
        (0x1c, "UniversalString"),
        (0x1e, "BMPString"),
        (0x04, "value that is not text"),
    ] {
        let findings = csr().with(attribute("2.5.4.7", string, "1111")).findings();
        let unfit = findings
            .iter()
            .find(|finding| finding.code.as_str() == "subject_string_type");
        let message = &unfit.unwrap().message;
        assert!(message.contains(&format!(" {name}; use UTF8String")), "{message}");
    }
}

#[test]
fn explicit_parameters_are_recognised_and_refused() {
    let explicit = text("explicit-curve.csr.pem");
    let found = findings(&Input::Text(&explicit), &Default::default());
    assert!(
        found
            .iter()
            .any(|finding| finding.code.as_str() == "ec_explicit_parameters" && finding.severity == Severity::Error)
    );
    assert!(
        !found
            .iter()
            .any(|finding| finding.code.as_str() == "ec_curve_not_allowed"),
        "the numbers are those of P-256"
    );
    assert!(!codes(&csr()).contains("ec_explicit_parameters"));
}

#[test]
fn explicit_parameters_with_another_base_point_are_no_named_curve() {
    let der = x509_parser::pem::parse_x509_pem(text("explicit-curve.csr.pem").as_bytes())
        .unwrap()
        .1
        .contents;
    let base = hex(POINT);
    let at = der.windows(65).position(|octets| octets == base).unwrap();
    let mut other = der.clone();
    // The other of the two points with this x.
    let prime = BigUint::from_bytes_be(&hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));
    other[at + 33..at + 65].copy_from_slice(&(prime - BigUint::from_bytes_be(&base[33..])).to_bytes_be());
    let codes = |der: &[u8]| -> Vec<&'static str> {
        findings(&Input::Bytes(der), &Default::default())
            .into_iter()
            .map(|finding| finding.code.as_str())
            .collect()
    };
    assert!(!codes(&der).contains(&"ec_curve_not_allowed"));
    assert!(codes(&other).contains(&"ec_curve_not_allowed"));
}

#[test]
fn addresses_that_iana_reserves_are_reserved() {
    let is_reserved = |octets: &[u8]| codes(&address(octets)).contains("ip_reserved");
    // The first and the last address of blocks, and those beside them.
    for (reserved, octets) in [
        (true, [10, 255, 255, 255]),
        (false, [11, 0, 0, 0]),
        (false, [100, 63, 255, 255]),
        (true, [100, 64, 0, 0]),
        (true, [100, 127, 255, 255]),
        (false, [100, 128, 0, 0]),
        (true, [127, 0, 0, 1]),
        (true, [169, 254, 0, 1]),
        (true, [192, 0, 0, 9]),
        (true, [192, 0, 2, 1]),
        (true, [192, 31, 196, 1]),
        (true, [192, 52, 193, 1]),
        (true, [192, 88, 99, 1]),
        (true, [192, 175, 48, 1]),
        (true, [198, 19, 255, 255]),
        (false, [198, 20, 0, 0]),
        (true, [198, 51, 100, 1]),
        (true, [203, 0, 113, 1]),
        (true, [224, 0, 0, 1]),
        (true, [255, 255, 255, 255]),
        (false, [1, 1, 1, 1]),
    ] {
        assert_eq!(is_reserved(&octets), reserved, "{octets:?}");
    }
    for (reserved, text) in [
        (true, "::"),
        (true, "::1"),
        (true, "::ffff:8.8.8.8"),
        (true, "64:ff9b::808:808"),
        (true, "100::1"),
        (true, "2001::1"),
        (true, "2001:1ff::1"),
        (false, "2001:200::1"),
        (true, "2001:db8::1"),
        (true, "2002:808:808::1"),
        (true, "2620:4f:8000::1"),
        (false, "2620:4f:8001::1"),
        (true, "3fff:fff::1"),
        (false, "3fff:1000::1"),
        (true, "5f00::1"),
        (true, "fc00::1"),
        (true, "fe80::1"),
        (true, "fec0::1"),
        (true, "ff02::1"),
        (false, "2606:4700::1111"),
    ] {
        let octets = text.parse::<std::net::Ipv6Addr>().unwrap().octets();
        assert_eq!(is_reserved(&octets), reserved, "{text}");
    }
}

#[test]
fn alternative_names_are_named_by_their_place() {
    let names = [
        tlv(0x86, &[b"https://a.com"]),
        dns("example.com"),
        tlv(0x81, &[b"a@a.com"]),
        tlv(0x88, &[&[42, 3]]),
        tlv(0x81, &[b"b@a.com"]),
        dns("EXAMPLE.com"),
    ];
    let mut found: Vec<_> = csr()
        .names(&names)
        .findings()
        .into_iter()
        .map(|finding| (finding.code.as_str(), finding.field.unwrap()))
        .collect();
    found.sort_unstable();
    let expected = [
        ("san_duplicate", "subjectAltNames.dns[1]"),
        ("san_email", "subjectAltNames.email[0]"),
        ("san_email", "subjectAltNames.email[1]"),
        ("san_registered_id", "subjectAltNames.other[0]"),
        ("san_uri", "subjectAltNames.uri[0]"),
    ];
    assert_eq!(found, expected.map(|(code, field)| (code, field.to_owned())));
}

#[test]
fn a_name_that_an_order_lacks_is_named_by_its_place_among_its_kind() {
    let names = [dns("a.com"), tlv(0x87, &[&[8, 8, 8, 8]]), dns("b.com")];
    let csr = csr().names(&names).order(order("a.com", &[]));
    let fields: Vec<_> = csr
        .findings()
        .into_iter()
        .filter(|finding| finding.code.as_str() == "order_lacks_name")
        .map(|finding| finding.field.unwrap())
        .collect();
    assert_eq!(fields, ["subjectAltNames.ip[0]", "subjectAltNames.dns[1]"]);
}

#[test]
fn a_key_in_the_list_of_the_caller_is_weak() {
    let sound = rsa(&modulus());
    let key = inspect_csr(&Input::Bytes(&sound.der()), &sound.context)
        .unwrap()
        .conclude(SignatureStatus::Valid)
        .csr
        .public_key;
    let mut listed = sound.clone();
    listed.context.weak_keys = vec!["00".repeat(32), key.spki_sha256.to_uppercase()];
    assert!(codes(&listed).contains("key_listed_weak"));
    listed.context.weak_keys = vec!["00".repeat(32)];
    assert!(!codes(&listed).contains("key_listed_weak"));
}

#[test]
fn a_line_of_debians_blacklist_is_a_weak_key() {
    // printf 'Modulus=C5\n' | sha1sum | cut -c 21-40, for a modulus of one octet.
    let mut listed = csr().rsa(&[0xc5], &E);
    listed.context.weak_keys = vec!["8faac7e795b2ab19cfc2".to_owned()];
    assert!(codes(&listed).contains("key_listed_weak"));
}

#[test]
fn the_frame_of_the_pem_is_judged() {
    let pem = text("three-names.csr.pem");
    let judged = |text: &str| -> BTreeSet<&'static str> {
        findings(&Input::Text(text), &Default::default())
            .into_iter()
            .map(|finding| finding.code.as_str())
            .collect()
    };
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(judged(&pem), BTreeSet::new());
    assert_eq!(
        judged(&pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")),
        BTreeSet::new()
    );
    assert_eq!(
        judged(&pem.replace("CERTIFICATE REQUEST", "CERTIFICATE")),
        BTreeSet::from(["pem_label"])
    );
    assert_eq!(
        judged(pem.split("-----END").next().unwrap()),
        BTreeSet::from(["pem_frame"])
    );
    assert_eq!(judged(&body), BTreeSet::from(["pem_frame"]));
    assert_eq!(
        judged(&format!("Here it is:\n{pem}")),
        BTreeSet::from(["text_around_pem"])
    );
    assert_eq!(judged(&format!("{pem}\n{pem}")), BTreeSet::from(["several_blocks"]));
    assert_eq!(judged(&pem.replace('\n', "\r\n")), BTreeSet::new());
    for odd in [
        pem.replace('\n', "\n> "),
        pem.replace('\n', "\n  "),
        pem.replace('\n', "\r"),
        pem.replace("-----", "----"),
        pem.replacen('\n', "\nComment: x\n\n", 1),
    ] {
        assert!(judged(&odd).contains("pem_lines"), "{odd}");
    }
}

#[test]
fn the_verdict_is_a_finding_unless_it_is_good() {
    let judged = |verdict| -> Vec<&'static str> {
        let inspection = inspect_csr(&Input::Bytes(&csr().der()), &Default::default())
            .unwrap()
            .conclude(verdict);
        assert_eq!(inspection.signature, verdict);
        inspection
            .findings
            .into_iter()
            .map(|finding| finding.code.as_str())
            .collect()
    };
    assert_eq!(judged(SignatureStatus::Valid), Vec::<&str>::new());
    assert_eq!(judged(SignatureStatus::Invalid), ["signature_invalid"]);
    assert_eq!(judged(SignatureStatus::Unsupported), ["signature_unsupported"]);
}

#[test]
fn sound_requests_have_no_findings() {
    assert_eq!(csr().findings(), []);
    assert_eq!(ordered().findings(), []);
    assert_eq!(
        findings(&Input::Bytes(&fixture("three-names.csr.pem")), &Default::default()),
        []
    );
    assert_eq!(codes(&rsa(&modulus())), BTreeSet::new());
    assert_eq!(codes(&csr().common_name("*.example.com")), BTreeSet::new());
}

#[test]
fn errors_come_first() {
    let found = named("a_b.com")
        .with(attribute("2.5.4.11", UTF8, "QA"))
        .with(attribute("1.2.3.4", UTF8, "x"))
        .findings();
    assert!(found.is_sorted_by_key(|finding| finding.severity), "{found:?}");
    assert_eq!(found.len(), 3);
}

#[test]
fn a_challenge_password_is_named_and_never_shown() {
    let password = tlv(UTF8, &[b"s3cr3t"]);
    let csr =
        csr()
            .attribute("1.2.840.113549.1.9.7", &password)
            .with(attribute("1.2.840.113549.1.9.7", UTF8, "s3cr3t"));
    let inspection = inspect_csr(&Input::Bytes(&csr.der()), &csr.context)
        .unwrap()
        .conclude(SignatureStatus::Valid);
    let shown = serde_json::to_string(&inspection).unwrap();
    assert!(shown.contains("challengePassword"));
    // Its PEM holds it, as it holds everything.
    assert!(
        !shown.contains("s3cr3t") && !shown.contains(&"s3cr3t".bytes().map(|b| format!("{b:02x}")).collect::<String>())
    );
}

#[test]
fn every_rule_has_a_test_and_a_code_of_its_own() {
    let tested: BTreeSet<&str> = key_cases().iter().chain(&other_cases()).map(|case| case.0).collect();
    // In tests of their own, here, in creation.rs, orders.rs and bundles.rs.
    let elsewhere = [
        "key_unfit",
        "key_unreadable",
        "key_password",
        "key_halves_differ",
        "certificate_missing",
        "webcrypto",
        "ec_explicit_parameters",
        "key_listed_weak",
        "pem_label",
        "pem_frame",
        "pem_lines",
        "text_around_pem",
        "several_blocks",
        "signature_invalid",
        "signature_unsupported",
    ];
    let bundles = crate::bundles::TESTED;
    let tested: BTreeSet<&str> = tested
        .into_iter()
        .chain(elsewhere)
        .chain(bundles.iter().copied())
        .chain(crate::orders::TESTED.iter().copied())
        .collect();
    let all: Vec<&str> = rules()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| row.code.as_str())
        .collect();
    let distinct: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), distinct.len(), "two rules share a code");
    assert_eq!(tested, distinct);
}

#[test]
fn an_empty_label_is_not_that_of_a_request() {
    let pem = text("guide.csr.pem");
    for (label, is_found) in [("", true), ("X", true), ("CERTIFICATE REQUEST", false)] {
        let text = pem.replace("CERTIFICATE REQUEST", label);
        let findings = findings(&Input::Text(&text), &Context::default());
        let found = findings.iter().any(|finding| finding.code == FindingCode::PemLabel);
        assert_eq!(found, is_found, "{label:?}: {findings:?}");
    }
}

#[test]
fn a_blank_common_name_is_not_quoted() {
    for blank in ["", " "] {
        let request = csr().common_name("shop.example.com").subject(&[&[common_name(blank)]]);
        for finding in request.findings() {
            assert!(!finding.message.contains(&format!(", {blank},")), "{finding:?}");
        }
    }
}

#[test]
fn values_too_many_of_an_attribute_are_called_that() {
    let list = |more: &[u8]| {
        let one = seq(&[&extension("2.5.29.17", &seq(&[&dns("shop.example.com")]))]);
        [&one, more].concat()
    };
    let text = |value: &str| tlv(0x0c, &[value.as_bytes()]);
    for (kind, values, words) in [
        ("1.2.840.113549.1.9.14", list(&[0x30, 0]), "has more than one value"),
        ("1.2.840.113549.1.9.14", list(&[5, 0]), "has more than one value"),
        ("1.3.6.1.4.1.311.2.1.14", list(&[0x30, 0]), "has more than one value"),
        (
            "1.2.840.113549.1.9.7",
            [text("a"), text("b")].concat(),
            "has more than one value",
        ),
        ("1.2.840.113549.1.9.7", vec![5, 0], "does not have a value of its kind"),
        ("1.2.840.113549.1.9.14", vec![5, 0], "does not have a value of its kind"),
    ] {
        let findings = csr().attribute(kind, &values).findings();
        let found = findings
            .iter()
            .find(|finding| finding.code == FindingCode::AttributeMalformed);
        assert!(
            found.is_some_and(|finding| finding.message.contains(words)),
            "{words}: {findings:?}"
        );
    }
}
