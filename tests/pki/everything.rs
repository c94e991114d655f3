//! Everything in one paste is found, each with its place.

use markmonitor_certs::pki::{
    Context, FindingCode, Found, FoundContent, Input, SignatureStatus, inspect_all, inspect_csr, parse_csr,
};

use crate::pasted::base64;
use crate::support::{
    builder::{csr, dns},
    certificate::{cert, together},
    fixture, text,
};

/// What each is: the names of its certificates, that of a request, or the code of an error.
fn contents(found: &[Found]) -> Vec<String> {
    let content = |one: &Found| match &one.content {
        FoundContent::Csr(inspection) => {
            let csr = inspection.clone().conclude(SignatureStatus::Valid).csr;
            format!("csr {}", csr.subject.common_name.unwrap_or_default())
        }
        FoundContent::Bundle(inspection) => {
            let statuses = vec![SignatureStatus::Valid; inspection.verifications.len()];
            let bundle = inspection.clone().conclude(&statuses);
            let members = std::iter::once(&bundle.leaf)
                .chain(&bundle.intermediates)
                .chain(&bundle.root)
                .chain(&bundle.unrelated);
            let names = members.map(|one| one.subject.common_name.as_deref().unwrap());
            names.collect::<Vec<_>>().join(" < ")
        }
        FoundContent::Other(error) => error.code.as_str().to_owned(),
    };
    found.iter().map(content).collect()
}

fn all(input: &Input<'_>) -> Vec<Found> {
    inspect_all(input, None).collect()
}

fn of(text: &str) -> Vec<String> {
    contents(&all(&Input::Text(text)))
}

/// Padding belongs to the base64 before it, wherever the lines end.
#[test]
fn base64_among_other_text_is_found_with_its_padding() {
    for more in 0..3 {
        let base64 = base64(&csr().names(&[dns(&"a".repeat(more))]).der());
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(64)
            .map(|line| str::from_utf8(line).unwrap())
            .collect();
        for base64 in [&base64, &lines.join("\n")] {
            let paste = format!("Here it is: {base64}\nBye.");
            let found = all(&Input::Text(&paste));
            let places: Vec<&str> = found.iter().map(|one| &paste[one.place.clone()]).collect();
            assert_eq!(places, [base64.as_str()]);
        }
    }
}

#[test]
fn each_thing_is_found_where_it_is() {
    let [request, leaf, intermediate, root, p7b] = [
        "guide.csr.pem",
        "leaf-90.cert.pem",
        "intermediate.cert.pem",
        "root.cert.pem",
        "mixed.p7b.pem",
    ]
    .map(text);
    let cut = format!("{}\n-----END CERTIFICATE-----", &root[..200]);
    let parts = [
        request.clone(),
        format!("{leaf}{intermediate}{root}"),
        request,
        p7b,
        cut,
        leaf,
    ];
    for (before, between, after) in [("", "", ""), ("\u{feff}Grüße\r\n", "\n– und –\n", "bye")] {
        let paste = format!("{before}{}{after}", parts.join(between));
        let found = all(&Input::Text(&paste));
        let places: Vec<&str> = found.iter().map(|one| paste[one.place.clone()].trim()).collect();
        assert_eq!(places, parts.each_ref().map(|part| part.trim()));
        let bundle = "example.com < Example Intermediate < Example Root";
        assert_eq!(
            contents(&found),
            [
                "csr example.com",
                bundle,
                "csr example.com",
                bundle,
                "truncated",
                "example.com"
            ]
        );
    }
}

#[test]
fn each_leaf_has_a_bundle_with_what_it_needs() {
    let ca = cert("ca", "ca").authority();
    let (one, two) = (cert("one", "ca"), cert("two", "ca"));
    let other = cert("other", "other").authority();
    let pems = |members: &[&crate::support::certificate::Cert]| -> String {
        members
            .iter()
            .map(|member| {
                let base64 = crate::pasted::base64(&member.der());
                format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
            })
            .collect()
    };
    assert_eq!(of(&pems(&[&one, &ca, &other])), ["one < ca < other"]);
    assert_eq!(of(&pems(&[&one, &two, &ca])), ["one < ca", "two < ca"]);
    assert_eq!(of(&pems(&[&ca, &one, &other, &two])), ["one < ca", "two < ca", "other"]);
    assert_eq!(of(&pems(&[&ca, &other])), ["ca < other"]);
    // In a file, one after the other.
    let found = all(&Input::Bytes(&together(&[&one, &ca])));
    assert_eq!(contents(&found), ["one < ca"]);
}

