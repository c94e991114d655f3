//! What a caller sees and what is sent, for each fault at each place of a call: as data.
//!
//! Each row is a client, a call, what goes wrong on the way, and what the caller does meanwhile. What is not named in a row
//! goes well. After each row nothing may be left: no place in the queue, no slot, no request, no timer.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::future::join_all;
use markmonitor_certs::client::{
    Client, Error,
    auth::{Auth, Secret},
    options::CallOptions,
    platform::Platform,
};
use serde_json::json;

use crate::{
    call::{Call, request},
    one_limit,
    virtual_platform::Reply,
    world::{API_KEY, Sent, Setup, World, broken_body, json as reply, lost, refused_connection},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Status(u16),
    /// A status, and a Retry-After.
    RetryAfter(u16, &'static str),
    /// 200, and a page of something between.
    Html,
    /// 200, and nothing.
    Empty,
    /// 200, and JSON that is something else.
    Wrong,
    /// 200, and a body that breaks off.
    Truncated,
    /// The connection was never made.
    Unsent,
    /// The connection ends without a reply, and nobody knows what was done.
    Lost,
    /// No reply in time.
    Slow,
    /// A head, and no body in time.
    SlowBody,
}

/// Which request goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Login,
    Refresh,
    TheCall,
}

/// What the client holds when the call is made.
#[derive(Clone, Copy, Debug)]
enum Holds {
    NoToken,
    AToken,
    /// One of twenty seconds more.
    AnEndingToken,
    AnEndedToken,
    /// None, and a function for the API key that never answers.
    ASecretThatNeverComes,
}

/// What the caller does.
#[derive(Clone, Copy, Debug)]
enum Caller {
    Waits,
    /// Gives up after so many milliseconds.
    GivesUp(u64),
    /// Has set `totalTimeout` to a second.
    HasASecond,
}

