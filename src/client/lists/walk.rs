//! Which page of a list is asked for next, and what on it is new.

use core::cmp::Ordering;

use api::{facts::PageInfo, reply::BodyKind};

use super::Page;
use crate::{error::Error, ordered::Ordered};

/// Where a walk through a list is: which page comes next, and what was seen.
///
/// A list changes while it is read: what leaves it moves all that follows to the front, where the walk has been already. So
/// a list that changed during a pass is gone through once more, for what the pass missed, until a pass brings nothing new. It
/// has changed when its count has, or when this client has changed something meanwhile. No item is given twice. A page that
/// only has what was there before, in a pass that nothing disturbed, ends the walk with an error: the service does not get
/// further, and what is missing is unknown.
#[derive(Debug)]
pub(super) struct Walk {
    start: u64,
    pub(super) next: Option<u64>,
    items: Ordered<String, ()>,
    /// The service counts pages from 1.
    from_one: bool,
    /// Nothing says how many pages there are.
    is_blind: bool,
    /// The next page is one more than there are by the service's count of pages, which its count of items contradicts.
    is_beyond: bool,
    pass: Pass,
}

/// One time through the list.
#[derive(Debug)]
struct Pass {
    is_first: bool,
    /// How many changes this client had made when it began.
    writes: u64,
    total: Option<u64>,
    changed: bool,
    brought: bool,
    /// How many items came.
    came: usize,
    /// The last page as text, if it had items without an id.
    text: Option<String>,
    /// The ids on the page that was asked for as 0.
    first: Vec<String>,
    /// Pages in a row that had nothing new.
    idle: u32,
    /// Pages in a row that had nothing at all.
    empty: u32,
}

impl Pass {
    const fn new(is_first: bool, writes: u64) -> Self {
        Self {
            is_first,
            writes,
            total: None,
            changed: false,
            brought: false,
            came: 0,
            text: None,
            first: Vec::new(),
            idle: 0,
            empty: 0,
        }
    }
}

/// Spring's size of a page that nobody asked for another size of; services of this kind are made with it.
const USUAL_SIZE: u64 = 20;

/// In a list that moves, so many pages in a row may have nothing new.
const MOST_IDLE: u32 = 3;

/// Where a service only says that there is more, so many pages in a row may have nothing at all.
const MOST_EMPTY: u32 = 10;

/// What a page is to a walk.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is given to the caller.
    Give,
    /// Nothing on it is.
    Skip,
    /// The service does not get further.
    Stuck,
}

impl Walk {
    pub(super) fn starting_at(page: Option<u64>, writes: u64) -> Self {
        let start = page.unwrap_or_default();
        Self {
            start,
            next: Some(start),
            items: Ordered::new(),
            from_one: false,
            is_blind: false,
            is_beyond: false,
            pass: Pass::new(true, writes),
        }
    }

    /// Takes the page that was asked for as `asked`, of so many items if the caller said how many. `writes` is how many
    /// changes this client has made by now.
    pub(super) fn take(&mut self, asked: u64, page: &mut Page, size: Option<u64>, writes: u64) -> Step {
        let (new, ids) = self.note_items(page);
        let (against_total, was_beyond) = (self.against_total(page), self.is_beyond);
        // No body at all is an empty list, and no page of one that has more.
        let is_cut = page.body.kind() == BodyKind::Empty && asked != self.start && !self.is_blind;
        let (came, pass) = (page.came(), &mut self.pass);
        pass.brought |= new > 0;
        pass.changed |= pass.writes != writes;
        if let Some(total) = page.info.told_total {
            pass.changed |= pass.total.is_some_and(|before| before != total);
            pass.total = Some(total);
        }
        pass.came = pass.came.saturating_add(came);
        let counted = |before: u32, is_more: bool| if is_more { before.saturating_add(1) } else { 0 };
        pass.idle = counted(pass.idle, new == 0 && came > 0);
        pass.empty = counted(pass.empty, came == 0);
        // Counted from 1 are pages of which the first is said to be 1, or is the same when 0 and when 1 is asked for. What they
        // are said to be and what they are asked for by may be counted in two ways.
        let is_same = asked == 1 && !ids.is_empty() && ids == pass.first;
        // Or of which the one before the first is empty, and some are said to be there.
        let is_before_all = asked == 0 && came == 0 && page.info.told_total.or(page.info.told_pages) > Some(0);
        self.from_one |= is_same || is_before_all || (asked == 0 && page.info.echoed == Some(1));
        if asked == 0 {
            pass.first = ids;
        }
        let number = page.info.echoed.unwrap_or(asked).max(asked);
        let told_last = page.info.told_last(number, self.from_one);
        let more = match told_last {
            // By the number of items it is the last one of full pages: these may be shorter. By the number of pages too, if
            // that was worked out from their full size. What counts fewer than came counts something else.
            Some(last) => !last || (came > 0 && against_total.is_some_and(Ordering::is_ne)),
            // Nothing says how many there are: one page more is asked for than there are.
            None => came > 0,
        };
        let is_countless = page.info.told_pages.is_none() && against_total != Some(Ordering::Greater);
        self.is_beyond = more && told_last == Some(true) && !is_countless;
        self.next = more.then(|| asked.checked_add(1)).flatten();
        self.is_blind = page.info.told_last(number, false).is_none();
        // One that says nothing of pages, and sends less than fits on one whichever is asked for, has sent all there is; a bare
        // list also when it sends more.
        let is_all = self.is_blind
            && u64::try_from(came).is_ok_and(|came| {
                let fits = size.or(page.info.told_size).unwrap_or(USUAL_SIZE);
                came < fits || (page.is_bare && came > fits)
            });
        let (is_first, is_stuck) = (pass.is_first, self.is_stuck(asked, page, more));
        if is_stuck && is_all {
            self.next = None;
            return Step::Skip;
        }
        if was_beyond && new == 0 && told_last != Some(false) {
            self.next = None;
        } else if is_stuck || is_cut {
            self.next = None;
            return Step::Stuck;
        }
        // Later passes read what was there before: one that comes round to it again does not get further either.
        if !is_first && self.pass.came > self.items.len().saturating_mul(2) {
            self.next = None;
        }
        self.end_pass(writes);
        if new > 0 || (is_first && self.pass.idle == 0) {
            Step::Give
        } else {
            Step::Skip
        }
    }

