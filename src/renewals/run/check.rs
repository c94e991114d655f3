//! Whether a certificate is what was ordered. What it holds was read elsewhere.

use api::facts::{Date, Fact as _};
use serde_json::Value;

use crate::{
    estate::covers,
    journal::What,
    time::{DAY, Ms, of},
};

/// When it ends.
///
/// # Errors
/// Why it must not be used.
pub(super) fn checked(read: &Value, what: &What, now: Ms) -> Result<Ms, String> {
    if read.get("sameKey") != Some(&Value::Bool(true)) {
        return Err("it is for another key than the one that was made".into());
    }
    let findings = read.get("findings").and_then(Value::as_array);
    let mut findings = findings.into_iter().flatten();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let is_wrong = |finding: &&Value| {
        // The reader has this machine's clock; what counts is the service's, and is looked at below.
        let is_of_clock = ["certificate_expired", "certificate_not_yet_valid"];
        let code = text(finding, "code").unwrap_or_default();
        text(finding, "severity").as_deref() == Some("error") && !is_of_clock.contains(&code.as_str())
    };
    if let Some(error) = findings.find(is_wrong) {
        return Err(text(error, "message").unwrap_or_else(|| "it is not sound".into()));
    }
    let leaf = read.get("leaf").unwrap_or(&Value::Null);
    let names = leaf.get("dnsNames").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = names.filter_map(|name| name.as_str().map(plain)).collect();
    let wanted = what.dns_names.iter().chain([&what.common_name]);
    let missing = wanted
        .map(|name| plain(name))
        .find(|name| !covers(&names, core::slice::from_ref(name)));
    if let Some(name) = missing {
        return Err(format!("it is not for {name}"));
    }
    let date = |name: &str| of(&Date::read(leaf.get(name)?)?);
    let (Some(from), Some(until)) = (date("notBefore"), date("notAfter")) else {
        return Err("its dates cannot be read".into());
    };
    if until <= now {
        return Err("it has ended".into());
    }
    // Clocks differ.
    if from > now.saturating_add(DAY) {
        return Err("it is not valid yet".into());
    }
    if until <= what.not_after && !what.is_revoked {
        return Err("it does not end later than the old one".into());
    }
    Ok(until)
}

/// A name as names are compared: in lower case, without the root's dot.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_the_same_with_the_dot_of_the_root_and_in_capitals() {
        let what = |common_name: &str| What {
            common_name: common_name.to_owned(),
            dns_names: vec!["WWW.example.com.".to_owned()],
            ..What::default()
        };
        let leaf = json!({
            "dnsNames": ["Example.com", "www.example.com"], "notBefore": "1970-01-01", "notAfter": "1970-02-01",
        });
        let read = json!({ "sameKey": true, "findings": [], "leaf": leaf });
        assert_eq!(checked(&read, &what("example.com."), 0), Ok(31 * DAY));
        let other = checked(&read, &what("example.org."), 0);
        assert_eq!(other, Err("it is not for example.org".to_owned()));
    }
}
