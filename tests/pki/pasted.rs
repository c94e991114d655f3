//! What people paste, and what they are told when it is not what was asked for.

use markmonitor_certs::pki::{
    BundleContext, Context, Csr, FindingCode, Input, StringType, parse_bundle, parse_certificate, parse_csr, same_key,
};

use crate::support::{builder::*, der::*, fixture, text};

fn read(input: &str) -> Csr {
    parse_csr(&Input::Text(input)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(input: &str) -> &'static str {
    parse_csr(&Input::Text(input)).unwrap_err().code.as_str()
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn the_guides_request_is_decoded() {
    let csr = read(&text("guide.csr.pem"));
    let subject = &csr.subject;
    assert_eq!(
        subject.to_string(),
        "C=US, ST=Idaho, L=Meridian, O=Example Inc., OU=QA, CN=example.com"
    );
    assert_eq!(subject.common_name.as_deref(), Some("example.com"));
    assert_eq!(subject.organization_name.as_deref(), Some("Example Inc."));
    assert_eq!(subject.organizational_unit.as_deref(), Some("QA"));
    assert_eq!(subject.locality.as_deref(), Some("Meridian"));
    assert_eq!(subject.state.as_deref(), Some("Idaho"));
    assert_eq!(subject.country.as_deref(), Some("US"));
    assert_eq!(subject.email, None);
    assert_eq!(subject.attributes[0].string_type, StringType::PrintableString);
    assert_eq!(csr.version, 0);
    assert_eq!(
        (csr.public_key.algorithm.as_str(), csr.public_key.bits),
        ("RSA", Some(2048))
    );
    assert_eq!(csr.public_key.exponent.as_deref(), Some("65537"));
    assert_eq!(csr.signature_algorithm.name, "sha256WithRSAEncryption");
    assert_eq!(csr.pem, text("guide.csr.pem"));
}

#[test]
fn three_names_on_a_curve_are_decoded() {
    let csr = read(&text("three-names.csr.pem"));
    assert_eq!(
        csr.subject_alt_names.dns,
        ["example.com", "www.example.com", "shop.example.com"]
    );
    assert_eq!(
        (csr.public_key.algorithm.as_str(), csr.public_key.curve.as_deref()),
        ("EC", Some("P-256"))
    );
    assert_eq!(csr.signature_algorithm.name, "ecdsa-with-SHA256");
    assert_eq!(csr.attributes[0].name, Some("extensionRequest"));
    assert_eq!(
        csr.extensions[0].value,
        "DNS:example.com, DNS:www.example.com, DNS:shop.example.com"
    );
}

#[test]
fn every_way_of_pasting_gives_the_same_request() {
    let pem = text("guide.csr.pem");
    let expected = read(&pem);
    let der = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap().1.contents;
    let utf16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        [&mark[..], &pem.encode_utf16().flat_map(unit).collect::<Vec<_>>()].concat()
    };
    let utf32 = |unit: fn(u32) -> [u8; 4], mark: &str| {
        let text = [mark, &pem].concat();
        text.chars().flat_map(|c| unit(u32::from(c))).collect::<Vec<u8>>()
    };
    let texts = [
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        format!("\u{feff}{pem}"),
        pem.trim_end().to_owned(),
        pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        format!("Certificate Request:\n    Data:\n        Version: 1 (0x0)\n{pem}-- \nSent from a phone"),
        format!("{}\n{pem}", text("leaf-90.cert.pem")),
        pem.lines().map(|line| format!("    {line}  \n")).collect(),
        pem.lines().map(|line| format!("> {line}\n")).collect(),
        pem.replace('\n', " "),
        format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHere it is.\n\n{}-----BEGIN PGP SIGNATURE-----\n=abcd!\n-----END PGP SIGNATURE-----\n",
            pem.replace("-----B", "- -----B").replace("-----E", "- -----E")
        ),
        pem.replace("-----", "----"),
        pem.replace("-----", "\u{2014}"),
        pem.replace("-----END", "----END"),
        pem.replace("-----BEGIN ", "----- begin ")
            .replace("REQUEST-----", "REQUEST -----"),
        pem.replacen('\n', "\nProc-Type: 4,CLEAR\nComment: x\n\n", 1),
        pem.replacen('\n', "\rComment: x\r\r", 1),
        pem.replacen('\n', "\nComment: x\n", 1),
        pem.lines().map(|line| format!("# {line}\n")).collect(),
        format!("-----BEGIN CERTIFICATE REQUEST-----\n{pem}"),
        format!("\u{1b}[32m{pem}\u{1b}[0m"),
        format!("{}\n-----END CERTIFICATE REQUEST-----\n", body(&pem)),
        body(&pem).replace('+', "-").replace('/', "_"),
        base64(pem.as_bytes()),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\\r\\n"),
        format!("\"{}\"", pem.replace('\n', "\\n")),
        body(&pem),
        body(&pem).trim_end_matches('=').to_owned(),
        body(&pem).chars().map(|c| format!("{c}\n")).collect(),
    ];
    for text in &texts {
        assert_eq!(read(text), expected, "{text}");
    }
    for text in texts.iter().filter(|text| text.is_ascii()) {
        // A file of UTF-16 that was read as Latin-1, or as UTF-8, which keeps nothing of its mark; and one of UTF-32.
        for (mark, before, after) in [
            ("\u{ff}\u{fe}", 0, 1),
            ("\u{fffd}\u{fffd}", 1, 0),
            ("", 0, 1),
            ("", 3, 0),
        ] {
            let wide = |c: char| format!("{}{c}{}", "\0".repeat(before), "\0".repeat(after));
            let wide: String = mark.chars().map(String::from).chain(text.chars().map(wide)).collect();
            assert_eq!(read(&wide), expected, "{text}");
        }
    }
    let files = [
        der.clone(),
        pem.clone().into_bytes(),
        body(&pem).into_bytes(),
        utf16(u16::to_le_bytes, [0xff, 0xfe]),
        utf16(u16::to_be_bytes, [0xfe, 0xff]),
        utf16(u16::to_le_bytes, [0xff, 0xfe])[2..].to_vec(),
        utf16(u16::to_be_bytes, [0xfe, 0xff])[2..].to_vec(),
        utf32(u32::to_le_bytes, "\u{feff}"),
        utf32(u32::to_be_bytes, "\u{feff}"),
        utf32(u32::to_le_bytes, ""),
        utf32(u32::to_be_bytes, ""),
        utf16(u16::to_le_bytes, [b'\n', 0]),
        utf16(u16::to_be_bytes, [0, b' ']),
        format!("{pem}\0").into_bytes(),
    ];
    for file in &files {
        assert_eq!(parse_csr(&Input::Bytes(file)).unwrap(), expected);
    }
}

