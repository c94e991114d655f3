//! Which certificate of a bundle is the leaf, and which of several issuers are above it.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{Bundle, BundleContext, Input, parse_bundle};
use proptest::prelude::*;

use crate::rules::modulus;
use crate::support::{
    builder::{common_name, csr, dns, rsa_key},
    certificate::{Cert, cert, together},
    der::{seq, set, tlv},
};

/// 2025-02-20
const NOW: i64 = 1_740_000_000;

fn bundle(certificates: &[&Cert]) -> Bundle {
    let context = BundleContext {
        now: Some(NOW),
        csr: None,
    };
    parse_bundle(&Input::Bytes(&together(certificates)), &context).unwrap()
}

fn leaf() -> Cert {
    cert("example.com", "issuing")
        .keys(1, 2)
        .names(&[dns("example.com")])
        .purposes(&["1.3.6.1.5.5.7.3.1"])
}

fn authority(subject: &'static str, issuer: &'static str, own: u8, above: u8) -> Cert {
    cert(subject, issuer)
        .keys(own, above)
        .authority()
        .valid("20200101000000Z", "20300101000000Z")
}

/// With name constraints that exclude a name.
fn excluding(one: Cert, name: &[u8]) -> Cert {
    one.critical("2.5.29.30", &seq(&[&tlv(0xa1, &[&seq(&[name])])]))
}

/// Serial numbers of the intermediates, and what is said but for what is not on the path.
fn path(certificates: &[&Cert]) -> (Vec<String>, BTreeSet<&'static str>) {
    let bundle = bundle(certificates);
    let codes = bundle.findings.iter().map(|finding| finding.code.as_str());
    (
        bundle.intermediates.into_iter().map(|one| one.serial_number).collect(),
        codes
            .filter(|code| !matches!(*code, "bundle_stranger" | "bundle_out_of_order"))
            .collect(),
    )
}

/// Two certificates for one authority, of which only one is sound, or only one leads on through sound ones.
#[test]
fn of_twins_the_one_with_which_the_whole_path_is_sound_is_taken() {
    let root = authority("root", "root", 9, 9);
    let sound = |serial: &'static [u8]| Cert {
        serial,
        ..authority("issuing", "middle", 2, 3)
    };
    let middle = |serial: &'static [u8]| Cert {
        serial,
        ..authority("middle", "root", 3, 9)
    };
    let longer = |one: Cert| Cert {
        not_after: "20310101000000Z".to_owned(),
        ..one
    };
    let without_ca = |one: Cert| Cert { is_ca: false, ..one };
    let sha1 = "1.2.840.10045.4.1";
    let changes: [(&str, &dyn Fn(Cert) -> Cert); 8] = [
        ("expired", &|one| one.valid("20200101000000Z", "20210101000000Z")),
        ("for clients", &|one| longer(one).purposes(&["1.3.6.1.5.5.7.3.2"])),
        ("may not sign", &|one| longer(one).usages(&[1, 0x02])),
        ("no authority", &|one| longer(without_ca(one))),
        ("another path length", &|one| longer(without_ca(one)).path_length(0)),
        ("SHA-1", &|one| Cert {
            signed_with: sha1,
            inner: sha1,
            ..longer(one)
        }),
        ("not yet valid", &|one| one.valid("20260101000000Z", "20350101000000Z")),
        ("not for the leaf's name", &|one| {
            longer(excluding(one, &dns("example.com")))
        }),
    ];
    for (what, change) in changes {
        // Nearest to the leaf, where a length of 0 is all right.
        let (good, bad) = (sound(&[1]), change(sound(&[2])));
        // Above it.
        let (good_middle, bad_middle) = (middle(&[3]), change(middle(&[4])));
        for members in [
            [&leaf(), &bad, &good, &good_middle, &root],
            [&leaf(), &good, &bad, &good_middle, &root],
        ] {
            let expected = if what == "another path length" { "02" } else { "01" };
            assert_eq!(
                path(&members),
                (vec![expected.to_owned(), "03".to_owned()], BTreeSet::new()),
                "{what}"
            );
        }
        for members in [
            [&leaf(), &good, &bad_middle, &good_middle, &root],
            [&root, &good_middle, &bad_middle, &good, &leaf()],
        ] {
            assert_eq!(
                path(&members),
                (vec!["01".to_owned(), "03".to_owned()], BTreeSet::new()),
                "{what}"
            );
        }
        // Where the root is left out, as servers leave it out.
        assert_eq!(
            path(&[&leaf(), &good, &bad_middle, &good_middle]),
            (vec!["01".to_owned(), "03".to_owned()], BTreeSet::new()),
            "{what}"
        );
        // Two ways, each sound at its beginning.
        let other_way = Cert {
            serial: &[5],
            ..longer(authority("issuing", "elsewhere", 2, 4))
        };
        let elsewhere = change(Cert {
            serial: &[6],
            ..authority("elsewhere", "root", 4, 9)
        });
        assert_eq!(
            path(&[&leaf(), &other_way, &good, &elsewhere, &good_middle, &root]),
            (vec!["01".to_owned(), "03".to_owned()], BTreeSet::new()),
            "{what}"
        );
        // The only one is on the path, sound or not.
        assert_eq!(path(&[&leaf(), &good, &bad_middle, &root]).0, ["01", "04"], "{what}");
    }
}

