//! Creating orders: each costs money, so that none is made by mistake and none is made twice.

use core::time::Duration;

use api::{
    Arguments, BodyRef,
    facts::{OrderFacts, OrderStatus, StatusKind},
};

use super::{get_order, list_orders, named};
use crate::{
    client::{Client, endpoint},
    error::{Error, ErrorCode},
    options::CallOptions,
};

/// How often an order is looked at that does not show its CSR: `cert` is null early on, for some seconds.
const LOOKS: usize = 12;
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// By what an order is known again.
struct Wanted {
    common_name: String,
    csr: String,
}

impl Client {
    /// Creates an order unless one of the same common name and CSR is pending or issued, and returns that one then. A
    /// creation of unknown outcome is looked for before it fails. `body` is the order as JSON text, `order` what of it
    /// is looked at.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn create_order_once(
        &self,
        order: OrderFacts,
        body: String,
        options: CallOptions,
    ) -> Result<BodyRef, Error> {
        let wanted = Wanted::of(order);
        // Two of the same at a time would both look, and both find nothing.
        let _turn = self.account.creating.lock().await;
        if let Some(order) = self.order_like(wanted.as_ref(), options).await? {
            return Ok(order);
        }
        let arguments = Arguments {
            body: Some(body),
            ..Arguments::default()
        };
        let request = endpoint("orders.create")?.request(arguments).map_err(Error::from);
        match self.call(request, options).await {
            Ok(reply) => Ok(reply.body),
            Err(error) if error.may_have_been_applied() => {
                let made = self.order_like(wanted.as_ref(), options).await;
                made.ok().flatten().ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// The order of the same common name and CSR that is pending or issued, if there is one.
    async fn order_like(&self, wanted: Option<&Wanted>, options: CallOptions) -> Result<Option<BodyRef>, Error> {
        let Some(wanted) = wanted else { return Ok(None) };
        let mut pager = list_orders(self, named(core::slice::from_ref(&wanted.common_name)), options)?;
        let mut unclear = Vec::new();
        while let Some(page) = pager.next().await? {
            for order in page.items() {
                let facts = order.order();
                match wanted.is(&facts) {
                    Some(true) => return Ok(Some(order)),
                    Some(false) => {}
                    None => unclear.extend(facts.id),
                }
            }
        }
        for id in unclear {
            let order = self.cleared_up(&id, wanted, options).await?;
            if order.is_some() {
                return Ok(order);
            }
        }
        Ok(None)
    }

    /// An order that does not show its CSR yet, as soon as it does; nothing when it is another.
    async fn cleared_up(&self, id: &str, wanted: &Wanted, options: CallOptions) -> Result<Option<BodyRef>, Error> {
        for _ in 0..LOOKS {
            let order = self.call(get_order(id), options).await?.body;
            match wanted.is(&order.order()) {
                Some(true) => return Ok(Some(order)),
                Some(false) => return Ok(None),
                None => self.platform.sleep(BETWEEN_LOOKS).await,
            }
        }
        let message = format!(
            "The order {id} of the same common name does not show its CSR, so nobody can tell whether it is this one: look at \
             it, and create yours if it is another."
        );
        Err(Error::other(ErrorCode::OrderUnclear, message))
    }
}

impl Wanted {
    /// Nothing for an order that lacks what it would be known again by.
    fn of(order: OrderFacts) -> Option<Self> {
        let cert = order.cert?;
        Some(Self {
            common_name: cert.common_name?,
            csr: cert.csr?,
        })
    }

    /// Whether an order is alive and of this common name and CSR; nothing when it does not show that yet.
    fn is(&self, order: &OrderFacts) -> Option<bool> {
        let has_failed = order.status.as_ref().map(OrderStatus::kind) == Some(StatusKind::Failed);
        if has_failed && order.status != Some(OrderStatus::ReissueFailed) {
            return Some(false);
        }
        let cert = order.cert.as_ref();
        let name = cert.and_then(|cert| cert.common_name.as_ref());
        if name.is_some_and(|name| !name.eq_ignore_ascii_case(&self.common_name)) {
            return Some(false);
        }
        let other = cert.and_then(|cert| cert.csr.as_ref())?;
        Some(content_of(other) == content_of(&self.csr))
    }
}

/// The base64 of a CSR, without the frame and the line breaks that services change.
fn content_of(csr: &str) -> String {
    let mut parts = csr.split("-----");
    let (before, framed) = (parts.next(), parts.nth(1));
    let content = framed.or(before).unwrap_or_default();
    content.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use api::{Body as _, Parsed};
    use serde_json::{Value, json};

    use super::*;

    const CSR: &str = include_str!("../../../tests/client/data/shop.csr");
    const OTHER: &str = include_str!("../../../tests/client/data/shop_new_key.csr");

    fn is_of_shop(order: Value) -> Option<bool> {
        let wanted = Wanted {
            common_name: "shop.example.com".into(),
            csr: CSR.into(),
        };
        wanted.is(&Parsed::from(order).order())
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
