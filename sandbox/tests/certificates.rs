//! The certificate authority, with OpenSSL as the judge.

use std::fs;
use std::path::Path;
use std::process::Command;

use sandbox::{Options, Request};
use serde_json::{Value, json};

use crate::support::{Caller, EC_RENEWED, EC_WITH_SANS, EXPLICIT_CURVE, RSA, code, expect, order, problems, text};

/// What `openssl` says, given these files by name. `None` where there is no `openssl`, which CI does not excuse.
fn openssl(arguments: &str, files: &[(&str, &str)]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    run(arguments, folder.path())
}

fn run(arguments: &str, folder: &Path) -> Option<String> {
    match Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
    {
        Ok(output) => {
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8_lossy(&printed).into_owned();
            assert!(output.status.success(), "openssl {arguments}: {printed}");
            Some(printed)
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "openssl cannot be run: {error}");
            eprintln!("skipped: openssl cannot be run ({error})");
            None
        }
    }
}

/// The certificates of a PEM file, one text each.
fn split(pem: &str) -> Vec<&str> {
    pem.split_inclusive("-----END CERTIFICATE-----\n").collect()
}

fn issue(caller: &mut Caller, organization: &Value, cert_type: &str, csr: &str, dns_names: &[&str]) -> String {
    let mut body = order(organization, cert_type, "example.com");
    body["cert"]["csr"] = json!(csr);
    body["cert"]["dnsNames"] = json!(dns_names);
    let id = text(&expect(202, &caller.post("/order", &body)), "/id");
    caller.wait_for_certificate(&id);
    id
}

fn pem_all(caller: &mut Caller, id: &str) -> String {
    let response = caller.download(id, "pem_all");
    assert_eq!(response.status, 200);
    String::from_utf8(response.body).unwrap()
}

#[test]
fn openssl_accepts_the_chain_at_the_time_of_its_issue_and_not_after_its_end() {
    for now in [
        "2025-12-01T00:00:00Z",
        "2026-03-15T00:00:00Z",
        "2027-03-15T00:00:00Z",
        "2029-03-15T00:00:00Z",
    ] {
        let mut caller = Caller::at(
            now,
            Options {
                rate_limit: None,
                ..Options::default()
            },
        );
        let id = caller.issued_order();
        let pem = pem_all(&mut caller, &id);
        let [leaf, intermediate, root] = split(&pem)[..] else {
            panic!("{pem}")
        };
        let files = [
            ("leaf.pem", leaf),
            ("intermediate.pem", intermediate),
            ("root.pem", root),
        ];
        let verify = |seconds: u64| {
            format!(
                "verify -x509_strict -purpose sslserver -verify_hostname example.com -attime {seconds} -CAfile root.pem -untrusted intermediate.pem leaf.pem"
            )
        };
        let Some(printed) = openssl(&verify(caller.now.seconds()), &files) else {
            return;
        };
        assert_eq!(printed.trim(), "leaf.pem: OK", "{now}");
        let order = caller.get(&format!("/order/{id}"));
        let until = sandbox::Timestamp::parse(&text(&order, "/cert/dateValidUntil")).unwrap();
        // OpenSSL takes the last second for an expired one, RFC 5280 does not.
        openssl(&verify(until.seconds() - 1), &files);
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let late = verify(until.seconds() + 1);
        let late = Command::new("openssl")
            .args(late.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(!late.status.success() && String::from_utf8_lossy(&late.stderr).contains("expired"));
    }
}

#[test]
fn the_leaf_has_the_key_of_the_csr() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    for csr in [RSA, EC_WITH_SANS, EC_RENEWED] {
        let id = issue(&mut caller, &organization, "SSL_DV_GEOTRUST", csr, &[]);
        let pem = pem_all(&mut caller, &id);
        let Some(of_leaf) = openssl("x509 -in leaf.pem -noout -pubkey", &[("leaf.pem", split(&pem)[0])]) else {
            return;
        };
        assert_eq!(
            Some(of_leaf),
            openssl("req -in a.csr -noout -pubkey", &[("a.csr", csr)])
        );
    }
}