#[test]
fn a_private_key_is_refused_in_every_encoding_and_never_echoed() {
    // The numbers are small, so that they are nobody's key.
    let number = |n: u8| integer(&[n]);
    let pkcs1 = seq(&[
        &number(0),
        &number(77),
        &number(7),
        &number(43),
        &number(11),
        &number(7),
        &number(3),
        &number(1),
        &number(2),
    ]);
    let pkcs8 = seq(&[&number(0), &seq(&[&oid(RSA), &[5, 0]]), &tlv(4, &[&pkcs1])]);
    let sec1 = seq(&[&number(1), &tlv(4, &[&[42; 32]]), &tlv(0xa0, &[&oid(P256)])]);
    let encrypted = seq(&[&seq(&[&oid("1.2.840.113549.1.5.13"), &seq(&[])]), &tlv(4, &[&[42; 48]])]);
    let pkcs12 = seq(&[
        &number(3),
        &seq(&[&oid("1.2.840.113549.1.7.1"), &tlv(0xa0, &[&tlv(4, &[&[42; 9]])])]),
    ]);
    let mut inputs = Vec::new();
    for der in [&pkcs1, &pkcs8, &sec1, &encrypted, &pkcs12] {
        let base64: String = base64(der);
        let csr = text("guide.csr.pem");
        inputs.push(base64.clone());
        inputs.push(format!(
            "{csr}\n-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"
        ));
        // Kubernetes' encoding; in a certificate's frame after one; between two frames.
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
        inputs.push(self::base64(pem.as_bytes()));
        let certificate = x509_parser::pem::parse_x509_pem(&fixture("leaf-90.cert.pem"))
            .unwrap()
            .1
            .contents;
        inputs.push(self::base64(&[&certificate[..], der].concat()));
        assert_eq!(
            parse_bundle(
                &Input::Bytes(&[&certificate[..], der, &certificate].concat()),
                &Default::default()
            )
            .unwrap_err()
            .code
            .as_str(),
            "private_key"
        );
        if base64.len() >= 40 {
            inputs.push(format!("{csr}And this is the key: {base64}\n{csr}"));
        }
        assert_eq!(parse_csr(&Input::Bytes(der)).unwrap_err().code.as_str(), "private_key");
        assert_eq!(
            parse_csr(&Input::Bytes(&der[..der.len() - 2]))
                .unwrap_err()
                .code
                .as_str(),
            "private_key"
        );
    }
    // A whole line, half a digit group and a stray character: no base64, but the beginning of a key all the same.
    inputs.push(base64(&pkcs8)[..41].to_owned());
    inputs.push(format!("{}…", &base64(&pkcs8)[..40]));
    for magic in [&b"openssh-key-v1\0"[..], &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]] {
        assert_eq!(
            parse_csr(&Input::Bytes(magic)).unwrap_err().code.as_str(),
            "private_key"
        );
    }
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        inputs.push(format!(
            "-----BEGIN {label}-----\nc2VjcmV0IGNhbmFyeQ==\n-----END {label}-----\n"
        ));
        inputs.push(format!("-----BEGIN {label}-----\nc2VjcmV0IGNhbmFyeQ=="));
        inputs.push(format!(
            "{}-----BEGIN {label}-----\nc2VjcmV0IGNhbmFyeQ==\n-----END {label}-----\n",
            text("guide.csr.pem")
        ));
    }
    for cut in [
        "-----BEGIN RSA PRIVATE KEY",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nc2VjcmV0IGNhbmFyeQ==",
        "\u{2014}BEGIN PRIVATE KEY\u{2014}\nc2VjcmV0IGNhbmFyeQ==",
        "Private-Key: (256 bit)\npriv:\n    73:65:63",
        "Created: 20261128T000000\nKey: (private-key (ecc (curve \"NIST P-256\")\n (d #c2Vj#)))",
        "Key: (protected-private-key (rsa (n #00C3#)))",
        "<RSAKeyValue><Modulus>AQAB</Modulus><D>c2VjcmV0</D></RSAKeyValue>",
    ] {
        inputs.push(cut.to_owned());
    }
    inputs.push("PuTTY-User-Key-File-3: ssh-rsa\nc2VjcmV0IGNhbmFyeQ==".to_owned());
    inputs.push(r#"{"kty":"EC","crv":"P-256","x":"c2VjcmV0","y":"c2VjcmV0","d":"c2VjcmV0IGNhbmFyeQ"}"#.to_owned());
    for input in &inputs {
        let input = Input::Text(input);
        let errors = [
            parse_csr(&input).unwrap_err(),
            parse_certificate(&input).unwrap_err(),
            parse_bundle(&input, &Default::default()).unwrap_err(),
            same_key(&input, &input).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code.as_str(), "private_key", "{input:?}");
            let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
            assert!(!shown.contains("c2Vj") && !shown.contains("KioqKio"), "{shown}");
        }
    }
}

