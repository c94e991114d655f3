//! The tree has every octet in its place, and is bounded whatever comes.

use markmonitor_certs::pki::{Asn1Node, Input, asn1_tree, private_key_pem};
use proptest::{collection::vec, prelude::*};

use crate::support::{
    builder,
    der::{oid, seq, set, tlv, unsigned},
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

    let wide = tlv(0x30, &[&tlv(0x04, &[&[7; 100_000]])]);
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