/// Two requests, however they are written.
fn pairs(one: &str, two: &str) -> Vec<(&'static str, String)> {
    let body = |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with('-')).collect() };
    let der = |pem: &str| x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap().1.contents;
    let hex = |pem: &str| -> String { der(pem).iter().map(|octet| format!("{octet:02x}")).collect() };
    let again = |pem: &str| crate::pasted::base64(pem.as_bytes());
    let percent = |text: &str| -> String { text.bytes().map(|octet| format!("%{octet:02X}")).collect() };
    let dump = |pem: &str| -> String {
        let der = der(pem);
        let rows = der.chunks(16).enumerate().map(|(index, row)| {
            let octets: Vec<String> = row.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("{:08x}  {}\n", 16 * index, octets.join(" "))
        });
        rows.collect()
    };
    vec![
        ("PEM", format!("{one}{two}")),
        ("bodies", format!("{}\n{}\n", body(one), body(two))),
        ("bodies with labels", format!("a: {}\nb: {}\n", body(one), body(two))),
        ("PEM, then a body", format!("{one}{}", body(two))),
        ("a body, then PEM", format!("{}\n{two}", body(one))),
        (
            "data URLs",
            format!("data:x;base64,{}\ndata:x;base64,{}", body(one), body(two)),
        ),
        (
            "Kubernetes",
            format!("request: {}\n---\nrequest: {}\n", again(one), again(two)),
        ),
        (
            "JSON of PEM in base64",
            format!("[\"{}\", \"{}\"]", again(one), again(two)),
        ),
        ("JSON of PEM", format!("{:?}", [one, two])),
        ("elements", format!("<a>{}</a><a>{}</a>", body(one), body(two))),
        ("lines of hex", format!("{}\n{}\n", hex(one), hex(two))),
        (
            "lines of hex with labels",
            format!("first: {}\nsecond: {}\n", hex(one), hex(two)),
        ),
        ("dumps", format!("{}{}", dump(one), dump(two))),
        ("PEM, then a dump", format!("{one}{}", dump(two))),
        ("PEM, then a URL", format!("{one}csr={}", percent(two))),
        ("a URL, then PEM", format!("csr={}\n{two}", percent(one))),
        (
            "PEM, then one with other dashes",
            format!("{one}{}", two.replace("-----", "----")),
        ),
        (
            "PEM, then one without dashes",
            format!("{one}{}", two.replace("-----", "")),
        ),
        (
            "END without its dashes",
            format!("{}\n{two}", one.trim_end().trim_end_matches('-')),
        ),
    ]
}

#[test]
fn of_several_requests_none_is_dropped() {
    for [one, two] in [
        ["guide.csr.pem", "shop.csr.pem"],
        ["shop.csr.pem", "rsa-three-names.csr.pem"],
    ] {
        let (one, two) = (text(one), text(two));
        let name = |pem: &str| of(pem).concat();
        for (written, text) in pairs(&one, &two) {
            assert_eq!(of(&text), [name(&one), name(&two)], "{written}");
            let inspected = inspect_csr(&Input::Text(&text), &Context::default()).unwrap();
            let codes: Vec<_> = inspected.into_findings().iter().map(|finding| finding.code).collect();
            assert!(codes.contains(&FindingCode::SeveralBlocks), "{written}: {codes:?}");
        }
    }
    // In one file; and of certificates.
    let der = |name: &str| {
        x509_parser::pem::parse_x509_pem(text(name).as_bytes())
            .unwrap()
            .1
            .contents
    };
    let file = [
        der("guide.csr.pem"),
        der("leaf-90.cert.pem"),
        der("intermediate.cert.pem"),
    ]
    .concat();
    let bundle = "example.com < Example Intermediate";
    assert_eq!(contents(&all(&Input::Bytes(&file))), ["csr example.com", bundle]);
    let secret = format!(
        "tls.crt: {}\nca.crt: {}\n",
        crate::pasted::base64(&fixture("leaf-90.cert.pem")),
        crate::pasted::base64(&fixture("intermediate.cert.pem"))
    );
    assert_eq!(of(&secret), [bundle]);
}

#[test]
fn what_stands_beside_a_request_is_named() {
    let pem = text("guide.csr.pem");
    let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBo0S6o5Kk7nq5mC0j0w1mYw3l3m9o3mU2yq1aZ1t0bQ me@example.com\n";
    let pgp = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFxZ\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n";
    let parameters = "-----BEGIN DH PARAMETERS-----\nMAYCAQcCAQI=\n-----END DH PARAMETERS-----\n";
    for (other, words) in [
        (ssh, "SSH key"),
        (pgp, "PGP block"),
        (parameters, "parameters of a key"),
    ] {
        for (text, at) in [(format!("{other}{pem}"), 0), (format!("{pem}{other}"), 1)] {
            let found = all(&Input::Text(&text));
            assert_eq!(found.len(), 2, "{text}");
            let FoundContent::Other(error) = &found[at].content else {
                panic!("{text}");
            };
            assert!(error.message.contains(words), "{error}");
            assert!(parse_csr(&Input::Text(&text)).is_ok(), "{text}");
        }
    }
}

