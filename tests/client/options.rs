//! The options of a client: read-only, previews, other settings, closing.

use std::time::Duration;

use markmonitor_certs::{
    api::{
        Arguments, ENDPOINTS, Method, Reason, Service,
        given::{Given, Setting},
    },
    client::{
        Error,
        auth::Auth,
        endpoint,
        error::Difference,
        limiter::{self, Lane, Priority},
        options::{
            ClientSettings, Days, Millis, OnceSettings, RateLimitSettings, Same, Settings, Share, WaitSettings, Whole,
            span,
        },
        orders::OnceOptions,
        waiting::WaitOptions,
    },
};
use serde_json::{Value, json};

use crate::{
    call::{Call, call, of},
    fixtures::{NO_ID, finding_of, get_order, prices},
    world::{CERTS, Setup, World, json as reply},
};

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

fn create_contact() -> Call {
    call("contacts.create").body(json!({}))
}

fn finding(error: &Error) -> &'static str {
    finding_of(error).0
}

#[test]
fn a_read_only_client_sends_nothing_but_gets() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    for row in ENDPOINTS {
        let call = of(row).id(NO_ID).history_id(NO_ID).body(json!({}));
        if row.method == Method::Get {
            assert!(client.prepare(call.request()).is_ok(), "{}", row.operation);
        } else {
            let error = world.error(&client, call);
            assert_eq!(finding_of(&error), ("read_only", "readOnly"), "{}", row.operation);
        }
    }
    assert!(world.take_lines().is_empty());
    world.value(&client, call("contacts.list"));
    assert_eq!(
        world.take_lines(),
        ["POST /auth/v1/auth/authenticate", "GET /certs/v1/contact"]
    );
}

#[test]
fn a_preview_is_the_request_that_would_be_sent_and_nothing_leaves() {
    let world = World::new();
    let client = world.client();
    let call = call("orders.updateAdditionalEmails")
        .id(NO_ID)
        .body(json!({ "additionalEmails": ["a@example.com"] }));
    let prepared = client.prepare(call.clone().request()).unwrap();
    assert!(world.take_lines().is_empty());
    world.answer_calls(|_| reply(200, &json!({ "id": NO_ID })));
    world.value(&client, call);
    let sent = world.last_sent();
    assert_eq!((prepared.method, &prepared.url), (sent.method.as_str(), &sent.url));
    assert_eq!(
        prepared.body.map(|body| serde_json::from_str(&body).unwrap()),
        sent.body
    );
    let prepared: Vec<&str> = prepared.headers.iter().map(|(name, _)| *name).collect();
    let sent: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(prepared, sent);
}

#[test]
fn a_preview_refuses_what_a_call_would_refuse() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    let bad = call("orders.download").id("x").filter(json!({ "format": "p7b" }));
    assert_eq!(finding(&client.prepare(bad.request()).err().unwrap()), "invalid_id");
    assert_eq!(
        finding(&client.prepare(create_contact().request()).err().unwrap()),
        "read_only"
    );
}

#[test]
fn a_preview_through_a_proxy_shows_no_credentials_for_there_are_none() {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api",
        ..Setup::auth(Auth::Proxy)
    });
    let prepared = client.prepare(prices().request()).unwrap();
    assert_eq!(prepared.url, "/api/order/prices");
    assert_eq!(prepared.headers, [("accept", "application/json".to_owned())]);
}

#[test]
fn a_client_of_other_settings_shares_token_and_limit() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let other = client.with_settings(read_only(), None);
    world.value(&client, prices());
    world.value(&other, prices());
    assert_eq!(world.take_lines().len(), 3, "one authentication");
    assert_eq!(client.limiter().state().used, other.limiter().state().used);
    assert!(world.call(&other, create_contact()).is_err());
    assert!(!client.settings().read_only);
}

#[test]
fn a_closed_client_makes_no_further_call_and_ends_those_under_way() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let under_way = world.start_call(&client, prices());
    client.close();
    assert_eq!(world.error(&client, prices()).code.as_str(), "closed");
    let other = client.with_settings(Settings::default(), None);
    assert_eq!(
        world.error(&other, prices()).code.as_str(),
        "closed",
        "they share the account"
    );
    let asked = client.clone();
    assert_eq!(
        world.run(async move { asked.token().await }).unwrap_err().code.as_str(),
        "closed"
    );
    let asked = client.clone();
    assert_eq!(
        world
            .run(async move { asked.authenticate().await })
            .err()
            .unwrap()
            .code
            .as_str(),
        "closed"
    );
    world.advance(Duration::from_secs(1));
    assert!(under_way.result().is_some_and(|result| result.is_ok()));
}

