//! JSON text, read into values and written of them.
//!
//! `serde_json` reads from anywhere, tells line and column of what is wrong, and has tables for the last bit of any number:
//! that is a tenth of the client. What is read here are texts in memory.

use core::fmt::Write as _;

use serde_json::{Map, Number, Value};

/// An object with these fields. Collected, maps sort, which brings a sort of its own for each kind into the wasm; `json!` of
/// anything but values brings the serializer.
#[must_use]
pub fn object<const COUNT: usize>(fields: [(&str, Value); COUNT]) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
    object
}

/// Values nested more deeply are not read.
const DEEPEST: usize = 127;

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON.
    Malformed,
    /// It is nested too deeply.
    Deep,
    /// It has half of a surrogate pair, which no text of Rust can hold.
    HalfPair,
}

impl Unreadable {
    /// The reason in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Malformed => "expected value",
            Self::Deep => "recursion limit exceeded",
            Self::HalfPair => "lone leading surrogate in hex escape",
        }
    }
}

/// Reads a text.
///
/// # Errors
/// Why it is not read.
pub fn read(text: &str) -> Result<Value, Unreadable> {
    Reader::new(text, None).whole()
}

/// Reads a text in which each half of a surrogate pair is taken for U+FFFD.
///
/// # Errors
/// Why it is not read.
pub fn read_lossy(text: &str) -> Result<Value, Unreadable> {
    Reader::new(text, Some(char::REPLACEMENT_CHARACTER)).whole()
}

struct Reader<'a> {
    rest: &'a str,
    /// What a half of a surrogate pair is taken for.
    half: Option<char>,
    depth: usize,
}

type Read<T> = Result<T, Unreadable>;

impl<'a> Reader<'a> {
    const fn new(rest: &'a str, half: Option<char>) -> Self {
        Self { rest, half, depth: 0 }
    }

    fn whole(mut self) -> Read<Value> {
        let value = self.value()?;
        self.blanks();
        if self.rest.is_empty() {
            Ok(value)
        } else {
            Err(Unreadable::Malformed)
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether this is next; it is passed then.
    fn is(&mut self, next: char) -> bool {
        self.rest.strip_prefix(next).inspect(|rest| self.rest = rest).is_some()
    }

    fn expect(&mut self, next: char) -> Read<()> {
        self.blanks();
        if self.is(next) {
            Ok(())
        } else {
            Err(Unreadable::Malformed)
        }
    }

    fn take(&mut self, length: usize) -> Read<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Unreadable::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn value(&mut self) -> Read<Value> {
        self.blanks();
        match self.rest.bytes().next() {
            Some(b'"') => self.text().map(Value::String),
            Some(b'[') => {
                let mut items = Vec::new();
                self.items(']', &mut |reader| {
                    items.push(reader.value()?);
                    Ok(())
                })?;
                Ok(Value::Array(items))
            }
            Some(b'{') => {
                let mut fields = Map::new();
                self.items('}', &mut |reader| {
                    reader.blanks();
                    let name = reader.text()?;
                    reader.expect(':')?;
                    fields.insert(name, reader.value()?);
                    Ok(())
                })?;
                Ok(Value::Object(fields))
            }
            _ => self.word(),
        }
    }

    /// What is between brackets: `item` reads one.
    fn items(&mut self, end: char, item: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take(1)?;
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Unreadable::Deep);
        }
        self.blanks();
        if !self.is(end) {
            loop {
                item(self)?;
                self.blanks();
                if self.is(end) {
                    break;
                }
                self.expect(',')?;
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn text(&mut self) -> Read<String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
            let plain = self.rest.bytes().position(is_special).ok_or(Unreadable::Malformed)?;
            text.push_str(self.take(plain)?);
            if self.is('"') {
                return Ok(text);
            }
            if !self.is('\\') {
                return Err(Unreadable::Malformed);
            }
            text.push(match self.take(1)? {
                "b" => '\u{8}',
                "f" => '\u{c}',
                "n" => '\n',
                "r" => '\r',
                "t" => '\t',
                "u" => self.escaped()?,
                sign @ ("\"" | "\\" | "/") => char::from(sign.bytes().next().unwrap_or_default()),
                _ => return Err(Unreadable::Malformed),
            });
        }
    }

    /// A character as its number, or as those of a surrogate pair.
    fn escaped(&mut self) -> Read<char> {
        let first = self.unit()?;
        let after = self.rest;
        if first & 0xfc00 == 0xd800 && self.is('\\') && self.is('u') {
            let second = self.unit()?;
            if let Some(Ok(char)) = char::decode_utf16([first, second]).next() {
                return Ok(char);
            }
        }
        self.rest = after;
        char::from_u32(first.into()).or(self.half).ok_or(Unreadable::HalfPair)
    }

    fn unit(&mut self) -> Read<u16> {
        let digits = self.take(4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Unreadable::Malformed);
        }
        u16::from_str_radix(digits, 16).map_err(|_| Unreadable::Malformed)
    }

