//! Redaction: every secret that the client has handled is taken out of everything that a person may see.
//!
//! Errors are made without a thought of secrets, and redacted where they leave the client; so are events.

use core::cell::{Cell, RefCell};
use std::collections::VecDeque;

use api::{
    base64::within,
    json,
    text::{contains, encode, replace},
};
use serde_json::Value;

use super::{
    error::{Error, ErrorKind, RefusedBody},
    events::ResponseInfo,
    platform::HttpRequest,
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
    lasting: RefCell<VecDeque<Spellings>>,
    /// Apart from the others, which so many tokens would drive out.
    tokens: RefCell<VecDeque<Spellings>>,
    /// What secrets begin with, in any spelling: a bit for each octet, or for the few that share it.
    starts: Cell<u64>,
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
        let spellings = Spellings::of(secret);
        let firsts = spellings.0.iter().filter_map(|form| form.bytes().next());
        self.starts
            .set(firsts.fold(self.starts.get(), |starts, octet| starts | bit_of(octet)));
        known.push_back(spellings);
    }

    /// Whether a secret is in a text. Each reply's address and headers are asked for, and hardly any has one.
    fn is_in(&self, text: &str) -> bool {
        let (lasting, tokens) = (self.lasting.borrow(), self.tokens.borrow());
        let starts = self.starts.get();
        text.bytes().enumerate().any(|(at, octet)| {
            starts & bit_of(octet) != 0
                && text.get(at..).is_some_and(|rest| {
                    let mut known = lasting.iter().chain(tokens.iter()).flat_map(|one| one.0.iter());
                    known.any(|form| rest.starts_with(form.as_str()))
                })
        })
    }

    /// Whether a secret is remembered.
    #[must_use]
    pub fn knows(&self, secret: &str) -> bool {
        let among = |known: &RefCell<VecDeque<Spellings>>| known.borrow().iter().any(|one| one.plain() == secret);
        among(&self.lasting) || among(&self.tokens)
    }

    /// A text without any known secret, also where JSON, a URL or HTML spells it; nothing where there is none.
    #[must_use]
    pub fn redacted(&self, text: &str) -> Option<String> {
        if !self.is_in(text) {
            return None;
        }
        let (lasting, tokens) = (self.lasting.borrow(), self.tokens.borrow());
        let known = lasting.iter().chain(tokens.iter()).flat_map(|one| one.0.iter());
        let mut found: Vec<&String> = known.filter(|form| contains(text, form)).collect();
        let mut redacted = None;
        // The longest first: one secret may contain another.
        while let Some(at) = longest(&found) {
            let form = found.swap_remove(at);
            redacted = Some(replace(redacted.as_deref().unwrap_or(text), form, MASK));
        }
        redacted
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

const fn bit_of(octet: u8) -> u64 {
    1 << (octet % 64)
}

/// Where the longest is.
fn longest(texts: &[&String]) -> Option<usize> {
    let places = texts.iter().enumerate();
    places.max_by_key(|(_, text)| text.len()).map(|(at, _)| at)
}

/// As much of a body's text as an error keeps, in bytes.
const KEPT_TEXT: usize = 2048;

/// The signs that mean something in HTML; the first is in what stands for the others.
const IN_HTML: &[(&str, &str)] = &[
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("\"", "&quot;"),
    ("'", "&#39;"),
];

/// How a server may spell a secret that it echoes: as it is, in JSON, in a URL, in a form, in HTML, in UTF-16, in base64.
struct Spellings(Vec<String>);

/// What JavaScript leaves as it is in a part of a URL (`encodeURIComponent`) …
const UNESCAPED_IN_PART: &[(&str, &str)] = &[("%21", "!"), ("%27", "'"), ("%28", "("), ("%29", ")"), ("%2A", "*")];
/// … and in all of one (`encodeURI`).
const UNESCAPED_IN_URL: &[(&str, &str)] = &[
    ("%23", "#"),
    ("%24", "$"),
    ("%26", "&"),
    ("%2B", "+"),
    ("%2C", ","),
    ("%2F", "/"),
    ("%3A", ":"),
    ("%3B", ";"),
    ("%3D", "="),
    ("%3F", "?"),
    ("%40", "@"),
];
/// How a form differs from a URL.
const IN_FORM: &[(&str, &str)] = &[("%20", "+"), ("%2A", "*"), ("~", "%7E")];

/// A text with the one for the other.
fn with(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .fold(text.to_owned(), |text, (sign, by)| replace(&text, sign, by))
}

impl Spellings {
    fn of(secret: &str) -> Self {
        let quoted = json::write(&Value::from(secret));
        let in_json = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let in_html = with(secret, IN_HTML);
        let in_url = encode(secret);
        let in_part = with(&in_url, UNESCAPED_IN_PART);
        let in_ascii = in_ascii(in_json.unwrap_or(secret));
        let mut spellings = vec![
            secret.to_owned(),
            in_json.unwrap_or(secret).to_owned(),
            in_ascii,
            replace(&in_html, "&quot;", "&#34;"),
            in_html,
            replace(&in_url, "%20", "+"),
            with(&in_url, IN_FORM),
            lower_case_escapes(&in_url),
            with(&in_part, UNESCAPED_IN_URL),
            in_part,
            in_url,
            // In either order of its octets, the first zero or the last apart.
            secret.chars().flat_map(|char| ['\0', char]).skip(1).collect(),
        ];
        if secret.len() >= SHORTEST_IN_BASE64 {
            spellings.extend(within(secret.as_bytes()));
        }
        // Most secrets are spelt the same in several ways.
        for at in (1..spellings.len()).rev() {
            if let Some((before, rest)) = spellings.split_at_checked(at)
                && rest
                    .first()
                    .is_some_and(|one| before.contains(one) || one.len() < SHORTEST)
            {
                spellings.remove(at);
            }
        }
        Self(spellings)
    }

    fn plain(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

/// JSON of ASCII alone.
fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        if char.is_ascii() {
            text.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            text.push_str("\\u");
            let digit = |shift: u32| char::from_digit(u32::from(*unit) >> shift & 15, 16);
            text.extend([12, 8, 4, 0].into_iter().filter_map(digit));
        }
    }
    text
}

/// `%2F` as `%2f`.
fn lower_case_escapes(encoded: &str) -> String {
    let mut text = String::with_capacity(encoded.len());
    let mut escaped = 0_u32;
    for char in encoded.chars() {
        text.push(if escaped > 0 { char.to_ascii_lowercase() } else { char });
        escaped = if char == '%' { 2 } else { escaped.saturating_sub(1) };
    }
    text
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
        ] {
            assert_eq!(
                secrets.redacted(&format!("p={spelt}.")).as_deref(),
                Some("p=***."),
                "{spelt}"
            );
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
