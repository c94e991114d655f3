//! A line of the journal.

use api::json::read_lossy;
use serde::{Deserialize, Serialize};

use crate::{
    time::Ms,
    urgency::{RenewalUrgency, urgency},
};

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When, by the service's clock, in milliseconds since 1970.
    pub at: Ms,
    /// The order that is renewed; nothing in what is about a run as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub order: String,
    /// What.
    #[serde(flatten)]
    pub step: Step,
}

impl Entry {
    /// The entry of a line, if it is one. Half a surrogate pair in it hides nothing beside it.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        serde_json::from_value(read_lossy(line).ok()?).ok()
    }

    /// The line of an entry.
    #[must_use]
    pub fn line(&self) -> String {
        // It cannot fail: it is plain data.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What is written down. Those that end in `ing` are written before something is done, the others after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Step {
    /// A run has begun.
    Run {
        /// Its name.
        run: String,
    },
    /// It is due, and cannot be ordered.
    Blocked {
        /// What is renewed.
        #[serde(flatten)]
        what: What,
        /// Why.
        message: String,
    },
    /// It is due, and is renewed now.
    Begun {
        /// What is renewed.
        #[serde(flatten)]
        what: What,
    },
    /// A key is made under this name.
    MakingKey {
        /// The name.
        name: String,
    },
    /// The key is there, and a request for it.
    Keyed {
        /// The request.
        csr: String,
        /// How the key is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// The order is placed: from here on it may be there.
    Placing {
        /// Its name.
        once_id: String,
        /// What it costs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price: Option<f64>,
    },
    /// The order is there.
    Placed {
        /// Its id.
        new_order: String,
    },
    /// The order was not placed.
    Refused {
        /// Why.
        message: String,
    },
    /// Nobody knows whether the order was placed.
    Unknown {
        /// Why.
        message: String,
    },
    /// The order was not placed: a person says so, or the run was given up before.
    NotPlaced,
    /// Another order has taken its place, which nobody here placed.
    Superseded {
        /// Its id.
        new_order: String,
    },
    /// What shows control of its domains is published.
    Publishing,
    /// It is.
    Published,
    /// The certificate is issued.
    Issued,
    /// The order ended without a certificate.
    Lost {
        /// How.
        message: String,
    },
    /// The certificate was checked: it is what was ordered.
    Checked {
        /// When it ends.
        not_after: Ms,
    },
    /// The certificate is delivered.
    Delivering,
    /// It is.
    Delivered,
    /// Something failed, which is tried again.
    Failed {
        /// What.
        message: String,
    },
    /// The old certificate is revoked.
    Revoking,
    /// All is done.
    Done,
    /// What runs once for all has run.
    Told,
    /// The run has ended.
    Ended,
}

/// What is renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct What {
    /// CN.
    pub common_name: String,
    /// The names beside it.
    #[serde(default)]
    pub dns_names: Vec<String>,
    /// When the old certificate ends.
    pub not_after: Ms,
    /// From when on it is due.
    #[serde(default)]
    pub due: Ms,
    /// Whether the old certificate is revoked: nobody has it until its end then.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_revoked: bool,
}

impl What {
    /// How near the end of the old certificate is, as long as it has no successor.
    #[must_use]
    pub fn urgency(&self, now: Ms) -> RenewalUrgency {
        let least = if self.is_revoked {
            RenewalUrgency::Urgent
        } else {
            RenewalUrgency::None
        };
        urgency(self.due, self.not_after, now).max(least)
    }
}