    fn word(&mut self) -> Read<Value> {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = self.rest.bytes().position(|byte| !is_inside(byte));
        match self.take(length.unwrap_or(self.rest.len()))? {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            word => number(word).map(Value::Number).ok_or(Unreadable::Malformed),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let (decimal, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if whole.len() == digits.len() {
        if let Ok(whole) = whole.parse::<u64>()
            && sign > 0.0
        {
            return Some(whole.into());
        }
        // A zero below zero is no whole number.
        if let Some(whole) = text.parse::<i64>().ok().filter(|whole| *whole != 0) {
            return Some(whole.into());
        }
    }
    let is_signed = exponent.starts_with(['+', '-']);
    if !is_number(exponent.get(usize::from(is_signed)..)?) {
        return None;
    }
    let mut exponent = exponent.parse::<i32>().ok()?;
    let mut significant = 0_u64;
    for (at, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let digit = u64::from(byte.checked_sub(b'0')?);
        let longer = significant.checked_mul(10).and_then(|more| more.checked_add(digit));
        let is_fraction = at >= whole.len();
        match longer {
            Some(longer) => {
                significant = longer;
                exponent = exponent.saturating_sub(i32::from(is_fraction));
            }
            // What no double tells apart.
            None => exponent = exponent.saturating_add(i32::from(!is_fraction)),
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest double is what is wanted")]
    let number = shifted(significant as f64, exponent);
    Number::from_f64(sign * number)
}

/// A number by so many powers of ten, each step of which a double holds exactly.
fn shifted(mut number: f64, mut exponent: i32) -> f64 {
    while exponent != 0 && number != 0.0 && number.is_finite() {
        let step = exponent.clamp(-22, 22);
        let power = 10_f64.powi(step.abs());
        number = if step < 0 { number / power } else { number * power };
        exponent = exponent.saturating_sub(step);
    }
    number
}

/// The JSON text of a value.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

fn push(to: &mut String, value: &Value) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(is_true) => to.push_str(if *is_true { "true" } else { "false" }),
        Value::Number(number) => to.push_str(&digits_of(number)),
        Value::String(text) => push_text(to, text),
        Value::Array(items) => {
            to.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(to, at);
                push(to, item);
            }
            to.push(']');
        }
        Value::Object(fields) => {
            to.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                separate(to, at);
                push_text(to, name);
                to.push(':');
                push(to, value);
            }
            to.push('}');
        }
    }
}

fn separate(to: &mut String, at: usize) {
    if at > 0 {
        to.push(',');
    }
}

fn push_text(to: &mut String, text: &str) {
    to.push('"');
    for char in text.chars() {
        let short = match char {
            '"' | '\\' => char,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(char));
                continue;
            }
            _ => {
                to.push(char);
                continue;
            }
        };
        to.push('\\');
        to.push(short);
    }
    to.push('"');
}

/// A number as JSON has it.
#[must_use]
pub fn digits_of(number: &Number) -> String {
    if let Some(whole) = number.as_u64() {
        return whole.to_string();
    }
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole.to_string(),
        (None, double) => digits(double.unwrap_or_default()),
    }
}

/// Numbers that are not whole are written with an exponent from here on, as JavaScript does below a millionth.
const LARGE: f64 = 18_446_744_073_709_551_616.0;
const SMALL: f64 = 1e-6;
/// As many decimals tell a double from every other but for the last bit.
const MOST_DECIMALS: usize = 16;

