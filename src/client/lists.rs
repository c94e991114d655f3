//! Going through a list page by page.

use std::{collections::BTreeSet, rc::Rc};

use api::{
    Arguments, BodyRef, Endpoint, Form,
    facts::{PageFacts, PageInfo},
    reply::BodyKind,
};
use finding::FindingCode;

use super::{client::Client, error::Error, events::ResponseInfo, exchange::Reply, options::CallOptions};

/// One page of a list: what the service sent, and what was read of it.
pub struct Page {
    /// The whole reply.
    pub body: BodyRef,
    /// How it was answered.
    pub response: ResponseInfo,
    /// Where the page is in its list; what the service left out is worked out from the rest.
    pub info: PageInfo,
    /// Whether the reply has the form that callers know: `content`, and in `page` all of where it is.
    has_usual_form: bool,
    /// The list of its items; nothing where there is none.
    content: Option<BodyRef>,
    /// The places of the items that an earlier page had already, ascending.
    repeated: Vec<usize>,
}

impl Page {
    /// Reads a reply whose items are in this field, or which is the list itself.
    #[must_use]
    pub fn of(reply: Reply, items: &str) -> Self {
        let Reply { body, info: response } = reply;
        let is_bare = body.kind() == BodyKind::List;
        let content = if is_bare {
            Some(Rc::clone(&body))
        } else {
            body.field(items).filter(|content| content.kind() == BodyKind::List)
        };
        let held = content.as_ref().map_or(0, |content| content.count());
        let facts = if is_bare { PageFacts::default() } else { body.page() };
        let has_usual_form = items == "content" && content.is_some() && facts.is_complete();
        let info = if is_bare {
            PageFacts::of_bare_list(held)
        } else {
            facts.info(held)
        };
        Self {
            has_usual_form,
            body,
            response,
            info,
            content,
            repeated: Vec::new(),
        }
    }

    /// Whether callers get the very reply: it has the form that they know, and no item of an earlier page.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.has_usual_form && self.repeated.is_empty()
    }

    /// How many items came, those included that an earlier page had.
    #[must_use]
    pub fn came(&self) -> usize {
        self.content.as_ref().map_or(0, |content| content.count())
    }

    /// The list of all items that came.
    #[must_use]
    pub const fn content(&self) -> Option<&BodyRef> {
        self.content.as_ref()
    }

    /// The places of the items that an earlier page had already, ascending.
    #[must_use]
    pub fn repeated(&self) -> &[usize] {
        &self.repeated
    }

    /// The items that no earlier page had.
    pub fn items(&self) -> impl Iterator<Item = BodyRef> + '_ {
        let is_new = |at: &usize| self.repeated.binary_search(at).is_err();
        (0..self.came())
            .filter(is_new)
            .filter_map(|at| self.content.as_ref()?.item(at))
    }
}

/// Where a walk through a list is: which page comes next, and what was seen.
///
/// A list changes while it is read. The page number that the service echoes is trusted over the one asked for, a page
/// that comes a second time ends the walk, and an item that moved to a later page is not given again.
#[derive(Debug)]
struct Walk {
    next: Option<u64>,
    pages: BTreeSet<u64>,
    items: BTreeSet<String>,
}

impl Walk {
    fn starting_at(page: Option<u64>) -> Self {
        Self {
            next: Some(page.unwrap_or_default()),
            pages: BTreeSet::new(),
            items: BTreeSet::new(),
        }
    }

    /// Takes the page that was asked for as `asked`. Says whether it is a new one.
    fn take(&mut self, asked: u64, page: &mut Page) -> bool {
        let number = page.info.echoed.unwrap_or(asked);
        self.next = None;
        if !self.pages.insert(number) {
            return false;
        }
        let came = page.came();
        if let Some(content) = &page.content {
            for (at, item) in content.ids().into_iter().enumerate() {
                if item.id.is_some_and(|id| !self.items.insert(id)) {
                    page.repeated.push(at);
                }
            }
        }
        let more = match page.info.last {
            Some(last) => !last,
            None => u64::try_from(came).is_ok_and(|came| came >= page.info.size),
        };
        if more && came > 0 {
            self.next = number.checked_add(1);
        }
        true
    }
}

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
        let walk = Walk::starting_at(arguments.query.get("page").and_then(serde_json::Value::as_u64));
        Ok(Self {
            client,
            endpoint,
            items,
            arguments,
            options,
            walk,
        })
    }

    /// The next page; none at the end.
    ///
    /// # Errors
    /// As [`Client::call`]. The same page is asked for again then.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(asked) = self.walk.next else { return Ok(None) };
        let mut arguments = self.arguments.clone();
        // A page that the caller gave wrongly is refused as it is.
        let given = arguments.query.get("page").filter(|page| !page.is_null());
        if given.is_none_or(serde_json::Value::is_u64) {
            arguments.query.insert("page".into(), asked.into());
        }
        let request = self.endpoint.request(arguments).map_err(Error::from);
        let reply = self.client.call(request, self.options).await?;
        let mut page = Page::of(reply, self.items);
        Ok(self.walk.take(asked, &mut page).then_some(page))
    }
}

