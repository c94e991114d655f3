//! Changes that are made once: orders, each of which costs money, and whatever the caller gave a name (`onceId`).
//!
//! Three things keep an order from being placed twice, each for what the others cannot see: the *record* in the store,
//! written before the send; the *marker* in the order's comments; the *comparison* with all orders of the name and with
//! those under way. Where they leave a doubt the outcome is unknown, and unknown is never turned into a second order.

mod csr_key;
mod journal;
mod wanted;

use core::{
    cell::{Cell, RefCell},
    time::Duration,
};
use std::rc::Rc;

use api::{
    Arguments, BodyRef, Form, Request,
    dates::seconds_since_1970,
    facts::{OrderFacts, OrderStatus},
    json,
    marker::digest,
    reply::NoBody,
    request::only,
};
use futures_util::future::{Either, select};
use serde_json::{Map, Value};

use self::{
    journal::{Journal, Record},
    wanted::{Verdict, Wanted},
};
use super::{get_order, list_orders, named};
use crate::{
    client::{Client, endpoint},
    error::{Difference, Error, ErrorCode, ErrorKind, TimeoutPhase},
    events::ResponseInfo,
    exchange::Reply,
    lists::Page,
    options::{CallOptions, OnceSettings},
    ordered::Ordered,
};

/// Between two looks at what is not clear yet: `cert` is null early on, for some seconds, and what a lost request made may
/// show late.
const PAUSES: [u64; 7] = [1, 2, 4, 8, 15, 15, 15];
/// As often is looked where there is nothing that may be it.
const LOOKS_FOR_NOTHING: usize = 4;
/// An order that has not shown its certificate for so long is not a fresh one, in seconds.
const FRESH: f64 = 3600.0;

/// How an order is created once.
#[derive(Clone, Debug, PartialEq)]
pub struct OnceOptions {
    /// As of every call; the total time is that of all together.
    pub call: CallOptions,
    /// The caller's name for it.
    pub once_id: Option<String>,
    /// Create it although one of unknown outcome may be there.
    pub assume_not_placed: bool,
    /// Put a marker into its comments.
    pub marker: bool,
    /// The order that it replaces.
    pub replaces: Option<String>,
    /// Orders created before are not the same, in seconds since 1970.
    pub not_before: Option<f64>,
    /// What an order has to have in common to be the same.
    pub same: Vec<Difference>,
}

impl Default for OnceOptions {
    fn default() -> Self {
        use Difference::{Key, Names, Organization, Replaces, Type};
        Self {
            call: CallOptions::default(),
            once_id: None,
            assume_not_placed: false,
            marker: true,
            replaces: None,
            not_before: None,
            same: vec![Names, Type, Organization, Key, Replaces],
        }
    }
}

impl OnceOptions {
    /// The options that a caller gave.
    #[must_use]
    pub fn of(settings: OnceSettings) -> Self {
        let defaults = Self::default();
        Self {
            call: settings.call(),
            once_id: settings.once_id,
            assume_not_placed: settings.assume_not_placed.unwrap_or_default(),
            marker: settings.marker.unwrap_or(true),
            replaces: settings.replaces,
            not_before: settings.not_before.as_deref().and_then(seconds_since_1970),
            same: settings.same.unwrap_or(defaults.same),
        }
    }
}

/// An order that is there once.
pub struct Once {
    /// The order.
    pub order: BodyRef,
    /// It was created now, and not found.
    pub placed: bool,
}

/// How far an order is.
struct Progress {
    /// What it waits for, and whether it may be there.
    stage: Cell<(TimeoutPhase, bool)>,
    /// Which order may be it.
    may_be: RefCell<Option<String>>,
    /// The order, once the service has accepted it.
    made: RefCell<Option<BodyRef>>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            stage: Cell::new((TimeoutPhase::Queue, false)),
            may_be: RefCell::default(),
            made: RefCell::default(),
        }
    }
}

impl Progress {
    /// It looks whether the order is there, which may be: as this one, or as one that it is suspected to have sent.
    fn doubts(&self, suspect: bool, order: Option<&str>) {
        self.stage.set((TimeoutPhase::Backoff, suspect || order.is_some()));
        self.may_be.replace(order.map(str::to_owned));
    }
}

