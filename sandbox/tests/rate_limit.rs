use sandbox::{Options, RateLimit, Request, Timestamp, Window};

use crate::support::{Caller, code};

fn caller(rate_limit: RateLimit) -> Caller {
    Caller::with(Options {
        rate_limit: Some(rate_limit),
        ..Options::default()
    })
}

fn burst(caller: &mut Caller, requests: usize) -> usize {
    let request = Request::new("GET", "/certs/v1/order").with_header("x-api-key", "sandbox-api-key");
    (0..requests).filter(|_| caller.send(&request).status != 429).count()
}

#[test]
fn by_default_a_hundred_requests_pass_within_a_minute() {
    let mut caller = caller(RateLimit::default());
    assert_eq!(burst(&mut caller, 150), 100);
    caller.advance(59_999);
    assert_eq!(burst(&mut caller, 10), 0);
    caller.advance(1);
    assert_eq!(burst(&mut caller, 150), 100);
}

#[test]
fn every_kind_of_window_lets_the_limit_through_from_idle() {
    for window in [Window::Fixed, Window::Sliding, Window::Counter, Window::Bucket] {
        let mut caller = caller(RateLimit {
            window: Some(window),
            ..RateLimit::default()
        });
        caller.now = Timestamp::parse("2026-06-01T12:00:30Z").unwrap();
        assert_eq!(burst(&mut caller, 150), 100, "{window:?}");
        caller.advance(30_000);
        let again = burst(&mut caller, 150);
        let expected = match window {
            Window::Fixed => 100,
            Window::Sliding | Window::Counter => 0,
            Window::Bucket => 50,
        };
        assert_eq!(again, expected, "{window:?}");
    }
}

#[test]
fn a_refusal_says_when_to_come_back_if_it_is_set_up_to() {
    for retry_after in [false, true] {
        let mut caller = caller(RateLimit {
            limit: 1,
            retry_after,
            ..RateLimit::default()
        });
        let request = Request::new("GET", "/certs/v1/order").with_header("x-api-key", "sandbox-api-key");
        caller.send(&request);
        caller.advance(10_500);
        let response = caller.send(&request);
        assert_eq!(code(&response), (429, "TOO_MANY_REQUESTS".to_owned()));
        assert_eq!(response.header("retry-after"), retry_after.then_some("50"));
    }
}

#[test]
fn each_api_key_has_a_limit_of_its_own() {
    let users = ["one", "two"].map(|name| sandbox::User {
        username: name.to_owned(),
        password: name.to_owned(),
        api_key: name.to_owned(),
    });
    let mut caller = Caller::with(Options {
        users: users.to_vec(),
        ..Options::default()
    });
    for key in ["one", "two"] {
        let request = Request::new("GET", "/certs/v1/order").with_header("x-api-key", key);
        assert_eq!((0..150).filter(|_| caller.send(&request).status != 429).count(), 100);
    }
}
