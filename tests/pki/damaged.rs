//! What is damaged, doubled or put together of several things: it loses no more than what is lost.

use markmonitor_certs::pki::{
    Bundle, BundleContext, Context, Finding, Found, FoundContent, Input, SignatureStatus, inspect_all, inspect_csr,
    parse_bundle,
};

use crate::support::{
    builder::{EC, P256, spki},
    certificate::{Cert, cert},
    der::oid,
    fixture, pem, text,
};

const LABEL: &str = "CERTIFICATE";

/// A leaf, its issuer, and the root.
fn chain() -> [Cert; 3] {
    [
        cert("leaf", "ca").keys(1, 2),
        cert("ca", "root").authority().keys(2, 3),
        cert("root", "root").authority().keys(3, 3),
    ]
}

fn bundle_of(input: &Input<'_>) -> Bundle {
    parse_bundle(input, &BundleContext::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn members(bundle: &Bundle) -> usize {
    1 + bundle.intermediates.len() + usize::from(bundle.root.is_some()) + bundle.unrelated.len()
}

fn unreadable(bundle: &Bundle) -> Vec<&Finding> {
    let findings = bundle.findings.iter();
    findings
        .filter(|finding| finding.code.as_str() == "certificate_unreadable")
        .collect()
}

#[test]
fn one_damaged_block_does_not_lose_the_others() {
    let whole = chain().map(|one| pem(LABEL, &one.der()));
    let body = |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with('-')).collect() };
    let framed = |body: &str| format!("-----BEGIN {LABEL}-----\n{body}\n-----END {LABEL}-----\n");
    for place in 0..3 {
        let body = body(&whole[place]);
        let mut damages = vec![
            framed("!!!!"),
            framed(""),
            framed(&body[..200]),
            framed(&body[..201]),
            framed(&format!("{}!{}", &body[..100], &body[100..])),
            framed(&format!("{}ü{}", &body[..100], &body[100..])),
            framed(&format!("{body}=={body}")),
        ];
        if place == 2 {
            damages.extend([100, 150, 151].map(|end| whole[place][..end].to_owned()));
        }
        for damaged in damages {
            let mut blocks = whole.clone();
            blocks[place].clone_from(&damaged);
            let bundle = bundle_of(&Input::Text(&blocks.concat()));
            assert_eq!(members(&bundle), 2, "{damaged}");
            let unreadable = unreadable(&bundle);
            let number = format!("Certificate {} of the bundle cannot be read.", place + 1);
            assert!(
                matches!(unreadable.as_slice(), [one] if one.message.starts_with(&number)),
                "{unreadable:?} {damaged}"
            );
        }
    }
    // In another notation, too.
    let damaged = [whole[0].as_str(), &framed("!!!!"), &whole[2]].concat();
    let percent = |text: &str| text.bytes().map(|octet| format!("%{octet:02X}")).collect::<String>();
    for text in [
        percent(&damaged),
        damaged.replace('\n', "<br>\n"),
        damaged.replace('+', "&#43;").replace('\n', "&#10;"),
    ] {
        let bundle = bundle_of(&Input::Text(&text));
        assert_eq!((members(&bundle), unreadable(&bundle).len()), (2, 1), "{text}");
    }
    // With nothing that can be read, the error says why.
    let nothing = parse_bundle(&Input::Text(&framed("!!!!").repeat(2)), &BundleContext::default());
    assert_eq!(nothing.unwrap_err().code.as_str(), "base64");
}

#[test]
fn what_follows_an_end_line_without_its_begin_line_is_read() {
    let without_begin = |pem: String| pem.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap();
    let chain = chain().map(|one| without_begin(pem(LABEL, &one.der())));
    assert_eq!(members(&bundle_of(&Input::Text(&chain.concat()))), 3);
    let requests = ["guide.csr.pem", "three-names.csr.pem"].map(|name| without_begin(text(name)));
    for between in ["", "\n", "and\n"] {
        let both = requests.join(between);
        let found: Vec<_> = inspect_all(&Input::Text(&both), None).collect();
        let is_request = |one: &&Found| matches!(one.content, FoundContent::Csr(_));
        assert_eq!(found.iter().filter(is_request).count(), 2, "{both}");
        let inspection = inspect_csr(&Input::Text(&both), &Context::default()).unwrap();
        let findings = inspection.conclude(SignatureStatus::Valid).findings;
        assert!(
            findings.iter().any(|finding| finding.code.as_str() == "several_blocks"),
            "{findings:?}"
        );
    }
}

#[test]
fn a_line_between_those_of_base64_without_a_frame_is_named() {
    let request = text("guide.csr.pem");
    let lines: Vec<&str> = request.lines().filter(|line| !line.starts_with('-')).collect();
    for stranger in ["Page 1 of 2", "--More--", "..."] {
        let broken = [&lines[..3], &[stranger], &lines[3..]].concat().join("\n");
        let error = inspect_csr(&Input::Text(&broken), &Context::default()).unwrap_err();
        assert!(error.message.contains("line 4 "), "{error}");
    }
}

