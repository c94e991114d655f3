//! Each certificate of a bundle is judged by itself: its encoding, its key, its usages and what RFC 5280 has.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{BundleContext, Input, Severity, parse_bundle};
use pki::Finding;

use crate::{
    rules::{key_cases, modulus},
    support::{
        builder::{Csr, IA5, PRINTABLE, UTF8, attribute, csr, dns, rsa_key},
        certificate::{Cert, cert, together},
        der::{integer, oid, seq, set, tlv},
    },
};

const SERVER: &str = "1.3.6.1.5.5.7.3.1";

/// Of a server, as public ones are.
fn leaf() -> Cert {
    cert("example.com", "ca")
        .keys(1, 2)
        .names(&[dns("example.com"), tlv(0x87, &[&[8, 8, 8, 8]])])
        .usages(&[7, 0x80])
        .purposes(&[SERVER])
}

fn intermediate() -> Cert {
    cert("ca", "root")
        .keys(2, 3)
        .authority()
        .valid("20240101000000Z", "20300101000000Z")
}

fn root() -> Cert {
    cert("root", "root")
        .keys(3, 3)
        .authority()
        .valid("20200101000000Z", "20400101000000Z")
}

fn judged(certificates: &[&Cert]) -> Vec<Finding> {
    parse_bundle(&Input::Bytes(&together(certificates)), &BundleContext::default())
        .unwrap()
        .findings
}

/// Severity, code and field of what is said.
fn said(certificates: &[&Cert]) -> BTreeSet<(Severity, &'static str, String)> {
    let of = |finding: Finding| (finding.severity, finding.code.as_str(), finding.field.unwrap());
    judged(certificates).into_iter().map(of).collect()
}

/// An element with what it is made of; an OCTET STRING with the element in it, if it holds one.
enum Node {
    Octets(u8, Vec<u8>),
    Elements(u8, Vec<Node>),
}

/// All elements that follow one another; None if these are none.
fn nodes(der: &[u8]) -> Option<Vec<Node>> {
    let mut rest = der;
    let mut nodes = Vec::new();
    while let [tag, first, after @ ..] = rest {
        let (length, after) = match *first {
            length @ 0..=0x7f => (usize::from(length), after),
            0x81 => (usize::from(*after.first()?), &after[1..]),
            0x82 => (usize::from(u16::from_be_bytes([after[0], after[1]])), &after[2..]),
            _ => return None,
        };
        let (content, after) = after.split_at_checked(length)?;
        let inner = (tag & 0x20 != 0 || *tag == 0x04).then(|| nodes_of(content)).flatten();
        nodes.push(inner.map_or_else(
            || Node::Octets(*tag, content.to_vec()),
            |inner| Node::Elements(*tag, inner),
        ));
        rest = after;
    }
    rest.is_empty().then_some(nodes)
}

fn nodes_of(content: &[u8]) -> Option<Vec<Node>> {
    nodes(content).filter(|nodes| !nodes.is_empty() || content.is_empty())
}

/// What is done to one element.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// Its length takes one octet more than it needs.
    LongLength,
    /// Its length is not said.
    Indefinite,
    /// NULL follows what it is made of.
    OneMore,
    /// It is a number without octets.
    NoNumber,
}

/// Writes them, with one of them changed: the one that is reached when the count is down to 0.
fn written(nodes: &[Node], count: &mut usize, change: Change) -> Vec<u8> {
    let mut der = Vec::new();
    for node in nodes {
        let is_meant = *count == 0;
        *count = count.wrapping_sub(1);
        let (tag, mut content, is_made_of_others) = match node {
            Node::Octets(tag, content) => (*tag, content.clone(), false),
            Node::Elements(tag, inner) => (*tag, written(inner, count, change), true),
        };
        match change {
            _ if !is_meant => der.extend(tlv(tag, &[&content])),
            Change::LongLength => {
                let length = u32::try_from(content.len()).unwrap().to_be_bytes();
                der.extend([&[tag, 0x84], &length[..], &content].concat());
            }
            Change::Indefinite if tag & 0x20 != 0 => der.extend([&[tag, 0x80], &content[..], &[0, 0]].concat()),
            Change::OneMore if is_made_of_others => {
                content.extend([5, 0]);
                der.extend(tlv(tag, &[&content]));
            }
            Change::NoNumber => der.extend([2, 0]),
            Change::Indefinite | Change::OneMore => der.extend(tlv(tag, &[&content])),
        }
    }
    der
}

