//! The rate limit.

use client::{Error, options::Whole};
use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::{JsClient, call_options, dto::out, given, host::number, millis};
use crate::convert::set;

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// What the limiter is doing.
    #[wasm_bindgen(js_name = rateLimit)]
    pub fn rate_limit(&self) -> JsValue {
        let state = self.limiter.state();
        let slots = |slots: u32| {
            if slots == u32::MAX {
                f64::INFINITY
            } else {
                f64::from(slots)
            }
        };
        let object = Object::new().into();
        set(&object, "inFlight", &JsValue::from(state.in_flight));
        set(&object, "queued", &JsValue::from(state.queued));
        set(&object, "throttled", &JsValue::from_f64(number(state.throttled)));
        for (name, count) in [
            ("limit", slots(state.limit)),
            ("used", slots(state.used)),
            ("remaining", slots(state.remaining)),
            ("nextSlotInMs", millis(state.next_slot_in)),
            ("pausedForMs", millis(state.paused_for)),
        ] {
            // JSON has no infinity.
            set(&object, name, &JsValue::from_f64(count));
        }
        object
    }

    /// How long so many calls would take now, in milliseconds.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn estimate(&self, count: &JsValue, options: &JsValue) -> Result<f64, JsValue> {
        let count: Result<Whole<0>, Error> = given::argument("n", count);
        let (count, options) = (out(count)?, out(call_options(options))?);
        let priority = options.priority.unwrap_or_default();
        Ok(millis(self.limiter.estimate(count.0.into(), priority, options.lane)))
    }

    /// Sends nothing for so many milliseconds, or until `resume`.
    pub fn pause(&self, for_millis: Option<f64>) {
        let span = for_millis.filter(|millis| millis.is_finite());
        self.limiter.pause(span.map(client::options::span));
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.limiter.resume();
    }
}
