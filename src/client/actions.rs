//! What an order's status allows (guide 7.4.8), and doing it.

use serde_json::{Value, json};

use super::{
    check::{check_reissue, refuse_errors},
    client::{Client, Reply},
    error::Error,
    options::CallOptions,
};
use crate::api::{
    model::Model,
    orders::{ChangeOrder, Order, OrderAction, OrderStatus, StatusKind},
};

/// An order to act on: its id, or the order itself, whose status is then looked at first.
#[derive(Clone, Debug)]
pub enum OrderRef {
    /// The id.
    Id(String),
    /// The order as it was seen last.
    Known(Box<Model<Order>>),
}

impl OrderRef {
    /// Reads an id or an order.
    ///
    /// # Errors
    /// `invalid_id` when it is neither.
    pub fn of(value: Value) -> Result<Self, Error> {
        match value {
            Value::String(id) => Ok(Self::Id(id)),
            Value::Object(_) => {
                let order = Model::<Order>::from(value);
                if order.view.id.is_none() {
                    return Err(Error::refused("invalid_id", "id", "The order given has no `id`."));
                }
                Ok(Self::Known(Box::new(order)))
            }
            _ => Err(Error::refused(
                "invalid_id",
                "id",
                "Give the order's id, or the order itself.",
            )),
        }
    }

    /// The order's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Known(order) => order.view.id.as_deref().unwrap_or_default(),
        }
    }

    /// The order, if more than its id is known.
    #[must_use]
    pub fn known(&self) -> Option<&Order> {
        match self {
            Self::Id(_) => None,
            Self::Known(order) => Some(&order.view),
        }
    }
}

/// What the status of an order allows. A status that this version does not know allows everything: the service
/// decides then.
#[must_use]
pub fn allowed_actions(order: &Order) -> Vec<OrderAction> {
    OrderAction::ALL
        .into_iter()
        .filter(|action| is_allowed(order, *action))
        .collect()
}

fn is_allowed(order: &Order, action: OrderAction) -> bool {
    use OrderStatus::{Created, Issued, Pending, ReissueFailed, ReissuePendingAtProvider, WaitingPickup};

    let status = match &order.status {
        None | Some(OrderStatus::Other(_)) => return true,
        Some(status) => status,
    };
    // An order whose reissue is pending or failed still has the certificate that was issued before.
    let certificate_in_force = || {
        let has_ended = status.kind() == StatusKind::Failed && *status != ReissueFailed;
        *status == Issued || (order.end_entity_cert().is_some() && !has_ended)
    };
    match action {
        OrderAction::Cancel => matches!(status, Created | Pending | WaitingPickup | ReissuePendingAtProvider),
        OrderAction::Revoke | OrderAction::SendCertificateEmail => certificate_in_force(),
        OrderAction::Reissue => *status == Issued,
        OrderAction::SendDcvEmail => matches!(status, Pending | ReissuePendingAtProvider),
        // The guide does not say when; an order that has ended has no use for them.
        OrderAction::ValidateDomains | OrderAction::UpdateAdditionalEmails => {
            status.kind() != StatusKind::Failed || *status == ReissueFailed
        }
    }
}

fn refuse(order: &Order, action: OrderAction) -> Error {
    let status = order.status.as_ref().map_or("unknown", OrderStatus::as_str);
    let allowed: Vec<&str> = allowed_actions(order).into_iter().map(OrderAction::as_str).collect();
    let instead = if allowed.is_empty() {
        "It allows nothing more".into()
    } else {
        format!("It allows {}", allowed.join(", "))
    };
    let message = format!(
        "The status {status} does not allow `{}`. {instead}; if the order may have moved on, get it again.",
        action.as_str()
    );
    Error::refused("action_not_allowed", "status", message)
}

/// The call that does an action; refused when the order's status is known and forbids it, and, with `check`, when it
/// is a reissue that the certificate authority would refuse.
///
/// # Errors
/// `action_not_allowed`; a `Validation` error with all that is wrong with a reissue.
pub fn change(order: &OrderRef, action: OrderAction, body: Option<Value>, check: bool) -> Result<ChangeOrder, Error> {
    if let Some(known) = order.known().filter(|known| !is_allowed(known, action)) {
        return Err(refuse(known, action));
    }
    let body = body.unwrap_or_else(|| json!({}));
    if check && action == OrderAction::Reissue {
        refuse_errors(check_reissue(&body, order.known()))?;
    }
    Ok(ChangeOrder {
        id: order.id().to_owned(),
        action,
        body,
    })
}

impl Client {
    /// Does something with an order.
    ///
    /// # Errors
    /// As [`Client::call`], and as [`change`].
    pub async fn change_order(
        &self,
        order: &OrderRef,
        action: OrderAction,
        body: Option<Value>,
        check: bool,
        options: CallOptions,
    ) -> Result<Reply<Model<Order>>, Error> {
        self.call(&change(order, action, body, check)?, options).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(order: &Value) -> Vec<&'static str> {
        allowed_actions(&Model::<Order>::from(order.clone()).view)
            .into_iter()
            .map(OrderAction::as_str)
            .collect()
    }

    #[test]
    fn each_status_allows_what_the_guide_says() {
        let anytime = ["validateDomains", "updateAdditionalEmails"];
        let by_status = |status: &str| allowed(&json!({ "status": status }));
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
        assert_eq!(by_status("SOMETHING_NEW").len(), OrderAction::ALL.len());
    }

    #[test]
    fn a_certificate_issued_before_a_pending_reissue_can_still_be_revoked() {
        let pending = json!({ "status": "DIGI_REISSUE_PENDING", "cert": { "endEntityCert": "PEM" } });
        assert!(allowed(&pending).contains(&"revoke"));
        let revoked = json!({ "status": "DIGI_REVOKED", "cert": { "endEntityCert": "PEM" } });
        assert_eq!(allowed(&revoked), [] as [&str; 0]);
    }

    #[test]
    fn an_order_in_hand_refuses_what_its_status_forbids_and_an_id_does_not() {
        let id = "123e4567-e89b-12d3-a456-426614174000";
        let known = OrderRef::of(json!({ "id": id, "status": "DIGI_ISSUED" })).unwrap();
        let error = change(&known, OrderAction::Cancel, None, true).unwrap_err();
        assert!(
            error.message.contains("DIGI_ISSUED") && error.message.contains("revoke"),
            "{}",
            error.message
        );
        assert!(change(&OrderRef::of(json!(id)).unwrap(), OrderAction::Cancel, None, true).is_ok());
        assert!(OrderRef::of(json!({})).is_err() && OrderRef::of(json!(7)).is_err());
    }
}