/// Whether an account has orders whose status no filter asks for, as far as its newest ones showed.
#[derive(Default)]
pub(crate) struct Newest {
    /// When they were looked at, in seconds since 1970.
    seen_at: Cell<Option<f64>>,
    has_unfiltered: Cell<bool>,
}

/// What a look at the service's orders found.
enum Found {
    Same(BodyRef),
    Differs(BodyRef, Vec<Difference>),
    /// Nothing, and whether one of them may be it.
    Nothing {
        unclear: Vec<String>,
    },
}

impl Client {
    /// Creates an order unless it is there, and returns it either way. `body` is the order as JSON text, `order` what of it
    /// is looked at.
    ///
    /// # Errors
    /// As [`Client::call`]; `order_differs`; `outcome_unknown` and `order_unclear` when nobody can tell whether it is there;
    /// `store_failed` and `once_id_taken` before anything is sent.
    pub async fn create_order_once(
        &self,
        order: OrderFacts,
        body: String,
        options: OnceOptions,
    ) -> Result<Once, Error> {
        let total = options.call.total_timeout.or(self.settings().total_timeout);
        let progress = Progress::default();
        let created = core::pin::pin!(self.create_in_turn(order, body, options, &progress));
        let Some(total) = total else {
            return self.redacted(created.await);
        };
        match select(created, self.platform.sleep(total)).await {
            Either::Left((result, _)) => self.redacted(result),
            Either::Right(_) => {
                // Only the store has not remembered it yet.
                if let Some(order) = progress.made.take() {
                    return Ok(Once { order, placed: true });
                }
                let (phase, may_be_there) = progress.stage.get();
                let mut error = Error::timeout("Creating the order once", total, phase, may_be_there);
                if let Some(id) = progress.may_be.take() {
                    error.message = format!("{} The order {id} may be it.", error.message);
                }
                self.redacted(Err(error))
            }
        }
    }

    async fn create_in_turn(
        &self,
        order: OrderFacts,
        body: String,
        options: OnceOptions,
        progress: &Progress,
    ) -> Result<Once, Error> {
        let stage = &progress.stage;
        let wanted = Wanted::of(&order, &options);
        // Two of the same name at a time would both look, and both find nothing. Others are not held up.
        let place = self.place_in_store().await?;
        let name = wanted.common_name.as_deref().unwrap_or_default();
        // What the other creates may well be this.
        stage.set((TimeoutPhase::Turn, true));
        let _turn = self.turn(&place, name).await?;
        stage.set((TimeoutPhase::Queue, false));
        let journals = Journals {
            order: Journal::of_order(self, &place, wanted.digest().to_owned()),
            id: options
                .once_id
                .as_ref()
                .map(|id| Journal::of_id(self, &place, id, wanted.digest().to_owned())),
        };
        let seen = journals.read().await?;
        let suspect = seen.is_sent();
        progress.doubts(suspect, seen.known());
        if let Some(order) = self.settled(&wanted, seen.known(), suspect, &options, progress).await? {
            journals.done(order.id().id).await;
            return Ok(Once { order, placed: false });
        }
        if !journals.begin(&seen).await? && !options.assume_not_placed {
            return Err(unknown("another process has sent it meanwhile"));
        }
        let body = if options.marker { marked(&body, &wanted) } else { body };
        let arguments = Arguments {
            body: Some(body),
            ..Arguments::default()
        };
        let mut request = endpoint("orders.create")?.request(arguments);
        if let Ok(request) = &mut request
            && self.is_proxied()
        {
            request.once_id.clone_from(&options.once_id);
        }
        let request = request.map_err(Error::from);
        stage.set((TimeoutPhase::Response, true));
        let error = match self.call(request, options.call).await {
            Ok(reply) => {
                let id = reply.body.id().id;
                if id.is_some() {
                    progress.made.replace(Some(Rc::clone(&reply.body)));
                    journals.done(id).await;
                    return Ok(Once {
                        order: reply.body,
                        placed: true,
                    });
                }
                unknown("the service accepted the order, and did not say under which id")
            }
            Err(error) if error.may_have_been_applied() => error,
            Err(error) => {
                stage.set((TimeoutPhase::Response, false));
                journals.forget().await;
                return Err(error);
            }
        };
        stage.set((TimeoutPhase::Backoff, true));
        match self.settled(&wanted, None, true, &options, progress).await {
            Ok(Some(order)) => {
                journals.done(order.id().id).await;
                Ok(Once { order, placed: true })
            }
            _ => Err(error),
        }
    }

