//! Orders, and the certificates that stand in them (guide 7.4).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call::{Call, File, Method, Query, Refused, Request},
    contacts::ContactType,
    history::History,
    id::ResourceId,
    model::{Model, ProviderId, open_enum, view},
    page::{Page, Paging},
};

open_enum! {
    /// The certificates that can be ordered (guide 7.4).
    pub enum CertType {
        /// Extended validation, basic.
        EvBasic = "SSL_EV_BASIC",
        /// Organization validation, basic.
        OvBasic = "SSL_OV_BASIC",
        /// Extended validation, Secure Site.
        EvSecuresite = "SSL_EV_SECURESITE",
        /// Organization validation, Secure Site.
        OvSecuresite = "SSL_OV_SECURESITE",
        /// Extended validation, Secure Site Pro.
        EvSecuresitePro = "SSL_EV_SECURESITE_PRO",
        /// Organization validation, Secure Site Pro.
        OvSecuresitePro = "SSL_OV_SECURESITE_PRO",
        /// Domain validation, GeoTrust.
        DvGeotrust = "SSL_DV_GEOTRUST",
        /// Organization validation, GeoTrust True BusinessID.
        OvGeotrustTruebizid = "SSL_OV_GEOTRUST_TRUEBIZID",
        /// Extended validation, GeoTrust True BusinessID.
        EvGeotrustTruebizid = "SSL_EV_GEOTRUST_TRUEBIZID",
        /// Domain validation, Thawte.
        DvThawte = "SSL_DV_THAWTE",
        /// Extended validation, Thawte Web Server.
        EvThawteWebserver = "SSL_EV_THAWTE_WEBSERVER",
        /// Organization validation, Thawte Web Server.
        OvThawteWebserver = "SSL_OV_THAWTE_WEBSERVER",
    }
}

/// How much the certificate authority validates for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationLevel {
    /// Control of the domains.
    Domain,
    /// The organization too.
    Organization,
    /// The organization, more strictly, and with an approver.
    Extended,
}

impl CertType {
    /// The level, by the type's name: `SSL_EV_…`, `SSL_OV_…`, `SSL_DV_…`. A type of another form has none.
    #[must_use]
    pub fn level(&self) -> Option<ValidationLevel> {
        match self.as_str().split('_').nth(1)? {
            "DV" => Some(ValidationLevel::Domain),
            "OV" => Some(ValidationLevel::Organization),
            "EV" => Some(ValidationLevel::Extended),
            _ => None,
        }
    }
}

open_enum! {
    /// Where an order stands (guide 7.4.2; the last two are seen, not documented).
    pub enum OrderStatus {
        /// Accepted by the service.
        Created = "CREATED",
        /// A reissue was asked for, and the certificate authority has not accepted it yet.
        ReissueRequestPending = "REISSUE_REQUEST_PENDING",
        /// At the certificate authority.
        Pending = "DIGI_PENDING",
        /// The certificate authority works on the reissue.
        ReissuePendingAtProvider = "DIGI_REISSUE_PENDING",
        /// The certificate authority could not do the reissue.
        ReissueFailed = "DIGI_REISSUE_FAILED",
        /// Approved, and worked on by the certificate authority.
        Processing = "DIGI_PROCESSING",
        /// Issued: the certificate can be downloaded, as soon as the order holds it.
        Issued = "DIGI_ISSUED",
        /// Revoked.
        Revoked = "DIGI_REVOKED",
        /// Canceled.
        Canceled = "DIGI_CANCELED",
        /// Somebody has to approve it first.
        NeedsApproval = "DIGI_NEEDS_APPROVAL",
        /// For client certificates: a mail with a link went out.
        WaitingPickup = "DIGI_WAITING_PICKUP",
        /// Rejected by the certificate authority.
        Rejected = "DIGI_REJECTED",
        /// Expired.
        Expired = "DIGI_EXPIRED",
        /// The certificate authority could not do it.
        Failed = "DIGI_FAILED",
        /// A reissue is pending.
        ReissuePending = "REISSUE_PENDING",
        /// The order lacks a CSR.
        NeedsCsr = "DIGI_NEEDS_CSR",
    }
}

