//! Each call as it stands on the wire: method, path, query, body and headers (guide 5 to 7).

use markmonitor_certs::{
    api::{
        auth::{Authenticate, Refresh},
        call::{Base, Call, Method, RequestCall},
        certs::ParseCsrs,
        contacts::{ContactFilter, CreateContact, DeleteContact, GetContact, ListContacts, UpdateContact},
        history::{GetHistory, HistoryFilter, ListHistory, Subject},
        model::ProviderId,
        orders::{
            CertType, ChangeOrder, CreateOrder, DownloadCert, GetOrder, ListOrders, ListPrices, OrderAction,
            OrderFilter, OrderStatus,
        },
        organizations::{CreateOrganization, GetOrganization, ListOrganizations, OrganizationFilter},
        page::Paging,
    },
    client::{error::Kind, options::Auth},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    fixtures::NO_ID as ID,
    world::{API_KEY, CERTS, PASSWORD, Sent, Setup, USERNAME, World},
};

const LINE: &str = "11111111-1111-4111-8111-111111111111";

/// What a call says on the wire: `METHOD path?query`, and its body.
fn wire(call: &impl Call) -> (String, Option<Value>) {
    let request = call.request().unwrap_or_else(|refused| panic!("{refused:?}"));
    let mark = if request.query.is_empty() { "" } else { "?" };
    let line = format!("{} {}{mark}{}", request.method.as_str(), request.path, request.query);
    (line, request.body)
}

fn line(call: &impl Call) -> String {
    let (line, body) = wire(call);
    assert_eq!(body, None, "{line}");
    line
}

fn id() -> String {
    ID.to_owned()
}

fn paging() -> Paging {
    Paging {
        page: Some(2),
        size: Some(50),
        sort: Some("name,desc".into()),
    }
}

#[test]
fn authenticating_sends_user_name_and_password_to_the_authentication_service() {
    let call = Authenticate {
        username: USERNAME.into(),
        password: PASSWORD.into(),
    };
    assert!(call.request().is_ok_and(|request| request.base == Base::Auth));
    let body = json!({ "username": USERNAME, "password": PASSWORD });
    assert_eq!(wire(&call), ("POST /auth/authenticate".into(), Some(body)));
}

#[test]
fn refreshing_is_a_get_of_the_authentication_service() {
    assert!(Refresh.request().is_ok_and(|request| request.base == Base::Auth));
    assert_eq!(line(&Refresh), "GET /auth/refresh");
}

#[test]
fn organizations_are_created_read_and_listed() {
    let organization = json!({ "name": "Example Inc.", "ours": [1] });
    let create = CreateOrganization {
        organization: organization.clone(),
    };
    assert_eq!(wire(&create), ("POST /organization".into(), Some(organization)));
    assert_eq!(line(&GetOrganization { id: id() }), format!("GET /organization/{ID}"));
    assert_eq!(line(&ListOrganizations::default()), "GET /organization");
    let filter = OrganizationFilter {
        name: Some("A & B, Inc.".into()),
        provider_id: Some(ProviderId("17".into())),
    };
    let call = ListOrganizations {
        filter,
        paging: paging(),
    };
    assert_eq!(
        line(&call),
        "GET /organization?name=A%20%26%20B%2C%20Inc.&providerId=17&page=2&size=50&sort=name%2Cdesc"
    );
}

#[test]
fn contacts_are_created_read_listed_changed_and_deleted() {
    let contact = json!({ "organizationId": ID });
    let create = CreateContact {
        contact: contact.clone(),
    };
    assert_eq!(wire(&create), ("POST /contact".into(), Some(contact)));
    assert_eq!(line(&GetContact { id: id() }), format!("GET /contact/{ID}"));
    let changes = json!({ "jobTitle": "Director", "aFieldOfTheirs": { "kept": true } });
    let update = UpdateContact {
        id: id(),
        changes: changes.clone(),
    };
    assert_eq!(wire(&update), (format!("PATCH /contact/{ID}"), Some(changes)));
    assert_eq!(line(&DeleteContact { id: id() }), format!("DELETE /contact/{ID}"));
    let filter = ContactFilter {
        email: Some("a+b@example.com".into()),
    };
    let call = ListContacts {
        filter,
        paging: Paging::default(),
    };
    assert_eq!(line(&call), "GET /contact?email=a%2Bb%40example.com");
}

#[test]
fn each_resource_has_a_history() {
    for (subject, path) in [
        (Subject::Organization, "organization"),
        (Subject::Contact, "contact"),
        (Subject::Order, "order"),
    ] {
        let filter = HistoryFilter {
            user_id: Some("ada".into()),
            text: Some("Status changed".into()),
        };
        let list = ListHistory {
            subject,
            id: id(),
            filter,
            paging: Paging::default(),
        };
        assert_eq!(
            line(&list),
            format!("GET /{path}/{ID}/history?userId=ada&text=Status%20changed")
        );
        let get = GetHistory {
            subject,
            id: id(),
            history_id: LINE.into(),
        };
        assert_eq!(line(&get), format!("GET /{path}/{ID}/history/{LINE}"));
    }
}