/// What the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sees {
    AReply,
    /// An error of this code; nothing was done, or a read does nothing.
    No(&'static str),
    /// An error of this code that says that it may have been done.
    Perhaps(&'static str),
    /// Nothing, for nobody waits.
    Nothing,
}

struct Row(
    &'static str,
    &'static str,
    Holds,
    &'static [(On, Fault)],
    Caller,
    Sees,
    &'static str,
);

use Caller::{GivesUp, HasASecond, Waits};
use Fault::{Empty, Html, Lost, RetryAfter, Slow, SlowBody, Status, Truncated, Unsent, Wrong};
use Holds::{ASecretThatNeverComes, AToken, AnEndedToken, AnEndingToken, NoToken};
use On::{Login, Refresh, TheCall};
use Sees::{AReply, No, Nothing, Perhaps};

const CENTURIES: &str = "9999999999";
const HOURS: &str = "86400";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Reads: each status, each loss.
    Row("a read is refused as wrong", "GET", AToken, &[(TheCall, Status(400))], Waits, No("bad_request"), "call"),
    Row("a read is forbidden", "GET", AToken, &[(TheCall, Status(403))], Waits, No("permission_denied"), "call"),
    Row("a read finds nothing", "GET", AToken, &[(TheCall, Status(404))], Waits, No("not_found"), "call"),
    Row("a read conflicts", "GET", AToken, &[(TheCall, Status(409))], Waits, No("conflict"), "call"),
    Row("a read is too large", "GET", AToken, &[(TheCall, Status(413))], Waits, No("refused"), "call"),
    Row("a read meets a bug", "GET", AToken, &[(TheCall, Status(500))], Waits, No("server_error"), "call"),
    Row("a read meets what is not there", "GET", AToken, &[(TheCall, Status(501))], Waits, No("server_error"), "call"),
    Row("a read meets a broken gateway", "GET", AToken, &[(TheCall, Status(502))], Waits, AReply, "call call"),
    Row("a read meets an outage", "GET", AToken, &[(TheCall, Status(503))], Waits, AReply, "call call"),
    Row("a read meets a slow gateway", "GET", AToken, &[(TheCall, Status(504))], Waits, AReply, "call call"),
    Row("a read came too slowly", "GET", AToken, &[(TheCall, Status(408))], Waits, AReply, "call call"),
    Row("a read is one too many", "GET", AToken, &[(TheCall, Status(429))], Waits, AReply, "call call"),
    Row("an outage stays", "GET", AToken, &[(TheCall, Status(503)), (TheCall, Status(503)), (TheCall, Status(503))], Waits, No("server_error"), "call call call"),
    Row("a read is lost", "GET", AToken, &[(TheCall, Lost)], Waits, AReply, "call call"),
    Row("a read is lost again and again", "GET", AToken, &[(TheCall, Lost), (TheCall, Lost), (TheCall, Lost)], Waits, No("connection"), "call call call"),
    Row("a read is not sent", "GET", AToken, &[(TheCall, Unsent)], Waits, AReply, "call call"),
    Row("a read breaks off", "GET", AToken, &[(TheCall, Truncated)], Waits, AReply, "call call"),
    Row("a read takes too long", "GET", AToken, &[(TheCall, Slow)], Waits, AReply, "call call"),
    Row("a read's body takes too long", "GET", AToken, &[(TheCall, SlowBody)], Waits, AReply, "call call"),
    Row("an outage names a wait", "GET", AToken, &[(TheCall, RetryAfter(503, "60"))], Waits, AReply, "call call"),
    Row("an outage names too long a wait", "GET", AToken, &[(TheCall, RetryAfter(503, "300"))], Waits, No("server_error"), "call"),
    Row("a limit names a wait", "GET", AToken, &[(TheCall, RetryAfter(429, "60"))], Waits, AReply, "call call"),
    Row("a limit names centuries", "GET", AToken, &[(TheCall, RetryAfter(429, CENTURIES))], Waits, AReply, "call call"),
    Row("a limit names hours", "GET", AToken, &[(TheCall, RetryAfter(429, HOURS))], Waits, No("rate_limited"), "call"),
    // Reads that their callers give up, or bound.
    Row("given up before the reply", "GET", AToken, &[], GivesUp(10), Nothing, "call"),
    Row("given up in the body", "GET", AToken, &[(TheCall, SlowBody)], GivesUp(60), Nothing, "call"),
    Row("given up in the back-off", "GET", AToken, &[(TheCall, RetryAfter(503, "60"))], GivesUp(1_000), Nothing, "call"),
    Row("given up at a closed gate", "GET", AToken, &[(TheCall, RetryAfter(429, "60"))], GivesUp(1_000), Nothing, "call"),
    Row("a second for the reply", "GET", AToken, &[(TheCall, Slow)], HasASecond, No("timeout"), "call"),
    Row("a second for the body", "GET", AToken, &[(TheCall, SlowBody)], HasASecond, No("timeout"), "call"),
    Row("a second for the back-off", "GET", AToken, &[(TheCall, RetryAfter(503, "60"))], HasASecond, No("timeout"), "call"),
    Row("a second for the gate", "GET", AToken, &[(TheCall, RetryAfter(429, "60"))], HasASecond, No("timeout"), "call"),
    // A token that is refused.
    Row("the token is refused", "GET", AToken, &[(TheCall, Status(401))], Waits, AReply, "call login call"),
    Row("the new one as well", "GET", AToken, &[(TheCall, Status(401)), (TheCall, Status(401))], Waits, No("unauthorized"), "call login call"),
    Row("and the login meets an outage", "GET", AToken, &[(TheCall, Status(401)), (Login, Status(503))], Waits, AReply, "call login login call"),
    Row("and the login is lost", "GET", AToken, &[(TheCall, Status(401)), (Login, Lost)], Waits, AReply, "call login login call"),
    Row("and so is the password", "GET", AToken, &[(TheCall, Status(401)), (Login, Status(401))], Waits, No("unauthorized"), "call login"),
    Row("and the caller gives up in the login", "GET", AToken, &[(TheCall, Status(401))], GivesUp(60), Nothing, "call login"),
    // The first login.
    Row("a login meets an outage", "GET", NoToken, &[(Login, Status(503))], Waits, AReply, "login login call"),
    Row("a login is lost", "GET", NoToken, &[(Login, Lost)], Waits, AReply, "login login call"),
    Row("a login is not sent", "GET", NoToken, &[(Login, Unsent)], Waits, AReply, "login login call"),
    Row("a login breaks off", "GET", NoToken, &[(Login, Truncated)], Waits, AReply, "login login call"),
    Row("a login takes too long", "GET", NoToken, &[(Login, Slow)], Waits, AReply, "login login call"),
    Row("a login is one too many", "GET", NoToken, &[(Login, Status(429))], Waits, AReply, "login login call"),
    Row("a login's outage stays", "GET", NoToken, &[(Login, Status(503)), (Login, Status(503)), (Login, Status(503))], Waits, No("server_error"), "login login login"),
    Row("a login meets a bug", "GET", NoToken, &[(Login, Status(500))], Waits, No("server_error"), "login"),
    Row("a login is refused", "GET", NoToken, &[(Login, Status(401))], Waits, No("unauthorized"), "login"),
    Row("a login is forbidden", "GET", NoToken, &[(Login, Status(403))], Waits, No("permission_denied"), "login"),
    Row("a login meets a page", "GET", NoToken, &[(Login, Html)], Waits, No("unreadable"), "login"),
    Row("a login brings no token", "GET", NoToken, &[(Login, Wrong)], Waits, No("unreadable"), "login"),
    Row("given up in the login", "GET", NoToken, &[(Login, Slow)], GivesUp(1_000), Nothing, "login login"),
    Row("a second for the login", "GET", NoToken, &[(Login, Slow)], HasASecond, No("timeout"), "login login"),
    Row("a second for a secret that never comes", "GET", ASecretThatNeverComes, &[], HasASecond, No("timeout"), ""),
    Row("given up before the secret comes", "GET", ASecretThatNeverComes, &[], GivesUp(1_000), Nothing, ""),
    // A token in its last seconds.
    Row("a refresh meets a bug", "GET", AnEndingToken, &[(Refresh, Status(500))], Waits, AReply, "refresh login call"),
    Row("a refresh meets an outage", "GET", AnEndingToken, &[(Refresh, Status(503))], Waits, AReply, "refresh login call"),
    Row("a refresh is refused", "GET", AnEndingToken, &[(Refresh, Status(401))], Waits, AReply, "refresh login call"),
    Row("a refresh is not known", "GET", AnEndingToken, &[(Refresh, Status(404))], Waits, AReply, "refresh login call"),
    Row("a refresh is one too many", "GET", AnEndingToken, &[(Refresh, Status(429))], Waits, AReply, "refresh login call"),
    Row("a refresh is lost", "GET", AnEndingToken, &[(Refresh, Lost)], Waits, AReply, "refresh login call"),
    Row("a refresh is not sent", "GET", AnEndingToken, &[(Refresh, Unsent)], Waits, AReply, "refresh login call"),
    Row("a refresh breaks off", "GET", AnEndingToken, &[(Refresh, Truncated)], Waits, AReply, "refresh login call"),
    Row("a refresh takes too long", "GET", AnEndingToken, &[(Refresh, Slow)], Waits, AReply, "refresh login call"),
    Row("a refresh meets a page", "GET", AnEndingToken, &[(Refresh, Html)], Waits, AReply, "refresh login call"),
    Row("a refresh brings nothing", "GET", AnEndingToken, &[(Refresh, Empty)], Waits, AReply, "refresh login call"),
    Row("a refresh brings no token", "GET", AnEndingToken, &[(Refresh, Wrong)], Waits, AReply, "refresh login call"),
    Row("no new token, and the old one holds", "GET", AnEndingToken, &[(Refresh, Status(500)), (Login, Status(500))], Waits, AReply, "refresh login call"),
    Row("no new token, and the old one has ended", "GET", AnEndedToken, &[(Refresh, Status(500)), (Login, Status(500))], Waits, No("server_error"), "refresh login"),
    Row("a write with an ending token", "POST", AnEndingToken, &[(Refresh, Lost)], Waits, AReply, "refresh login call"),
    // Writes: never twice.
    Row("a write is refused as wrong", "POST", AToken, &[(TheCall, Status(400))], Waits, No("bad_request"), "call"),
    Row("a write conflicts", "POST", AToken, &[(TheCall, Status(409))], Waits, No("conflict"), "call"),
    Row("a write meets a bug", "POST", AToken, &[(TheCall, Status(500))], Waits, Perhaps("server_error"), "call"),
    Row("a write meets a broken gateway", "POST", AToken, &[(TheCall, Status(502))], Waits, Perhaps("server_error"), "call"),
    Row("a write meets an outage", "POST", AToken, &[(TheCall, Status(503))], Waits, Perhaps("server_error"), "call"),
    Row("a write meets a slow gateway", "POST", AToken, &[(TheCall, Status(504))], Waits, Perhaps("server_error"), "call"),
    Row("a write is lost", "POST", AToken, &[(TheCall, Lost)], Waits, Perhaps("connection"), "call"),
    Row("a write is not sent", "POST", AToken, &[(TheCall, Unsent)], Waits, AReply, "call call"),
    Row("a write's reply breaks off", "POST", AToken, &[(TheCall, Truncated)], Waits, Perhaps("connection"), "call"),
    Row("a write takes too long", "POST", AToken, &[(TheCall, Slow)], Waits, Perhaps("timeout"), "call"),
    Row("a write's body takes too long", "POST", AToken, &[(TheCall, SlowBody)], Waits, Perhaps("timeout"), "call"),
    Row("a write is one too many", "POST", AToken, &[(TheCall, Status(429))], Waits, AReply, "call call"),
    Row("a write's token is refused", "POST", AToken, &[(TheCall, Status(401))], Waits, AReply, "call login call"),
    Row("a write that is lost after its token was refused", "POST", AToken, &[(TheCall, Status(401)), (TheCall, Lost)], Waits, Perhaps("connection"), "call login call"),
    Row("a second for a write", "POST", AToken, &[(TheCall, Slow)], HasASecond, Perhaps("timeout"), "call"),
    Row("a second for a write that was never sent", "POST", NoToken, &[(Login, Slow)], HasASecond, No("timeout"), "login login"),
    Row("a write is given up", "POST", AToken, &[], GivesUp(10), Nothing, "call"),
    Row("an action meets an outage", "PATCH", AToken, &[(TheCall, Status(503))], Waits, Perhaps("server_error"), "call"),
    Row("an action is lost", "PATCH", AToken, &[(TheCall, Lost)], Waits, Perhaps("connection"), "call"),
    Row("an action is not sent", "PATCH", AToken, &[(TheCall, Unsent)], Waits, AReply, "call call"),
    Row("a deletion is lost", "DELETE", AToken, &[(TheCall, Lost)], Waits, AReply, "call call"),
    Row("a deletion is lost, and was done", "DELETE", AToken, &[(TheCall, Lost), (TheCall, Status(404))], Waits, AReply, "call call"),
    Row("a deletion finds nothing", "DELETE", AToken, &[(TheCall, Status(404))], Waits, No("not_found"), "call"),
];

