//! An order's form: as much of it as rules look at.
//!
//! A form is what somebody is still writing, so it is read whatever is in it: a field of another type has no value, and a
//! rule says so.

use core::ops::Deref;

use finding::Finding;

use crate::given::{self, Given};

/// A new order; or one that exists, of which a reissue is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderForm {
    /// The organization that the certificate is for.
    pub organization_id: Field<String>,
    /// Its contacts. In an order that exists they are bare ids, which say nothing here.
    pub contacts: Field<Vec<FormContact>>,
    /// `SSL_EV_BASIC` …
    pub cert_type: Field<String>,
    /// `en` …
    pub locale: Field<String>,
    /// `DIGICERT` …
    pub provider: Field<String>,
    /// A note.
    pub comments: Field<String>,
    /// Who is told of renewals and reissues.
    pub additional_emails: Field<Vec<String>>,
    /// The certificate that is ordered.
    pub cert: Field<FormCert>,
}

/// A contact of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormContact {
    /// Its id.
    pub id: Field<String>,
    /// What it does in this order.
    pub contact_types: Field<Vec<FormContactType>>,
}

impl FormContact {
    /// What it does, as far as that can be read.
    pub(super) fn types(&self) -> core::slice::Iter<'_, FormContactType> {
        self.contact_types.as_deref().unwrap_or_default().iter()
    }
}

/// One of the things that a contact does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormContactType {
    /// `EXTENDED_VALIDATION_APPROVER` …
    pub name: Field<String>,
}

/// The certificate that an order is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCert {
    /// The first name.
    pub common_name: Field<String>,
    /// All other names.
    pub dns_names: Field<Vec<String>>,
    /// The request, as PEM or base64.
    pub csr: Field<String>,
    /// `NGINX` …
    pub server_platform: Field<String>,
    /// `RSA` or `ECC`.
    pub algorithm_hash: Field<String>,
    /// `SHA_1`, or better nothing.
    pub root_hash: Field<String>,
    /// `DNS_TXT_TOKEN` …
    pub dcv_method: Field<String>,
}

/// What a reissue is to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReissueForm {
    /// Who is told of renewals and reissues.
    pub additional_emails: Field<Vec<String>>,
    /// What the new certificate has in place of the old one's.
    pub cert: Field<FormCert>,
}

/// The organization that an order is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderOrganization {
    /// As it is registered.
    pub name: Option<String>,
    /// Two letters.
    pub country: Option<String>,
}

/// A field of a form: its value, if it has one of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    value: Option<T>,
    is_of_another_type: bool,
}

impl<T> Field<T> {
    /// Whether something else is in its place.
    pub(super) const fn is_of_another_type(&self) -> bool {
        self.is_of_another_type
    }
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        None.into()
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        Self {
            value,
            is_of_another_type: false,
        }
    }
}

impl<T> Deref for Field<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Self::Target {
        &self.value
    }
}

impl<T> Field<T> {
    /// What was read of it, if it could be.
    fn of<E>(read: Result<Option<T>, E>) -> Self {
        read.map_or(
            Self {
                value: None,
                is_of_another_type: true,
            },
            Self::from,
        )
    }
}

/// A field with a string in it.
fn text(form: &impl Given, name: &str) -> Field<String> {
    Field::of(given::text(&form.field(name), name))
}

/// A field with a list of strings in it.
fn texts(form: &impl Given, name: &str) -> Field<Vec<String>> {
    let value = form.field(name);
    if value.is_absent() {
        return Field::default();
    }
    Field::of(given::texts(&value, name, "a list").map(Some))
}

/// A field with a list of objects in it.
fn objects<V: Given, T>(form: &V, name: &str, read: fn(&V) -> T) -> Field<Vec<T>> {
    let value = form.field(name);
    if value.is_absent() {
        return Field::default();
    }
    let items = value.items().filter(|items| items.iter().all(Given::is_object));
    Field::of(items.map(|items| Some(items.iter().map(read).collect())).ok_or(()))
}

fn cert(form: &impl Given) -> Field<FormCert> {
    let value = form.field("cert");
    Field::of(given::object(&value, "cert").map(|cert| cert.map(FormCert::read)))
}

impl OrderForm {
    /// Reads an order, which a sentence calls so.
    ///
    /// # Errors
    /// It is not an object.
    pub fn read(order: &impl Given, what: &str) -> Result<Self, Finding> {
        given::argument(order, what)?;
        Ok(Self {
            organization_id: text(order, "organizationId"),
            contacts: objects(order, "contacts", |contact| FormContact {
                id: text(contact, "id"),
                contact_types: objects(contact, "contactTypes", |of| FormContactType { name: text(of, "type") }),
            }),
            cert_type: text(order, "certType"),
            locale: text(order, "locale"),
            provider: text(order, "provider"),
            comments: text(order, "comments"),
            additional_emails: texts(order, "additionalEmails"),
            cert: cert(order),
        })
    }
}

impl FormCert {
    fn read(cert: &impl Given) -> Self {
        Self {
            common_name: text(cert, "commonName"),
            dns_names: texts(cert, "dnsNames"),
            csr: text(cert, "csr"),
            server_platform: text(cert, "serverPlatform"),
            algorithm_hash: text(cert, "algorithmHash"),
            root_hash: text(cert, "rootHash"),
            dcv_method: text(cert, "dcvMethod"),
        }
    }
}

impl ReissueForm {
    /// Reads changes.
    ///
    /// # Errors
    /// They are not an object.
    pub fn read(changes: &impl Given) -> Result<Self, Finding> {
        given::argument(changes, "changes")?;
        Ok(Self {
            additional_emails: texts(changes, "additionalEmails"),
            cert: cert(changes),
        })
    }
}

impl OrderOrganization {
    /// Reads an organization, which is an argument and not a form: what is of another type is refused. `place` is where its
    /// fields are, with a dot at its end.
    ///
    /// # Errors
    /// Which of its fields is not a string.
    pub(super) fn read_in(organization: &impl Given, place: &str) -> Result<Self, Finding> {
        let text = |name| given::text(&organization.field(name), &[place, name].concat());
        Ok(Self {
            name: text("name")?,
            country: text("country")?,
        })
    }

    /// Reads the organization in the context of an order.
    ///
    /// # Errors
    /// It is not an object, or which of its fields is not a string.
    pub fn read(organization: &impl Given) -> Result<Option<Self>, Finding> {
        if organization.is_absent() {
            return Ok(None);
        }
        given::argument(organization, "context.organization")?;
        Self::read_in(organization, "").map(Some)
    }
}