#[test]
fn csrs_are_parsed_as_a_list() {
    let call = ParseCsrs {
        csrs: vec!["one".into(), "two".into()],
        body: None,
    };
    assert_eq!(
        wire(&call),
        ("POST /cert/parse".into(), Some(json!({ "csrs": ["one", "two"] })))
    );
    let other = ParseCsrs {
        body: Some(json!(["one"])),
        ..call
    };
    assert_eq!(wire(&other).1, Some(json!(["one"])), "the guess can be overridden");
}

#[test]
fn orders_are_created_read_listed_and_priced() {
    let order = json!({ "certType": "SSL_OV_BASIC", "skipPrice": true, "cert": { "organizationUnits": ["QA"] } });
    let create = CreateOrder {
        order: order.clone().into(),
    };
    assert_eq!(wire(&create), ("POST /order".into(), Some(order)), "all of it is sent");
    assert_eq!(line(&GetOrder { id: id() }), format!("GET /order/{ID}"));
    assert_eq!(line(&ListPrices {}), "GET /order/prices");
}

#[test]
fn the_lists_of_an_order_filter_are_separated_by_commas() {
    let filter = OrderFilter {
        provider_id: Some(ProviderId("17".into())),
        organization_id: Some(id()),
        certificate_types: Some(vec![CertType::EvBasic, CertType::Other("SSL_NEW".into())]),
        statuses: Some(vec![OrderStatus::Issued, OrderStatus::Pending]),
        common_names: Some(vec!["a.example".into(), "*.b.example".into(), "odd,name".into()]),
        valid_until: Some("2027-01-01".into()),
    };
    let call = ListOrders {
        filter,
        paging: paging(),
    };
    assert_eq!(
        line(&call),
        format!(
            "GET /order?providerId=17&organizationId={ID}&certificateTypes=SSL_EV_BASIC,SSL_NEW\
             &statuses=DIGI_ISSUED,DIGI_PENDING&commonNames=a.example,%2A.b.example,odd%2Cname\
             &validUntil=2027-01-01&page=2&size=50&sort=name%2Cdesc"
        )
    );
    let empty = OrderFilter {
        statuses: Some(Vec::new()),
        ..OrderFilter::default()
    };
    let call = ListOrders {
        filter: empty,
        paging: Paging::default(),
    };
    assert_eq!(line(&call), "GET /order");
}

#[test]
fn a_download_names_its_format_and_accepts_its_media_type() {
    for format in ["p7b", "pem_all"] {
        let call = DownloadCert {
            id: id(),
            format: format.into(),
        };
        assert_eq!(line(&call), format!("GET /order/{ID}/downloadCert?format={format}"));
        assert!(
            call.request()
                .is_ok_and(|request| request.accept == "application/x-pkcs7-certificates")
        );
    }
}

#[test]
fn an_action_is_a_patch_with_a_body_because_the_service_refuses_an_empty_one() {
    let names = [
        "cancel",
        "revoke",
        "reissue",
        "sendDcvEmail",
        "validateDomains",
        "updateAdditionalEmails",
        "sendCertificateEmail",
    ];
    for (action, name) in OrderAction::ALL.into_iter().zip(names) {
        let call: ChangeOrder = serde_json::from_value(json!({ "id": ID, "action": name })).unwrap();
        assert_eq!(call.action, action);
        assert_eq!(wire(&call), (format!("PATCH /order/{ID}/{name}"), Some(json!({}))));
    }
    let body = json!({ "domains": ["a.example"] });
    let call = ChangeOrder {
        id: id(),
        action: OrderAction::ValidateDomains,
        body: body.clone(),
    };
    assert_eq!(wire(&call).1, Some(body), "a body that is given is sent as it is");
}

fn sent_for(setup: Setup, call: impl Call<Reply = impl Sized + 'static> + 'static) -> Vec<Sent> {
    let world = World::new();
    let client = world.client_of(setup);
    let _ = world.call(&client, call);
    world.take_sent()
}

#[test]
fn the_api_key_is_on_every_call_and_the_token_on_all_but_authenticate() {
    let sent = sent_for(Setup::default(), ListPrices {});
    let [authenticate, call] = sent.as_slice() else {
        panic!("{}", sent.len())
    };
    assert_eq!(
        authenticate.url,
        "https://api.markmonitor.com/auth/v1/auth/authenticate"
    );
    assert_eq!(authenticate.header("x-api-key"), Some(API_KEY));
    assert_eq!(authenticate.header("authorization"), None);
    assert_eq!(authenticate.header("content-type"), Some("application/json"));
    assert_eq!(call.url, "https://api.markmonitor.com/certs/v1/order/prices");
    assert_eq!(call.header("x-api-key"), Some(API_KEY));
    assert!(
        call.header("authorization")
            .is_some_and(|value| value.starts_with("Bearer ey"))
    );
    assert_eq!(call.header("accept"), Some("application/json"));
    assert_eq!(call.header("content-type"), None, "there is no body");
}

