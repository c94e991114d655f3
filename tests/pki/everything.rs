//! Everything in one paste is found, each with its place.

use markmonitor_certs::pki::{Found, FoundContent, Input, SignatureStatus, inspect_all};

use crate::support::{
    builder::csr,
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
            let statuses = inspection.verifications().map(|_| SignatureStatus::Valid);
            let bundle = inspection.clone().conclude(statuses.collect::<Vec<_>>());
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
