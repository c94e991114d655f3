//! The tree has every octet in its place, and is bounded whatever comes.

use markmonitor_certs::pki::{Asn1Node, Input, asn1_tree, private_key_pem};
use proptest::{collection::vec, prelude::*};

use crate::support::{
    builder,
    der::{oid, seq, set, tlv, unsigned},
    fixture,
};

fn trees(octets: &[u8]) -> Vec<Asn1Node> {
    asn1_tree(&Input::Bytes(octets)).unwrap_or_default()
}

fn count(nodes: &[Asn1Node]) -> usize {
    nodes
        .iter()
        .map(|node| 1 + count(node.children.as_deref().unwrap_or_default()))
        .sum()
}

fn depth(nodes: &[Asn1Node]) -> usize {
    let below = |node: &Asn1Node| depth(node.children.as_deref().unwrap_or_default());
    nodes.iter().map(|node| 1 + below(node)).max().unwrap_or_default()
}

/// Each node begins where the one before it ended, and the last ends with what it is in.
fn assert_tiled(nodes: &[Asn1Node], from: usize, to: usize) {
    let mut at = from;
    for node in nodes {
        assert_eq!(node.offset, at, "{node:?}");
        let begin = at + node.header_length;
        at = begin + node.length;
        if let Some(children) = &node.children {
            // A BIT STRING that holds an element has its count of unused bits before it.
            let skipped = usize::from(node.tag == "BIT STRING");
            assert_tiled(children, begin + skipped, at);
        }
    }
    assert_eq!(at, to);
}

proptest! {
    #[test]
    fn every_octet_of_a_definite_encoding_is_in_one_place(at in 0..200_usize, octet in any::<u8>()) {
        let mut der = builder::csr().names(&[builder::dns("example.com")]).der();
        let trees_of_sound = trees(&der);
        assert_tiled(&trees_of_sound, 0, der.len());
        let at = at % der.len();
        der[at] = octet;
        // An indefinite length has an end that is no element's.
        prop_assume!(octet != 0x80);
        let broken = trees(&der);
        if !broken.is_empty() {
            assert_tiled(&broken, 0, der.len());
        }
    }

    #[test]
    fn no_octets_make_it_panic(octets in vec(any::<u8>(), 0..300)) {
        let _ = asn1_tree(&Input::Bytes(&octets));
    }
}

#[test]
fn what_is_nested_too_deep_or_too_long_is_cut_and_says_so() {
    let deep = (0..500).fold(unsigned(&[1]), |inside, _| seq(&[&inside]));
    let tree = trees(&deep);
    assert!(depth(&tree) < 50, "{}", depth(&tree));
    assert!(format!("{tree:?}").contains("There is more than is shown."));

    let long = seq(&[&[5, 0].repeat(300_000)]);
    let tree = trees(&long);
    assert!(count(&tree) <= 100_001, "{}", count(&tree));
    assert!(format!("{:?}", tree[0].children.as_ref().unwrap().last()).contains("There is more than is shown."));

    let wide = tlv(0x30, &[&tlv(0x04, &[&vec![7; 100_000]])]);
    let value = trees(&wide)[0].children.as_ref().unwrap()[0].value.clone().unwrap();
    assert!(value.len() < 5_000 && value.ends_with('…'), "{}", value.len());
}

#[test]
fn a_secret_is_not_shown() {
    let password = tlv(0x13, &[b"canary"]);
    let der = builder::csr().attribute("1.2.840.113549.1.9.7", &password).der();
    let tree = format!("{:?}", trees(&der));
    assert!(tree.contains("challengePassword") && tree.contains("(not shown)"));
    assert!(!tree.contains("canary") && !tree.contains("63616e617279"));

    let key = seq(&[
        &unsigned(&[0]),
        &seq(&[&oid("1.3.101.112")]),
        &tlv(0x04, &[&tlv(0x04, &[&[0x41; 32]])]),
    ]);
    for input in [Input::Bytes(&key), Input::Text(&private_key_pem(&key))] {
        assert!(asn1_tree(&input).is_err());
    }
}

