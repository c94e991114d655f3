//! How a client shows who it is (guide 5), and where its secrets come from.

use std::rc::Rc;

use finding::FindingCode;

use super::{
    base_url::BaseUrl,
    error::{Error, ErrorCode},
    platform::{Boxed, LocalFuture},
    redaction::MASK,
    store::{Store, StoreError},
};

/// Where a secret comes from.
#[derive(Clone)]
pub enum Secret {
    /// Known.
    Text(String),
    /// Asked for each time it is needed; a failure says why, in the words of who failed.
    Ask(Rc<dyn Fn() -> LocalFuture<Result<String, String>>>),
}

impl Secret {
    /// Whether asking once more may give another.
    #[must_use]
    pub const fn can_change(&self) -> bool {
        matches!(self, Self::Ask(_))
    }

    /// Fetches the secret, which is called `name` where it is given.
    ///
    /// # Errors
    /// `secret_unavailable` when the caller's function failed, `invalid_secret` when the text cannot be sent.
    #[must_use]
    pub fn reveal<'a>(&'a self, name: &'a str) -> Boxed<'a, Result<String, Error>> {
        Box::pin(async move {
            let text = match self {
                Self::Text(text) => text.clone(),
                Self::Ask(ask) => ask().await.map_err(|cause| {
                    let message = format!("The function given as `{name}` failed or returned no string.");
                    Error::caused(ErrorCode::SecretUnavailable, message, unsuspicious(&cause))
                })?,
            };
            if text.is_empty() {
                let message = format!("`{name}` is empty.");
                return Err(Error::refused(FindingCode::InvalidSecret, name, message));
            }
            Ok(text)
        })
    }

    /// The same, for a secret that goes into a header.
    ///
    /// # Errors
    /// As [`Self::reveal`].
    pub async fn reveal_for_header(&self, name: &str) -> Result<String, Error> {
        let text = self.reveal(name).await?;
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(text);
        }
        let message =
            format!("`{name}` contains a character that cannot be sent in a header; check for spaces and line ends.");
        Err(Error::refused(FindingCode::InvalidSecret, name, message))
    }
}

/// The words of a failure, without those that may be the secret that it is about: nobody knows that one yet.
fn unsuspicious(words: &str) -> String {
    let is_suspicious =
        |word: &str| word.len() >= 24 || (word.len() >= 6 && word.contains(|c: char| c.is_ascii_digit()));
    let shown = words
        .split_whitespace()
        .map(|word| if is_suspicious(word) { MASK } else { word });
    shown.collect::<Vec<_>>().join(" ")
}

/// Where a token is kept between processes; a failure is a call's failure.
pub trait TokenStore {
    /// The token kept, if there is one.
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>>;
    /// Keeps a token, or forgets it.
    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>>;
}

/// A token in a store.
pub struct StoredToken {
    /// The store.
    pub store: Rc<dyn Store>,
    /// Its key there.
    pub key: String,
}

impl TokenStore for StoredToken {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.store.get(&self.key)
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.store.set(&self.key, token)
    }
}

/// How the client shows who it is.
#[derive(Clone)]
pub enum Auth {
    /// Fetches tokens by itself.
    Password {
        /// The API key.
        api_key: Secret,
        /// The user's name.
        username: String,
        /// The password.
        password: Secret,
        /// Where tokens are kept between processes.
        store: Option<Rc<dyn TokenStore>>,
    },
    /// Uses a token that somebody else fetched.
    Token {
        /// The API key.
        api_key: Secret,
        /// The JWT.
        token: Secret,
    },
    /// A backend adds key and token: the client holds none.
    Proxy,
}

impl Auth {
    /// The secrets that need not be asked for.
    pub(crate) fn known_secrets(&self) -> impl Iterator<Item = &str> {
        let secrets = match self {
            Self::Password { api_key, password, .. } => [Some(api_key), Some(password)],
            Self::Token { api_key, token } => [Some(api_key), Some(token)],
            Self::Proxy => [None, None],
        };
        secrets.into_iter().flatten().filter_map(|secret| match secret {
            Secret::Text(text) => Some(text.as_str()),
            Secret::Ask(_) => None,
        })
    }
}

/// What all clients of one account share.
#[derive(Clone)]
pub struct ServiceAccess {
    /// How the client shows who it is.
    pub auth: Auth,
    /// The base of the certificate service.
    pub certs_base: BaseUrl,
    /// The base of the authentication service.
    pub auth_base: BaseUrl,
}

#[cfg(test)]
mod tests {
    use super::unsuspicious;

    #[test]
    fn what_may_be_a_secret_is_left_out_of_why_there_is_none() {
        for (words, shown) in [
            ("the vault is sealed", "the vault is sealed"),
            ("HTTP 503 from the vault", "HTTP 503 from the vault"),
            ("wrong: hunter2hunter2", "wrong: ***"),
            ("CANARY-api-key-77b1", "***"),
            ("eyJhbGciOiJub25lIn.eyJleHAiOiJ is refused", "*** is refused"),
        ] {
            assert_eq!(unsuspicious(words), shown);
        }
    }
}
