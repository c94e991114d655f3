//! The one loop of waiting.

use api::{Body, BodyRef, Request};

use super::{
    WaitOptions,
    end::{Ended, is_final},
    pace::Pace,
};
use crate::{
    client::Client,
    error::{Error, WaitReason},
};

/// How far something is that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Reached,
    Continues,
    Ended(WaitReason),
}

/// What is looked at until it has reached its goal.
pub(super) struct Waited {
    pub(super) request: Result<Request, Error>,
    /// What it is, in words: "The order …".
    pub(super) name: String,
    /// What is waited for, in words: "issued".
    pub(super) goal: &'static str,
}

impl Waited {
    /// Looks until `standing` says that it is where it was waited for. `seen` is told of each look.
    ///
    /// # Errors
    /// A `Wait` error when it ended otherwise, needs a person, or took longer than `max_wait`; the error of a look
    /// that will not get better by itself.
    pub(super) async fn reach(
        self,
        client: &Client,
        options: WaitOptions,
        mut standing: impl FnMut(&BodyRef) -> Standing,
        status: impl Fn(&dyn Body) -> Option<String>,
        seen: &dyn Fn(&BodyRef),
    ) -> Result<BodyRef, Error> {
        let mut pace = Pace::new(client, options);
        let mut last: Option<BodyRef> = None;
        let ended = |reason, last: Option<BodyRef>| {
            let ended = Ended {
                what: &self.name,
                goal: self.goal,
                reason,
                status: last.as_deref().and_then(&status),
                last,
            };
            ended.error(client)
        };
        loop {
            match client.call(self.request.clone(), pace.look(client)).await {
                Ok(reply) => {
                    seen(&reply.body);
                    match standing(&reply.body) {
                        Standing::Reached => return Ok(reply.body),
                        Standing::Ended(reason) => return Err(ended(reason, Some(reply.body))),
                        Standing::Continues => last = Some(reply.body),
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
            if !pace.next(client).await {
                return Err(ended(WaitReason::Timeout, last));
            }
        }
    }
}
