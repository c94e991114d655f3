//! Waiting for one order.

use api::BodyRef;

use super::{Goal, WaitOptions, end::order_status, look::Waited};
use crate::{client::Client, error::Error, orders::get_order};

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
        seen: impl Fn(&BodyRef),
    ) -> Result<BodyRef, Error> {
        let waited = Waited {
            request: get_order(id),
            name: format!("The order {id}"),
            goal: goal.in_words(),
        };
        let standing = |order: &BodyRef| goal.standing(order);
        waited.reach(self, options, standing, order_status, &seen).await
    }
}