    /// Takes the refusal of a page. It is the end where there is no such page, and nobody said that there is.
    pub(super) fn takes_refusal(&mut self, error: &Error, writes: u64) -> bool {
        let is_end = error.refuses_query() && (self.is_blind || self.is_beyond);
        if is_end {
            self.next = None;
            self.end_pass(writes);
        }
        is_end
    }

    /// Begins a further pass at the end of one that something disturbed.
    fn end_pass(&mut self, writes: u64) {
        let pass = &self.pass;
        if self.next.is_none() && pass.changed && (pass.is_first || pass.brought) {
            self.next = Some(self.start);
            self.pass = Pass::new(false, writes);
        }
    }

    /// Marks the items that were there before; says how many were not, and the ids of all. What has no id is new in the first
    /// pass only, unless the page before was the same.
    fn note_items(&mut self, page: &mut Page) -> (usize, Vec<String>) {
        let (mut new, mut ids) = (0_usize, Vec::new());
        let items = page.content.as_ref().map(|content| content.ids()).unwrap_or_default();
        // By their ids nobody can tell what was there before: only a page that is the same throughout shows it.
        let text = page
            .content
            .as_ref()
            .filter(|_| items.iter().any(|item| item.id.is_none()));
        let text = text.map(|content| content.text());
        page.unnamed = items.iter().position(|item| item.id.is_none());
        let is_repeated = text.is_some() && text == self.pass.text;
        self.pass.text = text;
        for (at, item) in items.into_iter().enumerate() {
            let id = item.id;
            let is_new = match &id {
                Some(id) => self.items.insert(id.clone(), ()).is_none(),
                None => self.pass.is_first && !is_repeated,
            };
            ids.extend(id);
            if is_new {
                new = new.saturating_add(1);
            } else {
                page.repeated.push(at);
            }
        }
        (new, ids)
    }

    /// How many items came since the first page, against how many the service counts, unless it says by a word that this page is
    /// the last.
    fn against_total(&self, page: &Page) -> Option<Ordering> {
        let PageInfo { last, told_total, .. } = page.info;
        let seen = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        let total = told_total.filter(|_| self.start == 0 && last.is_none())?;
        Some(seen.cmp(&total))
    }

    /// Whether the service repeats itself, and not because the list moved. Where pages may be counted from 1, the first
    /// is asked for twice.
    fn is_stuck(&self, asked: u64, page: &Page, more: bool) -> bool {
        let pass = &self.pass;
        let bearable = u32::from(page.info.echoed.is_none() || asked == 1);
        let all_there = page.info.told_total.is_some_and(|total| {
            let seen = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
            seen >= total
        });
        let is_idle = pass.idle > bearable && (!pass.changed || pass.idle > MOST_IDLE);
        let is_endless = pass.empty > MOST_EMPTY && page.info.told_pages.is_none() && page.info.told_total.is_none();
        pass.is_first && ((is_idle && (more || !all_there)) || is_endless)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use api::Parsed;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        error::{ErrorCode, ErrorKind},
        events::ResponseInfo,
        exchange::Reply,
    };

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