/// What a status means to somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Goes on by itself; unknown statuses count as this.
    Pending,
    /// Stands still until a person acts.
    NeedsPerson,
    /// Issued.
    Issued,
    /// Ended without a certificate in force.
    Failed,
}

impl OrderStatus {
    /// What the status means to somebody who waits.
    #[must_use]
    pub const fn kind(&self) -> StatusKind {
        match self {
            Self::Issued => StatusKind::Issued,
            Self::Rejected | Self::Failed | Self::Canceled | Self::Revoked | Self::Expired | Self::ReissueFailed => {
                StatusKind::Failed
            }
            Self::NeedsApproval | Self::NeedsCsr | Self::WaitingPickup => StatusKind::NeedsPerson,
            Self::Created
            | Self::ReissueRequestPending
            | Self::Pending
            | Self::ReissuePendingAtProvider
            | Self::Processing
            | Self::ReissuePending
            | Self::Other(_) => StatusKind::Pending,
        }
    }
}

open_enum! {
    /// How control of a domain is shown (guide 6.1.2).
    pub enum DcvMethod {
        /// A mail with a link.
        Email = "EMAIL",
        /// A CNAME record whose host name is the token.
        DnsCname = "DNS_CNAME_TOKEN",
        /// A file under `/.well-known/pki-validation/`.
        Http = "HTTP_TOKEN",
        /// A TXT record.
        DnsTxt = "DNS_TXT_TOKEN",
    }
}

view! {
    /// Where the validation mail for a name goes.
    pub struct DcvEmail {
        /// The DNS name of the certificate.
        dns_name: String = "dnsName",
        /// The domain that the mail is for.
        email_domain: String = "emailDomain",
        /// The address.
        email: String = "email",
    }
}

view! {
    /// The certificate inside an order; most fields are filled as the order goes on.
    pub struct Cert {
        /// The certificate's id, a UUID.
        id: String = "id",
        /// CN.
        common_name: String = "commonName",
        /// The names beside the common name.
        dns_names: Vec<String> = "dnsNames",
        /// The CSR, PEM.
        csr: String = "csr",
        /// The server software, such as `NGINX`.
        server_platform: String = "serverPlatform",
        /// The key's algorithm: `RSA` or `ECC`.
        algorithm_hash: String = "algorithmHash",
        /// The root's hash: `SHA_1`, or absent for the default.
        root_hash: String = "rootHash",
        /// OU.
        organization_units: Vec<String> = "organizationUnits",
        /// The certificate authority, such as `DIGICERT`.
        provider: String = "provider",
        /// The certificate authority's id; a reissue gives a new one (guide 7.4.8.3).
        provider_id: ProviderId = "providerId",
        /// The serial number.
        serial_number: String = "serialNumber",
        /// `PENDING`, `REVOKED` or null.
        revoke_status: String = "revokeStatus",
        /// How control of the domains is shown.
        dcv_method: DcvMethod = "dcvMethod",
        /// Where the validation mails go.
        dcv_emails: Vec<DcvEmail> = "dcvEmails",
        /// Begin of validity, ISO 8601.
        date_valid_from: String = "dateValidFrom",
        /// End of validity, ISO 8601.
        date_valid_until: String = "dateValidUntil",
        /// Days until the end.
        days_remaining: f64 = "daysRemaining",
        /// When the certificate authority began, ISO 8601.
        provider_date_created: String = "providerDateCreated",
        /// The certificate, PEM.
        end_entity_cert: String = "endEntityCert",
        /// Its issuer, PEM.
        intermediate_cert: String = "intermediateCert",
        /// The root, PEM.
        root_cert: String = "rootCert",
        /// When it was made, ISO 8601.
        date_created: String = "dateCreated",
        /// When it last changed, ISO 8601.
        date_updated: String = "dateUpdated",
    }
}

view! {
    /// What a certificate type costs, or the part of it that one product does.
    pub struct PriceProduct {
        /// The product.
        product: String = "product",
        /// The item.
        item: String = "item",
        /// Its price.
        price: f64 = "price",
    }
}

view! {
    /// What a certificate type costs (guide 7.4.4).
    pub struct Price {
        /// The type.
        cert_type: CertType = "certType",
        /// The certificate authority.
        provider: String = "provider",
        /// The term.
        term: f64 = "term",
        /// The price in all.
        total_price: f64 = "totalPrice",
        /// What it is made of.
        products: Vec<PriceProduct> = "products",
        /// Why there is no price.
        error_message: String = "errorMessage",
    }
}