/// A double in as few digits as mean the same; null for what is not a number.
#[must_use]
pub fn digits(double: f64) -> String {
    let size = double.abs();
    if !size.is_finite() {
        return "null".to_owned();
    }
    let mut exponent = 0_i32;
    if size >= LARGE || (size < SMALL && size > 0.0) {
        while shifted(size, exponent.saturating_neg()) >= 10.0 {
            exponent = exponent.saturating_add(1);
        }
        while shifted(size, exponent.saturating_neg()) < 1.0 {
            exponent = exponent.saturating_sub(1);
        }
    }
    let size = shifted(size, exponent.saturating_neg());
    let (mut power, mut decimals) = (1.0, 0_usize);
    let is_exact = |power: f64| ((size * power).round() / power).to_bits() == size.to_bits();
    while !is_exact(power) && size * power < 1e16 && decimals < MOST_DECIMALS {
        power *= 10.0;
        decimals = decimals.saturating_add(1);
    }
    let (whole, power) = (truncated((size * power).round()), truncated(power));
    let sign = if double < 0.0 { "-" } else { "" };
    let mut text = format!("{sign}{}", whole.checked_div(power).unwrap_or_default());
    // Writing into a text does not fail.
    if decimals > 0 {
        let fraction = whole.checked_rem(power).unwrap_or_default();
        let _ = write!(text, ".{fraction:0>decimals$}");
    }
    if exponent != 0 {
        let _ = write!(text, "e{exponent:+}");
    }
    text
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is whole, and not negative"
)]
const fn truncated(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_read_as_serde_json_reads_it() {
        for text in [
            "null",
            " true\n",
            "false",
            "0",
            "-0",
            "7",
            "-7",
            "1.5",
            "-0.25",
            "1e3",
            "2E-3",
            "1e+2",
            "1.0",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "9007199254740993",
            "100000000000000000000",
            "0.1",
            "0.30000000000000004",
            "123456.789",
            "5e-7",
            "1e21",
            "1e22",
            r#""""#,
            r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#,
            "[]",
            "[ ]",
            "[1, [2], {}]",
            "{}",
            r#"{ "a" : [1,2] , "b":{"c":null},"a":2}"#,
        ] {
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read(text), Ok(expected.clone()), "{text}");
            assert_eq!(read_lossy(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_not_read() {
        for text in [
            "",
            " ",
            "nul",
            "truefalse",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e",
            "1e+",
            "--1",
            "0x1",
            "NaN",
            "1e400",
            "\"",
            "\"a",
            "\"\n\"",
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,]",
            "[1 2]",
            "]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{1:2}",
            "{\"a\" 1}",
            "1 2",
            "'a'",
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert_eq!(read(text), Err(Unreadable::Malformed), "{text}");
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(127)).is_ok() && serde_json::from_str::<Value>(&nested(127)).is_ok());
        assert!(serde_json::from_str::<Value>(&nested(128)).is_err());
        assert_eq!(read(&nested(128)), Err(Unreadable::Deep));
        assert_eq!(read(&"[".repeat(100_000)), Err(Unreadable::Deep));
    }

    #[test]
    fn half_a_surrogate_pair_is_refused_or_taken_for_another_character() {
        for (text, read_as) in [
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ud83db""#, "\u{fffd}b"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert_eq!(read(text), Err(Unreadable::HalfPair), "{text}");
            assert_eq!(read_lossy(text), Ok(json!(read_as)), "{text}");
        }
    }

    #[test]
    fn a_value_is_written_as_serde_json_writes_it() {
        for value in [
            json!(null),
            json!([true, false, [], {}]),
            json!({ "b": [1, -2, 1.5, 0.1, 1e-7, 123_456.789], "a": { "c": "é\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}" } }),
            json!([u64::MAX, i64::MIN, 0.000_1, 1_234.000_5, 0.333_333_333_333_333_3]),
        ] {
            assert_eq!(write(&value), value.to_string());
            assert_eq!(read(&write(&value)), Ok(value));
        }
        for (double, written) in [
            (1.0, "1"),
            (-0.5, "-0.5"),
            (0.0, "0"),
            (1e19, "10000000000000000000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (1e-7, "1e-7"),
            (2.5e-10, "2.5e-10"),
        ] {
            assert_eq!(digits(double), written);
        }
        assert_eq!(digits(f64::INFINITY), "null");
    }
}