/// Whatever element of a certificate is not encoded as its definition has it, wherever it is, something is said.
#[test]
fn no_element_of_a_certificate_is_encoded_in_another_way_without_a_word() {
    let policy = seq(&[
        &oid("2.23.140.1.2.1"),
        &seq(&[&seq(&[&oid("1.3.6.1.5.5.7.2.1"), &tlv(IA5, &[b"http://a"])])]),
    ]);
    let point = seq(&[&tlv(0xa0, &[&tlv(0xa0, &[&tlv(0x86, &[b"http://c"])])])]);
    let access = seq(&[&oid("1.3.6.1.5.5.7.48.1"), &tlv(0x86, &[b"http://o"])]);
    let whole = leaf()
        .extension("2.5.29.19", &seq(&[]))
        .extension("2.5.29.32", &seq(&[&policy]))
        .extension("2.5.29.31", &seq(&[&point]))
        .extension("1.3.6.1.5.5.7.1.1", &seq(&[&access]))
        .extension("1.3.6.1.5.5.7.1.24", &seq(&[&integer(&[5])]));
    let others = together(&[&intermediate(), &root()]);
    let sound = nodes(&whole.der()).unwrap();
    let said_of = |der: &[u8]| {
        let input = [der, &others].concat();
        parse_bundle(&Input::Bytes(&input), &BundleContext::default()).map(|bundle| bundle.findings)
    };
    let mut nowhere = usize::MAX;
    assert_eq!(
        said_of(&written(&sound, &mut nowhere, Change::NoNumber)),
        Ok(Vec::new())
    );
    let mut changed = 0;
    for change in [
        Change::LongLength,
        Change::Indefinite,
        Change::OneMore,
        Change::NoNumber,
    ] {
        for at in 0.. {
            let mut count = at;
            let der = written(&sound, &mut count, change);
            if count <= at {
                break;
            }
            if der == whole.der() {
                continue;
            }
            // One that is no certificate any more is refused, or one of the others is the first.
            assert!(
                said_of(&der).is_ok_and(|findings| !findings.is_empty()) || said_of(&der).is_err(),
                "{change:?} {at}"
            );
            changed += 1;
        }
    }
    assert!(changed > 200, "{changed}");
}

