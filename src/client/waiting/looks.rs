//! Where the looks of one client's waits meet: a round of calls looks at all that is due or will be soon, so that two
//! hundred watches take the calls of a few lists.

use core::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::Poll,
    time::Duration,
};
use std::rc::Rc;

use api::BodyRef;
use futures_channel::oneshot;
use futures_util::{
    FutureExt,
    future::{Either, Shared, WeakShared, select},
};

use super::round::{self, Kind, Look, Round};
use crate::{
    client::Client,
    error::Error,
    ordered::{Ordered, Place},
    platform::{Instant, LocalFuture},
};

/// A round under way: whoever waits for it drives it, and it ends when nobody does.
type Flight = Shared<LocalFuture<Result<(), Error>>>;

/// A round, and its looks.
#[derive(Clone)]
pub(super) struct Shown {
    looks: Round,
    flight: Flight,
}

impl Shown {
    /// What came of a look.
    pub(super) fn outcome(&self, id: &str) -> Option<Result<BodyRef, Error>> {
        self.looks.borrow().get(id)?.outcome.clone()
    }
}

/// A round that others may join, for it has not begun.
struct Gathering {
    kind: Kind,
    looks: Round,
    /// It is dropped when nobody waits for it.
    flight: WeakShared<LocalFuture<Result<(), Error>>>,
}

/// The looks of one client.
#[derive(Default)]
pub(crate) struct Looks {
    gathering: RefCell<Vec<Gathering>>,
    /// Waits that pause.
    resting: RefCell<Ordered<Place, Resting>>,
    last: Cell<u64>,
    pub(super) lists: round::Lists,
}

/// A wait that pauses, and may be called to an earlier round.
struct Resting {
    kind: Kind,
    wanted: Vec<(String, Option<String>)>,
    /// Not before this.
    from: Instant,
    call: oneshot::Sender<Shown>,
}

impl Looks {
    /// Looks at these after a pause, or earlier with others in the last third of it.
    pub(super) fn look(
        client: Client,
        kind: Kind,
        wanted: Vec<(String, Option<String>)>,
        pause: Duration,
    ) -> LocalFuture<Shown> {
        Box::pin(async move {
            let looks = Rc::clone(&client.looks);
            let called = if pause.is_zero() {
                None
            } else {
                looks.rest(&client, kind, &wanted, pause).await
            };
            let shown = called.unwrap_or_else(|| looks.join(client, kind, wanted));
            // What came of each look is in the round.
            let _ = shown.flight.clone().await;
            shown
        })
    }

    /// Pauses, unless a round calls before.
    async fn rest(
        &self,
        client: &Client,
        kind: Kind,
        wanted: &[(String, Option<String>)],
        pause: Duration,
    ) -> Option<Shown> {
        let (call, called) = oneshot::channel();
        let early = pause.checked_div(3).unwrap_or_default();
        let resting = Resting {
            kind,
            wanted: wanted.to_vec(),
            from: client.platform.now().after(pause.saturating_sub(early)),
            call,
        };
        let rest = Rest::new(self, resting);
        let called = match select(called, client.platform.sleep(pause)).await {
            Either::Left((called, _)) => called.ok(),
            Either::Right(_) => None,
        };
        drop(rest);
        called
    }

    /// Joins the round that has not begun yet, or makes one.
    fn join(self: Rc<Self>, client: Client, kind: Kind, wanted: Vec<(String, Option<String>)>) -> Shown {
        let mut gathering = self.gathering.borrow_mut();
        gathering.retain(|round| round.flight.upgrade().is_some());
        let open = gathering.iter().find(|round| round.kind == kind);
        if let Some((round, flight)) = open.and_then(|round| Some((round, round.flight.upgrade()?))) {
            add(&round.looks, wanted);
            let looks = Rc::clone(&round.looks);
            return Shown { looks, flight };
        }
        let looks = Round::default();
        add(&looks, wanted);
        let (hub, own) = (Rc::clone(&self), Rc::clone(&looks));
        let flight = async move {
            once_others_had_a_turn().await;
            hub.begin(&own, client.platform.now());
            round::run(&client, kind, &own).await;
            Ok(())
        };
        let flight = flight.boxed_local().shared();
        let round = |flight| Gathering {
            kind,
            looks: Rc::clone(&looks),
            flight,
        };
        gathering.extend(flight.downgrade().map(round));
        Shown { looks, flight }
    }

    /// Closes a round to those who come later, and calls those who would be due soon.
    fn begin(&self, looks: &Round, now: Instant) {
        let mut gathering = self.gathering.borrow_mut();
        let Some(at) = gathering.iter().position(|round| Rc::ptr_eq(&round.looks, looks)) else {
            return;
        };
        let Gathering { kind, flight, .. } = gathering.swap_remove(at);
        let Some(flight) = flight.upgrade() else { return };
        let mut resting = self.resting.borrow_mut();
        let due = |resting: &Resting| resting.kind == kind && resting.from <= now;
        let due: Vec<Place> = resting
            .iter()
            .filter(|(_, wait)| due(wait))
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let Some(wait) = resting.remove(&id) else { continue };
            let (looks, flight) = (Rc::clone(looks), flight.clone());
            // One that has just been given up needs no look.
            if wait
                .call
                .send(Shown {
                    looks: Rc::clone(&looks),
                    flight,
                })
                .is_ok()
            {
                add(&looks, wait.wanted);
            }
        }
    }
}

fn add(looks: &Round, wanted: Vec<(String, Option<String>)>) {
    let mut looks = looks.borrow_mut();
    for (id, name) in wanted {
        if let Some(look) = looks.get_mut(&id) {
            look.name = look.name.take().or(name);
        } else {
            looks.insert(id, Look { name, outcome: None });
        }
    }
}

/// Waits that begin at the same moment share a round.
async fn once_others_had_a_turn() {
    let mut had_a_turn = false;
    poll_fn(move |context| {
        if core::mem::replace(&mut had_a_turn, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The place of a wait among those that pause.
struct Rest<'a> {
    looks: &'a Looks,
    id: u64,
}

impl<'a> Rest<'a> {
    fn new(looks: &'a Looks, resting: Resting) -> Self {
        let id = looks.last.get().wrapping_add(1);
        looks.last.set(id);
        looks.resting.borrow_mut().insert((id, 0), resting);
        Self { looks, id }
    }
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        self.looks.resting.borrow_mut().remove(&(self.id, 0));
    }
}