/// What an issuer excludes may be a name of the intermediate below it, of which another one has the same key.
#[test]
fn of_twins_the_one_whose_own_names_are_permitted_is_taken() {
    let roots = [
        authority("root", "root", 9, 9),
        authority("other root", "other root", 8, 8),
    ];
    let twin = |serial: &'static [u8], one: Cert, name: &str| Cert { serial, ..one }.names(&[dns(name)]);
    let later = authority("issuing", "middle", 2, 3).valid("20200101000000Z", "20310101000000Z");
    let refused = twin(&[1], later, "refused.example.com");
    let good = twin(&[2], authority("issuing", "other root", 2, 8), "good.example.com");
    let strict = excluding(
        Cert {
            serial: &[3],
            ..authority("middle", "root", 3, 9)
        },
        &dns("refused.example.com"),
    );
    let lenient = Cert {
        serial: &[4],
        ..authority("middle", "root", 3, 9)
    };
    for (members, expected) in [
        (vec![&leaf(), &refused, &good, &strict], vec!["02"]),
        (vec![&leaf(), &refused, &strict, &lenient], vec!["01", "04"]),
        (vec![&leaf(), &refused, &lenient, &strict], vec!["01", "04"]),
    ] {
        let members = [members, roots.iter().collect()].concat();
        assert_eq!(
            path(&members),
            (expected.into_iter().map(str::to_owned).collect(), BTreeSet::new())
        );
    }
    let alone = path(&[&leaf(), &refused, &strict, &roots[0]]);
    assert_eq!(alone.1, BTreeSet::from(["name_not_permitted"]));
}

/// A way that is sound as far as it goes does not count for as much as one that is sound up to a root.
#[test]
fn of_two_ways_the_one_that_is_sound_up_to_a_root_is_taken() {
    let of = |serial: &'static [u8], one: Cert| Cert { serial, ..one };
    let roots = [
        authority("root", "root", 9, 9),
        authority("other root", "other root", 8, 8),
    ];
    let twins = [
        of(&[1], authority("issuing", "middle", 2, 3)),
        of(&[2], authority("issuing", "other root", 2, 8)),
    ];
    let middles = [
        of(&[3], authority("middle", "root", 3, 9)).purposes(&["1.3.6.1.5.5.7.3.2"]),
        of(&[4], authority("middle", "not here", 3, 7)),
    ];
    let expected = (vec!["02".to_owned()], BTreeSet::new());
    for [a, b] in [[0, 1], [1, 0]] {
        let members = [
            &leaf(),
            &twins[a],
            &twins[b],
            &middles[0],
            &middles[1],
            &roots[0],
            &roots[1],
        ];
        assert_eq!(path(&members), expected);
    }
}