#[test]
fn no_other_header_is_sent_for_browsers_would_ask_the_service_first() {
    for sent in sent_for(Setup::default(), CreateContact { contact: json!({}) }) {
        for (name, _) in &sent.headers {
            let allowed = ["accept", "authorization", "content-type", "x-api-key"];
            assert!(allowed.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn a_proxy_gets_neither_key_nor_token() {
    let setup = Setup {
        certs_base: "/api/markmonitor",
        ..Setup::auth(Auth::Proxy)
    };
    let sent = sent_for(setup, GetOrder { id: id() });
    assert_eq!(sent.len(), 1, "nobody authenticates");
    assert_eq!(sent[0].url, format!("/api/markmonitor/order/{ID}"));
    assert_eq!(sent[0].headers, [("accept".to_owned(), "application/json".to_owned())]);
}

#[test]
fn both_bases_are_options_because_the_guide_writes_them_in_four_ways() {
    for base in [
        "https://api.markmonitor.com/cert/v1",
        "https://certs.markmonitor.com/api/v1/",
        "http://127.0.0.1:8787/certs/v1",
    ] {
        let setup = Setup {
            certs_base: base,
            auth_base: "https://elsewhere.example/a",
            ..Setup::default()
        };
        let world = World::new();
        let client = world.client_of(setup);
        world.answer(|sent| {
            let body = if sent.is_auth() {
                json!({ "token": "t.t.t" })
            } else {
                json!([])
            };
            Some(crate::world::json(200, &body))
        });
        world.value(&client, ListPrices {});
        let urls: Vec<String> = world.take_sent().into_iter().map(|sent| sent.url).collect();
        let call = format!("{}/order/prices", base.trim_end_matches('/'));
        assert_eq!(urls, ["https://elsewhere.example/a/auth/authenticate".to_owned(), call]);
    }
}

#[test]
fn what_is_no_uuid_gets_into_no_path() {
    let world = World::new();
    let client = world.client();
    for id in [
        "",
        "7",
        "../organization",
        "00000000-0000-4000-8000-00000000000g",
        &format!("{ID}/cancel"),
        &format!(" {ID}"),
    ] {
        let error = world.call(&client, GetOrder { id: id.into() }).unwrap_err();
        let Kind::Validation { findings } = &error.kind else {
            panic!("{error:?}")
        };
        assert_eq!(
            (error.class(), findings[0].code),
            ("ValidationError", "invalid_id"),
            "{id}"
        );
        let call = GetHistory {
            subject: Subject::Order,
            id: ID.into(),
            history_id: id.into(),
        };
        assert!(world.call(&client, call).is_err(), "{id}");
    }
    assert_eq!(world.take_lines(), [] as [&str; 0], "nothing was sent");
}

#[test]
fn an_id_is_taken_in_either_case() {
    let upper = LINE.replace('1', "A");
    assert_eq!(
        line(&GetOrder { id: upper.clone() }),
        format!("GET /order/{}", upper.to_lowercase())
    );
}

fn request(method: &str, path: &str) -> RequestCall {
    RequestCall {
        method: method.into(),
        path: path.into(),
        query: json!({ "a b": "c&d", "list": [1, "x,y"], "none": null, "yes": true })
            .as_object()
            .cloned()
            .unwrap(),
        body: None,
    }
}

#[test]
fn any_other_call_of_the_service_can_be_made() {
    assert_eq!(
        line(&request("get", "/new/thing")),
        "GET /new/thing?a%20b=c%26d&list=1,x%2Cy&yes=true"
    );
    let call = RequestCall {
        body: Some(json!([1])),
        ..request("PUT", "/new/thing")
    };
    assert_eq!(wire(&call).1, Some(json!([1])));
}

#[test]
fn a_request_does_not_leave_the_certificate_base() {
    for path in [
        "",
        "order",
        "//evil.example/x",
        "https://evil.example/",
        "/../auth/v1/auth/refresh",
        "/order/%2e%2E/%2e./auth",
        "/order/.%2e",
        "/order?x=1",
        "/order#x",
        "/order\\..\\x",
        "/or der",
        "/order\r\nx: y",
    ] {
        let refused = request("GET", path).request().err();
        assert_eq!(refused.map(|refused| refused.code), Some("invalid_path"), "{path:?}");
    }
    let refused = request("TRACE", "/order").request().err();
    assert_eq!(refused.map(|refused| refused.code), Some("invalid_method"));
}

proptest! {
    #[test]
    fn every_query_value_comes_back_as_it_was(name in ".{0,40}", sort in ".{0,40}") {
        let filter = OrganizationFilter {
            name: Some(name.clone()),
            provider_id: None,
        };
        let paging = Paging { sort: Some(sort.clone()), ..Paging::default() };
        let request = ListOrganizations { filter, paging }.request().ok().unwrap();
        prop_assert_eq!(request.method, Method::Get);
        let url = format!("{CERTS}{}?{}", request.path, request.query);
        let query = sandbox::Request::new("GET", &url).query;
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let pairs: Vec<(String, String)> = query
            .split('&')
            .map(|pair| pair.split_once('=').map(|(name, value)| (decode(name), decode(value))).unwrap())
            .collect();
        prop_assert_eq!(pairs, [("name".to_owned(), name), ("sort".to_owned(), sort)]);
    }
}