view! {
    /// An order (guide 7.4.2).
    pub struct Order {
        /// The resource id, a UUID.
        id: String = "id",
        /// Where it stands.
        status: OrderStatus = "status",
        /// What was ordered.
        cert_type: CertType = "certType",
        /// The certificate authority, such as `DIGICERT`.
        provider: String = "provider",
        /// The certificate authority's id of the order; a reissue keeps it.
        provider_id: ProviderId = "providerId",
        /// The language of mails, such as `en`.
        locale: String = "locale",
        /// Comments.
        comments: String = "comments",
        /// Who else is told of renewals, reissues and duplicates.
        additional_emails: Vec<String> = "additionalEmails",
        /// Whether nobody is told of renewals.
        renewal_notifications_disabled: bool = "renewalNotificationsDisabled",
        /// The group.
        #[cfg_attr(feature = "wasm", tsify(type = "unknown"))]
        group_id: Value = "groupId",
        /// The organization's id.
        organization_id: String = "organizationId",
        /// The contacts' ids.
        contacts: Vec<String> = "contacts",
        /// The certificate; null early on.
        #[cfg_attr(feature = "wasm", tsify(type = "Cert | null"))]
        cert: Cert = "cert",
        /// The price.
        price: Price = "price",
        /// The changes made to it.
        history: Vec<History> = "history",
        /// When it was made, ISO 8601.
        date_created: String = "dateCreated",
        /// When it last changed, ISO 8601.
        date_updated: String = "dateUpdated",
    }
}

impl Order {
    /// Whether the order is issued and holds its certificate: the status shows a moment before the certificate does.
    #[must_use]
    pub fn is_issued(&self) -> bool {
        self.status == Some(OrderStatus::Issued) && self.end_entity_cert().is_some()
    }

    /// The certificate, PEM, once it is there.
    #[must_use]
    pub fn end_entity_cert(&self) -> Option<&str> {
        self.cert
            .as_ref()?
            .end_entity_cert
            .as_deref()
            .filter(|pem| !pem.is_empty())
    }
}

view! {
    /// A contact of a new order: an object here, a bare id in the reply.
    pub struct OrderContact {
        /// The contact's id.
        id: String = "id",
        /// What it is there for.
        contact_types: Vec<ContactType> = "contactTypes",
    }
}

view! {
    /// The certificate of a new order.
    pub struct NewCert {
        /// CN.
        common_name: String = "commonName",
        /// The names beside the common name. The CSR's own are not honoured.
        dns_names: Vec<String> = "dnsNames",
        /// The CSR, PEM.
        csr: String = "csr",
        /// How control of the domains is shown.
        dcv_method: DcvMethod = "dcvMethod",
    }
}

view! {
    /// A new order, as far as it is looked at before it is sent (guide 7.4.1). All of it is sent.
    pub struct NewOrder {
        /// The organization's id.
        organization_id: String = "organizationId",
        /// The contacts.
        contacts: Vec<OrderContact> = "contacts",
        /// What is ordered.
        cert_type: CertType = "certType",
        /// The language of mails, such as `en`.
        locale: String = "locale",
        /// The certificate authority, such as `DIGICERT`.
        provider: String = "provider",
        /// The certificate.
        cert: NewCert = "cert",
    }
}

/// `POST /order` (guide 7.4.1). Replies 202: look at the order again to see it go on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CreateOrder {
    /// The new order, sent as it is given.
    pub order: Model<NewOrder>,
}

impl Call for CreateOrder {
    type Reply = Model<Order>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Post, "/order").with_body(self.order.json.clone()))
    }
}

/// `GET /order/{id}` (guide 7.4.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GetOrder {
    /// The order's id.
    pub id: String,
}

impl Call for GetOrder {
    type Reply = Model<Order>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Get, path_of(&self.id)?))
    }
}

