//! Contacts: the people of an organization whom the certificate authority turns to (guide 7.2).

use serde::Deserialize;
use serde_json::Value;

use super::{
    call::{Call, Method, Query, Refused, Request},
    history::History,
    id::ResourceId,
    model::{Model, open_enum, view},
    page::{Page, Paging},
};

open_enum! {
    /// What a contact is there for (guide 7.2).
    pub enum ContactTypeName {
        /// Stands for the organization and its legal name; needed for OV and EV.
        Organization = "ORGANIZATION_CONTACT",
        /// Approves EV certificates.
        ExtendedValidationApprover = "EXTENDED_VALIDATION_APPROVER",
        /// The service's own support contact, which it adds by itself.
        Technical = "TECHNICAL_CONTACT",
    }
}

view! {
    /// One of a contact's types.
    pub struct ContactType {
        /// Which.
        type_: ContactTypeName = "type",
    }
}

view! {
    /// A person of an organization.
    pub struct Contact {
        /// The resource id, a UUID.
        id: String = "id",
        /// First name.
        first_name: String = "firstName",
        /// Last name.
        last_name: String = "lastName",
        /// Job title.
        job_title: String = "jobTitle",
        /// Email address.
        email: String = "email",
        /// Phone number.
        phone: String = "phone",
        /// Extension of the phone number.
        phone_extension: String = "phoneExtension",
        /// The organization's id.
        organization_id: String = "organizationId",
        /// The certificate authority, such as `DIGICERT`.
        provider: String = "provider",
        /// What the contact is there for.
        contact_types: Vec<ContactType> = "contactTypes",
        /// The user name, where the contact is a user.
        username: String = "username",
        /// The changes made to it.
        history: Vec<History> = "history",
        /// When it was made, ISO 8601.
        date_created: String = "dateCreated",
        /// When it last changed, ISO 8601.
        date_updated: String = "dateUpdated",
    }
}

/// `POST /contact` (guide 7.2.1). Replies 201.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CreateContact {
    /// The new contact with its `organizationId`, sent as it is given.
    pub contact: Value,
}

impl Call for CreateContact {
    type Reply = Model<Contact>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Post, "/contact").with_body(self.contact.clone()))
    }
}

/// `GET /contact/{id}` (guide 7.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GetContact {
    /// The contact's id.
    pub id: String,
}

impl Call for GetContact {
    type Reply = Model<Contact>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Get, path_of(&self.id)?))
    }
}

/// Which contacts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct ContactFilter {
    /// The email address. *Inferred*: the guide names the filter, not the parameter.
    pub email: Option<String>,
}

/// `GET /contact` (guide 7.2.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ListContacts {
    /// Which of them.
    #[serde(default)]
    pub filter: ContactFilter,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

impl ListContacts {
    /// The list from its first page on.
    #[must_use]
    pub fn of(filter: ContactFilter) -> Self {
        Self {
            filter,
            paging: Paging::default(),
        }
    }
}

impl Call for ListContacts {
    type Reply = Page<Contact>;

    fn request(&self) -> Result<Request, Refused> {
        let query = Query::default().with("email", self.filter.email.as_ref());
        Ok(Request::new(Method::Get, "/contact").with_query(self.paging.add_to(query)))
    }
}

/// `PATCH /contact/{id}`: changes any of its values; an EV approver's change sends the organization to validation
/// again (guide 7.2.4).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct UpdateContact {
    /// The contact's id.
    pub id: String,
    /// What changes, sent as it is given.
    pub changes: Value,
}

impl Call for UpdateContact {
    type Reply = Model<Contact>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Patch, path_of(&self.id)?).with_body(self.changes.clone()))
    }
}

/// `DELETE /contact/{id}` (guide 7.2.5).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeleteContact {
    /// The contact's id.
    pub id: String,
}

impl Call for DeleteContact {
    type Reply = ();

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Delete, path_of(&self.id)?))
    }
}

fn path_of(id: &str) -> Result<String, Refused> {
    Ok(format!("/contact/{}", ResourceId::of("id", id)?))
}
