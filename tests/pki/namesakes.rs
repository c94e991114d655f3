//! Several certificates with the name of an issuer, as of an authority that changed its key: the one that signed is the issuer.

use std::collections::BTreeSet;

use markmonitor_certs::pki::{Bundle, BundleContext, Input, SignatureStatus, Verification, inspect_bundle};
use proptest::prelude::*;

use crate::support::{
    builder::spki,
    certificate::{Cert, cert, together},
    der::oid,
};

const ED25519: &str = "1.3.101.112";

/// A certificate for a key, signed by another, which for this file's verifier are numbers.
fn signed(subject: &'static str, issuer: &'static str, own: u8, by: u8) -> Cert {
    Cert {
        key: spki(&[&oid(ED25519)], &[own; 32]),
        signature: vec![by; 64],
        signed_with: ED25519,
        inner: ED25519,
        ..cert(subject, issuer)
    }
}

fn authority(subject: &'static str, issuer: &'static str, own: u8, by: u8) -> Cert {
    signed(subject, issuer, own, by)
        .authority()
        .valid("20200101000000Z", "20300101000000Z")
}

fn verify(question: &Verification) -> SignatureStatus {
    if question.signature[0] == question.key[0] {
        SignatureStatus::Valid
    } else {
        SignatureStatus::Invalid
    }
}

fn bundle(members: &[&Cert]) -> Bundle {
    let context = BundleContext {
        now: Some(1_740_000_000),
        csr: None,
    };
    let inspection = inspect_bundle(&Input::Bytes(&together(members)), &context).unwrap();
    let statuses: Vec<SignatureStatus> = inspection
        .verifications
        .iter()
        .map(|question| question.as_ref().map_or_else(|status| *status, verify))
        .collect();
    inspection.conclude(&statuses)
}

/// The keys on the path from the leaf to the root, and where a signature is said to be wrong.
fn path(members: &[&Cert]) -> (Vec<u8>, Vec<String>) {
    let bundle = bundle(members);
    let issuers = bundle.intermediates.iter().chain(&bundle.root);
    let keys = std::iter::once(&bundle.leaf).chain(issuers).map(|one| {
        let key = members.iter().find(|member| pem(member) == one.pem);
        key.unwrap().key.last().copied().unwrap()
    });
    let invalid = bundle
        .findings
        .iter()
        .filter(|finding| finding.code.as_str() == "certificate_signature_invalid");
    (keys.collect(), invalid.map(|one| one.field.clone().unwrap()).collect())
}

fn pem(member: &Cert) -> String {
    crate::support::pem("CERTIFICATE", &member.der())
}

/// In every order of the members.
fn in_any_order(members: &[&Cert], expected: &[u8], invalid: &[&str]) {
    fn each_order(done: &mut Vec<usize>, count: usize, all: &mut Vec<Vec<usize>>) {
        if done.len() == count {
            all.push(done.clone());
        }
        for next in (0..count).filter(|next| !done.contains(next)).collect::<Vec<_>>() {
            done.push(next);
            each_order(done, count, all);
            done.pop();
        }
    }
    let mut orders = Vec::new();
    each_order(&mut Vec::new(), members.len(), &mut orders);
    for order in orders {
        let members: Vec<&Cert> = order.iter().map(|&at| members[at]).collect();
        let invalid: Vec<String> = invalid.iter().map(|&field| field.to_owned()).collect();
        assert_eq!(path(&members), (expected.to_vec(), invalid), "{order:?}");
    }
}

#[test]
fn the_issuer_is_the_namesake_whose_key_signed() {
    let leaf = signed("leaf", "CA", 1, 2);
    let (signer, other) = (authority("CA", "CA", 2, 2), authority("CA", "CA", 3, 3));
    in_any_order(&[&leaf, &signer, &other], &[1, 2], &[]);
    for end in ["20260101000000Z", "20400101000000Z"] {
        let other = other.clone().valid("20200101000000Z", end);
        in_any_order(&[&leaf, &signer, &other], &[1, 2], &[]);
    }
}

#[test]
fn a_namesake_is_told_further_up_as_well() {
    let leaf = signed("leaf", "issuing", 1, 2);
    let (by_4, by_5) = (authority("issuing", "root", 2, 4), authority("issuing", "root", 3, 5));
    let (root_4, root_5) = (authority("root", "root", 4, 4), authority("root", "root", 5, 5));
    in_any_order(&[&leaf, &by_4, &by_5, &root_4, &root_5], &[1, 2, 4], &[]);
    // The same key was certified twice, and only one of the two leads on.
    let forged = authority("issuing", "root", 2, 9).valid("20200101000000Z", "20400101000000Z");
    in_any_order(&[&leaf, &by_4, &forged, &root_4, &root_5], &[1, 2, 4], &[]);
}

