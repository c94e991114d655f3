//! A client before a service that answers with what is made up, for the targets about its replies.

use std::{rc::Rc, time::Duration};

use markmonitor_certs::{
    api::Arguments,
    client::{
        Client, Error, Reply as Answer,
        auth::{Auth, Secret, ServiceAccess},
        base_url::BaseUrl,
        endpoint,
        events::{Event, EventKind, Listener},
        limiter::{self, RateLimiter},
        lists::Page,
        options::{CallOptions, Settings},
    },
};

#[path = "../../tests/support/memory.rs"]
mod memory;
#[path = "../../tests/support/virtual_platform.rs"]
mod virtual_platform;

use virtual_platform::{Reply, VirtualPlatform};

const SECRETS: [&str; 3] = ["canary-api-key", "canary-password", "canary.access.token"];
const ID: &str = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

/// Calls of every form of reply: an object, a page, a list, a file, nothing; and one that costs.
const CALLS: [&str; 6] = [
    "orders.get",
    "orders.list",
    "orders.prices",
    "orders.download",
    "orders.cancel",
    "orders.create",
];

/// What the service answers: to every call, and to those for a token if it is to.
pub struct Answers<'a> {
    pub status: u16,
    pub headers: Vec<(&'a str, &'a str)>,
    pub body: &'a [u8],
    pub to_authentication: bool,
}

struct Deaf;

impl Listener for Deaf {
    fn hears(&self, _: EventKind) -> bool {
        false
    }

    fn tell(&self, _: EventKind, _: Event) {}
}

/// Makes a call of each form, and holds what comes of it against what always has to be so: it ends, and no secret is in it.
pub fn ask(answers: &Answers<'_>) {
    for operation in CALLS {
        let result = call(answers, operation);
        if let Err(error) = &result {
            let shown = format!("{error:?} {}", error.message);
            assert!(!error.message.is_empty(), "an error says something");
            // A token that no reply has given is no secret of this client's.
            let known = if answers.to_authentication {
                &SECRETS[..2]
            } else {
                &SECRETS[..]
            };
            for secret in known {
                assert!(!shown.contains(*secret), "{operation}: a secret is in {shown}");
            }
        }
    }
}

fn call(answers: &Answers<'_>, operation: &'static str) -> Result<(), Error> {
    let made_up = Made {
        status: answers.status,
        headers: answers
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: answers.body.to_vec(),
    };
    let to_authentication = answers.to_authentication;
    let platform = VirtualPlatform::new(move |request, _| {
        if request.url.contains("/auth/") && !to_authentication {
            return Reply::new(200, r#"{"token":"canary.access.token","expiresIn":5400}"#)
                .after(Duration::from_millis(50));
        }
        made_up.reply()
    });
    let base = |name, text: &str| BaseUrl::parse(name, text).expect("a base");
    let access = ServiceAccess {
        auth: Auth::Password {
            api_key: Secret::Text(SECRETS[0].into()),
            username: "demo@example.com".into(),
            password: Secret::Text(SECRETS[1].into()),
            store: None,
        },
        certs_base: base("certsBaseUrl", "https://api.markmonitor.com/certs/v1"),
        auth_base: base("authBaseUrl", "https://api.markmonitor.com/auth/v1"),
    };
    let kept = Rc::<memory::Kept>::default();
    let limiter = RateLimiter::remembering(platform.clone(), &limiter::Options::default(), kept.clone());
    let client = Client::new(
        platform.clone(),
        access,
        Settings::default(),
        limiter,
        Box::new(Deaf),
        kept,
    );
    let mut arguments = Arguments::default();
    let endpoint = endpoint(operation).expect("an operation");
    if endpoint.path.contains("{id}") {
        arguments.path.insert("id".into(), ID.into());
    }
    if operation == "orders.create" {
        arguments.body = Some("{}".into());
    }
    platform.run(async move {
        let reply: Answer = client
            .call(Ok(endpoint.request(arguments)?), CallOptions::default())
            .await?;
        if operation == "orders.list" {
            let page = Page::of(reply, "content");
            let _ = page.items().count();
        }
        Ok(())
    })
}

struct Made {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Made {
    fn reply(&self) -> Reply {
        let reply = Reply::new(self.status, self.body.clone()).after(Duration::from_millis(50));
        self.headers
            .iter()
            .fold(reply, |reply, (name, value)| reply.header(name, value))
    }
}
