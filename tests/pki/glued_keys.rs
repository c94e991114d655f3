//! A private key without a frame of its own, glued to a label, to prose or to other base64, is one wherever it begins.

use markmonitor_certs::pki::{
    BundleContext, FoundContent, Input, inspect_all, parse_bundle, parse_certificate, parse_csr,
};
use proptest::prelude::*;

use crate::{
    pasted::base64,
    support::{
        builder::{EC, P256, RSA},
        certificate::{Cert, cert},
        der::{bits, integer, oid, seq, tlv, unsigned},
        pem, text,
    },
};

/// One of each form; not one is anybody's.
fn keys() -> Vec<(&'static str, Vec<u8>)> {
    let octets = |length: usize| tlv(0x04, &[&vec![0x42; length]]);
    let pkcs8 = |algorithm: &[&[u8]], key: &[u8]| seq(&[&integer(&[0]), &seq(algorithm), &tlv(0x04, &[key])]);
    let mut numbers = integer(&[0]);
    for length in [256, 3, 256, 128, 128, 128, 128, 128] {
        numbers.extend(unsigned(&vec![0x41; length]));
    }
    let pkcs1 = seq(&[&numbers]);
    let sec1 = seq(&[
        &integer(&[1]),
        &octets(32),
        &tlv(0xa0, &[&oid(P256)]),
        &tlv(0xa1, &[&bits(&[4; 65])]),
    ]);
    let pbes2 = seq(&[&oid("1.2.840.113549.1.5.13"), &seq(&[&octets(70)])]);
    let pbe = seq(&[&oid("1.2.840.113549.1.12.1.3"), &seq(&[&octets(8), &integer(&[8, 0])])]);
    vec![
        ("SEC 1", sec1.clone()),
        ("SEC 1 without its public key", seq(&[&integer(&[1]), &octets(32)])),
        ("PKCS #1", pkcs1.clone()),
        ("PKCS #8 of RSA", pkcs8(&[&oid(RSA), &[5, 0]], &pkcs1)),
        ("PKCS #8 on a curve", pkcs8(&[&oid(EC), &oid(P256)], &sec1)),
        ("Ed25519", pkcs8(&[&oid("1.3.101.112")], &octets(32))),
        ("Ed448", pkcs8(&[&oid("1.3.101.113")], &octets(57))),
        ("PKCS #8, encrypted", seq(&[&pbes2, &octets(48)])),
        ("PKCS #8, encrypted with PKCS #12's", seq(&[&pbe, &octets(48)])),
    ]
}

fn refused(input: &Input<'_>, key: &str) -> bool {
    let of_csr = parse_csr(input).map(|_| ());
    let of_bundle = parse_bundle(input, &BundleContext::default()).map(|_| ());
    let of_all = match inspect_all(input, None).next().map(|found| found.content) {
        Some(FoundContent::Other(error)) => Err(error),
        _ => Ok(()),
    };
    [of_csr, of_bundle, of_all].into_iter().all(|answer| {
        answer.is_err_and(|error| error.code.as_str() == "private_key" && !error.message.contains(&key[..20]))
    })
}

