//! What the service says about a call that it refused.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that is wrong with a call, in the service's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Problem {
    /// The field of the request that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The service's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Problem {
    /// The problems of an error body: `validations` (400) and `errors` (the rest), and the `message` or `error` that
    /// gateways send. Anything else holds none.
    #[must_use]
    pub fn all_of(body: &Value) -> Vec<Self> {
        let listed: Vec<Self> = ["validations", "errors"]
            .iter()
            .filter_map(|name| body.get(name)?.as_array())
            .flatten()
            .filter_map(Self::of)
            .collect();
        if !listed.is_empty() {
            return listed;
        }
        // A body that is text is no problem of the service's, but a gateway's page.
        Self::of(body).filter(|_| body.is_object()).into_iter().collect()
    }

    fn of(value: &Value) -> Option<Self> {
        let text = |name: &str| match value.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        if let Value::String(message) = value {
            return (!message.is_empty()).then(|| Self {
                message: Some(message.clone()),
                ..Self::default()
            });
        }
        let problem = Self {
            field: text("field"),
            code: text("code"),
            message: text("message").or_else(|| text("error")),
        };
        (problem != Self::default()).then_some(problem)
    }
}
