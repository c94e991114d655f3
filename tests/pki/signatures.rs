//! What is asked of a verifier, and what needs none. That the answers are OpenSSL's is tested in `oracle/`.

use markmonitor_certs::pki::{Input, SignatureStatus, Verification, VerificationAlgorithm, inspect_csr};

use crate::support::{builder::*, der::*};

const PSS: &str = "1.2.840.113549.1.1.10";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";

fn question(csr: &Csr) -> Result<Verification, SignatureStatus> {
    inspect_csr(&Input::Bytes(&csr.der()), &csr.context)
        .unwrap()
        .verification
}

fn verdict(csr: &Csr) -> Option<SignatureStatus> {
    question(csr).err()
}

fn signature(parts: &[&[u8]]) -> Csr {
    Csr {
        signature: seq(parts),
        ..csr()
    }
}

#[test]
fn an_ecdsa_signature_is_two_numbers_of_the_size_of_the_curve() {
    let long = [0xa5; 32];
    let asked = question(&signature(&[&unsigned(&[7]), &unsigned(&long)])).unwrap();
    assert_eq!(asked.signature, [&[0; 31][..], &[7], &long].concat());
    let ecdsa = VerificationAlgorithm::Ecdsa {
        curve: "P-256",
        hash: "SHA-256",
    };
    assert_eq!(asked.algorithm, ecdsa);
}

#[test]
fn an_ecdsa_signature_in_another_encoding_than_der_is_invalid() {
    let (r, s) = (unsigned(&[7]), unsigned(&[9]));
    assert_eq!(verdict(&signature(&[&r, &s])), None);
    for odd in [
        signature(&[&integer(&[0, 7]), &s]),
        signature(&[&integer(&[0x87]), &s]),
        signature(&[&r, &s, &[5, 0]]),
        signature(&[&r]),
        signature(&[&r, &unsigned(&[7; 33])]),
        Csr {
            signature: [&seq(&[&r, &s])[..], &[0]].concat(),
            ..csr()
        },
        Csr {
            signature: vec![7; 64],
            ..csr()
        },
    ] {
        assert_eq!(verdict(&odd), Some(SignatureStatus::Invalid), "{:?}", odd.signature);
    }
}

fn pss_parameters(hash: &str, salt: &[u8], trailer: &[u8]) -> Vec<u8> {
    let digest = seq(&[&oid(hash), &[5, 0]]);
    let mask = seq(&[&oid("1.2.840.113549.1.1.8"), &digest]);
    let trailer = if trailer.is_empty() {
        Vec::new()
    } else {
        tlv(0xa3, &[&integer(trailer)])
    };
    seq(&[
        &tlv(0xa0, &[&digest]),
        &tlv(0xa1, &[&mask]),
        &tlv(0xa2, &[&integer(salt)]),
        &trailer,
    ])
}

/// A key that says RSA, or PSS with these restrictions, and a signature with these parameters.
fn pss(key: Option<&[u8]>, parameters: &[u8]) -> Csr {
    let numbers = seq(&[&unsigned(&[0xc5; 256]), &unsigned(&[1, 0, 1])]);
    let key = match key {
        Some(restrictions) => spki(&[&oid(PSS), restrictions], &numbers),
        None => rsa_key(&[0xc5; 256], &[1, 0, 1]),
    };
    Csr {
        signature_algorithm: seq(&[&oid(PSS), parameters]),
        ..csr().key(key)
    }
}

#[test]
fn pss_is_verified_with_the_parameters_that_it_has_and_that_the_key_allows() {
    let parameters = pss_parameters(SHA256, &[20], &[]);
    let algorithm = VerificationAlgorithm::RsaPss {
        hash: "SHA-256",
        salt_length: 20,
    };
    assert_eq!(question(&pss(None, &parameters)).unwrap().algorithm, algorithm);
    assert_eq!(verdict(&pss(None, &pss_parameters(SHA256, &[32], &[1]))), None);
    assert_eq!(verdict(&pss(Some(&[]), &parameters)), None);
    assert_eq!(
        verdict(&pss(Some(&pss_parameters(SHA256, &[20], &[])), &parameters)),
        None
    );
    for odd in [
        pss(None, &[]),
        pss(None, &[5, 0]),
        pss(None, &pss_parameters(SHA256, &[32], &[2])),
        pss(None, &pss_parameters(SHA256, &[0xff], &[])),
        pss(None, &pss_parameters(SHA256, &[0x01, 0x01], &[])),
        pss(Some(&pss_parameters(SHA256, &[32], &[])), &parameters),
        pss(Some(&pss_parameters(SHA384, &[20], &[])), &parameters),
        pss(
            Some(&pss_parameters(SHA384, &[20], &[])),
            &pss_parameters(SHA256, &[32], &[]),
        ),
        pss(
            Some(&pss_parameters(SHA384, &[32], &[])),
            &pss_parameters(SHA384, &[20], &[]),
        ),
        pss(Some(&[]), &[]).signed_with("1.2.840.113549.1.1.11"),
    ] {
        assert_eq!(
            verdict(&odd),
            Some(SignatureStatus::Invalid),
            "{:?}",
            odd.signature_algorithm
        );
    }
}

#[test]
fn what_no_verifier_takes_is_not_asked() {
    const RSA_SHA256: &str = "1.2.840.113549.1.1.11";
    // A modulus of so many bits, and an exponent of so many.
    let number = |bits: usize| {
        let mut octets = vec![0xff; bits.div_ceil(8)];
        octets[0] >>= octets.len() * 8 - bits;
        octets
    };
    for (modulus, exponent, is_asked) in [
        (2_048, 17, true),
        (16_384, 17, true),
        (16_385, 17, false),
        (16_384, 64, true),
        (3_072, 65, true),
        (3_073, 65, false),
        (3_073, 64, true),
    ] {
        let csr = csr().rsa(&number(modulus), &number(exponent)).signed_with(RSA_SHA256);
        let expected = (!is_asked).then_some(SignatureStatus::Unsupported);
        assert_eq!(verdict(&csr), expected, "{modulus} {exponent}");
    }
}

#[test]
fn a_signature_that_is_none_of_its_key_is_invalid_and_one_that_may_be_is_unsupported() {
    const ED25519: &str = "1.3.101.112";
    const ED448: &str = "1.3.101.113";
    const DSA: &str = "1.2.840.10040.4.1";
    const DSA_SHA256: &str = "2.16.840.1.101.3.4.3.2";
    let opaque = |kind: &str| csr().key(spki(&[&oid(kind)], &[7; 32]));
    for (key, signed_with, expected) in [
        (opaque(ED25519), ED25519, None),
        (opaque(ED25519), SHA256_ECDSA, Some(SignatureStatus::Invalid)),
        (opaque(ED448), ED25519, Some(SignatureStatus::Invalid)),
        (opaque(ED448), ED448, Some(SignatureStatus::Unsupported)),
        (opaque(DSA), DSA_SHA256, Some(SignatureStatus::Unsupported)),
        (opaque(DSA), SHA256_ECDSA, Some(SignatureStatus::Invalid)),
        (opaque("1.2.3.4"), SHA256_ECDSA, Some(SignatureStatus::Unsupported)),
        (csr(), ED25519, Some(SignatureStatus::Invalid)),
        (csr(), "1.2.3.4", Some(SignatureStatus::Unsupported)),
    ] {
        assert_eq!(verdict(&key.signed_with(signed_with)), expected, "{signed_with}");
    }
}