#[test]
fn a_path_on_the_pages_own_origin_is_a_base_as_good_as_an_address() {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api/markmonitor/",
        auth_base: "/api/auth",
        ..Setup::default()
    });
    assert_eq!(
        client.prepare(get_order().request()).unwrap().url,
        format!("/api/markmonitor/order/{NO_ID}")
    );
    let absolute = world.client();
    assert_eq!(
        absolute.prepare(get_order().request()).unwrap().url,
        format!("{CERTS}/order/{NO_ID}")
    );
}

#[test]
fn each_kind_of_value_takes_what_its_type_says() {
    fn is<T: Setting>(given: f64) -> bool {
        T::of(Given::Number(given)).is_ok()
    }
    type Takes = fn(f64) -> bool;
    let numbers = [
        -1.0,
        -0.5,
        0.0,
        0.5,
        1.0,
        1.5,
        2.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let table: [(&str, Takes, &[f64]); 5] = [
        ("Millis", is::<Millis>, &[0.0, 0.5, 1.0, 1.5, 2.0, f64::INFINITY]),
        ("Whole<0>", is::<Whole<0>>, &[0.0, 1.0, 2.0, f64::INFINITY]),
        ("Whole<1>", is::<Whole<1>>, &[1.0, 2.0, f64::INFINITY]),
        ("Share", is::<Share>, &[0.5, 1.0]),
        ("Days", is::<Days>, &[0.0, 0.5, 1.0, 1.5, 2.0, f64::INFINITY]),
    ];
    for (name, takes, taken) in table {
        for number in numbers {
            assert_eq!(takes(number), taken.contains(&number), "{name} {number}");
        }
    }
    assert!(Millis::of(Given::Text("1".into())).is_err());
    assert_eq!(Millis::of(Given::Number(1.5)), Ok(Millis(Duration::from_micros(1_500))));
    for longest in [f64::INFINITY, f64::MAX, 1e23] {
        assert_eq!(
            Millis::of(Given::Number(longest)),
            Ok(Millis(Duration::MAX)),
            "{longest}"
        );
    }
    assert_eq!(
        Millis::of(Given::Number(9e21)),
        Ok(Millis(Duration::from_secs(9_000_000_000_000_000_000)))
    );
    // A clock may say so.
    for none in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0] {
        assert_eq!(span(none), Duration::ZERO, "{none}");
    }
    assert_eq!(Whole::<1>::of(Given::Number(7.0)), Ok(Whole(7)));
    assert_eq!(Whole::<1>::of(Given::Number(f64::INFINITY)), Ok(Whole(u32::MAX)));
}

#[test]
fn a_priority_and_a_lane_have_names_and_a_level_that_nobody_knows_is_an_ordinary_one() {
    for (name, priority) in [
        ("high", Priority::High),
        ("normal", Priority::Normal),
        ("low", Priority::Low),
        ("urgent", Priority::Normal),
    ] {
        assert_eq!(Priority::of(Given::Text(name.into())), Ok(priority));
    }
    assert!(Priority::of(Given::Number(1.0)).is_err());
    assert_eq!(Lane::of(Given::Text("page".into())), Ok(Lane::named("page")));
}

#[test]
fn what_the_options_leave_out_stays_as_it_is() {
    let before = Settings {
        timeout: Duration::from_secs(1),
        total_timeout: Some(Duration::from_secs(2)),
        max_retries: 3,
        max_retry_after: Duration::from_secs(4),
        max_reply_bytes: 5,
        read_only: true,
    };
    assert_eq!(before.with(&ClientSettings::default()), before);
    let span = |seconds| Some(Millis(Duration::from_secs(seconds)));
    let options = ClientSettings {
        timeout: span(10),
        total_timeout: span(20),
        max_retries: Some(Whole(30)),
        max_retry_after: span(40),
        max_reply_bytes: Some(Whole(50)),
        read_only: Some(false),
        ..ClientSettings::default()
    };
    let after = Settings {
        timeout: Duration::from_secs(10),
        total_timeout: Some(Duration::from_secs(20)),
        max_retries: 30,
        max_retry_after: Duration::from_secs(40),
        max_reply_bytes: 50,
        read_only: false,
    };
    assert_eq!(before.with(&options), after);
    let limit = RateLimitSettings::default().limiter();
    assert_eq!(limit, limiter::Options::default());
    let options = RateLimitSettings {
        limit: Some(Whole(10)),
        window_ms: span(20),
        slack_ms: span(30),
        share: Some(Share(0.5)),
        adaptive: Some(false),
        max_queue: Some(Whole(40)),
        processes: Some(Whole(50)),
    };
    let limit = limiter::Options {
        limit: 10,
        window: Duration::from_secs(20),
        slack: Duration::from_secs(30),
        share: 0.5,
        adaptive: false,
        max_queue: 40,
    };
    assert_eq!(options.limiter(), limit);
}