/// What `OpenSSL` refuses to read, or programs that are strict; the field says where.
#[test]
fn what_others_refuse_to_read_is_an_error_with_its_field() {
    let of_subject = |rdn: Vec<u8>| Cert {
        rdns: vec![rdn],
        ..leaf()
    };
    let organization = |value: Vec<u8>| of_subject(set(&[&seq(&[&oid("2.5.4.10"), &value])]));
    let flag = [1, 1, 0xff];
    let extension = |parts: &[&[u8]]| {
        let mut one = leaf();
        one.extensions.push(seq(parts));
        one
    };
    let with_list = |extensions: &[Vec<u8>]| {
        let mut one = Cert {
            subject_key: None,
            authority_key: None,
            ..leaf()
        };
        one.extensions.clear();
        Cert {
            more: tlv(0xa3, &[&seq(&[&extensions.concat()])]).leak(),
            ..one
        }
    };
    let value = tlv(4, &[&[5, 0]]);
    let features = |tag: u8| leaf().extension("1.3.6.1.5.5.7.1.24", &seq(&[&tlv(tag, &[&[5]])]));
    let purposes = |members: &[&[u8]]| {
        let mut one = leaf();
        one.extensions.pop();
        one.extension("2.5.29.37", &seq(members))
    };
    let server = oid(SERVER);
    for (field, hit, miss) in [
        (
            Some("leaf"),
            extension(&[&oid("1.2.3"), &value, &flag]),
            extension(&[&oid("1.2.3"), &value]),
        ),
        (
            Some("leaf"),
            organization(integer(&[5])),
            organization(tlv(UTF8, &[b"a"])),
        ),
        (Some("leaf"), of_subject(set(&[])), organization(tlv(0x14, &[b"a"]))),
        (Some("leaf"), with_list(&[]), with_list(&leaf().extensions)),
        (
            Some("leaf.subject"),
            organization(tlv(UTF8, &[b"M\xfcller"])),
            organization(tlv(UTF8, &["Müller".as_bytes()])),
        ),
        (
            Some("leaf.subject"),
            organization(tlv(0x1e, &[&[0xd8, 0x00]])),
            organization(tlv(0x1e, &[b"abcd"])),
        ),
        // In other types it is Latin-1 to OpenSSL.
        (None, leaf(), organization(tlv(PRINTABLE, &[b"a*\xfc"]))),
        (
            Some("leaf.extensions"),
            purposes(&[&server, &[5, 0]]),
            purposes(&[&server]),
        ),
        (
            Some("leaf.extensions"),
            purposes(&[&tlv(PRINTABLE, &[&server[2..]])]),
            purposes(&[&server, &oid("1.2.3")]),
        ),
        (Some("leaf.extensions"), features(UTF8), features(2)),
        (
            Some("leaf.extensions"),
            leaf().extension("2.5.29.19", &seq(&[&flag, &integer(&[0xff])])),
            leaf(),
        ),
    ] {
        let malformed = |one: &Cert| {
            let of_code = said(&[one, &intermediate(), &root()]).into_iter();
            let found: Vec<String> = of_code
                .filter(|(severity, code, _)| (*severity, *code) == (Severity::Error, "certificate_malformed"))
                .map(|(_, _, field)| field)
                .collect();
            found
        };
        assert_eq!(malformed(&hit), Vec::from_iter(field), "{:x?}", hit.der());
        assert_eq!(malformed(&miss), [""; 0], "{:x?}", miss.der());
    }
}

/// A value of a name is text of one of the types that names have, or, for some kinds of attribute, a list or bits: whatever other
/// tag it has, a request and a certificate have an error.
#[test]
fn a_value_of_a_name_is_text() {
    let texts = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1c, 0x1e];
    let (lists, bits) = ([0x30], [0x03]);
    let is_refused = |kind: &str, value: &[u8]| {
        let attribute = seq(&[&oid(kind), value]);
        let with = Cert {
            rdns: vec![set(&[&attribute])],
            ..leaf()
        };
        let is_malformed = |finding: &Finding| finding.code.as_str() == "certificate_malformed";
        let is_unexpected = |finding: &Finding| finding.code.as_str() == "elements_unexpected";
        let of_certificate = judged(&[&with, &intermediate(), &root()]).iter().any(is_malformed);
        let of_request = csr().with(attribute).findings().iter().any(is_unexpected);
        assert_eq!(of_certificate, of_request, "{kind} {value:x?}");
        of_request
    };
    // localityName, organizationName, postalAddress, x500UniqueIdentifier, and what nobody knows.
    for (kind, others) in [
        ("2.5.4.7", &[][..]),
        ("2.5.4.10", &[]),
        ("2.5.4.16", &[lists, bits].concat()),
        ("2.5.4.45", &[lists, bits].concat()),
        ("1.2.3.4", &[lists, bits].concat()),
    ] {
        // A tag of more octets than one ends in ones; a list that is not made of elements is not even BER.
        for tag in (1..=0xff).filter(|tag| tag & 0x1f != 0x1f && *tag != 0x10) {
            let content: &[u8] = match tag {
                0x03 => &[0, 0x37],
                0x1c => &[0, 0, 0, 0x37],
                _ => &[0x0c, 2, 0x37, 0x37],
            };
            let is_known = texts.contains(&(tag & !0x20)) || others.contains(&tag) || others.contains(&(tag | 0x20));
            assert_eq!(is_refused(kind, &tlv(tag, &[content])), !is_known, "{kind} {tag:x}");
        }
        for impossible in [&[][..], &[8, 0x78], &[0x4e, 0x78]] {
            assert!(is_refused(kind, &tlv(0x03, &[impossible])), "{kind} {impossible:?}");
        }
    }
}

