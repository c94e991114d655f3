//! Who is in the demo, and what they ordered.

use crate::clock::{DAY, HOUR, MINUTE};

/// An organization and its people.
pub(super) struct Company {
    pub(super) name: &'static str,
    pub(super) address: [&'static str; 5],
    pub(super) domain: &'static str,
    /// First and last name; the second one approves EV orders, too.
    pub(super) people: [[&'static str; 2]; 3],
}

pub(super) const COMPANIES: [Company; 3] = [
    Company {
        name: "Example Industries Inc.",
        address: ["1 Main Street", "Meridian", "Idaho", "US", "83642"],
        domain: "industries.example.com",
        people: [["Ada", "Reyes"], ["Noah", "Okafor"], ["Mina", "Larsen"]],
    },
    Company {
        name: "Muster Handel GmbH",
        address: ["Hauptstrasse 12", "Berlin", "Berlin", "DE", "10115"],
        domain: "handel.example.net",
        people: [["Jonas", "Weber"], ["Lena", "Vogt"], ["Emre", "Aydin"]],
    },
    Company {
        name: "Northwind Sample Ltd",
        address: ["8 Harbour Road", "Leeds", "West Yorkshire", "GB", "LS1 4DY"],
        domain: "northwind.example.org",
        people: [["Grace", "Hall"], ["Oliver", "Shaw"], ["Priya", "Nair"]],
    },
];

/// The groups of the demo: names, and what they are for.
pub(crate) const GROUPS: &[(&str, &str)] = &[
    ("Web", "Sites that customers see."),
    ("Mail", "Mail servers and their gateways."),
    ("Internal", "What only employees reach."),
];

/// What is done with a demo order after it was placed.
#[derive(Clone, Copy)]
pub(super) enum Then {
    Nothing,
    /// So long after it was placed.
    Act(&'static str, u64),
}

/// Orders of one kind.
pub(super) struct Batch {
    pub(super) count: u64,
    /// The first was placed so long ago, each further one `step` less.
    pub(super) age: u64,
    pub(super) step: u64,
    pub(super) cert_type: &'static str,
    /// The domain in place of the company's, to choose a fate.
    pub(super) domain: Option<&'static str>,
    pub(super) then: Then,
}

const fn batch(
    count: u64,
    age: u64,
    step: u64,
    cert_type: &'static str,
    domain: Option<&'static str>,
    then: Then,
) -> Batch {
    Batch {
        count,
        age,
        step,
        cert_type,
        domain,
        then,
    }
}

/// Sixty orders. Each status is there, and stays for hours. Those placed about as long ago as a certificate lives end soon.
#[rustfmt::skip] // A table is read by its columns.
pub(super) const BATCHES: [Batch; 21] = [
    batch(6, 199 * DAY, 9 * DAY, "SSL_OV_BASIC", None, Then::Nothing),
    batch(5, 194 * DAY, 12 * DAY, "SSL_DV_GEOTRUST", None, Then::Nothing),
    batch(6, 150 * DAY, 21 * DAY, "SSL_OV_SECURESITE", None, Then::Nothing),
    batch(5, 120 * DAY, 20 * DAY, "SSL_EV_BASIC", None, Then::Nothing),
    batch(5, 40 * DAY, 7 * DAY, "SSL_DV_THAWTE", None, Then::Nothing),
    batch(3, 420 * DAY, 5 * DAY, "SSL_DV_GEOTRUST", None, Then::Nothing),
    batch(3, 90 * DAY, 10 * DAY, "SSL_DV_GEOTRUST", None, Then::Act("revoke", DAY)),
    batch(3, 60 * DAY, 10 * DAY, "SSL_OV_BASIC", None, Then::Act("cancel", MINUTE)),
    batch(2, 50 * DAY, 3 * DAY, "SSL_OV_SECURESITE_PRO", Some("rejected.example"), Then::Nothing),
    batch(2, 45 * DAY, 3 * DAY, "SSL_DV_THAWTE", Some("failed.example"), Then::Nothing),
    batch(2, 9 * HOUR, HOUR, "SSL_OV_GEOTRUST_TRUEBIZID", Some("needs-approval.example"), Then::Nothing),
    batch(1, 5 * HOUR, HOUR, "SSL_DV_GEOTRUST", Some("slow.example"), Then::Nothing),
    batch(2, 8 * DAY, DAY, "SSL_DV_GEOTRUST", Some("needs-csr.example"), Then::Nothing),
    batch(2, 6 * DAY, DAY, "SSL_DV_THAWTE", Some("waiting-pickup.example"), Then::Nothing),
    batch(2, 12 * DAY, DAY, "SSL_DV_GEOTRUST", Some("reissue-failed.example"), Then::Act("reissue", HOUR)),
    batch(2, 11 * DAY, DAY, "SSL_DV_GEOTRUST", Some("reissue-stuck.example"), Then::Act("reissue", HOUR)),
    batch(2, 30 * HOUR, 10 * HOUR, "SSL_EV_SECURESITE", Some("never.example"), Then::Nothing),
    batch(2, 50 * MINUTE, 15 * MINUTE, "SSL_OV_THAWTE_WEBSERVER", None, Then::Nothing),
    batch(2, 50 * HOUR, HOUR, "SSL_DV_THAWTE", Some("slow.example"), Then::Act("reissue", 36 * HOUR)),
    batch(2, 3 * HOUR, HOUR, "SSL_DV_GEOTRUST", Some("unreceived.example"), Then::Nothing),
    batch(1, 10 * DAY, DAY, "SSL_DV_GEOTRUST", Some("reissue-unreceived.example"), Then::Act("reissue", HOUR)),
];

/// The subdomains of the orders, in turn.
pub(super) const HOSTS: [&str; 12] = [
    "www", "shop", "api", "mail", "login", "cdn", "portal", "status", "docs", "vpn", "intranet", "pay",
];
