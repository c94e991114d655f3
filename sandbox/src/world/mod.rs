//! Everything that the service remembers: its tables, and the time table of what will happen by itself.
//! No rules: who may change what, and what follows from it, is up to the modules of the resources and to `lifecycle`.

mod certificate;
mod contact;
mod group;
mod history;
mod order;
mod organization;
mod schedule;
mod table;

pub(crate) use certificate::{CertRequest, Certificate, DcvEmail, RevokeStatus};
pub(crate) use contact::{Contact, ContactDetails, TypeObject};
pub(crate) use group::Group;
pub(crate) use history::{Entry, History};
pub(crate) use order::Order;
pub(crate) use organization::{Organization, OrganizationDetails, Validation, ValidationStatus, WaitingOrder};
pub(crate) use schedule::{Event, Schedule, Step};
pub(crate) use table::Table;

use uuid::Uuid;
use x509_cert::builder::Error;

use crate::ca::CertificateAuthority;
use crate::clock::Timestamp;
use crate::random::Random;

/// The state of the service.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) groups: Table<Group>,
    pub(crate) organizations: Table<Organization>,
    pub(crate) contacts: Table<Contact>,
    pub(crate) orders: Table<Order>,
    pub(crate) schedule: Schedule,
    pub(crate) ca: CertificateAuthority,
    pub(crate) ids: Random,
    pub(crate) delays: Random,
    last_provider_id: u64,
}

impl World {
    pub(crate) fn new(seed: u64) -> Result<Self, Error> {
        Ok(Self {
            groups: Table::default(),
            organizations: Table::default(),
            contacts: Table::default(),
            orders: Table::default(),
            schedule: Schedule::default(),
            ca: CertificateAuthority::new(seed)?,
            ids: Random::new(seed, "ids"),
            delays: Random::new(seed, "delays"),
            last_provider_id: 1_000_000,
        })
    }

    /// The next number that the provider gives to an organization, an order or a certificate.
    pub(crate) fn next_provider_id(&mut self) -> u64 {
        self.last_provider_id = self.last_provider_id.saturating_add(self.delays.between(1, 40));
        self.last_provider_id
    }

    /// Changes an organization and notes it in its history.
    pub(crate) fn change_organization(
        &mut self,
        id: Uuid,
        at: Timestamp,
        user: Option<&str>,
        text: &str,
        change: impl FnOnce(&mut Organization),
    ) {
        let entry = self.ids.uuid();
        if let Some(organization) = self.organizations.get_mut(id) {
            change(organization);
            organization.date_updated = at;
            organization.history.push(entry, at, user, text);
        }
    }

    /// Changes a contact and notes it in its history.
    pub(crate) fn change_contact(
        &mut self,
        id: Uuid,
        at: Timestamp,
        user: Option<&str>,
        text: &str,
        change: impl FnOnce(&mut Contact),
    ) {
        let entry = self.ids.uuid();
        if let Some(contact) = self.contacts.get_mut(id) {
            change(contact);
            contact.date_updated = at;
            contact.history.push(entry, at, user, text);
        }
    }

    /// Changes an order and notes it in its history.
    pub(crate) fn change_order(
        &mut self,
        id: Uuid,
        at: Timestamp,
        user: Option<&str>,
        text: &str,
        change: impl FnOnce(&mut Order),
    ) {
        let entry = self.ids.uuid();
        if let Some(order) = self.orders.get_mut(id) {
            change(order);
            order.date_updated = at;
            order.history.push(entry, at, user, text);
        }
    }
}