impl Fault {
    fn reply(self) -> Reply {
        let page = "<html>Sign in</html>";
        match self {
            Status(status) => reply(status, &json!({})),
            RetryAfter(status, after) => reply(status, &json!({})).header("retry-after", after),
            Html => Reply::new(200, page),
            Empty => Reply::new(200, ""),
            Wrong => reply(200, &json!({ "something": "else" })),
            Truncated => broken_body(reply(200, &json!({}))),
            Unsent => refused_connection(),
            Lost => lost(),
            Slow => reply(200, &json!({})).after(MINUTE * 60),
            SlowBody => Reply {
                body_latency: MINUTE * 60,
                ..reply(200, &json!({}))
            },
        }
    }
}

impl On {
    fn of(sent: &Sent) -> Self {
        if sent.path.ends_with("/auth/authenticate") {
            Login
        } else if sent.path.ends_with("/auth/refresh") {
            Refresh
        } else {
            TheCall
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Login => "login",
            Refresh => "refresh",
            TheCall => "call",
        }
    }
}

/// Answers with these faults, each once, and else with what was asked for.
fn answer(world: &World, faults: &[(On, Fault)]) {
    let mut faults = faults.to_vec();
    let mut tokens = 0;
    world.answer(move |sent| {
        let on = On::of(sent);
        if let Some(at) = faults.iter().position(|(of, _)| *of == on) {
            return Some(faults.remove(at).1.reply());
        }
        tokens += 1;
        Some(match on {
            TheCall => reply(200, &json!({})),
            Login | Refresh => reply(200, &json!({ "token": format!("token.{tokens}"), "expiresIn": 5400 })),
        })
    });
}

