//! Redaction: every secret that the client has handled is taken out of everything that a person may see.
//!
//! Errors are made without a thought of secrets, and redacted where they leave the client; so are events.

use core::cell::{Cell, RefCell};
use std::collections::VecDeque;

use api::base64::within;

use super::{
    error::{Error, ErrorKind, RefusedBody},
    events::ResponseInfo,
    platform::HttpRequest,
    spelling::{begins_escape, spelt_at},
};

/// What replaces a secret.
pub const MASK: &str = "***";

/// A secret shorter than this is not searched for: it would redact every sentence.
const SHORTEST: usize = 4;

/// In base64 a part of a shorter one would be found in other texts.
const SHORTEST_IN_BASE64: usize = 8;

/// How many secrets of a kind are remembered: one key and one password, unless the caller's functions change them,
/// and the tokens of a day.
const REMEMBERED: usize = 20;

/// The secrets that a client has handled, so that they can be redacted.
#[derive(Default)]
pub struct Secrets {
    lasting: RefCell<VecDeque<Secret>>,
    /// Apart from the others, which so many tokens would drive out.
    tokens: RefCell<VecDeque<Secret>>,
    /// With what secrets begin, in any spelling.
    starts: Cell<Octets>,
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

    fn keep(&self, known: &RefCell<VecDeque<Secret>>, secret: &str) {
        if secret.len() < SHORTEST || self.knows(secret) {
            return;
        }
        let mut known = known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.pop_front();
        }
        let secret = Secret::of(secret);
        let mut starts = self.starts.get();
        secret.firsts().for_each(|octet| starts.add(octet));
        self.starts.set(starts);
        known.push_back(secret);
    }

    /// Whether a secret is remembered.
    #[must_use]
    pub fn knows(&self, secret: &str) -> bool {
        let among = |known: &RefCell<VecDeque<Secret>>| known.borrow().iter().any(|one| one.plain == secret);
        among(&self.lasting) || among(&self.tokens)
    }

    /// A text without any known secret, however it is spelt; nothing where there is none. Each reply's address and headers are
    /// asked for, and hardly any has one.
    #[must_use]
    pub fn redacted(&self, text: &str) -> Option<String> {
        let (lasting, tokens, starts) = (self.lasting.borrow(), self.tokens.borrow(), self.starts.get());
        let (mut redacted, mut from) = (String::new(), 0);
        for (at, octet) in text.bytes().enumerate() {
            if at < from || !starts.has(octet) {
                continue;
            }
            // None is within a character.
            let Some(here) = text.get(at..) else { continue };
            // The longest: one secret may begin with another.
            let known = lasting.iter().chain(tokens.iter());
            if let Some(length) = known.filter_map(|secret| secret.length_at(here)).max() {
                redacted.push_str(text.get(from..at).unwrap_or_default());
                redacted.push_str(MASK);
                from = at.saturating_add(length);
            }
        }
        redacted.push_str(text.get(from..).filter(|_| from > 0)?);
        Some(redacted)
    }

    /// Redacts a text in its place.
    pub fn redact(&self, text: &mut String) {
        if let Some(redacted) = self.redacted(text) {
            *text = redacted;
        }
    }

    fn redact_if_there(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.redact(text);
        }
    }

    /// Redacts what is told of a reply.
    pub fn redact_info(&self, info: &mut ResponseInfo) {
        self.redact(&mut info.url);
        self.redact_headers(&mut info.headers);
        self.redact_if_there(&mut info.request_id);
    }

    /// Redacts a request that is shown and not sent, wherever the caller put a secret.
    pub fn redact_request(&self, request: &mut HttpRequest) {
        self.redact(&mut request.url);
        for (_, value) in &mut request.headers {
            self.redact(value);
        }
        self.redact_if_there(&mut request.body);
    }

    fn redact_headers(&self, headers: &mut [(String, String)]) {
        for (name, value) in headers {
            self.redact(name);
            self.redact(value);
        }
    }

    /// The error as it leaves the client: without any known secret, wherever a server or a transport put it.
    #[must_use]
    pub fn redact_error(&self, mut error: Error) -> Error {
        self.redact(&mut error.message);
        match &mut error.kind {
            ErrorKind::Api(refusal) => {
                self.redact(&mut refusal.url);
                self.redact_headers(&mut refusal.headers);
                self.redact_if_there(&mut refusal.request_id);
                match &mut refusal.body {
                    Some(RefusedBody::Json(body)) => {
                        if let Some(redacted) = body.redacted(&|text| self.redacted(text)) {
                            *body = redacted;
                        }
                    }
                    Some(RefusedBody::Text(text)) => self.redact(text),
                    None => {}
                }
                for problem in &mut refusal.problems {
                    self.redact_if_there(&mut problem.field);
                    self.redact_if_there(&mut problem.code);
                    self.redact_if_there(&mut problem.message);
                }
            }
            ErrorKind::Decode { body_text, path, .. } => {
                self.redact(body_text);
                self.redact_if_there(path);
            }
            ErrorKind::Validation { findings } => {
                for finding in findings {
                    self.redact(&mut finding.message);
                    self.redact_if_there(&mut finding.field);
                }
            }
            ErrorKind::Wait { last: Some(last), .. } => {
                if let Some(redacted) = last.redacted(&|text| self.redacted(text)) {
                    *last = redacted;
                }
            }
            ErrorKind::Caused { cause } => self.redact(cause),
            ErrorKind::Differs { order, .. } => {
                if let Some(redacted) = order.redacted(&|text| self.redacted(text)) {
                    *order = redacted;
                }
            }
            ErrorKind::Connection { .. }
            | ErrorKind::Timeout { .. }
            | ErrorKind::Wait { .. }
            | ErrorKind::Unknown
            | ErrorKind::Other => {}
        }
        error
    }

    /// The first 2 KB of a text, cut between characters. Redacted before the cut, which could otherwise leave half a
    /// secret.
    #[must_use]
    pub fn beginning_of(&self, text: &str) -> String {
        let mut text = self.redacted(text).unwrap_or_else(|| text.to_owned());
        let ends = text.char_indices().map(|(at, char)| at.saturating_add(char.len_utf8()));
        let end = ends.take_while(|end| *end <= KEPT_TEXT).last().unwrap_or_default();
        text.truncate(end);
        text
    }
}

