//! A new token (guide 5.2). *Inferred*: the form of the reply to a refresh.

use core::time::Duration;

use serde_json::Value;

use super::fact::{Fact, Label, facts};
use crate::{decimal, json, reply::what_else};

/// A JWT's life when nothing says otherwise (guide 5.2.2).
pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(90 * 60);

/// A new token, in the forms in which a service may give it. It has no `Debug` on purpose.
#[derive(Clone, Default)]
pub struct TokenFacts {
    token: Option<String>,
    expires_in: Option<Duration>,
}

impl TokenFacts {
    /// Of a reply that is no JSON: a JWT, which no sentence looks like. A page may hold one, and is none.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let token = text.trim();
        let claims = claims_of(token).filter(|_| what_else(token).is_none());
        Self {
            token: claims.map(|_| token.to_owned()),
            expires_in: None,
        }
    }

    /// The token, if there is one that can be sent, and how long it lives from its receipt.
    #[must_use]
    pub fn token(self) -> Option<(String, Duration)> {
        let token = self.token?;
        // Behind the scheme that it is sent with, or before the end of a line.
        let token = token.trim();
        let token = token.strip_prefix("Bearer ").unwrap_or(token);
        if !is_sendable(token) {
            return None;
        }
        // Where they contradict each other, the one that is safe: a service may count in another unit.
        let lifetimes = [self.expires_in, jwt_lifetime(token)];
        let shortest = lifetimes.into_iter().flatten().min();
        Some((token.to_owned(), shortest.unwrap_or(DEFAULT_LIFETIME)))
    }
}

impl Fact for TokenFacts {
    fn read(value: &Value) -> Option<Self> {
        if let Value::String(token) = value {
            return Some(Self {
                token: Some(token.clone()),
                expires_in: None,
            });
        }
        let fields = Fields::read(value)?;
        let tokens = [fields.token, fields.jwt, fields.access_token, fields.oauth_token];
        let lives = [fields.expires_in, fields.oauth_expires_in];
        Some(Self {
            token: tokens.into_iter().flatten().next(),
            expires_in: lives.iter().flatten().find_map(|seconds| seconds_of(&seconds.0)),
        })
    }

    fn names(names: &mut Vec<&'static str>) {
        Fields::names(names);
    }
}

facts! {
    #[derive(Default)]
    struct Fields {
        token: Option<String> = "token",
        jwt: Option<String> = "jwt",
        access_token: Option<String> = "accessToken",
        // RFC 6749, 5.1.
        oauth_token: Option<String> = "access_token",
        expires_in: Option<Label> = "expiresIn",
        oauth_expires_in: Option<Label> = "expires_in",
    }
}

/// Whether a token can be sent in a header as it is.
#[must_use]
pub fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn seconds_of(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(decimal(text.trim())?)
        .ok()
        .filter(|lifetime| !lifetime.is_zero())
}

/// A JWT's life by its own claims `exp - iat`: a span, so that a wrong clock on either side does not matter.
#[must_use]
pub fn jwt_lifetime(token: &str) -> Option<Duration> {
    let claims = claims_of(token)?;
    let (issued, expires) = (claims.get("iat")?.as_f64()?, claims.get("exp")?.as_f64()?);
    Duration::try_from_secs_f64(expires - issued)
        .ok()
        .filter(|lifetime| !lifetime.is_zero())
}

/// When a JWT ends by its own claim `exp`, in milliseconds since 1970.
#[must_use]
pub fn jwt_expiry(token: &str) -> Option<u64> {
    let expires = Duration::try_from_secs_f64(claims_of(token)?.get("exp")?.as_f64()?).ok()?;
    u64::try_from(expires.as_millis()).ok()
}

fn claims_of(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    json::read(core::str::from_utf8(&crate::base64::decode(payload)?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(String, Duration)> {
        TokenFacts::read(&serde_json::from_str(body).unwrap())?.token()
    }

    // {"iat":1000,"exp":1600}
    const TEN_MINUTES: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTYwMH0.sig";

    #[test]
    fn the_lifetime_is_the_shorter_of_expires_in_and_the_claims_or_ninety_minutes() {
        let lifetime = |body: &str| read(body).map(|(_, lifetime)| lifetime.as_secs());
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":30}}"#)),
            Some(30)
        );
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":"45"}}"#)),
            Some(45)
        );
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":5400000}}"#)),
            Some(600)
        );
        assert_eq!(lifetime(&format!(r#"{{"token":"{TEN_MINUTES}"}}"#)), Some(600));
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":-5}}"#)),
            Some(600)
        );
        assert_eq!(lifetime(r#"{"token":"opaque"}"#), Some(5400));
        assert_eq!(lifetime(r#""opaque""#), Some(5400));
        for token in ["jwt", "accessToken", "access_token"] {
            assert_eq!(lifetime(&format!(r#"{{"{token}":"opaque"}}"#)), Some(5400));
            assert_eq!(
                lifetime(&format!(r#"{{"{token}":"opaque","expires_in":60}}"#)),
                Some(60)
            );
        }
        let text = TokenFacts::of_text(&format!("{TEN_MINUTES}\n")).token();
        assert_eq!(
            text.map(|(token, life)| (token, life.as_secs())),
            Some((TEN_MINUTES.into(), 600))
        );
    }

    #[test]
    fn a_reply_without_a_token_has_none_and_a_token_cannot_smuggle_a_header() {
        assert_eq!(read(r#"{"id":"CANARY"}"#), None);
        assert_eq!(read(r#"{"refresh_token":"CANARY"}"#), None);
        let page = format!("<token>{TEN_MINUTES}</token>");
        for words in ["OK", "", "<html>", "a.b.c", &page] {
            assert_eq!(TokenFacts::of_text(words).token(), None, "{words}");
        }
        assert_eq!(read("{\"token\":\"a\\r\\nx: y\"}"), None);
    }
}