fn client_of(world: &World, holds: Holds) -> Client {
    let client = match holds {
        ASecretThatNeverComes => world.client_of(Setup::auth(Auth::Password {
            api_key: Secret::Ask(Rc::new(|| Box::pin(core::future::pending()))),
            username: "ada".into(),
            password: Secret::Text("password".into()),
            store: None,
        })),
        _ => world.client(),
    };
    answer(world, &[]);
    let age = match holds {
        ASecretThatNeverComes | NoToken => return client,
        AToken => Duration::ZERO,
        AnEndingToken => MINUTE * 90 - SECOND * 20,
        AnEndedToken => MINUTE * 91,
    };
    let asking = client.clone();
    world.run(async move { asking.token().await }).unwrap();
    world.advance(age);
    client
}

/// What came of a call of this method: a read does nothing, whatever comes of it.
fn seen(method: &str, result: Result<(), Error>) -> Sees {
    match result {
        Ok(()) => AReply,
        Err(error) if method != "GET" && error.may_have_been_applied() => Perhaps(error.code.as_str()),
        Err(error) => No(error.code.as_str()),
    }
}

fn words(sent: &[Sent]) -> String {
    let words: Vec<&str> = sent.iter().map(|sent| On::of(sent).in_words()).collect();
    words.join(" ")
}

