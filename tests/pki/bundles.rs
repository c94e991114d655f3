//! Bundles are put in order and judged.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{Bundle, BundleContext, Finding, Input, parse_bundle, parse_certificate};

use crate::support::{fixture, text};

/// The rules that are tested here.
pub const TESTED: &[&str] = &[
    "bundle_out_of_order",
    "bundle_intermediate_missing",
    "bundle_stranger",
    "bundle_duplicate",
    "bundle_without_leaf",
    "issuer_not_ca",
    "certificate_expired",
    "certificate_not_yet_valid",
    "validity_too_long",
    "certificate_key_differs",
    "certificate_lacks_name",
    "certificate_adds_name",
];

const LEAF: &str = "leaf-90.cert.pem";
const INTERMEDIATE: &str = "intermediate.cert.pem";
const ROOT: &str = "root.cert.pem";
const STRANGER: &str = "stranger.cert.pem";

fn joined(names: &[&str]) -> String {
    names.iter().map(|name| text(name)).collect()
}

fn read(text: &str) -> Bundle {
    parse_bundle(&Input::Text(text), &BundleContext::default()).unwrap()
}

fn codes(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code).collect()
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
    assert!(read(&base64) == pem);
    let streamed = parse_bundle(&Input::Bytes(&indefinite(&der, 4)), &BundleContext::default()).unwrap();
    assert!(streamed == pem);
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
    let bundle = read(&joined(&[LEAF, INTERMEDIATE, STRANGER, ROOT]));
    assert_eq!(order(&bundle), ["example.com", "Example Intermediate", "Example Root"]);
    assert_eq!(bundle.strangers.len(), 1);
    assert!(codes(&bundle.findings).contains("bundle_stranger"));
    assert!(!bundle.pem.contains(&bundle.strangers[0].pem));
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
    assert_eq!(refused(&text("guide.csr.pem")).code, "wrong_kind");
    assert!(refused(&text("guide.csr.pem")).message.contains("parseCsr"));
    assert_eq!(refused("").code, "empty");
}
