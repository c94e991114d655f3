//! How orders move on by themselves (guide 7.4.2), and how they are made to take another course.
//!
//! ```text
//! CREATED → DIGI_PENDING → DIGI_PROCESSING → DIGI_ISSUED → DIGI_EXPIRED
//! DIGI_ISSUED → REISSUE_REQUEST_PENDING → DIGI_REISSUE_PENDING → DIGI_ISSUED
//! ```
//! An OV or EV order stays pending until its organization is validated. Every order that is valid is issued, unless
//! its common name asks for another [`Fate`].

use uuid::Uuid;

use super::fate::Fate;
use super::validation::is_validated;
use crate::auth::Caller;
use crate::ca::{LeafRequest, Subject};
use crate::clock::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use crate::csr::Csr;
use crate::words::{Status, ValidationType};
use crate::world::{CertRequest, Event, Order, RevokeStatus, Step, WaitingOrder, World};

/// How long an order waits for something that never comes before it expires.
const PATIENCE: u64 = 30 * DAY;

/// A new order sets out.
pub(crate) fn start(world: &mut World, id: Uuid, at: Timestamp) {
    let Some(order) = world.orders.get(id) else { return };
    let request = &order.certificate.request;
    if has_explicit_curve(request) {
        schedule(world, id, Step::Fail, at, 300, 900);
    } else if Fate::of(&request.common_name) == Fate::Failed {
        schedule(world, id, Step::Fail, at, 2 * SECOND, 20 * SECOND);
    } else if Fate::of(&request.common_name) == Fate::Unreceived {
        schedule(world, id, Step::Expire, at, PATIENCE, PATIENCE);
    } else {
        schedule(world, id, Step::Receive, at, 2 * SECOND, 6 * SECOND);
    }
}

/// Somebody makes an order take another course, and what was scheduled for it is void.
pub(crate) fn divert(world: &mut World, id: Uuid, caller: &Caller, status: Status, text: &str) {
    world.change_order(id, caller.now, Some(&caller.username), text, |order| {
        order.status = status;
        order.reissue = None;
        order.course = order.course.saturating_add(1);
    });
}

/// A reissue sets out.
pub(crate) fn start_reissue(
    world: &mut World,
    id: Uuid,
    caller: &Caller,
    request: CertRequest,
    ignores_organization: bool,
) {
    let is_explicit = has_explicit_curve(&request);
    let is_received = Fate::of(&request.common_name) != Fate::ReissueUnreceived;
    divert(
        world,
        id,
        caller,
        Status::ReissueRequestPending,
        "A reissue was requested.",
    );
    if let Some(order) = world.orders.get_mut(id) {
        order.reissue = Some((request, ignores_organization));
    }
    if is_explicit {
        schedule(world, id, Step::FailReissue, caller.now, 300, 900);
    } else if is_received {
        schedule(world, id, Step::ReceiveReissue, caller.now, 2 * SECOND, 6 * SECOND);
    }
}

/// A revocation sets out, and ends a reissue that is under way.
pub(crate) fn start_revocation(world: &mut World, id: Uuid, caller: &Caller) {
    world.change_order(
        id,
        caller.now,
        Some(&caller.username),
        "The revocation was requested.",
        |order| {
            order.certificate.set_revoke_status(RevokeStatus::Pending, caller.now);
            if order.reissue.take().is_some() {
                order.status = Status::Issued;
            }
            order.course = order.course.saturating_add(1);
        },
    );
    schedule(world, id, Step::Revoke, caller.now, 30 * SECOND, 2 * MINUTE);
}

/// The revocation is done, and a later one would find nothing to do.
pub(crate) fn revoke(world: &mut World, id: Uuid, at: Timestamp) {
    world.change_order(id, at, None, "Status changed to DIGI_REVOKED.", |order| {
        order.status = Status::Revoked;
        order.certificate.set_revoke_status(RevokeStatus::Revoked, at);
        order.course = order.course.saturating_add(1);
    });
}