    fn refusal(status: u16) -> Error {
        let kind = ErrorKind::Decode {
            status,
            body_text: String::new(),
            path: None,
            may_have_been_applied: false,
        };
        Error::new(ErrorCode::Refused, String::new(), kind)
    }

    fn item(id: u64) -> Value {
        json!({ "id": format!("order {id}") })
    }

    /// Walks through what a server answers to each page number, and returns the ids found.
    fn walk(server: impl Fn(u64) -> Value) -> Vec<String> {
        let (mut walk, mut found) = (Walk::starting_at(None, 0), Vec::new());
        for _ in 0..100 {
            let Some(asked) = walk.next else { return found };
            let mut page = page(&server(asked));
            let step = walk.take(asked, &mut page, None, 0);
            if step == Step::Stuck {
                found.push("stuck".to_owned());
            }
            if step == Step::Give {
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
    fn a_service_that_gives_the_same_page_for_ever_ends_the_walk_and_says_so() {
        let (same, stuck) = ([item(0)], ["order 0", "stuck"]);
        for page in [
            json!({ "content": same, "page": { "size": 1, "totalPages": 9, "number": 0 } }),
            json!({ "content": same, "page": { "size": 1, "totalPages": 9 } }),
            json!({ "content": same, "page": { "size": 1, "totalPages": 2, "totalElements": 2, "number": 0 } }),
            json!({ "content": same, "size": 1, "last": false }),
            json!({ "content": same, "size": 1 }),
        ] {
            assert_eq!(walk(|_| page.clone()), stuck, "{page}");
        }
        assert_eq!(
            walk(|_| json!({ "content": same })),
            ids(0..1),
            "less than fits on a page is all there is"
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
    fn pages_may_be_counted_from_one() {
        let pages = |number: u64| {
            let shown = number.max(1);
            (two_each(shown - 1), shown)
        };
        let echoed = |number: u64| json!({ "content": pages(number).0, "page": { "size": 2, "totalPages": 3, "totalElements": 5, "number": pages(number).1 } });
        let silent = |number: u64| json!({ "content": pages(number).0, "totalPages": 3 });
        let uncounted = |number: u64| json!({ "content": pages(number).0 });
        let none_at_zero = |number: u64, counts: Value| {
            let content = number.checked_sub(1).map(two_each).unwrap_or_default();
            json!({ "content": content, "page": counts })
        };
        for counts in [
            json!({ "size": 2, "totalElements": 5 }),
            json!({ "totalPages": 3 }),
            json!({ "totalElements": 5, "totalPages": 3 }),
        ] {
            assert_eq!(
                walk(|number| none_at_zero(number, counts.clone())),
                ids(0..5),
                "{counts}"
            );
        }
        assert_eq!(walk(echoed), ids(0..5));
        assert_eq!(walk(silent), ids(0..5));
        assert_eq!(walk(uncounted), ids(0..5));
    }

    #[test]
    fn pages_may_be_asked_for_by_other_numbers_than_they_say() {
        for (asked_from, said_from) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            for counts in [
                json!({ "totalPages": 3, "totalElements": 5 }),
                json!({ "totalPages": 3 }),
                json!({ "totalElements": 5 }),
            ] {
                let service = |asked: u64| {
                    let place = asked.saturating_sub(asked_from);
                    let mut page = counts.clone();
                    page["number"] = (place + said_from).into();
                    page["size"] = 2.into();
                    json!({ "content": if place < 3 { two_each(place) } else { Vec::new() }, "page": page })
                };
                assert_eq!(
                    walk(service),
                    ids(0..5),
                    "asked from {asked_from}, said from {said_from}, {counts}"
                );
            }
        }
    }

    #[test]
    fn an_empty_page_before_the_last_does_not_end_the_walk() {
        let holey = |number: u64| match number {
            0 | 2 => two_each(number.div_euclid(2)),
            _ => Vec::new(),
        };
        assert_eq!(
            walk(
                |number| json!({ "content": holey(number), "page": { "size": 2, "totalPages": 4, "number": number } })
            ),
            ids(0..4)
        );
        assert_eq!(
            walk(|number| json!({ "content": holey(number), "last": number == 3 })),
            ids(0..4)
        );
    }

    #[test]
    fn a_list_may_count_items_that_it_does_not_show() {
        // What the user may not see is left out of its page.
        let shown = |number: u64| {
            if number == 1 {
                Vec::new()
            } else {
                two_each(number.div_euclid(2))
            }
        };
        let filtered = |number: u64| json!({ "content": shown(number), "page": { "size": 2, "totalElements": 6, "totalPages": 3, "number": number } });
        assert_eq!(walk(filtered), ids(0..4));
        let hidden = |number: u64| json!({ "content": [], "page": { "size": 20, "totalElements": 1, "totalPages": 1, "number": number } });
        assert_eq!(walk(hidden), Vec::<String>::new());
    }

    #[test]
    fn pages_that_are_not_full_are_not_the_last() {
        let one_each = |number: u64| (number..(number + 1).min(5)).map(item).collect::<Vec<_>>();
        assert_eq!(
            walk(|number| json!({ "content": one_each(number), "size": 2 })),
            ids(0..5)
        );
    }

    #[test]
    fn a_bare_list_and_one_that_counts_items_alone_go_on_after_a_short_page() {
        assert_eq!(walk(|number| json!(two_each(number))), ids(0..5));
        let counted = |number: u64| json!({ "content": two_each(number), "page": { "size": 20, "totalElements": 5, "number": number } });
        assert_eq!(walk(counted), ids(0..5));
        // More than there are is no reason to go on for ever.
        let miscounted = |number: u64| json!({ "content": two_each(number), "size": 2, "totalElements": 99 });
        assert_eq!(walk(miscounted), ids(0..5));
        let nameless = json!([{ "status": "A" }, { "status": "B" }]);
        assert_eq!(walk(|_| nameless.clone()), Vec::<String>::new(), "and it ends");
    }

    #[test]
    fn counts_of_pages_that_contradict_what_comes_do_not_end_the_walk() {
        for counts in [
            json!({ "size": 2, "totalElements": 0, "totalPages": 0 }),
            json!({ "size": 4, "totalElements": 5, "totalPages": 2 }),
            json!({ "size": 2, "totalElements": 5, "totalPages": 2 }),
            json!({ "size": 2, "totalElements": 5, "totalPages": 1 }),
            json!({ "size": 2, "totalElements": 1, "totalPages": 1 }),
            json!({ "size": 2, "totalElements": 3, "totalPages": 2 }),
            json!({ "size": 2, "totalElements": 1 }),
        ] {
            let service = |number: u64| {
                let mut page = counts.clone();
                page["number"] = number.into();
                json!({ "content": two_each(number), "page": page })
            };
            assert_eq!(walk(service), ids(0..5), "{counts}");
        }
        // One that moves is gone through once more also where it ends so.
        let counts = std::cell::Cell::new(0);
        let moving = |number: u64| {
            counts.set(counts.get() + 1);
            // Once the first page was read, its first item leaves the list.
            let shown: Vec<Value> = (u64::from(counts.get() > 1)..6)
                .map(item)
                .skip(usize::try_from(number * 2).unwrap())
                .take(2)
                .collect();
            let total = if counts.get() > 1 { 9 } else { 10 };
            json!({ "content": shown, "page": { "size": 2, "totalElements": total, "totalPages": 3, "number": number } })
        };
        let mut found = walk(moving);
        found.sort();
        assert_eq!(found, ids(0..6));
        // More are counted than are shown, and past the last page it comes again.
        let clamped = |number: u64| {
            let number = number.min(2);
            json!({ "content": two_each(number), "page": { "size": 2, "totalElements": 9, "totalPages": 3, "number": number } })
        };
        assert_eq!(walk(clamped), ids(0..5));
    }

    #[test]
    fn a_refusal_ends_the_walk_only_where_nobody_said_that_there_is_such_a_page() {
        let ends_after = |body: &Value| {
            let mut walk = Walk::starting_at(None, 0);
            walk.take(0, &mut page(body), None, 0);
            [400, 404, 422, 403, 500].map(|status| walk.takes_refusal(&refusal(status), 0))
        };
        let counted = |pages: u64| json!({ "content": two_each(0), "page": { "size": 2, "totalElements": 5, "totalPages": pages, "number": 0 } });
        assert_eq!(ends_after(&counted(3)), [false; 5]);
        assert_eq!(ends_after(&counted(1)), [true, true, true, false, false]);
        assert_eq!(
            ends_after(&json!({ "content": two_each(0) })),
            [true, true, true, false, false]
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
    fn a_service_that_knows_no_end_ends_the_walk() {
        let stuck = |all: u64| ids(0..all).into_iter().chain(["stuck".to_owned()]).collect::<Vec<_>>();
        let items = |count: u64| (0..count).map(item).collect::<Vec<_>>();
        let empty_after = |number: u64| if number < 3 { two_each(number) } else { Vec::new() };
        assert_eq!(walk(|_| json!(items(20))), stuck(20), "a full page may be one of many");
        assert_eq!(
            walk(|_| json!(items(21))),
            ids(0..21),
            "more than fits on a page is all there is"
        );
        assert_eq!(
            walk(|number| json!({ "content": empty_after(number), "last": false })),
            stuck(5)
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