#[test]
fn the_leaf_covers_the_common_name_and_the_dns_names_and_not_the_sans_of_the_csr() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = issue(
        &mut caller,
        &organization,
        "SSL_DV_GEOTRUST",
        EC_WITH_SANS,
        &["www.example.com", "Example.com", "*.shop.example.com"],
    );
    let pem = pem_all(&mut caller, &id);
    let Some(printed) = openssl(
        "x509 -in leaf.pem -noout -ext subjectAltName",
        &[("leaf.pem", split(&pem)[0])],
    ) else {
        return;
    };
    assert!(
        printed.contains("DNS:example.com, DNS:www.example.com, DNS:*.shop.example.com\n"),
        "{printed}"
    );
    assert!(!printed.contains("san-of-the-csr"));
}

#[test]
fn the_leaf_follows_the_profile_of_its_validation() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    for (cert_type, subject, policy) in [
        ("SSL_DV_GEOTRUST", "subject=CN = example.com", "2.23.140.1.2.1"),
        (
            "SSL_OV_BASIC",
            "subject=C = US, ST = Idaho, L = Meridian, O = Example Inc., CN = example.com",
            "2.23.140.1.2.2",
        ),
        (
            "SSL_EV_BASIC",
            "subject=C = US, ST = Idaho, L = Meridian, O = Example Inc., CN = example.com",
            "2.23.140.1.1\n",
        ),
    ] {
        let id = issue(&mut caller, &organization, cert_type, RSA, &[]);
        let pem = pem_all(&mut caller, &id);
        let files = [("leaf.pem", split(&pem)[0])];
        let Some(names) = openssl("x509 -in leaf.pem -noout -subject -nameopt oneline,-esc_msb", &files) else {
            return;
        };
        assert_eq!(names.trim().replace('"', ""), subject, "{cert_type}");
        let all = openssl("x509 -in leaf.pem -noout -text", &files).unwrap();
        for part in [
            "CA:FALSE",
            "Digital Signature, Key Encipherment",
            "TLS Web Server Authentication",
            policy,
        ] {
            assert!(all.contains(part), "{cert_type}: {part} in {all}");
        }
    }
}

#[test]
fn the_order_tells_the_serial_number_and_the_dates_of_its_certificate() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let order = caller.get(&format!("/order/{id}"));
    let leaf = text(&order, "/cert/endEntityCert");
    let pem = pem_all(&mut caller, &id);
    let chain = [
        leaf.clone(),
        text(&order, "/cert/intermediateCert"),
        text(&order, "/cert/rootCert"),
    ]
    .concat();
    assert_eq!(pem, chain);
    let files = [("leaf.pem", leaf.as_str())];
    let Some(printed) = openssl("x509 -in leaf.pem -noout -serial -dates -dateopt iso_8601", &files) else {
        return;
    };
    assert!(
        printed.contains(&format!("serial={}\n", text(&order, "/cert/serialNumber"))),
        "{printed}"
    );
    for (name, field) in [("notBefore", "dateValidFrom"), ("notAfter", "dateValidUntil")] {
        let date = text(&order, &format!("/cert/{field}"))
            .replace('T', " ")
            .replace(".000Z", "Z");
        assert!(printed.contains(&format!("{name}={date}\n")), "{printed}");
    }
}

#[test]
fn serial_numbers_are_positive_long_and_never_the_same() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let id = issue(&mut caller, &organization, "SSL_DV_GEOTRUST", EC_RENEWED, &[]);
        let serial = text(&caller.get(&format!("/order/{id}")), "/cert/serialNumber");
        assert_eq!(serial.len(), 32);
        assert!(matches!(serial.as_bytes()[0], b'4'..=b'7'), "{serial}");
        assert!(seen.insert(serial));
    }
}