/// The organization of a waiting order was validated; the order continues, unless somebody changed its course since.
pub(super) fn proceed(world: &mut World, waiting: &WaitingOrder, at: Timestamp) {
    let order = world.orders.get(waiting.order);
    if order.is_some_and(|order| order.course == waiting.course) {
        await_validation(world, waiting.order, at, waiting.step);
    }
}

/// An order moves on, unless somebody changed its course since.
pub(super) fn step(world: &mut World, id: Uuid, course: u32, step: Step, at: Timestamp) {
    if world.orders.get(id).is_none_or(|order| order.course != course) {
        return;
    }
    match step {
        Step::Receive => receive(world, id, at),
        Step::Approve => {
            set_status(world, id, Status::Pending, at);
            await_validation(world, id, at, Step::Process);
        }
        Step::Process => process(world, id, at),
        Step::Issue => issue(world, id, at, Status::Failed),
        Step::Deliver => world.change_order(id, at, None, "The certificate is available.", |order| {
            order.certificate.deliver(at);
        }),
        Step::Reject => set_status(world, id, Status::Rejected, at),
        Step::Fail => set_status(world, id, Status::Failed, at),
        Step::Expire => set_status(world, id, Status::Expired, at),
        Step::ReceiveReissue => receive_reissue(world, id, at),
        Step::IssueReissue => issue(world, id, at, Status::ReissueFailed),
        Step::FailReissue => fail_reissue(world, id, at),
        Step::Revoke => revoke(world, id, at),
    }
}

/// The provider has the order.
fn receive(world: &mut World, id: Uuid, at: Timestamp) {
    let provider_id = world.next_provider_id();
    let Some(order) = world.orders.get_mut(id) else { return };
    order.provider_id = Some(provider_id);
    let fate = Fate::of(&order.certificate.request.common_name);
    let status = match fate {
        Fate::NeedsApproval => Status::NeedsApproval,
        Fate::NeedsCsr => Status::NeedsCsr,
        Fate::WaitingPickup => Status::WaitingPickup,
        _ => Status::Pending,
    };
    set_status(world, id, status, at);
    match fate {
        Fate::NeedsApproval => schedule(world, id, Step::Approve, at, 20 * HOUR, 28 * HOUR),
        Fate::Rejected => schedule(world, id, Step::Reject, at, MINUTE, 5 * MINUTE),
        Fate::NeedsCsr | Fate::WaitingPickup | Fate::Never => schedule(world, id, Step::Expire, at, PATIENCE, PATIENCE),
        _ => await_validation(world, id, at, Step::Process),
    }
}

/// All that was missing is there.
fn process(world: &mut World, id: Uuid, at: Timestamp) {
    let Some(order) = world.orders.get(id) else { return };
    let is_slow = Fate::of(&order.certificate.request.common_name) == Fate::Slow;
    if order.cert_type.validation() == ValidationType::Ev {
        world.change_order(id, at, None, "The EV approver approved the order.", |_| ());
    }
    set_status(world, id, Status::Processing, at);
    let (low, high) = if is_slow {
        (DAY, DAY)
    } else {
        (10 * SECOND, 40 * SECOND)
    };
    schedule(world, id, Step::Issue, at, low, high);
}

/// The provider has the reissue.
fn receive_reissue(world: &mut World, id: Uuid, at: Timestamp) {
    let Some(order) = world.orders.get(id) else { return };
    match Fate::of(&order.certificate.request.common_name) {
        Fate::ReissueStuck => set_status(world, id, Status::ReissuePending, at),
        Fate::ReissueFailed => {
            set_status(world, id, Status::DigiReissuePending, at);
            schedule(world, id, Step::FailReissue, at, MINUTE, 5 * MINUTE);
        }
        Fate::Slow => {
            set_status(world, id, Status::DigiReissuePending, at);
            schedule(world, id, Step::IssueReissue, at, DAY, DAY);
        }
        _ => {
            set_status(world, id, Status::DigiReissuePending, at);
            await_validation(world, id, at, Step::IssueReissue);
        }
    }
}

