//! Bundles are put in order and judged.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{
    Bundle, BundleContext, FoundContent, Input, SignatureStatus, inspect_all, inspect_bundle, parse_bundle,
    parse_certificate,
};
use pki::Finding;

use crate::rules::modulus;
use crate::support::{
    builder::{Csr, P256, POINT, common_name, csr, dns, ec_key, hex, rsa_key},
    certificate::{Cert, cert, together},
    der::{oid, seq, tlv},
    fixture, text,
};

/// The rules that are tested here.
pub const TESTED: &[&str] = &[
    "bundle_out_of_order",
    "bundle_intermediate_missing",
    "bundle_stranger",
    "bundle_duplicate",
    "bundle_without_leaf",
    "certificate_self_signed",
    "issuer_not_ca",
    "certificate_expired",
    "certificate_not_yet_valid",
    "validity_too_long",
    "certificate_key_differs",
    "certificate_lacks_name",
    "certificate_adds_name",
    "certificate_signature_invalid",
    "certificate_signature_unsupported",
    "issuer_key_usage",
    "issuer_ends_early",
    "path_too_long",
    "name_not_permitted",
    "critical_extension_unknown",
    "certificate_not_for_servers",
    "certificate_algorithms_differ",
    "certificate_unreadable",
    "certificate_malformed",
    "certificate_off_profile",
    "certificate_without_names",
    "certificate_cn_not_in_san",
    "certificate_name_unfit",
    "certificate_key_unfit",
    "certificate_hash_broken",
    "certificate_without_purposes",
    "certificate_client_auth_ends",
    "certificate_client_auth",
];

const LEAF: &str = "leaf-90.cert.pem";
const INTERMEDIATE: &str = "intermediate.cert.pem";
const ROOT: &str = "root.cert.pem";
const UNRELATED: &str = "unrelated.cert.pem";

fn joined(names: &[&str]) -> String {
    names.iter().map(|name| text(name)).collect()
}

fn read(text: &str) -> Bundle {
    parse_bundle(&Input::Text(text), &BundleContext::default()).unwrap()
}

/// The codes of what is about the bundle. The leaves here have no names or purposes, or are for clients as well, which has a test
/// of its own.
fn codes(findings: &[Finding]) -> BTreeSet<&str> {
    let of_server = |code: &&str| {
        [
            "certificate_without_names",
            "certificate_without_purposes",
            "certificate_client_auth_ends",
        ]
        .contains(code)
    };
    all_codes(findings)
        .into_iter()
        .filter(|code| !of_server(code))
        .collect()
}