#[test]
fn what_lacks_its_first_lines_is_said_to_be_damaged() {
    for request in ["guide.csr.pem", "three-names.csr.pem"].map(text) {
        let lines: Vec<&str> = request.lines().collect();
        for from in 2..lines.len() - 1 {
            let rest = lines[from..].join("\n");
            let error = inspect_csr(&Input::Text(&rest), &Context::default()).unwrap_err();
            assert!(error.message.contains("copy it again, whole"), "{error}\n{rest}");
        }
    }
}

#[test]
fn pem_and_der_in_one_file_are_both_read() {
    let der = chain().map(|one| one.der());
    for written in 0..8_usize {
        let as_pem = |at: usize| written >> at & 1 == 1;
        for between in ["", "\n", "\r\n\r\n"] {
            let mut file = Vec::new();
            for (at, der) in der.iter().enumerate() {
                if as_pem(at) {
                    file.extend(pem(LABEL, der).bytes());
                } else {
                    file.extend(der);
                }
                file.extend(between.bytes());
            }
            let bundle = bundle_of(&Input::Bytes(&file));
            assert_eq!(members(&bundle), 3, "{written:03b} {between:?}");
            assert!(unreadable(&bundle).is_empty(), "{:?}", bundle.findings);
        }
    }
    // What is cut off at the end is said.
    let cut = [pem(LABEL, &der[0]).as_bytes(), &der[1][..der[1].len() - 9]].concat();
    let bundle = bundle_of(&Input::Bytes(&cut));
    assert_eq!((members(&bundle), unreadable(&bundle).len()), (1, 1));
    // Each has its place.
    let request = fixture("guide.csr.pem");
    let file = [&request[..], &der[0], b"\n", &request].concat();
    let places: Vec<_> = inspect_all(&Input::Bytes(&file), None)
        .map(|found| (found.place, matches!(found.content, FoundContent::Csr(_))))
        .collect();
    let behind = request.len() + der[0].len();
    let kinds: Vec<bool> = places.iter().map(|(_, is_request)| *is_request).collect();
    assert_eq!(kinds, [true, false, true]);
    assert_eq!(places[1].0, request.len()..behind);
    assert_eq!(places[2].0.start, behind + 1);
    // What is inside of DER is none of the file.
    let inside = [&request[..], &der[1]].concat();
    let with_inside = chain()[0].clone().extension("1.2.3.4", &inside).der();
    for file in [&with_inside[..], &[&with_inside[..], &request].concat()] {
        let bundle = bundle_of(&Input::Bytes(file));
        assert_eq!((members(&bundle), unreadable(&bundle).len()), (1, 0));
    }
    // A key is one in either.
    let key = [0x30, 0x09, 2, 1, 0, 0x30, 0, 4, 2, 7, 7];
    let file = [&request[..], &key].concat();
    let error = inspect_csr(&Input::Bytes(&file), &Context::default()).unwrap_err();
    assert_eq!(error.code.as_str(), "private_key");
}

/// PowerShell adds UTF-16 to a file of whatever encoding.
#[test]
fn text_in_two_encodings_is_read() {
    let [leaf, ca, root] = chain().map(|one| pem(LABEL, &one.der()));
    let wide = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    let rest = [&*ca, &root].concat();
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        for file in [
            [leaf.as_bytes(), &wide(&rest, unit)].concat(),
            [&wide(&leaf, unit), rest.as_bytes()].concat(),
        ] {
            assert_eq!(members(&bundle_of(&Input::Bytes(&file))), 3);
            assert_eq!(members(&bundle_of(&Input::Text(&String::from_utf8_lossy(&file)))), 3);
        }
    }
}

#[test]
fn of_a_difference_that_only_adds_everything_is_read() {
    let marked = |pem: &str, mark: char| -> String { pem.lines().map(|line| format!("{mark}{line}\n")).collect() };
    // Digits of which many lines begin with a plus sign, in what is kept as in what is added.
    let pluses = |one: Cert| {
        let one = pem(LABEL, &one.der());
        one.lines().fold(String::new(), |text, line| {
            let (start, rest) = line.split_at(line.find('+').unwrap_or_default());
            if line.starts_with('-') {
                format!("{text}{line}\n")
            } else {
                format!("{text}{start}\n{rest}\n")
            }
        })
    };
    // Three octets make four digits, wherever in the certificate they begin.
    let shifted = |one: &Cert, by: usize| {
        let octets = [vec![0; by], [0xfb, 0xef, 0xbe].repeat(30)].concat();
        pluses(Cert {
            key: spki(&[&oid(EC), &oid(P256)], &octets),
            ..one.clone()
        })
    };
    let [kept, added, more] = chain().map(|one| {
        let mut texts = (0..3).map(|by| shifted(&one, by));
        let found = texts.find(|text| text.lines().any(|line| line.starts_with("++")));
        found.expect("one of the three makes plus signs")
    });
    for (kept, added) in [
        (&kept, [added.as_str(), &more].concat()),
        (&added, [kept.as_str(), &more].concat()),
    ] {
        for indent in ["", "    "] {
            for (first, second) in [(' ', '+'), ('+', ' ')] {
                let text = [marked(kept, first), marked(&added, second)].concat();
                let text: String = text.lines().map(|line| format!("{indent}{line}\n")).collect();
                let bundle = bundle_of(&Input::Text(&format!("@@ -1,3 +1,9 @@\n{text}")));
                assert_eq!(members(&bundle), 3, "{text}");
                assert!(unreadable(&bundle).is_empty(), "{text}");
            }
        }
    }
}

