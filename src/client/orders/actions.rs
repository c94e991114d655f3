//! What an order's status allows (guide 7.4.8), and doing it.

use api::{
    ENDPOINTS, Endpoint, Method,
    facts::{OrderFacts, OrderStatus},
    renewal::is_of_level,
};
use finding::FindingCode;

use crate::error::Error;

/// The paths of what can be done with an order begin with this.
const PATH: &str = "/order/{id}/";

/// An order to act on: its id, and the order itself if the caller has it, whose status is then looked at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderRef {
    /// The id.
    pub id: String,
    /// The order as it was last seen.
    pub known: Option<OrderFacts>,
}

impl OrderRef {
    /// An order by its id.
    #[must_use]
    pub fn by_id(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            known: None,
        }
    }

    /// An order in hand.
    ///
    /// # Errors
    /// `invalid_id` when it has none.
    pub fn known(order: OrderFacts) -> Result<Self, Error> {
        let Some(id) = order.id.clone() else {
            let message = "The order has no `id`: give one that the service sent.";
            return Err(Error::refused(FindingCode::InvalidId, "id", message));
        };
        Ok(Self { id, known: Some(order) })
    }
}

/// Every action by its name, in the guide's order.
pub fn actions() -> impl Iterator<Item = &'static str> {
    ENDPOINTS.iter().filter_map(action_of)
}

/// The action that a call does; nothing for other calls.
fn action_of(endpoint: &Endpoint) -> Option<&'static str> {
    endpoint
        .path
        .strip_prefix(PATH)
        .filter(|_| endpoint.method == Method::Patch)
}

/// What the status of an order allows. A status that this version does not know allows everything: the service
/// decides then.
#[must_use]
pub fn allowed_actions(order: &OrderFacts) -> Vec<&'static str> {
    actions().filter(|action| is_allowed(order, action)).collect()
}

fn is_allowed(order: &OrderFacts, action: &str) -> bool {
    use OrderStatus::{Created, Issued, Pending, ReissuePendingAtProvider, WaitingPickup};

    let status = match &order.status {
        None | Some(OrderStatus::Other(_)) => return true,
        Some(status) => status,
    };
    let has_ended = status.has_ended() || order.is_cert_revoked();
    // Whatever the word is: a revocation of which little is known is no reason to ask for another.
    let has_revoke_status = order.cert.as_ref().is_some_and(|cert| cert.revoke_status.is_some());
    let certificate_in_force = || !has_ended && (*status == Issued || order.end_entity_cert().is_some());
    match action {
        "cancel" => matches!(status, Created | Pending | WaitingPickup | ReissuePendingAtProvider),
        "revoke" => certificate_in_force() && !has_revoke_status,
        "sendCertificateEmail" => certificate_in_force(),
        "reissue" => *status == Issued && !has_revoke_status,
        "sendDcvEmail" => matches!(status, Pending | ReissuePendingAtProvider),
        // For OV and EV (guide 7.4.8.5); of a type that nobody knows the service decides.
        "validateDomains" => !has_ended && !is_of_level(order.cert_type.as_deref(), "DV"),
        // The guide does not say when; an order that has ended has no use for them.
        _ => !has_ended,
    }
}

/// Refuses an action on an order whose status is known and forbids it.
///
/// # Errors
/// `action_not_allowed`.
pub fn check_allowed(endpoint: &Endpoint, known: Option<&OrderFacts>) -> Result<(), Error> {
    match (action_of(endpoint), known) {
        (Some(action), Some(known)) if !is_allowed(known, action) => Err(refuse(known, action)),
        _ => Ok(()),
    }
}

fn refuse(order: &OrderFacts, action: &str) -> Error {
    let status = order.status_text().unwrap_or("unknown");
    let allowed = allowed_actions(order);
    let instead = if allowed.is_empty() {
        "It allows nothing more".into()
    } else {
        format!("It allows {}", allowed.join(", "))
    };
    let message = format!(
        "The status {status} does not allow `{action}`. {instead}; if the order may have changed since, get it again."
    );
    Error::refused(FindingCode::ActionNotAllowed, "status", message)
}