/// Schedules the step if the organization is validated, else leaves the order with those that wait for it.
fn await_validation(world: &mut World, id: Uuid, at: Timestamp, step: Step) {
    let Some(order) = world.orders.get(id) else { return };
    let (organization, kind, course) = (order.organization, order.cert_type.validation(), order.course);
    let ignores_organization = order.reissue.as_ref().is_some_and(|(_, ignores)| *ignores);
    let Some(organization) = world.organizations.get_mut(organization) else {
        return;
    };
    if !ignores_organization && !is_validated(organization, kind) {
        organization.waiting_orders.push(WaitingOrder {
            order: id,
            course,
            step,
        });
        return;
    }
    let (low, high) = match (kind, step) {
        (ValidationType::Dv, _) => (20 * SECOND, 3 * MINUTE),
        (_, Step::IssueReissue) => (5 * MINUTE, 40 * MINUTE),
        (ValidationType::Ov, _) => (HOUR, 4 * HOUR),
        (ValidationType::Ev, _) => (2 * HOUR, 20 * HOUR),
    };
    schedule(world, id, step, at, low, high);
}

/// The certificate is issued; a moment later it can be had.
fn issue(world: &mut World, id: Uuid, at: Timestamp, status_on_failure: Status) {
    let Some(order) = world.orders.get_mut(id) else { return };
    let request = order
        .reissue
        .take()
        .map_or_else(|| order.certificate.request.clone(), |(request, _)| request);
    let Some(organization) = world.organizations.get(order.organization) else {
        return;
    };
    let subject = Subject {
        country: organization.details.country.clone(),
        state: organization.details.state.clone(),
        locality: organization.details.city.clone(),
        organization: organization.details.name.clone(),
        common_name: request.common_name.clone(),
    };
    let validation = order.cert_type.validation();
    let leaf = Csr::parse(&request.csr).ok().and_then(|csr| {
        let leaf_request = LeafRequest {
            csr: &csr,
            subject,
            dns_names: &request.dns_names,
            validation,
        };
        world.ca.issue(&leaf_request, at).ok()
    });
    let Some(leaf) = leaf else {
        set_status(world, id, status_on_failure, at);
        return;
    };
    let provider_id = world.next_provider_id();
    world
        .schedule
        .add(leaf.not_after.plus(SECOND), Event::CertificateEnds { order: id });
    set_status(world, id, Status::Issued, at);
    if let Some(order) = world.orders.get_mut(id) {
        order.certificate.issue(request, provider_id, leaf, at);
    }
    schedule(world, id, Step::Deliver, at, 2 * SECOND, 5 * SECOND);
}

fn fail_reissue(world: &mut World, id: Uuid, at: Timestamp) {
    set_status(world, id, Status::ReissueFailed, at);
    if let Some(order) = world.orders.get_mut(id) {
        order.reissue = None;
    }
}

/// The last moment of a certificate has passed.
pub(super) fn end_certificate(world: &mut World, id: Uuid, at: Timestamp) {
    let has_ended = |order: &Order| order.certificate.valid_until().is_some_and(|until| until < at);
    if world
        .orders
        .get(id)
        .is_some_and(|order| has_ended(order) && !order.status.has_ended())
    {
        set_status(world, id, Status::Expired, at);
        if let Some(order) = world.orders.get_mut(id) {
            order.course = order.course.saturating_add(1);
        }
    }
}

fn set_status(world: &mut World, id: Uuid, status: Status, at: Timestamp) {
    let text = format!("Status changed to {}.", status.text());
    world.change_order(id, at, None, &text, |order| order.status = status);
}

/// Schedules a step of the order's present course, at a delay from the seed.
fn schedule(world: &mut World, id: Uuid, step: Step, at: Timestamp, low: u64, high: u64) {
    let Some(course) = world.orders.get(id).map(|order| order.course) else {
        return;
    };
    let delay = world.delays.between(low, high);
    world.schedule.add(
        at.plus(delay),
        Event::Order {
            order: id,
            course,
            step,
        },
    );
}

fn has_explicit_curve(request: &CertRequest) -> bool {
    Csr::parse(&request.csr).is_ok_and(|csr| csr.has_explicit_curve())
}
