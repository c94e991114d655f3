//! Creating orders: each costs money, so that none is made by mistake and none is made twice.

use core::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    check::{check_order, refuse_errors},
    client::{Client, Reply},
    error::Error,
    options::CallOptions,
    paging::Pager,
};
use crate::{
    api::{
        contacts::ContactTypeName,
        model::Model,
        orders::{
            CertType, CreateOrder, GetOrder, ListOrders, NewOrder, Order, OrderFilter, OrderStatus, StatusKind,
            ValidationLevel,
        },
    },
    pki::{self, Finding, Severity},
};

impl Client {
    /// The same call, after a look at the order.
    ///
    /// # Errors
    /// A `Validation` error with all findings, when one of them is an error.
    pub fn checked_order<'a>(&self, call: &'a CreateOrder, check: bool) -> Result<&'a CreateOrder, Error> {
        if check {
            refuse_errors(check_order(&call.order.view))?;
        }
        Ok(call)
    }

    /// Creates an order.
    ///
    /// # Errors
    /// As [`Client::call`], and as [`Self::checked_order`].
    pub async fn create_order(
        &self,
        call: &CreateOrder,
        check: bool,
        options: CallOptions,
    ) -> Result<Reply<Model<Order>>, Error> {
        self.call(self.checked_order(call, check)?, options).await
    }

    /// Creates an order unless one of the same common name and CSR is pending or issued, and gives that one then. A
    /// creation of unknown outcome is looked for before it fails.
    ///
    /// # Errors
    /// As [`Self::create_order`].
    pub async fn create_order_once(
        &self,
        call: &CreateOrder,
        check: bool,
        options: CallOptions,
    ) -> Result<Model<Order>, Error> {
        self.checked_order(call, check)?;
        // Two of the same at a time would both look, and both find nothing.
        let _turn = self.account.creating.lock().await;
        if let Some(order) = self.order_like(&call.order.view, options).await? {
            return Ok(order);
        }
        match self.call(call, options).await {
            Ok(reply) => Ok(reply.value),
            Err(error) if error.may_have_been_applied() => {
                let made = self.order_like(&call.order.view, options).await;
                made.ok().flatten().ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// The order of the same common name and CSR that is pending or issued, if there is one.
    async fn order_like(&self, new: &NewOrder, options: CallOptions) -> Result<Option<Model<Order>>, Error> {
        let Some(cert) = &new.cert else { return Ok(None) };
        let (Some(name), Some(csr)) = (&cert.common_name, &cert.csr) else {
            return Ok(None);
        };
        let filter = OrderFilter {
            common_names: Some(vec![name.clone()]),
            ..OrderFilter::default()
        };
        let mut pager = Pager::new(self.clone(), ListOrders::of(filter), options);
        let mut unclear = Vec::new();
        while let Some(page) = pager.next().await? {
            for order in page.value.content {
                match is_of(&order.view, name, csr) {
                    Some(true) => return Ok(Some(order)),
                    Some(false) => {}
                    None => unclear.extend(order.view.id),
                }
            }
        }
        for id in unclear {
            let order = self.cleared_up(GetOrder { id }, name, csr, options).await?;
            if order.is_some() {
                return Ok(order);
            }
        }
        Ok(None)
    }

    /// An order that does not show its CSR yet, as soon as it does; nothing when it is of another.
    async fn cleared_up(
        &self,
        call: GetOrder,
        name: &str,
        csr: &str,
        options: CallOptions,
    ) -> Result<Option<Model<Order>>, Error> {
        for _ in 0..LOOKS {
            let order = self.call(&call, options).await?.value;
            match is_of(&order.view, name, csr) {
                Some(true) => return Ok(Some(order)),
                Some(false) => return Ok(None),
                None => self.platform.sleep(BETWEEN_LOOKS).await,
            }
        }
        let message = format!(
            "The order {} of the same common name does not show its CSR, so nobody can tell whether it is this one: look at \
             it, and create yours if it is another.",
            call.id
        );
        Err(Error::other("order_unclear", message))
    }
}

/// How often an order is looked at that does not show its CSR: `cert` is null early on, for some seconds.
const LOOKS: usize = 12;
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// Whether an order is alive and of this common name and CSR; nothing when it does not show that yet.
fn is_of(order: &Order, common_name: &str, csr: &str) -> Option<bool> {
    let has_failed = order.status.as_ref().map(OrderStatus::kind) == Some(StatusKind::Failed);
    if has_failed && order.status != Some(OrderStatus::ReissueFailed) {
        return Some(false);
    }
    let cert = order.cert.as_ref();
    let name = cert.and_then(|cert| cert.common_name.as_ref());
    if name.is_some_and(|name| !name.eq_ignore_ascii_case(common_name)) {
        return Some(false);
    }
    let other = cert.and_then(|cert| cert.csr.as_ref())?;
    Some(canonical(other) == canonical(csr))
}

/// A CSR in one form of its own: services change frames and line breaks.
fn canonical(csr: &str) -> String {
    pki::parse_csr(&pki::Input::from(csr)).map_or_else(|_| csr.split_whitespace().collect(), |csr| csr.pem)
}

/// The fields of an order that its renewal takes over.
const TAKEN: [&str; 8] = [
    "organizationId",
    "groupId",
    "certType",
    "locale",
    "provider",
    "comments",
    "additionalEmails",
    "renewalNotificationsDisabled",
];

/// The fields of a certificate that its renewal takes over. A root hash is not among them: the default is right.
const TAKEN_OF_CERT: [&str; 8] = [
    "commonName",
    "dnsNames",
    "serverPlatform",
    "algorithmHash",
    "organizationUnits",
    "provider",
    "dcvMethod",
    "dcvEmails",
];

/// The new order that renews an old one (guide 8.5): all as it was but for the CSR and what `changes` says.
///
/// An order names its contacts by id only, so each is given the types that the certificate needs. `changes.contacts`
/// says it better.
///
/// # Errors
/// A `Validation` error that names what neither the order nor the changes hold.
pub fn renewal_of(order: &Model<Order>, changes: &Map<String, Value>) -> Result<Value, Error> {
    let mut renewal = taken(&order.json, &TAKEN);
    let mut cert = taken(order.json.get("cert").unwrap_or(&Value::Null), &TAKEN_OF_CERT);
    renewal.insert("contacts".into(), contacts_of(order));
    for (name, value) in changes {
        match (name.as_str(), value) {
            ("csr", csr) => drop(cert.insert("csr".into(), csr.clone())),
            ("cert", Value::Object(fields)) => cert.extend(fields.clone()),
            _ => drop(renewal.insert(name.clone(), value.clone())),
        }
    }
    renewal.entry("locale").or_insert_with(|| json!("en"));
    renewal.entry("provider").or_insert_with(|| json!("DIGICERT"));
    let needed = [
        ("organizationId", renewal.contains_key("organizationId")),
        ("certType", renewal.contains_key("certType")),
        ("cert.commonName", cert.contains_key("commonName")),
        ("csr", cert.contains_key("csr")),
    ];
    let missing = needed
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(field, _)| Finding {
            severity: Severity::Error,
            code: "required",
            message: format!("Neither the order nor the changes hold `{field}`."),
            field: Some(field.into()),
            source: Some("guide 8.5"),
        });
    refuse_errors(missing.collect())?;
    renewal.insert("cert".into(), Value::Object(cert));
    Ok(Value::Object(renewal))
}

fn taken(from: &Value, names: &[&str]) -> Map<String, Value> {
    let field = |name: &&str| {
        Some((
            (*name).to_owned(),
            from.get(*name).filter(|value| !value.is_null())?.clone(),
        ))
    };
    names.iter().filter_map(field).collect()
}

fn contacts_of(order: &Model<Order>) -> Value {
    let level = order.view.cert_type.as_ref().and_then(CertType::level);
    let mut types = vec![json!({ "type": ContactTypeName::Organization })];
    if level == Some(ValidationLevel::Extended) {
        types.push(json!({ "type": ContactTypeName::ExtendedValidationApprover }));
    }
    let contact = |contact: &Value| match contact {
        Value::String(id) => json!({ "id": id, "contactTypes": types }),
        other => other.clone(),
    };
    let contacts = order.json.get("contacts").and_then(Value::as_array);
    contacts.into_iter().flatten().map(contact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Model<Order> {
        Model::from(json!({
            "id": "o", "status": "DIGI_ISSUED", "certType": "SSL_EV_BASIC", "organizationId": "org", "locale": "en",
            "provider": "DIGICERT", "providerId": 5, "contacts": ["a", "b"], "comments": null, "price": { "totalPrice": 1 },
            "cert": {
                "commonName": "example.com", "dnsNames": ["www.example.com"], "csr": "OLD", "rootHash": null,
                "serialNumber": "1", "dcvMethod": "EMAIL", "endEntityCert": "PEM",
            },
        }))
    }

    fn changes(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(fields) => fields,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_renewal_takes_over_what_was_ordered_and_nothing_that_was_issued() {
        let renewal = renewal_of(&order(), &changes(json!({ "csr": "NEW", "cert": { "dnsNames": [] } }))).unwrap();
        let types = json!([{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }]);
        let expected = json!({
            "organizationId": "org", "certType": "SSL_EV_BASIC", "locale": "en", "provider": "DIGICERT",
            "contacts": [{ "id": "a", "contactTypes": types }, { "id": "b", "contactTypes": types }],
            "cert": { "commonName": "example.com", "dnsNames": [], "dcvMethod": "EMAIL", "csr": "NEW" },
        });
        assert_eq!(renewal, expected);
    }

    #[test]
    fn a_renewal_says_all_that_it_lacks() {
        let error = renewal_of(&Model::from(json!({ "cert": null })), &Map::new()).unwrap_err();
        for field in ["organizationId", "certType", "cert.commonName", "csr"] {
            assert!(error.message.contains(field), "{}", error.message);
        }
    }

    const CSR: &str = include_str!("../../tests/client/data/shop.csr");
    const OTHER: &str = include_str!("../../tests/client/data/shop_new_key.csr");

    fn is_of_shop(order: Value) -> Option<bool> {
        is_of(&Model::<Order>::from(order).view, "shop.example.com", CSR)
    }

    #[test]
    fn the_same_csr_is_known_again_in_another_frame() {
        let body: String = CSR.lines().filter(|line| !line.starts_with('-')).collect();
        let on_one_line = format!("-----BEGIN CERTIFICATE REQUEST-----{body}-----END CERTIFICATE REQUEST-----");
        let crlf = CSR.replace('\n', "\r\n");
        let old_label = CSR.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
        for csr in [CSR, &body, &on_one_line, &crlf, &old_label] {
            let cert = json!({ "commonName": "Shop.example.com", "csr": csr });
            assert_eq!(
                is_of_shop(json!({ "status": "DIGI_PENDING", "cert": cert })),
                Some(true),
                "{csr}"
            );
        }
        let cert = json!({ "commonName": "shop.example.com", "csr": OTHER });
        assert_eq!(
            is_of_shop(json!({ "status": "DIGI_PENDING", "cert": cert })),
            Some(false)
        );
    }

    #[test]
    fn an_order_that_has_ended_or_is_of_another_name_is_not_the_same() {
        let cert = |name: &str| json!({ "commonName": name, "csr": CSR });
        assert_eq!(
            is_of_shop(json!({ "status": "SOMETHING_NEW", "cert": cert("shop.example.com") })),
            Some(true)
        );
        assert_eq!(
            is_of_shop(json!({ "status": "DIGI_CANCELED", "cert": cert("shop.example.com") })),
            Some(false)
        );
        assert_eq!(
            is_of_shop(json!({ "status": "DIGI_CANCELED", "cert": null })),
            Some(false)
        );
        assert_eq!(
            is_of_shop(json!({ "status": "DIGI_PENDING", "cert": cert("www.example.com") })),
            Some(false)
        );
    }

    #[test]
    fn an_order_without_its_csr_may_be_the_same() {
        assert_eq!(is_of_shop(json!({ "status": "CREATED", "cert": null })), None);
        assert_eq!(
            is_of_shop(json!({ "status": "CREATED", "cert": { "commonName": "shop.example.com" } })),
            None
        );
    }
}