/// As much of a body's text as an error keeps, in bytes.
const KEPT_TEXT: usize = 2048;

/// A secret, and what it looks like within base64 of something longer.
struct Secret {
    plain: String,
    in_base64: Vec<String>,
}

impl Secret {
    fn of(secret: &str) -> Self {
        let mut in_base64 = Vec::new();
        if secret.len() >= SHORTEST_IN_BASE64 {
            in_base64 = within(secret.as_bytes());
        }
        Self {
            plain: secret.to_owned(),
            in_base64,
        }
    }

    /// How much of the beginning of a text is it.
    fn length_at(&self, text: &str) -> Option<usize> {
        self.forms().filter_map(|form| spelt_at(form, text)).max()
    }

    fn forms(&self) -> impl Iterator<Item = &String> {
        self.in_base64.iter().chain([&self.plain])
    }

    /// With what it may begin.
    fn firsts(&self) -> impl Iterator<Item = u8> + '_ {
        let firsts = self.forms().filter_map(|form| form.bytes().next());
        firsts
            .flat_map(|first| [first.to_ascii_lowercase(), first.to_ascii_uppercase()])
            .chain((0..=u8::MAX).filter(|octet| begins_escape(*octet)))
    }
}

/// A set of octets.
#[derive(Clone, Copy, Default)]
struct Octets([u64; 4]);

impl Octets {
    const fn place(octet: u8) -> (usize, u64) {
        ((octet >> 6_u32) as usize, 1 << (octet & 63))
    }