#[test]
fn roots_alone_are_a_trust_store() {
    let roots = |count: usize| -> String {
        let pem = |n: usize| {
            let name: &'static str = format!("Root {n}").leak();
            crate::support::pem("CERTIFICATE", &cert(name, name).authority().der())
        };
        (0..count).map(pem).collect()
    };
    let found = all(&Input::Text(&roots(30)));
    assert!(
        matches!(&found[..], [Found { content: FoundContent::Other(error), .. }] if error.message.contains("a trust store")),
        "{found:?}"
    );
    assert_eq!(
        all(&Input::Text(&format!("{}{}", roots(30), text("leaf-90.cert.pem")))).len(),
        1
    );
    assert!(matches!(
        all(&Input::Text(&roots(3)))[0].content,
        FoundContent::Bundle(_)
    ));
}

#[test]
fn what_a_difference_removes_is_not_read() {
    let (old, new) = (text("shop.csr.pem"), text("guide.csr.pem"));
    let marked = |text: &str, mark: &str| -> String { text.lines().map(|line| format!("{mark}{line}\n")).collect() };
    let body = |text: &str| {
        text.lines()
            .filter(|line| !line.starts_with('-'))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let frame =
        |content: &str| format!(" -----BEGIN CERTIFICATE REQUEST-----\n{content} -----END CERTIFICATE REQUEST-----\n");
    for text in [
        format!(
            "--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n{}{}",
            marked(&old, "-"),
            marked(&new, "+")
        ),
        format!(
            "~ csr = <<-EOT\n{}{}  EOT\n",
            marked(&old, "    - "),
            marked(&new, "    + ")
        ),
        format!(
            "@@ -1,9 +1,9 @@\n{}",
            frame(&(marked(&body(&old), "-") + &marked(&body(&new), "+")))
        ),
    ] {
        assert_eq!(of(&text), ["csr example.com"], "{text}");
        assert_eq!(parse_csr(&Input::Text(&text)), parse_csr(&Input::Text(&new)), "{text}");
    }
    // The numbers are small, so that it is nobody's key.
    let key = "-----BEGIN PRIVATE KEY-----\nMDECAQAwDQYJKoZIhvcNAQEBBQAEHTAbAgEAAgFNAgEHAgErAgELAgEHAgEDAgEB\nAgEC\n-----END PRIVATE KEY-----\n";
    let text = format!(
        "--- a/x\n+++ b/x\n@@ -1,4 +1,9 @@\n{}{}",
        marked(key, "-"),
        marked(&new, "+")
    );
    let error = parse_csr(&Input::Text(&text)).unwrap_err();
    assert_eq!(error.code.as_str(), "private_key", "{error}");
}

#[test]
fn what_is_cut_off_is_called_what_it_would_be() {
    let pem = text("guide.csr.pem");
    let der = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap().1.contents;
    for input in [
        Input::Text(&pem[..300]),
        Input::Text(&crate::pasted::base64(&der)[..300]),
        Input::Bytes(&der[..300]),
        Input::Text(&format!(
            "{}{}",
            text("leaf-90.cert.pem"),
            &crate::pasted::base64(&der)[..300]
        )),
    ] {
        let found = all(&input);
        let Some(FoundContent::Other(error)) = found.last().map(|found| &found.content) else {
            panic!("{found:?}");
        };
        assert_eq!(error.code.as_str(), "truncated");
        assert!(error.message.starts_with("Expected a certificate request"), "{error}");
    }
}

#[test]
fn what_is_nothing_of_it_is_named() {
    assert_eq!(of(""), ["empty"]);
    assert_eq!(of("hello, world!"), ["base64"]);
    let key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0IGNhbmFyeQ==\n-----END PRIVATE KEY-----\n";
    assert_eq!(of(&format!("{}{key}", text("guide.csr.pem"))), ["private_key"]);
    let found = all(&Input::Bytes(&csr().key(vec![0x30, 0]).der()));
    assert_eq!(contents(&found), ["der"]);
    // A public key beside its certificate.
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    assert_eq!(
        of(&format!("{public}{}", text("leaf-90.cert.pem"))),
        ["wrong_kind", "example.com"]
    );
    // What had to be decoded is all of the input.
    let pem = text("guide.csr.pem").replace('\n', "<br>");
    let found = all(&Input::Text(&pem));
    assert_eq!(found[0].place, 0..pem.len());
    assert_eq!(
        contents(&all(&Input::Bytes(&fixture("guide.csr.pem")))),
        ["csr example.com"]
    );
}
