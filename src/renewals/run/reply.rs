//! What answers have in common.

use serde_json::Value;

/// What an answer says went wrong; null where it says nothing of it.
pub(super) fn error_of(answer: &Value) -> &Value {
    answer.get("error").unwrap_or(&Value::Null)
}

/// Whether what was asked was done. An answer that does not say so is a failure, whatever else it says.
pub(super) fn done(answer: &Value) -> Result<(), &Value> {
    if answer.get("done") == Some(&Value::Bool(true)) {
        Ok(())
    } else {
        Err(error_of(answer))
    }
}

/// Why something failed.
pub(super) fn reason(error: &Value) -> String {
    let message = text(error, "message");
    if message.is_empty() {
        "nothing says why".to_owned()
    } else {
        message
    }
}

/// A text in a value.
pub(super) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
