//! What will happen, and when. Nothing runs in between: the next look at the world lets all happen that is due.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::words::ValidationType;

/// Something that the service or its provider will do by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The check of an organization ends; void if it was started again since.
    Validate {
        organization: Uuid,
        kind: ValidationType,
        round: u32,
    },
    /// A validation is thirteen months old; void likewise.
    Lapse {
        organization: Uuid,
        kind: ValidationType,
        round: u32,
    },
    /// An order moves on; void if somebody changed its course since.
    Order { order: Uuid, course: u32, step: Step },
    /// A certificate ends, unless a later one took its place.
    CertificateEnds { order: Uuid },
}

/// How an order moves on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Receive,
    Approve,
    Process,
    Issue,
    Deliver,
    Reject,
    Fail,
    Expire,
    ReceiveReissue,
    IssueReissue,
    FailReissue,
    Revoke,
}

/// Events by time; those of the same time in the order of their scheduling.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    events: BTreeMap<(Timestamp, u64), Event>,
    scheduled: u64,
}

impl Schedule {
    pub(crate) fn add(&mut self, at: Timestamp, event: Event) {
        self.events.insert((at, self.scheduled), event);
        self.scheduled = self.scheduled.saturating_add(1);
    }

    /// Takes the first event that is due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        let first = self.events.first_entry()?;
        let (at, _) = *first.key();
        if at > now {
            return None;
        }
        Some((at, first.remove()))
    }

    /// When the next event is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }
}