#[test]
fn a_private_key_is_named_whatever_it_is_glued_to() {
    let csr = text("three-names.csr.pem");
    let body: String = csr.lines().filter(|line| !line.starts_with('-')).collect();
    for (form, der) in keys() {
        let key = base64(&der);
        let lines = |mark: &str| -> String {
            let lines = key.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap());
            lines.map(|line| format!("{mark}{line}\n")).collect()
        };
        let half = &key[..key.len().min(60)];
        for text in [
            format!("key={key}"),
            format!("key:{key}\n"),
            format!("PrivateKey{key}"),
            format!("tls_key_{key}"),
            format!("my-key-{key}"),
            format!("PRIVATE KEY{key}PRIVATE KEY"),
            format!("<key>{key}</key>"),
            format!("k=1&key={key}&x=1")
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D"),
            format!("x{half}"),
            format!("{{\"key\":\"x{}\"}}", lines("").replace('\n', "\\n")),
            format!("b'{}'", lines("").replace('\n', "\\n")),
            format!("key\\n{}", lines("").replace('\n', "\\n")),
            format!("key{}", lines("")),
            lines("> "),
            lines(">>"),
            lines("//"),
            lines("1"),
            lines("1:"),
            lines("+"),
            lines("-"),
            format!("{csr}{key}"),
            format!("{csr}key{key}"),
            format!("{key}{csr}"),
            format!("{body}{key}"),
            format!("-----BEGIN CERTIFICATE REQUEST-----key{key}-----END CERTIFICATE REQUEST-----"),
            format!(
                "key{}",
                base64(format!("-----BEGIN EC PRIVATE KEY-----\n{}", lines("")).as_bytes())
            ),
        ] {
            assert!(refused(&Input::Text(&text), &key), "{form}: {text}");
            assert!(refused(&Input::Bytes(text.as_bytes()), &key), "{form}: {text}");
        }
        assert!(
            refused(&Input::Bytes(&[b"key", &der[..]].concat()), &key),
            "{form} behind text"
        );
        // As much as Node prints of it.
        let hex: Vec<String> = der.iter().take(50).map(|octet| format!("{octet:02x}")).collect();
        let printed = format!("<Buffer {} ... {} more bytes>", hex.join(" "), der.len());
        assert!(refused(&Input::Text(&printed), &key), "{form}: {printed}");
    }
}

/// The beginning of what is signed is nearly that of a key in PKCS #8.
#[test]
fn a_certificate_of_version_1_is_not_taken_for_a_private_key() {
    for serial in [&[0][..], &[1]] {
        let one = Cert {
            serial: Box::leak(serial.into()),
            ..cert("root", "root")
        };
        // Without the version, which is the first element of what is signed.
        let der = one.der();
        let version = [0xa0, 3, 2, 1, 2];
        let at = der.windows(5).position(|part| part == version).unwrap();
        assert_eq!(der[at - 2], 0x81);
        let end = at + usize::from(der[at - 1]);
        let (signed, rest) = (&der[at + 5..end], &der[end..]);
        let version_1 = seq(&[&seq(&[signed]), rest]);
        let pem = pem("CERTIFICATE", &version_1);
        let bundle = parse_bundle(&Input::Text(&pem), &BundleContext::default()).unwrap();
        assert_eq!(bundle.leaf.version, 0);
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for before in ["", "a", "ab", "abc", "cert="] {
            let read = parse_bundle(&Input::Text(&format!("{before}{body}")), &BundleContext::default());
            assert!(read.map_or_else(|error| error.code.as_str() != "private_key", |_| true));
        }
    }
}

#[test]
fn a_certificate_that_only_has_the_words_of_a_frame_is_no_private_key() {
    for before in 0..96 {
        let signature = [&vec![0x30; before][..], b"PRIVATE KEY-----", &[0; 40]].concat();
        let der = Cert {
            signature,
            ..cert("leaf", "root")
        }
        .der();
        let pem = pem("CERTIFICATE", &der);
        let read = parse_certificate(&Input::Text(&pem));
        assert_eq!(
            read.unwrap(),
            parse_certificate(&Input::Bytes(&der)).unwrap(),
            "{before}"
        );
    }
}

proptest! {
    #[test]
    fn a_private_key_is_found_behind_any_word(word in "[A-Za-z0-9+/_-]{0,20}", which in 0_usize..9) {
        let (_, der) = &keys()[which];
        let key = base64(der);
        let text = [&*word, &key].concat();
        prop_assert!(refused(&Input::Text(&text), &key));
    }
}

#[test]
fn the_parameters_of_a_curve_are_no_key_where_they_are_cut_off() {
    let field = seq(&[&oid("1.2.840.10045.1.1"), &unsigned(&[0xff; 32])]);
    let curve = seq(&[&tlv(0x04, &[&[0xff; 32]]), &tlv(0x04, &[&[0x5a; 32]])]);
    let parameters = seq(&[&integer(&[1]), &field, &curve, &tlv(0x04, &[&[4; 65]])]);
    for end in 16..parameters.len() {
        let octets = seq(&[&tlv(0x04, &[&parameters[..end]])]);
        assert!(!refused(&Input::Bytes(&octets), "the parameters of a curve"), "{end}");
    }
}
