//! What is made is what is read.

use markmonitor_certs::pki::{
    CsrContent, CsrRequest, Finding, GivenKey, Hash, Input, KeyCurve, KeyFailure, KeyKind, KeyRequest, Like, OwnKey,
    ParseErrorCode, Pbes2, RequestedSubject, SigningAlgorithm, StringType, UnsignedCsr, csr_pem, encrypted_key_pem,
    parse_csr, pkcs12::Pkcs12, private_key_pem,
};
use proptest::{collection::vec, option, prelude::*, string::string_regex};

use crate::{
    pasted::base64,
    support::{
        builder::{self, P256, POINT, ec_key, hex},
        der::{bits, integer, oid, seq, tlv, unsigned},
    },
};

/// What the platform's URL parser makes of the names in these tests.
fn to_ascii(host: &str) -> Option<String> {
    match host {
        "bücher.example.com" => Some("xn--bcher-kva.example.com".to_owned()),
        "１.１.１.１" => Some("1.1.1.1".to_owned()),
        _ => None,
    }
}

fn request(subject: &[(&str, &str)], lists: &[(&str, &[&str])]) -> CsrRequest {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    CsrRequest {
        subject: Some(RequestedSubject::new(
            subject.iter().map(|&(field, value)| (field, value.to_owned())),
        )),
        lists: lists
            .iter()
            .map(|(field, list)| ((*field).to_owned(), texts(list)))
            .collect(),
        ..CsrRequest::default()
    }
}

fn content(request: &CsrRequest) -> CsrContent {
    request.content(None, &to_ascii).unwrap()
}

fn made_of(content: &CsrContent, algorithm: SigningAlgorithm) -> String {
    csr_pem(&UnsignedCsr::new(content, ec_key(P256, &hex(POINT)), algorithm).sign(&[0xa5; 64]))
}

fn made(request: &CsrRequest, algorithm: SigningAlgorithm) -> String {
    made_of(&content(request), algorithm)
}

fn codes(findings: Vec<Finding>) -> Vec<&'static str> {
    findings.into_iter().map(|finding| finding.code.as_str()).collect()
}

fn label() -> impl Strategy<Value = String> {
    string_regex("[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?").unwrap()
}

fn host() -> impl Strategy<Value = String> {
    // A last label of letters: one of digits would make an address of the name.
    (vec(label(), 1..4), string_regex("[a-z]{2,8}").unwrap())
        .prop_map(|(labels, last)| format!("{}.{last}", labels.join(".")))
}

/// The fields that a decoded name has, too.
const FIELDS: [&str; 6] = [
    "commonName",
    "organizationName",
    "organizationalUnit",
    "locality",
    "state",
    "country",
];

fn values() -> impl Strategy<Value = Vec<Option<String>>> {
    // White space around a value would be trimmed, and a name with a dot taken for a host name.
    // Nor is one taken that was lost on its way.
    let text = || option::of(string_regex("[^\\PC\\s.。．｡](\\PC{0,38}[^\\PC\\s.。．｡])?").unwrap());
    let text = || text().prop_map(|text| text.map(|text| text.replace('\u{fffd}', "?")));
    let country = option::of(string_regex("[A-Z]{2}").unwrap());
    (vec(text(), 5), country).prop_map(|(mut values, country)| {
        values.push(country);
        values
    })
}

