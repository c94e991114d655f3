//! Arguments as JSON.

use markmonitor_certs::pki::given::Given;
use serde_json::Value;

/// A value of JSON; undefined where there is none.
pub struct Json<'a>(pub Option<&'a Value>);

impl Given for Json<'_> {
    fn is_undefined(&self) -> bool {
        self.0.is_none()
    }

    fn is_null(&self) -> bool {
        self.0.is_some_and(Value::is_null)
    }

    fn is_object(&self) -> bool {
        self.0.is_some_and(Value::is_object)
    }

    fn field(&self, name: &str) -> Self {
        Self(self.0.and_then(|object| object.get(name)))
    }

    fn items(&self) -> Option<Vec<Self>> {
        let items = self.0?.as_array()?;
        Some(items.iter().map(|item| Self(Some(item))).collect())
    }

    fn text(&self) -> Option<String> {
        self.0?.as_str().map(str::to_owned)
    }

    fn flag(&self) -> Option<bool> {
        self.0?.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.0?.as_f64()
    }
}
