//! Going through a list page by page.

use std::collections::HashSet;

use super::{
    client::{Client, Reply},
    error::Error,
    options::CallOptions,
};
use crate::api::{
    call::Call,
    contacts::{Contact, ListContacts},
    history::{History, ListHistory},
    model::{Model, View},
    orders::{ListOrders, Order},
    organizations::{ListOrganizations, Organization},
    page::{Page, Paging},
};

/// A call whose reply is one page of a list.
pub trait ListCall: Call<Reply = Page<Self::Item>> {
    /// What is listed.
    type Item: View + Default + Identified;

    /// Which page the call asks for.
    fn paging(&mut self) -> &mut Paging;
}

/// Has an id by which an item is known again.
pub trait Identified {
    /// The id, if the service sent one.
    fn id(&self) -> Option<&str>;
}

macro_rules! listed {
    ($($call:ty => $item:ty),* $(,)?) => {$(
        impl ListCall for $call {
            type Item = $item;

            fn paging(&mut self) -> &mut Paging {
                &mut self.paging
            }
        }

        impl Identified for $item {
            fn id(&self) -> Option<&str> {
                self.id.as_deref()
            }
        }
    )*};
}

listed! {
    ListOrganizations => Organization,
    ListContacts => Contact,
    ListOrders => Order,
    ListHistory => History,
}

/// Where a walk through a list stands: which page comes next, and what was seen.
///
/// A list changes while it is read. The page number that the service echoes is trusted over the one asked for, a page
/// that comes a second time ends the walk, and an item that moved to a later page is not given again.
#[derive(Debug)]
struct Walk {
    next: Option<u64>,
    pages: HashSet<u64>,
    items: HashSet<String>,
}

impl Walk {
    fn starting_at(page: Option<u64>) -> Self {
        Self {
            next: Some(page.unwrap_or_default()),
            pages: HashSet::new(),
            items: HashSet::new(),
        }
    }

    /// Takes the page that was asked for as `asked`. Says whether it is a new one.
    fn take<T: Identified>(&mut self, asked: u64, page: &mut Page<T>) -> bool {
        let number = page.echoed.unwrap_or(asked);
        self.next = None;
        if !self.pages.insert(number) {
            return false;
        }
        let came = page.content.len();
        page.content.retain(|item: &Model<T>| match item.view.id() {
            Some(id) => self.items.insert(id.to_owned()),
            None => true,
        });
        let more = match page.last {
            Some(last) => !last,
            None => u64::try_from(came).is_ok_and(|came| came >= page.page.size),
        };
        if more && came > 0 {
            self.next = number.checked_add(1);
        }
        true
    }
}

/// Gives the pages of a list, one after the other.
pub struct Pager<C> {
    client: Client,
    call: C,
    options: CallOptions,
    walk: Walk,
}

impl<C: ListCall> Pager<C> {
    /// Starts at the page that the call asks for, or at the first.
    #[must_use]
    pub fn new(client: Client, mut call: C, options: CallOptions) -> Self {
        let walk = Walk::starting_at(call.paging().page);
        Self {
            client,
            call,
            options,
            walk,
        }
    }

    /// The next page; none at the end.
    ///
    /// # Errors
    /// As [`Client::call`]. The same page is asked for again then.
    pub async fn next(&mut self) -> Result<Option<Reply<Page<C::Item>>>, Error> {
        let Some(asked) = self.walk.next else { return Ok(None) };
        self.call.paging().page = Some(asked);
        let mut reply = self.client.call(&self.call, self.options).await?;
        Ok(self.walk.take(asked, &mut reply.value).then_some(reply))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::call::Reply as _;

    fn page(body: &Value) -> Page<Order> {
        Page::read(body.to_string().as_bytes()).unwrap()
    }

    fn item(id: u64) -> Value {
        json!({ "id": format!("order {id}") })
    }

    /// Walks through what a server answers to each page number, and gives the ids found.
    fn walk(server: impl Fn(u64) -> Value) -> Vec<String> {
        let (mut walk, mut found) = (Walk::starting_at(None), Vec::new());
        for _ in 0..100 {
            let Some(asked) = walk.next else { return found };
            let mut page = page(&server(asked));
            if walk.take(asked, &mut page) {
                found.extend(page.content.iter().filter_map(|item| item.view.id.clone()));
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
        assert_eq!(page.content.len(), 5);
        assert_eq!(
            page.content.iter().map(|item| item.json.clone()).collect::<Vec<_>>(),
            *odd["content"].as_array().unwrap()
        );
    }
}
