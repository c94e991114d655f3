//! Secrets: fetched when they are needed, and blotted out of everything that a person may see.

use core::{cell::RefCell, cmp::Reverse};
use std::{collections::VecDeque, rc::Rc};

use serde_json::Value;

use super::{error::Error, platform::LocalFuture};
use crate::api::call::encode;

/// What stands in a secret's place.
pub const MASK: &str = "***";

/// A secret shorter than this is not searched for: it would blot out every sentence.
const SHORTEST: usize = 4;

/// How many secrets of a kind are remembered: one key and one password, unless the caller's functions change them,
/// and the tokens of a day.
const REMEMBERED: usize = 20;

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
pub struct Secrets {
    lasting: RefCell<VecDeque<Spellings>>,
    /// Apart from the others, which so many tokens would drive out.
    tokens: RefCell<VecDeque<Spellings>>,
}

impl Secrets {
    /// Remembers an API key or a password.
    pub fn remember(&self, secret: &str) {
        self.keep(&self.lasting, secret);
    }

    /// Remembers a token.
    pub fn remember_token(&self, token: &str) {
        self.keep(&self.tokens, token);
    }

    fn keep(&self, known: &RefCell<VecDeque<Spellings>>, secret: &str) {
        if secret.len() < SHORTEST || self.knows(secret) {
            return;
        }
        let mut known = known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.pop_front();
        }
        known.push_back(Spellings::of(secret));
    }

    /// Whether a secret is remembered.
    #[must_use]
    pub fn knows(&self, secret: &str) -> bool {
        let among = |known: &RefCell<VecDeque<Spellings>>| known.borrow().iter().any(|one| one.plain() == secret);
        among(&self.lasting) || among(&self.tokens)
    }

    /// Blots every known secret out of a text, also where it stands as JSON, a URL or HTML spells it.
    pub fn blot(&self, text: &mut String) {
        let (lasting, tokens) = (self.lasting.borrow(), self.tokens.borrow());
        let known = lasting.iter().chain(tokens.iter()).flat_map(|one| &one.0);
        let mut found: Vec<&String> = known.filter(|form| text.contains(form.as_str())).collect();
        // The longest first: one secret may hold another.
        found.sort_unstable_by_key(|form| Reverse(form.len()));
        for form in found {
            *text = text.replace(form, MASK);
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
            Value::Number(number) => {
                let mut text = number.to_string();
                self.blot(&mut text);
                if text.contains(MASK) {
                    *value = text.into();
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

/// How a server may spell a secret that it echoes: as it is, in JSON, in a URL, in HTML.
struct Spellings([String; 4]);

impl Spellings {
    fn of(secret: &str) -> Self {
        let quoted = Value::from(secret).to_string();
        let in_json = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let in_html = secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        Self([
            secret.to_owned(),
            in_json.unwrap_or(secret).to_owned(),
            encode(secret),
            in_html,
        ])
    }

    fn plain(&self) -> &str {
        let [plain, ..] = &self.0;
        plain
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
    #[test]
    fn a_secret_that_holds_another_leaves_nothing_behind() {
        let secrets = Secrets::default();
        secrets.remember("correct");
        secrets.remember("correct horse&battery");
        for text in [
            "correct horse&battery",
            "correct%20horse%26battery",
            "correct horse&amp;battery",
        ] {
            let mut text = text.to_owned();
            secrets.blot(&mut text);
            assert_eq!(text, MASK);
        }
    }

    #[test]
    fn a_days_tokens_do_not_drive_out_the_password() {
        let secrets = Secrets::default();
        secrets.remember("password");
        (0..100).for_each(|number| secrets.remember_token(&format!("token {number}")));
        assert!(secrets.knows("password") && secrets.knows("token 99") && !secrets.knows("token 0"));
    }
}
