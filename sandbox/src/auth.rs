//! Who calls: API keys, users and their tokens.
//!
//! 401 says that the caller is not known: a credential is missing, wrong, forged or no longer valid.
//! 403 says that it is known and does not fit: an API key that nobody has, or one of another account.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::http::{Request, Response};
use crate::jwt::{self, Claims};
use crate::random::Random;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text, json_body};

/// The life of a token in seconds (guide 5.2.2).
const LIFETIME: u64 = 90 * 60;

/// Someone who may call. Users with the same API key share an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// The name to authenticate with.
    pub username: String,
    /// The password to authenticate with.
    pub password: String,
    /// The key that every request carries in `x-api-key`.
    pub api_key: String,
}

impl Default for User {
    /// The user of a sandbox that was given none. These are no secrets: they open nothing but a sandbox.
    fn default() -> Self {
        Self {
            username: "demo@example.com".to_owned(),
            password: "sandbox-password".to_owned(),
            api_key: "sandbox-api-key".to_owned(),
        }
    }
}

/// Whose data a request sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Account(usize);

/// Who sends a request, and when.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: Account,
    pub(crate) username: String,
    pub(crate) now: Timestamp,
}

/// A token, as replies show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenReply {
    token: String,
    /// In seconds.
    expires_in: u64,
}

/// All users, and the key that signs their tokens.
#[derive(Debug)]
pub(crate) struct Authority {
    users: Vec<User>,
    signing_key: [u8; 32],
    ids: Random,
}

impl Authority {
    pub(crate) fn new(seed: u64, users: Vec<User>) -> Self {
        Self {
            users,
            signing_key: Random::new(seed, "token key").bytes(),
            ids: Random::new(seed, "token ids"),
        }
    }

    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// Every account once.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        let mut accounts: Vec<_> = self
            .users
            .iter()
            .filter_map(|user| self.account_of(&user.api_key))
            .collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }

    /// The account that the request's API key belongs to, if any.
    pub(crate) fn account_of_key(&self, request: &Request) -> Option<Account> {
        self.account_of(request.header("x-api-key")?)
    }

    fn account_of(&self, key: &str) -> Option<Account> {
        self.users.iter().position(|user| user.api_key == key).map(Account)
    }

    /// The caller of a request with a token that is valid now and an API key of the same account.
    pub(crate) fn caller(&self, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
        let user = self.bearer(request, now)?;
        let account = self.account(request, user)?;
        Ok(Caller {
            account,
            username: user.username.clone(),
            now,
        })
    }

    /// `tokens.authenticate` (guide 5.2.1).
    pub(crate) fn authenticate(&mut self, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let body = json_body(request)?;
        let checker = Checker::default();
        let fields = Fields::of_body(&checker, &body);
        fields.require(&["username", "password"]);
        let (username, password) = (fields.text("username", Text::Line), fields.text("password", Text::Line));
        checker.finish()?;
        let user = self
            .users
            .iter()
            .find(|user| user.username == username && user.password == password);
        let user =
            user.ok_or_else(|| Refusal::unauthorized("INVALID_CREDENTIALS", "The username or the password is wrong."))?;
        self.account(request, user)?;
        self.token(username, now)
    }

    /// `tokens.refresh` (guide 5.2.2): a new token for a valid one, which stays valid.
    pub(crate) fn refresh(&mut self, request: &Request, now: Timestamp) -> Result<Response, Refusal> {
        let caller = self.caller(request, now)?;
        self.token(caller.username, now)
    }

    fn token(&mut self, username: String, now: Timestamp) -> Result<Response, Refusal> {
        let iat = now.seconds();
        let id: Uuid = self.ids.uuid();
        let claims = Claims {
            sub: username,
            jti: id.to_string(),
            iat,
            exp: iat.saturating_add(LIFETIME),
        };
        let token =
            jwt::sign(&claims, &self.signing_key).ok_or_else(|| Refusal::internal("The token cannot be signed."))?;
        Ok(Response::json(
            200,
            &TokenReply {
                token,
                expires_in: LIFETIME,
            },
        ))
    }

    fn bearer(&self, request: &Request, now: Timestamp) -> Result<&User, Refusal> {
        let missing = || {
            Refusal::unauthorized(
                "TOKEN_MISSING",
                "The header Authorization: Bearer with a token is required.",
            )
        };
        let (scheme, token) = request
            .header("authorization")
            .and_then(|value| value.split_once(' '))
            .ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing());
        }
        let invalid = || Refusal::unauthorized("TOKEN_INVALID", "The token is not one of this service.");
        let claims = jwt::verify(token.trim(), &self.signing_key).ok_or_else(invalid)?;
        if now.seconds() >= claims.exp {
            return Err(Refusal::unauthorized("TOKEN_EXPIRED", "The token has expired."));
        }
        self.users
            .iter()
            .find(|user| user.username == claims.sub)
            .ok_or_else(invalid)
    }

    fn account(&self, request: &Request, user: &User) -> Result<Account, Refusal> {
        if request.header("x-api-key").is_none() {
            return Err(Refusal::unauthorized(
                "API_KEY_MISSING",
                "The header x-api-key is required.",
            ));
        }
        let account = self.account_of_key(request);
        let account = account.ok_or_else(|| Refusal::forbidden("API_KEY_UNKNOWN", "The API key is not known."))?;
        if self.account_of(&user.api_key) != Some(account) {
            return Err(Refusal::forbidden(
                "API_KEY_OF_ANOTHER_ACCOUNT",
                "The API key belongs to another account.",
            ));
        }
        Ok(account)
    }
}
