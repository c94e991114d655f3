//! How waiting ends without its goal.

use serde_json::Value;

use crate::{
    api::{
        model::Model,
        orders::{Order, OrderStatus},
    },
    client::{
        client::Client,
        error::{Error, Kind, WaitEnd},
    },
};

/// Whether a failed look ends the waiting: what will not change by itself does.
pub(super) fn is_final(error: &Error) -> bool {
    match &error.kind {
        Kind::Api(refusal) => matches!(refusal.status, 400 | 401 | 403 | 404),
        Kind::Connection { .. } | Kind::Timeout { .. } | Kind::Decode { .. } | Kind::QueueFull {} => false,
        Kind::Validation { .. } | Kind::Wait { .. } | Kind::Other {} => true,
    }
}

pub(super) fn ended(
    client: &Client,
    what: &str,
    reason: WaitEnd,
    status: Option<&str>,
    goal: &str,
    last: Option<Value>,
) -> Error {
    let status = status.unwrap_or("unknown");
    let (code, message) = match reason {
        WaitEnd::Failed => (
            "wait_failed",
            format!("{what} will not be {goal}: its status is {status}. Look at its history."),
        ),
        WaitEnd::NeedsAction => (
            "wait_needs_action",
            format!("{what} goes on only when a person acts: its status is {status}. See to that, and wait again."),
        ),
        WaitEnd::Timeout => (
            "wait_timeout",
            format!("{what} was not {goal} in time: its status is {status}. Wait again, or raise `maxWait`."),
        ),
    };
    let error = Error {
        code,
        message,
        kind: Kind::Wait { reason, last },
    };
    error.without(&client.account.secrets)
}

pub(super) fn order_ended(
    client: &Client,
    id: &str,
    reason: WaitEnd,
    goal: &str,
    last: Option<&Model<Order>>,
) -> Error {
    let status = last
        .and_then(|order| order.view.status.as_ref())
        .map(OrderStatus::as_str);
    ended(
        client,
        &format!("The order {id}"),
        reason,
        status,
        goal,
        last.map(|order| order.json.clone()),
    )
}