#[test]
fn openssl_reads_the_p7b_with_all_three_certificates() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let response = caller.download(&id, "p7b");
    assert_eq!(
        response.header("content-type"),
        Some("application/x-pkcs7-certificates")
    );
    let p7b = String::from_utf8(response.body).unwrap();
    assert!(p7b.starts_with("-----BEGIN PKCS7-----\n") && p7b.ends_with("-----END PKCS7-----\n"));
    let Some(printed) = openssl("pkcs7 -in a.p7b -print_certs", &[("a.p7b", &p7b)]) else {
        return;
    };
    for name in ["CN = example.com", "CN = Sandbox TLS CA", "CN = Sandbox Root CA"] {
        assert!(
            printed.contains(&format!("subject={name}")) || printed.contains(&format!(", {name}")),
            "{name} in {printed}"
        );
    }
    let mut pems: Vec<_> = printed
        .split("-----BEGIN")
        .skip(1)
        .map(|part| part.split("-----END").next().unwrap().to_owned())
        .collect();
    let all = pem_all(&mut caller, &id);
    let mut expected: Vec<_> = all
        .split("-----BEGIN")
        .skip(1)
        .map(|part| part.split("-----END").next().unwrap().to_owned())
        .collect();
    pems.sort();
    expected.sort();
    assert_eq!(pems, expected);
}

#[test]
fn a_download_needs_the_right_accept_header_and_a_known_format() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    for accept in [None, Some("application/json"), Some("*/*")] {
        let request = Request::new("GET", &format!("/certs/v1/order/{id}/downloadCert?format=p7b"));
        let request = accept.map_or(request.clone(), |accept| request.clone().with_header("accept", accept));
        let request = caller.authorized(request);
        assert_eq!(
            code(&caller.send(&request)),
            (406, "NOT_ACCEPTABLE".to_owned()),
            "{accept:?}"
        );
    }
    assert_eq!(
        problems(&caller.download(&id, "der")),
        [("format".to_owned(), "INVALID_VALUE".to_owned())]
    );
    let request = Request::new("GET", &format!("/certs/v1/order/{id}/downloadCert"));
    let request =
        caller.authorized(request.with_header("accept", "text/plain, application/x-pkcs7-certificates;q=0.5"));
    assert_eq!(
        problems(&caller.send(&request)),
        [("format".to_owned(), "REQUIRED".to_owned())]
    );
}

#[test]
fn csrs_are_parsed_for_real() {
    let mut caller = Caller::new();
    let parsed = expect(
        200,
        &caller.post("/cert/parse", &json!({ "csrs": [RSA, EC_WITH_SANS, EXPLICIT_CURVE] })),
    );
    let expected = json!({
        "csr": RSA,
        "commonName": "example.com",
        "organizationName": "Example Inc.",
        "organizationUnit": "QA",
        "locale": "Meridian",
        "state": "Idaho",
        "country": "US",
        "email": "admin@example.com",
        "signatureAlgorithm": "sha256WithRSAEncryption",
    });
    assert_eq!(parsed[0], expected);
    assert_eq!(parsed[1]["commonName"], "example.com");
    assert_eq!(
        (&parsed[1]["country"], &parsed[1]["signatureAlgorithm"]),
        (&Value::Null, &json!("ecdsa-with-SHA256"))
    );
    assert_eq!(parsed.as_array().map(Vec::len), Some(3));
}

#[test]
fn a_csr_that_cannot_be_parsed_is_named_by_its_place() {
    let mut caller = Caller::new();
    let response = caller.post("/cert/parse", &json!({ "csrs": [RSA, "nonsense", ""] }));
    let expected = [("csrs[1]", "INVALID_CSR"), ("csrs[2]", "INVALID_CSR")];
    assert_eq!(
        problems(&response),
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    for body in [json!({}), json!({ "csrs": [] }), json!({ "csrs": null })] {
        assert_eq!(
            problems(&caller.post("/cert/parse", &body)),
            [("csrs".to_owned(), "REQUIRED".to_owned())]
        );
    }
}
