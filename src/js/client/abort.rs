//! The caller's signal as a future. The host keeps one listener for each signal, however many calls it is given to.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::hub::Hub;
use crate::convert::get;

/// Ready when the signal in a call's options is aborted; never, when there is none.
pub(super) async fn aborted(hub: Rc<Hub>, options: Option<JsValue>) {
    let signal = options.map_or(JsValue::UNDEFINED, |options| get(&options, "signal"));
    if !signal.is_object() {
        return core::future::pending().await;
    }
    let task = hub.task();
    hub.host.listen(task.id, &signal);
    task.await;
}
