//! How a plan is made.

use serde::Deserialize;

use crate::{plan::capacity::Limit, policy::Policy};

/// How a plan is made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// What is renewed, and when.
    pub policy: Policy,
    /// Only these orders, by their ids or names.
    pub only: Option<Vec<String>>,
    /// The limit of the service.
    pub limit: Limit,
}

impl Settings {
    /// Whether an order is one of those that are looked at.
    #[must_use]
    pub fn concerns(&self, id: &str, common_name: &str, dns_names: &[String]) -> bool {
        let mut names = dns_names.iter().map(String::as_str).chain([common_name, id]);
        self.only.is_none() || names.any(|name| self.is_chosen(name))
    }

    /// Whether it is asked for by this id or name.
    pub(super) fn is_chosen(&self, name: &str) -> bool {
        let mut only = self.only.iter().flatten();
        only.any(|wanted| wanted.eq_ignore_ascii_case(name))
    }
}
