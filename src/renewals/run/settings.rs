//! How a run is made.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{planning, time::Ms};

/// How a run is made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The name of the run: no other has it.
    pub run: String,
    /// A random number from 0 up to 1.
    pub random: f64,
    /// It begins at a random moment within this span.
    pub window_ms: Ms,
    /// So long it waits for certificates.
    pub max_wait_ms: Ms,
    /// The pause before the first look …
    pub min_delay_ms: Ms,
    /// … and the longest between two.
    pub max_delay_ms: Ms,
    /// Revoke an old certificate when the new one is delivered.
    pub revoke_old: bool,
    /// What all orders may cost.
    pub max_cost: Option<f64>,
    /// How many there may be.
    pub max_orders: Option<usize>,
    /// Orders of which a person knows that they were not placed, by their names: what is said of one is not said of the next
    /// one that is tried.
    pub assume_not_placed: Vec<String>,
    /// What the caller's plan would order, with its price.
    pub approved: BTreeMap<String, Option<f64>>,
    /// Whom there is to ask.
    pub has: Has,
    /// How the estate is looked at.
    pub plan: planning::Settings,
}

/// Whom there is to ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of the caller's callbacks")]
pub struct Has {
    /// Somebody publishes DNS records and files.
    pub dcv: bool,
    /// Somebody delivers certificates.
    pub deliver: bool,
    /// Something runs once for all that was renewed.
    pub renewed: bool,
    /// Something runs once for all that failed.
    pub failed: bool,
}
