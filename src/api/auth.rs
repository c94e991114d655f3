//! The authentication service: it gives JWTs of 90 minutes (guide 5.2).

use core::time::Duration;

use serde_json::{Value, json};

use super::call::{Base, Call, Method, Refused, Reply, Request, Unreadable, json};

/// A JWT's life when nothing says otherwise (guide 5.2.2).
pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(90 * 60);

/// `POST /auth/authenticate` (guide 5.2.1). Holds the password: it has no `Debug` on purpose.
pub struct Authenticate {
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl Call for Authenticate {
    type Reply = NewToken;

    fn request(&self) -> Result<Request, Refused> {
        let body = json!({ "username": self.username, "password": self.password });
        Ok(Request {
            base: Base::Auth,
            ..Request::new(Method::Post, "/auth/authenticate").with_body(body)
        })
    }
}

/// `GET /auth/refresh` with the current token as bearer (guide 5.2.2). *Inferred*: the reply's shape.
pub struct Refresh;

impl Call for Refresh {
    type Reply = NewToken;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request {
            base: Base::Auth,
            ..Request::new(Method::Get, "/auth/refresh")
        })
    }
}

/// A token as the service gave it. It has no `Debug` on purpose.
pub struct NewToken {
    /// The JWT.
    pub token: String,
    /// How long it lives from its receipt.
    pub lifetime: Duration,
}

impl Reply for NewToken {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let body = json(body)?;
        let token = match &body {
            Value::String(token) => Some(token),
            object => match object.get("token") {
                Some(Value::String(token)) => Some(token),
                _ => None,
            },
        };
        let Some(token) = token.filter(|token| is_sendable(token)) else {
            return Err(Unreadable {
                message: "expected a JWT in the field `token`, found none".into(),
                path: Some("$.token".into()),
            });
        };
        let lifetime = body.get("expiresIn").and_then(seconds).or_else(|| jwt_lifetime(token));
        Ok(Self {
            token: token.clone(),
            lifetime: lifetime.unwrap_or(DEFAULT_LIFETIME),
        })
    }
}

/// Whether a token can stand in a header as it is.
#[must_use]
pub fn is_sendable(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        number => number.as_f64()?,
    };
    Duration::try_from_secs_f64(seconds)
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
    serde_json::from_slice(&base64url(payload)?).ok()
}

/// Base64 in its URL alphabet without padding (RFC 4648, 5), as JWTs use it.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte.checked_sub(b'A')?,
            b'a'..=b'z' => byte.checked_sub(b'a')?.checked_add(26)?,
            b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(52)?,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6_u32) | u32::from(six);
        held = held.checked_add(6)?;
        if held >= 8 {
            held = held.checked_sub(8)?;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1_u32 << held).checked_sub(1)?;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<NewToken, Unreadable> {
        NewToken::read(body.as_bytes())
    }

    // {"iat":1000,"exp":1600}
    const TEN_MINUTES: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTYwMH0.sig";

    #[test]
    fn the_lifetime_is_expires_in_then_the_claims_then_ninety_minutes() {
        let lifetime = |body: &str| read(body).ok().map(|token| token.lifetime.as_secs());
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":30}}"#)),
            Some(30)
        );
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":"45"}}"#)),
            Some(45)
        );
        assert_eq!(lifetime(&format!(r#"{{"token":"{TEN_MINUTES}"}}"#)), Some(600));
        assert_eq!(
            lifetime(&format!(r#"{{"token":"{TEN_MINUTES}","expiresIn":-5}}"#)),
            Some(600)
        );
        assert_eq!(lifetime(r#"{"token":"opaque"}"#), Some(5400));
        assert_eq!(lifetime(r#""opaque""#), Some(5400));
    }

    #[test]
    fn a_reply_without_a_token_is_unreadable_and_does_not_show_itself() {
        let error = read(r#"{"jwt":"CANARY"}"#).err().unwrap();
        assert_eq!(error.path.as_deref(), Some("$.token"));
        assert!(!error.message.contains("CANARY"));
        assert!(
            read("{\"token\":\"a\\r\\nx: y\"}").is_err(),
            "a token must not smuggle a header"
        );
    }

    #[test]
    fn base64url_reads_what_jwts_hold() {
        assert_eq!(base64url("aGk").unwrap(), b"hi");
        assert_eq!(base64url("_-8=").unwrap(), [0xff, 0xef]);
        assert_eq!(base64url("a b"), None);
    }
}
