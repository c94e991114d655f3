//! What is wrong with an order or a reissue, before it is sent (guide 7.4.1, 7.4.8.3).

use markmonitor_certs::pki::{
    Context, Input, OrderForm, OrderInspection, OrderOrganization, ReissueForm, Severity, SignatureStatus, check_order,
    check_reissue, parse_csr,
};
use pki::Finding;
use serde_json::{Value, json};

use crate::{given::Json, support::text};

const COMMON_NAME: &str = "shop.example.com";
const ID: &str = "00000000-0000-4000-8000-000000000000";

/// The codes that are tested here.
pub const TESTED: &[&str] = &[
    "required",
    "wrong_type",
    "invalid_id",
    "ev_approver_missing",
    "ev_wildcard",
    "ev_ip_address",
    "cn_too_long",
    "csr_several",
    "csr_repaired",
    "duplicate_dns_name",
    "reissue_changes_common_name",
    "csr_unreadable",
    "contact_type_reserved",
    "organization_contact_missing",
    "algorithm_hash_unusable",
    "algorithm_hash_differs",
    "root_hash_sha1",
    "server_platform_unknown",
    "additional_email_invalid",
    "http_token_for_wildcard",
];

fn order() -> Value {
    json!({
        "organizationId": ID, "certType": "SSL_OV_BASIC", "locale": "en", "provider": "DIGICERT",
        "contacts": [{ "id": ID, "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] }],
        "cert": { "commonName": COMMON_NAME, "csr": text("shop.csr.pem"), "dnsNames": ["www.shop.example.com"] },
    })
}

/// The order with some fields replaced.
fn with(changes: Value) -> Value {
    let mut order = order();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Object(fields) if name == "cert" => {
                order["cert"].as_object_mut().unwrap().extend(fields.clone());
            }
            _ => order[name] = value.clone(),
        }
    }
    order
}

fn form(order: Value) -> OrderForm {
    OrderForm::read(&Json(Some(&order)), "order").expect("any object is a form")
}

fn check(order: Value) -> Vec<Finding> {
    valid(check_order(&form(order), None))
}

/// What is found when the signature of the request holds.
fn valid(inspection: OrderInspection) -> Vec<Finding> {
    inspection.conclude(Some(SignatureStatus::Valid)).findings
}

fn of_severity(findings: &[Finding], severity: Severity) -> Vec<(&'static str, String)> {
    let found = findings.iter().filter(|finding| finding.severity == severity);
    found
        .map(|finding| (finding.code.as_str(), finding.field.clone().unwrap()))
        .collect()
}

fn errors(order: Value) -> Vec<(&'static str, String)> {
    of_severity(&check(order), Severity::Error)
}

fn warnings(order: Value) -> Vec<(&'static str, String)> {
    of_severity(&check(order), Severity::Warning)
}

fn at(code: &'static str, field: &str) -> (&'static str, String) {
    (code, field.to_owned())
}

fn ev() -> Value {
    let contacts = json!([{ "id": ID, "contactTypes": [{ "type": "EXTENDED_VALIDATION_APPROVER" }] }]);
    with(json!({ "certType": "SSL_EV_BASIC", "contacts": contacts }))
}

#[test]
fn a_good_order_has_no_finding() {
    assert_eq!(check(order()), []);
}

#[test]
fn all_that_is_required_is_named_at_once() {
    let missing = errors(json!({ "locale": " ", "contacts": [], "cert": { "csr": "" } }));
    let fields = [
        "organizationId",
        "contacts",
        "certType",
        "locale",
        "provider",
        "cert.commonName",
        "cert.csr",
    ];
    assert_eq!(missing, fields.map(|field| at("required", field)));
    assert!(errors(json!({})).contains(&at("required", "cert")));
}