/// What has a default is left out where it has it, in each of the places of RSASSA-PSS.
#[test]
fn a_default_of_pss_that_is_written_is_not_der() {
    const PSS: &str = "1.2.840.113549.1.1.10";
    let hash = |kind: &str| seq(&[&oid(kind), &[5, 0]]);
    let mask = |kind: &str| seq(&[&oid("1.2.840.113549.1.1.8"), &hash(kind)]);
    let (sha1, sha256) = ("1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1");
    let number = |field: u8, number: u8| tlv(field, &[&integer(&[number])]);
    let is_found = |fields: &[u8]| {
        let algorithm = seq(&[&oid(PSS), &seq(&[fields])]);
        let is_such = |findings: Vec<Finding>| findings.iter().any(|finding| finding.code.as_str() == "not_der");
        let request = Csr {
            signature_algorithm: algorithm.clone(),
            ..csr()
        };
        let of_key = seq(&[&algorithm, &tlv(0x03, &[&[0], &seq(&[&integer(&[1]), &integer(&[3])])])]);
        let with_key = Cert {
            key: of_key.clone(),
            ..leaf()
        };
        let found = [
            is_such(request.findings()),
            is_such(csr().key(of_key).findings()),
            is_such(judged(&[&with_key, &intermediate(), &root()])),
        ];
        assert_eq!(found, [found[0]; 3], "{fields:x?}");
        found[0]
    };
    for (default, other) in [
        (tlv(0xa0, &[&hash(sha1)]), tlv(0xa0, &[&hash(sha256)])),
        (tlv(0xa0, &[&seq(&[&oid(sha1)])]), tlv(0xa0, &[&seq(&[&oid(sha256)])])),
        (tlv(0xa1, &[&mask(sha1)]), tlv(0xa1, &[&mask(sha256)])),
        (number(0xa2, 20), number(0xa2, 32)),
        (number(0xa3, 1), number(0xa3, 2)),
    ] {
        assert!(is_found(&default), "{default:x?}");
        assert!(!is_found(&other), "{other:x?}");
        assert!(is_found(&[&number(0xa4, 0)[..], &default].concat()));
    }
    assert!(!is_found(&[]));
}

#[test]
fn a_request_says_that_a_list_has_members_of_another_type() {
    let malformed = |kind: &str, value: &[u8]| {
        let findings = csr().extension(kind, value).findings();
        findings
            .iter()
            .any(|finding| finding.code.as_str() == "extension_malformed")
    };
    let (purposes, features) = ("2.5.29.37", "1.3.6.1.5.5.7.1.24");
    let server = oid(SERVER);
    for tag in [0x05, UTF8, PRINTABLE, 0x02, 0x80] {
        assert!(
            malformed(purposes, &seq(&[&server, &tlv(tag, &[&server[2..]])])),
            "{tag:x}"
        );
    }
    for tag in [0x05, UTF8, 0x06, 0x80, 0x0a] {
        assert!(malformed(features, &seq(&[&tlv(tag, &[&[5]])])), "{tag:x}");
    }
    assert!(!malformed(purposes, &seq(&[&server])) && !malformed(features, &seq(&[&integer(&[5])])));
}