/// Which orders to list (guide 7.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrderFilter {
    /// The certificate authority's id.
    pub provider_id: Option<ProviderId>,
    /// The organization's id.
    pub organization_id: Option<String>,
    /// Any of these types.
    pub certificate_types: Option<Vec<CertType>>,
    /// Any of these statuses.
    pub statuses: Option<Vec<OrderStatus>>,
    /// Any of these common names.
    pub common_names: Option<Vec<String>>,
    /// Certificates that end until then. *Inferred*: the guide names the filter, not the parameter.
    pub valid_until: Option<String>,
}

/// `GET /order` (guide 7.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ListOrders {
    /// Which of them.
    #[serde(default)]
    pub filter: OrderFilter,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

impl ListOrders {
    /// The list from its first page on.
    #[must_use]
    pub fn of(filter: OrderFilter) -> Self {
        Self {
            filter,
            paging: Paging::default(),
        }
    }
}

impl Call for ListOrders {
    type Reply = Page<Order>;

    fn request(&self) -> Result<Request, Refused> {
        let filter = &self.filter;
        let query = Query::default()
            .with("providerId", filter.provider_id.as_ref())
            .with("organizationId", filter.organization_id.as_ref())
            .with_list("certificateTypes", filter.certificate_types.as_ref())
            .with_list("statuses", filter.statuses.as_ref())
            .with_list("commonNames", filter.common_names.as_ref())
            .with("validUntil", filter.valid_until.as_ref());
        Ok(Request::new(Method::Get, "/order").with_query(self.paging.add_to(query)))
    }
}

/// `GET /order/prices` (guide 7.4.4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListPrices {}

impl Call for ListPrices {
    type Reply = Vec<Model<Price>>;

    fn request(&self) -> Result<Request, Refused> {
        Ok(Request::new(Method::Get, "/order/prices"))
    }
}

/// `GET /order/{id}/downloadCert?format=…` (guide 7.4.5).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DownloadCert {
    /// The order's id.
    pub id: String,
    /// `p7b` or `pem_all`.
    pub format: String,
}

impl Call for DownloadCert {
    type Reply = File;

    fn request(&self) -> Result<Request, Refused> {
        let request = Request::new(Method::Get, format!("{}/downloadCert", path_of(&self.id)?))
            .with_query(Query::default().with("format", Some(&self.format)));
        Ok(Request {
            accept: "application/x-pkcs7-certificates",
            ..request
        })
    }
}

/// What can be done with an order (guide 7.4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum OrderAction {
    /// Before it is issued.
    Cancel,
    /// For good.
    Revoke,
    /// A new certificate of the same order.
    Reissue,
    /// The validation mails once more.
    SendDcvEmail,
    /// The domains to validate, for OV and EV.
    ValidateDomains,
    /// Who else is told.
    UpdateAdditionalEmails,
    /// A copy of the certificate to the contacts.
    SendCertificateEmail,
}

impl OrderAction {
    /// Every action, in the guide's order.
    pub const ALL: [Self; 7] = [
        Self::Cancel,
        Self::Revoke,
        Self::Reissue,
        Self::SendDcvEmail,
        Self::ValidateDomains,
        Self::UpdateAdditionalEmails,
        Self::SendCertificateEmail,
    ];

    /// The last part of the action's path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Revoke => "revoke",
            Self::Reissue => "reissue",
            Self::SendDcvEmail => "sendDcvEmail",
            Self::ValidateDomains => "validateDomains",
            Self::UpdateAdditionalEmails => "updateAdditionalEmails",
            Self::SendCertificateEmail => "sendCertificateEmail",
        }
    }
}

/// `PATCH /order/{id}/{action}` (guide 7.4.8). The service refuses an empty body, so there always is one.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ChangeOrder {
    /// The order's id.
    pub id: String,
    /// What to do.
    pub action: OrderAction,
    /// The action's body, sent as it is given; `{}` when left out.
    #[serde(default = "empty_object")]
    pub body: Value,
}

fn empty_object() -> Value {
    json!({})
}

impl Call for ChangeOrder {
    type Reply = Model<Order>;

    fn request(&self) -> Result<Request, Refused> {
        let path = format!("{}/{}", path_of(&self.id)?, self.action.as_str());
        Ok(Request::new(Method::Patch, path).with_body(self.body.clone()))
    }
}

fn path_of(id: &str) -> Result<String, Refused> {
    Ok(format!("/order/{}", ResourceId::of("id", id)?))
}