#[cfg(test)]
mod tests {
    use api::Parsed;
    use serde_json::{Value, json};

    use super::*;

    fn page(body: &Value) -> Page {
        let info = ResponseInfo {
            operation: "orders.list",
            status: 200,
            headers: Vec::new(),
            request_id: None,
            method: "GET",
            url: String::new(),
            attempts: 1,
            queued_ms: 0.0,
            duration_ms: 0.0,
        };
        let body = Rc::new(Parsed::from(body.clone()));
        Page::of(Reply { body, info }, "content")
    }

    fn item(id: u64) -> Value {
        json!({ "id": format!("order {id}") })
    }

    /// Walks through what a server answers to each page number, and returns the ids found.
    fn walk(server: impl Fn(u64) -> Value) -> Vec<String> {
        let (mut walk, mut found) = (Walk::starting_at(None), Vec::new());
        for _ in 0..100 {
            let Some(asked) = walk.next else { return found };
            let mut page = page(&server(asked));
            if walk.take(asked, &mut page) {
                found.extend(page.items().filter_map(|item| item.id().id));
            }
        }
        panic!("the walk does not end");
    }

    fn ids(range: core::ops::Range<u64>) -> Vec<String> {
        range.map(|id| format!("order {id}")).collect()
    }

    fn two_each(number: u64) -> Vec<Value> {
        (number * 2..(number * 2 + 2).min(5)).map(item).collect()
    }

    #[test]
    fn the_three_forms_of_a_page_are_walked_to_their_end() {
        let nested = |number: u64| json!({ "content": two_each(number), "page": { "size": 2, "totalElements": 5, "totalPages": 3, "number": number } });
        let flat =
            |number: u64| json!({ "content": two_each(number), "size": 2, "number": number, "last": number == 2 });
        let bare = |_| json!([item(0), item(1)]);
        assert_eq!(walk(nested), ids(0..5));
        assert_eq!(walk(flat), ids(0..5));
        assert_eq!(walk(bare), ids(0..2));
    }

    #[test]
    fn a_service_that_gives_the_same_page_for_ever_ends_the_walk() {
        assert_eq!(
            walk(|_| json!({ "content": [item(0)], "page": { "size": 1, "totalPages": 9, "number": 0 } })),
            ids(0..1)
        );
    }

    #[test]
    fn an_item_that_moved_to_the_next_page_is_not_given_twice() {
        let shifted = |number: u64| match number {
            0 => json!({ "content": [item(0), item(1)], "page": { "size": 2, "totalPages": 2, "number": 0 } }),
            _ => json!({ "content": [item(1), item(2)], "page": { "size": 2, "totalPages": 2, "number": 1 } }),
        };
        assert_eq!(walk(shifted), ids(0..3));
    }

    #[test]
    fn the_echoed_number_is_trusted_over_the_one_asked_for() {
        let counts_from_one = |number: u64| {
            let shown = number.max(1);
            json!({ "content": two_each(shown - 1), "page": { "size": 2, "totalPages": 4, "number": shown } })
        };
        assert_eq!(walk(counts_from_one), ids(0..5));
    }

    #[test]
    fn an_empty_page_ends_the_walk_whatever_the_counts_say() {
        assert_eq!(
            walk(|number| json!({ "content": [], "page": { "size": 2, "totalPages": 9, "number": number } })),
            ids(0..0)
        );
    }

    #[test]
    fn a_full_page_without_counts_has_a_next_one() {
        assert_eq!(
            walk(|number| json!({ "content": two_each(number), "size": 2 })),
            ids(0..5)
        );
    }

    #[test]
    fn one_odd_item_does_not_lose_the_others() {
        let odd = json!({ "content": [item(0), null, 7, { "id": 3, "cert": null, "contacts": null }, item(1)] });
        let page = page(&odd);
        let texts: Vec<String> = page.items().map(|item| item.text()).collect();
        let sent: Vec<String> = odd["content"]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string)
            .collect();
        assert_eq!(texts, sent);
    }
}