#[cfg(test)]
mod tests {
    use api::{Body as _, Parsed};
    use serde_json::{Value, json};

    use super::*;

    fn facts(order: Value) -> OrderFacts {
        Parsed::from(order).order()
    }

    fn allowed(order: Value) -> Vec<&'static str> {
        allowed_actions(&facts(order))
    }

    #[test]
    fn each_status_allows_what_the_guide_says() {
        let anytime = ["validateDomains", "updateAdditionalEmails"];
        let by_status = |status: &str| allowed(json!({ "status": status }));
        assert_eq!(by_status("CREATED"), ["cancel", anytime[0], anytime[1]]);
        assert_eq!(
            by_status("DIGI_PENDING"),
            ["cancel", "sendDcvEmail", anytime[0], anytime[1]]
        );
        assert_eq!(by_status("DIGI_WAITING_PICKUP"), ["cancel", anytime[0], anytime[1]]);
        assert_eq!(
            by_status("DIGI_REISSUE_PENDING"),
            ["cancel", "sendDcvEmail", anytime[0], anytime[1]]
        );
        assert_eq!(by_status("DIGI_PROCESSING"), anytime);
        assert_eq!(
            by_status("DIGI_ISSUED"),
            ["revoke", "reissue", anytime[0], anytime[1], "sendCertificateEmail"]
        );
        for ended in [
            "DIGI_REVOKED",
            "DIGI_CANCELED",
            "DIGI_REJECTED",
            "DIGI_EXPIRED",
            "DIGI_FAILED",
        ] {
            assert_eq!(by_status(ended), [] as [&str; 0], "{ended}");
        }
        assert_eq!(by_status("SOMETHING_NEW").len(), actions().count());
    }

    #[test]
    fn a_certificate_issued_before_a_pending_reissue_can_still_be_revoked() {
        let pending = json!({ "status": "DIGI_REISSUE_PENDING", "cert": { "endEntityCert": "PEM" } });
        assert!(allowed(pending).contains(&"revoke"));
        let revoked = json!({ "status": "DIGI_REVOKED", "cert": { "endEntityCert": "PEM" } });
        assert_eq!(allowed(revoked), [] as [&str; 0]);
    }

    #[test]
    fn a_certificate_whose_revocation_was_asked_for_is_neither_revoked_again_nor_reissued() {
        for (revoke_status, is_allowed) in [("PENDING", false), ("REVOKED", false), ("SOON", false), ("", true)] {
            let cert = json!({ "endEntityCert": "PEM", "revokeStatus": revoke_status });
            for (status, action) in [
                ("DIGI_ISSUED", "revoke"),
                ("DIGI_ISSUED", "reissue"),
                ("DIGI_REISSUE_PENDING", "revoke"),
            ] {
                let allowed = allowed(json!({ "status": status, "cert": cert }));
                assert_eq!(
                    allowed.contains(&action),
                    is_allowed,
                    "{status} {action} {revoke_status}"
                );
            }
        }
    }

    #[test]
    fn domains_are_validated_for_the_types_that_the_guide_names() {
        for (cert_type, is_allowed) in [
            ("SSL_DV_GEOTRUST", false),
            ("SSL_OV_BASIC", true),
            ("SSL_EV_BASIC", true),
            ("SSL_XV_NEW", true),
        ] {
            let allowed = allowed(json!({ "status": "DIGI_PENDING", "certType": cert_type }));
            assert_eq!(allowed.contains(&"validateDomains"), is_allowed, "{cert_type}");
        }
    }

    #[test]
    fn an_order_in_hand_refuses_what_its_status_forbids_and_an_id_does_not() {
        let cancel = Endpoint::of("orders.cancel").unwrap();
        let known = facts(json!({ "status": "DIGI_ISSUED" }));
        let error = check_allowed(cancel, Some(&known)).unwrap_err();
        assert!(
            error.message.contains("DIGI_ISSUED") && error.message.contains("revoke"),
            "{}",
            error.message
        );
        assert!(check_allowed(cancel, None).is_ok());
        assert!(check_allowed(Endpoint::of("orders.get").unwrap(), Some(&known)).is_ok());
        assert!(OrderRef::known(OrderFacts::default()).is_err());
    }
}
