//! The caller's signal as a future, with one listener for as long as a call runs.

use futures_channel::oneshot;
use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::convert::get;

#[wasm_bindgen]
extern "C" {
    /// Anything that looks like an `AbortSignal`: polyfills and signals of other realms are welcome.
    type Signal;
    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn add_event_listener(this: &Signal, name: &str, listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal, name: &str, listener: &Function) -> Result<(), JsValue>;
}

struct Listener {
    signal: Signal,
    callback: Closure<dyn FnMut()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener("abort", self.callback.as_ref().unchecked_ref());
    }
}

/// Ready when the signal in a call's options is aborted; never, when there is none.
pub(super) async fn aborted(options: JsValue) {
    let signal = get(&options, "signal");
    if get(&signal, "aborted").is_truthy() {
        return;
    }
    if !signal.is_object() {
        return core::future::pending().await;
    }
    let (fire, fired) = oneshot::channel();
    let mut fire = Some(fire);
    let callback = Closure::new(move || {
        if let Some(fire) = fire.take() {
            let _ = fire.send(());
        }
    });
    let listener = Listener {
        signal: signal.unchecked_into(),
        callback,
    };
    if listener
        .signal
        .add_event_listener("abort", listener.callback.as_ref().unchecked_ref())
        .is_err()
    {
        return core::future::pending().await;
    }
    let _ = fired.await;
    drop(listener);
}
