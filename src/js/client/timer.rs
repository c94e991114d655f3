//! Sleeping, with `setTimeout`.

use core::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The longest delay that `setTimeout` takes; a longer one would end at once.
const LONGEST: Duration = Duration::from_millis(0x7fff_ffff);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &Function, millis: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}

/// A timer under way; dropping it clears it, so that nothing is left that could keep a process alive.
struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        let _ = clear_timeout(&self.0);
    }
}

/// Ready after the span.
pub(super) async fn sleep(span: Duration) {
    let mut left = span;
    loop {
        let now = left.min(LONGEST);
        let mut timer = Timer(JsValue::UNDEFINED);
        let promise = Promise::new(&mut |resolve, _reject| {
            // A fraction is cut off by setTimeout, and ending early is what a limiter must not do.
            match set_timeout(&resolve, (now.as_secs_f64() * 1000.0).ceil()) {
                Ok(id) => timer.0 = id,
                Err(_) => drop(resolve.call0(&JsValue::UNDEFINED)),
            }
        });
        // The promise is never rejected.
        let _ = JsFuture::from(promise).await;
        left = left.saturating_sub(now);
        if left.is_zero() {
            return;
        }
    }
}
