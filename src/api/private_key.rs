//! Private keys among what would be sent. The service never needs one (guide 7.4.1 takes a CSR), so that a call that has one
//! is refused, whatever its other checks are told.

use serde_json::Value;

use super::{
    base64, json,
    refused::{Reason, Refused},
    text::{contains, decode, octet_of_hex, replace, split_once},
};

/// Refuses a text that is, or has in it, a private key: PEM, base64 of DER, or a JSON Web Key.
///
/// # Errors
/// [`Reason::PrivateKey`], with the argument as its field and nothing of its content.
pub(crate) fn refuse(field: &str, text: &str) -> Result<(), Refused> {
    if holds(text) { Err(refused(field)) } else { Ok(()) }
}

/// The same for a body of JSON text: every string in it, names included.
pub(crate) fn refuse_in_json(body: &str) -> Result<(), Refused> {
    let place = match json::read(body) {
        Ok(value) => place_in(&value),
        // Nested more deeply than is read: the text alone is looked at.
        Err(_) => holds(body).then(String::new),
    };
    // The octets of a file, where a list of them was given for its text.
    let place = place.or_else(|| has_key(&octets_in_numbers(body)).then(String::new));
    match place.as_deref().map(|place| place.trim_start_matches('.')) {
        None => Ok(()),
        Some("") => Err(refused("body")),
        Some(place) => Err(refused(place)),
    }
}

/// Where in a value a private key is. It is written on the way back: each of many values has long names before it.
fn place_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => holds(text).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| Some(format!("[{at}]{}", place_in(item)?))),
        // RFC 7517, 4.1, and RFC 7518, 6: `kty` is the type, `d` the private part of RSA, EC and Edwards keys.
        Value::Object(fields) if fields.contains_key("kty") && fields.contains_key("d") => Some(String::new()),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            if holds(name) {
                return Some(String::new());
            }
            Some(format!(".{name}{}", place_in(value)?))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn refused(field: &str) -> Refused {
    let message = format!(
        "`{field}` holds a private key, which must never leave the machine that it belongs to: send the CSR or the \
         certificate instead."
    );
    Refused::new(Reason::PrivateKey, field, message)
}

/// So often is a text decoded that is encoded in another: what people paste is encoded twice at most.
const DEPTH: u32 = 3;

fn holds(text: &str) -> bool {
    holds_within(text, DEPTH)
}

fn holds_within(text: &str, depth: u32) -> bool {
    if is_framed(text) || is_web_key(text) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1).filter(|_| text.len() >= SHORTEST) else {
        return false;
    };
    for octets in [octets_in_hex(text, 0), octets_in_hex(text, 1), octets_in_numbers(text)] {
        if has_key(&octets) || is_framed(&String::from_utf8_lossy(&octets)) {
            return true;
        }
    }
    if has_frame_in_base64(text) || text.split(|char| !is_base64(char)).any(is_der) {
        return true;
    }
    let joined: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    let holds_encoded = |run: &str| {
        let octets = base64::decode(run).filter(|octets| octets.len() >= SHORTEST && octets.is_ascii());
        is_der(run) || octets.is_some_and(|octets| holds_within(&String::from_utf8_lossy(&octets), depth))
    };
    // The text itself comes first, for what looks like a mark of a page may have the key in it.
    let plain = unmarked(&decode(text));
    joined.split(|char| !is_base64(char)).any(holds_encoded) || (plain != text && holds_within(&plain, depth))
}

/// A text without what can stand between the characters that count: the marks of a page, and the NULs of UTF-16.
fn unmarked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = split_once(rest, "<") {
        plain.push_str(before);
        let marked = split_once(after, ">");
        rest = marked.map_or(after, |(_, after)| after);
        if marked.is_none() {
            break;
        }
    }
    plain.push_str(rest);
    // Marks without an end are left of a page that was cut off.
    plain.retain(|char| !matches!(char, '\0' | '<'));
    plain
}

/// Whether the text has the names of a private JSON Web Key, whose quotation marks may be escaped.
fn is_web_key(text: &str) -> bool {
    let has = |name: &str| ["\"", "\\"].iter().any(|end| contains(text, &format!("\"{name}{end}")));
    has("kty") && has("d")
}

/// What PKCS #8, PKCS #1, SEC 1, OpenSSH and PGP all have in their frames.
const MARK: &str = "PRIVATE KEY";

