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
        id: String,
        /// What it is for.
        #[serde(rename = "type")]
        type_: ValidationType,
        /// Its name.
        name: String,
        /// Where it stands, such as `PENDING`.
        status: String,
        /// When the certificate authority began, ISO 8601.
        provider_date_created: String,
        /// When it ends to hold, ISO 8601.
        date_validated_until: String,
        /// When it was made, ISO 8601.
        date_created: String,
        /// When it last changed, ISO 8601.
        date_updated: String,
    }
}

view! {
    /// A legal entity that certificates are for.
    pub struct Organization {
        /// The resource id, a UUID.
        id: String,
        /// The legal name.
        name: String,
        /// The name it trades under.
        assumed_name: String,
        /// First line of the address.
        address1: String,
        /// Second line of the address.
        address2: String,
        /// City.
        city: String,
        /// State or province.
        state: String,
        /// Country, two letters (ISO 3166-1).
        country: String,
        /// Postal code.
        zipcode: String,
        /// Phone number, publicly listed.
        phone: String,
        /// Whether it can be used for orders.
        active: bool,
        /// Its contacts.
        contacts: Vec<Contact>,
        /// Its validations.
        validations: Vec<Validation>,
        /// The certificate authority's own id of it.
        provider_id: ProviderId,
        /// The certificate authority, such as `DIGICERT`.
        provider: String,
        /// When it was made, ISO 8601.
        date_created: String,
        /// When it last changed, ISO 8601.
        date_updated: String,
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
#[serde(rename_all = "camelCase", default)]
pub struct OrganizationFilter {
    /// A part of the name.
    pub name: Option<String>,
    /// The certificate authority's id.
    pub provider_id: Option<ProviderId>,
    /// Which page.
    #[serde(flatten)]
    pub paging: Paging,
}

/// `GET /organization` (guide 7.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ListOrganizations {
    /// Which of them.
    #[serde(default)]
    pub filter: OrganizationFilter,
}

impl Call for ListOrganizations {
    type Reply = Page<Organization>;

    fn request(&self) -> Result<Request, Refused> {
        let query = Query::default()
            .with("name", self.filter.name.as_ref())
            .with("providerId", self.filter.provider_id.as_ref());
        Ok(Request::new(Method::Get, "/organization").with_query(self.filter.paging.add_to(query)))
    }
}
