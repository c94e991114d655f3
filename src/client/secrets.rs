//! Secrets: fetched when they are needed, and blotted out of everything that a person may see.

use core::cell::RefCell;
use std::rc::Rc;

use serde_json::Value;

use super::{error::Error, platform::LocalFuture};

/// What stands in a secret's place.
pub const MASK: &str = "***";

/// A secret shorter than this is not searched for: it would blot out every sentence.
const SHORTEST: usize = 4;

/// How many of the newest secrets are remembered: an API key, a password, and the tokens of the last hours.
const REMEMBERED: usize = 16;

/// Where a secret comes from.
#[derive(Clone)]
pub enum Secret {
    /// Known.
    Text(String),
    /// Asked for each time it is needed; the future fails without saying why, for the reason may hold the secret.
    Ask(Rc<dyn Fn() -> LocalFuture<Option<String>>>),
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
    /// `secret_unavailable` when the caller's function failed, `invalid_secret` when the text can not be sent.
    pub async fn reveal(&self, name: &str) -> Result<String, Error> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Ask(ask) => ask().await.ok_or_else(|| {
                Error::other(
                    "secret_unavailable",
                    format!("The function given as `{name}` failed or gave no text."),
                )
            })?,
        };
        if text.is_empty() {
            return Err(Error::refused("invalid_secret", name, format!("`{name}` is empty.")));
        }
        Ok(text)
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
            format!("`{name}` holds a character that can not stand in a header; check for spaces and line ends.");
        Err(Error::refused("invalid_secret", name, message))
    }
}

/// The secrets that a client has handled, so that they can be blotted out.
#[derive(Default)]
pub struct Secrets(RefCell<Vec<String>>);

impl Secrets {
    /// Remembers a secret.
    pub fn remember(&self, secret: &str) {
        if secret.len() < SHORTEST || self.knows(secret) {
            return;
        }
        let mut known = self.0.borrow_mut();
        if known.len() >= REMEMBERED {
            known.remove(0);
        }
        known.push(secret.to_owned());
    }

    /// Whether a secret is remembered.
    #[must_use]
    pub fn knows(&self, secret: &str) -> bool {
        self.0.borrow().iter().any(|known| known == secret)
    }

    /// Blots every known secret out of a text, also where it stands as JSON spells it.
    pub fn blot(&self, text: &mut String) {
        for secret in self.0.borrow().iter() {
            let quoted = Value::from(secret.as_str()).to_string();
            let spelled = quoted.trim_matches('"');
            for form in [secret.as_str(), spelled] {
                if text.contains(form) {
                    *text = text.replace(form, MASK);
                }
            }
        }
    }

    /// The same for every text in a JSON value, names included.
    pub fn blot_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.blot(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.blot_json(item)),
            Value::Object(fields) => {
                let old = core::mem::take(fields);
                fields.extend(old.into_iter().map(|(mut name, mut field)| {
                    self.blot(&mut name);
                    self.blot_json(&mut field);
                    (name, field)
                }));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_blotted_out_wherever_they_stand() {
        let secrets = Secrets::default();
        secrets.remember("pa\"ss word");
        secrets.remember("abc");
        let mut text = String::from(r#"you sent {"password":"pa\"ss word"}, that is pa"ss word, abc"#);
        secrets.blot(&mut text);
        assert_eq!(text, r#"you sent {"password":"***"}, that is ***, abc"#);

        let mut body = json!({ "pa\"ss word": [{ "echo": "<pa\"ss word>" }], "n": 1 });
        secrets.blot_json(&mut body);
        assert_eq!(body, json!({ "***": [{ "echo": "<***>" }], "n": 1 }));
    }
}
