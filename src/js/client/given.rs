//! Reading options: an object's own names are held against those that there are, errors carry the path and are worded for
//! people who write JavaScript.

use api::given::{Given, Options, Setting};
use client::Error;
use finding::{Finding, FindingCode};
use wasm_bindgen::prelude::*;

use super::dto;
use crate::{
    convert::get,
    names::{Place, own_names},
};

/// Reads options, which may be absent. `what` is how a sentence calls the whole of them; the names in `taken` are read
/// elsewhere.
pub(super) fn read<T: Options + Default>(what: &str, value: &JsValue, taken: &[&str]) -> Result<T, Error> {
    let mut options = T::default();
    if !value.is_null() {
        read_into(&mut options, &Place::of(what), value, taken).map_err(dto::invalid)?;
    }
    Ok(options)
}

/// Reads options that are a part of others, under this name.
pub(super) fn read_at<T: Options + Default>(path: &str, value: &JsValue, taken: &[&str]) -> Result<T, Error> {
    let mut options = T::default();
    read_into(&mut options, &Place::at(path), value, taken).map_err(dto::invalid)?;
    Ok(options)
}

/// Reads an argument that has to be there.
pub(super) fn argument<T: Setting>(name: &str, value: &JsValue) -> Result<T, Error> {
    T::of(given(value)).map_err(|complaint| dto::invalid(invalid(name, &format!("`{name}` {complaint}."))))
}

fn read_into(options: &mut dyn Options, place: &Place<'_>, value: &JsValue, taken: &[&str]) -> Result<(), Finding> {
    if value.is_undefined() {
        return Ok(());
    }
    for name in own_names(place, value, options.names(), taken)? {
        let value = get(value, &name);
        if value.is_null() {
            continue;
        }
        options.set(&name, given(&value)).map_err(|complaint| {
            let field = place.child(&name);
            invalid(&field, &format!("`{field}` {complaint}."))
        })?;
    }
    Ok(())
}

fn given(value: &JsValue) -> Given {
    if let Some(text) = value.as_string() {
        return Given::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Given::Number(number);
    }
    // Nothing of an object is read: what is in it may throw.
    value.as_bool().map_or(Given::Other, Given::Boolean)
}

fn invalid(field: &str, message: &str) -> Finding {
    Finding::argument(FindingCode::InvalidOption, field, message)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use client::options::{CallSettings, ClientSettings, RateLimitSettings};
    use js_sys::JSON;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// `code field message`, or nothing for what is read.
    fn said<T: Options + Default>(json: &str) -> String {
        let value = JSON::parse(json).unwrap();
        match read::<T>("The options", &value, &["signal"]) {
            Ok(_) => String::new(),
            Err(error) => {
                let Finding {
                    code, field, message, ..
                } = error.findings().first().unwrap();
                format!("{} {}: {message}", code.as_str(), field.as_deref().unwrap_or_default())
            }
        }
    }

    #[wasm_bindgen_test]
    fn what_is_right_or_absent_is_read() {
        for json in [
            "{}",
            r#"{"timeout":0,"maxRetries":3,"priority":"low","signal":{}}"#,
            r#"{"timeout":null,"priority":"urgent"}"#,
        ] {
            assert_eq!(said::<CallSettings>(json), "", "{json}");
        }
        let read: CallSettings = read("The options", &JSON::parse(r#"{"timeout":1500}"#).unwrap(), &[]).unwrap();
        assert_eq!(read.call().timeout, Some(core::time::Duration::from_millis(1500)));
    }

    #[wasm_bindgen_test]
    fn what_is_wrong_is_named_with_its_place_and_in_words_of_javascript() {
        for (json, expected) in [
            (
                r#"{"timeot":1}"#,
                "unknown_option timeot: There is no `timeot` in the options: did you mean `timeout`?",
            ),
            (
                r#"{"timeout":-1}"#,
                "invalid_option timeout: `timeout` must be a number of milliseconds, at least 0.",
            ),
            (
                r#"{"maxRetries":1.5}"#,
                "invalid_option maxRetries: `maxRetries` must be a whole number, at least 0.",
            ),
            (
                r#"{"maxRetries":"2"}"#,
                "invalid_option maxRetries: `maxRetries` must be a whole number, at least 0.",
            ),
            (
                r#"{"priority":7}"#,
                "invalid_option priority: `priority` must be a string.",
            ),
            ("7", "invalid_option The options: The options must be an object."),
            ("[]", "invalid_option The options: The options must be an object."),
        ] {
            assert_eq!(said::<CallSettings>(json), expected, "{json}");
        }
        assert_eq!(
            said::<ClientSettings>(r#"{"readOnly":"yes"}"#),
            "invalid_option readOnly: `readOnly` must be true or false."
        );
        let limit = read_at::<RateLimitSettings>("rateLimit", &JSON::parse(r#"{"limit":0}"#).unwrap(), &["scope"]);
        let error = limit.err().unwrap();
        let finding = error.findings().first().unwrap();
        assert_eq!(finding.field.as_deref(), Some("rateLimit.limit"));
        assert_eq!(finding.message, "`rateLimit.limit` must be a whole number, at least 1.");
    }
}
