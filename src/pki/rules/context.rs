//! What a request is judged by, beside itself.

use finding::Finding;

use crate::{
    given::{self, Given},
    rules::form::{FormCert, OrderForm, OrderOrganization},
};

/// What a request is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// `SSL_EV_BASIC` …; the order's, if this is absent.
    pub cert_type: Option<String>,
    /// The order that the request is for.
    pub order: Option<OrderForm>,
    /// The organization that the order is for.
    pub organization: Option<OrderOrganization>,
    /// Keys that are known to be weak: the SHA-256 of the `SubjectPublicKeyInfo` in hex, or an entry of Debian's
    /// openssl-blacklist.
    pub weak_keys: Vec<String>,
}

impl Context {
    /// Reads a context, which may be absent. Unlike the form that somebody is writing, the order in it is an argument, of which
    /// as much is read as a request is held against: what is of another type is refused.
    ///
    /// # Errors
    /// What is of another type.
    pub fn read(context: &impl Given) -> Result<Self, Finding> {
        if context.is_absent() {
            return Ok(Self::default());
        }
        given::argument(context, "context")?;
        let cert_type = given::text(&context.field("certType"), "certType")?;
        let order = given::object(&context.field("order"), "order")?
            .map(order_in_mind)
            .transpose()?;
        let organization = given::object(&context.field("organization"), "organization")?
            .map(|organization| OrderOrganization::read_in(organization, "organization."))
            .transpose()?;
        let weak_keys = context.field("weakKeys");
        let weak_keys = if weak_keys.is_undefined() {
            Vec::new()
        } else {
            given::texts(&weak_keys, "weakKeys", "a list")?
        };
        Ok(Self {
            cert_type,
            order,
            organization,
            weak_keys,
        })
    }
}

fn order_in_mind(order: &impl Given) -> Result<OrderForm, Finding> {
    let cert_type = given::text(&order.field("certType"), "order.certType")?;
    let cert = given::object(&order.field("cert"), "order.cert")?
        .map(cert_in_mind)
        .transpose()?;
    Ok(OrderForm {
        cert_type: cert_type.into(),
        cert: cert.into(),
        ..OrderForm::default()
    })
}

fn cert_in_mind(cert: &impl Given) -> Result<FormCert, Finding> {
    let common_name = given::text(&cert.field("commonName"), "order.cert.commonName")?;
    let dns_names = cert.field("dnsNames");
    let dns_names = if dns_names.is_absent() {
        None
    } else {
        Some(given::texts(&dns_names, "order.cert.dnsNames", "a list")?)
    };
    Ok(FormCert {
        common_name: common_name.into(),
        dns_names: dns_names.into(),
        ..FormCert::default()
    })
}
