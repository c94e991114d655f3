//! What of an order is worth telling to somebody who watches it.

use api::{
    BodyRef,
    facts::{OrderFacts, StatusKind},
};

use super::{CertIdentity, goal::Standing};

/// An order that is watched: each change of its status or its certificate is worth telling, and it has settled when it
/// is issued or has failed.
#[derive(Default)]
pub(super) struct Changes(Option<OrderFacts>);

impl Changes {
    pub(super) fn standing(&mut self, order: &BodyRef) -> Standing {
        let now = order.order();
        let standing = match &self.0 {
            _ if has_settled(&now) => Standing::Reached,
            Some(last) if !has_changed(last, &now) => Standing::Continues,
            _ => Standing::Changed,
        };
        self.0 = Some(now);
        standing
    }
}

fn has_changed(last: &OrderFacts, now: &OrderFacts) -> bool {
    last.status != now.status
        || last.end_entity_cert() != now.end_entity_cert()
        || CertIdentity::of(last) != CertIdentity::of(now)
}

/// Whether nothing more happens by itself: nor does it to an order whose reissue failed, although it has not ended.
fn has_settled(order: &OrderFacts) -> bool {
    let failed = order
        .status
        .as_ref()
        .is_some_and(|status| status.kind() == StatusKind::Failed);
    failed || order.is_issued()
}