/// What programs write before PEM, by how many octets it has beyond groups of three.
const BEFORE: [&str; 8] = [
    "\n",
    "\u{feff}",
    "# web 1\n",
    "# web 12\n",
    "# web 123\n",
    "Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n",
    "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            04:5a\n",
    " 0 s:CN = example.com\n   i:CN = ca\n",
];

#[test]
fn a_text_with_pem_is_read_in_base64_as_it_is_without() {
    let pem = text("guide.csr.pem");
    let expected = read(&pem);
    for before in BEFORE {
        let base64 = base64(format!("{before}{pem}").as_bytes());
        let lines = |width: usize| -> String {
            let lines = base64.as_bytes().chunks(width);
            lines
                .map(|line| format!("  {}\n", str::from_utf8(line).unwrap()))
                .collect()
        };
        for text in [
            base64.clone(),
            lines(76),
            format!("kind: Secret\ndata:\n  tls.csr: {base64}\n  type: x\n"),
            format!("{{\"data\":{{\"ca.crt\":\"\",\"tls.csr\":\"{base64}\"}}}}"),
            format!("<csr>{base64}</csr>"),
        ] {
            assert_eq!(read(&text), expected, "{before:?} {text}");
        }
    }
}

#[test]
fn a_private_key_is_refused_in_base64_behind_other_text() {
    let key = "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n";
    for before in BEFORE {
        for pem in [String::new(), text("guide.csr.pem")] {
            let base64 = base64(format!("{before}{pem}{key}").as_bytes());
            for text in [base64.clone(), format!("kind: Secret\ndata:\n  tls.key: {base64}\n")] {
                assert_eq!(refused(&text), "private_key", "{before:?} {text}");
            }
        }
    }
}

