//! What is made is what is read.

use markmonitor_certs::pki::{
    CsrRequest, Hash, Input, KeyCurve, KeyFailure, KeyRequest, RequestedSubject, SigningAlgorithm, StringType,
    UnsignedCsr, parse_csr, private_key_pem,
};
use proptest::{collection::vec, option, prelude::*, string::string_regex};

use crate::support::builder::{P256, POINT, ec_key, hex};

fn made(request: &CsrRequest, algorithm: SigningAlgorithm) -> String {
    UnsignedCsr::new(request, ec_key(P256, &hex(POINT)), algorithm).sign(&[0xa5; 64])
}

fn label() -> impl Strategy<Value = String> {
    string_regex("[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?").unwrap()
}

fn host() -> impl Strategy<Value = String> {
    // A last label of letters: one of digits would make an address of the name.
    (vec(label(), 1..4), string_regex("[a-z]{2,8}").unwrap())
        .prop_map(|(labels, last)| format!("{}.{last}", labels.join(".")))
}

fn subject() -> impl Strategy<Value = RequestedSubject> {
    let text = || option::of(string_regex("\\PC{1,40}").unwrap());
    (
        text(),
        text(),
        text(),
        text(),
        text(),
        option::of(string_regex("[A-Z]{2}").unwrap()),
    )
        .prop_map(
            |(common_name, organization_name, organizational_unit, locality, state, country)| RequestedSubject {
                common_name,
                organization_name,
                organizational_unit,
                locality,
                state,
                country,
                email: None,
            },
        )
}

const ALGORITHMS: [SigningAlgorithm; 10] = [
    SigningAlgorithm::RsaPkcs1(Hash::Sha256),
    SigningAlgorithm::RsaPkcs1(Hash::Sha384),
    SigningAlgorithm::RsaPkcs1(Hash::Sha512),
    SigningAlgorithm::RsaPss(Hash::Sha256),
    SigningAlgorithm::RsaPss(Hash::Sha384),
    SigningAlgorithm::RsaPss(Hash::Sha512),
    SigningAlgorithm::Ecdsa(Hash::Sha256),
    SigningAlgorithm::Ecdsa(Hash::Sha384),
    SigningAlgorithm::Ecdsa(Hash::Sha512),
    SigningAlgorithm::Ed25519,
];

proptest! {
    #[test]
    fn reading_undoes_making(subject in subject(), names in vec(host(), 0..6), algorithm in 0..ALGORITHMS.len()) {
        let request = CsrRequest { subject: subject.clone(), dns_names: names.clone() };
        let pem = made(&request, ALGORITHMS[algorithm]);
        let csr = parse_csr(&Input::Text(&pem)).unwrap();
        prop_assert_eq!(csr.subject.common_name, subject.common_name);
        prop_assert_eq!(csr.subject.organization_name, subject.organization_name);
        prop_assert_eq!(csr.subject.organizational_unit, subject.organizational_unit);
        prop_assert_eq!(csr.subject.locality, subject.locality);
        prop_assert_eq!(csr.subject.state, subject.state);
        prop_assert_eq!(csr.subject.country, subject.country);
        prop_assert_eq!(csr.subject_alt_names.dns, names);
        prop_assert_eq!(csr.pem, pem);
    }
}

#[test]
fn every_algorithm_is_named_as_it_is() {
    let names: Vec<(String, Option<&str>)> = ALGORITHMS
        .iter()
        .map(|&algorithm| {
            let read = parse_csr(&Input::Text(&made(&CsrRequest::default(), algorithm)))
                .unwrap()
                .signature_algorithm;
            (read.name, read.hash)
        })
        .collect();
    let expected = [
        ("sha256WithRSAEncryption", Some("SHA-256")),
        ("sha384WithRSAEncryption", Some("SHA-384")),
        ("sha512WithRSAEncryption", Some("SHA-512")),
        ("rsassaPss", Some("SHA-256")),
        ("rsassaPss", Some("SHA-384")),
        ("rsassaPss", Some("SHA-512")),
        ("ecdsa-with-SHA256", Some("SHA-256")),
        ("ecdsa-with-SHA384", Some("SHA-384")),
        ("ecdsa-with-SHA512", Some("SHA-512")),
        ("Ed25519", None),
    ];
    assert_eq!(names, expected.map(|(name, hash)| (name.to_owned(), hash)));
}

#[test]
fn addresses_become_addresses_and_mail_is_ascii() {
    let request = CsrRequest {
        subject: RequestedSubject {
            email: Some("a@example.com".to_owned()),
            ..RequestedSubject::default()
        },
        dns_names: ["example.com", "192.0.2.1", "2001:db8::1"].map(str::to_owned).to_vec(),
    };
    let csr = parse_csr(&Input::Text(&made(&request, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.subject_alt_names.dns, ["example.com"]);
    assert_eq!(csr.subject_alt_names.ip, ["192.0.2.1", "2001:db8::1"]);
    assert_eq!(csr.subject.attributes[0].string_type, StringType::Ia5String);
}

#[test]
fn what_nobody_could_read_is_not_made() {
    let refusals = |country: &str, name: &str| -> Vec<&'static str> {
        let request = CsrRequest {
            subject: RequestedSubject {
                country: Some(country.to_owned()),
                ..RequestedSubject::default()
            },
            dns_names: vec![name.to_owned()],
        };
        request
            .refusals()
            .into_iter()
            .map(|finding| finding.code.as_str())
            .collect()
    };
    assert_eq!(refusals("US", "example.com"), Vec::<&str>::new());
    // A name that no public authority would certify may be for a private one.
    assert_eq!(refusals("US", "intranet.local"), Vec::<&str>::new());
    assert_eq!(refusals("UK", "bücher.example"), ["country_uk", "dns_not_ascii"]);
    assert_eq!(refusals("US", "192.0.2.256"), ["dns_is_ip"]);
    assert_eq!(
        refusals("usa", "https://example.com"),
        ["country_invalid", "dns_not_ldh"]
    );
}

#[test]
fn rsa_keys_are_made_in_three_sizes() {
    for bits in [2048, 3072, 4096] {
        let request = KeyRequest::Rsa { bits };
        assert_eq!(request.check(), Ok(request));
    }
    assert_eq!(KeyRequest::Rsa { bits: 1024 }.check(), Err(KeyFailure::Size));
    let curve = KeyCurve::P384;
    assert_eq!(KeyRequest::Ec { curve }.check(), Ok(KeyRequest::Ec { curve }));
}

#[test]
fn a_key_that_no_request_can_be_made_with_is_a_finding() {
    let found = |failure: KeyFailure| {
        let findings = failure.findings();
        assert_eq!(findings.len(), 1, "{findings:?}");
        (
            findings[0].code.as_str(),
            findings[0].field.clone().unwrap(),
            findings[0].message.clone(),
        )
    };
    let (code, field, _) = found(KeyFailure::Size);
    assert_eq!((code, field.as_str()), ("key_unfit", "key.bits"));
    let (code, field, _) = found(KeyFailure::CannotSign);
    assert_eq!((code, field.as_str()), ("key_unfit", "key"));
    let (code, field, message) = found(KeyFailure::WebCrypto("no such curve".to_owned()));
    assert_eq!((code, field.as_str()), ("webcrypto", "key"));
    assert!(message.contains("no such curve"), "{message}");
}

#[test]
fn private_keys_are_framed_as_what_they_are() {
    let pem = private_key_pem(&[1, 2, 3]);
    assert_eq!(pem, "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n");
}
