//! JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user.
    pub(crate) sub: String,
    /// The token's own id, so that no two are the same.
    pub(crate) jti: String,
    /// Issued at, in seconds since 1970.
    pub(crate) iat: u64,
    /// Not valid from this second on.
    pub(crate) exp: u64,
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Signs the claims. `None` only if HMAC refuses the key, which it does for no length.
pub(crate) fn sign(claims: &Claims, key: &[u8]) -> Option<String> {
    let claims = serde_json::to_vec(claims).ok()?;
    let signed = [
        Base64UrlUnpadded::encode_string(HEADER.as_bytes()),
        Base64UrlUnpadded::encode_string(&claims),
    ]
    .join(".");
    let signature = mac(&signed, key)?.finalize().into_bytes();
    Some([signed, Base64UrlUnpadded::encode_string(&signature)].join("."))
}

/// The claims of a token whose signature is right. Whether it is still valid is the caller's question.
pub(crate) fn verify(token: &str, key: &[u8]) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let signature = Base64UrlUnpadded::decode_vec(signature).ok()?;
    mac(signed, key)?.verify_slice(&signature).ok()?;
    // Only our own header is taken: a token of another algorithm is not one of ours, no matter who signed it.
    (Base64UrlUnpadded::decode_vec(header).ok()? == HEADER.as_bytes())
        .then(|| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).ok()?).ok())
        .flatten()
}

fn mac(signed: &str, key: &[u8]) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(key)
        .ok()
        .map(|mac| mac.chain_update(signed.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_that_signed_verifies() {
        let claims = Claims {
            sub: "a".into(),
            jti: "1".into(),
            iat: 1,
            exp: 2,
        };
        let token = sign(&claims, b"key").unwrap();
        assert_eq!(verify(&token, b"key"), Some(claims));
        assert_eq!(verify(&token, b"another"), None);
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        for bad in ["", "a.b", "a.b.c", &token.replace('.', ".A"), &unsigned] {
            assert_eq!(verify(bad, b"key"), None, "{bad}");
        }
    }
}
