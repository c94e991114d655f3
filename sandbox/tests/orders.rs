use serde_json::{Value, json};

use crate::support::{
    Caller, EXPLICIT_CURVE, ORGANIZATION, RSA, UNKNOWN, WEAK_RSA, code, contact, expect, order, organization_with,
    problems, text,
};

const TYPES: [&str; 12] = [
    "SSL_EV_BASIC",
    "SSL_OV_BASIC",
    "SSL_EV_SECURESITE",
    "SSL_OV_SECURESITE",
    "SSL_EV_SECURESITE_PRO",
    "SSL_OV_SECURESITE_PRO",
    "SSL_DV_GEOTRUST",
    "SSL_OV_GEOTRUST_TRUEBIZID",
    "SSL_EV_GEOTRUST_TRUEBIZID",
    "SSL_DV_THAWTE",
    "SSL_EV_THAWTE_WEBSERVER",
    "SSL_OV_THAWTE_WEBSERVER",
];

#[test]
fn a_new_order_is_accepted_and_its_certificate_is_null_at_first() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let mut body = order(&organization, "SSL_OV_BASIC", "example.com");
    body["comments"] = json!("first");
    body["additionalEmails"] = json!(["ops@example.com"]);
    let made = expect(202, &caller.post("/order", &body));
    assert_eq!(made["status"], "CREATED");
    assert_eq!((&made["cert"], &made["providerId"]), (&Value::Null, &Value::Null));
    for name in [
        "certType",
        "locale",
        "provider",
        "comments",
        "additionalEmails",
        "organizationId",
    ] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert_eq!(made["history"][0]["userName"], "demo@example.com");
}

#[test]
fn the_fields_of_a_reply_are_in_the_order_of_the_samples() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let response = caller.post("/order", &order(&organization, "SSL_OV_BASIC", "example.com"));
    let body = String::from_utf8(response.body).unwrap();
    let places = [
        "id",
        "status",
        "certType",
        "providerId",
        "contacts",
        "cert",
        "price",
        "history",
        "dateCreated",
    ]
    .map(|name| {
        body.find(&format!("\"{name}\":"))
            .unwrap_or_else(|| panic!("no {name} in {body}"))
    });
    assert!(places.is_sorted(), "{body}");
}

#[test]
fn the_contacts_of_an_order_come_back_as_ids_with_the_technical_one_among_them() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let made = expect(
        202,
        &caller.post("/order", &order(&organization, "SSL_DV_THAWTE", "example.com")),
    );
    assert_eq!(
        made["contacts"],
        json!([organization["contacts"][0]["id"], organization["contacts"][1]["id"]])
    );
}

#[test]
fn an_order_has_a_price_unless_it_skips_it() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let mut body = order(&organization, "SSL_EV_BASIC", "example.com");
    let made = expect(202, &caller.post("/order", &body));
    let prices = caller.get("/order/prices");
    assert!(prices.as_array().unwrap().contains(&made["price"]));
    assert_eq!(made["price"]["certType"], "SSL_EV_BASIC");
    body["skipPrice"] = json!(true);
    assert_eq!(expect(202, &caller.post("/order", &body))["price"], Value::Null);
}

#[test]
fn there_is_a_price_for_every_certificate_type() {
    let mut caller = Caller::new();
    let prices = caller.get("/order/prices");
    let types: Vec<_> = prices
        .as_array()
        .unwrap()
        .iter()
        .map(|price| text(price, "/certType"))
        .collect();
    assert_eq!(types, TYPES);
    assert!(
        prices
            .as_array()
            .unwrap()
            .iter()
            .all(|price| price["totalPrice"].is_u64() && price["products"].is_array())
    );
}

