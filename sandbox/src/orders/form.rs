//! What a new order and a reissue say, read from their bodies.

use uuid::Uuid;

use crate::contacts::read_types;
use crate::csr::Csr;
use crate::text::Text;
use crate::validate::Fields;
use crate::words::{AlgorithmHash, ContactType, DcvMethod, Provider, ServerPlatform};
use crate::world::{CertRequest, DcvEmail};

/// A contact of a new order, with what it is to do there.
pub(super) struct OrderContact {
    pub(super) id: Uuid,
    pub(super) types: Vec<ContactType>,
}

pub(super) fn read_contacts(fields: &Fields<'_>) -> Vec<OrderContact> {
    let objects = fields.objects("contacts");
    let read = |contact: &Fields<'_>| {
        contact.require(&["id", "contactTypes"]);
        contact.require_items("contactTypes");
        OrderContact {
            id: contact.id("id"),
            types: read_types(contact),
        }
    };
    objects.iter().map(read).collect()
}

/// The names, the CSR and what else describes the certificate.
pub(super) fn read_request(cert: &Fields<'_>) -> CertRequest {
    let methods = "must be EMAIL, DNS_CNAME_TOKEN, HTTP_TOKEN or DNS_TXT_TOKEN";
    let dcv_method = cert.parsed("dcvMethod", methods, DcvMethod::parse);
    cert.parsed("provider", "must be DIGICERT", Provider::parse);
    CertRequest {
        common_name: cert.text("commonName", Text::CommonName),
        dns_names: cert.texts("dnsNames", Text::Domain).unwrap_or_default(),
        csr: read_csr(cert).unwrap_or_default(),
        server_platform: read_platform(cert),
        algorithm_hash: read_algorithm(cert),
        root_hash: cert.optional_text("rootHash", Text::Line),
        organization_units: cert.texts("organizationUnits", Text::Line).unwrap_or_default(),
        dcv_method: dcv_method.unwrap_or(DcvMethod::Email),
        dcv_emails: cert.objects("dcvEmails").iter().map(read_dcv_email).collect(),
    }
}

/// What a reissue changes of the certificate; the common name is not among it (guide 7.4.8.3).
pub(super) fn read_changes(cert: &Fields<'_>, before: &CertRequest) -> CertRequest {
    let before = before.clone();
    CertRequest {
        csr: read_csr(cert).unwrap_or(before.csr),
        dns_names: cert.texts("dnsNames", Text::Domain).unwrap_or(before.dns_names),
        server_platform: read_platform(cert).or(before.server_platform),
        algorithm_hash: read_algorithm(cert).or(before.algorithm_hash),
        root_hash: cert.optional_text("rootHash", Text::Line).or(before.root_hash),
        ..before
    }
}

fn read_csr(cert: &Fields<'_>) -> Option<String> {
    cert.checked("csr", |text| Csr::parse(text).map(|_| text.to_owned()))
}

fn read_platform(cert: &Fields<'_>) -> Option<ServerPlatform> {
    cert.parsed(
        "serverPlatform",
        "must be one of the known server platforms",
        ServerPlatform::parse,
    )
}

fn read_algorithm(cert: &Fields<'_>) -> Option<AlgorithmHash> {
    cert.parsed("algorithmHash", "must be RSA or ECC", AlgorithmHash::parse)
}

fn read_dcv_email(fields: &Fields<'_>) -> DcvEmail {
    fields.require(&["dnsName"]);
    DcvEmail {
        dns_name: fields.text("dnsName", Text::Domain),
        email_domain: fields.optional_text("emailDomain", Text::Domain),
        email: fields.optional_text("email", Text::Email),
    }
}