/// Of several leaves for one key: certificates beside their precertificates, and the ones before they were renewed.
#[test]
fn of_leaves_with_one_key_the_one_in_force_that_ends_last_is_the_leaf() {
    let ca = authority("issuing", "issuing", 2, 2);
    let one = |serial: &'static [u8], from: &str, to: &str| Cert {
        serial,
        ..leaf().valid(from, to)
    };
    let old = one(&[1], "20240101000000Z", "20250301000000Z");
    let ended = one(&[2], "20230101000000Z", "20240101000000Z");
    let new = one(&[3], "20250101000000Z", "20250401000000Z");
    let next = one(&[4], "20250601000000Z", "20250801000000Z");
    let precertificate = |of: &Cert| of.clone().critical("1.3.6.1.4.1.11129.2.4.3", &[5, 0]);
    let (pre_new, pre_next) = (precertificate(&new), precertificate(&next));
    let chosen = |members: &[&Cert]| {
        let serials: BTreeSet<String> = [members.to_vec(), members.iter().rev().copied().collect()]
            .iter()
            .map(|members| bundle(members).leaf.serial_number)
            .collect();
        serials
    };
    for (members, expected) in [
        (vec![&old, &new, &ca], "03"),
        (vec![&ended, &old, &ca], "01"),
        (vec![&ended, &old, &new, &next, &ca], "03"),
        (vec![&ended, &next, &ca], "04"),
        (vec![&pre_new, &new, &ca], "03"),
        (vec![&pre_new, &pre_next, &ended, &ca], "02"),
        (vec![&pre_new, &ca], "03"),
    ] {
        assert_eq!(chosen(&members), BTreeSet::from([expected.to_owned()]));
    }
    let is_precertificate = |members: &[&Cert]| {
        let extensions = bundle(members).leaf.extensions;
        extensions.iter().any(|one| one.oid == "1.3.6.1.4.1.11129.2.4.3")
    };
    assert!(!is_precertificate(&[&pre_new, &new, &ca]) && is_precertificate(&[&pre_new, &ca]));
    // What was renewed is not needed: that it has ended is not worth an error.
    let found = bundle(&[&ended, &new, &ca]).findings;
    let codes: BTreeSet<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["bundle_stranger", "bundle_out_of_order"]));
    // One for another key is another matter: the first of the two.
    let other = Cert {
        key: rsa_key(&modulus().to_bytes_be(), &[1, 0, 1]),
        ..one(&[7], "20250101000000Z", "20250501000000Z")
    };
    assert_eq!(bundle(&[&old, &other, &ca]).leaf.serial_number, "01");
    assert_eq!(bundle(&[&other, &old, &ca]).leaf.serial_number, "07");
    // The key of a request decides first.
    let request = csr().der();
    let context = BundleContext {
        now: Some(NOW),
        csr: Some(Input::Bytes(&request)),
    };
    let der = together(&[&other, &old, &new, &ca]);
    assert_eq!(
        parse_bundle(&Input::Bytes(&der), &context).unwrap().leaf.serial_number,
        "03"
    );
}

/// One of a few names, keys and ends, sound or not.
fn anyone() -> impl Strategy<Value = Cert> {
    let name = || prop::sample::select(vec!["a", "b", "c"]);
    let ends = prop::sample::select(vec!["20240101000000Z", "20260101000000Z", "20270101000000Z"]);
    (name(), name(), 1_u8..4, 1_u8..4, ends, 0..6).prop_map(|(subject, issuer, own, above, end, kind)| {
        let one = cert(subject, issuer).keys(own, above).valid("20230101000000Z", end);
        match kind {
            0 => one,
            1 => one.path_length(own - 1),
            2 => one.authority().purposes(&["1.3.6.1.5.5.7.3.2"]),
            _ => one.authority(),
        }
    })
}

/// A name of a leaf, or a subtree of an issuer.
#[derive(Clone, Debug)]
enum Name {
    Dns(String),
    Ip(Vec<u8>),
    Directory(Vec<String>),
}

impl Name {
    fn der(&self) -> Vec<u8> {
        match self {
            Self::Dns(name) => dns(name),
            Self::Ip(octets) => tlv(0x87, &[octets]),
            Self::Directory(words) => {
                let rdns: Vec<Vec<u8>> = words.iter().map(|word| set(&[&common_name(word)])).collect();
                tlv(0xa4, &[&seq(&[&rdns.concat()])])
            }
        }
    }

    /// By the definition, one against one (RFC 5280, 4.2.1.10).
    fn is_within(&self, base: &Self) -> Option<bool> {
        match (self, base) {
            (Self::Dns(name), Self::Dns(base)) => {
                let rest = name.strip_suffix(base.as_str());
                let ends = |rest: &str| rest.is_empty() || rest.ends_with('.');
                Some(rest.is_some_and(|rest| base.is_empty() || base.starts_with('.') || ends(rest)))
            }
            (Self::Ip(name), Self::Ip(base)) => {
                let (address, mask) = base.split_at(name.len());
                let is_same = |at: usize| name[at] & mask[at] == address[at] & mask[at];
                Some((0..name.len()).all(is_same))
            }
            (Self::Directory(name), Self::Directory(base)) => Some(name.starts_with(base)),
            _ => None,
        }
    }
}