    fn has(&self, octet: u8) -> bool {
        let (word, bit) = Self::place(octet);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    fn add(&mut self, octet: u8) {
        let (word, bit) = Self::place(octet);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{Body as _, Parsed};
    use serde_json::json;

    #[test]
    fn secrets_are_redacted_wherever_they_are() {
        let secrets = Secrets::default();
        secrets.remember("pa\"ss word");
        secrets.remember("abc");
        let mut text = String::from(r#"you sent {"password":"pa\"ss word"}, that is pa"ss word, abc"#);
        secrets.redact(&mut text);
        assert_eq!(text, r#"you sent {"password":"***"}, that is ***, abc"#);

        let body = Parsed::from(json!({ "pa\"ss word": [{ "echo": "<pa\"ss word>" }], "n": 1 }));
        let redacted = body.redacted(&|text| secrets.redacted(text)).unwrap();
        assert_eq!(redacted.text(), r#"{"***":[{"echo":"<***>"}],"n":1}"#);
    }

    #[test]
    fn a_secret_is_redacted_however_it_is_spelt() {
        let secrets = Secrets::default();
        secrets.remember("pa'ss !\"§(w)*~$%&/😀");
        for spelt in [
            "pa'ss%20!%22%C2%A7(w)*~%24%25%26%2F%F0%9F%98%80",
            "pa%27ss%20%21%22%C2%A7%28w%29%2A~%24%25%26%2F%F0%9F%98%80",
            "pa%27ss+%21%22%C2%A7%28w%29*%7E%24%25%26%2F%F0%9F%98%80",
            "pa'ss%20!%22%C2%A7(w)*~$%25&/%F0%9F%98%80",
            "pa%27ss%20%21%22%c2%a7%28w%29%2a~%24%25%26%2f%f0%9f%98%80",
            "pa'ss !\\\"\\u00a7(w)*~$%&/\\ud83d\\ude00",
            "pa&#39;ss !&#34;§(w)*~$%&amp;/😀",
            "pa&#39;ss !&quot;§(w)*~$%&amp;/😀",
            "pa&#x27;ss !&#x22;&#167;(w)*~$%&amp;&#x2F;&#X1f600;",
            "pa&apos;ss !&quot;&#xA7;(w)*~$%&amp;/&#128512;",
            "pa\\u0027ss !\\u0022\\u00A7(w)*~$%\\u0026\\/\\uD83D\\uDE00",
            "pa\\'ss !\\x22\\xa7(w)*~$%&/😀",
            "PA'SS !\"§(W)*~$%&/😀",
            "pa'ss !\n\"§(w)*~$\r\n\t %&/😀",
            "pa'ss%20!%22%C2%A7%0D%0A(w)*~%24%25%26%2F%F0%9F%98%80",
            "pa'ss !\\\"\\u00a7\\n(w)*~$%&\\/\\ud83d\\ude00",
            "p\0a\0'\0s\0s\0 \0!\0\"\0§\0(\0w\0)\0*\0~\0$\0%\0&\0/\0😀",
        ] {
            assert_eq!(
                secrets.redacted(&format!("p={spelt}.")).as_deref(),
                Some("p=***."),
                "{spelt}"
            );
        }
    }

    #[test]
    fn each_place_of_a_secret_may_be_escaped_or_broken() {
        let secrets = Secrets::default();
        secrets.remember("hunter22");
        for at in 0..8 {
            let (before, after) = "hunter22".split_at(at);
            let (char, rest) = after.split_at(1);
            let code = u32::from(char.chars().next().unwrap());
            let lower = format!("{before}%{code:02x}{rest}");
            let spelt = [
                lower.to_uppercase(),
                lower,
                format!("{before}\\u{code:04x}{rest}"),
                format!("{before}&#{code};{rest}"),
            ];
            let divided = ["\0", "\r\n "].map(|between| format!("{before}{between}{after}"));
            for text in spelt.into_iter().chain(divided.into_iter().filter(|_| at > 0)) {
                let redacted = secrets.redacted(&format!("<{text}>")).unwrap_or_default();
                assert_eq!(redacted, "<***>", "{text:?}");
            }
        }
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
            secrets.redact(&mut text);
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
