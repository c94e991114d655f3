//! Sleeping.

use core::time::Duration;
use std::rc::Rc;

use super::hub::Hub;

/// The longest delay that `setTimeout` takes; a longer one would end at once.
const LONGEST: Duration = Duration::from_millis(0x7fff_ffff);

/// Ready after the span.
pub(super) async fn sleep(hub: Rc<Hub>, span: Duration) {
    let mut left = span;
    loop {
        let now = left.min(LONGEST);
        let task = hub.task();
        // A fraction is cut off by setTimeout, and ending early is what a limiter must not do.
        hub.host.sleep(task.id, (now.as_secs_f64() * 1000.0).ceil());
        task.await;
        left = left.saturating_sub(now);
        if left.is_zero() {
            return;
        }
    }
}
