//! Everything that the service remembers.

use serde_json::Value;
use uuid::Uuid;
use x509_cert::builder::Error;

use crate::auth::Caller;
use crate::ca::CertificateAuthority;
use crate::clock::Timestamp;
use crate::contacts::Contact;
use crate::orders::Order;
use crate::organizations::Organization;
use crate::random::Random;
use crate::refusal::Refusal;
use crate::schedule::Schedule;
use crate::table::Table;

/// The state of the service. The modules of its resources read and change it.
#[derive(Debug)]
pub(crate) struct World {
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

    /// An organization of the caller's account.
    pub(crate) fn organization(&self, id: Uuid, caller: &Caller) -> Result<&Organization, Refusal> {
        let found = self
            .organizations
            .get(id)
            .filter(|organization| organization.account == caller.account);
        found.ok_or_else(|| Refusal::not_found("organization"))
    }

    /// A contact of the caller's account.
    pub(crate) fn contact(&self, id: Uuid, caller: &Caller) -> Result<&Contact, Refusal> {
        let found = self
            .contacts
            .get(id)
            .filter(|contact| contact.account == caller.account);
        found.ok_or_else(|| Refusal::not_found("contact"))
    }

    /// An order of the caller's account.
    pub(crate) fn order(&self, id: Uuid, caller: &Caller) -> Result<&Order, Refusal> {
        let found = self.orders.get(id).filter(|order| order.account == caller.account);
        found.ok_or_else(|| Refusal::not_found("order"))
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

    /// An organization with its contacts, as replies show it.
    pub(crate) fn organization_json(&self, organization: &Organization) -> Value {
        let contacts = organization.contacts.iter().filter_map(|id| self.contacts.get(*id));
        organization.json(&contacts.map(Contact::json_without_history).collect::<Vec<_>>())
    }
}