#[test]
fn talk_of_a_private_key_is_none() {
    let talk = "Please keep your PRIVATE KEY safe - we will never ask for it.\n";
    let csr = text("guide.csr.pem");
    assert_eq!(read(&format!("{talk}{csr}")), read(&csr));
}

pub fn base64(der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in der.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, octet| group << 8 | u32::from(*octet)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * index) & 63) as usize];
            text.push(if index > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[test]
fn what_is_no_request_is_refused_by_name() {
    let certificate = text("leaf-90.cert.pem");
    let error = parse_csr(&Input::Text(&certificate)).unwrap_err();
    assert_eq!(error.code.as_str(), "wrong_kind");
    assert!(error.message.contains("parseCertificate"), "{error}");
    assert!(
        parse_csr(&Input::Text(&text("mixed.p7b.pem")))
            .unwrap_err()
            .message
            .contains("parseBundle")
    );
    let public = base64(&ec_key(P256, &hex(POINT)));
    assert!(
        parse_csr(&Input::Text(&public))
            .unwrap_err()
            .message
            .contains("a public key")
    );
    assert!(
        parse_certificate(&Input::Text(&text("guide.csr.pem")))
            .unwrap_err()
            .message
            .contains("parseCsr")
    );
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    let pem = text("guide.csr.pem");
    for empty in ["", "  \r\n\t", "\u{feff}"] {
        assert_eq!(refused(empty), "empty");
    }
    assert_eq!(parse_csr(&Input::Bytes(&[])).unwrap_err().code.as_str(), "empty");
    assert_eq!(
        refused("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----"),
        "empty"
    );
    assert_eq!(refused("-----BEGIN CERTIFICATE REQUEST"), "unreadable_pem");
    for word in [
        "hello, world!",
        "hello world",
        "hello",
        "{\"csr\":null}",
        "undefined",
        "test",
        "xx",
        "not a certificate",
        "Lorem ipsum dolor sit amet",
        "My request, please!",
    ] {
        let error = parse_csr(&Input::Text(word)).unwrap_err();
        assert!(error.message.contains("text from -----BEGIN to END"), "{error}");
        assert_eq!(error.code.as_str(), "base64", "{word}");
    }
    assert_eq!(refused(&body(&pem)[..401]), "truncated");
    assert_eq!(refused(&body(&pem)[..400]), "truncated");
    assert_eq!(refused(&pem[..400]), "truncated");
    let position = pem.find("MII").unwrap() + 10;
    let broken = format!("{}!{}", &pem[..position], &pem[position..]);
    let error = parse_csr(&Input::Text(&broken)).unwrap_err();
    assert_eq!((error.code.as_str(), error.offset), ("base64", Some(position)));
    assert!(error.message.contains(&position.to_string()));
    let error = parse_csr(&Input::Bytes(&[0x30, 0x03, 0x02, 0x01, 0x00])).unwrap_err();
    assert_eq!((error.code.as_str(), error.offset), ("der", Some(2)));
    let in_parts = seq(&[&seq(&[]), &seq(&[]), &tlv(0x23, &[&bits(&[0])])]);
    let error = parse_csr(&Input::Bytes(&in_parts)).unwrap_err();
    assert!(error.message.contains("BIT STRING in parts, which is BER"), "{error}");
}

#[test]
fn every_string_type_and_kind_of_name_is_read() {
    let utf16: Vec<u8> = "Bücher".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf32: Vec<u8> = "Bücher".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    let latin1: Vec<u8> = "Bücher".chars().map(|c| c as u8).collect();
    for (string, octets, expected) in [
        (0x0c, "Bücher".as_bytes(), StringType::Utf8String),
        (0x1e, &utf16, StringType::BmpString),
        (0x1c, &utf32, StringType::UniversalString),
        (0x14, &latin1, StringType::T61String),
    ] {
        let value = seq(&[&oid("2.5.4.10"), &tlv(string, &[octets])]);
        let csr = parse_csr(&Input::Bytes(&csr().subject(&[&[value]]).der())).unwrap();
        assert_eq!(csr.subject.organization_name.as_deref(), Some("Bücher"));
        assert_eq!(csr.subject.attributes[0].string_type, expected);
    }

    let upn = [
        oid("1.3.6.1.4.1.311.20.2.3"),
        tlv(0xa0, &[&tlv(UTF8, &[b"user@example.com"])]),
    ]
    .concat();
    let directory = seq(&[
        &set(&[&common_name("dir")]),
        &set(&[&attribute("2.5.4.10", UTF8, "A, B")]),
    ]);
    let v6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let all = csr().names(&[
        dns("xn--bcher-kva.example"),
        tlv(0x87, &[&[192, 0, 2, 1]]),
        tlv(0x87, &[&v6]),
        tlv(0x81, &[b"a@example.com"]),
        tlv(0x86, &[b"https://example.com/"]),
        tlv(0xa0, &[&upn]),
        tlv(0xa4, &[&directory]),
        tlv(0x88, &[&oid("1.2.3.4")[2..]]),
    ]);
    let names = parse_csr(&Input::Bytes(&all.der())).unwrap().subject_alt_names;
    assert_eq!(names.dns, ["xn--bcher-kva.example"]);
    assert_eq!(names.international[0].unicode, "bücher.example");
    assert_eq!(names.ip, ["192.0.2.1", "2001:db8::1"]);
    assert_eq!(names.email, ["a@example.com"]);
    assert_eq!(names.uri, ["https://example.com/"]);
    assert_eq!(
        names.other,
        [
            "otherName:userPrincipalName:user@example.com",
            "directoryName:CN=dir, O=A\\, B",
            "registeredID:1.2.3.4"
        ]
    );
}

#[test]
fn the_same_key_is_known_in_every_encoding() {
    let same = |a: &str, b: &str| same_key(&Input::Text(a), &Input::Text(b)).unwrap();
    let (three, leaf) = (text("three-names.csr.pem"), text("leaf-90.cert.pem"));
    assert!(same(&three, &leaf) && same(&leaf, &three) && same(&three, &text("other-names.csr.pem")));
    assert!(!same(&three, &text("guide.csr.pem")) && !same(&leaf, &text("intermediate.cert.pem")));

    let point = hex(POINT);
    let compressed = [&[3], &point[1..33]].concat();
    let other_half = [&[2], &point[1..33]].concat();
    let der = |a: &[u8], b: &[u8]| same_key(&Input::Bytes(a), &Input::Bytes(b)).unwrap();
    assert!(der(&ec_key(P256, &point), &ec_key(P256, &compressed)));
    assert!(!der(&ec_key(P256, &point), &ec_key(P256, &other_half)));
    let (modulus, exponent) = ([0xc5; 256], [1, 0, 1]);
    let pkcs1 = seq(&[&unsigned(&modulus), &unsigned(&exponent)]);
    assert!(der(&rsa_key(&modulus, &exponent), &pkcs1));
    assert!(!der(&rsa_key(&modulus, &[3]), &pkcs1));
    assert!(der(&csr().der(), &ec_key(P256, &point)));
    assert_eq!(
        same_key(&Input::Bytes(&[5, 0]), &Input::Text(&leaf))
            .unwrap_err()
            .code
            .as_str(),
        "wrong_kind"
    );
}

#[test]
fn of_a_bundle_it_is_the_leaf_that_is_compared_and_read() {
    let (root, intermediate, leaf) = (
        text("root.cert.pem"),
        text("intermediate.cert.pem"),
        text("leaf-90.cert.pem"),
    );
    let p7b = fixture("mixed.p7b.der");
    let all = format!("{root}{intermediate}{leaf}");
    let expected = parse_certificate(&Input::Text(&leaf)).unwrap();
    for bundle in [
        Input::Bytes(&p7b),
        Input::Text(&all),
        Input::Text(&text("mixed.p7b.pem")),
    ] {
        assert_eq!(same_key(&bundle, &Input::Text(&leaf)), Ok(true));
        assert_eq!(same_key(&Input::Text(&root), &bundle), Ok(false));
        assert_eq!(parse_certificate(&bundle).as_ref(), Ok(&expected));
    }
    let authorities = format!("{root}{intermediate}");
    let read = parse_certificate(&Input::Text(&authorities)).unwrap();
    assert_eq!(read.subject.common_name.as_deref(), Some("Example Intermediate"));
}

#[test]
fn of_several_keys_none_is_chosen() {
    let (leaf, other) = (text("leaf-90.cert.pem"), text("unrelated.cert.pem"));
    let (request, another) = (text("three-names.csr.pem"), text("guide.csr.pem"));
    let refused = |a: &str| same_key(&Input::Text(a), &Input::Text(&leaf)).unwrap_err().message;
    let two_leaves = format!("{leaf}{}", text("leaf-900.cert.pem"));
    let two_roots = format!("{other}{}", text("root.cert.pem"));
    for several in [
        &two_leaves,
        &two_roots,
        &format!("{request}{another}"),
        &format!("{leaf}{another}"),
    ] {
        assert!(refused(several).contains("found several"), "{several}");
    }
    for several in [&two_leaves, &two_roots] {
        let error = parse_certificate(&Input::Text(several)).unwrap_err();
        assert!(error.message.contains("found several"), "{error}");
    }
    // The request of a certificate with it: one key.
    let both = format!("{request}{leaf}{request}");
    assert_eq!(same_key(&Input::Text(&both), &Input::Text(&leaf)), Ok(true));
}

#[test]
fn huge_and_negative_numbers_are_read() {
    let version = |octets: &[u8]| {
        let der = crate::support::builder::Csr {
            version: octets.to_vec(),
            ..csr()
        }
        .der();
        parse_csr(&Input::Bytes(&der)).unwrap().version
    };
    assert_eq!(version(&[2]), 2);
    assert_eq!(version(&[0xff]), -1);
    assert_eq!(version(&[0x7f; 20]), i32::MAX);
    assert_eq!(version(&[0x80; 20]), i32::MIN);
    let key = parse_csr(&Input::Bytes(&csr().rsa(&[0xc5; 2048], &[0x7f; 512]).der()))
        .unwrap()
        .public_key;
    assert_eq!(key.bits, Some(16_384));
    assert_eq!(key.exponent.unwrap().len(), 1233);
}

#[test]
fn microsofts_application_policies_are_read_as_the_purposes_that_they_are() {
    let policies = seq(&[&seq(&[&oid("1.3.6.1.5.5.7.3.1")]), &seq(&[&oid("1.2.3.4")])]);
    let der = csr().extension("1.3.6.1.4.1.311.21.10", &policies).der();
    let parsed = parse_csr(&Input::Bytes(&der)).unwrap();
    let read = parsed
        .extensions
        .iter()
        .find(|extension| extension.name == Some("applicationPolicies"));
    assert_eq!(read.unwrap().value, "serverAuth (1.3.6.1.5.5.7.3.1), 1.2.3.4");
}

#[test]
fn an_extension_that_cannot_be_read_does_not_lose_the_others() {
    let sound = |oid_of: &str, value: &[u8]| seq(&[&oid(oid_of), &tlv(4, &[value])]);
    let names = sound("2.5.29.17", &seq(&[&dns("example.com")]));
    let usage = sound("2.5.29.15", &tlv(3, &[&[5, 0xa0]]));
    let broken = seq(&[&tlv(4, &[b"no OID"])]);
    let extensions = seq(&[&names, &broken, &usage]);
    let mut request = csr().attribute("1.2.840.113549.1.9.14", &extensions);
    request.extensions.clear();
    let parsed = parse_csr(&Input::Bytes(&request.der())).unwrap();
    assert_eq!(parsed.subject_alt_names.dns, ["example.com"]);
    assert_eq!(parsed.key_usage.unwrap(), ["digitalSignature", "keyEncipherment"]);
    assert!(
        request
            .findings()
            .iter()
            .any(|finding| finding.code.as_str() == "extension_malformed")
    );
}

/// Kinds that are refused or named, with what is said of them in whatever encoding.
#[test]
fn the_encoding_makes_no_difference_to_what_a_thing_is_called() {
    let imprint = seq(&[
        &seq(&[&oid("2.16.840.1.101.3.4.2.1"), &[5, 0]]),
        &tlv(0x04, &[&[7; 32]]),
    ]);
    let data = |kind: &str, length: usize| {
        let content = tlv(0xa0, &[&tlv(0x04, &[&vec![0x5a; length]])]);
        seq(&[&oid(kind), &content])
    };
    let mac = seq(&[&imprint, &tlv(0x04, &[&[8; 8]]), &[2, 2, 8, 0]]);
    let store = [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1][..], &[0x5a; 400]].concat();
    let enveloped = seq(&[
        &oid("1.2.840.113549.1.7.3"),
        &tlv(0xa0, &[&seq(&[&[2, 1, 0], &set(&[&seq(&[&[7; 300]])])])]),
    ]);
    let query = |more: &[u8]| seq(&[&[2, 1, 1], &imprint, more]);
    // The key begins wherever in a group of base64.
    let with_key = |more: usize| {
        let algorithm = seq(&[&oid("1.2.840.113549.1.5.13"), &seq(&[&tlv(4, &[&[7; 70]])])]);
        let key = seq(&[&algorithm, &tlv(4, &[&[7; 200]])]);
        let content = tlv(0xa0, &[&tlv(4, &[&vec![7; more], &key])]);
        seq(&[&[2, 1, 3], &seq(&[&oid("1.2.840.113549.1.7.1"), &content]), &mac])
    };
    for (der, words) in [
        (query(&[2, 4, 1, 2, 3, 4]), "found a query for a time stamp."),
        (query(&[2, 5, 1, 2, 3, 4, 5]), "found a query for a time stamp."),
        (
            query(&[2, 6, 1, 2, 3, 4, 5, 6, 1, 1, 0xff]),
            "found a query for a time stamp.",
        ),
        (
            seq(&[&[2, 1, 3], &data("1.2.840.113549.1.7.1", 1000), &mac]),
            "found a PKCS #12 file",
        ),
        (
            seq(&[&[2, 1, 3], &data("1.2.840.113549.1.7.1", 40)]),
            "found a PKCS #12 file",
        ),
        (with_key(0), "found a PKCS #12 file"),
        (with_key(1), "found a PKCS #12 file"),
        (with_key(2), "found a PKCS #12 file"),
        (store, "found a key store or trust store of Java"),
        (enveloped, "found an encrypted message (CMS)"),
    ] {
        let digits = base64(&der);
        let lines = |width: usize| {
            let lines = digits
                .as_bytes()
                .chunks(width)
                .map(|line| str::from_utf8(line).unwrap());
            lines.collect::<Vec<_>>().join("\n")
        };
        let texts = [
            digits.clone(),
            lines(64),
            lines(76),
            digits.trim_end_matches('=').to_owned(),
            crate::support::pem("DATA", &der),
            der.iter().map(|octet| format!("{octet:02x}")).collect::<String>(),
        ];
        let inputs = texts.iter().map(|text| Input::Text(text)).chain([Input::Bytes(&der)]);
        for (encoding, input) in inputs.enumerate() {
            // Hexadecimal is looked for by how DER and PEM begin.
            if encoding == 5 && der[0] != 0x30 {
                continue;
            }
            let found = [
                parse_csr(&input).map(|_| ()).unwrap_err(),
                parse_bundle(&input, &BundleContext::default()).map(|_| ()).unwrap_err(),
            ];
            for error in found {
                assert!(error.message.contains(words), "{encoding}: {words}: {error}");
            }
        }
    }
}

