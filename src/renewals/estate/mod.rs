//! What is known of the account: orders, organizations with their contacts, prices. It is read of the service's lists, and
//! holds no more of them than what is decided by.

mod known;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use known::{Aside, Known, Standing, covers};
pub use people::{Organization, Validity};

use crate::{policy::Policy, time::Ms};

/// What is known of the account.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    orders: BTreeMap<String, Known>,
    /// The orders of a name, in lower case.
    by_name: BTreeMap<String, Vec<String>>,
    /// The orders that say which one they replace, by that.
    by_replaced: BTreeMap<String, Vec<String>>,
    organizations: BTreeMap<String, Organization>,
    /// The roles of each contact.
    contacts: BTreeMap<String, Vec<String>>,
    prices: BTreeMap<String, f64>,
}

impl Estate {
    /// Takes an order as the service shows it.
    pub fn take_order(&mut self, order: &Value, now: Ms, policy: &Policy, aside: Aside) {
        let Some(known) = Known::of(order, now, policy, aside) else {
            return;
        };
        if known.standing == Standing::Over && !known.is_in_part {
            // It may have been shown in part before.
            self.orders.remove(&known.id);
            return;
        }
        for name in &known.names {
            push(&mut self.by_name, name, &known.id);
        }
        if let Some(replaced) = &known.replaces {
            push(&mut self.by_replaced, replaced, &known.id);
        }
        self.orders.insert(known.id.clone(), known);
    }

    /// Takes an organization with its validations and contacts.
    pub fn take_organization(&mut self, organization: &Value) {
        let Some((id, organization)) = Organization::of(organization) else {
            return;
        };
        for (contact, roles) in organization.contacts() {
            self.contacts.insert(contact.clone(), roles.clone());
        }
        self.organizations.insert(id, organization);
    }

    /// Takes a contact.
    pub fn take_contact(&mut self, contact: &Value) {
        if let Some((id, roles)) = people::contact_of(contact) {
            self.contacts.insert(id, roles);
        }
    }

    /// Takes what each type costs: of several terms, the least.
    pub fn take_prices(&mut self, prices: &Value) {
        for price in prices.as_array().into_iter().flatten() {
            let cert_type = price.get("certType").and_then(Value::as_str);
            let total = price.get("totalPrice").and_then(Value::as_f64);
            let (Some(cert_type), Some(total)) = (cert_type, total) else {
                continue;
            };
            let least = self.prices.entry(cert_type.to_owned()).or_insert(total);
            *least = least.min(total);
        }
    }

    /// All orders.
    pub fn orders(&self) -> impl Iterator<Item = &Known> {
        self.orders.values()
    }

    /// An order.
    #[must_use]
    pub fn order(&self, id: &str) -> Option<&Known> {
        self.orders.get(id)
    }

    /// An organization.
    #[must_use]
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.get(id)
    }

    /// The roles of a contact.
    #[must_use]
    pub fn roles(&self, contact: &str) -> Option<&[String]> {
        self.contacts.get(contact).map(Vec::as_slice)
    }

    /// What an order of this type costs.
    #[must_use]
    pub fn price(&self, cert_type: Option<&str>) -> Option<f64> {
        self.prices.get(cert_type?).copied()
    }

    /// The order that replaces this one: a later certificate, or an order under way, that covers its names.
    #[must_use]
    pub fn replacement(&self, of: &Known, now: Ms, parallel: bool) -> Option<&Known> {
        if let Some(order) = self.said_replacement(of, now) {
            return Some(order);
        }
        if parallel {
            return None;
        }
        let name = of.names.first()?;
        let wildcard = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        let names = [Some(name), wildcard.as_ref()];
        let sharing = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.by_name.get(name))
            .flatten();
        let mut sharing = sharing.filter_map(|id| self.orders.get(id));
        sharing.find(|order| {
            let is_of_another = || {
                let replaced = order.replaces.as_deref().and_then(|id| self.orders.get(id));
                replaced.is_some_and(|replaced| replaced.is_coming_or_good(now))
            };
            order.id != of.id
                && order.may_replace(of, now)
                && order.is_later_than(of)
                && covers(&order.names, &of.names)
                && !is_of_another()
        })
    }

    /// The order that says that it replaces this one, or one that did, which has ended by now.
    fn said_replacement(&self, of: &Known, now: Ms) -> Option<&Known> {
        let mut seen = BTreeSet::from([of.id.as_str()]);
        let mut open = vec![of.id.as_str()];
        while let Some(id) = open.pop() {
            for order in self.by_replaced.get(id).into_iter().flatten() {
                let Some(order) = self.orders.get(order).filter(|order| seen.insert(&order.id)) else {
                    continue;
                };
                if order.may_replace(of, now) {
                    return Some(order);
                }
                open.push(&order.id);
            }
        }
        None
    }

    /// Orders whose certificate their list does not show.
    #[must_use]
    pub fn shown_in_part(&self) -> Vec<String> {
        let in_part = self.orders().filter(|order| order.is_in_part);
        in_part.map(|order| order.id.clone()).collect()
    }
}

fn push(index: &mut BTreeMap<String, Vec<String>>, key: &str, id: &str) {
    let ids = index.entry(key.to_owned()).or_default();
    if !ids.iter().any(|known| known == id) {
        ids.push(id.to_owned());
    }
}
