//! The caller's signal as a future. The host keeps one listener for each signal, however many calls it is given to.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::hub::Hub;
use crate::convert::get;

/// Ready when the signal in a call's options is aborted; never, when there is none.
pub(super) async fn aborted(hub: Rc<Hub>, options: Option<JsValue>) {
    let signal = options.map(|options| get(&options, "signal"));
    let Some(signal) = signal.filter(JsValue::is_object) else {
        return core::future::pending().await;
    };
    let task = hub.task();
    hub.host.listen(task.id, &signal);
    task.await;
}