#[test]
fn a_field_of_another_type_is_told_and_loses_nothing_else() {
    // Each field that is sent, and what it is not; of a list, an item of another type too.
    let text = [json!(7), json!(true), json!(["a"]), json!({ "a": 1 })];
    let texts = [
        json!("a"),
        json!([null]),
        json!(["a", 7]),
        json!([["a"]]),
        json!({ "0": "a" }),
    ];
    let objects = [json!("a"), json!(7), json!([ID]), json!([null]), json!({ "id": ID })];
    let object = [json!("a"), json!(7)];
    let fields: [(&str, &[Value]); 14] = [
        ("organizationId", &text),
        ("certType", &text),
        ("locale", &text),
        ("provider", &text),
        ("comments", &text),
        ("additionalEmails", &texts),
        ("contacts", &objects),
        ("cert", &object),
        ("cert.commonName", &text),
        ("cert.dnsNames", &texts),
        ("cert.csr", &text),
        ("cert.serverPlatform", &text),
        ("cert.algorithmHash", &text),
        ("cert.dcvMethod", &text),
    ];
    for (field, values) in fields {
        for value in values {
            let given = match field.split_once('.') {
                Some((cert, name)) => json!({ cert: { name: value } }),
                None => json!({ field: value }),
            };
            assert_eq!(errors(with(given)), [at("wrong_type", field)], "{field} {value}");
        }
    }
    for (contact, field) in [
        (json!({ "id": 7 }), "contacts[0].id"),
        (json!({ "contactTypes": [null] }), "contacts[0].contactTypes"),
        (
            json!({ "contactTypes": "ORGANIZATION_CONTACT" }),
            "contacts[0].contactTypes",
        ),
    ] {
        let mut whole = json!({ "id": ID, "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] });
        for (name, value) in contact.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let found = errors(with(json!({ "contacts": [whole] })));
        assert!(found.contains(&at("wrong_type", field)), "{field}: {found:?}");
        assert!(found.iter().all(|(code, _)| *code != "required"), "{field}: {found:?}");
    }
    assert_eq!(errors(with(json!({ "cert": null }))), [at("required", "cert")]);
    let odd_emails = with(json!({ "additionalEmails": "a@example.com", "cert": { "dnsNames": ["a_b.example.com"] } }));
    assert_eq!(
        errors(odd_emails),
        [
            at("wrong_type", "additionalEmails"),
            at("dns_underscore", "cert.dnsNames[0]"),
        ]
    );
    let refusal = OrderForm::read(&Json(Some(&json!("an order"))), "order").unwrap_err();
    assert_eq!(refusal.message, "order must be an object.");
}

#[test]
fn what_a_reissue_is_to_change_is_of_its_type() {
    for (changes, field) in [
        (json!({ "additionalEmails": "a@example.com" }), "additionalEmails"),
        (json!({ "cert": "a" }), "cert"),
        (json!({ "cert": { "dnsNames": "a.example.com" } }), "cert.dnsNames"),
        (json!({ "cert": { "rootHash": 1 } }), "cert.rootHash"),
    ] {
        let changes = ReissueForm::read(&Json(Some(&changes))).unwrap();
        // An order that exists is not judged: its contacts are bare ids.
        let order = form(with(json!({ "contacts": [ID] })));
        let found = valid(check_reissue(&changes, Some(&order)));
        assert_eq!(of_severity(&found, Severity::Error), [at("wrong_type", field)]);
    }
}

#[test]
fn ids_are_uuids() {
    let contacts = json!([{ "id": "bob", "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] }]);
    assert_eq!(
        errors(with(json!({ "organizationId": "7", "contacts": contacts }))),
        [at("invalid_id", "organizationId"), at("invalid_id", "contacts[0].id")]
    );
    for id in [
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567-E89B-12D3-A456-426614174000",
    ] {
        assert_eq!(errors(with(json!({ "organizationId": id }))), [], "{id}");
    }
    for id in [
        "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000",
        "123e4567-e89b-12d3-a456-426614174000-",
        "123e4567e89b12d3a456426614174000",
        "123e4567-e89b-12d3-a456-42661417400g",
        "{123e4567-e89b-12d3-a456-426614174000}",
        " 123e4567-e89b-12d3-a456-426614174000",
        "../../order",
    ] {
        assert_eq!(
            errors(with(json!({ "organizationId": id }))),
            [at("invalid_id", "organizationId")],
            "{id}"
        );
    }
}

/// Each value that is refused or does not do what it seems to, and a near miss that differs in one thing.
#[test]
fn values_that_cannot_be_are_named_and_their_neighbours_are_not() {
    let contact = |types: Value| json!({ "contacts": [{ "id": ID, "contactTypes": types }] });
    let two = |first: &str, second: &str| contact(json!([{ "type": first }, { "type": second }]));
    let cert = |name: &str, value: &str| json!({ "cert": { name: value } });
    let wildcard = |method: &str| json!({ "cert": { "dcvMethod": method, "dnsNames": ["*.shop.example.com"] } });
    let typed = |cert_type: &str| {
        let mut order = contact(json!([{ "type": "SOMETHING_NEW" }]));
        order["certType"] = cert_type.into();
        order
    };
    for (bad, found, near) in [
        (
            json!({ "contacts": [{ "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] }] }),
            at("required", "contacts[0].id"),
            contact(json!([{ "type": "ORGANIZATION_CONTACT" }])),
        ),
        (
            json!({ "certType": "SSL_DV_GEOTRUST", "contacts": [{ "id": ID, "contactTypes": [] }] }),
            at("required", "contacts[0].contactTypes"),
            typed("SSL_DV_GEOTRUST"),
        ),
        (
            two("ORGANIZATION_CONTACT", "TECHNICAL_CONTACT"),
            at("contact_type_reserved", "contacts[0].contactTypes[1].type"),
            two("ORGANIZATION_CONTACT", "SOMETHING_NEW"),
        ),
        (
            typed("SSL_OV_BASIC"),
            at("organization_contact_missing", "contacts"),
            typed("SSL_XV_NEW"),
        ),
        (
            cert("algorithmHash", "DSA"),
            at("algorithm_hash_unusable", "cert.algorithmHash"),
            cert("algorithmHash", "NEW"),
        ),
        (
            cert("algorithmHash", "RSA"),
            at("algorithm_hash_differs", "cert.algorithmHash"),
            cert("algorithmHash", "ECC"),
        ),
        (
            cert("rootHash", "SHA_1"),
            at("root_hash_sha1", "cert.rootHash"),
            cert("rootHash", "SHA_256"),
        ),
        (
            cert("serverPlatform", "ngnix"),
            at("server_platform_unknown", "cert.serverPlatform"),
            cert("serverPlatform", "NGINX"),
        ),
        (
            wildcard("HTTP_TOKEN"),
            at("http_token_for_wildcard", "cert.dcvMethod"),
            wildcard("DNS_TXT_TOKEN"),
        ),
        (
            wildcard("HTTP_TOKEN"),
            at("http_token_for_wildcard", "cert.dcvMethod"),
            cert("dcvMethod", "HTTP_TOKEN"),
        ),
    ] {
        let all = |order: Value| [errors(order.clone()), warnings(order)].concat();
        assert_eq!(all(with(bad.clone())), [found], "{bad}");
        assert_eq!(all(with(near.clone())), [], "{near}");
    }
    let rsa = with(json!({ "cert": { "algorithmHash": "ECC", "csr": text("rsa-three-names.csr.pem") } }));
    assert!(warnings(rsa).contains(&at("algorithm_hash_differs", "cert.algorithmHash")));
}

#[test]
fn additional_emails_are_addresses() {
    for (email, is_address) in [
        ("ops@example.com", true),
        ("first.last+tls@mail.example.co.uk", true),
        ("o'neil@example.com", true),
        ("\u{fc}@b\u{fc}cher.example", true),
        ("", false),
        ("ops", false),
        ("ops@localhost", false),
        ("@example.com", false),
        ("ops@", false),
        ("ops@example..com", false),
        ("ops@-example.com", false),
        (".ops@example.com", false),
        ("ops @example.com", false),
        (" ops@example.com", false),
        ("a@example.com,b@example.com", false),
        ("Ops <ops@example.com>", false),
        ("mailto:ops@example.com", false),
    ] {
        let order = with(json!({ "additionalEmails": ["a@example.com", email] }));
        let expected = if is_address {
            vec![]
        } else {
            vec![at("additional_email_invalid", "additionalEmails[1]")]
        };
        assert_eq!(errors(order), expected, "{email}");
        let changes = json!({ "additionalEmails": [email] });
        let changes = ReissueForm::read(&Json(Some(&changes))).unwrap();
        assert_eq!(valid(check_reissue(&changes, None)).is_empty(), is_address, "{email}");
    }
}

#[test]
fn an_ev_order_needs_an_approver_and_has_no_wildcard() {
    assert_eq!(
        errors(with(json!({ "certType": "SSL_EV_BASIC" }))),
        [at("ev_approver_missing", "contacts")]
    );
    assert_eq!(errors(ev()), []);
    let mut wildcard = ev();
    wildcard["cert"]["dnsNames"] = json!(["*.shop.example.com"]);
    assert_eq!(errors(wildcard), [at("ev_wildcard", "cert.dnsNames[0]")]);
}

#[test]
fn an_ev_order_and_its_request_have_no_ip_address() {
    use crate::support::{
        builder::{common_name, csr, dns},
        der::tlv,
        pem,
    };
    let with_csr = |csr: &crate::support::builder::Csr, dns_names: Value| {
        let mut order = ev();
        let pem = pem("CERTIFICATE REQUEST", &csr.der());
        order["cert"] = json!({ "commonName": "example.com", "dnsNames": dns_names, "csr": pem });
        order
    };
    let of_ev = |order: Value| -> Vec<String> {
        let found = errors(order).into_iter().filter(|(code, _)| *code == "ev_ip_address");
        found.map(|(_, field)| field).collect()
    };
    let address = csr().names(&[dns("example.com"), tlv(0x87, &[&[8, 8, 8, 8]])]);
    let named = csr().subject(&[&[common_name("8.8.8.8")]]);
    assert_eq!(of_ev(with_csr(&address, json!([]))), ["cert.csr"]);
    assert_eq!(of_ev(with_csr(&named, json!([]))), ["cert.csr"]);
    assert_eq!(of_ev(with_csr(&address, json!(["8.8.8.8"]))), ["cert.dnsNames[0]"]);
    assert_eq!(of_ev(with_csr(&csr(), json!(["8.8.8.8.com"]))), [""; 0]);
    let mut ov = with_csr(&address, json!([]));
    ov["certType"] = json!("SSL_OV_BASIC");
    assert_eq!(of_ev(ov), [""; 0]);
}

#[test]
fn a_common_name_has_64_characters_at_most_in_the_order_and_in_its_request() {
    use crate::support::{builder::csr, pem};
    let name = |length: usize| {
        format!(
            "{}.example.com",
            "a.".repeat(30).chars().take(length - 12).collect::<String>()
        )
    };
    let found = |order: Value| errors(order).contains(&at("cn_too_long", "cert.commonName"));
    assert!(found(with(json!({ "cert": { "commonName": name(65) } }))));
    assert!(!found(with(json!({ "cert": { "commonName": name(64) } }))));
    let requested = pem("CERTIFICATE REQUEST", &csr().common_name(&name(65)).der());
    let requested = with(json!({ "cert": { "commonName": name(64), "csr": requested } }));
    assert!(errors(requested).contains(&at("cn_too_long", "cert.csr")));
}

#[test]
fn a_signature_that_does_not_hold_is_an_error_of_the_order() {
    let order = form(order());
    for (status, code) in [
        (SignatureStatus::Invalid, Some((Severity::Error, "signature_invalid"))),
        (
            SignatureStatus::Unsupported,
            Some((Severity::Info, "signature_unsupported")),
        ),
        (SignatureStatus::Valid, None),
    ] {
        let found = check_order(&order, None).conclude(Some(status)).findings;
        let found: Vec<_> = found
            .into_iter()
            .map(|found| (found.severity, found.code.as_str()))
            .collect();
        assert_eq!(found, code.into_iter().collect::<Vec<_>>());
    }
    let without = check_order(&form(with(json!({ "cert": { "csr": null } }))), None);
    assert!(without.verification.is_none());
}

/// What is sent, and whether a finding says that it was repaired.
fn sent(csr: &str) -> (Option<String>, bool) {
    let checked = check_order(&form(with(json!({ "cert": { "csr": csr } }))), None).conclude(None);
    let is_repaired = checked
        .findings
        .iter()
        .any(|found| found.code.as_str() == "csr_repaired");
    (checked.csr, is_repaired)
}

#[test]
fn what_the_reader_repairs_is_sent_repaired_and_said_to_be() {
    let pem = text("shop.csr.pem");
    let shown = parse_csr(&Input::Text(&pem)).unwrap().pem;
    let digits_of = |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with('-')).collect() };
    let digits = digits_of(&pem);
    let framed =
        |digits: &str| format!("-----BEGIN CERTIFICATE REQUEST-----\n{digits}\n-----END CERTIFICATE REQUEST-----\n");
    let in_columns = |width: usize| -> String {
        let lines: Vec<&str> = digits
            .as_bytes()
            .chunks(width)
            .map(|line| str::from_utf8(line).unwrap())
            .collect();
        lines.join("\n")
    };
    for plain in [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        format!("\n\n{pem}\n\n"),
        pem.trim_end().to_owned(),
        pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        pem.replace('\n', " \n"),
        framed(&in_columns(76)),
        framed(&in_columns(1)),
    ] {
        assert_eq!(sent(&plain), (Some(shown.clone()), false), "{plain}");
    }
    for odd in [
        pem.replace('\n', "\n> "),
        pem.replace('\n', " "),
        pem.replace('\n', "\n\n"),
        pem.replace('\n', "\\n"),
        pem.replace('+', "-").replace('/', "_"),
        pem.replace("-----", "\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}"),
        pem.replace("CERTIFICATE REQUEST", "CERTIFICATE"),
        pem.replace("-----END CERTIFICATE REQUEST-----", "-----END CERTIFICATE-----"),
        format!("\u{feff}{pem}"),
        format!("Here it is:\n{pem}"),
        format!("{pem}\nRegards"),
        format!("{pem}{pem}"),
        framed(&in_columns(77)),
        digits.clone(),
        digits_of(&crate::support::pem("X", pem.as_bytes())),
    ] {
        assert_eq!(sent(&odd), (Some(shown.clone()), true), "{odd}");
    }
}

#[test]
fn of_two_requests_none_is_sent() {
    use crate::support::{
        builder::{csr, dns},
        pem,
    };
    let (one, other) = (text("shop.csr.pem"), text("shop-with-san.csr.pem"));
    let found = |csr: &str| errors(with(json!({ "cert": { "csr": csr } })));
    let several = at("csr_several", "cert.csr");
    assert!(found(&format!("{one}{other}")).contains(&several));
    assert!(found(&format!("{}{one}{other}", text("leaf-90.cert.pem"))).contains(&several));
    assert!(!found(&format!("{one}{one}")).contains(&several));
    assert!(!found(&format!("{}{one}", text("leaf-90.cert.pem"))).contains(&several));
    let followed = |after: Vec<u8>| {
        let followed = crate::support::builder::Csr { after, ..csr() };
        found(&pem("CERTIFICATE REQUEST", &followed.der())).contains(&several)
    };
    assert!(followed(csr().names(&[dns("example.com")]).der()));
    assert!(!followed(csr().der()));
    assert!(!followed(vec![5, 0]));
}

#[test]
fn a_wildcard_of_an_ev_order_is_reported_once_when_its_request_has_it_too() {
    use crate::support::builder::{csr, dns};
    let wildcard = csr().names(&[dns("example.com"), dns("*.example.com")]);
    let pem = crate::support::pem("CERTIFICATE REQUEST", &wildcard.der());
    let mut both = ev();
    both["cert"] = json!({ "commonName": "example.com", "dnsNames": ["*.Example.com"], "csr": pem });
    assert_eq!(errors(both.clone()), [at("ev_wildcard", "cert.dnsNames[0]")]);
    both["cert"]["dnsNames"] = json!([]);
    assert_eq!(errors(both), [at("ev_wildcard", "cert.csr")]);
}

#[test]
fn names_are_dns_names() {
    assert_eq!(
        errors(with(
            json!({ "cert": { "dnsNames": ["*.shop.example.com", "xn--bcher-kva.com"] } })
        )),
        []
    );
    for name in [
        "shop_1.example.com",
        "localhost",
        "10.0.0.1",
        "*",
        "a.*.example.com",
        "https://example.com",
        "münchen.de",
    ] {
        let found = errors(with(json!({ "cert": { "dnsNames": ["www.example.com", name] } })));
        assert!(
            found.iter().any(|(_, field)| field == "cert.dnsNames[1]"),
            "{name}: {found:?}"
        );
        let found = errors(with(json!({ "cert": { "commonName": name } })));
        assert!(
            found.iter().any(|(_, field)| field == "cert.commonName"),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_name_that_is_there_twice_is_a_warning() {
    let order = with(json!({ "cert": { "dnsNames": ["a.example.com", "A.example.com"] } }));
    assert_eq!(warnings(order), [at("duplicate_dns_name", "cert.dnsNames[1]")]);
}

#[test]
fn a_name_of_the_csr_that_the_order_lacks_is_a_warning_for_it_will_not_be_in_the_certificate() {
    let csr = text("shop-with-san.csr.pem");
    let found = check(with(json!({ "cert": { "csr": csr } })));
    assert_eq!(
        of_severity(&found, Severity::Warning),
        [at("order_lacks_name", "cert.csr")]
    );
    assert!(
        found[0].message.contains("only-in-the-csr.example.com"),
        "{}",
        found[0].message
    );
    // A wildcard stands for one label.
    for (name, is_covered) in [
        ("only-in-the-csr.example.com", true),
        ("*.Example.com", true),
        ("*.only-in-the-csr.example.com", false),
        ("*.com", false),
    ] {
        let found = warnings(with(json!({ "cert": { "csr": csr, "dnsNames": [name] } })));
        let is_lacking = found.contains(&at("order_lacks_name", "cert.csr"));
        assert_eq!(is_lacking, !is_covered, "{name}: {found:?}");
    }
}

#[test]
fn a_common_name_that_differs_from_the_csrs_is_a_warning() {
    let csr = text("other-name.csr.pem");
    assert_eq!(
        warnings(with(json!({ "cert": { "csr": csr } }))),
        [at("order_common_name_differs", "cert.csr")]
    );
    // A blank one is missing, and will be nobody's.
    for blank in ["", "  "] {
        let order = with(json!({ "cert": { "csr": csr, "commonName": blank } }));
        assert!(
            !warnings(order).contains(&at("order_common_name_differs", "cert.csr")),
            "{blank:?}"
        );
    }
}

#[test]
fn a_key_that_will_be_refused_is_an_error() {
    let explicit = with(json!({ "cert": { "csr": text("shop-explicit-curve.csr.pem") } }));
    assert_eq!(errors(explicit), [at("ec_explicit_parameters", "cert.csr")]);
    let weak = with(json!({ "cert": { "csr": text("shop-weak-rsa.csr.pem") } }));
    assert_eq!(errors(weak), [at("rsa_too_small", "cert.csr")]);
    assert_eq!(
        errors(with(json!({ "cert": { "csr": "no CSR" } }))),
        [at("csr_unreadable", "cert.csr")]
    );
}

#[test]
fn an_order_is_held_against_its_organization() {
    use crate::support::builder::csr;
    let pem = crate::support::pem("CERTIFICATE REQUEST", &csr().der());
    let order = form(with(
        json!({ "cert": { "commonName": "example.com", "dnsNames": ["www.example.com"], "csr": pem } }),
    ));
    let found = |organization: Value| {
        let organization = OrderOrganization::read(&Json(Some(&organization))).unwrap();
        of_severity(&valid(check_order(&order, organization.as_ref())), Severity::Warning)
    };
    assert_eq!(valid(check_order(&order, None)), []);
    assert_eq!(
        found(json!({ "name": "EXAMPLE  Inc.", "country": "us", "active": true })),
        []
    );
    assert_eq!(found(json!({ "name": null })), []);
    assert_eq!(
        found(json!({ "name": "Other Inc.", "country": "DE" })),
        [
            at("order_organization_differs", "cert.csr"),
            at("order_country_differs", "cert.csr")
        ]
    );
}

#[test]
fn the_order_in_the_context_of_a_request_is_an_argument_and_not_a_form() {
    let context = |order: Value| Context::read(&Json(Some(&json!({ "order": order }))));
    let cert = json!({ "commonName": COMMON_NAME, "dnsNames": null, "csr": 7 });
    let read = context(json!({ "certType": "SSL_OV_BASIC", "cert": cert, "contacts": "odd" })).unwrap();
    let order = read.order.unwrap();
    assert_eq!(order.cert_type.as_deref(), Some("SSL_OV_BASIC"));
    assert_eq!(order.cert.as_ref().unwrap().common_name.as_deref(), Some(COMMON_NAME));
    assert_eq!(context(json!(null)).unwrap(), Context::default());
    for (odd, message) in [
        (json!("an order"), "`order` must be an object."),
        (json!({ "cert": "example.com" }), "`order.cert` must be an object."),
        (json!({ "certType": 7 }), "`order.certType` must be a string."),
        (
            json!({ "cert": { "dnsNames": "a.example" } }),
            "`order.cert.dnsNames` must be a list.",
        ),
        (
            json!({ "cert": { "dnsNames": ["a.example", 7] } }),
            "`order.cert.dnsNames[1]` must be a string.",
        ),
    ] {
        assert_eq!(context(odd).unwrap_err().message, message);
    }
}

#[test]
fn everything_is_found_at_once_errors_first() {
    let bad = with(json!({
        "locale": null,
        "cert": { "csr": text("shop-explicit-curve.csr.pem"), "dnsNames": ["a_b.example.com", "www.example.test"] },
    }));
    let found = check(bad);
    assert!(found.is_sorted_by_key(|finding| finding.severity), "{found:?}");
    let mut errors = of_severity(&found, Severity::Error);
    errors.sort_unstable();
    assert_eq!(
        errors,
        [
            at("dns_underscore", "cert.dnsNames[0]"),
            at("ec_explicit_parameters", "cert.csr"),
            at("required", "locale"),
        ]
    );
    assert_eq!(found.len(), 4);
}

fn reissue_errors(changes: Value) -> Vec<(&'static str, String)> {
    // As the service sends an order: contacts are bare ids there.
    let order = json!({
        "status": "DIGI_ISSUED", "certType": "SSL_EV_BASIC", "contacts": [ID],
        "cert": { "commonName": COMMON_NAME, "dnsNames": [] },
    });
    let changes = ReissueForm::read(&Json(Some(&changes))).unwrap();
    of_severity(&valid(check_reissue(&changes, Some(&form(order)))), Severity::Error)
}

#[test]
fn a_reissue_cannot_change_the_common_name() {
    let csr = text("shop.csr.pem");
    assert_eq!(reissue_errors(json!({})), []);
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": csr, "commonName": "Shop.Example.com" } })),
        []
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "commonName": "other.example.com" } })),
        [at("reissue_changes_common_name", "cert.commonName")]
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": text("other-name.csr.pem") } })),
        [at("reissue_changes_common_name", "cert.csr")]
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": text("shop-explicit-curve.csr.pem") } })),
        [at("ec_explicit_parameters", "cert.csr")]
    );
}

#[test]
fn a_reissue_is_judged_by_the_order_that_it_changes() {
    assert_eq!(
        reissue_errors(json!({ "cert": { "dnsNames": ["*.shop.example.com"] } })),
        [at("ev_wildcard", "cert.dnsNames[0]")]
    );
    // Of an order that is not known, only what the changes say themselves can be judged.
    let unknown = |changes: Value| {
        let changes = ReissueForm::read(&Json(Some(&changes))).unwrap();
        valid(check_reissue(&changes, None))
    };
    assert_eq!(unknown(json!({})), []);
    assert_eq!(unknown(json!({ "cert": { "commonName": "other.example.com" } })), []);
    assert_eq!(unknown(json!({ "cert": { "csr": text("shop-with-san.csr.pem") } })), []);
    let weak = unknown(json!({ "cert": { "csr": text("shop-weak-rsa.csr.pem") } }));
    assert_eq!(of_severity(&weak, Severity::Error), [at("rsa_too_small", "cert.csr")]);
}

#[test]
fn the_same_name_written_in_another_way_is_no_difference() {
    use crate::support::builder::{UTF8, attribute, common_name, csr, dns};
    let found = |common_name_of: &str, organization: &str, order: Value, ordered_by: &str| {
        let request = csr()
            .subject(&[
                &[attribute("2.5.4.10", UTF8, organization)],
                &[common_name(common_name_of)],
            ])
            .names(&[dns(common_name_of)]);
        let pem = crate::support::pem("CERTIFICATE REQUEST", &request.der());
        let order = form(with(
            json!({ "cert": { "commonName": order, "dnsNames": [], "csr": pem } }),
        ));
        let organization = OrderOrganization {
            name: Some(ordered_by.to_owned()),
            country: None,
        };
        let codes = valid(check_order(&order, Some(&organization)))
            .into_iter()
            .map(|finding| finding.code.as_str());
        let codes: Vec<&str> = codes.filter(|code| code.starts_with("order_")).collect();
        codes
    };
    for (requested, ordered) in [
        ("xn--bcher-kva.de", "bücher.de"),
        ("xn--bcher-kva.de", "BÜCHER.de"),
        ("xn--bcher-kva.de", "bu\u{308}cher.de"),
        ("XN--BCHER-KVA.de", "xn--bcher-kva.DE"),
        ("*.xn--80aswg.xn--p1ai", "*.сайт.рф"),
    ] {
        assert_eq!(
            found(requested, "A", json!(ordered), "A"),
            [] as [&str; 0],
            "{requested} {ordered}"
        );
    }
    // ß is another letter than ss, and no accent is left out.
    for (requested, ordered) in [
        ("strasse.de", "straße.de"),
        ("bucher.de", "bücher.de"),
        ("xn--bcher-kva.de", "bücher.at"),
    ] {
        let expected = ["order_lacks_name", "order_common_name_differs"];
        assert_eq!(
            found(requested, "A", json!(ordered), "A"),
            expected,
            "{requested} {ordered}"
        );
    }
    for (requested, ordered, is_same) in [
        ("MÜLLER GMBH", "Müller GmbH", true),
        ("Mu\u{308}ller  GmbH", " Müller GmbH", true),
        ("ΕΛΛΑΣ Α.Ε.", "Ελλας α.ε.", true),
        ("ООО РОМАШКА", "ооо Ромашка", true),
        ("Muller GmbH", "Müller GmbH", false),
    ] {
        let expected: &[&str] = if is_same { &[] } else { &["order_organization_differs"] };
        assert_eq!(
            found("a.de", requested, json!("a.de"), ordered),
            expected,
            "{requested} {ordered}"
        );
    }
}

#[test]
fn a_name_with_the_dot_of_the_root_is_the_name_without_it() {
    let names = json!({ "commonName": format!("{COMMON_NAME}."), "dnsNames": ["www.shop.example.com", "WWW.shop.example.com."] });
    let mut order = order();
    order["cert"]
        .as_object_mut()
        .unwrap()
        .extend(names.as_object().unwrap().clone());
    let found = check(order);
    let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["dns_trailing_dot", "dns_trailing_dot", "duplicate_dns_name"]);
}

#[test]
fn an_address_in_an_order_is_told_what_can_be_done_about_it() {
    for (name, is_reserved) in [
        ("192.168.0.1", true),
        (" 10.0.0.1 ", true),
        ("[fd00::1]", true),
        ("8.8.8.8", false),
        ("[2606:4700::1111]", false),
        ("2606:4700::1111", false),
    ] {
        for (field, cert) in [
            ("cert.commonName", json!({ "commonName": name })),
            ("cert.dnsNames[0]", json!({ "dnsNames": [name] })),
        ] {
            for (order, is_ev) in [(order(), false), (ev(), true)] {
                let mut order = order;
                order["cert"]
                    .as_object_mut()
                    .unwrap()
                    .extend(cert.as_object().unwrap().clone());
                let found = check(order);
                let has = |code: &str| {
                    found
                        .iter()
                        .any(|one| one.code.as_str() == code && one.field.as_deref() == Some(field))
                };
                assert!(has("dns_is_ip"), "{name} {found:?}");
                assert_eq!(has("ip_reserved"), is_reserved, "{name} {found:?}");
                assert_eq!(has("ev_ip_address"), is_ev, "{name} {found:?}");
                let of_ip = found.iter().find(|one| one.code.as_str() == "dns_is_ip").unwrap();
                assert!(of_ip.message.contains("an order has no field"), "{of_ip:?}");
                assert!(!of_ip.message.contains("iPAddress"), "{of_ip:?}");
            }
        }
    }
}