#[test]
fn all_that_is_wrong_with_an_order_is_told_at_once() {
    let mut caller = Caller::new();
    let empty = problems(&caller.post("/order", &json!({})));
    let required = ["organizationId", "contacts", "certType", "locale", "provider", "cert"];
    assert_eq!(empty, required.map(|name| (name.to_owned(), "REQUIRED".to_owned())));
    let body = json!({
        "organizationId": "x",
        "contacts": [{ "id": 1, "contactTypes": [] }],
        "certType": "SSL_XV",
        "locale": "english",
        "provider": "OTHER",
        "skipPrice": "yes",
        "additionalEmails": ["a", 1],
        "cert": { "dnsNames": ["ok.example.com", "not a name"], "csr": "x", "dcvMethod": "FAX", "algorithmHash": "MD5",
                  "serverPlatform": "TOASTER", "dcvEmails": [{ "email": "x" }], "commonName": "*.*.com" },
    });
    let mut found: Vec<_> = problems(&caller.post("/order", &body))
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    let mut expected = [
        "organizationId",
        "contacts[0].id",
        "contacts[0].contactTypes",
        "certType",
        "locale",
        "provider",
        "skipPrice",
        "additionalEmails[0]",
        "additionalEmails[1]",
        "cert.dnsNames[1]",
        "cert.csr",
        "cert.dcvMethod",
        "cert.algorithmHash",
        "cert.serverPlatform",
        "cert.dcvEmails[0].dnsName",
        "cert.dcvEmails[0].email",
        "cert.commonName",
    ];
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_csr_has_to_be_one_with_a_key_that_may_be_certified() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let cut = RSA.get(..400).unwrap();
    for (csr, is_good) in [
        (RSA, true),
        (EXPLICIT_CURVE, true),
        (WEAK_RSA, false),
        (certificate, false),
        (cut, false),
        ("", false),
    ] {
        let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
        body["cert"]["csr"] = json!(csr);
        let response = caller.post("/order", &body);
        if is_good {
            assert_eq!(response.status, 202, "{csr}");
        } else {
            assert_eq!(
                problems(&response),
                [("cert.csr".to_owned(), "INVALID_VALUE".to_owned())],
                "{csr}"
            );
        }
    }
}

#[test]
fn an_order_names_an_organization_and_contacts_that_are_there() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    for pointer in ["/organizationId", "/contacts/0/id"] {
        let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
        *body.pointer_mut(pointer).unwrap() = json!(UNKNOWN);
        assert_eq!(caller.post("/order", &body).status, 404, "{pointer}");
    }
}

#[test]
fn a_contact_of_another_organization_does_not_fit() {
    let mut caller = Caller::new();
    let (organization, other) = (caller.organization(), caller.organization());
    let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
    body["contacts"][0]["id"] = other["contacts"][0]["id"].clone();
    assert_eq!(
        code(&caller.post("/order", &body)),
        (409, "CONTACT_OF_ANOTHER_ORGANIZATION".to_owned())
    );
}

#[test]
fn an_ev_order_needs_an_approver_who_is_one() {
    let mut caller = Caller::new();
    let body = organization_with("Example Inc.", &[contact(&[ORGANIZATION])]);
    let organization = expect(201, &caller.post("/organization", &body));
    for cert_type in TYPES {
        let expected = if cert_type.starts_with("SSL_EV") { 409 } else { 202 };
        let response = caller.post("/order", &order(&organization, cert_type, "example.com"));
        assert_eq!(response.status, expected, "{cert_type}");
        if expected == 409 {
            assert_eq!(code(&response).1, "EV_APPROVER_MISSING");
        }
    }
    let mut body = order(&organization, "SSL_EV_BASIC", "example.com");
    body["contacts"][0]["contactTypes"] = json!([{ "type": "EXTENDED_VALIDATION_APPROVER" }]);
    assert_eq!(
        code(&caller.post("/order", &body)),
        (409, "EV_APPROVER_MISSING".to_owned())
    );
}

#[test]
fn the_same_order_twice_is_two_orders() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let first = caller.order(&organization, "SSL_DV_GEOTRUST", "example.com");
    let second = caller.order(&organization, "SSL_DV_GEOTRUST", "example.com");
    assert_ne!(first, second);
    assert_eq!(caller.get("/order")["page"]["totalElements"], 2);
}