fn names() -> impl Strategy<Value = Name> {
    let labels = prop::collection::vec("[ab]", 1..4).prop_map(|labels| labels.join("."));
    prop_oneof![
        labels.prop_map(Name::Dns),
        prop::collection::vec(0_u8..3, 4).prop_map(Name::Ip),
        prop::collection::vec("[ab]", 1..3).prop_map(Name::Directory),
    ]
}

fn subtrees() -> impl Strategy<Value = Name> {
    let masks = prop::sample::select(vec![0_u8, 0xfe, 0xff]);
    prop_oneof![
        "(\\.?[ab]){0,3}".prop_map(Name::Dns),
        (prop::collection::vec(0_u8..3, 4), prop::collection::vec(masks, 4))
            .prop_map(|(a, b)| Name::Ip([a, b].concat())),
        prop::collection::vec("[ab]", 0..3).prop_map(Name::Directory),
    ]
}

proptest! {
    /// What was put in order is in order, however the certificates are related.
    #[test]
    fn a_path_is_found_again_in_itself(members in prop::collection::vec(anyone(), 1..7)) {
        let found = bundle(&members.iter().collect::<Vec<_>>());
        let context = BundleContext { now: Some(NOW), csr: None };
        let again = parse_bundle(&Input::Text(&found.pem), &context).unwrap();
        prop_assert_eq!((again.leaf, again.intermediates, again.root), (found.leaf, found.intermediates, found.root));
        prop_assert!(again.unrelated.is_empty());
    }

    /// Authorities may have signed one another, so that some ways lead in a circle.
    #[test]
    fn a_way_to_a_root_is_found_where_there_is_one(signed in prop::collection::vec((0..3_u8, 0..4_u8, 26..40_u8), 1..9)) {
        const NAMES: [&str; 4] = ["issuing", "a", "b", "root"];
        let ca = |subject: u8, issuer: u8, end: u8| {
            let [own, above] = [subject, issuer].map(|one| NAMES[usize::from(one)]);
            authority(own, above, subject + 2, issuer + 2).valid("20200101000000Z", &format!("20{end}0101000000Z"))
        };
        let crossed = signed.iter().filter(|(subject, issuer, _)| subject != issuer);
        let mut members = vec![leaf(), ca(3, 3, 30)];
        members.extend(crossed.clone().map(|&(subject, issuer, end)| ca(subject, issuer, end)));
        let mut reached = BTreeSet::from([0]);
        for _ in NAMES {
            let next = crossed.clone().filter(|(subject, ..)| reached.contains(subject));
            reached.extend(next.map(|(_, issuer, _)| *issuer).collect::<Vec<_>>());
        }
        let found = bundle(&members.iter().collect::<Vec<_>>());
        prop_assert_eq!(found.root.is_some(), reached.contains(&3));
    }

    /// What is looked up is what comes of trying each subtree.
    #[test]
    fn a_name_is_permitted_as_the_definition_has_it(
        name in names(),
        permitted in prop::collection::vec(subtrees(), 0..4),
        excluded in prop::collection::vec(subtrees(), 0..4),
    ) {
        let list = |tag: u8, bases: &[Name]| {
            let members: Vec<Vec<u8>> = bases.iter().map(|base| seq(&[&base.der()])).collect();
            if bases.is_empty() { Vec::new() } else { tlv(tag, &[&members.concat()]) }
        };
        let constraints = seq(&[&list(0xa0, &permitted), &list(0xa1, &excluded)]);
        // A subject that is not there is not constrained.
        let leaf = Cert { subject: "", ..leaf() };
        let leaf = Cert { extensions: Vec::new(), ..leaf }.names(&[name.der()]);
        let ca = authority("issuing", "issuing", 2, 2).critical("2.5.29.30", &constraints);
        let found = bundle(&[&leaf, &ca]).findings;
        let is_permitted = !found.iter().any(|finding| finding.code.as_str() == "name_not_permitted");

        let mut of_kind = permitted.iter().filter_map(|base| name.is_within(base)).peekable();
        let is_in_permitted = of_kind.peek().is_none() || of_kind.any(|is_within| is_within);
        let is_in_excluded = excluded.iter().any(|base| name.is_within(base) == Some(true));
        prop_assert_eq!(is_permitted, is_in_permitted && !is_in_excluded);
    }
}
