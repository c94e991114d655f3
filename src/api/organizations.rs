//! Organizations: the legal entities that certificates are for (guide 7.1).

use serde::Deserialize;
use serde_json::Value;

use super::{
    call::{Call, Method, Query, Refused, Request},
    contacts::Contact,
    id::ResourceId,
    model::{Model, ProviderId, open_enum, view},
    page::{Page, Paging},
};

open_enum! {
    /// What an organization is validated for.
    pub enum ValidationType {
        /// Organization validation.
        Ov = "OV",
        /// Extended validation.
        Ev = "EV",
    }
}

view! {
    /// A validation of an organization. It holds 13 months (guide 7.1).
    pub struct Validation {
        /// The validation's id.
        id: String = "id",
        /// What it is for.
        type_: ValidationType = "type",
        /// Its name.
        name: String = "name",
        /// Where it stands, such as `PENDING`.
        status: String = "status",
        /// When the certificate authority began, ISO 8601.
        provider_date_created: String = "providerDateCreated",
        /// When it ends to hold, ISO 8601.
        date_validated_until: String = "dateValidatedUntil",
        /// When it was made, ISO 8601.
        date_created: String = "dateCreated",
        /// When it last changed, ISO 8601.
        date_updated: String = "dateUpdated",
    }
}

view! {
    /// A legal entity that certificates are for.
    pub struct Organization {
        /// The resource id, a UUID.
        id: String = "id",
        /// The legal name.
        name: String = "name",
        /// The name it trades under.
        assumed_name: String = "assumedName",
        /// First line of the address.
        address1: String = "address1",
        /// Second line of the address.
        address2: String = "address2",
        /// City.
        city: String = "city",
        /// State or province.
        state: String = "state",
        /// Country, two letters (ISO 3166-1).
        country: String = "country",
        /// Postal code.
        zipcode: String = "zipcode",
        /// Phone number, publicly listed.
        phone: String = "phone",
        /// Whether it can be used for orders.
        active: bool = "active",
        /// Its contacts.
        contacts: Vec<Contact> = "contacts",
        /// Its validations.
        validations: Vec<Validation> = "validations",
        /// The certificate authority's own id of it.
        provider_id: ProviderId = "providerId",
        /// The certificate authority, such as `DIGICERT`.
        provider: String = "provider",
        /// When it was made, ISO 8601.
        date_created: String = "dateCreated",
        /// When it last changed, ISO 8601.
        date_updated: String = "dateUpdated",
    }
}

/// `POST /organization`: an organization with at least one contact (guide 7.1.1). Replies 201.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CreateOrganization {
    /// The new organization, sent as it is given.
    pub organization: Value,
}

impl Call for CreateOrganization {
    type Reply = Model<Organization>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Post, "/organization").with_body(self.organization.clone()))
    }
}

/// `GET /organization/{id}` (guide 7.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GetOrganization {
    /// The organization's id.
    pub id: String,
}

impl Call for GetOrganization {
    type Reply = Model<Organization>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(
            Method::Get,
            format!("/organization/{}", ResourceId::of("id", &self.id)?),
        ))
    }
}

/// Which organizations to list. The service's `name` matches more than the exact name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrganizationFilter {
    /// A part of the name.
    pub name: Option<String>,
    /// The certificate authority's id.
    pub provider_id: Option<ProviderId>,
}

/// `GET /organization` (guide 7.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ListOrganizations {
    /// Which of them.
    #[serde(default)]
    pub filter: OrganizationFilter,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

impl ListOrganizations {
    /// The list from its first page on.
    #[must_use]
    pub fn of(filter: OrganizationFilter) -> Self {
        Self {
            filter,
            paging: Paging::default(),
        }
    }
}

impl Call for ListOrganizations {
    type Reply = Page<Organization>;

    fn request(&self) -> Result<Request, Refused> {
        let query = Query::default()
            .with("name", self.filter.name.as_ref())
            .with("providerId", self.filter.provider_id.as_ref());
        Ok(Request::new(Method::Get, "/organization").with_query(self.paging.add_to(query)))
    }
}