/// The rules of one certificate, each with one that breaks it and what is said, and one that differs in one thing.
#[test]
fn a_certificate_is_as_rfc_5280_has_it() {
    let warned = |code: &'static str, field: &str| (Severity::Warning, code, format!("leaf.{field}"));
    let profile = |field: &str| warned("certificate_off_profile", field);
    let bare = || {
        let mut one = leaf();
        one.extensions.clear();
        one.names(&[dns("example.com")])
    };
    let usages = |bits: &[u8]| bare().purposes(&[SERVER]).usages(bits);
    let serial = |serial: &'static [u8]| Cert { serial, ..leaf() };
    let poison = "1.3.6.1.4.1.11129.2.4.3";
    let called = |name: Vec<u8>| {
        Cert {
            extensions: Vec::new(),
            ..leaf()
        }
        .names(&[name])
    };
    let twice = |value: &str| Cert {
        rdns: vec![set(&[&attribute("2.5.4.10", UTF8, "a"), &attribute(value, UTF8, "b")])],
        ..leaf()
    };
    let subtrees = seq(&[&tlv(0xa0, &[&seq(&[&dns("example.com")])])]);
    let organization = |value: &str| Cert {
        rdns: vec![set(&[&attribute("2.5.4.10", PRINTABLE, value)])],
        ..leaf()
    };
    let nameless = |critical: bool| {
        let mut one = Cert { subject: "", ..leaf() };
        one.extensions.clear();
        let names = seq(&[&dns("example.com")]);
        if critical {
            one.critical("2.5.29.17", &names)
        } else {
            one.extension("2.5.29.17", &names)
        }
    };
    let with_crl = |uri: &str| {
        let point = tlv(0xa0, &[&tlv(0xa0, &[&tlv(0x86, &[uri.as_bytes()])])]);
        leaf().extension("2.5.29.31", &seq(&[&seq(&[&point])]))
    };
    let with_purposes = |purposes: &[&str]| bare().purposes(purposes);
    for (expected, hit, miss) in [
        (
            profile("extensions"),
            with_crl("http://crl.ex\u{e4}mple.com/a.crl"),
            with_crl("http://crl.example.com/a.crl"),
        ),
        (
            profile("extensions"),
            with_crl("ldap:///CN=CA,O=M\u{fc}ller,DC=x?certificateRevocationList"),
            with_crl("ldap:///CN=CA,O=Mueller,DC=x?certificateRevocationList"),
        ),
        (
            warned("key_usage_not_der", "keyUsage"),
            usages(&[0, 0x80]),
            usages(&[7, 0x80]),
        ),
        (
            (Severity::Error, "key_usage_unfit", "leaf.keyUsage".to_owned()),
            usages(&[6, 0x40]),
            usages(&[7, 0x80]),
        ),
        (
            (Severity::Error, "key_usage_unfit", "leaf.keyUsage".to_owned()),
            usages(&[1, 0x02]),
            usages(&[3, 0x08]),
        ),
        (
            warned("key_usage_unfit", "keyUsage"),
            usages(&[5, 0xa0]),
            usages(&[3, 0x88]),
        ),
        (
            warned("key_cert_sign", "keyUsage"),
            usages(&[2, 0x84]),
            usages(&[1, 0x82]),
        ),
        (
            warned("purpose_not_tls", "extendedKeyUsage"),
            with_purposes(&[SERVER, "1.3.6.1.5.5.7.3.9"]),
            with_purposes(&[SERVER, "1.3.6.1.5.5.7.3.2"]),
        ),
        (
            warned("purpose_not_tls", "extendedKeyUsage"),
            with_purposes(&["2.5.29.37.0", SERVER]),
            with_purposes(&["2.5.29.37.0"]),
        ),
        (
            warned("signature_parameters_unfit", "signatureAlgorithm"),
            Cert {
                parameters: &[5, 0],
                ..leaf()
            },
            leaf(),
        ),
        (
            warned("signature_parameters_unfit", "signatureAlgorithm"),
            Cert {
                parameters: &[5, 0],
                ..leaf()
            },
            Cert {
                parameters: &[5, 0],
                signed_with: "1.2.840.113549.1.1.11",
                inner: "1.2.840.113549.1.1.11",
                ..leaf()
            },
        ),
        (
            warned("subject_control_character", "subject"),
            Cert {
                subject: "a\0b",
                ..leaf()
            },
            Cert {
                subject: "a b",
                ..leaf()
            },
        ),
        (profile("subject"), organization("a@b"), organization("a-b")),
        (profile("subjectAltNames"), nameless(false), nameless(true)),
        (
            profile("extensions"),
            leaf().extension("2.5.29.19", &seq(&[&integer(&[0])])),
            leaf().extension("2.5.29.19", &seq(&[])),
        ),
        (
            profile("extensions"),
            leaf().extension("2.5.29.30", &subtrees),
            leaf().extension("1.2.3.4", &subtrees),
        ),
        (profile("serialNumber"), serial(&[0]), serial(&[1])),
        (profile("serialNumber"), serial(&[0x80]), serial(&[0, 0x80])),
        (
            profile("serialNumber"),
            serial(&[0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            serial(&[0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            profile("notAfter"),
            Cert {
                is_generalized: true,
                ..leaf()
            },
            leaf().valid("20250101000000Z", "20500101000000Z"),
        ),
        (
            profile("extensions"),
            leaf().extension(poison, &[5, 0]),
            leaf().critical(poison, &[5, 0]),
        ),
        (
            profile("subjectAltNames"),
            called(tlv(0x81, &[b"a@example.com"])),
            called(dns("www.example.com")),
        ),
        (
            profile("subjectAltNames"),
            called(tlv(0x86, &[b"https://example.com"])),
            called(tlv(0x87, &[&[8, 8, 8, 8]])),
        ),
        (profile("subject"), twice("2.5.4.10"), twice("2.5.4.11")),
    ] {
        assert!(
            said(&[&hit, &intermediate(), &root()]).contains(&expected),
            "{expected:?}"
        );
        assert!(
            !said(&[&miss, &intermediate(), &root()]).contains(&expected),
            "not {expected:?}"
        );
    }
    assert_eq!(said(&[&leaf(), &intermediate(), &root()]), BTreeSet::new());
    let malformed = (
        Severity::Error,
        "certificate_name_unfit",
        "leaf.subjectAltNames.ip[0]".to_owned(),
    );
    assert!(said(&[&called(tlv(0x87, &[&[8; 5]]))]).contains(&malformed));
}

/// An authority has more to say; a root is trusted as it is.
#[test]
fn an_intermediate_is_as_rfc_5280_has_it_and_a_root_as_it_is() {
    let basic = seq(&[&[1, 1, 0xff]]);
    let constraints = |minimum: &[u8]| seq(&[&tlv(0xa0, &[&seq(&[&dns("example.com"), minimum])])]);
    let signs = &[1, 0x06][..];
    let is_ca = |issuer: &'static str, own: u8, above: u8| {
        cert("ca", issuer)
            .keys(own, above)
            .valid("20240101000000Z", "20300101000000Z")
    };
    for (code, severity, change) in [
        (
            "certificate_off_profile",
            Severity::Warning,
            (|one: Cert, basic: &[u8], signs: &[u8]| one.extension("2.5.29.19", basic).usages(signs))
                as fn(Cert, &[u8], &[u8]) -> Cert,
        ),
        ("certificate_off_profile", Severity::Warning, |one, basic, _| {
            one.critical("2.5.29.19", basic)
        }),
    ] {
        let hit = change(is_ca("root", 2, 3), &basic, signs);
        let expected = (severity, code);
        let found = |certificates: &[&Cert]| {
            let all: BTreeSet<_> = said(certificates)
                .into_iter()
                .map(|(severity, code, _)| (severity, code))
                .collect();
            all.contains(&expected)
        };
        assert!(found(&[&leaf(), &hit, &root()]), "{code}");
        assert!(!found(&[&leaf(), &intermediate(), &root()]), "{code}");
        let same_as_root = change(is_ca("ca", 2, 2), &basic, signs);
        assert!(!found(&[&leaf(), &same_as_root]), "{code}");
    }
    let minimum = |octet: u8| intermediate().critical("2.5.29.30", &constraints(&tlv(0x80, &[&[octet]])));
    let malformed = (
        Severity::Error,
        "certificate_malformed",
        "intermediates[0].extensions".to_owned(),
    );
    assert!(said(&[&leaf(), &minimum(1), &root()]).contains(&malformed));
    assert!(!said(&[&leaf(), &minimum(0), &root()]).contains(&malformed));
    assert!(
        !said(&[
            &leaf(),
            &intermediate().critical("2.5.29.30", &constraints(&[])),
            &root()
        ])
        .contains(&malformed)
    );
}

/// The rules about keys are those of requests: what is an error there is one in a leaf and in an intermediate.
#[test]
fn the_key_of_a_certificate_is_judged_as_that_of_a_request() {
    let of_keys: BTreeSet<&str> = key_cases().iter().map(|case| case.0).collect();
    for case in key_cases() {
        for request in [case.1, case.2] {
            let is_error = |finding: &Finding| {
                finding.severity == Severity::Error
                    && finding.field.as_deref() == Some("publicKey")
                    && of_keys.contains(finding.code.as_str())
            };
            let is_listed = !request.context.weak_keys.is_empty();
            let unfit = request.findings().iter().filter(|finding| is_error(finding)).count();
            let key = request.key.clone();
            let unfit_in = |field: &str, certificates: &[&Cert]| {
                let found = judged(certificates).into_iter();
                found
                    .filter(|finding| {
                        finding.code.as_str() == "certificate_key_unfit" && finding.field.as_deref() == Some(field)
                    })
                    .count()
            };
            let own = Cert {
                key: key.clone(),
                ..leaf()
            };
            assert!(
                is_listed || unfit_in("leaf.publicKey", &[&own, &intermediate(), &root()]) == unfit,
                "{}",
                case.0
            );
            let of_issuer = Cert {
                key: key.clone(),
                ..intermediate()
            };
            let found = unfit_in("intermediates[0].publicKey", &[&leaf(), &of_issuer, &root()]);
            // One whose kind of key cannot have signed the leaf is not above it.
            assert!(
                is_listed || found == unfit || found == 0 && judged(&[&leaf(), &of_issuer]).len() > 1,
                "{}",
                case.0
            );
            let of_root = Cert {
                key,
                ..cert("ca", "ca")
                    .keys(2, 2)
                    .authority()
                    .valid("20200101000000Z", "20400101000000Z")
            };
            assert_eq!(unfit_in("root.publicKey", &[&leaf(), &of_root]), 0);
        }
    }
}

#[test]
fn an_intermediate_is_signed_with_a_hash_that_holds_and_has_a_key_that_does() {
    let weak = (
        Severity::Error,
        "certificate_key_unfit",
        "intermediates[0].publicKey".to_owned(),
    );
    let broken = (
        Severity::Error,
        "certificate_hash_broken",
        "intermediates[0].signatureAlgorithm".to_owned(),
    );
    let octets = modulus().to_bytes_be();
    let rsa_leaf = Cert {
        signed_with: "1.2.840.113549.1.1.11",
        inner: "1.2.840.113549.1.1.11",
        ..leaf()
    };
    let rsa = |octets: &[u8]| Cert {
        key: rsa_key(octets, &[1, 0, 1]),
        ..intermediate()
    };
    assert!(said(&[&rsa_leaf, &rsa(&octets[..128]), &root()]).contains(&weak));
    assert!(!said(&[&rsa_leaf, &rsa(&octets), &root()]).contains(&weak));
    let sha1 = "1.2.840.10045.4.1";
    let signed = |one: Cert, with: &'static str| Cert {
        signed_with: with,
        inner: with,
        ..one
    };
    assert!(said(&[&leaf(), &signed(intermediate(), sha1), &root()]).contains(&broken));
    assert_eq!(
        said(&[&leaf(), &signed(intermediate(), "1.2.840.10045.4.3.3"), &root()]),
        BTreeSet::new()
    );
    // A root is not trusted because of its signature.
    assert_eq!(
        said(&[&leaf(), &intermediate(), &signed(root(), sha1)]),
        BTreeSet::new()
    );
}
