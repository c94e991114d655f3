//! Watching an order as it changes.

use std::rc::Rc;

use api::{
    BodyRef,
    facts::{OrderFacts, StatusKind},
};

use super::{
    CertIdentity, WaitOptions,
    end::{Ended, is_final},
    pace::Pace,
};
use crate::{
    client::Client,
    error::{Error, WaitReason},
    orders::get_order,
};

/// An order that is watched, as it changes.
pub struct Watch {
    client: Client,
    id: String,
    options: WaitOptions,
    pace: Option<Pace>,
    last: Option<(BodyRef, OrderFacts)>,
    has_ended: bool,
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
            has_ended: false,
        }
    }

    /// The order now, then each time its status or its certificate has changed; none once it has settled.
    ///
    /// # Errors
    /// As [`Client::wait_for_order`].
    pub async fn next(&mut self, seen: &dyn Fn(&BodyRef)) -> Result<Option<BodyRef>, Error> {
        if self.has_ended {
            return Ok(None);
        }
        let result = self.change(seen).await;
        self.has_ended = match &result {
            Ok(order) => has_settled(&order.order()),
            Err(_) => true,
        };
        result.map(Some)
    }

    async fn change(&mut self, seen: &dyn Fn(&BodyRef)) -> Result<BodyRef, Error> {
        let request = get_order(&self.id);
        let mut look_now = self.pace.is_none();
        let pace = self.pace.get_or_insert_with(|| Pace::new(&self.client, self.options));
        if !look_now {
            pace.restart();
        }
        loop {
            if !look_now && !pace.next(&self.client).await {
                let last = self.last.take().map(|(body, _)| body);
                let what = format!("The order {}", self.id);
                return Err(Ended::order(&what, "settled", WaitReason::Timeout, last).error(&self.client));
            }
            look_now = false;
            match self.client.call(request.clone(), pace.look(&self.client)).await {
                Ok(reply) => {
                    let body = reply.body;
                    seen(&body);
                    let facts = body.order();
                    if self.last.as_ref().is_none_or(|(_, last)| has_changed(last, &facts)) {
                        self.last = Some((Rc::clone(&body), facts));
                        return Ok(body);
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
        }
    }
}

fn has_changed(last: &OrderFacts, now: &OrderFacts) -> bool {
    last.status != now.status
        || last.end_entity_cert() != now.end_entity_cert()
        || CertIdentity::of(last) != CertIdentity::of(now)
}

fn has_settled(order: &OrderFacts) -> bool {
    let failed = order
        .status
        .as_ref()
        .is_some_and(|status| status.kind() == StatusKind::Failed);
    failed || order.is_issued()
}