#[test]
fn pem_is_read_from_base64_of_base64_and_from_a_frame() {
    let pem = text("guide.csr.pem");
    let expected = parse_csr(&Input::Text(&pem)).unwrap();
    let framed = |content: &[u8]| crate::support::pem("CERTIFICATE REQUEST", content);
    let once = base64(pem.as_bytes());
    for text in [
        base64(once.as_bytes()),
        framed(pem.as_bytes()),
        framed(once.as_bytes()),
        format!("csr:\n{}", framed(pem.as_bytes())),
    ] {
        assert_eq!(parse_csr(&Input::Text(&text)).as_ref(), Ok(&expected), "{text}");
        let findings = findings(&Input::Text(&text), &Context::default());
        assert!(
            findings.iter().any(|finding| finding.code == FindingCode::PemLines),
            "{findings:?}"
        );
    }
    // The numbers are small, so that it is nobody's key.
    let key = "-----BEGIN PRIVATE KEY-----\nMDECAQAwDQYJKoZIhvcNAQEBBQAEHTAbAgEAAgFNAgEHAgErAgELAgEHAgEDAgEB\nAgEC\n-----END PRIVATE KEY-----\n";
    for text in [
        framed(key.as_bytes()),
        base64(base64(key.as_bytes()).as_bytes()),
        framed(base64(key.as_bytes()).as_bytes()),
    ] {
        assert_eq!(refused(&text), "private_key", "{text}");
    }
}
