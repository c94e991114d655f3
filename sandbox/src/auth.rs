//! Who calls: API keys, users and their tokens.
//!
//! 401 says that the caller is not known: a credential is missing, wrong, forged or no longer valid.
//! 403 says that it is known and does not fit: an API key that nobody has, or one of another account. Both as far as the
//! readings do not say otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{SECOND, Timestamp};
use crate::http::{Request, Response};
use crate::jwt::{self, Claims};
use crate::random::Random;
use crate::readings::{Readings, Refresh, RefreshedToken, RefusedKey, RefusedToken, TokenExpiry};
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields, json_body};

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

/// All users, and the key that signs their tokens.
#[derive(Debug)]
pub(crate) struct Authority {
    users: Vec<User>,
    signing_key: [u8; 32],
    ids: Random,
    /// The tokens that were refreshed, by their ids, and when each expires.
    refreshed: BTreeMap<String, u64>,
}

impl Authority {
    pub(crate) fn new(seed: u64, users: Vec<User>) -> Self {
        Self {
            users,
            signing_key: Random::new(seed, "token key").bytes(),
            ids: Random::new(seed, "token ids"),
            refreshed: BTreeMap::new(),
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
    pub(crate) fn caller(&self, request: &Request, now: Timestamp, readings: &Readings) -> Result<Caller, Refusal> {
        let claims = self.claims(request, now, readings)?;
        let user = self.user(&claims, readings)?;
        let account = self.account(request, user, readings)?;
        Ok(Caller {
            account,
            username: user.username.clone(),
            now,
        })
    }

    /// `tokens.authenticate` (guide 5.2.1).
    pub(crate) fn authenticate(
        &mut self,
        request: &Request,
        now: Timestamp,
        readings: &Readings,
    ) -> Result<Response, Refusal> {
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
        self.account(request, user, readings)?;
        let token = self.token(username, now)?;
        Ok(Response::json(
            200,
            &token_reply("token", "expiresIn", &token, now, readings),
        ))
    }

    /// `tokens.refresh` (guide 5.2.2): a new token for a valid one.
    pub(crate) fn refresh(
        &mut self,
        request: &Request,
        now: Timestamp,
        readings: &Readings,
    ) -> Result<Response, Refusal> {
        let caller = self.caller(request, now, readings)?;
        let claims = self.claims(request, now, readings)?;
        if readings.refreshed_token == RefreshedToken::Once && self.refreshed.contains_key(&claims.jti) {
            return Err(refused_token(
                readings,
                "TOKEN_REFRESHED",
                "The token was refreshed before.",
            ));
        }
        let refused = |status, code| Refusal::Error {
            status,
            code,
            message: "Tokens are not refreshed.".to_owned(),
        };
        match readings.refresh {
            Refresh::Refused => return Err(refused(401, "REFRESH_REFUSED")),
            Refresh::Forbidden => return Err(refused(403, "REFRESH_FORBIDDEN")),
            Refresh::Missing => return Err(refused(404, "NOT_FOUND")),
            Refresh::Error => return Err(refused(500, "INTERNAL_SERVER_ERROR")),
            Refresh::Html => {
                let page = "<!doctype html>\n<title>Log in</title>\n";
                return Ok(Response::with_body(200, "text/html", page.into()));
            }
            Refresh::Empty => {
                return Ok(Response {
                    status: 204,
                    ..Response::default()
                });
            }
            _ => {}
        }
        self.refreshed.retain(|_, expires| *expires > now.seconds());
        self.refreshed.insert(claims.jti, claims.exp);
        let token = self.token(caller.username, now)?;
        let reply = |name, expiry| Response::json(200, &token_reply(name, expiry, &token, now, readings));
        Ok(match readings.refresh {
            Refresh::Text => Response::with_body(200, "text/plain", token.into_bytes()),
            Refresh::JsonText => Response::json(200, &token),
            Refresh::Jwt => Response::json(200, &json!({ "jwt": token })),
            Refresh::AccessToken => reply("accessToken", "expiresIn"),
            Refresh::SnakeCase => reply("access_token", "expires_in"),
            _ => reply("token", "expiresIn"),
        })
    }

    fn token(&mut self, username: String, now: Timestamp) -> Result<String, Refusal> {
        let iat = now.seconds();
        let id: Uuid = self.ids.uuid();
        let claims = Claims {
            sub: username,
            jti: id.to_string(),
            iat,
            exp: iat.saturating_add(LIFETIME),
        };
        jwt::sign(&claims, &self.signing_key).ok_or_else(|| Refusal::internal("The token cannot be signed."))
    }

    /// What the request's token says, if it is valid now.
    fn claims(&self, request: &Request, now: Timestamp, readings: &Readings) -> Result<Claims, Refusal> {
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
        let claims = jwt::verify(token.trim(), &self.signing_key).ok_or_else(|| not_ours(readings))?;
        if now.seconds() >= claims.exp {
            return Err(refused_token(readings, "TOKEN_EXPIRED", "The token has expired."));
        }
        if readings.refreshed_token == RefreshedToken::Revoked && self.refreshed.contains_key(&claims.jti) {
            return Err(refused_token(
                readings,
                "TOKEN_REVOKED",
                "The token was refreshed, and is no longer valid.",
            ));
        }
        Ok(claims)
    }

    fn user(&self, claims: &Claims, readings: &Readings) -> Result<&User, Refusal> {
        let user = self.users.iter().find(|user| user.username == claims.sub);
        user.ok_or_else(|| not_ours(readings))
    }

    fn account(&self, request: &Request, user: &User, readings: &Readings) -> Result<Account, Refusal> {
        if request.header("x-api-key").is_none() {
            return Err(Refusal::unauthorized(
                "API_KEY_MISSING",
                "The header x-api-key is required.",
            ));
        }
        let account = self.account_of_key(request);
        let account = account.ok_or_else(|| {
            let refuse = match readings.refused_key {
                RefusedKey::Forbidden => Refusal::forbidden,
                RefusedKey::Unauthorized => Refusal::unauthorized,
            };
            refuse("API_KEY_UNKNOWN", "The API key is not known.")
        })?;
        if self.account_of(&user.api_key) != Some(account) {
            return Err(Refusal::forbidden(
                "API_KEY_OF_ANOTHER_ACCOUNT",
                "The API key belongs to another account.",
            ));
        }
        Ok(account)
    }
}

fn not_ours(readings: &Readings) -> Refusal {
    refused_token(readings, "TOKEN_INVALID", "The token is not one of this service.")
}

/// A token that is not taken.
fn refused_token(readings: &Readings, code: &'static str, message: &str) -> Refusal {
    match readings.refused_token {
        RefusedToken::Unauthorized => Refusal::unauthorized(code, message),
        RefusedToken::Forbidden => Refusal::forbidden(code, message),
    }
}

/// A token and when it ends, under these names.
fn token_reply(name: &str, expiry: &str, token: &str, now: Timestamp, readings: &Readings) -> Value {
    let seconds: Value = match readings.token_expiry {
        TokenExpiry::Seconds => LIFETIME.into(),
        TokenExpiry::Text => LIFETIME.to_string().into(),
        TokenExpiry::Milliseconds => LIFETIME.saturating_mul(SECOND).into(),
        TokenExpiry::Date => now.plus(LIFETIME.saturating_mul(SECOND)).to_string().into(),
        TokenExpiry::Absent => return json!({ name: token }),
    };
    json!({ name: token, expiry: seconds })
}