#[test]
fn the_options_of_one_order_reach_it() {
    let defaults = OnceOptions::of(OnceSettings::default());
    assert!(defaults.marker && !defaults.assume_not_placed);
    assert_eq!(defaults.same, OnceOptions::default().same);
    assert_eq!(
        (defaults.once_id, defaults.replaces, defaults.not_before),
        (None, None, None)
    );
    let options = OnceOptions::of(OnceSettings {
        max_retries: Some(Whole(7)),
        once_id: Some("name".into()),
        assume_not_placed: Some(true),
        marker: Some(false),
        replaces: Some(NO_ID.into()),
        not_before: Some("1970-01-02T00:00:00Z".into()),
        same: Some(Same(vec![Difference::Key])),
        ..OnceSettings::default()
    });
    assert!(!options.marker && options.assume_not_placed);
    assert_eq!(options.same, [Difference::Key]);
    assert_eq!(
        (
            options.once_id.as_deref(),
            options.replaces.as_deref(),
            options.not_before
        ),
        (Some("name"), Some(NO_ID), Some(86_400.0))
    );
    assert_eq!(options.call.max_retries, Some(7));
}

#[test]
fn the_options_of_a_wait_reach_it() {
    let defaults = WaitOptions::of(&WaitSettings::default());
    assert_eq!(defaults, WaitOptions::default());
    let span = |seconds| Some(Millis(Duration::from_secs(seconds)));
    let options = WaitOptions::of(&WaitSettings {
        priority: Some(Priority::High),
        max_wait: span(1),
        min_delay: span(2),
        max_delay: span(3),
        ..WaitSettings::default()
    });
    assert_eq!(
        (
            options.call.priority,
            options.max_wait,
            options.min_delay,
            options.max_delay
        ),
        (
            Some(Priority::High),
            Some(Duration::from_secs(1)),
            Duration::from_secs(2),
            Duration::from_secs(3)
        )
    );
}

#[test]
fn what_is_not_a_number_is_read_by_its_type_too() {
    assert_eq!(bool::of(Given::Boolean(true)), Ok(true));
    assert_eq!(bool::of(Given::Boolean(false)), Ok(false));
    assert!(bool::of(Given::Text("true".into())).is_err());
    let same = |names: &str| Same::of(Given::Text(names.into())).map(|same| same.0);
    let all = Difference::ALL.map(Difference::as_str).join(",");
    assert_eq!(same(&all).unwrap(), Difference::ALL);
    assert_eq!(same("key"), Ok(vec![Difference::Key]));
    assert_eq!(same(""), Ok(Vec::new()));
    for names in ["colour", "key,colour", "key,", ",", "Key"] {
        assert!(same(names).is_err(), "{names}");
    }
    assert!(Same::of(Given::Other).is_err());
    assert_eq!(Service::of(Given::Text("auth".into())), Ok(Service::Auth));
    assert_eq!(Service::of(Given::Text("certs".into())), Ok(Service::Certs));
    assert!(Service::of(Given::Text("other".into())).is_err());
}

#[test]
fn an_id_in_a_path_is_a_text() {
    for (id, complaint) in [
        (Some(json!(7)), "it is not a string"),
        (Some(Value::Null), "it is not a string"),
        (Some(json!("")), "it is an empty text"),
        (None, "it is missing"),
    ] {
        let mut arguments = Arguments::default();
        arguments.path.extend(id.map(|id| ("id".to_owned(), id)));
        let refused = endpoint("orders.get").unwrap().request(arguments).err().unwrap();
        assert_eq!((refused.reason, refused.field.as_str()), (Reason::Id, "id"));
        assert!(refused.message.contains(complaint), "{}", refused.message);
    }
}