#[test]
fn a_signature_of_none_of_the_namesakes_is_said_to_be_wrong() {
    let leaf = signed("leaf", "CA", 1, 9);
    let (one, other) = (authority("CA", "CA", 2, 2), authority("CA", "CA", 3, 3));
    for members in [[&leaf, &one, &other], [&other, &leaf, &one]] {
        assert_eq!(path(&members).1, ["leaf"]);
    }
    in_any_order(&[&leaf, &one], &[1, 2], &["leaf"]);
}

#[test]
fn an_authority_that_signed_its_next_key_is_above_it() {
    let leaf = signed("leaf", "CA", 1, 2);
    let (next, old) = (authority("CA", "CA", 2, 3), authority("CA", "CA", 3, 3));
    in_any_order(&[&leaf, &next, &old], &[1, 2, 3], &[]);
}

#[test]
fn without_a_verifier_the_key_identifier_tells() {
    let leaf = Cert {
        authority_key: Some(2),
        ..signed("leaf", "CA", 1, 2)
    };
    let signer = Cert {
        subject_key: Some(2),
        ..authority("CA", "CA", 2, 2)
    };
    let other = authority("CA", "CA", 3, 3).valid("20200101000000Z", "20400101000000Z");
    for members in [[&leaf, &signer, &other], [&leaf, &other, &signer]] {
        let inspection = inspect_bundle(&Input::Bytes(&together(&members)), &BundleContext::default()).unwrap();
        let statuses = vec![SignatureStatus::Unsupported; inspection.verifications.len()];
        let bundle = inspection.conclude(&statuses);
        assert_eq!(bundle.root.map(|root| root.pem), Some(pem(&signer)));
        let codes: BTreeSet<&str> = bundle.findings.iter().map(|found| found.code.as_str()).collect();
        assert!(codes.contains("certificate_signature_unsupported"), "{codes:?}");
    }
}

/// Of hundreds with one name not each can be asked about; what was not asked is said not to have been checked.
#[test]
fn hundreds_of_namesakes_are_asked_about_within_bounds() {
    let leaf = signed("leaf", "CA", 1, 255);
    let others: Vec<Cert> = (0..200)
        .map(|serial: u8| Cert {
            serial: Box::leak(Box::new([1, serial])),
            ..authority("CA", "CA", serial, 77)
        })
        .collect();
    let members: Vec<&Cert> = std::iter::once(&leaf).chain(&others).collect();
    let inspection = inspect_bundle(&Input::Bytes(&together(&members)), &BundleContext::default()).unwrap();
    assert!(inspection.verifications.len() < 200);
    let bundle = bundle(&members);
    let about_leaf = bundle
        .findings
        .iter()
        .filter(|found| found.field.as_deref() == Some("leaf"));
    assert!(
        about_leaf
            .map(|found| found.code.as_str())
            .any(|code| code.starts_with("certificate_signature")),
        "nothing is said of it"
    );
}

fn anyone() -> impl Strategy<Value = Cert> {
    let name = || prop::sample::select(vec!["a", "b"]);
    (name(), name(), 1_u8..5, 1_u8..5, any::<bool>(), 0_u8..4).prop_map(|(subject, issuer, own, by, is_ca, serial)| {
        Cert {
            is_ca,
            serial: [&[1], &[2], &[3], &[4]][usize::from(serial)],
            ..signed(subject, issuer, own, by)
        }
    })
}

proptest! {
    /// A signature that does not hold is said to, unless nobody is named who could have made it; and where somebody here made
    /// it, that one is the issuer.
    #[test]
    fn each_is_under_one_that_signed_it(members in prop::collection::vec(anyone(), 1..7)) {
        let members: Vec<&Cert> = members.iter().collect();
        let bundle = bundle(&members);
        let find = |pem_of: &str| *members.iter().find(|member| pem(member) == *pem_of).unwrap();
        let certificates = std::iter::once(&bundle.leaf).chain(&bundle.intermediates).chain(&bundle.root);
        let path: Vec<&Cert> = certificates.map(|one| find(&one.pem)).collect();
        let made = |by: &Cert, of: &Cert| by.subject == of.issuer && by.key.last() == of.signature.last();
        let mut wrong = 0;
        for (at, of) in path.iter().enumerate() {
            match path.get(at + 1) {
                Some(by) if !made(by, of) => {
                    wrong += 1;
                    // One that is below already cannot be above as well.
                    let is_free = |one: &&&Cert| !path[..=at].iter().any(|below| below.der() == one.der());
                    prop_assert!(!members.iter().filter(is_free).any(|one| made(one, of)));
                }
                None if of.subject == of.issuer && !made(of, of) => wrong += 1,
                _ => {}
            }
        }
        let said = bundle.findings.iter().filter(|one| one.code.as_str() == "certificate_signature_invalid");
        prop_assert_eq!(said.count(), wrong);
    }
}