fn all_codes(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// What is said about a bundle of these files.
fn judged(names: &[&str]) -> BTreeSet<String> {
    codes(&read(&joined(names)).findings)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn only(code: &str) -> BTreeSet<String> {
    BTreeSet::from([code.to_owned()])
}

fn order(bundle: &Bundle) -> Vec<&str> {
    let root = bundle.root.as_ref();
    let path = std::iter::once(&bundle.leaf).chain(&bundle.intermediates).chain(root);
    path.map(|one| one.subject.common_name.as_deref().unwrap()).collect()
}

/// Each rule about servers' certificates, with one that breaks it and one that differs in one thing; and the day before which
/// it does not hold.
#[test]
fn certificates_of_servers_are_judged_by_what_held_when_they_were_issued() {
    let sound = || cert("example.com", "Authority").names(&[dns("example.com")]);
    let named = |names: &[Vec<u8>]| cert("example.com", "Authority").names(names);
    let purposes = |all: &[&str]| {
        let all: Vec<Vec<u8>> = all.iter().map(|purpose| oid(purpose)).collect();
        seq(&all.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let (server, client) = ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    let both = || sound().extension("2.5.29.37", &purposes(&[server, client]));
    let one = || sound().extension("2.5.29.37", &purposes(&[server]));
    let with_key = |key: Vec<u8>| Cert { key, ..sound() };
    let signed = |with: &'static str| Cert {
        signed_with: with,
        ..sound()
    };
    let long = modulus().to_bytes_be();
    for (code, since, until, hit, miss) in [
        (
            "certificate_without_names",
            "20120701",
            None,
            cert("example.com", "Authority"),
            sound(),
        ),
        (
            "certificate_cn_not_in_san",
            "20120701",
            None,
            named(&[dns("www.example.com")]),
            named(&[dns("EXAMPLE.com")]),
        ),
        (
            "certificate_cn_not_in_san",
            "20120701",
            None,
            cert("192.0.2.1", "Authority").names(&[tlv(0x87, &[&[192, 0, 2, 2]])]),
            cert("192.0.2.1", "Authority").names(&[tlv(0x87, &[&[192, 0, 2, 1]])]),
        ),
        (
            "certificate_name_unfit",
            "20190401",
            None,
            named(&[dns("example.com"), dns("a_b.com")]),
            named(&[dns("example.com"), dns("a-b.com")]),
        ),
        (
            "certificate_name_unfit",
            "20190401",
            None,
            named(&[dns("example.com"), dns("10.0.0.1")]),
            named(&[dns("example.com"), tlv(0x87, &[&[8, 8, 8, 8]])]),
        ),
        (
            "certificate_name_unfit",
            "20190401",
            None,
            named(&[dns("example.com"), tlv(0x87, &[&[10, 0, 0, 1]])]),
            named(&[dns("example.com"), tlv(0x87, &[&[11, 0, 0, 1]])]),
        ),
        (
            "certificate_key_unfit",
            "20140101",
            None,
            with_key(rsa_key(&long[..128], &[1, 0, 1])),
            with_key(rsa_key(&long, &[1, 0, 1])),
        ),
        (
            "certificate_key_unfit",
            "20140101",
            None,
            with_key(ec_key("1.3.132.0.10", &hex(POINT))),
            with_key(ec_key(P256, &hex(POINT))),
        ),
        (
            "certificate_hash_broken",
            "20160101",
            None,
            signed("1.2.840.10045.4.1"),
            signed("1.2.840.10045.4.3.3"),
        ),
        ("certificate_without_purposes", "20230915", None, sound(), one()),
        (
            "certificate_client_auth_ends",
            "20260615",
            Some("20270315"),
            both(),
            one(),
        ),
        ("certificate_client_auth", "20270315", None, both(), one()),
    ] {
        let found = |certificate: &Cert, day: &str| {
            let at = |time: &str| format!("{day}{time}Z");
            let certificate = certificate.clone().valid(&at("000000"), &at("235959"));
            let bundle = parse_bundle(&Input::Bytes(&certificate.der()), &BundleContext::default()).unwrap();
            all_codes(&bundle.findings).contains(code)
        };
        let before =
            |day: &str| (day.parse::<u32>().unwrap() - if day.ends_with("01") { 8_870 } else { 1 }).to_string();
        assert!(found(&hit, since) && !found(&miss, since), "{code}");
        // The last day of the year, month or week before.
        let eve = match since {
            "20140101" => "20131231".to_owned(),
            "20160101" => "20151231".to_owned(),
            "20120701" => "20120630".to_owned(),
            "20190401" => "20190331".to_owned(),
            day => before(day),
        };
        assert!(!found(&hit, &eve), "{code} before {since}");
        if let Some(until) = until {
            assert!(
                found(&hit, &before(until)) && !found(&hit, until),
                "{code} until {until}"
            );
        }
    }
    // Of another purpose, or an authority: not a server's.
    let codes_of = |certificate: Cert| {
        let bundle = parse_bundle(&Input::Bytes(&certificate.der()), &BundleContext::default()).unwrap();
        all_codes(&bundle.findings)
            .into_iter()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let nameless = || cert("Somebody", "Authority");
    assert!(codes_of(nameless()).contains("certificate_without_names"));
    let of_clients = nameless().extension("2.5.29.37", &purposes(&[client]));
    assert!(!codes_of(of_clients).contains("certificate_without_names"));
    assert!(!codes_of(nameless().authority()).contains("certificate_without_names"));
    assert!(!codes_of(sound().authority()).contains("certificate_without_purposes"));
}

#[test]
fn a_bundle_is_put_in_order_whatever_order_it_came_in() {
    let names = [LEAF, INTERMEDIATE, ROOT];
    for (a, b, c) in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)] {
        let bundle = read(&joined(&[names[a], names[b], names[c]]));
        assert_eq!(order(&bundle), ["example.com", "Example Intermediate", "Example Root"]);
        assert_eq!(bundle.pem, joined(&names));
        let expected = if (a, b, c) == (0, 1, 2) {
            BTreeSet::new()
        } else {
            BTreeSet::from(["bundle_out_of_order"])
        };
        assert_eq!(codes(&bundle.findings), expected);
    }
}

#[test]
fn p7b_is_read_in_every_form() {
    let pem = read(&text("mixed.p7b.pem"));
    let der = fixture("mixed.p7b.der");
    let from_der = parse_bundle(&Input::Bytes(&der), &BundleContext::default()).unwrap();
    let base64: String = text("mixed.p7b.pem")
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    assert_eq!(order(&pem), ["example.com", "Example Intermediate", "Example Root"]);
    assert!(from_der == pem);
    // Its file begins with the root; a SET has no order.
    assert_eq!(codes(&pem.findings), BTreeSet::new());
    assert!(read(&base64) == pem);
    let streamed = parse_bundle(&Input::Bytes(&indefinite(&der, 4)), &BundleContext::default()).unwrap();
    assert!(streamed == pem);
}

/// Nothing says how long it should be but its end, which is looked for once.
#[test]
fn a_streamed_bundle_that_is_cut_off_behind_pem_is_said_to_be() {
    let streamed = indefinite(&fixture("mixed.p7b.der"), 4);
    let cut = &streamed[..streamed.len() - 2];
    let file = [text(LEAF).as_bytes(), cut].concat();
    let found: Vec<_> = inspect_all(&Input::Bytes(&file), None).collect();
    let cut_off = found.iter().find_map(|found| match &found.content {
        FoundContent::Other(error) => Some((found.place.clone(), error.code.as_str())),
        _ => None,
    });
    assert_eq!(cut_off, Some((text(LEAF).len()..file.len(), "truncated")));
    assert_eq!(found.len(), 2);
}

/// The same with indefinite lengths so many levels down, as BER writers that stream do it: the certificates stay DER.
fn indefinite(der: &[u8], levels: u8) -> Vec<u8> {
    let (header, content) = split(der);
    let mut out = vec![header, 0x80];
    let mut rest = content;
    while !rest.is_empty() {
        let (tag, inner) = split(rest);
        let length = inner.as_ptr() as usize - rest.as_ptr() as usize + inner.len();
        if matches!(tag, 0x30 | 0xa0) && levels > 1 {
            out.extend(indefinite(&rest[..length], levels - 1));
        } else {
            out.extend(&rest[..length]);
        }
        rest = &rest[length..];
    }
    out.extend([0, 0]);
    out
}

/// The tag and the content of the first element.
fn split(der: &[u8]) -> (u8, &[u8]) {
    let (size, length) = match der[1] {
        length @ 0..=0x7f => (2, usize::from(length)),
        0x81 => (3, usize::from(der[2])),
        _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
    };
    (der[0], &der[size..size + length])
}

#[test]
fn certificates_in_der_may_follow_one_another() {
    let der: Vec<u8> = [LEAF, INTERMEDIATE]
        .iter()
        .flat_map(|name| x509_parser::pem::parse_x509_pem(&fixture(name)).unwrap().1.contents)
        .collect();
    let bundle = parse_bundle(&Input::Bytes(&der), &BundleContext::default()).unwrap();
    assert_eq!(order(&bundle), ["example.com", "Example Intermediate"]);
}

#[test]
fn a_bundle_without_its_root_is_whole_and_one_without_its_intermediate_is_not() {
    assert_eq!(judged(&[LEAF, INTERMEDIATE]), BTreeSet::new());
    assert_eq!(judged(&[LEAF]), only("bundle_intermediate_missing"));
    let with_root = judged(&[LEAF, ROOT]);
    assert!(with_root.contains("bundle_intermediate_missing") && with_root.contains("bundle_stranger"));
}

#[test]
fn a_stranger_is_set_aside() {
    let bundle = read(&joined(&[LEAF, INTERMEDIATE, UNRELATED, ROOT]));
    assert_eq!(order(&bundle), ["example.com", "Example Intermediate", "Example Root"]);
    assert_eq!(bundle.unrelated.len(), 1);
    assert!(codes(&bundle.findings).contains("bundle_stranger"));
    assert!(!bundle.pem.contains(&bundle.unrelated[0].pem));
    assert!(!judged(&[LEAF, INTERMEDIATE, ROOT]).contains("bundle_stranger"));
}

#[test]
fn a_certificate_that_stands_there_twice_is_read_once() {
    assert_eq!(judged(&[LEAF, INTERMEDIATE, LEAF]), only("bundle_duplicate"));
    assert_eq!(judged(&[INTERMEDIATE, ROOT]), only("bundle_without_leaf"));
}

#[test]
fn a_certificate_that_may_issue_none_is_no_issuer() {
    // A leaf's name as the issuer: the second of these two was signed by the first, which is no authority.
    let bundle = read(&text("issued-by-leaf.pem"));
    assert_eq!(order(&bundle), ["below.example.com", "example.com"]);
    assert!(codes(&bundle.findings).contains("issuer_not_ca"));
}

#[test]
fn time_is_judged_by_the_clock_that_is_given() {
    let leaf = parse_certificate(&Input::Text(&text(LEAF))).unwrap();
    let at = |days: i64| -> BTreeSet<String> {
        let context = BundleContext {
            now: Some(unix(&leaf.not_before) + days * 86_400),
            csr: None,
        };
        let bundle = parse_bundle(&Input::Text(&joined(&[LEAF, INTERMEDIATE])), &context).unwrap();
        codes(&bundle.findings).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(at(-2), only("certificate_not_yet_valid"));
    assert_eq!(at(0), BTreeSet::new());
    assert_eq!(at(90), BTreeSet::new());
    assert_eq!(at(91), only("certificate_expired"));
}

/// Seconds since 1970 of `2026-01-31T00:00:00Z`, by way of x509-parser's reading of the same certificate.
fn unix(text: &str) -> i64 {
    let pem = fixture(LEAF);
    let (_, pem) = x509_parser::pem::parse_x509_pem(&pem).unwrap();
    let not_before = pem.parse_x509().unwrap().validity().not_before;
    assert_eq!(not_before.to_datetime().year().to_string(), text[..4]);
    not_before.timestamp()
}

#[test]
fn a_leaf_may_be_valid_for_so_many_days_and_no_more() {
    assert!(judged(&["leaf-900.cert.pem", INTERMEDIATE]).contains("validity_too_long"));
    assert!(!judged(&[LEAF, INTERMEDIATE]).contains("validity_too_long"));
    // An authority may live longer.
    assert!(!judged(&[ROOT]).contains("validity_too_long"));
}

#[test]
fn a_certificate_is_held_against_its_request() {
    let against = |csr: &str| -> BTreeSet<String> {
        let csr = text(csr);
        let context = BundleContext {
            now: None,
            csr: Some(Input::Text(&csr)),
        };
        let bundle = parse_bundle(&Input::Text(&joined(&[LEAF, INTERMEDIATE])), &context).unwrap();
        codes(&bundle.findings).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(against("three-names.csr.pem"), BTreeSet::new());
    let other: BTreeSet<String> = ["certificate_key_differs", "certificate_adds_name"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(against("guide.csr.pem"), other);
    assert!(against("other-names.csr.pem").contains("certificate_lacks_name"));
}

#[test]
fn a_certificate_says_all_that_is_in_it() {
    let leaf = parse_certificate(&Input::Text(&text(LEAF))).unwrap();
    let value = |name: &str| {
        leaf.extensions
            .iter()
            .find(|e| e.name == Some(name))
            .map(|e| e.value.as_str())
            .unwrap()
    };
    assert_eq!(
        leaf.subject_alt_names.dns,
        ["example.com", "www.example.com", "shop.example.com"]
    );
    assert_eq!(leaf.issuer.to_string(), "O=Example CA, CN=Example Intermediate");
    assert!(!leaf.is_ca);
    assert_eq!(leaf.key_usage.as_deref(), Some(&["digitalSignature"][..]));
    assert_eq!(value("extendedKeyUsage"), "serverAuth, clientAuth");
    assert_eq!(value("basicConstraints"), "CA:FALSE");
    assert_eq!(
        value("authorityInfoAccess"),
        "OCSP URI:http://ocsp.example.com, caIssuers URI:http://ca.example.com/i.crt"
    );
    assert_eq!(value("cRLDistributionPoints"), "URI:http://crl.example.com/i.crl");
    assert_eq!(value("certificatePolicies"), "organization-validated (2.23.140.1.2.2)");
    assert_eq!(value("tlsFeature"), "status_request (must-staple)");
    assert_eq!(leaf.sha256.len(), 64);
    assert_eq!(leaf.sha1.len(), 40);
    assert!(parse_certificate(&Input::Text(&text(ROOT))).unwrap().is_ca);
}

#[test]
fn what_holds_no_certificate_is_refused_by_name() {
    let refused = |text: &str| parse_bundle(&Input::Text(text), &BundleContext::default()).unwrap_err();
    assert_eq!(refused(&text("guide.csr.pem")).code.as_str(), "wrong_kind");
    assert!(refused(&text("guide.csr.pem")).message.contains("parseCsr"));
    assert_eq!(refused("").code.as_str(), "empty");
}

/// What is made of certificates that follow one another.
fn bundle_of(certificates: &[&Cert]) -> Bundle {
    parse_bundle(&Input::Bytes(&together(certificates)), &BundleContext::default()).unwrap()
}

fn found(certificates: &[&Cert]) -> BTreeSet<&'static str> {
    bundle_of(certificates)
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        // The leaves here have no names, and few say what they are for.
        .filter(|code| !["certificate_without_names", "certificate_without_purposes"].contains(code))
        .collect()
}

#[test]
fn of_two_twins_the_one_that_leads_to_the_root_is_on_the_way() {
    let leaf = cert("leaf", "inter").keys(1, 2);
    let elsewhere = Cert {
        serial: &[7],
        ..cert("inter", "other root").keys(2, 9).authority()
    };
    let inter = cert("inter", "root").keys(2, 3).authority();
    let root = cert("root", "root").keys(3, 3).authority();
    for members in [
        [&leaf, &elsewhere, &inter, &root],
        [&leaf, &inter, &elsewhere, &root],
        [&root, &elsewhere, &leaf, &inter],
    ] {
        let bundle = bundle_of(&members);
        assert_eq!(order(&bundle), ["leaf", "inter", "root"]);
        assert_eq!(bundle.intermediates[0].issuer.common_name.as_deref(), Some("root"));
        let unrelated = bundle
            .findings
            .iter()
            .find(|finding| finding.code.as_str() == "bundle_stranger");
        assert!(
            unrelated
                .unwrap()
                .message
                .contains("another certificate for the same key")
        );
        assert!(!codes(&bundle.findings).contains("bundle_intermediate_missing"));
    }
    // A root and its cross-signed twin: the root ends the way.
    let cross = cert("root", "older root").keys(3, 8).authority();
    assert_eq!(
        order(&bundle_of(&[&leaf, &inter, &cross, &root])),
        ["leaf", "inter", "root"]
    );
    let open_ended = bundle_of(&[&leaf, &inter, &cross]);
    assert_eq!(order(&open_ended), ["leaf", "inter", "root"]);
    assert!(open_ended.root.is_none());
}

#[test]
fn authorities_of_one_name_are_told_apart_by_their_keys() {
    let leaf = cert("leaf", "ca").keys(1, 2);
    let (right, wrong) = (
        cert("ca", "ca").keys(2, 2).authority(),
        cert("ca", "ca").keys(5, 5).authority(),
    );
    for members in [[&leaf, &wrong, &right], [&leaf, &right, &wrong]] {
        let bundle = bundle_of(&members);
        let root = bundle.root.unwrap();
        let id = root
            .extensions
            .iter()
            .find(|one| one.name == Some("subjectKeyIdentifier"));
        assert_eq!(id.unwrap().value, "02");
    }
    // Without identifiers of keys, by the serial number, and by the kind of key.
    let by_serial = cert("leaf", "ca").extension("2.5.29.35", &seq(&[&tlv(0x82, &[&[4]])]));
    let (right, wrong) = (
        Cert {
            serial: &[4],
            ..cert("ca", "ca").authority()
        },
        cert("ca", "ca").authority(),
    );
    assert_eq!(
        bundle_of(&[&by_serial, &wrong, &right]).root.unwrap().serial_number,
        "04"
    );
    let rsa = Cert {
        key: rsa_key(&[0xc5; 256], &[1, 0, 1]),
        signed_with: "1.2.840.113549.1.1.11",
        inner: "1.2.840.113549.1.1.11",
        ..cert("ca", "ca").authority()
    };
    assert_eq!(
        bundle_of(&[&cert("leaf", "ca"), &rsa, &wrong])
            .root
            .unwrap()
            .public_key
            .algorithm,
        "EC"
    );
}

#[test]
fn a_root_that_changed_its_key_goes_on_to_the_old_one() {
    let leaf = cert("leaf", "root").keys(1, 3);
    let new_with_old = cert("root", "root").keys(3, 2).authority();
    let old = cert("root", "root").keys(2, 2).authority();
    let bundle = bundle_of(&[&leaf, &new_with_old, &old]);
    assert_eq!((bundle.intermediates.len(), bundle.root.is_some()), (1, true));
    assert_eq!(codes(&bundle.findings), BTreeSet::new());
}

#[test]
fn a_leaf_that_signed_itself_is_trusted_by_nobody() {
    assert_eq!(
        found(&[&cert("leaf", "leaf")]),
        BTreeSet::from(["certificate_self_signed"])
    );
    assert_eq!(
        found(&[&cert("leaf", "ca"), &cert("ca", "ca").authority()]),
        BTreeSet::new()
    );
}

#[test]
fn of_two_leafs_the_one_for_the_key_of_the_request_is_the_leaf() {
    let rsa = Cert {
        key: rsa_key(&[0xc5; 256], &[1, 0, 1]),
        ..cert("rsa.example.com", "ca")
    };
    let ec = cert("ec.example.com", "ca").names(&[dns("example.com"), dns("www.example.com")]);
    let der = together(&[&rsa, &ec, &cert("ca", "ca").authority()]);
    let request = csr().der();
    let context = BundleContext {
        now: None,
        csr: Some(Input::Bytes(&request)),
    };
    let with_request = parse_bundle(&Input::Bytes(&der), &context).unwrap();
    assert_eq!(with_request.leaf.subject.common_name.as_deref(), Some("ec.example.com"));
    assert!(!codes(&with_request.findings).contains("certificate_key_differs"));
    let without = parse_bundle(&Input::Bytes(&der), &BundleContext::default()).unwrap();
    assert_eq!(without.leaf.subject.common_name.as_deref(), Some("rsa.example.com"));
}

#[test]
fn the_days_that_are_allowed_follow_the_day_of_issue() {
    // The last second counts, and a second more is one more day.
    for (from, last, one_more) in [
        ("20180301000000Z", "20200602235959Z", "20200603000000Z"),
        ("20200831235959Z", "20221204235958Z", "20221204235959Z"),
        ("20200901000000Z", "20211003235959Z", "20211004000000Z"),
        ("20260314235959Z", "20270416235958Z", "20270416235959Z"),
        ("20260315000000Z", "20260930235959Z", "20261001000000Z"),
        ("20270315000000Z", "20270622235959Z", "20270623000000Z"),
        ("20290315000000Z", "20290430235959Z", "20290501000000Z"),
    ] {
        let ca = cert("ca", "ca").authority().valid("20180101000000Z", "20400101000000Z");
        let judged = |to: &str| found(&[&cert("leaf", "ca").valid(from, to), &ca]);
        assert_eq!(judged(last), BTreeSet::new(), "{from} {last}");
        assert_eq!(
            judged(one_more),
            BTreeSet::from(["validity_too_long"]),
            "{from} {one_more}"
        );
    }
    let purpose = |oid_: &str| {
        cert("leaf", "ca")
            .valid("20250101000000Z", "20280101000000Z")
            .extension("2.5.29.37", &seq(&[&oid(oid_)]))
    };
    let ca = cert("ca", "ca").authority();
    assert!(found(&[&purpose("1.3.6.1.5.5.7.3.1"), &ca]).contains("validity_too_long"));
    assert!(!found(&[&purpose("1.3.6.1.5.5.7.3.4"), &ca]).contains("validity_too_long"));
}

#[test]
fn a_member_that_is_expired_is_named_wherever_it_stands() {
    let (leaf, ca) = (cert("leaf", "ca"), cert("ca", "ca").authority());
    let unrelated = cert("old", "older")
        .authority()
        .valid("20000101000000Z", "20200530104838Z");
    let context = BundleContext {
        now: Some(1_740_000_000),
        csr: None,
    };
    let bundle = parse_bundle(&Input::Bytes(&together(&[&leaf, &ca, &unrelated])), &context).unwrap();
    let expired = bundle
        .findings
        .iter()
        .find(|finding| finding.code.as_str() == "certificate_expired");
    assert_eq!(expired.unwrap().field.as_deref(), Some("unrelated[0]"));
}

#[test]
fn a_certificate_that_is_cut_off_is_not_passed_over() {
    let (leaf, ca) = (cert("leaf", "ca"), cert("ca", "ca").authority());
    let der = together(&[&leaf, &ca]);
    let refused = |bytes: &[u8]| {
        let bundle = parse_bundle(&Input::Bytes(bytes), &BundleContext::default()).unwrap();
        let unreadable = |finding: &&Finding| finding.code.as_str() == "certificate_unreadable";
        let message = bundle
            .findings
            .iter()
            .find(unreadable)
            .map(|finding| finding.message.clone());
        message.is_some_and(|message| message.contains("the data ends before it is complete"))
    };
    assert!(refused(&der[..der.len() - 5]));
    let pem = text(LEAF);
    let cut: String = text(INTERMEDIATE)
        .lines()
        .filter(|line| !line.ends_with('='))
        .take(4)
        .collect::<Vec<_>>()
        .join("\n");
    let both = format!("{pem}{cut}\n-----END CERTIFICATE-----\n");
    assert!(refused(both.as_bytes()));
    let alone = parse_bundle(&Input::Bytes(&leaf.der()[..50]), &BundleContext::default()).unwrap_err();
    assert_eq!(alone.code.as_str(), "truncated");
}

#[test]
fn a_common_name_that_is_no_host_is_not_missing_from_a_certificate() {
    let leaf = cert("example.com", "ca").names(&[dns("example.com"), dns("www.example.com")]);
    let der = together(&[&leaf]);
    let lacks = |name: &str| {
        let request = csr().subject(&[&[common_name(name)]]).der();
        let context = BundleContext {
            now: None,
            csr: Some(Input::Bytes(&request)),
        };
        let bundle = parse_bundle(&Input::Bytes(&der), &context).unwrap();
        bundle
            .findings
            .iter()
            .filter(|finding| finding.code.as_str() == "certificate_lacks_name")
            .count()
    };
    assert_eq!(
        (lacks("Example Inc."), lacks("www.example.com"), lacks("a.example.com")),
        (0, 0, 1)
    );
}

#[test]
fn a_name_that_a_wildcard_covers_is_not_missing_from_a_certificate() {
    let leaf = cert("*.example.com", "ca").names(&[dns("*.Example.com"), dns("example.com")]);
    let der = together(&[&leaf]);
    for (name, is_lacking) in [
        ("www.example.com", false),
        ("WWW.example.com", false),
        ("*.example.com", false),
        ("example.com", false),
        ("a.www.example.com", true),
        ("*.www.example.com", true),
        ("www.example.org", true),
    ] {
        let request = csr().common_name(name).der();
        let context = BundleContext {
            now: None,
            csr: Some(Input::Bytes(&request)),
        };
        let bundle = parse_bundle(&Input::Bytes(&der), &context).unwrap();
        let found = codes(&bundle.findings).contains("certificate_lacks_name");
        assert_eq!(found, is_lacking, "{name}");
    }
}

#[test]
fn a_name_is_the_same_however_it_is_written() {
    let address = tlv(0x87, &[&hex("26064700000000000000000000001111")]);
    for (name, of_certificate) in [
        ("bücher.example.com", dns("xn--bcher-kva.example.com")),
        ("xn--bcher-kva.example.com", dns("XN--BCHER-KVA.example.com")),
        ("2606:4700:0:0:0:0:0:1111", address.clone()),
        ("2606:4700::1111", address.clone()),
        ("www.bücher.example.com", dns("*.xn--bcher-kva.example.com")),
    ] {
        let leaf = cert("example.com", "ca").names(&[of_certificate]);
        let request = csr().subject(&[&[common_name(name)]]);
        let request = Csr {
            extensions: Vec::new(),
            ..request
        }
        .der();
        let context = BundleContext {
            now: None,
            csr: Some(Input::Bytes(&request)),
        };
        let bundle = parse_bundle(&Input::Bytes(&together(&[&leaf])), &context).unwrap();
        let found = codes(&bundle.findings);
        assert!(!found.contains("certificate_lacks_name"), "{name}");
        assert_eq!(
            found.contains("certificate_adds_name"),
            name.starts_with("www."),
            "{name}"
        );
    }
    // One that the wildcard of the request covers is none that was not asked for.
    let request = csr().common_name("*.example.com").der();
    for (name, is_added) in [
        ("www.example.com", false),
        ("example.com", true),
        ("a.b.example.com", true),
    ] {
        let leaf = cert("example.com", "ca").names(&[dns("*.example.com"), dns(name)]);
        let context = BundleContext {
            now: None,
            csr: Some(Input::Bytes(&request)),
        };
        let bundle = parse_bundle(&Input::Bytes(&together(&[&leaf])), &context).unwrap();
        assert_eq!(
            codes(&bundle.findings).contains("certificate_adds_name"),
            is_added,
            "{name}"
        );
    }
    for (name, of_certificate, sentence) in [
        (
            "2606:4700:0:0:0:0:0:1111",
            &address,
            "is not written as its alternative name is.",
        ),
        ("2606:4700::1112", &address, "is not among its alternative names."),
    ] {
        let leaf = cert(name, "ca").names(core::slice::from_ref(of_certificate));
        let bundle = parse_bundle(&Input::Bytes(&together(&[&leaf])), &BundleContext::default()).unwrap();
        let mut found = bundle.findings.iter();
        let found = found
            .find(|finding| finding.code.as_str() == "certificate_cn_not_in_san")
            .unwrap();
        assert!(found.message.ends_with(sentence), "{}", found.message);
    }
}

/// Whichever octet of its beginning is damaged.
#[test]
fn a_damaged_certificate_of_a_file_does_not_vanish() {
    let (leaf, root) = (cert("leaf", "ca").der(), cert("ca", "ca").authority().der());
    let version = leaf.windows(4).position(|part| part == [0xa0, 3, 2, 1]).unwrap();
    // The tags and the lengths of the version and of the serial number.
    for at in [0, 1, 2, 3, 5, 6] {
        let mut damaged = leaf.clone();
        damaged[version + at] ^= 0x20;
        let file = [damaged, root.clone()].concat();
        if let Ok(bundle) = parse_bundle(&Input::Bytes(&file), &BundleContext::default()) {
            let found = codes(&bundle.findings);
            let is_said = ["certificate_unreadable", "certificate_malformed"];
            assert!(is_said.iter().any(|code| found.contains(code)), "{at} {found:?}");
        }
    }
}

#[test]
fn a_trust_store_has_different_roots() {
    let roots: Vec<Cert> = (1..=20)
        .map(|serial| Cert {
            serial: vec![serial].leak(),
            ..cert("root", "root").authority()
        })
        .collect();
    let read = |members: &[&Cert]| parse_bundle(&Input::Bytes(&together(members)), &BundleContext::default());
    let all: Vec<&Cert> = roots.iter().collect();
    assert!(read(&all).unwrap_err().message.contains("trust store"));
    assert!(read(&all[1..]).is_ok());
    assert!(read(&[all[0]; 40]).is_ok());
    assert!(read(&[&all[..], &[&cert("leaf", "root")]].concat()).is_ok());
}

#[test]
fn each_certificate_is_verified_with_the_key_of_the_one_above_and_the_root_with_its_own() {
    let all = joined(&[LEAF, INTERMEDIATE, ROOT]);
    let inspection = inspect_bundle(&Input::Text(&all), &BundleContext::default()).unwrap();
    assert!(inspection.verifications.iter().all(Result::is_ok));
    let fields = |code: &str, verdicts: [SignatureStatus; 3]| -> Vec<String> {
        let findings = inspection.clone().conclude(&verdicts).findings;
        let of_code = findings.into_iter().filter(|finding| finding.code.as_str() == code);
        of_code.map(|finding| finding.field.unwrap()).collect()
    };
    let verdicts = [
        SignatureStatus::Valid,
        SignatureStatus::Invalid,
        SignatureStatus::Unsupported,
    ];
    assert_eq!(fields("certificate_signature_invalid", verdicts), ["intermediates[0]"]);
    assert_eq!(fields("certificate_signature_unsupported", verdicts), ["root"]);
    let valid = inspection.clone().conclude(&[SignatureStatus::Valid; 3]);
    assert_eq!(valid, read(&all), "a good signature is not worth a word");

    let without_root = joined(&[LEAF, INTERMEDIATE]);
    let inspection = inspect_bundle(&Input::Text(&without_root), &BundleContext::default()).unwrap();
    assert_eq!(
        inspection.verifications.len(),
        1,
        "who signed the last one is not known"
    );
}

#[test]
fn a_chain_with_another_path_to_a_root_is_sound() {
    let leaf = cert("leaf", "issuing").keys(1, 2);
    let by_first = cert("issuing", "root 1").keys(2, 3).authority();
    let by_second = Cert {
        serial: &[2],
        ..cert("issuing", "root 2").keys(2, 4).authority()
    };
    let (first, second) = (
        cert("root 1", "root 1").keys(3, 3).authority(),
        cert("root 2", "root 2").keys(4, 4).authority(),
    );
    let now = Some(1_740_000_000);
    let judged = |members: &[&Cert]| {
        let context = BundleContext { now, csr: None };
        let bundle = parse_bundle(&Input::Bytes(&together(members)), &context).unwrap();
        let codes: BTreeSet<String> = codes(&bundle.findings).into_iter().map(str::to_owned).collect();
        (bundle, codes)
    };
    let (bundle, found) = judged(&[&leaf, &by_first, &by_second, &first, &second]);
    assert_eq!(order(&bundle), ["leaf", "issuing", "root 1"]);
    assert_eq!(found, only("bundle_stranger"), "both are needed by somebody");
    let of_strangers = bundle
        .findings
        .iter()
        .filter(|finding| finding.code.as_str() == "bundle_stranger");
    let messages: Vec<&str> = of_strangers.map(|finding| &*finding.message).collect();
    assert_eq!(messages.len(), 2);
    assert!(
        messages
            .iter()
            .all(|message| message.contains("another certificate for the same key")),
        "{messages:?}"
    );

    // The twin, or the root above it, has ended, wherever it is.
    let expired = |one: Cert| one.valid("20200101000000Z", "20210101000000Z");
    let (old_second, old_by_second) = (expired(second.clone()), expired(by_second.clone()));
    for members in [
        [&leaf, &by_first, &by_second, &first, &old_second],
        [&leaf, &by_first, &old_by_second, &first, &second],
        [&leaf, &old_by_second, &by_first, &second, &first],
    ] {
        let (bundle, found) = judged(&members);
        assert_eq!(order(&bundle), ["leaf", "issuing", "root 1"]);
        assert_eq!(found, only("bundle_stranger"));
    }
    // The path that is valid is taken, though the other one ends in a root.
    let (bundle, found) = judged(&[&leaf, &by_first, &expired(first.clone()), &by_second, &second]);
    assert!(!found.contains("certificate_expired"), "{found:?}");
    assert_eq!(order(&bundle), ["leaf", "issuing", "root 2"]);
    // What is not on any path is still named.
    let old = expired(cert("other", "elsewhere").authority());
    assert!(
        judged(&[&leaf, &by_first, &first, &old])
            .1
            .contains("certificate_expired")
    );
    // The order is another where an issuer comes before what it issued.
    assert!(judged(&[&leaf, &first, &by_first]).1.contains("bundle_out_of_order"));
    assert!(judged(&[&first, &leaf, &by_first]).1.contains("bundle_out_of_order"));
}

#[test]
fn an_issuer_has_to_be_allowed_to_sign_certificates() {
    let usage = |bits: u8| {
        let ca = cert("ca", "ca")
            .authority()
            .extension("2.5.29.15", &tlv(3, &[&[1, bits]]));
        found(&[&cert("leaf", "ca"), &ca])
    };
    assert_eq!(usage(0x06), BTreeSet::new(), "keyCertSign and cRLSign");
    assert_eq!(usage(0x02), BTreeSet::from(["issuer_key_usage"]), "cRLSign");
}

#[test]
fn an_issuer_may_have_so_many_below_it_and_no_more() {
    let judged = |length: u8, lower: Cert| {
        let (leaf, upper, root) = (
            cert("leaf", "lower"),
            cert("upper", "root").authority(),
            cert("root", "root").path_length(length),
        );
        found(&[&leaf, &lower, &upper, &root])
    };
    let lower = || cert("lower", "upper").authority();
    assert_eq!(judged(2, lower()), BTreeSet::new());
    assert_eq!(judged(1, lower()), BTreeSet::from(["path_too_long"]));
    // One that changes its key alone does not count.
    let renewed = cert("ca", "ca").keys(2, 3).authority();
    let (leaf, root) = (
        cert("leaf", "ca").keys(1, 2),
        cert("ca", "ca").keys(3, 3).path_length(0),
    );
    assert_eq!(found(&[&leaf, &renewed, &root]), BTreeSet::new());
}

#[test]
fn a_critical_extension_that_nobody_knows_is_refused() {
    let judged = |leaf: Cert| found(&[&leaf, &cert("ca", "ca").authority()]);
    let unknown = BTreeSet::from(["critical_extension_unknown"]);
    assert_eq!(judged(cert("leaf", "ca").critical("1.2.3.4", &[5, 0])), unknown);
    assert_eq!(
        judged(cert("leaf", "ca").extension("1.2.3.4", &[5, 0])),
        BTreeSet::new()
    );
    // A precertificate.
    assert_eq!(
        judged(cert("leaf", "ca").critical("1.3.6.1.4.1.11129.2.4.3", &[5, 0])),
        unknown
    );
    assert_eq!(
        judged(cert("leaf", "ca").critical("2.5.29.15", &tlv(3, &[&[7, 0x80]]))),
        BTreeSet::new()
    );
}

#[test]
fn names_are_those_that_an_issuer_permits() {
    let subtree = |name: Vec<u8>| seq(&[&name]);
    let constraints = |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let list = |tag: u8, names: &[Vec<u8>]| {
            let subtrees: Vec<Vec<u8>> = names.iter().cloned().map(subtree).collect();
            if names.is_empty() {
                Vec::new()
            } else {
                tlv(tag, &[&subtrees.concat()])
            }
        };
        seq(&[&list(0xa0, permitted), &list(0xa1, excluded)])
    };
    let ip = |octets: &[u8]| tlv(0x87, &[octets]);
    let directory = |name: &str| tlv(0xa4, &[&seq(&[&tlv(0x31, &[&common_name(name)])])]);
    let is_permitted = |name: Vec<u8>, permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let ca = cert("ca", "ca")
            .authority()
            .critical("2.5.29.30", &constraints(permitted, excluded));
        let mut found = found(&[&cert("leaf", "ca").names(&[name]), &ca]);
        // What else is to be said of such names is tested with the rules for servers.
        found.retain(|code| *code == "name_not_permitted");
        found.is_empty()
    };
    let example = [dns("example.com")];
    for (name, within) in [
        ("example.com", true),
        ("WWW.Example.com", true),
        ("*.example.com", true),
        ("badexample.com", false),
        ("example.org", false),
    ] {
        assert_eq!(is_permitted(dns(name), &example, &[]), within, "{name}");
        assert_eq!(is_permitted(dns(name), &[], &example), !within, "{name}");
    }
    assert!(is_permitted(dns("www.example.com"), &[dns(".example.com")], &[]));
    assert!(
        !is_permitted(dns("example.com"), &[dns(".example.com")], &[]),
        "only below it"
    );
    assert!(is_permitted(dns("www.example.com"), &[dns("")], &[]));
    for (name, base, within) in [
        ("*.example.com", "secret.Example.com", true),
        ("*.example.com", "a.secret.example.com", false),
        ("*.other.example.com", "secret.example.com", false),
        ("*.example.com", "com", true),
    ] {
        assert_eq!(
            is_permitted(dns(name), &[], &[dns(base)]),
            !within,
            "{name} without {base}"
        );
    }
    assert!(
        !is_permitted(dns("*.example.com"), &[dns("secret.example.com")], &[]),
        "permitted only where all that it covers is"
    );
    let email = |text: &str| tlv(0x81, &[text.as_bytes()]);
    let uri = |text: &str| tlv(0x86, &[text.as_bytes()]);
    for (name, base, within) in [
        ("ada@example.com", "ada@example.com", true),
        ("bob@example.com", "ada@example.com", false),
        ("ada@Example.com", "example.com", true),
        ("ada@www.example.com", "example.com", false),
        ("ada@www.example.com", ".example.com", true),
        ("ada@example.com", ".example.com", false),
        ("ada@badexample.com", "example.com", false),
        ("ada@EXAMPLE.com", "ada@example.COM", true),
        ("Ada@example.com", "ada@example.com", false),
        ("ada@example.com", "Example.com", true),
    ] {
        assert_eq!(is_permitted(email(name), &[email(base)], &[]), within, "{name} {base}");
        assert_eq!(is_permitted(email(name), &[], &[email(base)]), !within, "{name} {base}");
    }
    for (name, base, within) in [
        ("https://example.com/path", "example.com", true),
        ("https://ada@Example.com:8443?q", "example.com", true),
        ("https://www.example.com/", "example.com", false),
        ("https://www.example.com/", ".example.com", true),
        ("https://example.org/example.com", "example.com", false),
        ("urn:example.com", "example.com", false),
    ] {
        assert_eq!(is_permitted(uri(name), &[uri(base)], &[]), within, "{name} {base}");
    }
    assert!(is_permitted(uri("https://example.org/"), &[], &[uri("example.com")]));
    // One without the name of a host is in no subtree, and refused where there are any.
    for name in [
        "urn:example:a",
        "https:///path",
        "https://192.0.2.1/",
        "https://[2001:db8::1]/",
    ] {
        assert!(!is_permitted(uri(name), &[uri("example.com")], &[]), "{name}");
        assert!(!is_permitted(uri(name), &[], &[uri("example.com")]), "{name}");
        assert!(is_permitted(uri(name), &example, &example), "{name}");
    }
    // An address in the subject counts where there are no alternative names (RFC 5280, 4.2.1.10).
    let with_email = |names: &[Vec<u8>]| {
        let address = seq(&[&oid("1.2.840.113549.1.9.1"), &tlv(0x16, &[b"ada@example.com"])]);
        let leaf = Cert {
            rdns: vec![tlv(0x31, &[&address])],
            ..cert("leaf", "ca")
        };
        let leaf = if names.is_empty() { leaf } else { leaf.names(names) };
        let ca = cert("ca", "ca")
            .authority()
            .critical("2.5.29.30", &constraints(&[], &[email("example.com")]));
        found(&[&leaf, &ca]).contains("name_not_permitted")
    };
    assert!(with_email(&[]));
    assert!(!with_email(&[dns("leaf.example.org")]));
    assert!(!is_permitted(
        dns("www.example.com"),
        &[dns("example.com")],
        &[dns("www.example.com")]
    ));
    // Names of another kind are not constrained.
    assert!(is_permitted(ip(&[10, 0, 0, 1]), &example, &example));
    let network = [ip(&[10, 0, 0, 0, 255, 0, 0, 0])];
    assert!(is_permitted(ip(&[10, 9, 9, 9]), &network, &[]));
    assert!(!is_permitted(ip(&[11, 0, 0, 1]), &network, &[]));
    assert!(
        !is_permitted(ip(&[0x20; 16]), &network, &[]),
        "an address of version 6 is not in it"
    );
    // The subject is a directory name.
    assert!(is_permitted(dns("a.example.com"), &[directory("leaf")], &[]));
    assert!(!is_permitted(dns("a.example.com"), &[directory("other")], &[]));
    assert!(!is_permitted(dns("a.example.com"), &[], &[directory("leaf")]));
    // Constraints of a form that is not processed: who has such a name is refused, whatever they say.
    let other = |kind: &str| tlv(0xa0, &[&oid(kind), &tlv(0xa0, &[&tlv(0x0c, &[b"a"])])]);
    let registered = tlv(0x88, &[&[0x2a, 3]]);
    let forms = [
        other("1.2.3"),
        registered,
        tlv(0xa3, &[&[0x30, 0]]),
        tlv(0xa5, &[&[0x81, 0]]),
    ];
    for (index, form) in forms.iter().enumerate() {
        let [form, base] = [form, &forms[index]].map(|form| [form.clone()]);
        assert!(!is_permitted(form[0].clone(), &base, &[]), "{form:x?}");
        assert!(!is_permitted(form[0].clone(), &[], &base), "{form:x?}");
        assert!(is_permitted(dns("example.com"), &base, &base));
        assert!(is_permitted(form[0].clone(), &example, &forms[index + 1..]));
    }
    assert!(!is_permitted(other("1.2.4"), &[other("1.2.3")], &[]));
    // What an issuer above excludes.
    let leaf = cert("leaf", "lower").names(&[dns("www.example.com")]);
    let root = cert("root", "root")
        .authority()
        .critical("2.5.29.30", &constraints(&[], &example));
    let lower = cert("lower", "root").authority();
    assert!(found(&[&leaf, &lower, &root]).contains("name_not_permitted"));
}

#[test]
fn a_leaf_has_to_be_for_servers() {
    let purpose = |purposes: &[&str]| {
        let purposes: Vec<Vec<u8>> = purposes.iter().map(|purpose| oid(purpose)).collect();
        let leaf = cert("leaf", "ca").extension("2.5.29.37", &seq(&[&purposes.concat()]));
        found(&[&leaf, &cert("ca", "ca").authority()])
    };
    let (server, client, any) = ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0");
    assert_eq!(purpose(&[server]), BTreeSet::new());
    assert_eq!(purpose(&[client, server]), BTreeSet::new());
    assert_eq!(purpose(&[any]), BTreeSet::from(["certificate_not_for_servers"]));
    assert_eq!(purpose(&[any, server]), BTreeSet::from(["purpose_not_tls"]));
    assert_eq!(purpose(&[client]), BTreeSet::from(["certificate_not_for_servers"]));
}

#[test]
fn an_issuer_does_not_end_before_its_leaf() {
    let judged = |end: &str| {
        let ca = cert("ca", "ca").authority().valid("20250101000000Z", end);
        found(&[&cert("leaf", "ca"), &ca])
    };
    assert_eq!(judged("20250331235959Z"), BTreeSet::new());
    assert_eq!(judged("20250331235958Z"), BTreeSet::from(["issuer_ends_early"]));
}

#[test]
fn both_places_name_the_same_signature_algorithm() {
    let leaf = Cert {
        inner: "1.2.840.10045.4.3.3",
        ..cert("leaf", "ca")
    };
    let ca = cert("ca", "ca").authority();
    assert_eq!(found(&[&leaf, &ca]), BTreeSet::from(["certificate_algorithms_differ"]));
    assert_eq!(found(&[&cert("leaf", "ca"), &ca]), BTreeSet::new());
}

#[test]
fn a_certificate_that_cannot_be_read_does_not_lose_the_others() {
    let ca = cert("ca", "ca").authority();
    let leaf = cert("leaf", "ca");
    for end in ["20251331000000Z", "20250230250000Z", "yesterday"] {
        let odd = cert("odd", "ca").valid("20250101000000Z", end);
        for members in [[&leaf, &odd, &ca], [&odd, &leaf, &ca], [&leaf, &ca, &odd]] {
            let bundle = bundle_of(&members);
            assert_eq!(order(&bundle), ["leaf", "ca"]);
            assert_eq!(codes(&bundle.findings), BTreeSet::from(["certificate_unreadable"]));
            let place = members.iter().position(|one| one.subject == "odd").unwrap() + 1;
            let message = &bundle.findings[0].message;
            assert!(
                message.contains(&format!("Certificate {place} of the bundle")),
                "{message}"
            );
        }
        let alone = parse_bundle(&Input::Bytes(&odd.der()), &BundleContext::default()).unwrap_err();
        assert_eq!(alone.code.as_str(), "der", "{alone}");
    }
}

#[test]
fn a_certificate_is_as_its_definition_has_it() {
    let judged = |leaf: &Cert| found(&[leaf, &cert("ca", "ca").authority()]);
    let malformed = BTreeSet::from(["certificate_malformed"]);
    let end = "20250331235959Z";
    let twice = |kind: &str, value: &[u8]| cert("leaf", "ca").extension(kind, value).extension(kind, value);
    for leaf in [
        Cert {
            version: 1,
            ..cert("leaf", "ca").extension("2.5.29.14", &[4, 1, 1])
        },
        Cert {
            version: 3,
            ..cert("leaf", "ca")
        },
        Cert {
            serial: &[0, 1],
            ..cert("leaf", "ca")
        },
        Cert {
            more: &[5, 0],
            ..cert("leaf", "ca")
        },
        twice("2.5.29.32", &seq(&[&seq(&[&oid("2.23.140.1.2.1")])])),
        cert("leaf", "ca").extension("2.5.29.15", &[5, 0]),
        cert("leaf", "ca").valid("202501010000Z", end),
        cert("leaf", "ca").valid("20250101000000.5Z", end),
        cert("leaf", "ca").valid("20250101000000+0100", end),
        cert("leaf", "ca").valid("20250101000000", end),
        cert("leaf", "ca").valid("20250101000060Z", end),
    ] {
        assert_eq!(judged(&leaf), malformed, "{}", leaf.not_before);
    }
    assert_eq!(judged(&cert("leaf", "ca")), BTreeSet::new());
}