#[test]
fn each_block_and_each_element_has_a_tree_of_its_own() {
    let two = [seq(&[]), set(&[])].concat();
    let tags: Vec<String> = trees(&two).into_iter().map(|tree| tree.tag).collect();
    assert_eq!(tags, ["SEQUENCE", "SET"]);
    // Of two in one file, the second begins where the first ends: what is read as one is in one place.
    let file = [
        builder::csr().der(),
        builder::csr().names(&[builder::dns("example.com")]).der(),
    ]
    .concat();
    let both = trees(&file);
    assert_eq!(both.len(), 2);
    assert_tiled(&both, 0, file.len());
    let leaf = include_str!("fixtures/leaf-90.cert.pem");
    let both = [leaf, leaf].concat();
    assert_eq!(asn1_tree(&Input::Text(&both)).unwrap().len(), 2);
}

#[test]
fn tags_of_every_class_have_a_name() {
    let named = |tag: u8| {
        trees(&tlv(0x30, &[&tlv(tag, &[])]))[0].children.as_ref().unwrap()[0]
            .tag
            .clone()
    };
    assert_eq!(named(0x85), "[5]");
    assert_eq!(named(0x45), "[APPLICATION 5]");
    assert_eq!(named(0xc5), "[PRIVATE 5]");
    assert_eq!(named(0x0d), "[UNIVERSAL 13]");
}

#[test]
fn each_type_has_its_name_and_shows_its_value() {
    let table: [(u8, &[u8], &str, &str); 39] = [
        (0x01, &[0xff], "BOOLEAN", "true"),
        (0x01, &[0x01], "BOOLEAN", "true"),
        (0x01, &[0x00], "BOOLEAN", "false"),
        (0x01, &[0x00, 0x00], "BOOLEAN", "0000"),
        (0x02, &[0xff], "INTEGER", "-1"),
        (0x02, &[0x7f; 9], "INTEGER", "7f7f7f7f7f7f7f7f7f"),
        (0x0a, &[0x05], "ENUMERATED", "5"),
        (0x03, &[0x00, 0xab], "BIT STRING", "00ab"),
        (0x04, &[0xab], "OCTET STRING", "ab"),
        (0x05, &[], "NULL", ""),
        (0x06, &[0x2a, 0x03, 0x04], "OBJECT IDENTIFIER", "1.2.3.4"),
        (0x06, &[0x55, 0x04, 0x03], "OBJECT IDENTIFIER", "2.5.4.3 (commonName)"),
        (0x0c, "ä".as_bytes(), "UTF8String", "ä"),
        (0x12, b"12", "NumericString", "12"),
        (0x13, b"ab", "PrintableString", "ab"),
        (0x14, &[0xe4], "TeletexString", "ä"),
        (0x16, b"ab", "IA5String", "ab"),
        (0x17, b"260131120000Z", "UTCTime", "2026-01-31T12:00:00Z"),
        (0x17, b"x", "UTCTime", "78"),
        (0x18, b"20260131120000Z", "GeneralizedTime", "2026-01-31T12:00:00Z"),
        (0x1a, b"ab", "VisibleString", "ab"),
        (0x1c, &[0, 0, 0, 0x61], "UniversalString", "a"),
        (0x1e, &[0, 0x61], "BMPString", "a"),
        (0x81, b"a@b", "[1]", "a@b"),
        (0x82, b"a.b", "[2]", "a.b"),
        (0x86, b"a:b", "[6]", "a:b"),
        (0x82, &[0xe4], "[2]", "e4"),
        (0x83, b"ab", "[3]", "6162"),
        (0x9e, b"ab", "[30]", "6162"),
        (0x41, b"ab", "[APPLICATION 1]", "6162"),
        (0xc1, b"ab", "[PRIVATE 1]", "6162"),
        (0x07, b"ab", "[UNIVERSAL 7]", "6162"),
        (0x08, b"ab", "[UNIVERSAL 8]", "6162"),
        (0x09, b"ab", "[UNIVERSAL 9]", "6162"),
        (0x0b, b"ab", "[UNIVERSAL 11]", "6162"),
        (0x0d, b"ab", "[UNIVERSAL 13]", "6162"),
        (0x15, b"ab", "[UNIVERSAL 21]", "6162"),
        (0x19, b"ab", "[UNIVERSAL 25]", "6162"),
        (0x1b, b"ab", "[UNIVERSAL 27]", "6162"),
    ];
    for (tag, content, name, value) in table {
        let tree = trees(&tlv(0x30, &[&tlv(tag, &[content])]));
        let node = &tree[0].children.as_ref().unwrap()[0];
        assert_eq!(
            (node.tag.as_str(), node.value.as_deref()),
            (name, Some(value)),
            "{tag:x}"
        );
    }
    let tree = trees(&seq(&[&[0x9f, 0x81, 0x01, 0x00], &set(&[])]));
    let tags: Vec<&str> = tree[0]
        .children
        .as_ref()
        .unwrap()
        .iter()
        .map(|node| node.tag.as_str())
        .collect();
    assert_eq!(tags, ["[above 30]", "SET"]);
}

