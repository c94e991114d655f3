//! A look at the service's orders: whether the one to create is among them.

use core::time::Duration;

use api::{
    BodyRef,
    facts::{Date, OrderFacts, OrderStatus},
    request::only,
};
use serde_json::{Map, Value};

use super::{
    OnceOptions,
    wanted::{Verdict, Wanted},
};
use crate::{
    client::Client,
    error::{Difference, Error, ErrorCode, ErrorKind},
    lists::{Page, Pager},
    options::CallOptions,
    ordered::Ordered,
    orders::{get_order, list_orders, named},
    platform::Boxed,
};

/// An order that has not shown its certificate for so long is not a fresh one, in seconds.
const FRESH: f64 = 3600.0;

/// What a look at the service's orders found.
pub(super) enum Found {
    Same(BodyRef),
    Differs(BodyRef, Vec<Difference>),
    /// Nothing, and whether one of them may be it.
    Nothing {
        unclear: Vec<String>,
    },
}

impl Client {
    /// Looks at all orders of the name, at those under way, for the service may not know the name of a fresh one yet, and at
    /// the newest ones.
    pub(super) async fn look(
        &self,
        wanted: &Wanted,
        known: Option<&str>,
        suspect: bool,
        options: &OnceOptions,
    ) -> Result<Found, Error> {
        // Replies show it: it is not asked for before the first.
        let now = || Duration::from_millis(self.service_time()).as_secs_f64();
        let mut seen = Ordered::new();
        let mut takes_filters = true;
        if let Some(name) = &wanted.common_name {
            let of_name = named(core::slice::from_ref(name));
            takes_filters = self.note_orders(of_name, wanted, options, &|_| true, &mut seen).await?;
        }
        let is_fresh = |order: &OrderFacts| !is_stale(wanted, order, now());
        if takes_filters {
            let fresh = only("statuses", OrderStatus::under_way().collect::<Vec<_>>());
            takes_filters = self.note_orders(fresh, wanted, options, &is_fresh, &mut seen).await?;
        }
        if !takes_filters {
            self.note_orders(Map::new(), wanted, options, &|_| true, &mut seen)
                .await?;
        } else if suspect || self.newest.may_hide(now()) {
            self.note_newest(wanted, options, now(), &mut seen).await?;
        }
        if let Some(id) = known.filter(|id| !seen.contains(*id))
            && let Some(order) = self.shown(id, options.call).await?
        {
            seen.insert(id.to_owned(), (order, true));
        }
        let now = now();
        let facts_of = |id: &str| seen.get(id).map(|(order, _)| order.order());
        let replaced = wanted.marker.replaces.as_deref().and_then(facts_of);
        let replaced = replaced.and_then(|order| order.created());
        let (mut unclear, mut other) = (Vec::new(), None);
        // One that the service has accepted, and shows nowhere, is there all the same.
        unclear.extend(known.filter(|id| !seen.contains(*id)).map(str::to_owned));
        while let Some((id, (mut order, is_whole))) = seen.pop_first() {
            let mut verdict = wanted.is(&order.order(), known, replaced, now);
            if !is_whole && matches!(verdict, Verdict::Unclear | Verdict::Differs(_) | Verdict::Same) {
                // A list may show less than the order itself.
                if let Some(shown) = self.shown(&id, options.call).await? {
                    let facts = shown_alone(&shown);
                    verdict = wanted.is(&facts, known, replaced, now);
                    // No filter has vouched for it.
                    if verdict == Verdict::Unclear && !takes_filters && is_stale(wanted, &facts, now) {
                        verdict = Verdict::Other;
                    }
                    order = shown;
                }
            }
            match verdict {
                Verdict::Same => return Ok(Found::Same(order)),
                Verdict::Differs(differences) => other = Some((order, differences)),
                Verdict::Unclear => unclear.push(id),
                Verdict::Other => {}
            }
        }
        Ok(match other {
            Some((order, differences)) => Found::Differs(order, differences),
            None => Found::Nothing { unclear },
        })
    }

    /// Notes the newest orders that no filter asks for, because nobody has seen their status yet: down to those that are not
    /// fresh. Of a service that does not sort all are looked through, for the newest may be the last.
    async fn note_newest(
        &self,
        wanted: &Wanted,
        options: &OnceOptions,
        now: f64,
        seen: &mut Orders,
    ) -> Result<(), Error> {
        let mut list = self.listed(only("sort", "dateCreated,desc"), options.call).await?;
        if list.is_none() {
            list = self.listed(Map::new(), options.call).await?;
        }
        let mut oldest = f64::INFINITY;
        let (mut is_sorted, mut is_past) = (true, false);
        while let Some((pager, page)) = &mut list
            && let Some(newer) = page.take()
        {
            refuse_unnamed(&newer, options)?;
            for order in newer.items() {
                let facts = order.order();
                let is_unfiltered = matches!(facts.status, None | Some(OrderStatus::Other(_)));
                if is_unfiltered {
                    self.newest.has_unfiltered();
                }
                let created = facts.created();
                is_sorted &= created.is_some_and(|created| created <= oldest);
                oldest = created.unwrap_or(oldest);
                is_past = is_old(&facts, now);
                if (is_unfiltered || wanted.is_marked_on(&facts)) && !is_stale(wanted, &facts, now) {
                    note(order, &facts, wanted, seen);
                }
            }
            if is_sorted && is_past {
                break;
            }
            *page = pager.next().await?;
        }
        self.newest.seen(now);
        Ok(())
    }