/// Whether a line of a PEM frame is in it. The frame may be half of one, and have other dashes.
fn is_framed(text: &str) -> bool {
    let text = replace(text, "+", " ").to_ascii_uppercase();
    let mut rest = text.as_str();
    while let Some((before, after)) = split_once(rest, MARK) {
        let line = before.rsplit(['\n', '\r', '"']).next().unwrap_or_default();
        let after = after.trim_start();
        let after = after.strip_prefix("BLOCK").unwrap_or(after);
        let dashes = after
            .chars()
            .take_while(|char| matches!(char, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
            .count();
        // One word may be between: RSA, EC, ENCRYPTED, OPENSSH.
        let mut words = line.split_whitespace().rev().take(2);
        if dashes > 0 && words.any(|word| word.ends_with("BEGIN") || word.ends_with("END")) {
            return true;
        }
        rest = after;
    }
    contains(&text, "PUTTY-USER-KEY-FILE-")
}

/// The beginning of DER takes so many digits in hexadecimal, and the mark more in base64: most names are shorter.
const SHORTEST: usize = 12;

const fn is_base64(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '+' | '/' | '-' | '_')
}

/// Whether it has a frame in base64, whatever divides the digits: a file as Kubernetes has it, or in a `data:` URL.
fn has_frame_in_base64(text: &str) -> bool {
    let digits: String = text.chars().filter(|char| is_base64(*char)).collect();
    let wide: Vec<u8> = MARK.bytes().flat_map(|octet| [octet, 0]).collect();
    let marks = [base64::within(MARK.as_bytes()), base64::within(&wide)].concat();
    marks.iter().any(|mark| contains(&digits, mark))
}

/// The octets of all hexadecimal digits, whatever signs of a dump divide them: `30:82`, `0x30, 0x82`, `\x30\x82`. Zeros are for
/// all else. A word or the number of a line may end in a digit of its own, so that so many digits are left out.
fn octets_in_hex(text: &str, left_out: usize) -> Vec<u8> {
    let mut digits = Vec::with_capacity(text.len());
    for octet in replace(&replace(text, "0x", ""), "\\x", "").bytes() {
        match octet {
            digit if digit.is_ascii_hexdigit() => digits.push(digit),
            b':' | b',' | b'-' | b'"' | b'\'' | b'\\' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => digits.extend(*b"00"),
        }
    }
    let pairs = digits.get(left_out..).unwrap_or_default().chunks_exact(2);
    pairs.filter_map(octet_of_hex).collect()
}

/// The octets that are written as numbers, one after the other: `[48, 130, 4, 189]`, `{"0":48,"1":130}`.
fn octets_in_numbers(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut number = None;
    for octet in text.bytes().chain([b' ']) {
        if octet.is_ascii_digit() {
            let before = number.unwrap_or(0_u32).saturating_mul(10);
            number = Some(before.saturating_add(u32::from(octet & 0x0f)));
            continue;
        }
        // A quoted one is a name.
        if let Some(number) = number.take()
            && octet != b'"'
            && let Ok(number) = u8::try_from(number)
        {
            octets.push(number);
        }
        // The digits in base64 and in words are no numbers of a list: zeros are for what is between them.
        if octet.is_ascii_alphabetic() || matches!(octet, b'+' | b'/') {
            octets.extend([0; 3]);
        }
    }
    octets
}

/// As much of a text as shows what its DER begins with.
const BEGINNING: usize = 64;

/// Whether it is base64 of PKCS #8, PKCS #1 or SEC 1, of encrypted PKCS #8 or of PKCS #12. A CSR and a certificate begin with
/// two sequences, a bundle with an object identifier.
fn is_der(run: &str) -> bool {
    let digits = run.trim_start_matches(['+', '/', '-', '_']);
    let octets = base64::decode(digits.get(..BEGINNING).unwrap_or(digits));
    octets.is_some_and(|octets| is_key(&octets))
}

/// Whether a key begins anywhere in the octets.
fn has_key(octets: &[u8]) -> bool {
    (0..octets.len()).any(|at| octets.get(at..).is_some_and(is_key))
}

/// Whether the octets begin as those of a key.
fn is_key(octets: &[u8]) -> bool {
    let Some(content) = content_of_sequence(octets) else {
        return false;
    };
    match content {
        // A version, and the numbers of RSA or DSA, which are long; or the one of a curve.
        [0x02, 0x01, 0x00 | 0x01, 0x02, 0x40..=0xff, ..] | [0x02, 0x01, 0x01, 0x04, 0x10..=0x48, ..] => true,
        // Or an algorithm. A CSR has a name in its place.
        [0x02, 0x01, 0x00 | 0x01 | 0x03, rest @ ..] => {
            content_of_sequence(rest).is_some_and(|rest| rest.starts_with(&[0x06]))
        }
        // pbes2 and the ciphers of PKCS #12 (RFC 8018 A.4, RFC 7292 C).
        [0x30, _, 0x06, _, rest @ ..] => {
            const PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
            rest.starts_with(&PKCS) && matches!(rest.get(PKCS.len()..), Some([0x05 | 0x0c, ..]))
        }
        _ => false,
    }
}

fn content_of_sequence(octets: &[u8]) -> Option<&[u8]> {
    let [0x30, length, rest @ ..] = octets else {
        return None;
    };
    let long = usize::from(length & 0x7f);
    if length & 0x80 == 0 {
        Some(rest)
    } else {
        rest.get(long..)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PKCS8: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAAAAAA";
    const ENCRYPTED: &str = "MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIAAAAAAAAAAA=";
    const PKCS1: &str = "MIIEpAIBAAKCAQEAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    const SEC1: &str = "MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAoAoGCCqGSM49";

    #[test]
    fn every_form_of_a_private_key_is_refused_wherever_it_is() {
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{PKCS8}");
        let wide: Vec<u8> = pem.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let lines = |text: &String| {
            text.as_bytes()
                .chunks(20)
                .map(|line| String::from_utf8_lossy(line) + "\n")
                .collect::<String>()
        };
        for encoded in base64::within(pem.as_bytes()).iter().chain(&base64::within(&wide)) {
            for text in [
                encoded,
                &lines(encoded),
                &format!("tls.crt: LS0tLS1CRUdJTiBDRVJU\ntls.key: {encoded}"),
            ] {
                assert!(refuse("id", text).is_err(), "{text}");
            }
        }
        for key in [
            &format!("key: {PKCS8}"),
            "-----BEGIN PRIVATE KEY-----\nMIIE",
            "-----BEGIN RSA PRIVATE KEY-----",
            "----- BEGIN EC PRIVATE KEY ----",
            "\u{2014}\u{2014}-BEGIN ENCRYPTED PRIVATE KEY\u{2014}\u{2014}-",
            "-----begin openssh private key-----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            "MIIE\n-----END PRIVATE KEY-----",
            "%2D%2D%2D%2D%2DBEGIN%20PRIVATE%20KEY%2D%2D",
            "-----BEGIN+PRIVATE+KEY-----",
            "PuTTY-User-Key-File-3: ssh-rsa",
            PKCS8,
            PKCS1,
            SEC1,
            ENCRYPTED,
        ] {
            assert!(refuse("id", key).is_err(), "{key}");
            for (body, field) in [
                (json!({ "csrs": ["CSR", key] }), "csrs[1]"),
                (json!({ "cert": { "csr": format!("  {key}\n") } }), "cert.csr"),
                (json!([[key]]), "[0][0]"),
                (json!(key), "body"),
                (json!({ key: 1 }), "body"),
                (json!({ "": key }), "body"),
                (json!({ "": { "a": key } }), "a"),
            ] {
                let refused = refuse_in_json(&body.to_string()).unwrap_err();
                assert_eq!(
                    (refused.field.as_str(), refused.reason),
                    (field, Reason::PrivateKey),
                    "{body}"
                );
                assert!(
                    !refused.message.contains("MII") && !refused.message.contains("BEGIN"),
                    "{}",
                    refused.message
                );
            }
        }
        for jwk in [
            json!({ "key": { "kty": "EC", "d": "x" } }),
            json!({ "kty": "RSA", "d": "x" }),
            json!({ "comments": json!({ "kty": "EC", "d": "x" }).to_string() }),
            json!({ "comments": json!(json!({ "kty": "EC", "d": "x" }).to_string()).to_string() }),
        ] {
            assert!(refuse_in_json(&jwk.to_string()).is_err(), "{jwk}");
        }
        let deep = format!(
            "{}\"{}\"{}",
            "[".repeat(500),
            "-----BEGIN PRIVATE KEY-----",
            "]".repeat(500)
        );
        assert!(refuse_in_json(&deep).is_err());
    }

    #[test]
    fn a_private_key_is_refused_in_every_wrapping() {
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{PKCS8}");
        let hex = |octets: &[u8]| {
            octets
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect::<Vec<_>>()
                .join(":")
        };
        let of = |key: &str| base64::decode(key).unwrap_or_default();
        let spaced = |key: &str| key.chars().flat_map(|char| [char, ' ']).collect::<String>();
        let numbers = |octets: &[u8]| format!("{octets:?}");
        let places = |octets: &[u8]| {
            let pairs: Vec<String> = octets
                .iter()
                .enumerate()
                .map(|(at, octet)| format!("\"{at}\":{octet}"))
                .collect();
            pairs.join(",")
        };
        for key in [
            &format!("key={SEC1}"),
            &format!("KEY=\"{PKCS1}\""),
            &format!("{{\"key\":\"{PKCS8}\"}}"),
            &format!("<k>{ENCRYPTED}</k>"),
            &format!("data:application/pkcs8;base64,{SEC1}"),
            &format!("a,{PKCS8},c"),
            &format!("({PKCS8})"),
            &format!("- {PKCS8}"),
            &format!("key: {}", hex(&of(PKCS8)).replace(':', "")),
            &format!("the name {}", hex(&of(SEC1)).replace(':', "")),
            &format!("X'{}'", hex(&of(PKCS1)).replace(':', "")),
            &hex(&of(ENCRYPTED)).replace(':', "-"),
            &format!("0x{}", hex(&of(PKCS8)).replace(':', ", 0x")),
            &format!("\\x{}", hex(&of(PKCS8)).replace(':', "\\x")),
            &format!("00000000: {}  0...", hex(&of(PKCS8)).replace(':', " ")),
            &numbers(&of(PKCS8)),
            &numbers(pem.as_bytes()),
            &places(&of(PKCS8)),
            "-----BEGIN <wbr>PRIVATE<wbr> KEY-----",
            &format!("<k v=\"{SEC1}\">"),
            &format!("<k v=\"{}\">", to_base64(pem.as_bytes())),
            &spaced(ENCRYPTED),
            &format!("key={}", spaced(ENCRYPTED)),
            "%252D%252D%252DBEGIN%2520PRIVATE%2520KEY%252D%252D",
            &pem.replace('-', "&hyphen;"),
            &pem.chars().flat_map(|char| [char, '\0']).collect::<String>(),
            &to_base64(to_base64(pem.as_bytes()).as_bytes()),
            &hex(pem.as_bytes()),
            &hex(&base64::decode(PKCS8).unwrap_or_default()),
        ] {
            assert!(refuse("id", key).is_err(), "{key}");
            assert!(refuse_in_json(&json!([key]).to_string()).is_err(), "{key}");
        }
        for body in [json!([of(PKCS8)]), json!({ "cert": { "csr": of(ENCRYPTED) } })] {
            assert!(refuse_in_json(&body.to_string()).is_err(), "{body}");
        }
    }

    fn to_base64(octets: &[u8]) -> String {
        let is_standard = |text: &String| !text.contains(['-', '_']);
        base64::within(octets).into_iter().find(is_standard).unwrap_or_default()
    }

    #[test]
    fn what_is_sent_every_day_is_not_a_private_key() {
        // The beginning of a request, whose names stand where a key has its algorithm.
        let csr = "MIHmMIGNAgEAMCsxKTAnBgNVBAMMIHd3dy5leGFtcGxlLmNvbQ";
        let octets = base64::decode(csr).unwrap_or_default();
        assert!(refuse("text", &format!("{octets:02x?} {octets:?} {csr}")).is_ok());
        for text in [
            "-----BEGIN CERTIFICATE REQUEST-----\nMIICvDCCAaQCAQAwdzELMAkGA1UEBhMCVVMxDTALBgNVBAgMBFV0YWgxDzANBgNV",
            "MIICvDCCAaQCAQAwdzELMAkGA1UEBhMCVVMxDTALBgNVBAgMBFV0YWgxDzANBgNV",
            "MIIGCQYJKoZIhvcNAQcCoIIF+jCCBfYCAQExADALBgkqhkiG9w0BBwGgggXeMIIC",
            "The private key is on the server -- ask Anna.",
            "We begin with a new private key -- no export",
            "-----BEGIN PUBLIC KEY-----",
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxxxxxxxxxxxxxxxxxxxx",
            "Paste all of it, from BEGIN PRIVATE KEY on, nowhere.",
            "www.example.com",
            "123e4567-e89b-12d3-a456-426614174000",
            "MII",
            "",
            "Version 48.3.2.1.0.2, with 48, 130 and 2, 1, 0, 4",
            "MIICvDCC+48a5b2c1/0d2ef90+4TVF",
            "<tag> 0x30 x \\x30 302e02010004 00000000: 0 \u{0}",
        ] {
            assert!(refuse("text", text).is_ok(), "{text}");
            assert!(
                refuse_in_json(&json!({ "a": [text], "kty": "d" }).to_string()).is_ok(),
                "{text}"
            );
        }
    }
}