/// The fields whose string types have no other characters.
const IN_ASCII: [&str; 5] = [
    "domainComponent",
    "jurisdictionCountry",
    "serialNumber",
    "country",
    "email",
];

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
    fn reading_undoes_making(values in values(), names in vec(host(), 0..6), algorithm in 0..ALGORITHMS.len()) {
        let given = FIELDS.into_iter().zip(&values).filter_map(|(field, value)| Some((field, value.clone()?)));
        let request = CsrRequest {
            subject: Some(RequestedSubject::new(given)),
            lists: vec![("dnsNames".to_owned(), names.clone())],
            ..CsrRequest::default()
        };
        let pem = made(&request, ALGORITHMS[algorithm]);
        let csr = parse_csr(&Input::Text(&pem)).unwrap();
        let subject = csr.subject;
        let read = [
            subject.common_name,
            subject.organization_name,
            subject.organizational_unit,
            subject.locality,
            subject.state,
            subject.country,
        ];
        prop_assert_eq!(read.to_vec(), values);
        prop_assert_eq!(csr.subject_alt_names.dns, names);
        prop_assert_eq!(csr.pem, pem);
    }

    #[test]
    fn what_is_made_like_a_request_is_made_like_it_again(names in vec(host(), 1..6), staple in any::<bool>()) {
        let request = CsrRequest {
            lists: vec![("dnsNames".to_owned(), names), ("keyUsage".to_owned(), vec!["digitalSignature".to_owned()])],
            must_staple: Some(staple),
            ..CsrRequest::default()
        };
        let pem = made(&request, SigningAlgorithm::Ed25519);
        let like = Like::read(&Input::Text(&pem)).unwrap();
        let again = CsrRequest::default().content(Some(like), &to_ascii).unwrap();
        let again = parse_csr(&Input::Text(&made_of(&again, SigningAlgorithm::Ed25519))).unwrap();
        // The order of the extensions may be another.
        let first = parse_csr(&Input::Text(&pem)).unwrap();
        prop_assert_eq!(again.extensions, first.extensions);
        prop_assert_eq!(again.subject, first.subject);
    }

    #[test]
    fn no_octets_make_a_key_panic(octets in vec(any::<u8>(), 0..200)) {
        let _ = GivenKey::read(&Input::Bytes(&octets));
    }

    #[test]
    fn no_changed_octet_makes_a_key_panic(at in 0..100_usize, octet in any::<u8>()) {
        for (_, mut key) in keys() {
            let at = at % key.len();
            key[at] = octet;
            let _ = GivenKey::read(&Input::Bytes(&key));
        }
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
fn names_are_taken_as_people_type_them() {
    let request = request(
        &[("commonName", " bücher.example.com\r\n"), ("email", "a@example.com")],
        &[
            (
                "dnsNames",
                &[" example.com\n", "192.0.2.1", "[2001:db8::1]", "*.bücher.example.com\t"],
            ),
            ("ipAddresses", &[" 2001:DB8::2 "]),
            ("emailAddresses", &["ada@bücher.example.com"]),
            ("uris", &["https://example.com/a?b"]),
        ],
    );
    let csr = parse_csr(&Input::Text(&made(&request, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.subject.common_name.as_deref(), Some("xn--bcher-kva.example.com"));
    let names = csr.subject_alt_names;
    assert_eq!(names.dns, ["example.com", "*.xn--bcher-kva.example.com"]);
    assert_eq!(names.ip, ["192.0.2.1", "2001:db8::1", "2001:db8::2"]);
    assert_eq!(names.email, ["ada@xn--bcher-kva.example.com"]);
    assert_eq!(names.uri, ["https://example.com/a?b"]);
    let email = csr
        .subject
        .attributes
        .iter()
        .find(|one| one.name == Some("emailAddress"));
    assert_eq!(email.unwrap().string_type, StringType::Ia5String);
}

#[test]
fn a_common_name_is_taken_as_people_type_it() {
    for (typed, written) in [
        (" bücher.example.com\r\n", "xn--bcher-kva.example.com"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[a team]", "[a team]"),
        ("bücher", "bücher"),
    ] {
        let pem = made(&request(&[("commonName", typed)], &[]), SigningAlgorithm::Ed25519);
        let subject = parse_csr(&Input::Text(&pem)).unwrap().subject;
        assert_eq!(subject.common_name.as_deref(), Some(written));
    }
}

#[test]
fn what_the_platform_reads_as_an_address_is_not_a_host_name() {
    let request = request(&[], &[("dnsNames", &["１.１.１.１"])]);
    assert_eq!(codes(content(&request).refusals()), ["dns_not_ascii"]);
}

#[test]
fn every_attribute_is_written_in_its_place_and_type() {
    let given = [
        ("commonName", "example.com"),
        ("organizationalUnit", "first"),
        ("organizationalUnit", "second"),
        ("domainComponent", "com"),
        ("domainComponent", "example"),
        ("serialNumber", "HRB 1"),
        ("businessCategory", "Private Organization"),
        ("jurisdictionCountry", "DE"),
        ("jurisdictionState", "Bayern"),
        ("jurisdictionLocality", "München"),
        ("streetAddress", "1 Main Street"),
        ("postalCode", "83642"),
        ("organizationIdentifier", "VATDE-1"),
        ("country", "DE"),
    ];
    let pem = made(&request(&given, &[]), SigningAlgorithm::Ed25519);
    let subject = parse_csr(&Input::Text(&pem)).unwrap().subject;
    let written: Vec<(&str, &str)> = subject
        .attributes
        .iter()
        .map(|attribute| (attribute.name.unwrap(), attribute.value.as_str()))
        .collect();
    assert_eq!(
        written,
        [
            ("domainComponent", "com"),
            ("domainComponent", "example"),
            ("jurisdictionCountryName", "DE"),
            ("jurisdictionStateOrProvinceName", "Bayern"),
            ("jurisdictionLocalityName", "München"),
            ("businessCategory", "Private Organization"),
            ("serialNumber", "HRB 1"),
            ("countryName", "DE"),
            ("postalCode", "83642"),
            ("streetAddress", "1 Main Street"),
            ("organizationIdentifier", "VATDE-1"),
            ("organizationalUnitName", "first"),
            ("organizationalUnitName", "second"),
            ("commonName", "example.com"),
        ]
    );
    // No rule finds another string type than it wants.
    let findings = content(&request(&given, &[("dnsNames", &["example.com"])])).refusals();
    assert_eq!(codes(findings), Vec::<&str>::new());
}

#[test]
fn each_line_of_a_street_is_a_value() {
    let streets = |given: &[(&str, &str)]| -> Vec<String> {
        let subject = parse_csr(&Input::Text(&made(&request(given, &[]), SigningAlgorithm::Ed25519)));
        let attributes = subject.unwrap().subject.attributes.into_iter();
        attributes
            .filter(|attribute| attribute.oid == "2.5.4.9")
            .map(|attribute| attribute.value)
            .collect()
    };
    for ends in ["\n", "\r\n", "\r", "\n\n", " \n "] {
        let given = format!("Weg 1{ends}Haus 2{ends}");
        assert_eq!(streets(&[("streetAddress", &given)]), ["Weg 1", "Haus 2"], "{given:?}");
    }
    assert_eq!(
        streets(&[("streetAddress", "a\nb"), ("streetAddress", "c")]),
        ["a", "b", "c"]
    );
}

#[test]
fn what_is_wrong_with_a_subject_is_said_of_the_field_that_was_given() {
    for field in RequestedSubject::FIELDS
        .iter()
        .filter(|field| !IN_ASCII.contains(field))
    {
        // Others before it, so that its place is not the first; a character that is not seen is an error in each.
        let mut given: Vec<(&str, &str)> = vec![("domainComponent", "com"), ("streetAddress", "a\nb")];
        given.push((field, "x\u{200b}y"));
        let refusals = content(&request(&given, &[("dnsNames", &["example.com"])])).refusals();
        let fields: Vec<&str> = refusals
            .iter()
            .filter(|finding| finding.code.as_str() == "subject_control_character")
            .filter_map(|finding| finding.field.as_deref())
            .collect();
        assert_eq!(fields, [format!("subject.{field}")]);
        assert!(
            refusals
                .iter()
                .all(|finding| !finding.field.as_deref().unwrap().contains("attributes"))
        );
    }
    // In a request that this one is like, too.
    let other = builder::csr()
        .with(builder::attribute("2.5.4.9", 0x0c, "x\u{200b}y"))
        .der();
    let like = Like::read(&Input::Bytes(&other)).unwrap();
    let refusals = CsrRequest::default().content(Some(like), &to_ascii).unwrap().refusals();
    assert_eq!(refusals[0].field.as_deref(), Some("subject.streetAddress"));
}

#[test]
fn key_usages_are_the_bits_of_their_names() {
    let all = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];
    for count in 1..=all.len() {
        for usages in [&all[..count], &all[count - 1..count]] {
            let request = request(&[], &[("keyUsage", usages), ("extendedKeyUsage", &["clientAuth"])]);
            let csr = parse_csr(&Input::Text(&made(&request, SigningAlgorithm::Ed25519))).unwrap();
            assert_eq!(csr.key_usage.as_deref(), Some(usages));
            assert!(csr.extensions[0].critical);
            assert_eq!(csr.extended_key_usage.unwrap(), ["clientAuth"]);
        }
    }
}

#[test]
fn must_staple_is_the_feature_of_its_rfc() {
    let request = CsrRequest {
        must_staple: Some(true),
        ..CsrRequest::default()
    };
    let csr = parse_csr(&Input::Text(&made(&request, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.extensions.len(), 1);
    assert_eq!(csr.extensions[0].oid, "1.3.6.1.5.5.7.1.24");
    assert!(!csr.extensions[0].critical);
}

#[test]
fn what_cannot_be_written_is_refused_by_its_place() {
    for (field, value) in [
        ("ipAddresses", "example.com"),
        ("ipAddresses", "10.0.0.0/8"),
        ("emailAddresses", "example.com"),
        ("emailAddresses", "@example.com"),
        ("emailAddresses", "<a@example.com>"),
        ("emailAddresses", "mailto:a@example.com"),
        ("emailAddresses", "a@@example.com"),
        ("emailAddresses", "a..b@example.com"),
        ("emailAddresses", "a@example..com"),
        ("emailAddresses", "a,b@example.com"),
        ("emailAddresses", "a@example.com:25"),
        ("emailAddresses", "ä@example.com"),
        ("uris", "example.com/a"),
        ("uris", "http://"),
        ("uris", "http:///a"),
        ("uris", "http://:80"),
        ("uris", "urn:"),
        ("uris", "https://bücher.example.com/"),
        ("keyUsage", "digitalsignature"),
        ("extendedKeyUsage", "codeSigning"),
    ] {
        let findings = request(&[], &[(field, &[value])]).content(None, &to_ascii).unwrap_err();
        assert_eq!(codes(findings.clone()), ["invalid_argument"], "{field} {value}");
        assert_eq!(findings[0].field, Some(format!("{field}[0]")));
        assert!(!findings[0].message.contains(value), "{}", findings[0].message);
    }
}

#[test]
fn addresses_that_are_odd_and_sound_are_written() {
    for (field, value) in [
        ("emailAddresses", "a.b+c'd@example.com"),
        ("emailAddresses", "!#$%&*/=?^_`{|}~-@a-b.example"),
        ("uris", "urn:a:b"),
        ("uris", "http://[2001:db8::1]:80/"),
        ("uris", "spiffe://example.com"),
    ] {
        let csr = parse_csr(&Input::Text(&made(
            &request(&[], &[(field, &[value])]),
            SigningAlgorithm::Ed25519,
        )))
        .unwrap();
        let names = csr.subject_alt_names;
        assert_eq!([names.email, names.uri].concat(), [value]);
    }
}

#[test]
fn a_subject_with_a_lost_character_is_refused_by_its_place() {
    let findings = request(&[("locality", "M\u{fffd}nchen")], &[])
        .content(None, &to_ascii)
        .unwrap_err();
    assert_eq!(codes(findings.clone()), ["invalid_argument"]);
    assert_eq!(findings[0].field.as_deref(), Some("subject.locality"));
}

#[test]
fn a_value_that_its_string_type_cannot_hold_is_refused_by_its_place() {
    let refused = |field: &str, value: &str| request(&[(field, value)], &[]).content(None, &to_ascii).err();
    for field in IN_ASCII {
        let findings = refused(field, "bücher").unwrap();
        assert_eq!(codes(findings.clone()), ["invalid_argument"]);
        assert_eq!(findings[0].field.as_deref(), Some(&*format!("subject.{field}")));
        let is_host = ["domainComponent", "email"].contains(&field);
        assert_eq!(findings[0].message.contains("xn--"), is_host, "{field}");
        assert_eq!(refused(field, "HRB_123").is_none(), is_host, "{field}");
        assert_eq!(refused(field, " HRB 123/4 "), None, "{field}");
    }
    assert_eq!(refused("organizationName", "Bücher_1"), None);
}

#[test]
fn a_purpose_that_is_given_twice_is_written_once() {
    let request = request(
        &[],
        &[("extendedKeyUsage", &["serverAuth", "clientAuth", "serverAuth"])],
    );
    let csr = parse_csr(&Input::Text(&made(&request, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.extended_key_usage.unwrap(), ["serverAuth", "clientAuth"]);
}

#[test]
fn names_that_look_like_others_are_refused() {
    // As the platform's parser has them: a fraction slash is in both.
    let to_ascii = |host: &str| match host {
        "a⁄b.com" => Some("xn--ab-c6t.com".to_owned()),
        "½.com" => Some("xn--12-c6t.com".to_owned()),
        _ => None,
    };
    for name in ["a⁄b.com", "½.com"] {
        let content = request(&[], &[("dnsNames", &[name])]).content(None, &to_ascii).unwrap();
        assert_eq!(codes(content.refusals()), ["dns_deceptive"], "{name}");
    }
}

#[test]
fn a_private_key_in_the_wrong_field_is_refused_and_not_shown() {
    let pem = private_key_pem(&keys()[0].1);
    let (subject, name) = ([("organizationName", pem.as_str())], [pem.as_str()]);
    for (request, field) in [
        (request(&subject, &[]), "subject.organizationName"),
        (request(&[], &[("dnsNames", &name)]), "dnsNames[0]"),
        (request(&[], &[("uris", &name)]), "uris[0]"),
    ] {
        let findings = request.content(None, &to_ascii).unwrap_err();
        assert_eq!(findings[0].field.as_deref(), Some(field));
        assert!(!format!("{findings:?}").contains(&pem[40..60]));
    }
}

#[test]
fn nothing_is_made_that_an_inspection_calls_an_error_unless_it_is_wanted_all_the_same() {
    let refusals = |country: &str, name: &str, check: bool| {
        let request = CsrRequest {
            check: Some(check),
            ..request(&[("country", country)], &[("dnsNames", &[name])])
        };
        codes(content(&request).refusals())
    };
    assert_eq!(refusals("US", "example.com", true), Vec::<&str>::new());
    assert_eq!(refusals("US", "intranet.local", true), ["dns_internal"]);
    assert_eq!(refusals("US", "10.0.0.1", true), ["ip_reserved"]);
    assert_eq!(
        refusals("UK", "büch er.example.com", true),
        ["country_uk", "dns_not_ascii", "dns_not_ldh"]
    );
    assert_eq!(refusals("US", "192.0.2.256", true), ["dns_is_ip"]);
    assert_eq!(
        refusals("usa", "https://example.com", true),
        ["country_invalid", "dns_not_ldh"]
    );
    assert_eq!(refusals("usa", "https://example.com", false), Vec::<&str>::new());
    assert_eq!(codes(content(&CsrRequest::default()).refusals()), ["no_names"]);
}

#[test]
fn a_request_like_a_certificate_has_what_its_own_request_asked_for() {
    let leaf = include_str!("fixtures/leaf-90.cert.pem");
    let like = || Some(Like::read(&Input::Text(leaf)).unwrap());
    let certificate = markmonitor_certs::pki::parse_certificate(&Input::Text(leaf)).unwrap();
    let content = CsrRequest::default().content(like(), &to_ascii).unwrap();
    let csr = parse_csr(&Input::Text(&made_of(&content, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.subject, certificate.subject);
    assert_eq!(csr.subject_alt_names, certificate.subject_alt_names);
    assert_eq!(csr.key_usage, certificate.key_usage);
    assert_eq!(csr.extended_key_usage, certificate.extended_key_usage);
    let is_of_authority = |oid: &str| ["2.5.29.35", "2.5.29.14", "1.3.6.1.5.5.7.1.1"].contains(&oid);
    assert!(!csr.extensions.iter().any(|extension| is_of_authority(&extension.oid)));

    // What is given takes the place of what is there.
    let other = request(
        &[("commonName", "example.org")],
        &[("dnsNames", &["example.org"]), ("keyUsage", &[])],
    );
    let content = other.content(like(), &to_ascii).unwrap();
    let csr = parse_csr(&Input::Text(&made_of(&content, SigningAlgorithm::Ed25519))).unwrap();
    assert_eq!(csr.subject.attributes.len(), 1);
    assert_eq!(csr.subject_alt_names.dns, ["example.org"]);
    assert_eq!(csr.key_usage, None);
    assert_eq!(csr.extended_key_usage, certificate.extended_key_usage);
}

#[test]
fn a_key_identifier_is_that_of_the_new_key() {
    let like = builder::csr().extension("2.5.29.14", &tlv(0x04, &[&[7; 20]]));
    let like = Like::read(&Input::Bytes(&like.der())).unwrap();
    let content = CsrRequest::default().content(Some(like), &to_ascii).unwrap();
    let csr = parse_csr(&Input::Text(&made_of(&content, SigningAlgorithm::Ed25519))).unwrap();
    let identifier = csr.extensions.iter().find(|one| one.oid == "2.5.29.14").unwrap();
    // The SHA-1 of the bits of the key.
    assert_eq!(identifier.value, "b467a3999eb5efa671de0032f08a9c9e5efda0e1");
}

#[test]
fn curves_and_hashes_have_webcryptos_names() {
    assert_eq!([KeyCurve::P256, KeyCurve::P384].map(KeyCurve::name), ["P-256", "P-384"]);
    for (hash, name) in [
        (Hash::Sha256, "SHA-256"),
        (Hash::Sha384, "SHA-384"),
        (Hash::Sha512, "SHA-512"),
    ] {
        assert_eq!((Hash::of(name), hash.name()), (Some(hash), name));
    }
    assert_eq!(Hash::of("SHA-1"), None);
}

#[test]
fn a_signature_of_ecdsa_is_two_numbers_and_another_is_its_octets() {
    let content = content(&CsrRequest::default());
    let raw = [vec![0x80; 32], vec![0], vec![1; 31]].concat();
    let signed = |algorithm| UnsignedCsr::new(&content, ec_key(P256, &hex(POINT)), algorithm).sign(&raw);
    let numbers = seq(&[&unsigned(&[0x80; 32]), &unsigned(&[1; 31])]);
    for algorithm in ALGORITHMS {
        let expected = match algorithm {
            SigningAlgorithm::Ecdsa(_) => bits(&numbers),
            _ => bits(&raw),
        };
        assert!(signed(algorithm).ends_with(&expected), "{algorithm:?}");
    }
}

#[test]
fn what_is_neither_is_nothing_to_be_like() {
    assert!(Like::read(&Input::Text("hello")).is_err());
    let public = seq(&[&seq(&[&oid(builder::RSA), &[5, 0]]), &builder::rsa_key(&[3], &[3])]);
    assert!(Like::read(&Input::Bytes(&public)).is_err());
    assert!(Like::read(&Input::Bytes(&keys()[0].1)).is_err());
}

const LEAVES: [&str; 2] = [
    include_str!("fixtures/leaf-90.cert.pem"),
    include_str!("fixtures/leaf-900.cert.pem"),
];

#[test]
fn of_several_requests_or_leaves_none_is_chosen_to_be_like() {
    let one = include_str!("fixtures/three-names.csr.pem");
    let several = [[one, include_str!("fixtures/shop.csr.pem")].concat(), LEAVES.concat()];
    for text in several {
        let error = Like::read(&Input::Text(&text)).unwrap_err();
        assert_eq!(error.code, ParseErrorCode::WrongKind);
        assert!(error.message.contains("several"), "{}", error.message);
    }
    // The same one twice, and a leaf with what issued it.
    for text in [
        one.repeat(2),
        [LEAVES[0], include_str!("fixtures/intermediate.cert.pem")].concat(),
    ] {
        assert!(Like::read(&Input::Text(&text)).is_ok());
    }
}

#[test]
fn a_file_is_of_the_certificate_of_the_key_that_ends_last() {
    let der = |pem: &str| x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap().1.contents;
    let leaf = der(LEAVES[0]);
    let spki = x509_parser::parse_x509_certificate(&leaf)
        .unwrap()
        .1
        .tbs_certificate
        .subject_pki
        .raw;
    let place = |all: &[u8], pem: &str| {
        let der = der(pem);
        all.windows(der.len()).position(|part| part == der).unwrap()
    };
    let issuer = include_str!("fixtures/intermediate.cert.pem");
    for [first, second] in [LEAVES, [LEAVES[1], LEAVES[0]]] {
        let inputs = [Input::Text(first), Input::Text(second), Input::Text(issuer)];
        let file = Pkcs12::new(&inputs, spki, None).unwrap().unwrap().certificates();
        let [old, new, issuer] = [LEAVES[0], LEAVES[1], issuer].map(|pem| place(&file, pem));
        assert!(new < issuer && issuer < old);
    }
    // A request in the place of a certificate is named, and not passed over.
    let inputs = [Input::Text(include_str!("fixtures/three-names.csr.pem"))];
    let error = Pkcs12::new(&inputs, spki, None).unwrap_err();
    assert_eq!(error.code, ParseErrorCode::WrongKind);
    assert!(error.message.contains("a certificate request"), "{}", error.message);
}

#[test]
fn a_key_is_read_without_its_frame_and_twice() {
    for (kind, der) in keys() {
        let pem = private_key_pem(&der);
        let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for text in [bare.clone(), format!(" {bare}\r\n"), pem.repeat(2)] {
            for input in [Input::Text(&text), Input::Bytes(text.as_bytes())] {
                let Ok(GivenKey::Plain(key)) = GivenKey::read(&input) else {
                    panic!("{text}")
                };
                assert_eq!(key.kind, kind);
            }
        }
        // Not where something is lost or beside it.
        for text in [
            bare[..bare.len() - 8].to_owned(),
            format!("key: {bare}"),
            format!("{bare}!"),
        ] {
            assert!(GivenKey::read(&Input::Text(&text)).is_err(), "{text}");
        }
    }
    // The same key in two forms, as some tools write it.
    let two = [private_key_pem(&keys()[0].1), private_key_pem(&keys()[1].1)].concat();
    assert!(GivenKey::read(&Input::Text(&two)).is_ok());
}

#[test]
fn a_key_with_too_many_iterations_is_refused_with_their_number() {
    let encrypted = |count: &[u8]| {
        let kdf = seq(&[&tlv(0x04, &[&[0x41; 8]]), &tlv(0x02, &[count])]);
        let kdf = seq(&[&oid("1.2.840.113549.1.5.12"), &kdf]);
        let cipher = seq(&[&oid("2.16.840.1.101.3.4.1.42"), &tlv(0x04, &[&[0x41; 16]])]);
        let scheme = seq(&[&oid("1.2.840.113549.1.5.13"), &seq(&[&kdf, &cipher])]);
        GivenKey::read(&Input::Bytes(&seq(&[&scheme, &tlv(0x04, &[&[0x41; 48]])])))
    };
    assert!(matches!(
        encrypted(&[0x00, 0x98, 0x96, 0x80]),
        Ok(GivenKey::Encrypted(..))
    ));
    for (count, digits) in [
        (&[0x00, 0x98, 0x96, 0x81][..], "10000001"),
        (&[0x7f, 0xff, 0xff, 0xff], "2147483647"),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], "4722366482869645213696"),
    ] {
        let findings = encrypted(count).unwrap_err().findings();
        assert_eq!(codes(findings.clone()), ["key_unreadable"]);
        assert!(findings[0].message.contains(digits), "{}", findings[0].message);
    }
    for count in [&[0][..], &[0xff]] {
        let findings = encrypted(count).unwrap_err().findings();
        assert!(findings[0].message.contains("parameters"), "{}", findings[0].message);
    }
}

#[test]
fn an_rsa_key_whose_numbers_do_not_belong_together_is_refused() {
    let refused = |der: &[u8]| {
        let failure = GivenKey::read(&Input::Bytes(der)).map(|_| ()).unwrap_err();
        let findings = failure.findings();
        assert!(findings[0].message.contains("damaged"), "{}", findings[0].message);
        codes(findings)
    };
    for at in 0..RSA_NUMBERS.len() {
        let digits = RSA_NUMBERS[at];
        let changed = format!("{}{}", &digits[..digits.len() - 2], "4f");
        let other = RSA_NUMBERS[(at + 1) % RSA_NUMBERS.len()];
        for number in [changed.as_str(), other, "00", "01", &"ff".repeat(4096)] {
            let mut numbers = RSA_NUMBERS;
            numbers[at] = number;
            let key = pkcs1(numbers);
            assert_eq!(refused(&key), ["key_unreadable"], "{at}: {number}");
            let algorithm = seq(&[&oid(builder::RSA), &[5, 0]]);
            let pkcs8 = seq(&[&unsigned(&[0]), &algorithm, &tlv(0x04, &[&key])]);
            assert_eq!(refused(&pkcs8), ["key_unreadable"], "{at}: {number}");
        }
    }
    // The primes have an order: each has its exponent, and the coefficient is that of the second.
    let [modulus, public, private, p, q, of_p, of_q, coefficient] = RSA_NUMBERS;
    refused(&pkcs1([modulus, public, private, q, p, of_p, of_q, coefficient]));
    refused(&pkcs1([modulus, public, private, q, p, of_q, of_p, coefficient]));
}

const ED25519: &str = "1.3.101.112";

/// Modulus, exponents, primes, exponents and coefficient of the primes; too small to be anybody's.
const RSA_NUMBERS: [&str; 8] = [
    "cc913409388e63867c70c9f8ffc06446dddcb91b0253957ae9ac73c1a33ffbc3",
    "010001",
    "14ef6b46e24dd82ba4429ab8ebdb91a76c0850fc7dc0e9288df3b2385b1dcdf1",
    "d4c28c2e7c26847f0316909e3bbbe9eb",
    "f6246771c845007063771407e8e72789",
    "af100952727b2b086b5d14cfee2cb7d3",
    "921d5a2af92fbceafaa09d8b747e83c1",
    "8c010277d2bd124bede587cd0cb3a9b5",
];

fn pkcs1(numbers: [&str; 8]) -> Vec<u8> {
    let numbers = numbers.map(|digits| unsigned(&hex(digits)));
    seq(&[&unsigned(&[0]), &numbers.concat()])
}

/// A key of each form, not one of which is anybody's.
fn keys() -> Vec<(KeyKind, Vec<u8>)> {
    let octets = |octets: &[u8]| tlv(0x04, &[octets]);
    let one = unsigned(&[1]);
    let pkcs1 = pkcs1(RSA_NUMBERS);
    let curve = oid(P256);
    let sec1 = seq(&[&one, &octets(&[0x42; 32]), &tlv(0xa0, &[&curve])]);
    let bare = seq(&[&one, &octets(&[0x42; 31])]);
    let pkcs8 =
        |algorithm: &[&[u8]], key: &[u8], after: &[u8]| seq(&[&unsigned(&[0]), &seq(algorithm), &octets(key), after]);
    vec![
        (KeyKind::Rsa, pkcs8(&[&oid(builder::RSA), &[5, 0]], &pkcs1, &[])),
        (KeyKind::Rsa, pkcs1),
        (KeyKind::Ec("P-256"), sec1.clone()),
        (
            KeyKind::Ec("P-256"),
            pkcs8(&[&oid(builder::EC), &curve], &bare, &tlv(0xa0, &[])),
        ),
        (KeyKind::Ec("P-256"), pkcs8(&[&oid(builder::EC), &curve], &sec1, &[])),
        (KeyKind::Ed25519, pkcs8(&[&oid(ED25519)], &octets(&[0x43; 32]), &[])),
    ]
}

#[test]
fn keys_of_every_form_become_the_one_that_every_runtime_takes() {
    for (kind, der) in keys() {
        for input in [Input::Bytes(&der), Input::Text(&private_key_pem(&der))] {
            let GivenKey::Plain(key) = GivenKey::read(&input).unwrap() else {
                panic!("it is not encrypted")
            };
            assert_eq!(key.kind, kind);
            // What is in that form stays as it is.
            let GivenKey::Plain(again) = GivenKey::read(&Input::Bytes(&key.pkcs8)).unwrap() else {
                panic!()
            };
            assert_eq!(again.pkcs8, key.pkcs8);
        }
    }
    let pkcs8_of = |at: usize| match GivenKey::read(&Input::Bytes(&keys()[at].1)) {
        Ok(GivenKey::Plain(key)) => key.pkcs8,
        other => panic!("{other:?}"),
    };
    assert_eq!(pkcs8_of(0), pkcs8_of(1));
    assert_eq!(pkcs8_of(2), pkcs8_of(4));
}

#[test]
fn what_a_password_decrypts_to_is_a_key_or_it_was_the_wrong_one() {
    let mut pkcs8 = Vec::new();
    for (kind, der) in keys() {
        let key = OwnKey::decrypted(&der).unwrap();
        assert_eq!(key.kind, kind);
        pkcs8 = key.pkcs8;
    }
    for noise in [&[0x5a; 48][..], &[], &seq(&[]), &pkcs8[..pkcs8.len() - 1]] {
        assert_eq!(
            OwnKey::decrypted(noise).unwrap_err(),
            KeyFailure::WRONG_PASSWORD,
            "{noise:?}"
        );
    }
    // A key that cannot be used is one all the same: DSA, of six numbers.
    let number = unsigned(&[1]);
    let dsa = seq(&[&integer(&[0]), &number, &number, &number, &number, &number]);
    assert_ne!(OwnKey::decrypted(&dsa).unwrap_err(), KeyFailure::WRONG_PASSWORD);
}

#[test]
fn an_encrypted_key_is_read_with_what_it_was_encrypted_with() {
    let encryption = Pbes2::new(1_000, vec![1; 16], vec![2; 16]);
    let pem = encrypted_key_pem(&encryption, b"encrypted".to_vec());
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    let Ok(GivenKey::Encrypted(read, octets)) = GivenKey::read(&Input::Text(&pem)) else {
        panic!("it is encrypted")
    };
    assert_eq!((read, octets.as_slice()), (encryption, &b"encrypted"[..]));
}

#[test]
fn only_domain_components_streets_and_units_may_be_several() {
    let several: Vec<&str> = RequestedSubject::FIELDS
        .iter()
        .copied()
        .filter(|field| RequestedSubject::has_several(field))
        .collect();
    assert_eq!(several, ["domainComponent", "streetAddress", "organizationalUnit"]);
    assert!(!RequestedSubject::has_several("other"));
}

#[test]
fn keys_are_found_as_files_and_variables_have_them() {
    let pem = private_key_pem(&keys()[0].1);
    let certificate = include_str!("fixtures/leaf-90.cert.pem");
    for text in [
        format!("{certificate}{pem}"),
        format!("{pem}\n{certificate}"),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\r\n"),
        format!("\u{feff}{pem}"),
        format!("Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n{pem}"),
        // As Kubernetes keeps a secret, and a file of UTF-16 that was read as Latin-1.
        base64(pem.as_bytes()),
        pem.chars().flat_map(|c| [c, '\0']).collect(),
    ] {
        assert!(
            matches!(GivenKey::read(&Input::Text(&text)), Ok(GivenKey::Plain(_))),
            "{text}"
        );
        assert!(matches!(
            GivenKey::read(&Input::Bytes(text.as_bytes())),
            Ok(GivenKey::Plain(_))
        ));
    }
}

#[test]
fn what_is_no_key_that_can_be_used_is_named() {
    let frame = |label: &str, der: &[u8]| private_key_pem(der).replace("PRIVATE KEY", label);
    let key = &keys()[0].1;
    let dsa: Vec<Vec<u8>> = (0..6).map(|_| unsigned(&[0x41])).collect();
    let dsa = seq(&dsa.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let other = |kind: &str| seq(&[&unsigned(&[0]), &seq(&[&oid(kind)]), &tlv(0x04, &[&[0x41; 40]])]);
    let secp256k1 = seq(&[
        &unsigned(&[1]),
        &tlv(0x04, &[&[0x41; 32]]),
        &tlv(0xa0, &[&oid("1.3.132.0.10")]),
    ]);
    let encrypted = |scheme: &str| {
        let parameters = seq(&[&tlv(0x04, &[&[0x41; 8]]), &unsigned(&[8, 0])]);
        seq(&[&seq(&[&oid(scheme), &parameters]), &tlv(0x04, &[&[0x41; 48]])])
    };
    let mut numbers = vec![unsigned(&[1])];
    numbers.extend((0..8).map(|_| unsigned(&[0x41; 16])));
    let other_primes = seq(&[&seq(&[&unsigned(&[0x41]), &unsigned(&[0x41]), &unsigned(&[0x41])])]);
    let multi_prime = seq(&[&numbers.concat(), &other_primes]);
    let pkcs8 = seq(&[
        &unsigned(&[0]),
        &seq(&[&oid(builder::RSA), &[5, 0]]),
        &tlv(0x04, &[&multi_prime]),
    ]);
    let table: Vec<(String, &str)> = vec![
        (String::new(), "not a private key"),
        (
            "/etc/ssl/private/example.com.key".to_owned(),
            "not the name of the file",
        ),
        (key.iter().map(|octet| format!("{octet:02x}")).collect(), "nor hex"),
        (private_key_pem(key).replace("--", "\u{2014}"), "other dashes"),
        ("AAAA".repeat(20), "not a private key"),
        (
            include_str!("fixtures/leaf-90.cert.pem").to_owned(),
            "only something public",
        ),
        (
            frame("OPENSSH PRIVATE KEY", b"openssh-key-v1\0AAAA"),
            "ssh-keygen -p -m PKCS8",
        ),
        (frame("DSA PRIVATE KEY", &dsa), "DSA"),
        (frame("PRIVATE KEY", &dsa), "DSA"),
        (frame("PRIVATE KEY", &other("1.2.840.10040.4.1")), "DSA"),
        (frame("PRIVATE KEY", &other("1.3.101.113")), "Ed448"),
        (frame("PRIVATE KEY", &other("1.3.101.110")), "X25519"),
        (frame("PRIVATE KEY", &other("1.2.840.113549.1.1.10")), "PSS"),
        (
            frame("PRIVATE KEY", &other("1.2.3.4")),
            "of a kind that signs no requests",
        ),
        (frame("EC PRIVATE KEY", &secp256k1), "secp256k1"),
        (
            frame("EC PRIVATE KEY", &seq(&[&unsigned(&[1]), &tlv(0x04, &[&[0x41; 32]])])),
            "which curve",
        ),
        (frame("PRIVATE KEY", &key[..60]), "cut off"),
        (frame("RSA PRIVATE KEY", &multi_prime), "more than two primes"),
        (frame("PRIVATE KEY", &pkcs8), "more than two primes"),
        (
            format!("{}{}", private_key_pem(key), private_key_pem(&keys()[2].1)),
            "more than one",
        ),
        (
            private_key_pem(key).replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\n", 1),
            "Proc-Type",
        ),
        (
            frame("ENCRYPTED PRIVATE KEY", &encrypted("1.2.840.113549.1.5.3")),
            "PBES1 with MD5 and DES",
        ),
        (
            frame("ENCRYPTED PRIVATE KEY", &encrypted("1.2.840.113549.1.12.1.3")),
            "old PKCS #12",
        ),
        (frame("ENCRYPTED PRIVATE KEY", &encrypted("1.2.3.4")), "not known here"),
        ("{\"kty\":\"EC\",\"d\":\"AAAA\"}".to_owned(), "JSON Web Key"),
        ("PuTTY-User-Key-File-3: ssh-rsa".to_owned(), "PuTTY"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n".to_owned(), "PGP"),
        ("<RSAKeyValue><Modulus>AAAA</Modulus></RSAKeyValue>".to_owned(), ".NET"),
    ];
    for (text, expected) in table {
        let failure = GivenKey::read(&Input::Text(&text)).map(|_| ()).unwrap_err();
        let findings = failure.findings();
        assert_eq!(codes(findings.clone()), ["key_unreadable"], "{text}");
        let message = &findings[0].message;
        assert!(message.contains(expected), "{message} lacks {expected}");
        assert!(
            !message.contains("AAAA") && !message.contains("4141") && !message.contains("QUFB"),
            "{message}"
        );
    }
    let pfx = seq(&[&unsigned(&[3]), &seq(&[&oid("1.2.840.113549.1.7.1")])]);
    let failure = GivenKey::read(&Input::Bytes(&pfx)).map(|_| ()).unwrap_err();
    assert!(failure.findings()[0].message.contains("PKCS #12"));
}

#[test]
fn a_public_key_beside_the_private_one_is_kept_so_that_it_can_be_compared() {
    let octets = |octets: &[u8]| tlv(0x04, &[octets]);
    let public = |tag: u8, key: &[u8]| {
        let bits = [&[0], key].concat();
        if tag == 0xa1 {
            tlv(tag, &[&tlv(3, &[&bits])])
        } else {
            tlv(tag, &[&bits])
        }
    };
    let sec1 = |public: &[u8]| seq(&[&unsigned(&[1]), &octets(&[0x42; 32]), public]);
    let algorithm = seq(&[&oid(builder::EC), &oid(P256)]);
    let pkcs8 = |algorithm: &[u8], key: &[u8], public: &[u8]| seq(&[&unsigned(&[1]), algorithm, &octets(key), public]);
    let read = |der: &[u8]| match GivenKey::read(&Input::Bytes(der)) {
        Ok(GivenKey::Plain(key)) => Ok(key),
        Ok(other) => panic!("{other:?}"),
        Err(failure) => Err(failure),
    };
    let (one, other) = (hex(POINT), [&[4], &[0x17; 64][..]].concat());
    let inside = pkcs8(&algorithm, &sec1(&public(0xa1, &one)), &[]);
    let outside = pkcs8(&algorithm, &sec1(&[]), &public(0x81, &one));
    let both = pkcs8(&algorithm, &sec1(&public(0xa1, &one)), &public(0x81, &one));
    let expected = read(&inside).unwrap();
    for der in [outside, both] {
        assert_eq!(read(&der).unwrap(), expected);
    }
    assert!(expected.has_public && !read(&pkcs8(&algorithm, &sec1(&[]), &[])).unwrap().has_public);
    let differ = pkcs8(&algorithm, &sec1(&public(0xa1, &one)), &public(0x81, &other));
    assert_eq!(read(&differ).unwrap_err(), KeyFailure::HalvesDiffer);
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
    for (failure, expected) in [
        (KeyFailure::Hash, ("key_unfit", "hash")),
        (KeyFailure::Kind("secp256k1"), ("key_unreadable", "key")),
        (KeyFailure::Encryption("scrypt"), ("key_unreadable", "key")),
        (KeyFailure::WRONG_PASSWORD, ("key_password", "key.password")),
        (KeyFailure::MISSING_PASSWORD, ("key_password", "key.password")),
        (KeyFailure::NEEDLESS_PASSWORD, ("key_password", "key.password")),
        (KeyFailure::Iterations("1".to_owned()), ("key_unreadable", "key")),
        (KeyFailure::JWK, ("key_unreadable", "key")),
        (KeyFailure::KEY_OBJECT, ("key_unreadable", "key")),
        (KeyFailure::NOT_PRIVATE, ("key_unreadable", "key")),
        (KeyFailure::SWAPPED, ("key_unreadable", "key")),
        (KeyFailure::HalvesDiffer, ("key_halves_differ", "key")),
        (KeyFailure::NotExtractable, ("webcrypto", "key")),
        (KeyFailure::NoCertificate, ("certificate_missing", "certificate")),
    ] {
        let (code, field, _) = found(failure);
        assert_eq!((code, field.as_str()), expected);
    }
    // What a certificate authority refuses is not recommended.
    let (.., message) = found(KeyFailure::Kind("secp256k1"));
    assert!(message.contains("P-384") && !message.contains("Ed25519"), "{message}");
    let (code, field, message) = found(KeyFailure::WebCrypto("no such curve".to_owned()));
    assert_eq!((code, field.as_str()), ("webcrypto", "key"));
    assert!(message.contains("no such curve"), "{message}");
}

#[test]
fn private_keys_are_framed_as_what_they_are() {
    let pem = private_key_pem(&[1, 2, 3]);
    assert_eq!(pem, "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n");
}