    /// Notes the orders of a list that count; says whether the service takes what it is asked by.
    fn note_orders<'a>(
        &'a self,
        query: Map<String, Value>,
        wanted: &'a Wanted,
        options: &'a OnceOptions,
        counts: &'a dyn Fn(&OrderFacts) -> bool,
        seen: &'a mut Orders,
    ) -> Boxed<'a, Result<bool, Error>> {
        Box::pin(async move {
            let Some((mut pager, mut page)) = self.listed(query, options.call).await? else {
                return Ok(false);
            };
            while let Some(orders) = page {
                refuse_unnamed(&orders, options)?;
                for order in orders.items() {
                    let facts = order.order();
                    if counts(&facts) {
                        note(order, &facts, wanted, seen);
                    }
                }
                page = pager.next().await?;
            }
            Ok(true)
        })
    }

    /// A list and its first page; nothing where the service does not take what it is asked by. Of all orders nothing where it has
    /// none, and says so with a 404 in its own words: a gateway's is a page.
    fn listed(&self, query: Map<String, Value>, options: CallOptions) -> Boxed<'_, Result<Option<List>, Error>> {
        Box::pin(async move {
            let is_whole = query.is_empty();
            let mut pager = list_orders(self, query, options)?;
            match pager.next().await {
                Err(error) if error.refuses_query() && (!is_whole || error.is_empty_list()) => Ok(None),
                first => Ok(Some((pager, first?))),
            }
        })
    }

    /// An order by itself; nothing where the service does not show it so, or its id is not one that can be asked for.
    pub(in crate::orders) fn shown<'a>(
        &'a self,
        id: &str,
        options: CallOptions,
    ) -> Boxed<'a, Result<Option<BodyRef>, Error>> {
        let asked = self.call(get_order(id), options);
        Box::pin(async move {
            match asked.await {
                Ok(reply) => Ok(Some(reply.body)),
                Err(error) if error.status() == Some(404) || error.code == ErrorCode::Invalid => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}

/// A list with its first page.
type List = (Pager, Option<Page>);

/// The orders that lists showed, by their ids, and whether each showed all that it is compared by.
type Orders = Ordered<String, (BodyRef, bool)>;

/// Notes an order, if it is not there yet.
fn note(order: BodyRef, facts: &OrderFacts, wanted: &Wanted, seen: &mut Orders) {
    if let Some(id) = facts.id.clone().filter(|id| !seen.contains(id)) {
        seen.insert(id, (order, wanted.sees_all_of(facts)));
    }
}

/// An item of a list may be the order, and cannot be asked for.
fn refuse_unnamed(page: &Page, options: &OnceOptions) -> Result<(), Error> {
    let Some(at) = page.unnamed().filter(|_| !options.assume_not_placed) else {
        return Ok(());
    };
    let message = "Nothing was sent: the list of orders has an item without an id, and nobody can tell whether it is the one to \
                   create. Look at the list, and pass `assumeNotPlaced` if it is not.";
    let kind = ErrorKind::Decode {
        status: page.response.status,
        body_text: String::new(),
        path: Some(format!("$.content[{at}].id")),
        may_have_been_applied: false,
    };
    Err(Error::new(ErrorCode::Unreadable, message.to_owned(), kind))
}

/// Whether it has been without a certificate for long, and neither a filter by name nor a marker vouches for it.
fn is_stale(wanted: &Wanted, order: &OrderFacts, now: f64) -> bool {
    order.cert.is_none() && !wanted.is_marked_on(order) && is_old(order, now)
}

/// Whether it was created so long ago that it is not a fresh one.
fn is_old(order: &OrderFacts, now: f64) -> bool {
    let created = order.date_created.as_ref().and_then(Date::latest);
    created.is_some_and(|created| now - created > FRESH)
}

/// What is read of an order that was asked for by itself: what it does not show of its names it does not have.
fn shown_alone(order: &BodyRef) -> OrderFacts {
    let mut facts = order.order();
    if let Some(cert) = facts.cert.as_mut().filter(|cert| cert.common_name.is_some()) {
        cert.dns_names.get_or_insert_default();
    }
    facts
}
