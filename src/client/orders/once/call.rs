//! Any change that the caller gave a name: it is made under it once.

use std::rc::Rc;

use api::{Arguments, Form, Request, digest::digest, json, reply::NoBody};

use super::{
    journal::{Journal, key_of_id},
    unknown,
};
use crate::{
    client::{Client, endpoint},
    error::{Error, ErrorCode},
    events::ResponseInfo,
    exchange::Reply,
    options::CallOptions,
};

impl Client {
    /// Makes a call, and the change of this name no second time: then returns what came of the first.
    ///
    /// # Errors
    /// As [`Client::call`]; `outcome_unknown` when the first may have been made; `store_failed` and `once_id_taken` before
    /// anything is sent.
    pub async fn call_once(
        &self,
        request: Result<Request, Error>,
        options: CallOptions,
        once_id: Option<String>,
    ) -> Result<Reply, Error> {
        let mut request = self.redacted(request)?;
        if self.is_proxied() {
            // It remembers for all pages and longer than this one: what it says counts.
            request.once_id = once_id.filter(|_| request.writes);
            return self.call(Ok(request), options).await;
        }
        let Some(id) = once_id.filter(|_| request.writes) else {
            return self.call(Ok(request), options).await;
        };
        let of = digest(&[
            request.method.as_str(),
            &request.path,
            &in_order(request.body.as_deref()),
        ]);
        let place = Box::pin(self.place_in_store());
        let place = self.redacted(self.in_time("Reading the API key", options, place).await)?;
        let keys = vec![key_of_id(&place, &id)];
        let journal = self.redacted(Journal::read(self, of, keys, None).await)?;
        if journal.is_sent() {
            return Err(unknown("it may have been sent under this `onceId` before"));
        }
        if journal.seen().next().is_some() {
            return self.done_before(&request, journal.known(), options).await;
        }
        if !self.redacted(journal.begin().await)? {
            return Err(unknown("another process has sent it meanwhile"));
        }
        let trace = Rc::clone(&journal.trace);
        match self.call_traced(Ok(request), options, trace).await {
            Ok(reply) => {
                journal.done(reply.body.id().id).await;
                Ok(reply)
            }
            Err(error) => {
                if !error.may_have_been_applied() {
                    journal.undo().await;
                }
                Err(error)
            }
        }
    }

    /// What a change made or changed, as it is now.
    async fn done_before(&self, request: &Request, id: Option<&str>, options: CallOptions) -> Result<Reply, Error> {
        if request.reply == Form::Nothing {
            let info = ResponseInfo::of_nothing_sent(request);
            return Ok(Reply {
                body: Rc::new(NoBody),
                info,
            });
        }
        let resource = request.operation.split('.').next().unwrap_or_default();
        let (Some(id), Ok(endpoint)) = (id, endpoint(&format!("{resource}.get"))) else {
            let message = "Nothing was sent: the change of this `onceId` was made before, and left nothing to return.";
            return Err(Error::other(ErrorCode::OnceIdTaken, message));
        };
        self.call(endpoint.request(Arguments::of_id(id)).map_err(Error::from), options)
            .await
    }
}

/// A body with its fields in one order: the same change, however its object was made.
fn in_order(body: Option<&str>) -> String {
    let body = body.unwrap_or_default();
    json::read(body).map_or_else(|_| body.to_owned(), |value| json::write(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_the_same_in_whatever_order_its_fields_are() {
        let orders = [r#"{"a":1,"b":{"c":2,"d":3}}"#, r#"{"b":{"d":3,"c":2},"a":1}"#];
        assert_eq!(in_order(Some(orders[0])), in_order(Some(orders[1])));
        assert_ne!(
            in_order(Some(orders[0])),
            in_order(Some(r#"{"a":1,"b":{"c":3,"d":2}}"#))
        );
        assert_eq!((in_order(Some("{")), in_order(None)), ("{".to_owned(), String::new()));
    }
}