#[test]
fn a_value_is_shown_up_to_its_bound() {
    for (tag, length, is_cut) in [
        (0x04, 2_048, false),
        (0x04, 2_049, true),
        (0x13, 2_048, false),
        (0x13, 2_049, true),
    ] {
        let tree = trees(&seq(&[&tlv(tag, &[&vec![0x61; length]])]));
        let value = tree[0].children.as_ref().unwrap()[0].value.clone().unwrap();
        assert_eq!(value.ends_with('…'), is_cut, "{tag:x} {length}");
        let is_text = tag == 0x13 && !is_cut;
        assert_eq!(value.starts_with("aa"), is_text, "{tag:x} {length}");
    }
}

/// The names of all nodes, in their order.
fn names(nodes: &[Asn1Node], into: &mut Vec<&'static str>) {
    for node in nodes {
        into.extend(node.name);
        names(node.children.as_deref().unwrap_or_default(), into);
    }
}

#[test]
fn what_is_in_a_known_extension_is_named() {
    let authority = seq(&[
        &tlv(0x80, &[&[1]]),
        &tlv(0xa1, &[&tlv(0x82, &[b"a.example"])]),
        &tlv(0x82, &[&[2]]),
    ]);
    let table: [(&str, Vec<u8>, &[&str]); 6] = [
        (
            "2.5.29.19",
            seq(&[&tlv(0x01, &[&[0xff]]), &unsigned(&[0])]),
            &["cA", "pathLenConstraint"],
        ),
        ("2.5.29.37", seq(&[&oid("1.3.6.1.5.5.7.3.1")]), &["keyPurposeId"]),
        (
            "2.5.29.35",
            authority,
            &[
                "keyIdentifier",
                "authorityCertIssuer",
                "dNSName",
                "authorityCertSerialNumber",
            ],
        ),
        ("2.5.29.17", seq(&[&tlv(0x82, &[b"a.example"])]), &["dNSName"]),
        (
            "2.5.29.18",
            seq(&[&tlv(0x86, &[b"https://a.example"])]),
            &["uniformResourceIdentifier"],
        ),
        ("1.2.3.4", seq(&[&tlv(0x82, &[b"a.example"])]), &[]),
    ];
    for (extension, value, expected) in table {
        let der = builder::csr().extension(extension, &value).der();
        let mut all = Vec::new();
        names(&trees(&der), &mut all);
        let after = all
            .iter()
            .rposition(|name| *name == "extnValue")
            .expect("there is an extension");
        let inside: Vec<&str> = all[after + 1..]
            .iter()
            .copied()
            .take_while(|name| !name.starts_with("signature"))
            .collect();
        assert_eq!(inside, expected, "{extension}");
    }
}

#[test]
fn each_kind_of_thing_has_the_names_of_its_fields() {
    let all = |octets: &[u8]| {
        let mut all = Vec::new();
        names(&trees(octets), &mut all);
        all
    };
    let certificate = all(&builder::csr().der());
    assert!(certificate.contains(&"certificationRequestInfo") && certificate.contains(&"subjectPublicKey"));
    let bundle = all(&fixture("mixed.p7b.der"));
    assert!(
        bundle.contains(&"certificates") && bundle.contains(&"tbsCertificate"),
        "{bundle:?}"
    );
    let key = all(&builder::ec_key(builder::P256, &builder::hex(builder::POINT)));
    assert!(key.contains(&"subjectPublicKey"), "{key:?}");
}

#[test]
fn what_cannot_be_read_is_there_with_its_octets_and_why() {
    // An element in an element that is longer than what is left of it.
    let tree = trees(&seq(&[&[5, 0], &[0x04, 0x05, 0xab]]));
    let broken = tree[0].children.as_ref().unwrap().last().unwrap();
    assert_eq!(
        (broken.offset, broken.length, broken.value.as_deref()),
        (4, 3, Some("0405ab"))
    );
    assert!(broken.error.is_some());
}
