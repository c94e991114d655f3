//! Going through a list page by page.

mod page;
mod walk;

use api::{Arguments, Endpoint, Form};
use finding::FindingCode;

pub use self::page::Page;
use self::walk::{Step, Walk};
use super::{
    client::Client,
    error::{Error, ErrorCode},
    options::CallOptions,
    platform::Boxed,
};

/// Yields the pages of a list, one after the other.
pub struct Pager {
    client: Client,
    endpoint: &'static Endpoint,
    items: &'static str,
    arguments: Arguments,
    options: CallOptions,
    walk: Walk,
}

impl Pager {
    /// Starts at the page that the arguments ask for, or at the first.
    ///
    /// # Errors
    /// `invalid_argument` for an endpoint that lists nothing.
    pub fn new(
        client: Client,
        endpoint: &'static Endpoint,
        arguments: Arguments,
        options: CallOptions,
    ) -> Result<Self, Error> {
        let Form::Page { items } = endpoint.reply else {
            let message = format!("`{}` lists nothing.", endpoint.operation);
            return Err(Error::refused(FindingCode::InvalidArgument, "operation", message));
        };
        let page = arguments.query.get("page").and_then(serde_json::Value::as_u64);
        let walk = Walk::starting_at(page, client.account.writes.get());
        Ok(Self {
            client,
            endpoint,
            items,
            arguments,
            options,
            walk,
        })
    }

    /// Asks without this filter from now on.
    pub(crate) fn leave_out(&mut self, filter: &str) {
        self.arguments.query.insert(filter.to_owned(), serde_json::Value::Null);
    }

    /// The next page; none at the end.
    ///
    /// # Errors
    /// As [`Client::call`]: the same page is asked for again then. `list_repeats` when the service does not get further.
    #[expect(clippy::should_implement_trait, reason = "its pages have to be waited for")]
    pub fn next(&mut self) -> Boxed<'_, Result<Option<Page>, Error>> {
        // Behind a pointer: it would be compiled into each place that awaits it.
        Box::pin(self.next_page())
    }

    async fn next_page(&mut self) -> Result<Option<Page>, Error> {
        let size = self.arguments.query.get("size").and_then(serde_json::Value::as_u64);
        while let Some(asked) = self.walk.next {
            let mut arguments = self.arguments.clone();
            // A page that the caller gave wrongly is refused as it is.
            let given = arguments.query.get("page").filter(|page| !page.is_null());
            if given.is_none_or(serde_json::Value::is_u64) {
                arguments.query.insert("page".into(), asked.into());
            }
            let request = self.endpoint.request(arguments).map_err(Error::from);
            let reply = self.client.call(request, self.options).await;
            let writes = self.client.account.writes.get();
            let reply = match reply {
                Err(error) if self.walk.takes_refusal(&error, writes) => continue,
                reply => reply?,
            };
            let mut page = Page::of(reply, self.items);
            match self.walk.take(asked, &mut page, size, writes) {
                Step::Give => return Ok(Some(page)),
                Step::Skip => {}
                Step::Stuck => return Err(self.stuck(asked)),
            }
        }
        Ok(None)
    }

    fn stuck(&self, asked: u64) -> Error {
        let message = format!(
            "`{}` does not get further: page {asked} has nothing that was not on an earlier one, and the service does not say \
             that this is all. Ask with a larger `size`, or a narrower filter.",
            self.endpoint.operation
        );
        Error::other(ErrorCode::ListRepeats, message)
    }
}
