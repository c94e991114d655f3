//! An order with everything that rules ask for: its form, the organization and the contacts in it, and its request.

use core::fmt;

use finding::Finding;

use crate::{
    error::ParseError,
    index::Index,
    rules::{
        dns_name::{DnsName, folded},
        form::{Field, FormCert, FormContact, OrderForm, OrderOrganization, ReissueForm},
        inspected::Inspected,
    },
    x509::name::Name,
};

/// An order under judgement: a new one, a reissue, or one that a request is held against. A rule that lacks what it
/// looks at stays silent.
#[derive(Default)]
pub(crate) struct JudgedOrder<'a> {
    /// The form of a new order, in which some fields are required.
    pub(super) form: Option<&'a OrderForm>,
    /// What is changed of an order that exists.
    pub(super) reissue: Option<&'a FormCert>,
    /// What is written about the certificate: in the form, or in the changes.
    pub(super) written: Option<&'a FormCert>,
    /// The additional emails of the form, or of the changes.
    pub(super) additional_emails: Option<&'a Field<Vec<String>>>,
    /// The field in which it is written about the certificate.
    pub(super) cert: Option<&'a Field<FormCert>>,
    /// The names in the form or in the changes, each with its field.
    pub names: Vec<DnsName<'a>>,
    pub(super) cert_type: Option<&'a str>,
    pub(super) common_name: Option<&'a str>,
    /// All names but the common name. None when it is not known which the certificate will have.
    pub(super) dns_names: Option<&'a [String]>,
    pub(super) organization: Option<&'a OrderOrganization>,
    /// The request that the certificate is issued for, when it can be read.
    pub request: Option<&'a Inspected<'a>>,
    /// Why it cannot.
    pub(super) unreadable: Option<&'a ParseError>,
    /// Whether what is sent of the request is not what was written.
    pub(super) is_repaired: bool,
    /// Whether it is the request that is judged: fields are then those of the request.
    pub(super) is_inspection: bool,
}

/// The request of an order: read, and whether the text had to be repaired; or why it cannot be.
pub(crate) type OrderedRequest<'a> = Option<Result<(&'a Inspected<'a>, bool), &'a ParseError>>;

impl<'a> JudgedOrder<'a> {
    /// A new order.
    pub(crate) fn new(
        form: &'a OrderForm,
        organization: Option<&'a OrderOrganization>,
        request: OrderedRequest<'a>,
    ) -> Self {
        Self {
            form: Some(form),
            names: form.cert.as_ref().map(names).unwrap_or_default(),
            cert_type: form.cert_type.as_deref(),
            organization,
            written: form.cert.as_ref(),
            additional_emails: Some(&form.additional_emails),
            cert: Some(&form.cert),
            ..Self::default()
        }
        .for_cert_of(form)
        .with(request)
    }

    /// A reissue of an order, which may not be known.
    pub(crate) fn reissue(changes: &'a ReissueForm, order: Option<&'a OrderForm>, request: OrderedRequest<'a>) -> Self {
        let (additional_emails, cert) = (Some(&changes.additional_emails), Some(&changes.cert));
        let changes = changes.cert.as_ref();
        let old = order.and_then(|order| order.cert.as_ref());
        Self {
            reissue: changes,
            written: changes,
            additional_emails,
            cert,
            names: changes.map(names).unwrap_or_default(),
            cert_type: order.and_then(|order| order.cert_type.as_deref()),
            common_name: old.and_then(|old| old.common_name.as_deref()),
            dns_names: changes
                .and_then(|changes| changes.dns_names.as_deref())
                .or_else(|| old?.dns_names.as_deref()),
            ..Self::default()
        }
        .with(request)
    }

    /// A request, held against the order in its context.
    pub(crate) fn of_request(request: &'a Inspected<'a>) -> Self {
        let context = request.context;
        let order = context.order.as_ref();
        let judged = Self {
            cert_type: context.cert_type.as_deref().or_else(|| order?.cert_type.as_deref()),
            organization: context.organization.as_ref().filter(|_| order.is_some()),
            request: Some(request),
            is_inspection: true,
            ..Self::default()
        };
        match order {
            Some(order) => judged.for_cert_of(order),
            None => judged,
        }
    }

    /// The names of a new order. One without a list has no others than the common name.
    fn for_cert_of(self, form: &'a OrderForm) -> Self {
        let cert = form.cert.as_ref();
        Self {
            common_name: cert.and_then(|cert| cert.common_name.as_deref()),
            dns_names: Some(cert.and_then(|cert| cert.dns_names.as_deref()).unwrap_or_default()),
            ..self
        }
    }

    fn with(self, request: OrderedRequest<'a>) -> Self {
        match request {
            Some(Ok((request, is_repaired))) => Self {
                request: Some(request),
                is_repaired,
                ..self
            },
            Some(Err(unreadable)) => Self {
                unreadable: Some(unreadable),
                ..self
            },
            None => self,
        }
    }

    /// `SSL_DV_GEOTRUST` is of the level DV.
    pub(super) fn is_of_level(&self, level: &str) -> bool {
        self.cert_type
            .is_some_and(|cert_type| cert_type.split('_').any(|word| word == level))
    }

    /// Where something of the request is: in the order, all of it is in one field.
    pub(super) fn field(&self, in_request: &dyn fmt::Display) -> String {
        if self.is_inspection {
            in_request.to_string()
        } else {
            CSR.to_owned()
        }
    }

    /// The names that are written in the order, for looking others up.
    pub(super) fn folded_names(&self) -> Index {
        let mut names = Index::default();
        for dns in &self.names {
            names.insert(&folded(dns.name));
        }
        names
    }

    pub(super) fn contacts(&self) -> impl Iterator<Item = &'a FormContact> {
        let contacts = self.form.and_then(|form| form.contacts.as_deref());
        contacts.unwrap_or_default().iter()
    }

    /// An attribute of the request's subject.
    pub(super) fn of_subject(&self, value: fn(&Name) -> &Option<String>) -> Option<&'a str> {
        let subject = &self.request?.request.subject;
        value(subject).as_deref()
    }
}

/// Where an order has its request.
pub(crate) const CSR: &str = "cert.csr";

/// Findings about the request, as ones about the order.
pub(super) fn in_csr(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        finding.field = Some(CSR.to_owned());
    }
    findings
}

/// The names in a form, each with its field.
fn names(cert: &FormCert) -> Vec<DnsName<'_>> {
    let mut names = Vec::new();
    if let Some(name) = cert.common_name.as_deref().filter(|name| !is_blank(name)) {
        let field = "cert.commonName".to_owned();
        names.push(DnsName { name, field });
    }
    for (at, name) in cert.dns_names.as_deref().unwrap_or_default().iter().enumerate() {
        let field = format!("cert.dnsNames[{at}]");
        names.push(DnsName { name, field });
    }
    names
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
