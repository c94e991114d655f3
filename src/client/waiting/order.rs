//! Waiting for one order.

use serde_json::Value;

use super::{
    WaitOptions,
    end::{is_final, order_ended},
    goal::{Goal, Standing},
    pace::Pace,
};
use crate::{
    api::{
        model::Model,
        orders::{GetOrder, Order},
    },
    client::{
        client::Client,
        error::{Error, WaitEnd},
    },
};

impl Client {
    /// Waits until an order has reached its goal. `seen` is told of each look.
    ///
    /// # Errors
    /// A `Wait` error when it ended otherwise, needs a person, or took longer than `max_wait`; the error of a look
    /// that will not get better by itself.
    pub async fn wait_for_order(
        &self,
        id: &str,
        mut goal: Goal,
        options: WaitOptions,
        seen: impl Fn(&Value),
    ) -> Result<Model<Order>, Error> {
        let call = GetOrder { id: id.to_owned() };
        let mut pace = Pace::new(self, options);
        let mut last = None;
        loop {
            match self.call(&call, pace.look(self)).await {
                Ok(reply) => {
                    let order = last.insert(reply.value);
                    seen(&order.json);
                    match goal.standing(order) {
                        Standing::Reached => return Ok(order.clone()),
                        Standing::Ended(reason) => {
                            return Err(order_ended(self, id, reason, goal.in_words(), Some(order)));
                        }
                        Standing::GoesOn => {}
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
            if !pace.next(self).await {
                return Err(order_ended(self, id, WaitEnd::Timeout, goal.in_words(), last.as_ref()));
            }
        }
    }
}
