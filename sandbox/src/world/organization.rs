//! The row of an organization, with its validations.

use serde::Serialize;
use uuid::Uuid;

use super::history::History;
use super::schedule::Step;
use crate::auth::Account;
use crate::clock::Timestamp;
use crate::words::{Provider, ValidationType};

/// An organization.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    pub(crate) id: Uuid,
    pub(crate) account: Account,
    pub(crate) details: OrganizationDetails,
    pub(crate) provider_id: u64,
    pub(crate) contacts: Vec<Uuid>,
    pub(crate) validations: Vec<Validation>,
    /// Orders that continue once it is validated.
    pub(crate) waiting_orders: Vec<WaitingOrder>,
    pub(crate) history: History,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
}

/// What a request says of an organization.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganizationDetails {
    pub(crate) name: String,
    pub(crate) assumed_name: Option<String>,
    pub(crate) address1: String,
    pub(crate) address2: Option<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) country: String,
    pub(crate) zipcode: String,
    pub(crate) phone: String,
    pub(crate) provider: Provider,
}

/// A validation of an organization.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Validation {
    pub(crate) id: Uuid,
    #[serde(rename = "type")]
    pub(crate) kind: ValidationType,
    pub(crate) name: &'static str,
    /// Shown as the readings have it.
    #[serde(skip)]
    pub(crate) status: ValidationStatus,
    pub(crate) provider_date_created: Timestamp,
    pub(crate) date_validated_until: Option<Timestamp>,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
    /// Counts how often it was started, to tell events of an earlier start.
    #[serde(skip)]
    pub(crate) round: u32,
    /// Whether its time came while a contact that it needs was missing.
    #[serde(skip)]
    pub(crate) stalled: bool,
}

/// How far a validation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValidationStatus {
    Pending,
    Active,
}

/// An order that waits for its organization, and what it will do then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WaitingOrder {
    pub(crate) order: Uuid,
    pub(crate) course: u32,
    pub(crate) step: Step,
}
