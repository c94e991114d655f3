//! One round of looks: by lists where there are several orders, and one by one where lists do not help.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use api::{
    Arguments, BodyRef,
    facts::{OrderFacts, OrderStatus},
};
use serde_json::{Map, Value};

use super::end::{is_final, is_lasting};
use crate::{
    client::{Client, endpoint},
    error::{Error, ErrorCode, ErrorKind},
    options::CallOptions,
    ordered::Ordered,
    orders::{list_orders, named},
};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Order,
    Organization,
}

/// What is looked at, and how: looks of one kind are made together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) subject: Subject,
    pub(super) call: CallOptions,
}

/// A look at one of them.
#[derive(Default)]
pub(super) struct Look {
    /// The common name, where it is known.
    pub(super) name: Option<String>,
    /// What came of it, once it was made.
    pub(super) outcome: Option<Result<BodyRef, Error>>,
}

/// The looks of a round, by ids in lower case.
pub(super) type Round = Rc<RefCell<Ordered<String, Look>>>;

/// Orders per page: the largest that a service accepts is not known, so that the first size is asked for until it is
/// refused, and then the second.
const SIZES: [u64; 2] = [200, 50];

/// Common names per call, in bytes: short enough for an address.
const NAMES_AT_ONCE: usize = 1_500;

/// What was learnt of the service's lists.
#[derive(Default)]
pub(super) struct Lists {
    /// Which of the sizes is asked for; past the last one lists are of no use.
    size: Cell<usize>,
    /// The pages of the whole list, once it was seen.
    pages: Cell<Option<u64>>,
    /// How often in a row lists failed in a way that may pass.
    failed: Cell<u32>,
    /// How many orders in a row were issued and listed without their certificate.
    shown_in_part: Cell<u32>,
}

/// So many, and each order is looked at by itself: lists may be down, and orders not.
const FAILED_TOO_OFTEN: u32 = 3;

/// So many, and it is the lists that leave it out: an order may lack it for a moment.
const IN_PART_BY_NATURE: u32 = 10;

impl Lists {
    fn size(&self) -> Option<u64> {
        SIZES.get(self.size.get()).copied()
    }

    fn were_refused(&self) {
        self.size.set(self.size.get().saturating_add(1));
    }

    /// An order was listed without what it has.
    fn left_something_out(&self) {
        self.shown_in_part.set(self.shown_in_part.get().saturating_add(1));
        if self.shown_in_part.get() >= IN_PART_BY_NATURE {
            self.size.set(SIZES.len());
        }
    }
}

/// Orders that no list has shown as they are, with their common names where those are known.
type Unseen = Ordered<String, (Option<String>, Shown)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Not,
    /// By a list that leaves out a part of each order.
    InPart,
}

/// Makes the looks of a round, and leaves what came of each.
pub(super) async fn run(client: &Client, kind: Kind, round: &Round) {
    let mut unseen = Unseen::new();
    for (id, look) in round.borrow().iter() {
        unseen.insert(id.clone(), (look.name.clone(), Shown::Not));
    }
    let lists = &client.looks.lists;
    while kind.subject == Subject::Order
        && unseen.len() > 1
        && let Some(size) = lists.size()
    {
        match look_through(client, kind.call, size, &mut unseen, round).await {
            Ok(()) => {
                lists.failed.set(0);
                break;
            }
            Err(error) if is_about_the_list(&error) => lists.were_refused(),
            Err(error) => {
                lists.failed.set(lists.failed.get().saturating_add(1));
                if lists.failed.get() >= FAILED_TOO_OFTEN {
                    break;
                }
                return all_failed(&mut unseen, round, &error);
            }
        }
    }
    while let Some((id, (_, shown))) = unseen.pop_first() {
        let outcome = client.call(request(kind.subject, &id), kind.call).await;
        let outcome = outcome.map(|reply| reply.body);
        if let Err(error) = &outcome
            && lists.failed.get() >= FAILED_TOO_OFTEN
            && !is_final(error, true)
        {
            // It is not the lists alone.
            all_failed(&mut unseen, round, error);
        }
        // The order has more than the list showed of it.
        if shown == Shown::InPart
            && let Ok(order) = &outcome
            && order.order().end_entity_cert().is_some()
        {
            lists.left_something_out();
        }
        took(round, &id, outcome);
    }
}

