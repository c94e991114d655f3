//! Watching an order as it changes.

use serde_json::Value;

use super::{
    WaitOptions,
    end::{is_final, order_ended},
    goal::CertIdentity,
    pace::Pace,
};
use crate::{
    api::{
        model::Model,
        orders::{GetOrder, Order, StatusKind},
    },
    client::{
        client::Client,
        error::{Error, WaitEnd},
    },
};

/// An order that was watched, as it changes.
pub struct Watch {
    client: Client,
    id: String,
    options: WaitOptions,
    pace: Option<Pace>,
    last: Option<Model<Order>>,
    over: bool,
}

impl Watch {
    /// Watches an order.
    #[must_use]
    pub fn new(client: Client, id: String, options: WaitOptions) -> Self {
        Self {
            client,
            id,
            options,
            pace: None,
            last: None,
            over: false,
        }
    }

    /// The order now, then each time its status or its certificate has changed; none once it has settled.
    ///
    /// # Errors
    /// As [`Client::wait_for_order`].
    pub async fn next(&mut self, seen: &dyn Fn(&Value)) -> Result<Option<Model<Order>>, Error> {
        if self.over {
            return Ok(None);
        }
        let result = self.change(seen).await;
        self.over = match &result {
            Ok(Some(order)) => has_settled(&order.view),
            Ok(None) | Err(_) => true,
        };
        result
    }

    async fn change(&mut self, seen: &dyn Fn(&Value)) -> Result<Option<Model<Order>>, Error> {
        let call = GetOrder { id: self.id.clone() };
        let first = self.pace.is_none();
        let pace = self.pace.get_or_insert_with(|| Pace::new(&self.client, self.options));
        if !first {
            pace.restart();
        }
        let mut look_now = first;
        loop {
            if !look_now && !pace.next(&self.client).await {
                return Err(order_ended(
                    &self.client,
                    &self.id,
                    WaitEnd::Timeout,
                    "settled",
                    self.last.as_ref(),
                ));
            }
            look_now = false;
            match self.client.call(&call, pace.look(&self.client)).await {
                Ok(reply) => {
                    let order = reply.value;
                    seen(&order.json);
                    if self
                        .last
                        .as_ref()
                        .is_none_or(|last| has_changed(&last.view, &order.view))
                    {
                        self.last = Some(order.clone());
                        return Ok(Some(order));
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
        }
    }
}

fn has_changed(last: &Order, now: &Order) -> bool {
    last.status != now.status
        || last.end_entity_cert() != now.end_entity_cert()
        || CertIdentity::of(last) != CertIdentity::of(now)
}

fn has_settled(order: &Order) -> bool {
    let failed = order
        .status
        .as_ref()
        .is_some_and(|status| status.kind() == StatusKind::Failed);
    failed || order.is_issued()
}