    /// The order, if it is there. Looks until nothing is unclear, and for a while where it is suspected to be there.
    async fn settled(
        &self,
        wanted: &Wanted,
        known: Option<&str>,
        suspect: bool,
        options: &OnceOptions,
        progress: &Progress,
    ) -> Result<Option<BodyRef>, Error> {
        let mut looks = 0_usize;
        loop {
            let unclear = match self.look(wanted, known, options).await? {
                Found::Same(order) => return Ok(Some(order)),
                Found::Differs(order, differences) => return Err(differs(order, differences)),
                Found::Nothing { unclear } => unclear,
            };
            if (unclear.is_empty() && !suspect) || options.assume_not_placed {
                return Ok(None);
            }
            progress.doubts(suspect, unclear.first().map(String::as_str));
            let is_last = unclear.is_empty() && looks >= LOOKS_FOR_NOTHING;
            match PAUSES.get(looks).filter(|_| !is_last) {
                Some(seconds) => self.platform.sleep(Duration::from_secs(*seconds)).await,
                None => return Err(in_doubt(&unclear)),
            }
            looks = looks.saturating_add(1);
        }
    }

    /// Looks at all orders of the name, and at those under way: the service may not know the name of a fresh one yet.
    async fn look(&self, wanted: &Wanted, known: Option<&str>, options: &OnceOptions) -> Result<Found, Error> {
        let now = Duration::from_millis(self.platform.wall_clock()).as_secs_f64();
        let mut seen = Ordered::new();
        if let Some(name) = &wanted.common_name {
            self.note_orders(
                wanted,
                named(core::slice::from_ref(name)),
                options,
                &|_| true,
                &mut seen,
            )
            .await?;
        }
        let under_way: Vec<&str> = OrderStatus::under_way().collect();
        let fresh = only("statuses", under_way);
        let is_fresh = |order: &OrderFacts| !is_stale(wanted, order, now);
        self.note_orders(wanted, fresh, options, &is_fresh, &mut seen).await?;
        self.note_newest(wanted, options, now, &mut seen).await?;
        if let Some(id) = known.filter(|id| !seen.contains(*id))
            && let Some(order) = self.shown(id, options.call).await?
        {
            seen.insert(id.to_owned(), (order, true));
        }
        let facts_of = |id: &str| seen.get(id).map(|(order, _)| order.order());
        let replaced = wanted.marker.replaces.as_deref().and_then(facts_of);
        let replaced = replaced.and_then(|order| seconds_since_1970(&order.date_created.as_ref()?.0));
        let (mut unclear, mut other) = (Vec::new(), None);
        // One that the service has accepted, and shows nowhere, is there all the same.
        unclear.extend(known.filter(|id| !seen.contains(*id)).map(str::to_owned));
        while let Some((id, (mut order, is_whole))) = seen.pop_first() {
            let mut verdict = wanted.is(&order.order(), known, replaced, now);
            if !is_whole && matches!(verdict, Verdict::Unclear | Verdict::Differs(_) | Verdict::Same) {
                // A list may show less than the order itself.
                if let Some(shown) = self.shown(&id, options.call).await? {
                    verdict = wanted.is(&shown_alone(&shown), known, replaced, now);
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

    /// Notes the newest orders that no filter asks for, because nobody has seen their status yet. Where there is none, it does
    /// not look again for a while. A service that does not sort shows what it shows.
    async fn note_newest(
        &self,
        wanted: &Wanted,
        options: &OnceOptions,
        now: f64,
        seen: &mut Orders,
    ) -> Result<(), Error> {
        let newest = &self.newest;
        if !newest.has_unfiltered.get() && newest.seen_at.get().is_some_and(|at| now - at < FRESH) {
            return Ok(());
        }
        let mut pager = list_orders(self, only("sort", "dateCreated,desc"), options.call)?;
        let mut page = match pager.next().await {
            Err(error) if error.status() == Some(400) => {
                pager = list_orders(self, Map::new(), options.call)?;
                pager.next().await?
            }
            first => first?,
        };
        while let Some(newer) = page {
            let is_hidden = |order: &OrderFacts| {
                let is_unfiltered = matches!(order.status, None | Some(OrderStatus::Other(_)));
                newest.has_unfiltered.set(newest.has_unfiltered.get() || is_unfiltered);
                is_unfiltered || wanted.is_marked_on(order)
            };
            note_page(
                &newer,
                wanted,
                options,
                &|order| is_hidden(order) && !is_stale(wanted, order, now),
                seen,
            )?;
            let oldest = newer.items().last().and_then(|order| created(&order.order()));
            if oldest.is_none_or(|oldest| now - oldest > FRESH) {
                break;
            }
            page = pager.next().await?;
        }
        newest.seen_at.set(Some(now));
        Ok(())
    }

    /// An order by itself; nothing where the service does not show it so, or its id is not one that can be asked for.
    pub(super) async fn shown(&self, id: &str, options: CallOptions) -> Result<Option<BodyRef>, Error> {
        match self.call(get_order(id), options).await {
            Ok(reply) => Ok(Some(reply.body)),
            Err(error) if error.status() == Some(404) || error.code == ErrorCode::Invalid => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Notes the orders of a list that count.
    async fn note_orders(
        &self,
        wanted: &Wanted,
        filter: Map<String, Value>,
        options: &OnceOptions,
        counts: &dyn Fn(&OrderFacts) -> bool,
        seen: &mut Orders,
    ) -> Result<(), Error> {
        let mut pager = list_orders(self, filter, options.call)?;
        while let Some(page) = pager.next().await? {
            note_page(&page, wanted, options, counts, seen)?;
        }
        Ok(())
    }

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
        let journal = Journal::of_id(self, &place, &id, of);
        let seen = self.redacted(journal.read().await)?;
        match &seen {
            Some(Record { done: Some(done), .. }) => {
                return self.done_before(&request, done.id.as_deref(), options).await;
            }
            Some(Record { done: None, .. }) => return Err(unknown("it may have been sent under this `onceId` before")),
            None => {}
        }
        if !self.redacted(journal.begin(None).await)? {
            return Err(unknown("another process has sent it meanwhile"));
        }
        match self.call(Ok(request), options).await {
            Ok(reply) => {
                journal.done(reply.body.id().id).await;
                Ok(reply)
            }
            Err(error) => {
                if !error.may_have_been_applied() {
                    journal.forget().await;
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

/// The orders that lists showed, by their ids, and whether each showed all that it is compared by.
type Orders = Ordered<String, (BodyRef, bool)>;

/// Notes the orders of a page that count.
fn note_page(
    page: &Page,
    wanted: &Wanted,
    options: &OnceOptions,
    counts: &dyn Fn(&OrderFacts) -> bool,
    seen: &mut Orders,
) -> Result<(), Error> {
    if let Some(at) = page.unnamed().filter(|_| !options.assume_not_placed) {
        return Err(unnamed(at, page.response.status));
    }
    for order in page.items() {
        let facts = order.order();
        if let Some(id) = facts.id.clone().filter(|id| counts(&facts) && !seen.contains(id)) {
            seen.insert(id, (order, wanted.sees_all_of(&facts)));
        }
    }
    Ok(())
}

/// Whether it has been without a certificate for long, and neither a filter by name nor a marker vouches for it.
fn is_stale(wanted: &Wanted, order: &OrderFacts, now: f64) -> bool {
    let is_old = || created(order).is_some_and(|created| now - created > FRESH);
    order.cert.is_none() && !wanted.is_marked_on(order) && is_old()
}

/// When an order was created, in seconds since 1970.
fn created(order: &OrderFacts) -> Option<f64> {
    seconds_since_1970(&order.date_created.as_ref()?.0)
}

/// What is read of an order that was asked for by itself: what it does not show of its names it does not have.
fn shown_alone(order: &BodyRef) -> OrderFacts {
    let mut facts = order.order();
    if let Some(cert) = facts.cert.as_mut().filter(|cert| cert.common_name.is_some()) {
        cert.dns_names.get_or_insert_default();
    }
    facts
}

/// The records of one order: by what is ordered, and by the caller's name for it.
struct Journals<'a> {
    order: Journal<'a>,
    id: Option<Journal<'a>>,
}

/// What the records said.
struct Seen {
    order: Option<Record>,
    id: Option<Record>,
}

impl Seen {
    fn records(&self) -> impl Iterator<Item = &Record> {
        self.id.iter().chain(&self.order)
    }

    /// It was sent, and nobody knows what came of it.
    fn is_sent(&self) -> bool {
        self.records().any(|record| record.done.is_none())
    }

    /// The id that the service gave it.
    fn known(&self) -> Option<&str> {
        self.records().find_map(|record| record.done.as_ref()?.id.as_deref())
    }
}

impl Journals<'_> {
    async fn read(&self) -> Result<Seen, Error> {
        let id = match &self.id {
            Some(journal) => journal.read().await?,
            None => None,
        };
        Ok(Seen {
            order: self.order.read().await?,
            id,
        })
    }

    async fn begin(&self, seen: &Seen) -> Result<bool, Error> {
        let begun = match &self.id {
            Some(journal) => journal.begin(seen.id.as_ref()).await?,
            None => true,
        };
        Ok(self.order.begin(seen.order.as_ref()).await? && begun)
    }

    async fn done(&self, id: Option<String>) {
        for journal in self.id.iter().chain([&self.order]) {
            journal.done(id.clone()).await;
        }
    }

    async fn forget(&self) {
        for journal in self.id.iter().chain([&self.order]) {
            journal.forget().await;
        }
    }
}

/// A body with its fields in one order: the same change, however its object was made.
fn in_order(body: Option<&str>) -> String {
    let body = body.unwrap_or_default();
    json::read(body).map_or_else(|_| body.to_owned(), |value| json::write(&value))
}

/// The order with its marker.
fn marked(body: &str, wanted: &Wanted) -> String {
    let Ok(Value::Object(mut order)) = json::read(body) else {
        return body.to_owned();
    };
    let comments = order.get("comments").and_then(Value::as_str).unwrap_or_default();
    let comments = wanted.marker.put_into(comments);
    order.insert("comments".into(), comments.into());
    json::write(&Value::Object(order))
}

fn differs(order: BodyRef, differences: Vec<Difference>) -> Error {
    let name = |difference: &Difference| match difference {
        Difference::Names => "the names",
        Difference::Type => "the type",
        Difference::Organization => "the organization",
        Difference::Key => "the key",
        Difference::Replaces => "what it replaces",
    };
    let names: Vec<&str> = differences.iter().map(name).collect();
    let message = format!(
        "Nothing was sent: the order {} is there, and differs in {}. Reissue or cancel it, or create yours with `create`.",
        order.id().id.unwrap_or_default(),
        names.join(", ")
    );
    Error::new(
        ErrorCode::OrderDiffers,
        message,
        ErrorKind::Differs { order, differences },
    )
}

/// An item of a list may be the order, and cannot be asked for.
fn unnamed(at: usize, status: u16) -> Error {
    Error::new(
        ErrorCode::Unreadable,
        "Nothing was sent: the list of orders has an item without an id, and nobody can tell whether it is the one to create. \
         Look at the list, and pass `assumeNotPlaced` if it is not."
            .to_owned(),
        ErrorKind::Decode {
            status,
            body_text: String::new(),
            path: Some(format!("$.content[{at}].id")),
            may_have_been_applied: false,
        },
    )
}

fn unknown(why: &str) -> Error {
    Error::new(
        ErrorCode::OutcomeUnknown,
        format!("Nobody can tell whether it is done: {why}. Look for it before you send it under another name."),
        ErrorKind::Unknown,
    )
}

fn in_doubt(unclear: &[String]) -> Error {
    let Some(id) = unclear.first() else {
        return unknown("it was sent before, got no reply, and is not among the orders");
    };
    let message = format!(
        "The order {id} may be the one to create, and does not show enough for anybody to tell: look at it, and pass \
         `assumeNotPlaced` if it is another."
    );
    Error::new(ErrorCode::OrderUnclear, message, ErrorKind::Unknown)
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
