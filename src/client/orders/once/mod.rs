//! Changes that are made once: orders, each of which costs money, and whatever the caller gave a name (`onceId`).
//!
//! Three things keep an order from being placed twice, each for what the others cannot see: the *record* in the store,
//! written before the send; the *marker* in the order's comments; the *comparison* with all orders of the name and with
//! those under way. Where they leave a doubt the outcome is unknown, and unknown is never turned into a second order.

mod call;
mod journal;
mod lock;
mod look;
mod wanted;

use core::{
    cell::{Cell, RefCell},
    time::Duration,
};
use std::rc::Rc;

use api::{Arguments, BodyRef, dates::seconds_since_1970, facts::OrderFacts, json};
use futures_util::future::{Either, select};
use serde_json::Value;

use self::{
    journal::{Journal, key_of_id, key_of_order},
    lock::NameLock,
    look::Found,
    wanted::Wanted,
};
use crate::{
    client::{Client, endpoint},
    error::{Difference, Error, ErrorCode, ErrorKind, TimeoutPhase},
    exchange::Trace,
    options::{CallOptions, OnceSettings},
};

/// Between two looks at what is not clear yet: `cert` is null early on, for some seconds, and what a lost request made may
/// show late.
const PAUSES: [u64; 7] = [1, 2, 4, 8, 15, 15, 15];
/// As often is looked where there is nothing that may be it.
const LOOKS_FOR_NOTHING: usize = 4;

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
            same: settings.same.map_or(defaults.same, |same| same.0),
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
#[derive(Default)]
struct Progress {
    /// What it waits for, and whether it may be there.
    stage: Cell<(TimeoutPhase, bool)>,
    /// As long as the order is sent: how far that is.
    sending: RefCell<Option<Rc<Trace>>>,
    /// Which order may be it.
    may_be: RefCell<Option<String>>,
    /// The order, once the service has accepted it.
    made: RefCell<Option<BodyRef>>,
}

impl Progress {
    /// What it waits for, and whether it may be there.
    fn stage(&self) -> (TimeoutPhase, bool) {
        let sending = self.sending.borrow();
        let of = |trace: &Rc<Trace>| (trace.phase.get(), trace.may_be_made());
        sending.as_ref().map_or(self.stage.get(), of)
    }

    /// It looks whether the order is there, which may be: as this one, or as one that it is suspected to have sent.
    fn doubts(&self, suspect: bool, order: Option<&str>) {
        self.stage.set((TimeoutPhase::Backoff, suspect || order.is_some()));
        self.may_be.replace(order.map(str::to_owned));
    }
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
                let (phase, may_be_there) = progress.stage();
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
        let lock = NameLock::of(self, &place, name).await?;
        stage.set((TimeoutPhase::Queue, false));
        let of = wanted.digest();
        let id = options.once_id.as_ref().map(|id| key_of_id(&place, id));
        let keys = id.into_iter().chain([key_of_order(&place, of)]).collect();
        let journal = Journal::read(self, of.to_owned(), keys, Some(lock)).await?;
        let (known, suspect) = (journal.known(), journal.is_sent());
        progress.doubts(suspect, known);
        if let Some(order) = self.settled(&wanted, known, suspect, &options, progress).await? {
            journal.done(order.id().id).await;
            return Ok(Once { order, placed: false });
        }
        if !journal.begin().await? && !options.assume_not_placed {
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
        progress.sending.replace(Some(Rc::clone(&journal.trace)));
        let sent = self.call_traced(request, options.call, Rc::clone(&journal.trace)).await;
        progress.sending.take();
        let error = match sent {
            Ok(reply) => {
                let id = reply.body.id().id;
                if id.is_some() {
                    progress.made.replace(Some(Rc::clone(&reply.body)));
                    journal.done(id).await;
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
                journal.undo().await;
                return Err(error);
            }
        };
        stage.set((TimeoutPhase::Backoff, true));
        match self.settled(&wanted, None, true, &options, progress).await {
            Ok(Some(order)) => {
                journal.done(order.id().id).await;
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
            let unclear = match self.look(wanted, known, suspect, options).await? {
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

fn unknown(why: &str) -> Error {
    Error::new(
        ErrorCode::OutcomeUnknown,
        format!("Nobody can tell whether it is done: {why}. Look for it before you send it under another name."),
        ErrorKind::Unknown,
    )
}

fn in_doubt(unclear: &[String]) -> Error {
    let Some(id) = unclear.first() else {
        return unknown("it may have been sent before, and is not among the orders");
    };
    let message = format!(
        "The order {id} may be the one to create, and does not show enough for anybody to tell: look at it, and pass \
         `assumeNotPlaced` if it is another."
    );
    Error::new(ErrorCode::OrderUnclear, message, ErrorKind::Unknown)
}