#[test]
fn a_begin_line_that_other_programs_do_not_know_is_remarked_on() {
    let sound = text("guide.csr.pem");
    let begin = sound.lines().next().unwrap();
    let has_lines = |text: &str| {
        let findings = inspect_csr(&Input::Text(text), &Context::default())
            .unwrap()
            .into_findings();
        findings.iter().any(|finding| finding.code.as_str() == "pem_lines")
    };
    assert!(!has_lines(&sound));
    assert!(!has_lines(&format!("Before.\n{sound}After.\n")));
    for odd in [
        sound.replace("BEGIN ", "BEGIN  "),
        sound.replace("BEGIN ", "BEGIN \t"),
        sound.replacen("REQUEST-----", "REQUEST -----", 1),
        sound.replace("END ", "END  "),
        format!("{begin}\n{sound}"),
        format!("{begin}\n{begin}\n{sound}"),
        format!("-----BEGIN SOMETHING-----\n{sound}"),
    ] {
        assert!(has_lines(&odd), "{odd}");
    }
}

#[test]
fn what_happened_to_a_paste_is_said_with_its_line() {
    let sound = text("guide.csr.pem");
    let lines: Vec<&str> = sound.lines().collect();
    let message = |lines: &[String]| {
        let text = lines.join("\n");
        let error = inspect_csr(&Input::Text(&text), &Context::default()).unwrap_err();
        assert!(error.message.ends_with("copy it again, whole."), "{error} {text}");
        error.message
    };
    let owned = || lines.iter().map(ToString::to_string).collect::<Vec<String>>();
    for before in ["", "Hello,\n\n"] {
        let first = before.lines().count();
        for at in [2, 5, 8] {
            let number = format!("line {} ", first + at + 1);
            let inserted = |line: &str| {
                let mut all = owned();
                all.insert(at, line.to_owned());
                // So that it cannot be read without the line either.
                all.remove(lines.len() - 2);
                all[0].insert_str(0, before);
                message(&all)
            };
            let changed = |change: fn(&str) -> String| {
                let mut all = owned();
                all[at] = change(&all[at]);
                all[0].insert_str(0, before);
                message(&all)
            };
            for (said, what) in [
                (inserted("--More--"), "a pager's"),
                (inserted("<--- More --->"), "a pager's"),
                (inserted("\u{c}3 / 7"), "a page break"),
                (inserted("Page 2 of 3"), "a page break"),
                (inserted("..."), "left out"),
                (inserted("[...]"), "left out"),
                (inserted("…"), "left out"),
                (inserted("<snip>"), "left out"),
                (inserted("<<<<<<< HEAD"), "a merge conflict"),
                (inserted("On Monday, Bob wrote:"), "of a mail"),
                (inserted(lines[at - 1]), "is there twice"),
                (changed(|line| line[4..].to_owned()), "has 60 characters"),
                (changed(|line| format!("AAAA{line}")), "has 68 characters"),
                (changed(|line| line.replacen(|_| true, "*", 1)), "something else"),
            ] {
                assert!(said.contains(&number) && said.contains(what), "{number} {what}: {said}");
            }
        }
    }
    // What no single line shows.
    let mut without = owned();
    without.remove(4);
    assert!(message(&without).contains("missing, doubled or swapped"));
    let numbered: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("{}-{line}", at + 1))
        .collect();
    assert!(message(&numbered).contains("line 2 begins with its number"));
    // What is no text of lines is not told so.
    let der = x509_parser::pem::parse_x509_pem(sound.as_bytes()).unwrap().1.contents;
    let error = inspect_csr(&Input::Bytes(&der[..300]), &Context::default()).unwrap_err();
    assert!(!error.message.contains("copied"), "{error}");
    let found = inspect_csr(&Input::Text(&sound), &Context::default()).unwrap();
    let found = found
        .conclude(markmonitor_certs::pki::SignatureStatus::Invalid)
        .findings;
    let invalid = found
        .iter()
        .find(|one| one.code.as_str() == "signature_invalid")
        .unwrap();
    assert!(invalid.message.ends_with("copy it again, whole."), "{invalid:?}");
}