fn all_failed(unseen: &mut Unseen, round: &Round, error: &Error) {
    while let Some((id, _)) = unseen.pop_first() {
        took(round, &id, Err(error.clone()));
    }
}

fn took(round: &Round, id: &str, outcome: Result<BodyRef, Error>) {
    if let Some(look) = round.borrow_mut().get_mut(id) {
        look.outcome = Some(outcome);
    }
}

fn request(subject: Subject, id: &str) -> Result<api::Request, Error> {
    let operation = match subject {
        Subject::Order => "orders.get",
        Subject::Organization => "organizations.get",
    };
    Ok(endpoint(operation)?.request(Arguments::of_id(id))?)
}

/// Whether a failure says something of the list and nothing of what is in it.
fn is_about_the_list(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::Api(refusal) => is_lasting(refusal.status) && refusal.status != 401,
        _ => error.code == ErrorCode::ReplyTooLarge,
    }
}

/// Goes through lists until each order was seen, or until a look at each of the rest takes fewer calls.
async fn look_through(
    client: &Client,
    call: CallOptions,
    size: u64,
    unseen: &mut Unseen,
    round: &Round,
) -> Result<(), Error> {
    for filter in filters(client, unseen) {
        let is_whole = filter.is_empty();
        let mut filter = filter;
        filter.insert("size".into(), size.into());
        let mut pager = list_orders(client, filter, call)?;
        while !unseen.is_empty() {
            let Some(page) = pager.next().await? else { break };
            for order in page.items() {
                let facts = order.order();
                let id = facts.id.as_deref().unwrap_or_default().to_ascii_lowercase();
                let Some((name, shown)) = unseen.get_mut(&id) else {
                    continue;
                };
                if lacks_something(&facts, name.is_some()) {
                    *shown = Shown::InPart;
                } else {
                    if facts.is_issued() {
                        client.looks.lists.shown_in_part.set(0);
                    }
                    unseen.remove(&id);
                    took(round, &id, Ok(order));
                }
            }
            if is_whole {
                client.looks.lists.pages.set(Some(page.info.total_pages));
            }
            let pages_left = page.info.total_pages.saturating_sub(page.info.number.saturating_add(1));
            if u64::try_from(unseen.len()).is_ok_and(|unseen| unseen < pages_left) {
                break;
            }
        }
    }
    Ok(())
}

/// Whether a list shows less of an order than the order itself does.
fn lacks_something(facts: &OrderFacts, has_shown_its_name: bool) -> bool {
    let has_name = facts.cert.as_ref().is_some_and(|cert| cert.common_name.is_some());
    facts.status.is_none()
        || (facts.status == Some(OrderStatus::Issued) && !facts.is_issued())
        || (has_shown_its_name && !has_name)
}

/// The lists to go through: by the orders' names, where all are known and that takes fewer calls than the whole list. An
/// order has no name as long as its `cert` is null.
fn filters(client: &Client, unseen: &Unseen) -> Vec<Map<String, Value>> {
    let mut names = Ordered::new();
    for (name, _) in unseen.values() {
        let Some(name) = name else { return vec![Map::new()] };
        names.insert(name.clone(), ());
    }
    let mut chunks: Vec<Vec<String>> = Vec::new();
    let mut room = 0;
    while let Some((name, ())) = names.pop_first() {
        let length = name.len().saturating_add(1);
        if length > room || chunks.is_empty() {
            chunks.push(Vec::new());
            room = NAMES_AT_ONCE;
        }
        room = room.saturating_sub(length);
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(name);
        }
    }
    let pages = client.looks.lists.pages.get();
    let calls = u64::try_from(chunks.len()).unwrap_or(u64::MAX);
    if chunks.is_empty() || pages.is_some_and(|pages| pages < calls) {
        return vec![Map::new()];
    }
    chunks.iter().map(|chunk| named(chunk)).collect()
}