#[test]
fn each_fault_is_seen_and_sent_as_the_table_says() {
    let mut wrong = Vec::new();
    for Row(name, method, holds, faults, caller, sees, sent) in TABLE {
        let world = World::new();
        let client = client_of(&world, *holds);
        world.take_sent();
        answer(&world, faults);
        let call: Call = request(method, "/thing");
        let total_timeout = matches!(caller, HasASecond).then_some(SECOND);
        let options = CallOptions {
            total_timeout,
            ..CallOptions::default()
        };
        let (calling, before) = (client.clone(), world.now());
        let started = world.start(async move { calling.call(call.request(), options).await.map(drop) });
        let saw = if let GivesUp(after) = caller {
            world.advance(Duration::from_millis(*after));
            started.give_up(&world);
            Nothing
        } else {
            // The longest a row can take: three attempts of half a minute, and what they wait in between.
            world.advance(if total_timeout.is_some() { SECOND } else { MINUTE * 5 });
            started.result().map_or(Nothing, |result| seen(method, result))
        };
        assert!(world.now() - before <= MINUTE * 5, "{name}");
        // A login goes on for whoever comes next.
        if !matches!(holds, ASecretThatNeverComes) {
            world.advance(MINUTE * 5);
            world.assert_quiet(&client);
        }
        let was_sent = words(&world.take_sent());
        if saw != *sees || was_sent != *sent {
            wrong.push(format!("{name}: {saw:?}, {was_sent:?}, and not {sees:?}, {sent:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(TABLE.len() >= 60);
}

#[test]
fn each_row_of_the_table_says_something_of_its_own() {
    let mut rows: Vec<String> = TABLE
        .iter()
        .map(|Row(_, method, holds, faults, caller, _, _)| format!("{method} {holds:?} {faults:?} {caller:?}"))
        .collect();
    let all = rows.len();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), all);
}

fn thing() -> Call {
    request("GET", "/thing")
}

/// A hundred calls at once.
fn hundred(world: &World, client: &Client) -> Vec<Sees> {
    let calls = (0..100).map(|_| {
        let client = client.clone();
        async move { client.call(thing().request(), CallOptions::default()).await.map(drop) }
    });
    let results = world.run(join_all(calls));
    results.into_iter().map(|result| seen("GET", result)).collect()
}

#[test]
fn a_token_revoked_in_mid_flight_costs_a_hundred_calls_one_login() {
    let world = World::new();
    let client = client_of(&world, AToken);
    world.take_sent();
    let old = RefCell::new(None);
    world.answer_calls(move |sent| {
        let token = sent.header("authorization").map(str::to_owned);
        let is_old = *old.borrow_mut().get_or_insert_with(|| token.clone()) == token;
        reply(if is_old { 401 } else { 200 }, &json!([]))
    });
    assert!(hundred(&world, &client).iter().all(|saw| *saw == AReply));
    let sent = words(&world.take_sent());
    assert_eq!(sent.matches("login").count(), 1);
    // Those that the limit kept back until then have the new one at once.
    let calls = sent.matches("call").count();
    assert!((150..=200).contains(&calls), "{calls}");
    world.assert_quiet(&client);
}

#[test]
fn a_server_that_is_gone_for_ten_minutes_is_there_again_for_the_next_call() {
    for gone in [Lost, Unsent, Status(503), Slow] {
        let world = World::new();
        let client = client_of(&world, AnEndedToken);
        let back = world.now() + MINUTE * 10;
        let is_gone = Rc::new(Cell::new(true));
        let gone_now = Rc::clone(&is_gone);
        let mut tokens = 0;
        world.answer(move |sent| {
            tokens += 1;
            let token = json!({ "token": format!("token.{tokens}"), "expiresIn": 5400 });
            Some(match On::of(sent) {
                _ if gone_now.get() => gone.reply(),
                TheCall => reply(200, &json!([])),
                Login | Refresh => reply(200, &token),
            })
        });
        while world.now() < back {
            assert!(world.call(&client, thing()).is_err(), "{gone:?}");
            world.advance(SECOND * 20);
        }
        is_gone.set(false);
        assert!(world.call(&client, thing()).is_ok(), "{gone:?}");
        world.assert_quiet(&client);
    }
}

/// Refuses every call for so long, with this Retry-After, and tells when each one came.
fn storm(world: &World, span: Duration, retry_after: Option<&'static str>) -> Rc<RefCell<Vec<Duration>>> {
    let (platform, end) = (Rc::clone(&world.platform), world.platform.now().after(span));
    let came = Rc::<RefCell<Vec<Duration>>>::default();
    let (noted, began) = (Rc::clone(&came), world.platform.now());
    world.answer_calls(move |_| {
        let now = platform.now();
        noted.borrow_mut().push(now.since(began));
        if now >= end {
            return reply(200, &json!([]));
        }
        let refused = reply(429, &json!({}));
        match retry_after {
            Some(wait) => refused.header("retry-after", wait),
            None => refused,
        }
    });
    came
}

#[test]
fn in_a_storm_of_429s_one_probe_at_a_time_asks_and_every_call_has_its_reply() {
    for retry_after in [None, Some("0"), Some("5"), Some("not a wait")] {
        let world = World::new();
        let client = client_of(&world, AToken);
        let came = storm(&world, MINUTE * 3, retry_after);
        let saw = hundred(&world, &client);
        assert!(
            saw.iter().all(|saw| *saw == AReply || *saw == No("rate_limited")),
            "{retry_after:?} {saw:?}"
        );
        let came = came.borrow().clone();
        // Those in flight when the first was refused, and then probes.
        let later = came.iter().filter(|at| **at > SECOND && **at < MINUTE * 3).count();
        assert!(later <= 12, "{retry_after:?}: {later} in the storm");
        assert_eq!(
            seen("GET", world.call(&client, thing()).map(drop)),
            AReply,
            "{retry_after:?}"
        );
        world.assert_quiet(&client);
    }
}

#[test]
fn a_refusal_of_one_client_holds_back_every_client_of_its_key() {
    let world = World::new();
    let clients: Vec<_> = (0..2)
        .map(|_| one_limit::client(&world, "a refusal", 100, Setup::default()))
        .collect();
    answer(&world, &[]);
    for client in &clients {
        assert!(world.call(client, thing()).is_ok());
    }
    let came = storm(&world, SECOND, Some("30"));
    let calls: Vec<_> = clients.iter().map(|client| world.start_call(client, thing())).collect();
    world.advance(MINUTE);
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
    let early = came.borrow().iter().filter(|at| **at < SECOND * 30).count();
    assert!(early <= 2, "{:?}", came.borrow());
}

/// Where a call may be when its page is frozen: no timer fires and no reply is taken, until the page is shown again.
const FROZEN_AT: &[(&str, &[(On, Fault)])] = &[
    ("in flight", &[]),
    ("in the body", &[(TheCall, SlowBody)]),
    ("in the back-off", &[(TheCall, RetryAfter(503, "60"))]),
    ("at a closed gate", &[(TheCall, RetryAfter(429, "60"))]),
    ("in the login", &[(TheCall, Status(401))]),
];

#[test]
fn a_page_that_was_frozen_goes_on_where_it_was() {
    for (place, faults) in FROZEN_AT {
        for hours in [0, 1, 24] {
            let world = World::new();
            let client = client_of(&world, AToken);
            answer(&world, faults);
            let call = world.start_call(&client, thing());
            world.advance(Duration::from_millis(60));
            world.platform.sleep_through(MINUTE * 60 * hours);
            // What takes an hour by itself has its own time limit.
            world.advance(MINUTE * 3);
            let saw = call.result().map(|result| result.map(drop));
            assert!(matches!(saw, Some(Ok(()))), "{place}, {hours} h: {saw:?}");
            assert!(world.call(&client, thing()).is_ok(), "{place}, {hours} h");
            world.assert_quiet(&client);
        }
    }
}

#[test]
fn clocks_that_jump_and_a_machine_that_sleeps_disturb_no_call() {
    let an_hour = 3_600_000;
    for (jump, sleep) in [
        (an_hour * 24, false),
        (-an_hour * 24, false),
        (an_hour, true),
        (0, true),
    ] {
        let world = World::new();
        let client = client_of(&world, AToken);
        let call = world.start_call(&client, thing());
        world.advance(Duration::from_millis(10));
        world.platform.jump_wall_clock(jump);
        if sleep {
            world.platform.sleep_through(MINUTE * 60);
        }
        world.advance(MINUTE);
        assert!(call.result().is_some_and(|result| result.is_ok()), "{jump} {sleep}");
        assert!(world.call(&client, thing()).is_ok());
        world.assert_quiet(&client);
        // A token that has ended meanwhile is not sent.
        world.platform.sleep_through(MINUTE * 91);
        world.take_sent();
        assert!(world.call(&client, thing()).is_ok());
        assert_eq!(words(&world.take_sent()), "refresh call");
    }
}

#[test]
fn a_date_to_wait_for_is_held_against_the_services_own_clock() {
    // The local clock is at the beginning of 2026, the service's five years later.
    let world = World::new();
    let client = client_of(&world, AToken);
    let mut refusals = 1;
    world.answer(move |_| {
        refusals -= 1;
        let date = |reply: Reply| reply.header("date", "Wed, 01 Jan 2031 00:00:00 GMT");
        Some(if refusals >= 0 {
            date(reply(429, &json!({}))).header("retry-after", "Wed, 01 Jan 2031 00:00:30 GMT")
        } else {
            date(reply(200, &json!([])))
        })
    });
    let before = world.now();
    assert!(world.call(&client, thing()).is_ok());
    assert_eq!((world.now() - before).as_secs(), 30);
}

#[test]
fn a_gate_that_is_closed_for_hours_is_probed_within_the_hour() {
    let world = World::new();
    let client = client_of(&world, AToken);
    answer(&world, &[(TheCall, RetryAfter(429, HOURS))]);
    assert_eq!(seen("GET", world.call(&client, thing()).map(drop)), No("rate_limited"));
    world.advance(MINUTE * 61);
    assert_eq!(seen("GET", world.call(&client, thing()).map(drop)), AReply);
}

#[test]
fn a_given_token_is_kept_in_its_last_seconds_when_no_other_can_be_had() {
    let world = World::new();
    let claims = "eyJpYXQiOjAsImV4cCI6NTQwMH0";
    let client = world.client_of(Setup::auth(Auth::Token {
        api_key: Secret::Text(API_KEY.into()),
        token: Secret::Text(format!("e30.{claims}.s")),
    }));
    answer(&world, &[]);
    assert!(world.call(&client, thing()).is_ok());
    world.advance(MINUTE * 90 - SECOND * 20);
    world.take_sent();
    let outage = (Refresh, Status(503));
    answer(&world, &[outage, outage, outage]);
    assert!(world.call(&client, thing()).is_ok());
    assert_eq!(words(&world.take_sent()), "refresh refresh refresh call");
}
